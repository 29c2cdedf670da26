"""Reading products: by barcode, by code, by words, and what stands on the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.price import Price, exact
from pos_app.ledger.product_type import BEHAVIOUR, Behaviour, ProductType, kept_type
from pos_app.ledger.tax import TaxTerms
from pos_app.store.engine.engine import quick, quick_rows
from pos_app.store.engine.letters import folded_sql, like_pattern, order_sql
from pos_app.store.master.categories import Category, all_of, in_order


@dataclass(frozen=True, slots=True)
class Shop:
    """Where and when products are looked at: their stock at a location, their tax on a day (YYYYMMDD)."""

    org_id: int
    location_id: int
    day: int

    def bound(self) -> dict[str, int]:
        """The values of every query."""
        return {"org": self.org_id, "location": self.location_id, "day": self.day}


@dataclass(frozen=True, slots=True)
class Product:
    """A product as a till sells it; `price` in minor units, `stock` in thousandths (None: service)."""

    product_id: int
    sku: str
    name: str
    price: Price
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool
    category: str
    unit: str
    business_id: int
    stocked: bool
    stock: int | None
    type_: ProductType = ProductType.GOODS

    @property
    def behaviour(self) -> Behaviour:
        """What its type does."""
        return BEHAVIOUR[self.type_]


_SELECT: Final = (
    "SELECT p.product_id, p.sku, p.name, p.price, p.tax_code,"
    " coalesce((SELECT r.rate_bp FROM tax_rate AS r WHERE r.org_id = t.org_id AND r.code = t.code"
    " AND r.valid_from <= :day ORDER BY r.valid_from DESC LIMIT 1), 0), t.treatment, p.category,"
    " p.unit, p.business_id, p.stocked, s.quantity, p.price_fine, p.type"
    " FROM product AS p"
    " JOIN tax_code AS t ON t.org_id = p.org_id AND t.code = p.tax_code"
    " LEFT JOIN stock_level AS s ON s.org_id = p.org_id AND s.product_id = p.product_id"
    " AND s.location_id = :location"
)


_ANY_CASE: Final = "lower(p.sku) = lower(:sku)"


def _product(row: Any) -> Product:
    stocked = bool(row[10])
    return Product(
        product_id=int(row[0]),
        sku=row[1],
        name=row[2],
        price=exact(int(row[3]), int(row[12])),
        tax_code=row[4],
        tax_rate_bp=int(row[5]),
        tax_inclusive=row[6] != "exclusive",
        category=row[7],
        unit=row[8],
        business_id=int(row[9]),
        stocked=stocked,
        stock=int(row[11] or 0) if stocked else None,
        type_=kept_type(row[13], row[4], row[7], row[8], stocked=stocked),
    )


def by_barcode(connection: Connection, shop: Shop, barcode: str) -> Product | None:
    """The active product with this barcode."""
    rows = quick_rows(
        connection,
        f"{_SELECT} JOIN product_barcode AS b ON b.org_id = p.org_id AND b.product_id = p.product_id"
        " WHERE b.org_id = :org AND b.barcode = :barcode AND p.active = 1",
        {**shop.bound(), "barcode": barcode},
    )
    return _product(rows[0]) if rows else None


def by_sku(connection: Connection, shop: Shop, sku: str) -> Product | None:
    """The active product with this code, else with one that is alike but for its case."""
    # Nearly every code is as it was typed, or in capitals, and has an index.
    for where, wanted in (("p.sku = :sku", sku), ("p.sku = :sku", sku.upper()), (_ANY_CASE, sku)):
        rows = quick_rows(
            connection,
            f"{_SELECT} WHERE p.org_id = :org AND {where} AND p.active = 1 ORDER BY p.product_id LIMIT 1",
            {**shop.bound(), "sku": wanted},
        )
        if rows:
            return _product(rows[0])
    return None


def by_id(connection: Connection, shop: Shop, product_id: int) -> Product | None:
    """The product with this key, active or not."""
    rows = quick_rows(
        connection,
        f"{_SELECT} WHERE p.org_id = :org AND p.product_id = :product",
        {**shop.bound(), "product": product_id},
    )
    return _product(rows[0]) if rows else None


def barcode_of(connection: Connection, org_id: int, product_id: int) -> str:
    """What a scanner finds a product by; empty where it has no barcode."""
    row = quick(
        connection,
        "SELECT barcode FROM product_barcode WHERE org_id = ? AND product_id = ? AND barcode <> '-'"
        " ORDER BY barcode LIMIT 1",
        org_id,
        product_id,
    ).fetchone()
    return "" if row is None else str(row[0])


def tax_of(connection: Connection, shop: Shop, product_ids: Sequence[int]) -> dict[int, TaxTerms]:
    """How each of these products is taxed on the shop's day, as far as they are known."""
    if not product_ids:
        return {}
    wanted = sorted(set(product_ids))
    rows = quick(
        connection,
        "SELECT p.product_id, t.code, coalesce((SELECT r.rate_bp FROM tax_rate AS r WHERE r.org_id = t.org_id"
        " AND r.code = t.code AND r.valid_from <= ? ORDER BY r.valid_from DESC LIMIT 1), 0), t.treatment"
        " FROM product AS p JOIN tax_code AS t ON t.org_id = p.org_id AND t.code = p.tax_code"
        f" WHERE p.org_id = ? AND p.product_id IN ({', '.join('?' * len(wanted))})",
        shop.day,
        shop.org_id,
        *wanted,
    ).fetchall()
    return {int(row[0]): TaxTerms(row[1], int(row[2]), row[3] != "exclusive") for row in rows}


