"""`bohari entry`, `opening` and `void`: booked by hand, with which the books open, and taken back."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import Only, command, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.options import Content, Details, Number, Reason
from pos_app.cli.recorded import all_recorded, recorded
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.office import journal_entries, voids, written
from pos_app.office.journal_entries import OpeningRow, OpeningStock, Row
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine

app: Final = noun()

#: What makes a document of the office takes it back too; which one, its type says (`types.reversal`).
_TAKEN_BACK: Final = (Permission.VOID, *Permission)

EntriesFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help="With a header line.")]

_ENTRY: Final = ("account", "debit", "credit", "business", "party", "due", "description")
_OPENING: Final = (*_ENTRY, "currency", "rate", "sku", "location", "quantity", "cost")


@command(app, "entry", AT_WORK, somewhere(Permission.JOURNAL_ENTRY))
def entry(
    office: Office,
    file: EntriesFile,
    *,
    description: Annotated[str, typer.Option(help="What it is for.")],
    said: Annotated[Details, Only("on", "business", "currency", "rate", "note")],
) -> Answer:
    """An entry by hand: account,debit,credit,business,party,due,description; every business balances."""
    money = said.money(office)
    rows = Content(file).read(_ENTRY, 3, lambda line: _row(line, money))
    return recorded(journal_entries.entry(office, description, rows, said.occasion()))


def _row(line: WrittenLine, money: Currency) -> Row:
    debit, credit = line.amount("debit", money), line.amount("credit", money)
    if (debit is None) == (credit is None):
        raise Refused("debit-or-credit")
    amount = debit if debit is not None else -(credit or 0)
    if (debit or 0) < 0 or (credit or 0) < 0:
        raise Refused("debit-negative")
    due = line.text("due")
    return Row(
        line.text("account"),
        amount,
        line.text("business"),
        line.text("party"),
        written.day(due, "The due date") if due else None,
        line.text("description"),
    )


@command(app, "opening", AT_WORK, somewhere(Permission.JOURNAL_ENTRY))
def opening(office: Office, file: EntriesFile, *, said: Annotated[Details, Only("on", "business")]) -> Answer:
    """Opening balances: account,debit,credit,business,party,due,description,currency,rate; a row with a due
    date is an open invoice; a row of stock has sku,location,quantity,cost instead.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        raise Unavailable("file-unreadable", file=file, why=error.strerror) from error
    found = Content(file).read(_OPENING, 1, lambda line: _opened(office, line))
    rows = [one for one in found if isinstance(one, OpeningRow)]
    stock = [one for one in found if isinstance(one, OpeningStock)]
    return all_recorded(journal_entries.opening(office, rows, stock, said.occasion(), source=source))


def _opened(office: Office, line: WrittenLine) -> OpeningRow | OpeningStock:
    return _stock(office, line) if line.text("sku") else _opening_row(office, line)


def _opening_row(office: Office, line: WrittenLine) -> OpeningRow:
    code, rate = line.text("currency").upper(), line.text("rate")
    money = find_currency(code) if code else office.organisation.currency
    if money == office.organisation.currency:
        code = ""
    return OpeningRow(_row(line, money), code, written.rate(rate) if rate else None)


def _stock(office: Office, line: WrittenLine) -> OpeningStock:
    cost = line.amount("cost", office.organisation.currency)
    if cost is None:
        raise Refused("cost-of-one-missing")
    if line.text("account") or line.text("debit") or line.text("credit"):
        raise Refused("opening-stock-has-account")
    return OpeningStock(line.text("sku"), line.text("location"), line.quantity(), cost)


@command(app, "void", AT_WORK, somewhere(*_TAKEN_BACK))
def void(office: Office, number: Number, *, reason: Reason) -> Answer:
    """Take back a document that the office made; what others built upon is voided first."""
    key = parsing.document_in(office, number)
    return recorded(voids.void(office, key, reason), f"voids {number.strip()}")
