"""A Daraja that is none, over a real socket: it keeps state, checks what the real one checks, and calls back.

    with DarajaStandIn(Shop("600100", "key", "secret", "passkey"), ["approve", "cancel"]) as stand_in:
        Account(url=stand_in.url, …)
        stand_in.pay("600100", 1_250)           # a customer pays at the number by themselves

Each asking of a phone takes the next of its manners, the last one for ever:

    approve, cancel, no-money, wrong-pin, no-answer    what a customer does
    slow          approved, and the answer comes after a while
    twice         approved, and told twice
    swapped       approved; the confirmation of the payment comes before the answer
    other-amount  approved with another amount than was asked
    silent        approved, and no answer ever comes: the query knows, and the confirmation is told
    lost          nobody answers, and the query does not know either
    cut           taken, and the connection is gone before the answer
    garbage       taken, and the answer cannot be read
    down          the gateway answers 503 and has taken nothing
"""

import base64
import binascii
import json
import queue
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from pos_app.payments.daraja_messages import KENYA

MANNERS: Final = (
    "approve", "cancel", "no-money", "wrong-pin", "no-answer", "slow", "twice", "swapped", "other-amount",
    "silent", "lost", "cut", "garbage", "down",
)  # fmt: skip
_FAILS: Final = {
    "cancel": (1032, "Request cancelled by user"),
    "no-money": (1, "The balance is insufficient for the transaction."),
    "wrong-pin": (2001, "The initiator information is invalid."),
    "no-answer": (1037, "DS timeout user cannot be reached"),
}
_MOST_SHILLINGS: Final = 250_000
_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Shop(NamedTuple):
    """A business as Safaricom knows it; `till` is the number that customers pay, where it is another."""

    shortcode: str
    consumer_key: str = "key"
    consumer_secret: str = "secret"  # noqa: S105 - of a stand-in
    passkey: str = "passkey"
    initiator: str = "initiator"
    credential: str = "credential"
    till: str = ""

    @property
    def number(self) -> str:
        """The number that customers pay."""
        return self.till or self.shortcode


