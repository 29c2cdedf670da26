"""Contacts and meters of parties as the rows of a file say them, and as a file of them is written."""

from typing import Final

from pos_app.files.sheet import (
    MOST_ADDRESS,
    MOST_CODE,
    NOTHING,
    Cells,
    Column,
    Sheet,
    needed,
    one_line,
    optional,
    several_lines,
    shown,
    yes,
    yes_or_no,
)
from pos_app.ledger.currency import Currency
from pos_app.ledger.price import Price, parse_price, plain_price
from pos_app.ledger.quantity import parse_reading, plain_quantity
from pos_app.store.organisation.party_details import ContactRow, MeterRow

_MOST_LABEL: Final = 40
_MOST_TEXT: Final = 120


def contacts() -> Sheet[ContactRow]:
    """The columns of contacts; the lines of an address are parted by a bar."""
    return Sheet(
        ContactRow,
        (
            Column("code", "code", needed("The code", MOST_CODE)),
            Column("label", "label", needed("The label", _MOST_LABEL), shown),
            Column("name", "name", optional("The name", _MOST_TEXT), shown, rare=True),
            Column("phone", "phone", optional("The phone"), shown, rare=True),
            Column("email", "email", optional("The email", _MOST_TEXT), shown, rare=True),
            Column("address", "address", several_lines("The address", MOST_ADDRESS), one_line, rare=True),
            Column("active", "active", yes_or_no("active", 1), yes, rare=True),
        ),
    )


def meters(money: Currency) -> Sheet[MeterRow]:
    """The columns of meters; rates are in the books' money."""

    def rate(cell: str, _: Cells) -> Price | None:
        return None if cell in ("", NOTHING) else parse_price(cell, money, "The rate")

    def rate_text(price: Price | None) -> str:
        return "" if price is None else plain_price(price, money)

    return Sheet(
        MeterRow,
        (
            Column("code", "code", needed("The code", MOST_CODE)),
            Column("meter", "meter", needed("The meter", MOST_CODE), shown),
            Column("sku", "sku", optional("The product"), rare=True),
            Column("serial", "serial", optional("The serial number", _MOST_LABEL), shown, rare=True),
            Column("first_reading", "first_reading", _reading, plain_quantity, rare=True),
            Column("rate", "rate", rate, rate_text, rare=True),
            Column("active", "active", yes_or_no("active", 1), yes, rare=True),
        ),
    )


def _reading(cell: str, _: Cells) -> int:
    return 0 if cell in ("", NOTHING) else parse_reading(cell)
