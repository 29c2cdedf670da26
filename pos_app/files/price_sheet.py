"""The prices of a list as a file has them: sku, price, from_quantity, valid_from."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pos_app.files.csv_file import CsvRow, open_csv
from pos_app.files.sheet import MOST_CODE, Cells, Column, Sheet, needed, optional, shown
from pos_app.files.sheet_writer import write_sheet
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.price import Price, parse_price, plain_price
from pos_app.ledger.quantity import parse_quantity, plain_quantity


class PriceRow(NamedTuple):
    """A price of a product (its code), from so many on (thousandths); `valid_from` as it is written."""

    sku: str
    price: Price
    from_quantity: int = 0
    valid_from: str = ""


def prices(money: Currency) -> Sheet[PriceRow]:
    """The columns of a price list."""

    def quantity(cell: str, _: Cells) -> int:
        return 0 if cell in ("", "0") else parse_quantity(cell)

    return Sheet(
        _row,
        (
            Column("sku", "sku", needed("The product's code", MOST_CODE), shown),
            Column(
                "price",
                "price",
                lambda cell, _: parse_price(cell, money),
                lambda one: plain_price(one, money),
            ),
            Column(
                "from_quantity", "from_quantity", quantity, lambda many: plain_quantity(many) if many else ""
            ),
            Column("valid_from", "valid_from", optional("The moment")),
        ),
    )


def _row(_: int, sku: str, price: Price, from_quantity: int = 0, valid_from: str = "") -> PriceRow:
    return PriceRow(sku, price, from_quantity, valid_from)


def read_prices(path: Path, money: Currency) -> Iterator[PriceRow]:
    """The rows of a file, one after another.

    Raises `Refused` for the first that is none, with its number: half a list would be sold by.
    """
    sheet = prices(money)
    source = open_csv(path, sheet.names[:2], sheet.names[2:])
    for row in source.rows():
        try:
            yield _read(sheet, row)
        except BohariError as error:
            raise Refused("price-row-refused", row=row.line_no, reason=error.sentence) from None


def _read(sheet: Sheet[PriceRow], row: CsvRow) -> PriceRow:
    if row.reason:
        raise Refused("price-row-unreadable", reason=row.reason)
    return sheet.read(row, row.values)


def write_prices(path: Path, rows: Iterable[PriceRow], money: Currency) -> int:
    """Write a CSV file or a workbook that `read_prices` reads as it was; says how many rows.

    Raises `Refused` for another ending of the name, `Unavailable` where it cannot be written.
    """
    sheet = prices(money)
    return write_sheet(path, sheet.names, (sheet.write(one) for one in rows))
