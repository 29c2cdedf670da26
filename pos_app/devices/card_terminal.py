"""A card terminal as the till speaks with it: an amount goes out, a result comes in, and never twice.

    terminal = card_terminal("tcp://192.168.1.40:9400")
    answer = terminal.pay(request, 42_000, "KES")

One line of JSON goes each way over a connection of its own:

    {"do": "pay", "request": "9f…", "amount": 42000, "currency": "KES"}
    {"request": "9f…", "result": "approved", "amount": 42000, "slip": "004711"}

`result` is `approved`, `declined` (`words` say why), `waiting`, or `none` for a request that was never heard
of.  A terminal keeps what became of a request and answers the same request with the same result; of one that
it said `none` about it takes no payment later.  The terminal of a bank that speaks otherwise gets a driver of
its own with these two methods.

Decisions
---------
2026-12-01  What was sent and not answered is not known, and a till that guesses takes the money twice or
gives the goods away.  So it says `UNKNOWN`, asks again by the same request, and in the end a person looks at
the slip.
"""

import json
import socket
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from pos_app.ledger.errors import Refused

CONNECT_S: Final = 3.0
#: A customer looks for their card, types a PIN, and the bank takes its time.
ANSWER_S: Final = 90.0
#: Longer than any answer.
_MOST_BYTES: Final = 4_096
_MOST_SLIP: Final = 40


class CardResult(StrEnum):
    """What became of an amount that was asked of a card."""

    APPROVED = "approved"
    DECLINED = "declined"
    #: The terminal was not reached: nothing was sent, and nothing can have been taken.
    UNSENT = "unsent"
    #: It was sent, and nobody knows: it may have been taken.
    UNKNOWN = "unknown"


class CardAnswer(NamedTuple):
    """The result, the number of the terminal's slip where it was approved, and what the terminal says."""

    result: CardResult
    slip: str = ""
    words: str = ""


class CardTerminal(Protocol):
    """What takes cards.  Both methods wait for the answer: they are not called where the window draws."""

    def pay(self, request: str, amount: int, currency: str) -> CardAnswer:
        """Ask a card for an amount in minor units; the same request again is the same payment."""
        ...

    def ask(self, request: str) -> CardAnswer:
        """What became of a request; `DECLINED` for one that was never heard of, which stays unpaid then."""
        ...


class SocketTerminal:
    """A terminal on the network."""

    def __init__(
        self, host: str, port: int, *, connect_s: float = CONNECT_S, answer_s: float = ANSWER_S
    ) -> None:
        self._host, self._port = host, port
        self._connect_s, self._answer_s = connect_s, answer_s

    def pay(self, request: str, amount: int, currency: str) -> CardAnswer:
        """See `CardTerminal.pay`."""
        return self._exchange(
            {"do": "pay", "request": request, "amount": amount, "currency": currency}, amount
        )

    def ask(self, request: str) -> CardAnswer:
        """See `CardTerminal.ask`."""
        return self._exchange({"do": "ask", "request": request}, None)

    def _exchange(self, told: dict[str, Any], amount: int | None) -> CardAnswer:
        try:
            link = socket.create_connection((self._host, self._port), timeout=self._connect_s)
        except OSError:
            # Of a payment that was sent before, not to be reached now says nothing.
            return CardAnswer(CardResult.UNSENT if amount is not None else CardResult.UNKNOWN)
        with link:
            try:
                link.settimeout(self._answer_s)
                link.sendall(json.dumps(told).encode() + b"\n")
                return _read(_line(link), str(told["request"]), amount)
            except (OSError, ValueError):
                return CardAnswer(CardResult.UNKNOWN)


def _line(link: socket.socket) -> bytes:
    """What comes up to the end of a line.  Raises `ValueError` for more than an answer has, or for less."""
    got = b""
    while not got.endswith(b"\n"):
        part = link.recv(_MOST_BYTES)
        got += part
        if not part or len(got) > _MOST_BYTES:
            raise ValueError("no answer")
    return got


def _read(line: bytes, request: str, amount: int | None) -> CardAnswer:
    """What an answer says.  Raises `ValueError` for what is none, and for another payment's."""
    told = json.loads(line)
    if not isinstance(told, dict) or told.get("request") != request:
        raise ValueError("another answer")
    words = _text(told.get("words"), 120)
    result = told.get("result")
    if result in ("declined", "none"):
        return CardAnswer(CardResult.DECLINED, words=words)
    if result == "approved":
        slip, took = _text(told.get("slip"), _MOST_SLIP), told.get("amount")
        if not slip or type(took) is not int or (amount is not None and took != amount):
            raise ValueError("another amount")
        return CardAnswer(CardResult.APPROVED, slip, words)
    return CardAnswer(CardResult.UNKNOWN, words=words)


def _text(told: object, most: int) -> str:
    text = told if isinstance(told, str) else ""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:most]


def card_terminal(address: str) -> CardTerminal | None:
    """The terminal at an address of the settings, tcp://host:port; empty is none.

    Raises `Refused` for an address that is none.
    """
    if not address.strip():
        return None
    parts = urlsplit(address.strip())
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "tcp" or not parts.hostname or not port or parts.path not in ("", "/"):
        raise Refused("card-terminal-unknown", address=address[:80])
    return SocketTerminal(parts.hostname, port)
