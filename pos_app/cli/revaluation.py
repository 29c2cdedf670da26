"""`bohari revalue`: foreign money at the rates of a day."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.options import On
from pos_app.cli.recorded import recorded, values
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office import revaluation, written
from pos_app.office.office import Office
from pos_app.office.revaluation import Revalued
from pos_app.store.organisation import master_import

app: Final = noun()


@command(app, "revalue", AT_WORK, somewhere(Permission.JOURNAL_ENTRY))
def revalue(
    office: Office,
    *,
    on: On = "",
    account: Annotated[
        list[str] | None,
        typer.Option("--account", metavar="CODE", help="Also this asset; again for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, record nothing.")] = False,
) -> Answer:
    """Foreign money at the rates of a day: the difference to what it stands at is gain or loss."""
    day = written.day(on, "--on") if on else None
    found = revaluation.look(office, day, account or ())
    made = [] if dry_run else revaluation.revalue(office, day, account or ())
    money = office.organisation.currency
    with office.read() as books:
        codes = {key: code for code, key in master_import.businesses(books.connection, books.org_id).items()}
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


def _revalued(revalued: Revalued, money: Currency) -> dict[str, Any]:
    held = revalued.held
    return {
        "account": held.account,
        "currency": held.currency,
        "amount": decimal_text(held.amount, find_currency(held.currency)),
        "before": decimal_text(held.base_amount, money),
        "worth": decimal_text(revalued.worth, money),
        "difference": decimal_text(revalued.difference, money),
    }
