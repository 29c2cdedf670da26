"""What Safaricom's Daraja says to the addresses that we give it, read with care: it comes from outside.

Source: the public pages of developer.safaricom.co.ke (C2B register URL v1 and v2, M-Pesa Express, transaction
status, reversal).  Times are Kenya's, three hours ahead of UTC all year.  Amounts come as numbers or text,
telephones whole, masked (2547 ***** 149) or as the hash of one, as the version of the registration has it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.mpesa_code import mpesa_code
from pos_app.payments.provider import Confirmed, Heard, Outcome, Provider, Source

CURRENCY: Final = "KES"
#: Kenya has one time all year.
KENYA: Final = timezone(timedelta(hours=3))
#: No message is longer.
MOST_BYTES: Final = 16_384
#: More than any wallet may hold.
_MOST_MINOR: Final = 10**11
_MOST_TEXT: Final = 120
_CENTS: Final = 100

#: Why an asking came to nothing, by the result codes of M-Pesa Express; any other is `refused`.
REASONS: Final[Mapping[str, str]] = {
    "1": "no-money",
    "1001": "busy",
    "1019": "no-answer",
    "1025": "refused",
    "1032": "cancelled",
    "1037": "no-answer",
    "2001": "wrong-pin",
    "2028": "refused",
}
#: What the query says while the customer still types.
STILL_BUSY: Final = "500.001.1001"


class Result(NamedTuple):
    """The answer to a query of a code or to a reversal: its numbers, what came of it, and its figures."""

    handles: tuple[str, ...]
    code: str
    words: str
    told: Mapping[str, str]


def decoded(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a message.  Raises `Refused` for what is none."""
    try:
        if len(body) > MOST_BYTES:
            raise ValueError("too long")
        found = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Refused("payment-notice-unreadable") from None
    if not isinstance(found, dict):
        raise Refused("payment-notice-unreadable")
    return found


def confirmation(told: Mapping[str, Any]) -> Confirmed:
    """A payment that a customer made at a till or paybill number.  Raises `Refused` with what is wrong."""
    payer = " ".join(filter(None, (_text(told.get(name)) for name in _NAMES)))
    return Confirmed(
        Provider.MPESA,
        _number(told.get("BusinessShortCode")),
        _code(told.get("TransID")),
        amount_of(told.get("TransAmount")),
        moment_of(told.get("TransTime")),
        _text(told.get("MSISDN")),
        payer[:_MOST_TEXT],
        _text(told.get("BillRefNumber")),
    )


_NAMES: Final = ("FirstName", "MiddleName", "LastName")


def answer_of_ask(told: Mapping[str, Any], number: str) -> Heard:
    """What became of an asking, as the callback of M-Pesa Express says; `number` is the till that asked.

    Raises `Refused` for what is none.
    """
    body = told.get("Body")
    call = body.get("stkCallback") if isinstance(body, dict) else None
    if not isinstance(call, dict):
        raise Refused("payment-notice-unreadable")
    handle, words = _text(call.get("CheckoutRequestID")), _text(call.get("ResultDesc"))
    code = _text(call.get("ResultCode"))
    if not handle or not code:
        raise Refused("payment-notice-unreadable")
    if code != "0":
        return Heard(Outcome.FAILED, handle, REASONS.get(code, "refused"), words)
    listed = call.get("CallbackMetadata")
    items = listed.get("Item") if isinstance(listed, dict) else None
    found = {
        _text(one.get("Name")): one.get("Value")
        for one in (items if isinstance(items, list) else [])
        if isinstance(one, dict)
    }
    payment = Confirmed(
        Provider.MPESA,
        number,
        _code(found.get("MpesaReceiptNumber")),
        amount_of(found.get("Amount")),
        moment_of(found.get("TransactionDate")),
        _text(found.get("PhoneNumber")),
        source=Source.ASKED,
    )
    return Heard(Outcome.DONE, handle, words=words, payment=payment)


def result(told: Mapping[str, Any]) -> Result:
    """The answer to a transaction status query or to a reversal.  Raises `Refused` for what is none."""
    body = told.get("Result")
    if not isinstance(body, dict):
        raise Refused("payment-notice-unreadable")
    handles = tuple(filter(None, (_text(body.get(name)) for name in _HANDLES)))
    listed = body.get("ResultParameters")
    items = listed.get("ResultParameter") if isinstance(listed, dict) else None
    found = {
        _text(one.get("Key")): _text(one.get("Value"))
        for one in (items if isinstance(items, list) else [items])
        if isinstance(one, dict)
    }
    code = _text(body.get("ResultCode"))
    if not handles or not code:
        raise Refused("payment-notice-unreadable")
    return Result(handles, code, _text(body.get("ResultDesc")), found)


_HANDLES: Final = ("ConversationID", "OriginatorConversationID")


def payment_of_result(answer: Result, number: str) -> Confirmed | None:
    """The payment that a status query answer; None where it is not completed, or not there.

    Raises `Refused` for figures that are none.
    """
    told = answer.told
    if answer.code != "0" or told.get("TransactionStatus", "").casefold() != "completed":
        return None
    party = told.get("DebitPartyName", "")
    phone, _, name = (part.strip() for part in party.partition("-"))
    return Confirmed(
        Provider.MPESA,
        number,
        _code(told.get("ReceiptNo")),
        amount_of(told.get("Amount")),
        moment_of(told.get("FinalisedTime") or told.get("InitiatedTime")),
        phone,
        name,
        source=Source.STATUS,
    )


def credited_number(answer: Result) -> str:
    """To which number the money of a status query went; empty where it does not say."""
    return answer.told.get("CreditPartyName", "").partition("-")[0].strip()


# --- single values -----------------------------------------------------------------------------------


def amount_of(value: object) -> int:
    """Minor units of an amount of shillings.  Raises `Refused` for what is none, or is not above nothing."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise InvalidOperation
        shillings = Decimal(str(value).strip())
        if not shillings.is_finite() or abs(shillings) > _MOST_MINOR:
            raise InvalidOperation
        minor = shillings * _CENTS
        if minor != int(minor) or not 0 < minor <= _MOST_MINOR:
            raise InvalidOperation
    except InvalidOperation:
        raise Refused("payment-amount-none", amount=_text(value)[:20]) from None
    return int(minor)


def moment_of(value: object) -> datetime:
    """A moment of Kenya, YYYYMMDDHHMMSS, in UTC.  Raises `Refused` for what is none."""
    written = _text(value)
    try:
        if not (written.isascii() and written.isdecimal() and len(written) == 14):
            raise ValueError
        return datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=KENYA).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("payment-time-none", time=written[:20]) from None


def written_moment(at: datetime) -> str:
    """A moment as Daraja writes it."""
    return at.astimezone(KENYA).strftime("%Y%m%d%H%M%S")


def _code(value: object) -> str:
    return mpesa_code(_text(value))


def _number(value: object) -> str:
    written = _text(value)
    if not (written.isascii() and written.isdecimal() and len(written) <= 12):
        raise Refused("payment-number-none", number=written[:20])
    return written


def _text(value: object) -> str:
    """A value as one line; what cannot be printed is left out."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    written = str(value)[: 4 * _MOST_TEXT]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in written).split())[:_MOST_TEXT]
