"""`bohari import products` and `bohari import customers`: master data into the centre, from CSV."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from pos_app.cli import acting, identity
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs
from pos_app.cli.progress import progress
from pos_app.files import product_sheet
from pos_app.files.csv_file import CsvFile, CsvRow, open_csv
from pos_app.files.customer_sheet import customers
from pos_app.files.party_sheets import contacts, meters
from pos_app.files.product_sheet import Products
from pos_app.files.refused_rows import RefusedRow, all_refused, causes
from pos_app.files.sheet import Sheet
from pos_app.language import said
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.store.documents import audit
from pos_app.store.organisation import master_import, party_details
from pos_app.store.organisation.master_import import Brought, CustomerRow
from pos_app.store.organisation.party_details import ContactRow, MeterRow
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables.columns import micros

app: Final = noun()

_EVERY: Final = 2_000

Row = TypeVar("Row", ProductRow, CustomerRow, ContactRow, MeterRow)


class _Undo(Exception):
    """Strict, and something was refused: rolls the transaction back and never leaves this module."""


@dataclass
class _Done:
    imported: int = 0
    unchanged: int = 0
    rows: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@command(app, "products", CENTRE, needs(Permission.EDIT_MASTER))
def import_products(at: AtCentre, file: File, *, strict: Strict = False) -> Answer:
    """sku,barcode,name,price,tax_code,category,unit,business,active (barcodes separated by |).

    Also on_shelf, shelf_place (1 is first), supplier, cost, type, stocked (of metered goods),
    empty and deposit (of returnable ones), reorder (PLACE=LEAST:TARGET, separated by |) and picture (a PNG
    or JPEG, named as it lies beside the file). Only sku must be there, and for a new
    product name and price. A column that is not in the file
    changes nothing; an empty cell takes the default (no barcode, no category, pc, the tax code of the
    organisation, its only business, active); so does -, which says it aloud. The barcodes of a row are
    all that the product has: what it had before and the row does not name is free.
    """
    with at.database.read() as connection:
        known = product_sheet.known(connection, at.org_id, at.organisation.currency)
        products = Products(known, pictures=file.parent)
    sheet = products.sheet()
    source = _opened(file, sheet)

    def put(connection: Connection, rows: list[ProductRow]) -> Brought:
        return master_import.put_products(connection, at.org_id, rows)

    done = _import(at, source, _reader(sheet, source), put, strict=strict)
    done.notes[:0] = products.notes()
    return _answer(done, source, strict=strict)


@command(app, "customers", CENTRE, needs(Permission.EDIT_MASTER))
def import_customers(at: AtCentre, file: File, *, strict: Strict = False) -> Answer:
    """code,name,phone,credit_limit,active.

    Also address and tax_number, for papers, terms_days and groups (of prices, separated by |).
    Only code must be there, and for a new customer the name. A column that is not in the file
    changes nothing; an empty cell takes the default (no phone, no credit, active); so does -,
    which says it aloud.
    """
    sheet = customers(at.organisation.currency)
    source = _opened(file, sheet)

    def put(connection: Connection, rows: list[CustomerRow]) -> Brought:
        return master_import.put_customers(connection, at.org_id, rows, micros(at.clock.now()))

    return _answer(_import(at, source, _reader(sheet, source), put, strict=strict), source, strict=strict)


@command(app, "contacts", CENTRE, needs(Permission.EDIT_MASTER))
def import_contacts(at: AtCentre, file: File, *, strict: Strict = False) -> Answer:
    """code,label,name,phone,email,address,active: people and places of parties, a row each.

    code is the party's, label says what the contact is for (delivery, billing).
    """
    sheet = contacts()
    source = _opened(file, sheet)

    def put(connection: Connection, rows: list[ContactRow]) -> Brought:
        return party_details.put_contacts(connection, at.org_id, rows)

    return _answer(_import(at, source, _reader(sheet, source), put, strict=strict), source, strict=strict)


@command(app, "meters", CENTRE, needs(Permission.EDIT_MASTER))
def import_meters(at: AtCentre, file: File, *, strict: Strict = False) -> Answer:
    """code,meter,sku,serial,first_reading,rate,active: meters at customers' places, a row each.

    code is the customer's; rate is what is agreed with them for the product, with up to four decimals
    beyond those of the currency.
    """
    sheet = meters(at.organisation.currency)
    source = _opened(file, sheet)

    def put(connection: Connection, rows: list[MeterRow]) -> Brought:
        return party_details.put_meters(connection, at.org_id, rows)

    return _answer(_import(at, source, _reader(sheet, source), put, strict=strict), source, strict=strict)


def _opened(file: Path, sheet: Sheet[Row]) -> CsvFile:
    """Raises `Refused` for a file of codes alone: a heading is misspelt, and nothing would be imported."""
    code, *others = sheet.names
    source = open_csv(file, (code,), sheet.optional(rare=False), rare=sheet.optional(rare=True))
    if not any(name in source.header for name in others):
        raise Refused("csv-says-nothing", file=source.path.name, wanted=", ".join(others))
    return source


def _reader(sheet: Sheet[Row], source: CsvFile) -> Callable[[CsvRow], Row]:
    told = frozenset(source.header)
    return lambda row: sheet.read(row, told)


def _import(
    at: AtCentre,
    source: CsvFile,
    read: Callable[[CsvRow], Row],
    put: Callable[[Connection, list[Row]], Brought],
    *,
    strict: bool,
) -> _Done:
    """Read all, then write all in one transaction: a kill leaves all or nothing."""
    done, org_id = _Done(), at.org_id
    try:
        with progress("Rows") as say, at.database.write() as connection:
            master_import.lock(connection, org_id)
            acting.declare(connection, at.actor)
            rows = _read(source, read, done, say)
            brought = put(connection, rows)
            done.refused += [RefusedRow(one.line_no, one.reason) for one in brought.refusals]
            done.imported = len(rows) - len(brought.refusals)
            done.unchanged = done.imported - brought.changed
            if strict and done.refused:
                raise _Undo
            done.notes += _notes(brought)
            audit.write(
                connection,
                org_id=org_id,
                at=at.clock.now(),
                terminal_no=SERVER_TERMINAL_NO,
                person_id=at.actor.person_id,
                address=identity.account(),
                action="import",
                subject=source.path.name,
                after=f"{done.imported} imported, {len(done.refused)} refused",
            )
    except _Undo:
        done.imported = done.unchanged = 0
    return done


def _read(
    source: CsvFile, read: Callable[[CsvRow], Row], done: _Done, say: Callable[[int, int], None]
) -> list[Row]:
    """The rows that are ones; the others are in `done`."""
    ready: list[Row] = []
    for count, row in enumerate(source.rows(), start=1):
        done.rows = count
        try:
            if row.reason:
                raise Refused(row.reason)
            ready.append(read(row))
        except Refused as error:
            done.refused.append(RefusedRow(row.line_no, error.said))
        if count % _EVERY == 0:
            say(count, 0)
    return ready


def _notes(brought: Brought) -> list[str]:
    """What a person should know of what was done beyond what the file says."""
    notes: list[str] = []
    if brought.freed:
        notes.append(said("barcodes-freed", count=len(brought.freed), code=brought.freed[0]))
    if brought.out_of_use:
        code = brought.out_of_use[0]
        notes.append(said("import-out-of-use", count=len(brought.out_of_use), code=code))
    return notes


def _answer(done: _Done, source: CsvFile, *, strict: bool) -> Answer:
    refused = causes(done.refused)
    notes = [*source.notes, *done.notes]
    values = {
        "imported": done.imported,
        "unchanged": done.unchanged,
        "refused": len(done.refused),
        "reasons": [cause.values() for cause in refused],
        "notes": notes,
    }
    lines = [*notes, *(cause.line() for cause in refused)]
    if not done.rows:
        lines.append(said("import-no-rows", file=source.path.name))
    elif done.unchanged:
        changed = done.imported - done.unchanged
        lines.append(f"{changed} imported, {done.unchanged} unchanged, {len(done.refused)} refused")
    else:
        lines.append(f"{done.imported} imported, {len(done.refused)} refused")
    failed = all_refused(done.imported, done.refused) or (strict and bool(done.refused))
    if strict and done.refused:
        lines.append("Nothing was imported: --strict.")
    return Answer(values, lines, not failed)
