"""`bohari import invoices FILE`: invoices of another program as drafts, with their totals or without."""

from typing import Final

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.needs import somewhere
from pos_app.ledger.permission import Permission
from pos_app.office.bringing import invoices
from pos_app.office.bringing.outcome import always, strictly
from pos_app.office.office import Office

app: Final = noun()


@command(app, "invoices", AT_WORK, somewhere(Permission.INVOICE))
def import_invoices(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """number,customer,date,sku,quantity,unit_price; with or without subtotal,tax_total,total: as drafts."""
    done = invoices.bring(office, file, keeps=strictly if strict else always)
    known, refused = done.unchanged, len(done.refused)
    imported = done.imported - known if done.is_kept else 0
    without_totals = done.without_totals if done.is_kept else 0
    values = {"imported": imported, "known": known, "without_totals": without_totals, **done.values()}
    lines = [*done.lines(), f"{imported} imported, {known} known, {refused} refused"]
    if without_totals:
        lines.append(f"{without_totals} came without totals; “bohari invoices populate” fills them in.")
    if not done.is_kept:
        lines.append("Nothing was imported: --strict.")
    return Answer(values, lines, done.is_kept and not done.has_failed)
