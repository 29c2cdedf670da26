"""Speaks with Safaricom's Daraja: asks a customer's phone, asks what became of it, finds, gives back, lists.

    daraja = Daraja(account, exchange, clock, "https://shop.example/paid/7-1/Gk3…")
    heard = daraja.ask("9f…", "254712345678", 1_250_00, "TILL1")

Source: the public pages of developer.safaricom.co.ke (authorization, M-Pesa Express, its query, transaction
status, reversal, C2B register URL, pull transactions).

Decisions
---------
2026-12-01  The password of M-Pesa Express is base64(shortcode + passkey + timestamp), and the timestamp
Kenya's.  A till number is asked as `CustomerBuyGoodsOnline`, where the shortcode is that of the store and the
money goes to the till number; a paybill number as `CustomerPayBillOnline`, where both are the same.

2026-12-01  Whole shillings only: M-Pesa Express takes no cents, and an amount that was rounded by us would be
another than what is due.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.mpesa_code import mpesa_code
from pos_app.payments import daraja_messages
from pos_app.payments.provider import Confirmed, Heard, Outcome, Provider, Source

PRODUCTION: Final = "https://api.safaricom.co.ke"
_CENTS: Final = 100
#: A token is asked for anew so many seconds before it ends.
_SPARE_S: Final = 60
_MOST_TOKEN_S: Final = 3_600
_MOST_ACCOUNT: Final = 12
_MOST_PAGES: Final = 200


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What a business proves itself with to Daraja: secrets, which stand in no log and no database.

    `shortcode` is the one that the passkey is of: of a till number the store's.  `credential` is the
    initiator's password, encrypted with Safaricom's certificate as its portal gives it.
    """

    shortcode: str
    consumer_key: str
    consumer_secret: str
    passkey: str = ""
    initiator: str = ""
    credential: str = ""
    #: The number that customers pay, where it is not the shortcode.
    till: str = ""
    url: str = PRODUCTION

    def __repr__(self) -> str:
        """Without its secrets."""
        return f"Account({self.shortcode})"


class Unsent(Exception):
    """Nothing went out: the other side was not reached."""


class Unanswered(Exception):
    """It went out, and no answer came that could be read."""


class Reply(NamedTuple):
    """An answer of HTTP."""

    status: int
    body: bytes


class Exchange(Protocol):
    """Carries one request.  Raises `Unsent` and `Unanswered`."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What came back."""
        ...


