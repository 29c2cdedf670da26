"""A product as the row of a file, or a person, says it."""

from typing import NamedTuple

from pos_app.ledger.pack import PackTerms
from pos_app.ledger.price import Price


class ProductRow(NamedTuple):
    """A product as a file has it; prices in minor units, `barcodes` normalised; None is "as it is".

    `vendor_id` 0 is nobody in particular, `cost` 0 not said, `shelf_place` 0 no place of its own.  `empty`
    and `deposit` are codes of other products, empty where there is none.  `reorder` are all levels that it
    has: place, least, target (thousandths).  `picture` is as `files.pictures` makes it, empty for none.
    `packs` are all packs that it has.
    """

    line_no: int
    sku: str
    barcodes: tuple[str, ...] | None = None
    name: str | None = None
    price: Price | None = None
    tax_code: str | None = None
    category: str | None = None
    unit: str | None = None
    business_id: int | None = None
    stocked: int | None = None
    on_shelf: int | None = None
    active: int | None = None
    shelf_place: int | None = None
    vendor_id: int | None = None
    cost: int | None = None
    type: str | None = None
    empty: str | None = None
    deposit: str | None = None
    reorder: tuple[tuple[int, int, int], ...] | None = None
    picture: str | None = None
    packs: tuple[PackTerms, ...] | None = None