class _Wrong(Exception):
    """What the real one would say no to."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


class DarajaStandIn:
    """The server while it runs.  `paid` is every payment by its code; `told` what was posted to whom."""

    def __init__(
        self,
        shop: Shop,
        manners: Sequence[str] = ("approve",),
        *,
        pause_s: float = 0.2,
        token_s: int = 3_599,
        hides: str = "masked",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """`pause_s` is how long a customer takes, `hides` how telephones are told: masked, hashed, whole."""
        unknown = [one for one in manners if one not in MANNERS]
        if unknown or not manners:
            raise ValueError(f"no such manner: {unknown}")
        self.shop, self.pause_s, self.token_s, self.hides = shop, pause_s, token_s, hides
        self._manners = list(manners)
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._checkouts: dict[str, dict[str, Any]] = {}
        self._count = 0
        self.addresses: dict[str, str] = {}
        self.paid: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.told: list[tuple[str, int]] = []
        self.is_down = False
        self._calls: queue.Queue[tuple[float, str, dict[str, Any]] | None] = queue.Queue()
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """What stands in the account of a business."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        for target in (self.serve, self._call_back):
            threading.Thread(target=target, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def serve(self) -> None:
        """Answer until `close`."""
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Answer no more."""
        self._calls.put(None)
        self._server.shutdown()
        self._server.server_close()

    def behave(self, *manners: str) -> None:
        """From now on so."""
        with self._lock:
            self._manners = list(manners)

    def pay(self, number: str, shillings: int, phone: str = "254712345678", reference: str = "", *,
            code: str = "", tell: bool = True, at: datetime | None = None) -> str:  # fmt: skip
        """A customer pays at a number; gives the code of their message."""
        row = self._payment(number, shillings, phone, reference, code=code, at=at)
        if tell:
            self.confirm(row["TransID"])
        return str(row["TransID"])

    def confirm(self, code: str, after_s: float = 0.0, **otherwise: Any) -> None:
        """Tell of a payment, once more where it was told; `otherwise` are fields that say something else."""
        if "ConfirmationURL" in self.addresses:
            self._tell(self.addresses["ConfirmationURL"], self.paid[code] | otherwise, after_s)

    def settled(self, limit_s: float = 10.0) -> None:
        """Wait until everything was told that is to be told."""
        end_s = time.monotonic() + limit_s
        while self._calls.unfinished_tasks and time.monotonic() < end_s:
            time.sleep(0.01)

    # --- what is asked ----------------------------------------------------------------------------------

    def answer(self, path: str, headers: Mapping[str, str], told: dict[str, Any]) -> tuple[int, bytes] | None:
        """Status and body; None where the connection ends without one."""
        if self.is_down:
            return 503, b"<html>Service Unavailable</html>"
        try:
            if path.startswith("/oauth/v1/generate"):
                return 200, _json(self._token(headers))
            self._need_token(headers)
            found = self._of(path, told)
        except _Wrong as wrong:
            return wrong.status, _json(
                {"requestId": secrets.token_hex(8), "errorCode": wrong.code, "errorMessage": wrong.words}
            )
        return found if found is None or isinstance(found, tuple) else (200, _json(found))

    def _of(self, path: str, told: dict[str, Any]) -> Any:
        match path:
            case "/mpesa/stkpush/v1/processrequest":
                return self._push(told)
            case "/mpesa/stkpushquery/v1/query":
                return self._query(told)
            case "/mpesa/c2b/v1/registerurl" | "/mpesa/c2b/v2/registerurl":
                return self._register(told)
            case "/mpesa/c2b/v1/simulate" | "/mpesa/c2b/v2/simulate":
                number, phone = str(told.get("ShortCode")), str(told.get("Msisdn"))
                code = self.pay(
                    number, int(told.get("Amount", 0)), phone, str(told.get("BillRefNumber") or "")
                )
                return {
                    "ResponseCode": "0",
                    "ResponseDescription": "Accept the service request",
                    "code": code,
                }
            case "/mpesa/transactionstatus/v1/query":
                return self._status(told)
            case "/mpesa/reversal/v1/request":
                return self._reversal(told)
            case "/pulltransactions/v1/query":
                return self._pull(told)
        raise _Wrong("404.001.01", "Resource not found", 404)

    def _token(self, headers: Mapping[str, str]) -> dict[str, Any]:
        try:
            pair = base64.b64decode(headers.get("authorization", "").removeprefix("Basic "), validate=True)
        except binascii.Error:
            pair = b""
        if pair.decode("utf-8", "replace") != f"{self.shop.consumer_key}:{self.shop.consumer_secret}":
            raise _Wrong("400.008.01", "Invalid Authentication passed")
        made = secrets.token_urlsafe(21)
        with self._lock:
            self._tokens[made] = time.monotonic() + self.token_s
        return {"access_token": made, "expires_in": str(self.token_s)}

    def _need_token(self, headers: Mapping[str, str]) -> None:
        shown = headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(shown, 0.0) < time.monotonic():
            raise _Wrong("404.001.03", "Invalid Access Token", 404)

    def _register(self, told: dict[str, Any]) -> dict[str, Any]:
        if str(told.get("ShortCode")) not in (self.shop.number, self.shop.shortcode):
            raise _Wrong("400.003.02", "Bad Request - Invalid ShortCode")
        if told.get("ResponseType") not in ("Completed", "Cancelled"):
            raise _Wrong("400.003.02", "Bad Request - Invalid ResponseType")
        for name in ("ConfirmationURL", "ValidationURL"):
            _need_address(str(told.get(name)))
            self.addresses[name] = str(told[name])
        return {"OriginatorCoversationID": secrets.token_hex(8), "ResponseCode": "0",
                "ResponseDescription": "success"}  # fmt: skip

    def _need_password(self, told: dict[str, Any]) -> None:
        stamp = str(told.get("Timestamp", ""))
        if str(told.get("BusinessShortCode")) != self.shop.shortcode:
            raise _Wrong("400.002.02", "Bad Request - Invalid BusinessShortCode")
        if len(stamp) != 14 or not stamp.isdecimal():
            raise _Wrong("400.002.02", "Bad Request - Invalid Timestamp")
        right = base64.b64encode(f"{self.shop.shortcode}{self.shop.passkey}{stamp}".encode()).decode()
        if told.get("Password") != right:
            raise _Wrong("500.001.1001", "Wrong credentials", 500)

    def _push(self, told: dict[str, Any]) -> Any:
        with self._lock:
            manner = self._manners.pop(0) if len(self._manners) > 1 else self._manners[0]
        if manner == "down":
            return 503, b"<html>Service Unavailable</html>"
        self._need_password(told)
        amount, phone = told.get("Amount"), str(told.get("PhoneNumber", ""))
        if type(amount) is not int or not 1 <= amount <= _MOST_SHILLINGS:
            raise _Wrong("400.002.02", "Bad Request - Invalid Amount")
        if not (phone.isdecimal() and len(phone) == 12 and phone.startswith("254")):
            raise _Wrong("400.002.02", "Bad Request - Invalid PhoneNumber")
        if str(told.get("PartyB")) != self.shop.number:
            raise _Wrong("400.002.02", "Bad Request - Invalid PartyB")
        _need_address(str(told.get("CallBackURL")))
        handle = f"ws_CO_{secrets.token_hex(10)}"
        merchant = f"{secrets.randbelow(90_000) + 10_000}-{secrets.randbelow(10**8)}-1"
        self.asked.append(told)
        self._checkouts[handle] = {
            "manner": manner,
            "told": told,
            "merchant": merchant,
            "at": time.monotonic(),
        }
        threading.Thread(target=self._customer, args=(handle,), daemon=True).start()
        if manner == "cut":
            return None
        if manner == "garbage":
            return 200, b"\x00 no answer \xff"
        return {"MerchantRequestID": merchant, "CheckoutRequestID": handle, "ResponseCode": "0",
                "ResponseDescription": "Success. Request accepted for processing",
                "CustomerMessage": "Success. Request accepted for processing"}  # fmt: skip

    def _customer(self, handle: str) -> None:
        """What the customer does with the phone in their hand."""
        asked = self._checkouts[handle]
        manner, told = asked["manner"], asked["told"]
        if manner == "lost":
            return
        time.sleep(self.pause_s * (5 if manner == "slow" else 1))
        call = {"MerchantRequestID": asked["merchant"], "CheckoutRequestID": handle}
        if manner in _FAILS:
            code, words = _FAILS[manner]
            asked["result"] = (str(code), words)
            self._tell(told["CallBackURL"], _callback(call, code, words))
            return
        shillings = told["Amount"] + (manner == "other-amount")
        row = self._payment(self.shop.number, shillings, str(told["PhoneNumber"]), told["AccountReference"])
        words = "The service request is processed successfully."
        asked["result"] = ("0", words)
        items = [
            {"Name": "Amount", "Value": shillings},
            {"Name": "MpesaReceiptNumber", "Value": row["TransID"]},
            {"Name": "Balance"},
            {"Name": "TransactionDate", "Value": int(row["TransTime"])},
            {"Name": "PhoneNumber", "Value": int(told["PhoneNumber"])},
        ]
        body = _callback(call, 0, words, {"CallbackMetadata": {"Item": items}})
        if manner == "swapped":
            self.confirm(row["TransID"])
        if manner != "silent":
            for _ in range(2 if manner == "twice" else 1):
                self._tell(told["CallBackURL"], body)
        if manner != "swapped":
            self.confirm(row["TransID"], after_s=self.pause_s)

    def _query(self, told: dict[str, Any]) -> dict[str, Any]:
        self._need_password(told)
        asked = self._checkouts.get(str(told.get("CheckoutRequestID")))
        if asked is None:
            raise _Wrong("400.002.02", "Bad Request - Invalid CheckoutRequestID")
        if "result" not in asked:
            raise _Wrong("500.001.1001", "The transaction is being processed", 500)
        code, words = asked["result"]
        found = {"ResponseCode": "0", "ResponseDescription": "accepted", "ResultCode": code}
        call = {"CheckoutRequestID": told["CheckoutRequestID"], "MerchantRequestID": asked["merchant"]}
        return {**found, "ResultDesc": words, **call}

    def _need_initiator(self, told: dict[str, Any], command: str) -> None:
        if (told.get("Initiator"), told.get("SecurityCredential")) != (
            self.shop.initiator,
            self.shop.credential,
        ):
            raise _Wrong("400.002.02", "Bad Request - Invalid Initiator")
        if told.get("CommandID") != command:
            raise _Wrong("400.002.02", "Bad Request - Invalid CommandID")
        for name in ("ResultURL", "QueueTimeOutURL"):
            _need_address(str(told.get(name)))

    def _status(self, told: dict[str, Any]) -> dict[str, Any]:
        self._need_initiator(told, "TransactionStatusQuery")
        row = self.paid.get(str(told.get("TransactionID")))
        if row is None:
            return self._later(told, 2032, "The transaction does not exist", {})
        state = "Reversed" if row.get("Reversed") else "Completed"
        found = {"ReceiptNo": row["TransID"], "TransactionStatus": state, "Amount": float(row["TransAmount"])}
        found["DebitPartyName"] = f"{row['Whole']} - {row['FirstName']}"
        found["CreditPartyName"] = f"{row['BusinessShortCode']} - The shop"
        found["FinalisedTime"] = int(row["TransTime"])
        return self._later(told, 0, "The service request is processed successfully.", found)

    def _reversal(self, told: dict[str, Any]) -> dict[str, Any]:
        self._need_initiator(told, "TransactionReversal")
        row = self.paid.get(str(told.get("TransactionID")))
        if str(told.get("RecieverIdentifierType")) != "11":
            raise _Wrong("400.002.02", "Bad Request - Invalid RecieverIdentifierType")
        if row is None:
            return self._later(told, "R000002", "The OriginalTransactionID is invalid.", {})
        if row.get("Reversed"):
            return self._later(told, "R000001", "The transaction has already been reversed.", {})
        if told.get("Amount") != int(float(row["TransAmount"])):
            return self._later(told, 11, "The DebitParty is in an invalid state.", {})
        row["Reversed"] = True
        return self._later(
            told, 0, "The service request is processed successfully.", {"Amount": told["Amount"]}
        )

    def _later(self, told: dict[str, Any], code: Any, words: str, figures: dict[str, Any]) -> dict[str, Any]:
        ours, theirs = f"AG_{secrets.token_hex(8)}", secrets.token_hex(8)
        rows = [{"Key": key, "Value": value} for key, value in figures.items()]
        result = {"ResultType": 0, "ResultCode": code, "ResultDesc": words, "ConversationID": ours,
                  "OriginatorConversationID": theirs, "TransactionID": told.get("TransactionID"),
                  "ResultParameters": {"ResultParameter": rows}}  # fmt: skip
        self._tell(told["ResultURL"], {"Result": result}, self.pause_s)
        return {"ConversationID": ours, "OriginatorConversationID": theirs, "ResponseCode": "0",
                "ResponseDescription": "Accept the service request successfully."}  # fmt: skip

    def _pull(self, told: dict[str, Any]) -> dict[str, Any]:
        start = int(told.get("OffSetValue") or 0)
        begin, end = (
            datetime.strptime(told.get(name) or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=KENYA)
            for name in ("StartDate", "EndDate")
        )
        # It knows of a payment in whole seconds, as it tells of them.
        within = [one for one in list(self.paid.values()) if begin <= one["At"].replace(microsecond=0) <= end]
        rows = [
            {"transactionId": one["TransID"], "trxDate": one["At"].isoformat(), "msisdn": one["MSISDN"],
             "sender": "MPESA", "transactiontype": "c2b-pay-bill-debit", "amount": one["TransAmount"],
             "billreference": one["BillRefNumber"], "organizationname": "The shop"}
            for one in within[start : start + 50]
        ]  # fmt: skip
        return {"ResponseRefID": secrets.token_hex(8), "ResponseCode": "1000", "ResponseMessage": "Success",
                "Response": [rows] if rows else []}  # fmt: skip

    # --- payments, and telling of them ------------------------------------------------------------------

    def _payment(
        self, number: str, shillings: int, phone: str, reference: str, *, code: str = "",
        at: datetime | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        at = (at or datetime.now(KENYA)).astimezone(KENYA)
        with self._lock:
            self._count += 1
            made = code or f"SLK{_based(secrets.randbelow(34**3), 3)}{_based(self._count, 4)}"
            row = self.paid[made] = {
                "TransactionType": "Buy Goods" if self.shop.till else "Pay Bill", "TransID": made,
                "TransTime": f"{at:%Y%m%d%H%M%S}", "TransAmount": f"{shillings}.00",
                "BusinessShortCode": number, "BillRefNumber": reference, "InvoiceNumber": "",
                "OrgAccountBalance": "", "ThirdPartyTransID": "", "MSISDN": _hidden(phone, self.hides),
                "FirstName": "WANJIRU", "MiddleName": "", "LastName": "", "Whole": phone, "At": at,
            }  # fmt: skip
        return row

    def _tell(self, url: str, body: Mapping[str, Any], after_s: float = 0.0) -> None:
        shown = {key: value for key, value in body.items() if key not in ("Whole", "At", "Reversed")}
        self._calls.put((time.monotonic() + after_s, url, shown))

    def _call_back(self) -> None:
        while (call := self._calls.get()) is not None:
            due_s, url, body = call
            time.sleep(max(0.0, due_s - time.monotonic()))
            request = Request(url, _json(body), {"content-type": "application/json"})  # noqa: S310 - looked at
            try:
                with urlopen(request, timeout=10) as reply:  # noqa: S310 - the address was looked at
                    self.told.append((url, int(reply.status)))
            except OSError as error:
                self.told.append((url, int(getattr(error, "code", 0) or 0)))
            self._calls.task_done()


def _callback(
    call: dict[str, Any], code: int, words: str, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"Body": {"stkCallback": {**call, "ResultCode": code, "ResultDesc": words, **(more or {})}}}


def _need_address(url: str) -> None:
    parts = urlsplit(url)
    is_here = parts.hostname in ("127.0.0.1", "localhost")
    named = any(word in url.lower() for word in ("mpesa", "m-pesa", "safaricom"))
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not is_here) or named:
        raise _Wrong("400.003.02", "Bad Request - Invalid URL")


def _hidden(phone: str, how: str) -> str:
    if how == "hashed":
        import hashlib

        return hashlib.sha256(phone.encode()).hexdigest()
    return phone if how == "whole" else f"{phone[:4]} ***** {phone[-3:]}"


def _based(number: int, places: int) -> str:
    signs = ""
    for _ in range(places):
        number, at = divmod(number, len(_SIGNS))
        signs = _SIGNS[at] + signs
    return signs


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, default=str).encode()


def _handler(stand_in: DarajaStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("content-length") or 0), 65_536))
            try:
                told = json.loads(body) if body else {}
            except ValueError:
                told = {}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand_in.answer(self.path, headers, told if isinstance(told, dict) else {})
            if answer is None:
                self.close_connection = True
                return
            status, reply = answer
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST  # noqa: N815 - the library asks for it by this name

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what is asked holds secrets."""

    return Handler