class Daraja:
    """One business at Daraja; used by one thread at a time (see `payments.provider`)."""

    def __init__(self, account: Account, exchange: Exchange, clock: Clock, hears_at: str = "") -> None:
        """`hears_at` is the address at which it hears answers, without what is heard."""
        self._account, self._exchange, self._clock = account, exchange, clock
        self._hears_at = hears_at.rstrip("/")
        self._token, self._until = "", clock.now()

    @property
    def number(self) -> str:
        """The number that customers pay."""
        return self._account.till or self._account.shortcode

    # --- the interface ----------------------------------------------------------------------------------

    def ask(self, key: str, phone: str, amount: int, reference: str) -> Heard:
        """See `PaymentProvider.ask`."""
        account = self._account
        if amount <= 0 or amount % _CENTS:
            return Heard(Outcome.FAILED, reason="not-whole")
        stamp, password = self._password()
        told = {
            "BusinessShortCode": account.shortcode,
            "Password": password,
            "Timestamp": stamp,
            "TransactionType": "CustomerBuyGoodsOnline" if account.till else "CustomerPayBillOnline",
            "Amount": amount // _CENTS,
            "PartyA": phone,
            "PartyB": account.till or account.shortcode,
            "PhoneNumber": phone,
            "CallBackURL": f"{self._hears_at}/answer",
            "AccountReference": (reference or key)[:_MOST_ACCOUNT],
            "TransactionDesc": key[:_MOST_ACCOUNT],
        }
        return self._sent("/mpesa/stkpush/v1/processrequest", told, "CheckoutRequestID")

    def status(self, handle: str) -> Heard:
        """See `PaymentProvider.status`; the code of what was paid does not come with it."""
        stamp, password = self._password()
        told = {
            "BusinessShortCode": self._account.shortcode,
            "Password": password,
            "Timestamp": stamp,
            "CheckoutRequestID": handle,
        }
        try:
            status, found = self._called("/mpesa/stkpushquery/v1/query", told)
        except (Unsent, Unanswered):
            return Heard(Outcome.UNKNOWN, handle)
        if status != 200:
            busy = _text(found, "errorCode") == daraja_messages.STILL_BUSY
            return Heard(
                Outcome.PENDING if busy else Outcome.UNKNOWN, handle, words=_text(found, "errorMessage")
            )
        code, words = _text(found, "ResultCode"), _text(found, "ResultDesc")
        if code == "0":
            return Heard(Outcome.DONE, handle, words=words)
        if not code:
            return Heard(Outcome.PENDING, handle, words=words)
        return Heard(Outcome.FAILED, handle, daraja_messages.REASONS.get(code, "refused"), words)

    def find(self, key: str, code: str) -> Heard:
        """See `PaymentProvider.find`."""
        told = self._initiated("TransactionStatusQuery", code, key) | {
            "PartyA": self.number,
            "IdentifierType": "2" if self._account.till else "4",
        }
        return self._sent("/mpesa/transactionstatus/v1/query", told, "ConversationID")

    def refund(self, key: str, code: str, amount: int) -> Heard:
        """See `PaymentProvider.refund`."""
        if amount <= 0 or amount % _CENTS:
            return Heard(Outcome.FAILED, reason="not-whole")
        told = self._initiated("TransactionReversal", code, key) | {
            "Amount": amount // _CENTS,
            "ReceiverParty": self.number,
            "RecieverIdentifierType": "11",
        }
        return self._sent("/mpesa/reversal/v1/request", told, "ConversationID")

    def list(self, since: datetime, until: datetime) -> Sequence[Confirmed]:
        """See `PaymentProvider.list`: what Daraja's pull of transactions has, two days back at most."""
        found: list[Confirmed] = []
        for _ in range(_MOST_PAGES):
            told = {
                "ShortCode": self.number,
                "StartDate": f"{since.astimezone(daraja_messages.KENYA):%Y-%m-%d %H:%M:%S}",
                "EndDate": f"{until.astimezone(daraja_messages.KENYA):%Y-%m-%d %H:%M:%S}",
                "OffSetValue": str(len(found)),
            }
            try:
                status, page = self._called("/pulltransactions/v1/query", told)
            except (Unsent, Unanswered) as error:
                raise Unavailable("payments-not-reached") from error
            rows = page.get("Response")
            if status != 200 or not isinstance(rows, list):
                raise Unavailable("payments-not-listed", why=_text(page, "errorMessage") or status)
            rows = [one for part in rows for one in (part if isinstance(part, list) else [part])]
            if not rows:
                break
            try:
                found += [self._listed(one) for one in rows if isinstance(one, dict)]
            except Refused as error:
                # A list that cannot be read whole says nothing of what is missing.
                raise Unavailable("payments-not-listed", why=error.said.spoken) from error
        return found

    def register(self) -> Heard:
        """Tell Daraja at which addresses this business hears of its payments."""
        told = {
            "ShortCode": self.number,
            # Money that comes while we cannot answer is money all the same.
            "ResponseType": "Completed",
            "ConfirmationURL": f"{self._hears_at}/confirmation",
            "ValidationURL": f"{self._hears_at}/validation",
        }
        return self._sent("/mpesa/c2b/v2/registerurl", told, "OriginatorCoversationID")

    # --- carrying ---------------------------------------------------------------------------------------

    def _sent(self, path: str, told: Mapping[str, Any], handle: str) -> Heard:
        try:
            status, found = self._called(path, told)
        except Unsent:
            return Heard(Outcome.UNSENT)
        except Unanswered:
            return Heard(Outcome.UNKNOWN)
        number = _text(found, handle)
        if status == 200 and _text(found, "ResponseCode") in ("0", "00000000") and number:
            return Heard(Outcome.PENDING, number, words=_text(found, "ResponseDescription"))
        words = _text(found, "errorMessage") or _text(found, "ResponseDescription")
        if 500 <= status < 600 and not _text(found, "errorCode"):
            # A gateway that gave up says nothing about what lies behind it.
            return Heard(Outcome.UNKNOWN, words=words)
        return Heard(Outcome.FAILED, reason="refused", words=words)

    def _called(self, path: str, told: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        """One call, once more with a new token where the one that we have counts no more."""
        for is_last in (False, True):
            token = self._token_now()
            reply = self._exchange(
                "POST",
                self._account.url + path,
                {"authorization": f"Bearer {token}", "content-type": "application/json"},
                json.dumps(told).encode(),
            )
            found = _object(reply.body)
            refused = reply.status in (401, 404) and _text(found, "errorCode").startswith(_NO_TOKEN)
            if not refused or is_last:
                break
            self._token = ""
        return reply.status, found

    def _token_now(self) -> str:
        now = self._clock.now()
        if self._token and now < self._until:
            return self._token
        pair = f"{self._account.consumer_key}:{self._account.consumer_secret}".encode()
        try:
            reply = self._exchange(
                "GET",
                f"{self._account.url}/oauth/v1/generate?grant_type=client_credentials",
                {"authorization": f"Basic {base64.b64encode(pair).decode()}"},
                b"",
            )
            found = _object(reply.body)
        except Unanswered as error:
            # Without a token nothing was asked.
            raise Unsent from error
        lasts = _text(found, "expires_in")
        token = _text(found, "access_token")
        if reply.status != 200 or not token:
            raise Unsent
        seconds = min(int(lasts), _MOST_TOKEN_S) if lasts.isdecimal() else _SPARE_S
        self._token, self._until = token, now + timedelta(seconds=max(seconds - _SPARE_S, 1))
        return token

    def _password(self) -> tuple[str, str]:
        stamp = daraja_messages.written_moment(self._clock.now())
        whole = f"{self._account.shortcode}{self._account.passkey}{stamp}"
        return stamp, base64.b64encode(whole.encode()).decode()

    def _initiated(self, command: str, code: str, key: str) -> dict[str, Any]:
        return {
            "Initiator": self._account.initiator,
            "SecurityCredential": self._account.credential,
            "CommandID": command,
            "TransactionID": code,
            "ResultURL": f"{self._hears_at}/result",
            "QueueTimeOutURL": f"{self._hears_at}/timeout",
            "Remarks": key[:_MOST_ACCOUNT],
            "Occasion": "",
        }

    def _listed(self, row: Mapping[str, Any]) -> Confirmed:
        try:
            paid_at = datetime.fromisoformat(_text(row, "trxDate"))
        except ValueError:
            raise Refused("payment-time-none", time=_text(row, "trxDate")[:20]) from None
        if paid_at.tzinfo is None:
            paid_at = paid_at.replace(tzinfo=daraja_messages.KENYA)
        return Confirmed(
            Provider.MPESA,
            self.number,
            mpesa_code(_text(row, "transactionId")),
            daraja_messages.amount_of(row.get("amount")),
            paid_at.astimezone(UTC),
            _text(row, "msisdn"),
            reference=_text(row, "billreference"),
            source=Source.LIST,
        )


#: The beginnings of the codes that say that a token is none, or none any more.
_NO_TOKEN: Final = ("404.001.03", "401.002.01", "401.003.01")


def _object(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer.  Raises `Unanswered` for what is none."""
    try:
        return daraja_messages.decoded(body)
    except Refused as error:
        raise Unanswered from error


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value)[:200]
