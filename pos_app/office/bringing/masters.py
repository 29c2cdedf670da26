"""Products, customers, contacts and meters of a file, brought into the centre in one transaction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from pos_app.files import product_sheet
from pos_app.files.csv_file import AS_IT_SAYS, Chosen, CsvFile, open_csv
from pos_app.files.customer_sheet import customers
from pos_app.files.party_sheets import contacts, meters
from pos_app.files.product_sheet import Products
from pos_app.files.refused_rows import RefusedRow
from pos_app.files.sheet import Sheet
from pos_app.language import said
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.bringing.outcome import Change, Keeps, Outcome, Undo, always, nobody_listens
from pos_app.office.office import Office
from pos_app.store.master import customer_list, product_list
from pos_app.store.organisation import master_import, party_details
from pos_app.store.organisation.master_import import Brought
from pos_app.store.tables.columns import micros

Row = TypeVar("Row")

#: Progress is told once in so many rows.
_EVERY: Final = 2_000
#: So many changes are told before they are made.
MOST_CHANGES: Final = 20


class Way(NamedTuple, Generic[Row]):
    """How rows of one noun are read and written; `stands` gives what there is under a code, by column, and
    `notes` tells what was mended in reading.
    """

    sheet: Sheet[Row]
    put: Callable[[Connection, list[Row]], Brought]
    stands: Callable[[Connection, tuple[str, ...]], object | None]
    notes: Callable[[], list[str]] = list


def _products(office: Office, pictures: Path | None) -> Way[Any]:
    with office.read() as books:
        known = product_sheet.known(books.connection, books.org_id, office.organisation.currency)
    products = Products(known, pictures=pictures)
    return Way(
        products.sheet(),
        lambda connection, rows: master_import.put_products(connection, office.org_id, rows),
        lambda connection, code: product_list.by_sku(connection, office.org_id, code[0]),
        products.notes,
    )


def _customers(office: Office, _: Path | None) -> Way[Any]:
    return Way(
        customers(office.organisation.currency),
        lambda connection, rows: master_import.put_customers(
            connection, office.org_id, rows, micros(office.clock.now())
        ),
        lambda connection, code: customer_list.by_code(connection, office.org_id, code[0]),
    )


def _contacts(office: Office, _: Path | None) -> Way[Any]:
    return Way(
        contacts(),
        lambda connection, rows: party_details.put_contacts(connection, office.org_id, rows),
        lambda connection, code: party_details.contact(connection, office.org_id, *code),
    )


def _meters(office: Office, _: Path | None) -> Way[Any]:
    return Way(
        meters(office.organisation.currency),
        lambda connection, rows: party_details.put_meters(connection, office.org_id, rows),
        lambda connection, code: party_details.meter(connection, office.org_id, *code),
    )


WAYS: Final[dict[str, Callable[[Office, Path | None], Way[Any]]]] = {
    "products": _products,
    "customers": _customers,
    "contacts": _contacts,
    "meters": _meters,
}


def bring(
    office: Office,
    noun: str,
    path: Path,
    *,
    keeps: Keeps = always,
    chosen: Chosen = AS_IT_SAYS,
    pictures: Path | None = None,
    say: Callable[[int, int], None] = nobody_listens,
) -> Outcome:
    """Read all rows, then write all in one transaction: a kill leaves all or nothing, and so does `keeps`.

    `pictures` is the folder in which pictures lie that rows of products name.  Raises `Refused` for a file
    that is none of this noun, and when who acts may not.
    """
    way = WAYS[noun](office, pictures)
    source = opened(path, way.sheet, chosen)
    outcome = Outcome()
    try:
        with office.change(Permission.EDIT_MASTER) as books:
            master_import.lock(books.connection, books.org_id)
            rows = _read(source, way.sheet, outcome, say)
            brought = way.put(books.connection, rows)
            outcome.refused += [RefusedRow(one.line_no, one.reason) for one in brought.refusals]
            outcome.imported = len(rows) - len(brought.refusals)
            outcome.unchanged = outcome.imported - brought.changed
            outcome.added = brought.added
            outcome.changes = _changes(office, books.connection, way, brought)
            outcome.notes = [*source.notes, *way.notes(), *_notes(brought)]
            if not keeps(outcome):
                raise Undo
            count = f"{outcome.imported} imported, {len(outcome.refused)} refused"
            office.note(books, "import", source.path.name, after=count)
        outcome.is_kept = True
    except Undo:
        pass
    return outcome


def opened(path: Path, sheet: Sheet[Row], chosen: Chosen = AS_IT_SAYS) -> CsvFile:
    """Raises `Refused` for a file of codes alone: a heading is misspelt, and nothing would be imported."""
    code, *others = sheet.names
    usual, rare = sheet.optional(rare=False), sheet.optional(rare=True)
    source = open_csv(path, (code,), usual, rare=rare, chosen=chosen)
    if not any(name in source.header for name in others):
        raise Refused("csv-says-nothing", file=source.path.name, wanted=", ".join(others))
    return source


def _read(source: CsvFile, sheet: Sheet[Row], outcome: Outcome, say: Callable[[int, int], None]) -> list[Row]:
    """The rows that are ones; the others are in the outcome."""
    ready: list[Row] = []
    told = frozenset(source.header)
    for count, row in enumerate(source.rows(), start=1):
        outcome.rows = count
        try:
            if row.reason:
                raise Refused(row.reason)
            ready.append(sheet.read(row, told))
        except Refused as error:
            outcome.refused.append(RefusedRow(row.line_no, error.said))
        if count % _EVERY == 0:
            say(count, 0)
    return ready


def _changes(office: Office, connection: Connection, way: Way[Any], brought: Brought) -> list[Change]:
    """The first of what is otherwise now, column by column; what others see still is what was before."""
    found: list[Change] = []
    with office.read() as books:
        for code in brought.edited[:MOST_CHANGES]:
            before, after = way.stands(books.connection, code), way.stands(connection, code)
            stood = [""] * len(way.sheet.names) if before is None else way.sheet.write(before)
            comes = [""] * len(way.sheet.names) if after is None else way.sheet.write(after)
            cells = zip(way.sheet.names, stood, comes, strict=True)
            found.append(Change(" ".join(code), tuple(one for one in cells if one[1] != one[2])))
    return found


def _notes(brought: Brought) -> list[str]:
    """What a person should know of what was done beyond what the file says."""
    notes: list[str] = []
    if brought.freed:
        notes.append(said("barcodes-freed", count=len(brought.freed), code=brought.freed[0]))
    if brought.out_of_use:
        code = brought.out_of_use[0]
        notes.append(said("import-out-of-use", count=len(brought.out_of_use), code=code))
    return notes
