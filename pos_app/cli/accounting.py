"""`bohari entry`, `opening`, `lock`, `year-end`, `value-stock`, `revalue`, `void`: the accountant's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_app.cli import parsing
from pos_app.cli.acting import Who
from pos_app.cli.answer import Answer
from pos_app.cli.parsing import Line, RawDetails
from pos_app.cli.progress import progress
from pos_app.cli.recorded import all_recorded, recorded, values
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules_amounts import check_day
from pos_app.office import journal_entries, revaluation, voids, year_end
from pos_app.office.journal_entries import OpeningRow, OpeningStock, Row
from pos_app.office.office import Office
from pos_app.office.revaluation import Revalued
from pos_app.store.organisation import master_import
from pos_app.store.stock.valuation import Valuation

ENTRY_COLUMNS = ("account", "debit", "credit", "business", "party", "due", "description")
OPENING_COLUMNS = (
    "account",
    "debit",
    "credit",
    "business",
    "party",
    "due",
    "description",
    "currency",
    "rate",
    "sku",
    "location",
    "quantity",
    "cost",
)


def entry(who: Who, file: Path, said: RawDetails, *, description: str) -> Answer:
    """An entry by hand; every business must balance."""
    with who.at_work() as office:
        money = said.money(office)
        rows = []
        for line in parsing.lines(file, (), ENTRY_COLUMNS, needed=3):
            with line.blamed():
                rows.append(_row(line, money))
        return recorded(journal_entries.entry(office, description, rows, said.occasion()))


def _row(line: Line, money: Currency) -> Row:
    debit, credit = line.amount("debit", money), line.amount("credit", money)
    if (debit is None) == (credit is None):
        raise Refused("Write either a debit or a credit.")
    amount = debit if debit is not None else -(credit or 0)
    if (debit or 0) < 0 or (credit or 0) < 0:
        raise Refused("A negative debit is a credit; write it on the other side.")
    due = line.text("due")
    return Row(
        line.text("account"),
        amount,
        line.text("business"),
        line.text("party"),
        parsing.day(due, "The due date") if due else None,
        line.text("description"),
    )


def opening(who: Who, file: Path, said: RawDetails) -> Answer:
    """The balances with which the books open: accounts, parties, open invoices, stock with its cost."""
    try:
        source = file.read_bytes()
    except OSError as error:
        raise Unavailable(f"The file {file} cannot be read: {error.strerror}.") from error
    with who.at_work() as office:
        rows: list[OpeningRow] = []
        stock: list[OpeningStock] = []
        for line in parsing.lines(file, (), OPENING_COLUMNS, needed=1):
            with line.blamed():
                if line.text("sku"):
                    stock.append(_stock(office, line))
                else:
                    rows.append(_opening_row(office, line))
        return all_recorded(journal_entries.opening(office, rows, stock, said.occasion(), source=source))


def _opening_row(office: Office, line: Line) -> OpeningRow:
    code, rate = line.text("currency").upper(), line.text("rate")
    money = find_currency(code) if code else office.organisation.currency
    if money == office.organisation.currency:
        code = ""
    return OpeningRow(_row(line, money), code, parsing.rate(rate) if rate else None)


def _stock(office: Office, line: Line) -> OpeningStock:
    cost = line.amount("cost", office.organisation.currency)
    if cost is None:
        raise Refused("Write what one of it cost.")
    if line.text("account") or line.text("debit") or line.text("credit"):
        raise Refused("A row of stock has no account and no amount; the cost says both.")
    return OpeningStock(line.text("sku"), line.text("location"), line.quantity(), cost)


def lock(who: Who, through: str, *, business: str, reason: str) -> Answer:
    """Nothing may be dated on or before a day any more."""
    day = parsing.day(through, "--through")
    with who.at_work() as office:
        year_end.lock(office, day, business=business, reason=reason)
    of = business or "all businesses"
    return Answer(
        {"through": to_date(day).isoformat(), "business": business},
        [f"The books of {of} are locked through {to_date(day).isoformat()}."],
    )


def close_year(who: Who, year: int) -> Answer:
    """Income and expense of a year to retained earnings, business by business."""
    check_day(max(year, 1) * 10_000 + 1231, "--year")
    with who.at_work() as office:
        money = office.organisation.currency
        closed = year_end.year_end(office, year)
    rows: list[dict[str, Any]] = [
        values(one.made) | {"business": one.business, "profit": decimal_text(one.profit, money)}
        for one in closed
    ]
    lines = [f"{one['business']}: {one['profit']} {money.code} to retained earnings" for one in rows]
    return Answer({"year": year, "businesses": rows}, lines)


def value_stock(who: Who) -> Answer:
    """Value what moved since the last time, at moving average."""
    with who.at_work() as office, progress("Documents") as say:
        with office.read() as books:
            office.need(books.connection, Permission.VALUE_STOCK)
        done = Valuation(office.database, office.clock, office.org_id).run(lambda count: say(count, 0))
    return Answer(
        {"documents": done.documents, "valuations": done.valuations},
        [f"{done.documents} documents looked at, {done.valuations} valuations made."],
    )


def revalue(who: Who, on: str, also: Sequence[str], *, dry_run: bool) -> Answer:
    """Foreign money at the rates of a day."""
    day = parsing.day(on, "--on") if on else None
    with who.at_work() as office:
        found = revaluation.look(office, day, also)
        made = [] if dry_run else revaluation.revalue(office, day, also)
        money = office.organisation.currency
        with office.read() as books:
            codes = {
                key: code for code, key in master_import.businesses(books.connection, books.org_id).items()
            }
    rows = [{"business": codes[one.held.business_id], **_revalued(one, money)} for one in found.revalued]
    lines = [
        f"{one['business']} {one['account']}: {one['amount']} {one['currency']} stood at {one['before']},"
        f" is worth {one['worth']}: {one['difference']} {money.code}"
        for one in rows
    ]
    if not rows:
        lines.append("All foreign money stands at the rate of the day.")
    elif dry_run:
        lines.append("Nothing was recorded.")
    lines += [made_line for one in made for made_line in recorded(one).lines]
    passed_by = sorted({one.account for one in found.passed_by})
    if passed_by:
        lines.append(f"Not looked at: {', '.join(passed_by)}; name what is money with --account.")
    documents = [values(one) for one in made]
    return Answer({"revalued": rows, "documents": documents, "passed_by": passed_by}, lines)


def _revalued(one: Revalued, money: Currency) -> dict[str, Any]:
    held = one.held
    return {
        "account": held.account,
        "currency": held.currency,
        "amount": decimal_text(held.amount, find_currency(held.currency)),
        "before": decimal_text(held.base_amount, money),
        "worth": decimal_text(one.worth, money),
        "difference": decimal_text(one.difference, money),
    }


def void(who: Who, document: str, *, reason: str) -> Answer:
    """Take back a document that the office made."""
    with who.at_work() as office:
        with office.read() as books:
            key = parsing.document(books, document)
        made = voids.void(office, key, reason)
    return recorded(made, f"voids {document.strip()}")