def search(connection: Connection, shop: Shop, words: str, limit: int) -> list[Product]:
    """Active products whose name or code holds the words, whatever their case and marks, by name."""
    name, sku = (folded_sql(connection, column) for column in ("p.name", "p.sku"))
    rows = connection.execute(
        text(
            f"{_SELECT} WHERE p.org_id = :org AND p.active = 1"
            f" AND ({name} LIKE :pattern ESCAPE '\\' OR {sku} LIKE :pattern ESCAPE '\\')"
            f" ORDER BY {order_sql(connection, 'p.name')}, p.product_id LIMIT :limit"
        ),
        {**shop.bound(), "pattern": like_pattern(words), "limit": limit},
    )
    return [_product(row) for row in rows]


def by_ids(connection: Connection, shop: Shop, product_ids: Sequence[int]) -> list[Product]:
    """The products with these keys, in this order."""
    if not product_ids:
        return []
    keys = ", ".join(str(int(key)) for key in product_ids)
    statement = f"{_SELECT} WHERE p.org_id = :org AND p.product_id IN ({keys})"
    found = {int(row[0]): _product(row) for row in connection.execute(text(statement), shop.bound())}
    return [found[key] for key in product_ids if key in found]


def still_sold(connection: Connection, org_id: int, product_ids: Sequence[int]) -> frozenset[int]:
    """Those of these products that are sold still."""
    if not product_ids:
        return frozenset()
    keys = ", ".join(str(int(key)) for key in product_ids)
    rows = quick(
        connection,
        f"SELECT product_id FROM product WHERE org_id = ? AND active = 1 AND product_id IN ({keys})",
        org_id,
    )
    return frozenset(int(row[0]) for row in rows)


def shelf(connection: Connection, shop: Shop, category: str | None, limit: int) -> list[Product]:
    """What stands on the shelf: a category, or the products marked for the first page.

    Those with a place come in the order of their places, the others after them by name.
    """
    which = "p.on_shelf = 1" if category is None else "p.category = :category"
    rows = connection.execute(
        text(
            f"{_SELECT} WHERE p.org_id = :org AND p.active = 1 AND {which}"
            " ORDER BY p.on_shelf DESC, CASE WHEN p.shelf_place > 0 THEN 0 ELSE 1 END, p.shelf_place,"
            f" {order_sql(connection, 'p.name')}, p.product_id LIMIT :limit"
        ),
        {**shop.bound(), "limit": limit} | ({} if category is None else {"category": category}),
    )
    return [_product(row) for row in rows]


def categories(connection: Connection, org_id: int) -> list[Category]:
    """The categories in use, in the order of the tiles; one without a row of its own stands by its name.

    A till whose centre knows no rows of categories yet has the words of its products alone.
    """
    rows = connection.execute(
        text("SELECT DISTINCT category FROM product WHERE org_id = :org"), {"org": org_id}
    )
    known = {one.name: one for one in all_of(connection, org_id)}
    used = (known.get(row[0], Category(0, row[0], 0, "", 1)) for row in rows if row[0])
    return in_order([one for one in used if one.active])
