"""A control unit of eTIMS that is none, over a real socket: keeps state, checks, signs, misbehaves.

    with EtimsStandIn("etims-oscu", ["ok", "cut"]) as stand_in:
        address = stand_in.address

Each sale takes the next of its manners, the last one for ever: `ok`; `slow` (it answers after a while); `cut`
(signed, and the connection is gone before the answer); `garbage` (signed, and the answer cannot be read);
`twice` (the request comes to it a second time, and that is answered); `other` (answers with what it signed
for another invoice); `refuse` (declines a right one); `busy` (a fault of its own); `down` (the connection
ends before anything is done).  With `is_down` nothing is answered at all.
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self

from pos_app.fiscal.etims.stand_in_books import Books, Reply

MANNERS: Final = ("ok", "slow", "cut", "garbage", "twice", "other", "refuse", "busy", "down")
_MOST_BODY: Final = 4_000_000
#: What each path is, at the authority and in the shop.
_PATHS: Final = {
    "etims-oscu": {
        "selectInitOsdcInfo": "register",
        "selectCodeList": "codes",
        "saveItem": "item",
        "saveBhfCustomer": "customer",
        "saveTrnsSalesOsdc": "sale",
        "selectInvoiceDetail": "sold",
    },
    "etims-vscu": {
        "initializer/selectInitInfo": "register",
        "code/selectCodes": "codes",
        "items/saveItems": "item",
        "branches/saveBrancheCustomers": "customer",
        "trnsSales/saveSales": "sale",
        "trnsSales/selectSales": "sold",
    },
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: "EtimsStandIn"


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in two packets would wait for the first to be acknowledged: 40 ms each.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Read the question and write what the owner answers."""
        if not isinstance(self.server, _Server):
            raise TypeError("another server")
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _MOST_BODY:
            self.close_connection = True
            return
        raw = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.owner.answer(self.path.strip("/"), headers, raw)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing: a key stands in what comes."""


class EtimsStandIn:
    """The unit of one taxpayer's branch, or (without a PIN) of whoever registers first."""

    def __init__(
        self,
        kind: str = "etims-oscu",
        manners: Sequence[str] = ("ok",),
        *,
        pin: str = "",
        branch: str = "00",
        serial: str = "",
        pause_s: float = 0.2,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """`pause_s` is how long `slow` takes."""
        unknown = [manner for manner in manners if manner not in MANNERS]
        if unknown or not manners:
            raise ValueError(f"no such manner: {unknown}")
        self._paths, self._pause_s = _PATHS[kind], pause_s
        self.manners = list(manners)
        self.books = Books(pin=pin, branch=branch, serial=serial, is_online=kind == "etims-oscu")
        self.is_down = False
        #: How many questions came, by what they were.
        self.asked: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Server((host, port), _Answering)
        self._server.owner = self

    @property
    def address(self) -> str:
        """What stands in the settings of a business."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def serve(self) -> None:
        """Answer until `close`."""
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> bytes | None:
        """The body that answers; None where the connection ends without one."""
        what = self._paths.get(path, "")
        with self._lock:
            self.asked[what] = self.asked.get(what, 0) + 1
            manner = "ok"
            if what == "sale" and not self.is_down:
                manner = self.manners.pop(0) if len(self.manners) > 1 else self.manners[0]
        if self.is_down or manner == "down":
            return None
        if manner == "slow":
            time.sleep(self._pause_s)
        with self._lock:
            reply = self._reply(what, headers, raw, manner)
        if manner == "cut":
            return None
        return b"\x00 no answer \xff" if manner == "garbage" else _bytes(reply)

    def _reply(self, what: str, headers: Mapping[str, str], raw: bytes, manner: str) -> Reply:
        try:
            body = json.loads(raw, parse_float=Decimal)
        except ValueError:
            return self.books.reply("910", "Request parameter error")
        if not isinstance(body, dict) or not what:
            return self.books.reply("912", "There is a request Method error")
        if manner == "busy":
            return self.books.reply("999", "There is an unknown error. Please ask the administrator")
        if manner == "refuse":
            return self.books.reply("910", "Request parameter error: itemClsCd is not known")
        if manner == "other":
            return self.books.another(headers, body)
        reply = self.books.ask(what, headers, body)
        return self.books.ask(what, headers, body) if manner == "twice" else reply


def _bytes(reply: Reply) -> bytes:
    return json.dumps(reply, default=_number).encode()


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
