"""`bohari import products`, `customers`, `contacts` and `meters`: into the centre, from a file."""

from pathlib import Path
from typing import Final

from pos_app.cli import identity
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.needs import needs
from pos_app.cli.progress import progress
from pos_app.language import said
from pos_app.ledger.permission import Permission
from pos_app.office.bringing import masters
from pos_app.office.bringing.outcome import Outcome, always, strictly
from pos_app.office.office import Office

app: Final = noun()


@command(app, "products", AT_WORK, needs(Permission.EDIT_MASTER))
def import_products(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """sku,barcode,name,price,tax_code,category,unit,business,active (barcodes separated by |).

    Also on_shelf, shelf_place (1 is first), supplier, cost, type, stocked (of metered goods),
    empty and deposit (of returnable ones), reorder (PLACE=LEAST:TARGET, separated by |) and picture (a PNG
    or JPEG, named as it lies beside the file). Only sku must be there, and for a new
    product name and price. A column that is not in the file
    changes nothing; an empty cell takes the default (no barcode, no category, pc, the tax code of the
    organisation, its only business, active); so does -, which says it aloud. The barcodes of a row are
    all that the product has: what it had before and the row does not name is free.
    """
    return _import(office, "products", file, strict=strict)


@command(app, "customers", AT_WORK, needs(Permission.EDIT_MASTER))
def import_customers(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,name,phone,credit_limit,active.

    Also address and tax_number, for papers, terms_days and groups (of prices, separated by |).
    Only code must be there, and for a new customer the name. A column that is not in the file
    changes nothing; an empty cell takes the default (no phone, no credit, active); so does -,
    which says it aloud.
    """
    return _import(office, "customers", file, strict=strict)


@command(app, "contacts", AT_WORK, needs(Permission.EDIT_MASTER))
def import_contacts(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,label,name,phone,email,address,active: people and places of parties, a row each.

    code is the party's, label says what the contact is for (delivery, billing).
    """
    return _import(office, "contacts", file, strict=strict)


@command(app, "meters", AT_WORK, needs(Permission.EDIT_MASTER))
def import_meters(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,meter,sku,serial,first_reading,rate,active: meters at customers' places, a row each.

    code is the customer's; rate is what is agreed with them for the product, with up to four decimals
    beyond those of the currency.
    """
    return _import(office, "meters", file, strict=strict)


def _import(office: Office, noun: str, file: Path, *, strict: bool) -> Answer:
    office.address = identity.account()
    with progress("Rows") as say:
        keeps = strictly if strict else always
        return _answer(masters.bring(office, noun, file, keeps=keeps, pictures=file.parent, say=say), file)


def _answer(outcome: Outcome, file: Path) -> Answer:
    imported = outcome.imported if outcome.is_kept else 0
    unchanged = outcome.unchanged if outcome.is_kept else 0
    lines, refused = outcome.lines(), len(outcome.refused)
    if not outcome.rows:
        lines.append(said("import-no-rows", file=file.name))
    elif unchanged:
        lines.append(f"{imported - unchanged} imported, {unchanged} unchanged, {refused} refused")
    else:
        lines.append(f"{imported} imported, {refused} refused")
    if not outcome.is_kept:
        lines.append("Nothing was imported: --strict.")
    values = {"imported": imported, "unchanged": unchanged, **outcome.values()}
    return Answer(values, lines, outcome.is_kept and not outcome.has_failed)
