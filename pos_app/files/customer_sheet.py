"""Customers as the rows of a file say them, and as a file of them is written."""

from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.files.sheet import (
    MOST_ADDRESS,
    MOST_CODE,
    MOST_NAME,
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
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.tax_number import tax_number
from pos_app.store.master.party_terms import MOST_TERMS_DAYS
from pos_app.store.organisation.master_import import CustomerRow


def _days(cell: str, _: Cells) -> int:
    if cell in ("", NOTHING):
        return 0
    if not cell.isdecimal() or len(cell) > 4 or int(cell) > MOST_TERMS_DAYS:
        raise Refused("not-a-number-of-days", text=cell[:20])
    return int(cell)


def _groups(cell: str, _: Cells) -> tuple[str, ...]:
    """Codes of groups, several as barcodes of a product are written."""
    if cell in ("", NOTHING):
        return ()
    return tuple(one.strip() for one in cell.split(BETWEEN_BARCODES) if one.strip())


def customers(money: Currency) -> Sheet[CustomerRow]:
    """The columns of customers; limits are in the books' money."""

    def limit(cell: str, _: Cells) -> int:
        found = 0 if cell in ("", NOTHING) else parse_money(cell, money, "The credit limit")
        if found < 0:
            raise Refused("credit-limit-negative")
        return found

    def number(cell: str, cells: Cells) -> str:
        return tax_number(optional("The tax number")(cell, cells), money.code)

    def limit_text(amount: int) -> str:
        return decimal_text(amount, money) if amount else ""

    return Sheet(
        CustomerRow,
        (
            Column("code", "code", needed("The code", MOST_CODE)),
            Column("name", "name", needed("The name", MOST_NAME), shown),
            Column("phone", "phone", optional("The phone")),
            Column("credit_limit", "credit_limit", limit, limit_text),
            Column("active", "active", yes_or_no("active", 1), yes, rare=True),
            Column("address", "address", several_lines("The address", MOST_ADDRESS), one_line, rare=True),
            Column("tax_number", "tax_number", number, shown, rare=True),
            Column("terms_days", "terms_days", _days, str, rare=True),
            Column("groups", "groups", _groups, BETWEEN_BARCODES.join, rare=True),
        ),
    )
