"""The products as the office keeps them: all that is said of each, in one row, as a file of them has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.pack import PackTerms
from pos_app.ledger.price import Price, exact
from pos_app.store.engine.letters import folded_sql, like_pattern
from pos_app.store.master import packs

_SELECT: Final = (
    "SELECT p.product_id, p.sku, p.name, p.price, p.price_fine, p.tax_code, p.category, p.unit,"
    " p.business_id, p.stocked, p.on_shelf, p.shelf_place, p.active, coalesce(s.vendor_id, 0),"
    " coalesce(s.cost, 0), b.barcodes, p.type, coalesce(e.sku, ''), coalesce(d.sku, ''), o.levels, k.packs"
    " FROM product AS p"
    " LEFT JOIN product_supply AS s ON s.org_id = p.org_id AND s.product_id = p.product_id"
    " LEFT JOIN LATERAL (SELECT array_agg(c.barcode ORDER BY c.barcode) AS barcodes"
    " FROM product_barcode AS c WHERE c.org_id = p.org_id AND c.product_id = p.product_id) AS b ON true"
    " LEFT JOIN LATERAL (SELECT array_agg(ARRAY[l.location_id, l.minimum, l.target] ORDER BY l.location_id)"
    " AS levels FROM reorder_level AS l WHERE l.org_id = p.org_id AND l.product_id = p.product_id"
    " AND l.active = 1) AS o ON true"
    " LEFT JOIN LATERAL (SELECT array_agg(ARRAY[w.unit_code, w.quantity::text, w.price::text,"
    f" {packs.barcodes_sql('w')}] ORDER BY w.quantity, w.unit_code) AS packs FROM product_pack AS w"
    " WHERE w.org_id = p.org_id AND w.product_id = p.product_id AND w.active = 1) AS k ON true"
    " LEFT JOIN returnable_pair AS r ON r.org_id = p.org_id AND r.product_id = p.product_id"
    " LEFT JOIN product AS e ON e.org_id = r.org_id AND e.product_id = r.empty_id"
    " LEFT JOIN product AS d ON d.org_id = r.org_id AND d.product_id = r.deposit_id WHERE p.org_id = :org"
)
_EVERY: Final = 2_000
#: No code comes after it.
_LAST: Final = "\U0010ffff" * 4


@dataclass(frozen=True, slots=True)
class Kept:
    """One product; `price` and `cost` (0: not said) of one, in minor units of the base currency.

    `vendor_id` is 0 where nobody in particular is named; `empty` and `deposit` are codes of other products.
    `reorder` are place, least and target (thousandths); `picture` is what a file calls it, where it is asked.
    """

    product_id: int
    sku: str
    name: str
    price: Price
    tax_code: str
    category: str
    unit: str
    business_id: int
    stocked: int
    on_shelf: int
    shelf_place: int
    active: int
    vendor_id: int
    cost: int
    barcodes: tuple[str, ...]
    type: str
    empty: str
    deposit: str
    reorder: tuple[tuple[int, int, int], ...] = ()
    packs: tuple[PackTerms, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products: whose name or code holds the words, of a category (None: any), archived or not
    (None: both), only such as are packed, whose code comes after another (`backwards` before it, the last
    first), read so many at a time.
    """

    words: str = ""
    category: str | None = None
    archived: bool | None = None
    after: str = ""
    batch: int = _EVERY
    packed: bool = False
    backwards: bool = False


def by_sku(connection: Connection, org_id: int, sku: str) -> Kept | None:
    """The product with this code, else with one that is alike but for its case; archived or not."""
    row = connection.execute(
        text(
            f"{_SELECT} AND lower(p.sku) = lower(:sku)"
            " ORDER BY CASE WHEN p.sku = :sku THEN 0 ELSE 1 END, p.product_id LIMIT 1"
        ),
        {"org": org_id, "sku": sku},
    ).one_or_none()
    return None if row is None else _kept(row)


def all_of(connection: Connection, org_id: int, wanted: Wanted | None = None) -> Iterator[Kept]:
    """Products by code, read a batch at a time."""
    wanted = wanted or Wanted()
    where, values = "", {"org": org_id, "pattern": like_pattern(wanted.words), "category": wanted.category}
    if wanted.words.strip():
        name, sku = (folded_sql(connection, column) for column in ("p.name", "p.sku"))
        where += f" AND ({name} LIKE :pattern ESCAPE '\\' OR {sku} LIKE :pattern ESCAPE '\\')"
    if wanted.category is not None:
        where += " AND lower(p.category) = lower(:category)"
    if wanted.archived is not None:
        where += " AND p.active = 0" if wanted.archived else " AND p.active <> 0"
    if wanted.packed:
        where += " AND k.packs IS NOT NULL"
    order = " DESC" if wanted.backwards else ""
    after: tuple[str, int] = (wanted.after, 2**62 if wanted.after else 0)
    if wanted.backwards:
        after = (wanted.after, 0) if wanted.after else (_LAST, 0)
    while True:
        rows = connection.execute(
            text(
                f'{_SELECT}{where} AND (p.sku COLLATE "C", p.product_id)'
                f" {'<' if wanted.backwards else '>'} (:after_sku, :after_id)"
                f' ORDER BY p.sku COLLATE "C"{order}, p.product_id{order} LIMIT {wanted.batch}'
            ),
            {**values, "after_sku": after[0], "after_id": after[1]},
        ).all()
        yield from (_kept(row) for row in rows)
        if len(rows) < wanted.batch:
            return
        after = str(rows[-1][1]), int(rows[-1][0])


def _terms(cells: list[str]) -> PackTerms:
    unit, size, price, barcodes = cells
    return PackTerms(unit, int(size), int(price), packs.barcodes_in(barcodes))


def _kept(row: Any) -> Kept:
    return Kept(
        product_id=int(row[0]),
        sku=row[1],
        name=row[2],
        price=exact(int(row[3]), int(row[4])),
        tax_code=row[5],
        category=row[6],
        unit=row[7],
        business_id=int(row[8]),
        stocked=int(row[9]),
        on_shelf=int(row[10]),
        shelf_place=int(row[11]),
        active=int(row[12]),
        vendor_id=int(row[13]),
        cost=int(row[14]),
        barcodes=tuple(row[15] or ()),
        type=row[16],
        empty=row[17],
        deposit=row[18],
        reorder=tuple((int(place), int(least), int(target)) for place, least, target in row[19] or ()),
        packs=tuple(_terms(one) for one in row[20] or ()),
    )
