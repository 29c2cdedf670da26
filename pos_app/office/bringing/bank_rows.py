"""A bank's statement as a file of rows (CSV, XLSX) of one account: what comes to new lines, what is none."""

from pathlib import Path
from typing import Final

from pos_app.files.csv_file import AS_IT_SAYS, Chosen, open_csv
from pos_app.files.refused_rows import RefusedRow
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_money
from pos_app.ledger.permission import Permission
from pos_app.office import bank_statements
from pos_app.office.bringing.outcome import Keeps, Outcome, Undo, always
from pos_app.office.office import Office
from pos_app.payments.bank_statement import Statement, Told, account_number
from pos_app.reports.model.period import parse_day

NEEDED: Final = ("date",)
#: Either `amount` with its sign, or `credit` and `debit`.
OTHERS: Final = (
    "amount",
    "credit",
    "debit",
    "reference",
    "bank_reference",
    "payer",
    "details",
    "value_date",
    "account",
)


def bring(
    office: Office, code: str, path: Path, *, keeps: Keeps = always, chosen: Chosen = AS_IT_SAYS
) -> Outcome:
    """Take in the lines of an account (its code in the books).  A row that is none is refused by itself.

    Raises `Refused` for a file that is none, and when who acts may not.
    """
    source, outcome = open_csv(path, NEEDED, rare=OTHERS, chosen=chosen), Outcome()
    if "amount" not in source.header and not {"credit", "debit"} & set(source.header):
        raise Refused("statement-without-amounts", file=path.name)
    account = bank_statements.account(office, code)
    money = find_currency(account.currency)
    told: list[Told] = []
    for row in source.rows():
        outcome.rows += 1
        try:
            if row.reason:
                raise Refused(row.reason)
            told.append(_told(row.values, money, account.number))
        except Refused as error:
            outcome.refused.append(RefusedRow(row.line_no, error.said))
    outcome.notes = source.notes
    outcome.imported = len(told)
    statement = Statement(account.number, account.currency, told)
    try:
        with office.change(Permission.MOVE_MONEY) as books:
            office.need_everywhere(books.connection, Permission.MOVE_MONEY)
            brought = bank_statements.take(office, books, account, statement, path.name)
            outcome.added = brought.new
            outcome.unchanged = len(told) - brought.new
            if not keeps(outcome):
                raise Undo
            outcome.is_kept = True
    except Undo:
        pass
    return outcome


def _told(cells: dict[str, str], money: Currency, number: str) -> Told:
    """The line of a row.  Raises `Refused` with what is wrong with it."""
    if cells.get("account") and account_number(cells["account"]) != number:
        raise Refused("statement-of-other-account", number=cells["account"][:40])
    day = from_date(parse_day(cells["date"], "date"))
    value = from_date(parse_day(cells["value_date"], "value_date")) if cells.get("value_date") else 0
    amount = _amount(cells, money)
    if not amount:
        raise Refused("statement-row-without-amount")
    return bank_statements.told_of(amount, day, cells, value)


def _amount(cells: dict[str, str], money: Currency) -> int:
    """What came (above nothing) or went.  Raises `Refused` for what is no amount, or is several."""
    given = {name: cells[name] for name in ("amount", "credit", "debit") if cells.get(name)}
    minor = {name: parse_money(text, money) for name, text in given.items()}
    some = {name: amount for name, amount in minor.items() if amount}
    if len(some) > 1:
        raise Refused("statement-row-with-two-amounts")
    # A bank that writes what went with its sign means the same.
    return sum(-abs(amount) if name == "debit" else amount for name, amount in some.items())
