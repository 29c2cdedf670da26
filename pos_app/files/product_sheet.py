"""Products as the rows of a file say them, and as a file of them is written."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from pos_app.files import pack_cell
from pos_app.files.barcodes import read_barcodes
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.files.pictures import tile_picture
from pos_app.files.sheet import (
    MOST_CODE,
    MOST_NAME,
    NOTHING,
    Cells,
    Column,
    Sheet,
    needed,
    of_any_case,
    optional,
    plain,
    short,
    shown,
    yes,
    yes_or_no,
)
from pos_app.language import said
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.pack import PackTerms
from pos_app.ledger.price import Price, parse_price, plain_price
from pos_app.ledger.product_type import ProductType, behaviour
from pos_app.ledger.quantity import parse_quantity, plain_quantity
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE
from pos_app.ledger.units import Units
from pos_app.store.master import locations, units
from pos_app.store.organisation import master_import
from pos_app.store.organisation.master_import import DEFAULT_UNIT, is_called_deposit, no_sale_called
from pos_app.store.organisation.product_row import ProductRow

_BETWEEN_LEVELS: Final = "|"
#: More places than this are on no first page.
_MOST_PLACES: Final = 999


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


@dataclass(frozen=True)
class Known:
    """What rows of products may name: tax codes, businesses and vendors by code, and the books' money."""

    money: Currency
    tax_codes: set[str]
    default_tax_code: str
    businesses: dict[str, int]
    vendors: dict[str, int]
    places: dict[str, int] = field(default_factory=dict)
    archived: frozenset[int] = frozenset()
    units: Units = field(default_factory=dict)

    @property
    def at_work(self) -> set[int]:
        """The businesses that are not archived, by key."""
        return set(self.businesses.values()) - self.archived


def known(connection: Connection, org_id: int, money: Currency) -> Known:
    """What there is.  Raises `Refused` where there is no tax code at all."""
    vendors = connection.execute(
        text(
            "SELECT p.code, p.party_id FROM party AS p JOIN party_role AS r ON r.org_id = p.org_id"
            " AND r.party_id = p.party_id WHERE p.org_id = :org AND r.role = :role"
        ),
        {"org": org_id, "role": PartyRole.VENDOR.value},
    )
    return Known(
        money,
        master_import.tax_codes(connection, org_id),
        master_import.default_tax_code(connection, org_id),
        master_import.businesses(connection, org_id),
        {str(row[0]): int(row[1]) for row in vendors},
        {one.code: one.location_id for one in locations.all_of(connection, org_id)},
        frozenset(master_import.businesses(connection, org_id).values())
        - frozenset(master_import.businesses_at_work(connection, org_id).values()),
        units.all_of(connection, org_id),
    )


