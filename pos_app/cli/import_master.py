"""`bohari import products`, `customers`, `vendors`, `units`, ...: into the centre, from a file."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli import identity
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.progress import progress
from pos_app.language import said
from pos_app.ledger.permission import Permission
from pos_app.office.bringing import masters, singly, stock_counts
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


@command(app, "vendors", AT_WORK, needs(Permission.EDIT_MASTER))
def import_vendors(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,name,phone,address,tax_number,terms_days,active: of whom is bought, a row each.

    Only code must be there, and for a new vendor the name. Who is known already, as a customer say, and
    has days here becomes a vendor too.
    """
    return _singly(office, "vendors", file, strict=strict)


@command(app, "units", AT_WORK, needs(Permission.EDIT_MASTER))
def import_units(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,word,name,local_name,decimals,is,active: units of measure, a row each.

    is says what one of it is: "12 pc", "0.001 kg".
    """
    return _singly(office, "units", file, strict=strict)


@command(app, "promotions", AT_WORK, needs(Permission.EDIT_MASTER))
def import_promotions(office: Office, file: File, *, strict: Strict = False) -> Answer:
    """code,name,kind,amount,take,pay,products,categories,since,until,days,hours,depot,group,on_contracts,active.

    kind is percent, amount, n_for_m or bundle; products (of a bundle 2*SKU) and categories are separated
    by |. What is said otherwise than it stands is promised so from now on.
    """
    return _singly(office, "promotions", file, strict=strict)


@command(app, "stock-count", AT_WORK, somewhere(Permission.STOCK_COUNT))
def import_stock_count(
    office: Office,
    file: File,
    *,
    at: Annotated[str, typer.Option(metavar="PLACE", help="Where it was counted: a place's code.")],
) -> Answer:
    """sku,quantity: what was counted at a place, as one count; all of it or nothing.

    The difference to what the books expect moves the stock. "bohari export stock-count" writes such a file.
    """
    office.address = identity.account()
    outcome = stock_counts.bring(office, at, file)
    lines = [*outcome.lines(), f"{outcome.imported} counted, {outcome.changed} otherwise than the books."]
    if not outcome.is_kept:
        lines[-1] = "Nothing was counted."
    values = {"counted": outcome.imported, "changed": outcome.changed, **outcome.values()}
    return Answer(values, lines, outcome.is_kept)


def _singly(office: Office, noun: str, file: Path, *, strict: bool) -> Answer:
    office.address = identity.account()
    with progress("Rows") as say:
        keeps = strictly if strict else always
        return _answer(singly.bring(office, noun, file, keeps=keeps, say=say), file)


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
