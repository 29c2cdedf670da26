"""`bohari export products`, `customers`, `units`, ...: master data as files that the imports read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from sqlalchemy import Connection

from pos_app.cli import acting, identity
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs
from pos_app.files import product_sheet
from pos_app.files.customer_sheet import customers
from pos_app.files.party_sheets import contacts, meters
from pos_app.files.product_sheet import Products
from pos_app.files.sheet import Sheet
from pos_app.files.sheet_writer import write_sheet
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Unavailable
from pos_app.ledger.permission import Permission
from pos_app.office.bringing import singly, stock_counts
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.master import customer_list, pictures, product_list
from pos_app.store.master.product_list import Kept
from pos_app.store.organisation import party_details

app: Final = noun()

Output = Annotated[Path, typer.Argument(metavar="FILE", help="A file that ends in .csv or .xlsx.")]
Row = TypeVar("Row")


@command(app, "products", CENTRE, needs(Permission.SEE_REPORTS))
def export_products(
    at: AtCentre,
    file: Output,
    *,
    with_pictures: Annotated[
        bool, typer.Option("--pictures", help="Their pictures too, in a folder beside the file.")
    ] = False,
) -> Answer:
    """Every product, archived ones too, as “bohari import products” reads it."""
    with at.database.read() as connection:
        known = product_sheet.known(connection, at.org_id, at.organisation.currency)
        found = product_list.all_of(connection, at.org_id)
        if not with_pictures:
            return _written(file, Products(known).sheet(), found)
        folder = file.with_name(f"{file.stem}-pictures")
        return _written(
            file, Products(known, file.parent).sheet(), _with_pictures(connection, at.org_id, found, folder)
        )


def _with_pictures(
    connection: Connection, org_id: int, products: Iterable[Kept], folder: Path
) -> Iterator[Kept]:
    """Each with the name of its picture, which lies in the folder then.  Raises `Unavailable`."""
    try:
        folder.mkdir(exist_ok=True)
        for one in products:
            kept = pictures.of_products(connection, org_id, [one.product_id]).get(one.product_id)
            if kept is None:
                yield one
                continue
            # By its number: a code may hold what no file's name can.
            path = folder / f"{one.product_id}.jpg"
            path.write_bytes(pictures.drawn(kept))
            yield replace(one, picture=f"{folder.name}/{path.name}")
    except OSError as error:
        raise Unavailable("file-unwritable", path=folder, why=error.strerror) from error


@command(app, "customers", CENTRE, needs(Permission.EDIT_MASTER))
def export_customers(at: AtCentre, file: Output) -> Answer:
    """Every customer with telephone and address, as “bohari import customers” reads it."""
    with at.database.read() as connection:
        found = customer_list.all_of(connection, at.org_id)
        answer = _written(file, customers(at.organisation.currency), found)
    _taken_along(at, file, f"{answer.values['exported']} customers")
    return answer


@command(app, "contacts", CENTRE, needs(Permission.EDIT_MASTER))
def export_contacts(at: AtCentre, file: Output) -> Answer:
    """Every contact of every party, as “bohari import contacts” reads it."""
    with at.database.read() as connection:
        answer = _written(file, contacts(), party_details.contacts(connection, at.org_id))
    _taken_along(at, file, f"{answer.values['exported']} contacts")
    return answer


@command(app, "meters", CENTRE, needs(Permission.EDIT_MASTER))
def export_meters(at: AtCentre, file: Output) -> Answer:
    """Every meter at a customer's place, as “bohari import meters” reads it."""
    with at.database.read() as connection:
        found = party_details.meters(connection, at.org_id)
        return _written(file, meters(at.organisation.currency), found)


@command(app, "vendors", AT_WORK, needs(Permission.EDIT_MASTER))
def export_vendors(office: Office, file: Output) -> Answer:
    """Every vendor with telephone and address, as “bohari import vendors” reads it."""
    answer = _singly(office, "vendors", file)
    office.address = identity.account()
    with office.change(Permission.EDIT_MASTER) as books:
        office.note(books, "export", file.name, after=f"{answer.values['exported']} vendors")
    return answer


@command(app, "units", LOOKING, needs(Permission.SEE_REPORTS))
def export_units(office: Office, file: Output) -> Answer:
    """Every unit of measure, as “bohari import units” reads it."""
    return _singly(office, "units", file)


@command(app, "promotions", LOOKING, needs(Permission.SEE_REPORTS))
def export_promotions(office: Office, file: Output) -> Answer:
    """Every promotion, as “bohari import promotions” reads it."""
    return _singly(office, "promotions", file)


@command(app, "stock-count", LOOKING, needs(Permission.SEE_REPORTS))
def export_stock_count(
    office: Office,
    file: Output,
    *,
    at: Annotated[str, typer.Option(metavar="PLACE", help="A place's code.")],
) -> Answer:
    """What lies at a place by the books: to count from, and for “bohari import stock-count”."""
    count = write_sheet(file, stock_counts.COLUMNS, stock_counts.rows(office, at))
    return _told(count, file)


def _singly(office: Office, noun: str, file: Path) -> Answer:
    return _told(write_sheet(file, singly.NOUNS[noun].names, singly.rows(office, noun)), file)


def _told(count: int, file: Path) -> Answer:
    return Answer({"exported": count, "file": str(file)}, [f"{count} rows written to {file}."])


def _taken_along(at: AtCentre, file: Path, what: str) -> None:
    """What is personal leaves the house: the log says who took it along."""
    with at.database.write() as connection:
        acting.declare(connection, at.actor)
        audit.write(
            connection,
            org_id=at.org_id,
            at=at.clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            person_id=at.actor.person_id,
            address=identity.account(),
            action="export",
            subject=file.name,
            after=what,
        )


def _written(file: Path, sheet: Sheet[Row], records: Iterable[object]) -> Answer:
    return _told(write_sheet(file, sheet.names, (sheet.write(record) for record in records)), file)