@dataclass
class Products:
    """The sheet of products of one organisation; what was mended in reading is counted for its notes.

    `pictures` is the folder in which pictures lie that rows name; without it the sheet speaks of none.
    """

    known: Known
    pictures: Path | None = None
    _mended: _Counted = field(default_factory=_Counted)
    _own: _Counted = field(default_factory=_Counted)
    _untaxed: _Counted = field(default_factory=_Counted)
    _deposits: _Counted = field(default_factory=_Counted)
    _vouchers: _Counted = field(default_factory=_Counted)

    def sheet(self) -> Sheet[ProductRow]:
        """Its columns."""
        businesses = {key: code for code, key in self.known.businesses.items()}
        vendors = {0: ""} | {key: code for code, key in self.known.vendors.items()}
        has_pictures = self.pictures is not None
        money = self.known.money
        return Sheet(
            ProductRow,
            (
                Column("sku", "sku", needed("The code (sku)", MOST_CODE)),
                Column("barcode", "barcodes", self._barcodes, BETWEEN_BARCODES.join),
                Column("name", "name", needed("The name", MOST_NAME), shown),
                Column("price", "price", self._price, lambda price: plain_price(price, money)),
                Column("tax_code", "tax_code", self._tax_code),
                Column("category", "category", optional("The category"), shown),
                Column("unit", "unit", self._unit, shown),
                Column("business", "business_id", self._business, lambda key: businesses.get(key, "")),
                Column("active", "active", yes_or_no("active", 1), yes, rare=True),
                Column("on_shelf", "on_shelf", yes_or_no("on_shelf", 0), yes, rare=True),
                Column(
                    "shelf_place", "shelf_place", self._place, lambda at: str(at) if at else "", rare=True
                ),
                Column("supplier", "vendor_id", self._vendor, lambda key: vendors.get(key, ""), rare=True),
                Column("cost", "cost", self._cost, self._cost_text, rare=True),
                Column("type", "type", _type, rare=True),
                Column("stocked", "stocked", _stocked, yes, rare=True),
                Column("empty", "empty", optional("The code of the empty"), rare=True),
                Column("deposit", "deposit", optional("The code of the deposit"), rare=True),
                Column("reorder", "reorder", self._reorder, self._reorder_text, rare=True),
                Column("packs", "packs", self._packs, self._packs_text, rare=True),
                *((Column("picture", "picture", self._picture, shown, rare=True),) if has_pictures else ()),
            ),
        )

    def notes(self) -> list[str]:
        """What a person should know of how rows were read."""
        notes: list[str] = []
        if self._mended.count:
            was, now = self._mended.first
            row, count = self._mended.row, self._mended.count
            notes.append(said("barcodes-mended", count=count, was=was, now=now, row=row))
        if self._own.count:
            (code,) = self._own.first
            notes.append(said("barcodes-own", count=self._own.count, code=code, row=self._own.row))
        if self._deposits.count:
            (first,) = self._deposits.first
            notes.append(
                said("import-deposits", count=self._deposits.count, name=first, row=self._deposits.row)
            )
        if self._vouchers.count:
            (first,) = self._vouchers.first
            notes.append(
                said("import-vouchers", count=self._vouchers.count, name=first, row=self._vouchers.row)
            )
        if self._untaxed.count:
            code = self.known.default_tax_code
            notes.append(said("import-tax-default", count=self._untaxed.count, code=code))
        return notes

    # --- cells --------------------------------------------------------------------------------------

    def _barcodes(self, cell: str, row: Cells) -> tuple[str, ...]:
        found = read_barcodes("" if cell == NOTHING else cell)
        for was, now in found.mended:
            self._mended.add(row.line_no, was, now)
        for code in found.own:
            self._own.add(row.line_no, code)
        for code in found.codes:
            short("The barcode", code, MOST_CODE)
        return found.codes

    def _price(self, cell: str, _: Cells) -> Price:
        price = parse_price(cell, self.known.money, "The price")
        if price < 0:
            raise Refused("price-negative")
        return price

    def _tax_code(self, cell: str, row: Cells) -> str:
        codes, name = self.known.tax_codes, row.told.get("name", "")
        is_deposit = is_called_deposit(name) and DEPOSIT_CODE in codes
        own = behaviour(row.told.get("type", "").strip().lower()).no_sale
        if own and cell in ("", NOTHING):
            return own
        if cell in ("", NOTHING):
            if is_deposit:
                self._deposits.add(row.line_no, name[:40])
                return DEPOSIT_CODE
            if no_sale_called(name) == VOUCHER_CODE and VOUCHER_CODE in codes:
                self._vouchers.add(row.line_no, name[:40])
                return VOUCHER_CODE
            self._untaxed.add(row.line_no)
            return self.known.default_tax_code
        found = of_any_case(cell, codes)
        if found is None:
            raise Refused("tax-code-unknown-of", code=cell[:20], codes=", ".join(sorted(codes)))
        if is_deposit and found != DEPOSIT_CODE:
            raise Refused("deposit-as-income", name=name[:40], code=found)
        return found

    def _unit(self, cell: str, row: Cells) -> str:
        return optional("The unit")(cell, row) or DEFAULT_UNIT

    def _business(self, cell: str, _: Cells) -> int:
        businesses = self.known.businesses
        codes = ", ".join(sorted(businesses))
        if cell in ("", NOTHING):
            if len(self.known.at_work) != 1:
                raise Refused("business-not-named", codes=codes)
            return next(iter(self.known.at_work))
        found = of_any_case(cell, businesses)
        if found is None:
            raise Refused("business-unknown-of", code=cell[:20], codes=codes)
        if businesses[found] not in self.known.at_work:
            raise Refused("business-archived", code=found)
        return businesses[found]

    def _vendor(self, cell: str, _: Cells) -> int:
        if cell in ("", NOTHING):
            return 0
        found = of_any_case(cell, self.known.vendors)
        if found is None:
            raise Refused("supplier-unknown", code=cell[:40])
        return self.known.vendors[found]

    def _cost(self, cell: str, _: Cells) -> int:
        cost = 0 if cell in ("", NOTHING) else parse_money(cell, self.known.money, "The cost")
        if cost < 0:
            raise Refused("cost-negative")
        return cost

    def _cost_text(self, cost: int) -> str:
        return decimal_text(cost, self.known.money) if cost else ""

    def _reorder(self, cell: str, _: Cells) -> tuple[tuple[int, int, int], ...]:
        if cell in ("", NOTHING):
            return ()
        found: dict[int, tuple[int, int, int]] = {}
        for one in cell.split(_BETWEEN_LEVELS):
            place, equals, levels = one.partition("=")
            least, colon, target = levels.partition(":")
            if not (place.strip() and equals and least.strip() and colon and target.strip()):
                raise Refused("reorder-unreadable", text=one[:40])
            code = of_any_case(place.strip(), self.known.places)
            if code is None:
                raise Refused("place-unknown", code=place.strip()[:40])
            key = self.known.places[code]
            found[key] = key, _level(least), _level(target)
            if found[key][1] > found[key][2]:
                raise Refused("reorder-levels-wrong")
        return tuple(found[key] for key in sorted(found))

    def _reorder_text(self, levels: tuple[tuple[int, int, int], ...]) -> str:
        codes = {key: code for code, key in self.known.places.items()}
        return _BETWEEN_LEVELS.join(
            f"{codes[place]}={plain_quantity(least)}:{plain_quantity(target)}"
            for place, least, target in levels
        )

    def _packs(self, cell: str, row: Cells) -> tuple[PackTerms, ...]:
        if cell in ("", NOTHING):
            return ()
        found = pack_cell.read(cell, self.known.units, self.known.money)
        for code in found.own:
            self._own.add(row.line_no, code)
        return found.packs

    def _packs_text(self, packs: tuple[PackTerms, ...]) -> str:
        return pack_cell.write(packs, self.known.units, self.known.money)

    def _picture(self, cell: str, _: Cells) -> str:
        if cell in ("", NOTHING) or self.pictures is None:
            return ""
        return tile_picture(self.pictures / plain(cell))

    def _place(self, cell: str, _: Cells) -> int:
        if cell in ("", NOTHING):
            return 0
        if not (cell.isascii() and cell.isdecimal() and len(cell) <= len(str(_MOST_PLACES))):
            raise Refused("shelf-place-wrong", text=cell[:20], most=_MOST_PLACES)
        return int(cell)


def _level(text: str) -> int:
    """Thousandths; nothing at all is a level too."""
    return 0 if text.strip() in ("0", NOTHING) else parse_quantity(text)


def _type(cell: str, _: Cells) -> str | None:
    """A type; an empty cell leaves it to the marks (tax code, unit, category)."""
    if cell in ("", NOTHING):
        return None
    types = [one.value for one in ProductType]
    found = of_any_case(cell, types)
    if found is None:
        raise Refused("product-type-unknown", type=cell[:20], types=", ".join(types))
    return found


def _stocked(cell: str, row: Cells) -> int | None:
    """Whether goods by meter are counted as stock; of all others the type says it."""
    return None if cell in ("", NOTHING) else yes_or_no("stocked", 1)(cell, row)
