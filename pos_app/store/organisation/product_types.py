"""Which type a product has that a row of a file says something of, and what its type makes of its marks.

Decisions
---------
2026-11-30  Goods that lie somewhere are not turned into what lies nowhere: their stock would stay in the
books for ever, under something that nobody counts.  Count or adjust them to nothing first.
"""

from collections.abc import Collection

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger.product_type import BEHAVIOUR, ProductType, by_marks, fits
from pos_app.ledger.quantity import quantity_text
from pos_app.store.organisation.product_row import ProductRow


def typed(row: ProductRow, whole: ProductRow, default_tax_code: str) -> ProductRow:
    """`whole` (a row with what it does not say as it was) with type, tax code and stock as they belong
    together.

    What the row says stands, even where it contradicts itself (see `lacking`); the rest follows from it.
    """
    tax_code, counted = whole.tax_code or default_tax_code, bool(whole.stocked)
    marks = _by_marks(whole, tax_code, stocked=counted)
    type_ = marks if whole.type is None else ProductType(whole.type)
    if row.type is None:
        if not fits(type_, tax_code):
            # Another tax code says that it is another thing: it is no sale any more, or one again.
            type_ = _by_marks(whole, tax_code, stocked=row.stocked != 0)
        elif row.stocked is not None and BEHAVIOUR[type_].stocked not in (None, bool(row.stocked)):
            type_ = _by_marks(whole, tax_code, stocked=bool(row.stocked))
    elif row.tax_code is None and not fits(type_, tax_code):
        tax_code = BEHAVIOUR[type_].no_sale or default_tax_code
    stocked = BEHAVIOUR[type_].stocked
    return whole._replace(
        type=type_.value, tax_code=tax_code, stocked=int(counted if stocked is None else stocked)
    )


def _by_marks(whole: ProductRow, tax_code: str, *, stocked: bool) -> ProductType:
    return by_marks(tax_code, whole.category or "", whole.unit or "", stocked=stocked)


def lacking(whole: ProductRow, lies: int | None) -> Sentence | None:
    """Why a row cannot be of its type; `lies` is what lies of it, in thousandths, of what was counted
    before.
    """
    type_ = ProductType(whole.type or ProductType.GOODS)
    if not fits(type_, whole.tax_code or ""):
        return said("product-type-other-tax", type=type_.value, code=whole.tax_code)
    if lies and not whole.stocked:
        return said("product-has-stock", sku=whole.sku[:40], type=type_.value, quantity=quantity_text(lies))
    return None


def lying(connection: Connection, org_id: int, keys: Collection[int]) -> dict[int, int]:
    """Of which of these products something lies anywhere, by key; the place where most does tells how
    much.
    """
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (product_id) product_id, quantity FROM stock_level WHERE org_id = :org"
            " AND product_id = ANY (:keys) AND quantity <> 0 ORDER BY product_id, abs(quantity) DESC"
        ),
        {"org": org_id, "keys": sorted(keys)},
    )
    return {int(row[0]): int(row[1]) for row in rows}
