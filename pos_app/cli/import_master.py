"""`bohari import products` and `bohari import customers`: master data into the centre, from CSV."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, Final, Protocol, TypeVar

import typer
from sqlalchemy import Connection

from pos_app.cli import acting
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.csv_options import File, Strict
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.progress import progress
from pos_app.devices import barcode
from pos_app.devices.errors import InvalidBarcode
from pos_app.files.csv_file import CsvFile, CsvRow, open_csv
from pos_app.ledger.currency import Currency
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_money
from pos_app.ledger.permission import Permission
from pos_app.store.documents import audit
from pos_app.store.organisation import master_import
from pos_app.store.organisation.master_import import CustomerRow, ProductRow, Refusal

app: Final = noun()

Editor = Annotated[str, typer.Option("--by", help="The code of who changes it, for the audit log.")]

_BATCH: Final = 2_000
_MOST_CODE: Final = 64
_MOST_NAME: Final = 200


class _Numbered(Protocol):
    @property
    def line_no(self) -> int:
        """Where the row stands in its file."""
        ...


Row = TypeVar("Row", bound=_Numbered)


class _Undo(Exception):
    """Strict, and something was refused: rolls the transaction back and never leaves this module."""


@dataclass
class _Done:
    imported: int = 0
    refusals: list[Refusal] = field(default_factory=list)


@command(app, "products", CENTRE)
def import_products(at: AtCentre, file: File, *, strict: Strict = False, by: Editor = "") -> Answer:
    """sku,barcode,name,price,tax_code,category,unit,business (barcodes separated by |)."""
    source = open_csv(file, ("sku", "name", "price", "tax_code"), ("barcode", "category", "unit", "business"))
    with at.database.read() as connection:
        codes = master_import.tax_codes(connection, at.org_id)
        businesses = master_import.businesses(connection, at.org_id)

    def read(row: CsvRow) -> ProductRow:
        return _product(row, at.organisation.currency, codes, businesses)

    def put(connection: Connection, rows: list[ProductRow]) -> list[Refusal]:
        return master_import.put_products(connection, at.org_id, rows)

    return _import(at, source, "sku", read, put, strict=strict, by=by)


@command(app, "customers", CENTRE)
def import_customers(at: AtCentre, file: File, *, strict: Strict = False, by: Editor = "") -> Answer:
    """code,name,phone,credit_limit."""
    source = open_csv(file, ("code", "name"), ("phone", "credit_limit"))

    def read(row: CsvRow) -> CustomerRow:
        return _customer(row, at.organisation.currency)

    def put(connection: Connection, rows: list[CustomerRow]) -> list[Refusal]:
        master_import.put_customers(connection, at.org_id, rows)
        return []

    return _import(at, source, "code", read, put, strict=strict, by=by)


def _import(
    at: AtCentre,
    source: CsvFile,
    code: str,
    read: Callable[[CsvRow], Row],
    put: Callable[[Connection, list[Row]], list[Refusal]],
    *,
    strict: bool,
    by: str,
) -> Answer:
    """Read row by row, write batch by batch, all in one transaction: a kill leaves all or nothing."""
    done, org_id = _Done(), at.org_id
    try:
        with progress("Rows") as say, at.database.write() as connection:
            master_import.lock(connection, org_id)
            author = acting.declare(connection, org_id, by, Permission.EDIT_MASTER, at.clock.now())
            for batch in _batches(source.rows(), code, read, done.refusals):
                refusals = put(connection, batch)
                done.refusals += refusals
                done.imported += len(batch) - len(refusals)
                say(done.imported + len(done.refusals), 0)
            if strict and done.refusals:
                raise _Undo
            audit.write(
                connection,
                org_id=org_id,
                at=at.clock.now(),
                terminal_no=SERVER_TERMINAL_NO,
                person_id=author.person_id,
                address=author.address,
                action="import",
                subject=source.path.name,
                after=f"{done.imported} imported, {len(done.refusals)} refused",
            )
    except _Undo:
        done.imported = 0
    return _answer(done, source, strict=strict)


def _batches(
    rows: Iterable[CsvRow], code: str, read: Callable[[CsvRow], Row], refusals: list[Refusal]
) -> Iterable[list[Row]]:
    seen: dict[str, int] = {}
    batch: list[Row] = []
    for row in rows:
        try:
            if row.reason:
                raise Refused(row.reason)
            ready = read(row)
            name = row.values[code]
            if name in seen:
                raise Refused("stands-in-row-already", name=name[:40], row=seen[name])
        except Refused as error:
            refusals.append(Refusal(row.line_no, error.sentence))
            continue
        seen[name] = row.line_no
        batch.append(ready)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _answer(done: _Done, source: CsvFile, *, strict: bool) -> Answer:
    refusals = sorted(done.refusals)
    values = {
        "imported": done.imported,
        "refused": len(refusals),
        "reasons": [{"row": refusal.line_no, "reason": refusal.reason} for refusal in refusals],
        "notes": source.notes,
    }
    lines = [*source.notes, *(f"Row {refusal.line_no}: {refusal.reason}" for refusal in refusals)]
    lines.append(f"{done.imported} imported, {len(refusals)} refused")
    failed = strict and bool(refusals)
    if failed:
        lines.append("Nothing was imported: --strict.")
    return Answer(values, lines, not failed)


def _product(row: CsvRow, money: Currency, codes: set[str], businesses: dict[str, int]) -> ProductRow:
    values = row.values
    sku = _short("The code (sku)", values["sku"], _MOST_CODE)
    name = _short("The name", values["name"], _MOST_NAME)
    price = parse_money(values["price"], money, "The price")
    if price < 0:
        raise Refused("price-negative")
    tax_code = values["tax_code"]
    if tax_code not in codes:
        raise Refused("tax-code-unknown-of", code=tax_code[:20], codes=", ".join(sorted(codes)))
    business = values["business"]
    if not business and len(businesses) > 1:
        raise Refused("business-not-named", codes=", ".join(sorted(businesses)))
    business_id = businesses.get(business) if business else next(iter(businesses.values()))
    if business_id is None:
        raise Refused("business-unknown-of", code=business[:20], codes=", ".join(sorted(businesses)))
    return ProductRow(
        row.line_no,
        sku,
        _barcodes(values["barcode"]),
        name,
        price,
        tax_code,
        _short("The category", values["category"], _MOST_CODE, needed=False),
        _short("The unit", values["unit"], _MOST_CODE, needed=False) or "pc",
        business_id,
    )


def _barcodes(text: str) -> tuple[str, ...]:
    """Several barcodes separated by |; each as 13 digits where it is a GTIN, as a scan looks it up."""
    found = []
    for part in text.split("|"):
        if not part.strip():
            continue
        try:
            one = barcode.classify(part)
        except InvalidBarcode as error:
            raise Refused(error.said) from error
        found.append(one.gtin or one.text)
    return tuple(dict.fromkeys(found))


def _customer(row: CsvRow, money: Currency) -> CustomerRow:
    values = row.values
    limit = values["credit_limit"]
    credit_limit = parse_money(limit, money, "The credit limit") if limit else 0
    if credit_limit < 0:
        raise Refused("credit-limit-negative")
    return CustomerRow(
        row.line_no,
        _short("The code", values["code"], _MOST_CODE),
        _short("The name", values["name"], _MOST_NAME),
        _short("The phone", values["phone"], _MOST_CODE, needed=False),
        credit_limit,
    )


def _short(what: str, text: str, most: int, *, needed: bool = True) -> str:
    if needed and not text:
        raise Refused("value-missing", what=what)
    if len(text) > most:
        raise Refused("value-too-long", what=what, most=most)
    if not text.isprintable():
        raise Refused("value-unprintable", what=what)
    return text
