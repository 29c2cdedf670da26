"""`bohari import sales`: history from another system, into a till."""

from typing import Final

from pos_app import bootstrap
from pos_app.cli import identity
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.homes import ASKED_HOME
from pos_app.cli.needs import needs
from pos_app.cli.progress import progress
from pos_app.files.refused_rows import RefusedRow, all_refused, causes
from pos_app.ledger.permission import Permission

app: Final = noun()


@command(app, "sales", ASKED_HOME, needs(Permission.IMPORT_HISTORY))
def import_sales(call: Call, file: File, *, strict: Strict = False) -> Answer:
    """number,occurred_at,customer,sku,description,quantity,unit_price: history from another system."""
    till = bootstrap.open_till(call.home)
    try:
        till.sign_in.proved(identity.asked(call.actors).first.person_id)
        with progress("Sales") as say:
            done = till.history_import().run(file, strict=strict, progress=say)
    finally:
        till.close()
    refused = causes(RefusedRow(one.row, one.reason, one.number) for one in done.reasons)
    values = {
        "imported": done.imported,
        "already": done.already,
        "refused": done.refused,
        "reasons": [{"number": cause.number, **cause.values()} for cause in refused],
        "notes": done.notes,
    }
    lines = [*done.notes, *(cause.line() for cause in refused)]
    lines.append(f"{done.imported} imported, {done.already} already there, {done.refused} refused")
    if strict and done.refused:
        lines.append("Nothing was imported: --strict.")
    failed = all_refused(done.imported + done.already, done.reasons) or (strict and bool(done.refused))
    return Answer(values, lines, not failed)
