"""`bohari bank`: statements of banks brought in, held against the books, and what each line is of."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.csv_options import Strict
from pos_app.cli.needs import needs
from pos_app.files import camt053
from pos_app.ledger.currency import currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text, grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import bank_statements
from pos_app.office.bank_statements import OPEN, Line, Proposal
from pos_app.office.bringing import bank_rows
from pos_app.office.bringing.outcome import always, strictly
from pos_app.office.office import Office

app: Final = noun()
bank_app: Final = group(
    app, "bank", "Statements of banks: brought in, held against the books, and what each line is of."
)

AccountCode = Annotated[
    str, typer.Option("--account", metavar="CODE", help="Its code in the books, such as 1170.")
]
LineName = Annotated[str, typer.Argument(metavar="LINE", help="As “bank lines” lists it.")]
Reason = Annotated[str, typer.Option("--reason", help="What it was, for the audit log.")]


@command(bank_app, "accounts", AT_WORK, needs(Permission.SEE_REPORTS))
def list_accounts(office: Office) -> Answer:
    """Each account at a bank: what the bank says, what the books say of that day, and what is open."""
    rows: list[dict[str, Any]] = [
        {
            "account": one.account.code,
            "name": one.name,
            "number": one.account.number,
            "currency": one.account.currency,
            "day": to_date(one.account.closing_day).isoformat() if one.account.closing_day else "",
            "bank": one.account.closing,
            "books": one.booked,
            "open": one.open,
            "open_amount": one.open_amount,
        }
        for one in bank_statements.standings(office)
    ]
    lines = [
        f"{row['account']}  {row['number']}  {row['day'] or '-':<10}"
        f"  {_money(row['bank'], row):>16}  {_money(row['books'], row):>16}  {row['open']} open"
        for row in rows
    ]
    return Answer({"accounts": rows}, [*lines, f"{counted(len(rows), 'account')}."])


@command(bank_app, "account", AT_WORK, needs(Permission.MOVE_MONEY))
def say_account(
    office: Office,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its code in the books, such as 1170.")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="IBAN or number, as a statement has it.")],
    *,
    money: Annotated[
        str, typer.Option("--currency", metavar="USD", help="Of the account; the books' own.")
    ] = "",
) -> Answer:
    """Say which account of the books is the one with this number at a bank."""
    said = bank_statements.say_account(office, account, number, money)
    words = f"{said.code} is {said.number} at the bank, in {said.currency}."
    return Answer({"account": said.code, "number": said.number, "currency": said.currency}, [words])


@command(bank_app, "bring", AT_WORK, needs(Permission.MOVE_MONEY))
def bring(
    office: Office,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A camt.053 file, or CSV or XLSX with a header.")
    ],
    *,
    account: AccountCode = "",
    strict: Strict = False,
) -> Answer:
    """Take a statement in: camt.053 by the number that it names; CSV or XLSX of --account, with date and
    amount (or credit and debit), reference, bank_reference, payer, details, value_date, account.

    What came before is not taken in twice.
    """
    if camt053.is_xml(file):
        brought = bank_statements.bring_camt(office, file)
        rows = [{"account": one.account.code, "lines": one.lines, "new": one.new} for one in brought]
        told = [f"{one.account.code}  {one.new} new of {counted(one.lines, 'line')}" for one in brought]
        return Answer({"statements": rows}, told)
    if not account:
        raise Refused("statement-of-which-account")
    done = bank_rows.bring(office, account, file, keeps=strictly if strict else always)
    new = done.added if done.is_kept else 0
    values = {"lines": done.rows, "new": new, **done.values()}
    words = f"{new} new of {counted(done.rows, 'line')}, {len(done.refused)} refused"
    lines = [*done.lines(), words]
    if not done.is_kept:
        lines.append("Nothing was taken in: --strict.")
    return Answer(values, lines, done.is_kept and not done.has_failed)


@command(bank_app, "lines", AT_WORK, needs(Permission.SEE_REPORTS))
def list_lines(
    office: Office,
    *,
    account: AccountCode = "",
    everything: Annotated[bool, typer.Option("--all", help="What is matched or set aside as well.")] = False,
) -> Answer:
    """The lines that nobody said yet what they are, and what each may be."""
    found = bank_statements.lines(office, account, "" if everything else OPEN)
    is_open = [one for one in found if one.state == OPEN]
    may_be = dict(zip((one.key for one in is_open), bank_statements.proposed(office, is_open), strict=True))
    rows = [_values(one, may_be.get(one.key, [])) for one in found]
    return Answer({"lines": rows}, [*map(_told, rows), f"{counted(len(rows), 'line')}."])


@command(bank_app, "accept", AT_WORK, needs(Permission.MOVE_MONEY))
def accept(
    office: Office,
    line: Annotated[str, typer.Argument(metavar="LINE", help="As “bank lines” lists it.")] = "",
    *,
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="NUMBER", help="The document that it is of; again for several."),
    ] = None,
    sure: Annotated[
        bool, typer.Option("--sure", help="Every line of which one thing alone has amount and reference.")
    ] = False,
    account: AccountCode = "",
) -> Answer:
    """Accept what a line is: its first proposal, the documents of --of, or with --sure all that is sure."""
    if sure == bool(line):
        raise Refused("bank-accept-which")
    if sure:
        done = bank_statements.accept_sure(office, account)
        rows = [{"line": one.key.name, "of": each.number} for one, each in done]
        lines = [f"{row['line']}  {row['of']}" for row in rows]
        return Answer({"accepted": rows}, [*lines, f"{counted(len(rows), 'line')} accepted."])
    if of:
        made = bank_statements.match(office, line, of)
        return Answer({"line": made.key.name, "of": of}, [f"{made.key.name} is of {', '.join(of)}."])
    may_be = bank_statements.opened(office, line).proposals
    if not may_be:
        raise Refused("bank-line-not-that", line=line[:60])
    first = may_be[0]
    made = bank_statements.accept(office, line, first.kind, first.key)
    return Answer({"line": made.key.name, "of": [first.number]}, [f"{made.key.name} is of {first.number}."])


@command(bank_app, "aside", AT_WORK, needs(Permission.MOVE_MONEY))
def set_aside(office: Office, line: LineName, *, reason: Reason) -> Answer:
    """Say what a line was, of which the books know nothing."""
    made = bank_statements.set_aside(office, line, reason)
    return Answer({"line": made.key.name}, [f"{made.key.name} is set aside."])


@command(bank_app, "undo", AT_WORK, needs(Permission.MOVE_MONEY))
def undo(office: Office, line: LineName, *, reason: Reason) -> Answer:
    """Open a line again: what was said of it was wrong; what was booked stays booked."""
    made = bank_statements.undo(office, line, reason)
    return Answer({"line": made.key.name}, [f"{made.key.name} is open again."])


# --- rows -----------------------------------------------------------------------------------------------


def _money(amount: int, row: dict[str, Any]) -> str:
    return grouped_text(amount, currency(row["currency"]))


def _values(line: Line, may_be: list[Proposal]) -> dict[str, Any]:
    money = currency(line.currency)
    return {
        "line": line.key.name,
        "account": line.key.account,
        "day": to_date(line.key.day).isoformat(),
        "amount": decimal_text(line.key.amount, money),
        "currency": line.currency,
        "payer": line.told.payer,
        "reference": line.told.reference,
        "bank_reference": line.told.bank_reference,
        "details": line.told.words,
        "state": line.state,
        "note": line.note,
        "may_be": [
            {"what": one.kind.value, "number": one.number, "is_sure": one.is_sure, "days": one.days}
            for one in may_be
        ],
    }


def _told(row: dict[str, Any]) -> str:
    first = row["may_be"][0] if row["may_be"] else None
    may_be = "" if first is None else f"{'=' if first['is_sure'] else '?'} {first['number']}"
    who = row["payer"] or row["details"] or row["reference"]
    return f"{row['line']}  {row['amount']:>14} {row['currency']}  {row['state']:<8}  {who[:40]}  {may_be}"
