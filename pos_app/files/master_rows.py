"""Products and customers as the rows of a file say them.

A column that the file has not says nothing (None); an empty cell asks for the default, and so does `-`, for
who wants to see that it was meant.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from pos_app.files.barcodes import read_barcodes
from pos_app.files.csv_file import CsvRow
from pos_app.language import said
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_money
from pos_app.store.organisation.master_import import DEFAULT_UNIT, CustomerRow, ProductRow

#: An empty cell that is meant.
NOTHING: Final = "-"
_MOST_CODE: Final = 64
_MOST_NAME: Final = 200
_YES: Final = frozenset(("yes", "y", "true", "1", "ndiyo", "active"))
_NO: Final = frozenset(("no", "n", "false", "0", "hapana", "inactive"))


@dataclass
class _Counted:
    """Something that was done to several rows: how often, and the first time."""

    count: int = 0
    first: tuple[str, ...] = ()
    row: int = 0

    def add(self, row: int, *what: str) -> None:
        if not self.count:
            self.first, self.row = what, row
        self.count += 1


@dataclass
class Products:
    """Reads products by the columns that a file tells, the tax codes and the businesses that there are."""

    told: frozenset[str]
    money: Currency
    tax_codes: set[str]
    default_tax_code: str
    businesses: dict[str, int]
    _mended: _Counted = field(default_factory=_Counted)
    _own: _Counted = field(default_factory=_Counted)
    _untaxed: _Counted = field(default_factory=_Counted)

    def read(self, row: CsvRow) -> ProductRow:
        """A row as a product.  Raises `Refused`."""
        told = {name: row.values[name] for name in self.told & row.values.keys()}
        return ProductRow(
            row.line_no,
            _short("The code (sku)", row.values["sku"], _MOST_CODE),
            self._barcodes(row.line_no, told["barcode"]) if "barcode" in told else None,
            _short("The name", told["name"], _MOST_NAME) if "name" in told else None,
            self._price(told["price"]) if "price" in told else None,
            self._tax_code(row.line_no, told["tax_code"]) if "tax_code" in told else None,
            _optional("The category", told["category"]) if "category" in told else None,
            (_optional("The unit", told["unit"]) or DEFAULT_UNIT) if "unit" in told else None,
            self._business(told["business"]) if "business" in told else None,
            active=_active(told["active"]) if "active" in told else None,
        )

    def notes(self) -> list[str]:
        """What a person should know of how the file was read."""
        notes: list[str] = []
        if self._mended.count:
            was, now = self._mended.first
            row, count = self._mended.row, self._mended.count
            notes.append(said("barcodes-mended", count=count, was=was, now=now, row=row))
        if self._own.count:
            (code,) = self._own.first
            notes.append(said("barcodes-own", count=self._own.count, code=code, row=self._own.row))
        if self._untaxed.count:
            notes.append(said("import-tax-default", count=self._untaxed.count, code=self.default_tax_code))
        return notes

    def _barcodes(self, line_no: int, cell: str) -> tuple[str, ...]:
        found = read_barcodes("" if cell == NOTHING else cell)
        for was, now in found.mended:
            self._mended.add(line_no, was, now)
        for code in found.own:
            self._own.add(line_no, code)
        for code in found.codes:
            _short("The barcode", code, _MOST_CODE)
        return found.codes

    def _price(self, cell: str) -> int:
        price = parse_money(cell, self.money, "The price")
        if price < 0:
            raise Refused("price-negative")
        return price

    def _tax_code(self, line_no: int, cell: str) -> str:
        if cell in ("", NOTHING):
            self._untaxed.add(line_no)
            return self.default_tax_code
        found = _of_any_case(cell, self.tax_codes)
        if found is None:
            known = ", ".join(sorted(self.tax_codes))
            raise Refused("tax-code-unknown-of", code=cell[:20], codes=known)
        return found

    def _business(self, cell: str) -> int:
        known = ", ".join(sorted(self.businesses))
        if cell in ("", NOTHING):
            if len(self.businesses) > 1:
                raise Refused("business-not-named", codes=known)
            return next(iter(self.businesses.values()))
        found = _of_any_case(cell, self.businesses)
        if found is None:
            raise Refused("business-unknown-of", code=cell[:20], codes=known)
        return self.businesses[found]


def customer(row: CsvRow, told_columns: frozenset[str], money: Currency) -> CustomerRow:
    """A row as a customer.  Raises `Refused`."""
    told = {name: row.values[name] for name in told_columns & row.values.keys()}
    return CustomerRow(
        row.line_no,
        _short("The code", row.values["code"], _MOST_CODE),
        _short("The name", told["name"], _MOST_NAME) if "name" in told else None,
        _optional("The phone", told["phone"]) if "phone" in told else None,
        _credit_limit(told["credit_limit"], money) if "credit_limit" in told else None,
        _active(told["active"]) if "active" in told else None,
    )


def _credit_limit(cell: str, money: Currency) -> int:
    limit = 0 if cell in ("", NOTHING) else parse_money(cell, money, "The credit limit")
    if limit < 0:
        raise Refused("credit-limit-negative")
    return limit


def _active(cell: str) -> int:
    word = cell.lower()
    if word in _NO:
        return 0
    if word and word != NOTHING and word not in _YES:
        raise Refused("import-neither-yes-nor-no", text=cell[:20], column="active")
    return 1


def _of_any_case(cell: str, codes: Collection[str]) -> str | None:
    """The code that is spelt like this, else the one that is alike but for its case."""
    if cell in codes:
        return cell
    alike = sorted(code for code in codes if code.casefold() == cell.casefold())
    return alike[0] if alike else None


def _optional(what: str, cell: str) -> str:
    return "" if cell == NOTHING else _short(what, cell, _MOST_CODE, needed=False)


def _short(what: str, text: str, most: int, *, needed: bool = True) -> str:
    if needed and not text:
        raise Refused("value-missing", what=what)
    if len(text) > most:
        raise Refused("value-too-long", what=what, most=most)
    if not text.isprintable():
        raise Refused("value-unprintable", what=what)
    return text
