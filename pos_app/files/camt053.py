"""Reading bank statements of ISO 20022: camt.053, of any version that banks send.

Source: the message definitions camt.053.001.02 to .14 (BkToCstmrStmt): elements are told by their names, for
the namespace changes with each version.  `Sts` is a text up to .03 and holds `Cd` since; a party is `Dbtr/Nm`
or `Dbtr/Pty/Nm`.

Decisions
---------
2026-12-01  The reader of the standard library, and no package: those that are typed are at 0.0.x and bring a
server with them, and what we need is a dozen names.  A file with a DOCTYPE is refused, so that nothing in it
can grow.

2026-12-01  What is not booked (PDNG, INFO) is no line yet.  Where opening balance, lines and closing balance
do not come to the same, the file was cut or changed, and all of it is refused.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat

from pos_app.files.doctype import declares
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.money import grouped_text, parse_money
from pos_app.payments.bank_statement import Statement, Told

MOST_BYTES: Final = 64 << 20
_MOST_TEXT: Final = 300
_AMOUNT: Final = re.compile(r"[0-9]{1,15}([.][0-9]{1,5})?", re.ASCII)
#: What the opening balance of a statement may be called; the closing one is CLBD.
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = "CLBD"


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does, in whatever encoding."""
    try:
        with path.open("rb") as raw:
            first = raw.read(200)
    except OSError as error:
        raise Unavailable("file-unreadable", file=path, why=error.strerror) from error
    plain = first.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return plain.startswith(b"<?xml") or plain.startswith(b"<Document")


def read(path: Path) -> list[Statement]:
    """The statements of a file.  Raises `Refused` for what is none, `Unavailable` where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("upload-too-large", most=MOST_BYTES >> 20)
        with path.open("rb") as raw:
            if declares(raw):
                raise Refused("statement-not-camt", file=path.name)
            raw.seek(0)
            found = list(_statements(raw, path.name))
    except OSError as error:
        raise Unavailable("file-unreadable", file=path, why=error.strerror) from error
    except (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("statement-not-camt", file=path.name) from error
    if not found:
        raise Refused("statement-not-camt", file=path.name)
    return found


def _statements(raw: Any, name: str) -> Iterator[Statement]:
    lines: list[tuple[str, Told]] = []
    # What could grow within (entities of a DOCTYPE) was refused before.
    for event, element in ElementTree.iterparse(raw, ("start", "end")):  # noqa: S314
        tag = _tag(element)
        if event == "start":
            if tag == "Document" and "camt.053" not in str(element.tag):
                raise Refused("statement-not-camt", file=name)
        elif tag == "Ntry":
            line = _line(element)
            if line is not None:
                lines.append(line)
            # A statement of a year would keep a hundred thousand of them.
            element.clear()
        elif tag == "Stmt":
            yield _statement(element, lines)
            lines = []
            element.clear()


def _statement(element: Any, lines: list[tuple[str, Told]]) -> Statement:
    number = _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id")
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in _all(element, "Bal")}
    codes = {code for code, _ in lines} | {_attribute(one, "Amt", "Ccy") for one in balances.values()}
    own = _text(element, "Acct/Ccy")
    codes |= {own} if own else set()
    if len(codes) != 1:
        raise Refused("statement-of-several-currencies", codes=", ".join(sorted(codes)))
    money = find_currency(codes.pop())
    opening = next((_balance(balances[one], money) for one in _OPENING if one in balances), None)
    closing = _balance(balances[_CLOSING], money) if _CLOSING in balances else None
    told = [line for _, line in lines]
    if opening is not None and closing is not None:
        came_to = opening + sum(one.amount for one in told)
        if came_to != closing:
            raise Refused(
                "statement-does-not-add-up",
                came=grouped_text(came_to, money),
                closing=grouped_text(closing, money),
            )
    closing_day = _day(balances[_CLOSING], "Dt") if _CLOSING in balances else 0
    return Statement(number, money.code, told, opening, closing, closing_day)


def _balance(element: Any, money: Currency) -> int:
    amount = _minor(_text(element, "Amt"), money)
    return -amount if _text(element, "CdtDbtInd") == "DBIT" else amount


def _line(element: Any) -> tuple[str, Told] | None:
    """The currency of an entry and what it says; None for one that is not booked."""
    state = _text(element, "Sts/Cd") or _text(element, "Sts")
    if state not in ("BOOK", ""):
        return None
    code = _attribute(element, "Amt", "Ccy")
    amount = _minor(_text(element, "Amt"), find_currency(code))
    way = _text(element, "CdtDbtInd")
    if way not in ("CRDT", "DBIT"):
        raise ValueError(way)
    day = _day(element, "BookgDt") or _day(element, "ValDt")
    if not day:
        raise ValueError("no day")
    details = [one for part in _all(element, "NtryDtls") for one in _all(part, "TxDtls")]
    return code, Told(
        day,
        amount if way == "CRDT" else -amount,
        _day(element, "ValDt"),
        _text(element, "AcctSvcrRef") or _joined(details, "Refs/AcctSvcrRef"),
        _joined(details, "Refs/EndToEndId", without="NOTPROVIDED"),
        _party(details, "Dbtr" if way == "CRDT" else "Cdtr"),
        " ".join(
            filter(
                None,
                (
                    _joined(details, "RmtInf/Ustrd"),
                    _joined(details, "RmtInf/Strd/CdtrRefInf/Ref"),
                    _text(element, "AddtlNtryInf"),
                ),
            )
        )[:_MOST_TEXT],
    )


def _party(details: list[Any], role: str) -> str:
    return _joined(details, f"RltdPties/{role}/Nm") or _joined(details, f"RltdPties/{role}/Pty/Nm")


# --- elements by their names, whatever their namespace -----------------------------------------------------


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Any, path: str) -> list[Any]:
    found = [element]
    for name in path.split("/"):
        found = [child for one in found for child in one if _tag(child) == name]
    return found


def _text(element: Any, path: str) -> str:
    """The first text at a path, in one line."""
    return next((_plain(one.text) for one in _all(element, path) if _plain(one.text)), "")


def _joined(elements: list[Any], path: str, *, without: str = "") -> str:
    """Every text at a path of several, each once."""
    texts = (_plain(one.text) for element in elements for one in _all(element, path))
    return " ".join(dict.fromkeys(text for text in texts if text and text != without))[:_MOST_TEXT]


def _plain(text: str | None) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


def _attribute(element: Any, path: str, name: str) -> str:
    return next((str(one.get(name, "")) for one in _all(element, path)), "")


def _day(element: Any, path: str) -> int:
    """A day, of a date or a moment; 0 where there is none."""
    written = _text(element, f"{path}/Dt") or _text(element, f"{path}/DtTm")
    return from_date(date.fromisoformat(written[:10])) if written else 0


def _minor(written: str, money: Currency) -> int:
    if _AMOUNT.fullmatch(written) is None:
        raise ValueError(written)
    # Five places are allowed whatever the currency has: 12.50000 is 12.50.
    plain = written.rstrip("0").rstrip(".") if "." in written else written
    return parse_money(plain or "0", money)
