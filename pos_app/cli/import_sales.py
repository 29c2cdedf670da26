"""`bohari import sales`: history from another system, into a till."""

from typing import Final

from pos_app import bootstrap
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.progress import progress

app: Final = noun()


@command(app, "sales", TOLD_HOME)
def import_sales(call: Call, file: File, *, strict: Strict = False) -> Answer:
    """number,occurred_at,customer,sku,description,quantity,unit_price: history from another system."""
    till = bootstrap.open_till(call.home)
    try:
        with progress("Sales") as say:
            done = till.history_import().run(file, strict=strict, progress=say)
    finally:
        till.close()
    values = {
        "imported": done.imported,
        "already": done.already,
        "refused": done.refused,
        "reasons": [
            {"row": reason.row, "number": reason.number, "reason": reason.reason} for reason in done.reasons
        ],
        "notes": done.notes,
    }
    lines = [*done.notes]
    lines += [f"Row {reason.row} ({reason.number}): {reason.reason}" for reason in done.reasons]
    lines.append(f"{done.imported} imported, {done.already} already there, {done.refused} refused")
    if strict and done.refused:
        lines.append("Nothing was imported: --strict.")
    return Answer(values, lines, not (strict and done.refused))
