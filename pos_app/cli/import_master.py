"""`bohari import products` and `bohari import customers`: master data into the centre, from CSV."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeVar

import typer
from sqlalchemy import Connection

from pos_app.cli import acting
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.progress import progress
from pos_app.files.csv_file import CsvFile, CsvRow, open_csv
from pos_app.files.master_rows import Products, customer
from pos_app.files.refused_rows import RefusedRow, all_refused, causes
from pos_app.language import said
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.store.documents import audit
from pos_app.store.organisation import master_import
from pos_app.store.organisation.master_import import Brought, CustomerRow, ProductRow

app: Final = noun()

Editor = Annotated[str, typer.Option("--by", help="The code of who changes it, for the audit log.")]

_EVERY: Final = 2_000

Row = TypeVar("Row", ProductRow, CustomerRow)


class _Undo(Exception):
    """Strict, and something was refused: rolls the transaction back and never leaves this module."""


@dataclass
class _Done:
    imported: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@command(app, "products", CENTRE)
def import_products(at: AtCentre, file: File, *, strict: Strict = False, by: Editor = "") -> Answer:
    """sku,barcode,name,price,tax_code,category,unit,business,active (barcodes separated by |).

    Only sku must be there, and for a new product name and price. A column that is not in the file
    changes nothing; an empty cell takes the default (no barcode, no category, pc, the tax code of the
    organisation, its only business, active); so does -, which says it aloud. The barcodes of a row are
    all that the product has: what it had before and the row does not name is free.
    """
    source = open_csv(
        file,
        ("sku",),
        ("name", "price", "tax_code", "barcode", "category", "unit", "business"),
        rare=("active",),
    )
    with at.database.read() as connection:
        products = Products(
            frozenset(source.header),
            at.organisation.currency,
            master_import.tax_codes(connection, at.org_id),
            master_import.default_tax_code(connection, at.org_id),
            master_import.businesses(connection, at.org_id),
        )

    def put(connection: Connection, rows: list[ProductRow]) -> Brought:
        return master_import.put_products(connection, at.org_id, rows)

    done = _import(at, source, products.read, put, strict=strict, by=by)
    done.notes[:0] = products.notes()
    return _answer(done, source, strict=strict)


@command(app, "customers", CENTRE)
def import_customers(at: AtCentre, file: File, *, strict: Strict = False, by: Editor = "") -> Answer:
    """code,name,phone,credit_limit,active.

    Only code must be there, and for a new customer the name. A column that is not in the file changes
    nothing; an empty cell takes the default (no phone, no credit, active); so does -, which says it aloud.
    """
    source = open_csv(file, ("code",), ("name", "phone", "credit_limit"), rare=("active",))
    told = frozenset(source.header)

    def read(row: CsvRow) -> CustomerRow:
        return customer(row, told, at.organisation.currency)

    def put(connection: Connection, rows: list[CustomerRow]) -> Brought:
        return master_import.put_customers(connection, at.org_id, rows)

    return _answer(_import(at, source, read, put, strict=strict, by=by), source, strict=strict)


def _import(
    at: AtCentre,
    source: CsvFile,
    read: Callable[[CsvRow], Row],
    put: Callable[[Connection, list[Row]], Brought],
    *,
    strict: bool,
    by: str,
) -> _Done:
    """Read all, then write all in one transaction: a kill leaves all or nothing."""
    done, org_id = _Done(), at.org_id
    try:
        with progress("Rows") as say, at.database.write() as connection:
            master_import.lock(connection, org_id)
            author = acting.declare(connection, org_id, by, Permission.EDIT_MASTER, at.clock.now())
            rows = _read(source, read, done, say)
            brought = put(connection, rows)
            done.refused += [RefusedRow(one.line_no, one.reason) for one in brought.refusals]
            done.imported = len(rows) - len(brought.refusals)
            if strict and done.refused:
                raise _Undo
            done.notes += _notes(brought)
            audit.write(
                connection,
                org_id=org_id,
                at=at.clock.now(),
                terminal_no=SERVER_TERMINAL_NO,
                person_id=author.person_id,
                address=author.address,
                action="import",
                subject=source.path.name,
                after=f"{done.imported} imported, {len(done.refused)} refused",
            )
    except _Undo:
        done.imported = 0
    return done


def _read(
    source: CsvFile, read: Callable[[CsvRow], Row], done: _Done, say: Callable[[int, int], None]
) -> list[Row]:
    """The rows that are ones; the others are in `done`."""
    ready: list[Row] = []
    for count, row in enumerate(source.rows(), start=1):
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
        "refused": len(done.refused),
        "reasons": [cause.values() for cause in refused],
        "notes": notes,
    }
    lines = [*notes, *(cause.line() for cause in refused)]
    lines.append(f"{done.imported} imported, {len(done.refused)} refused")
    failed = all_refused(done.imported, done.refused) or (strict and bool(done.refused))
    if strict and done.refused:
        lines.append("Nothing was imported: --strict.")
    return Answer(values, lines, not failed)
