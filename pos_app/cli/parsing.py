"""What people write on a command line or in a file, read: days, amounts, rates, lines, money, documents."""

import csv
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pos_app.files.csv_file import open_csv
from pos_app.language import said
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import decimal_text, parse_decimal, parse_money
from pos_app.ledger.numbering import parse_position, parse_printed
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine
from pos_app.store.documents import documents

Read = TypeVar("Read")

_PERCENT: Final = re.compile(r"^\s*([0-9.]+)\s*%?\s*$")


def rate_text(rate_micro: int) -> str:
    """A rate as people write it: 129.55."""
    return f"{Decimal(rate_micro).scaleb(-6).normalize():f}"


def percent(text: str) -> int:
    """A rate of tax such as 16 or 16 %, in basis points.  Raises `Refused`."""
    found = _PERCENT.match(text)
    scaled = parse_decimal(found[1], "The rate") * 100 if found else None
    if scaled is None or scaled != scaled.to_integral_value():
        raise Refused("not-a-percentage", text=text[:20])
    return int(scaled)


# --- lines --------------------------------------------------------------------------------------------


def lines(
    file: Path | None, written: Sequence[str], columns: Sequence[str], *, needed: int
) -> list[WrittenLine]:
    """The lines of a file (its header names the columns) and of `--line` (values in this order).

    The first `needed` columns must be there.  Raises `Refused` for a row that is none, naming it.
    """
    found = []
    if file is not None:
        for row in open_csv(file, columns[:needed], columns[needed:]).rows():
            if row.reason:
                raise Refused("at-row", row=row.line_no, why=row.reason)
            found.append(WrittenLine(said("row-of-file", number=row.line_no), row.values))
    for number, text in enumerate(written, start=1):
        cells = next(csv.reader([text]), [])
        if not needed <= len(cells) <= len(columns):
            raise Refused("line-malformed", number=number, text=text[:60], columns=",".join(columns))
        found.append(
            WrittenLine(said("line-of-command", number=number), dict(zip(columns, cells, strict=False)))
        )
    return found


def read_lines(
    file: Path | None,
    written: Sequence[str],
    columns: Sequence[str],
    needed: int,
    read_one: Callable[[WrittenLine], Read],
) -> list[Read]:
    """The same lines, each read; what is refused about one is said to be of it."""
    found = []
    for line in lines(file, written, columns, needed=needed):
        with line.blamed():
            found.append(read_one(line))
    return found


# --- money --------------------------------------------------------------------------------------------

_PAID: Final = re.compile(
    r"(?P<kind>[a-z]+)(?:/(?P<account>[^=]+))?=(?P<amount>[^:@]+)"
    r"(?:@(?P<paid>[0-9.,]+)(?P<currency>[A-Z]{3}))?(?::(?P<reference>.*))?"
)


def paid(written: Sequence[str], money: Currency) -> list[TenderInput]:
    """Money as `--paid` says it: bank=500.00:REFERENCE, bank/1171=500.00, bank=100.00@12950.00KES.

    Raises `Refused`.
    """
    return [_paid(text, money) for text in written]


def _paid(text: str, money: Currency) -> TenderInput:
    found = _PAID.fullmatch(text.strip())
    kinds = ("cash", "mpesa", "bank", "card")
    if found is None or found["kind"] not in kinds:
        raise Refused("tender-malformed", text=text[:40])
    other = found["currency"] or ""
    minor = parse_money(found["amount"], money, "The amount paid")
    return TenderInput(
        TenderKind(found["kind"]),
        parse_money(found["paid"], find_currency(other), "The amount paid") if other else minor,
        (found["reference"] or "").strip(),
        other,
        settles=minor if other else None,
        account=(found["account"] or "").strip(),
    )


# --- documents ----------------------------------------------------------------------------------------


def document_in(office: Office, text: str) -> int:
    """The key of a document of the office's books; see `document`."""
    with office.read() as books:
        return document(books, text)


def document(books: Books, text: str) -> int:
    """The key of a document by its printed number (M1000000-I000001) or terminal and sequence (3/17).

    Raises `Refused` when there is none.
    """
    position = parse_position(text)
    if position is not None:
        key = document_key(*position)
        found = key if documents.hash_of(books.connection, books.org_id, key) else None
    else:
        found = documents.key_of_number(books.connection, books.org_id, *parse_printed(text))
    if found is None:
        raise Refused("document-unknown", number=text.strip()[:30])
    return found


def invoice_choices(
    office: Office, written: Sequence[str] | None, money: Currency
) -> list[InvoiceChoice] | None:
    """The same of the office's books; None where nothing is named, so that what is due first is meant."""
    if not written:
        return None
    with office.read() as books:
        return wanted(books, written, money)


def wanted(books: Books, written: Sequence[str], money: Currency) -> list[InvoiceChoice]:
    """Invoices or bills as `--for` names them: NUMBER, or NUMBER=AMOUNT.  Raises `Refused`."""
    found = []
    for text in written:
        number, equals, amount = text.partition("=")
        minor = parse_money(amount, money, "The amount") if equals else None
        found.append(InvoiceChoice(document(books, number), minor))
    return found


def amount_text(minor: int, currency: str) -> str:
    """An amount with its currency, for a line that a person reads."""
    return f"{decimal_text(minor, find_currency(currency))} {currency}"
