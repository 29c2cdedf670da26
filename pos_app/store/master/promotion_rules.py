"""Promotions as tables have them, read into what `ledger.pricing` answers from."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.price import exact
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.store.engine.engine import quick

#: So long after its end a promotion is still read: a week, for whoever is told why it is not there any more.
KEPT_US: Final = 7 * 24 * 3_600_000_000

COLUMNS: Final = (
    "promotion_id, code, name, kind, percent_bp, amount, amount_fine, take, pay, depot_id, group_id,"
    " on_contracts, days, from_minute, to_minute, items, valid_from_us, valid_to_us, ended_us"
)
_ROWS: Final = f"SELECT {COLUMNS} FROM promotion WHERE org_id = ? AND promotion_id IN ({{marks}})"
_REACHED: Final = (
    "SELECT promotion_id, product_id, quantity FROM promotion_item"
    " WHERE org_id = ? AND product_id IN ({marks})"
    " UNION ALL SELECT i.promotion_id, p.product_id, i.quantity FROM product AS p"
    " JOIN promotion_item AS i ON i.org_id = p.org_id AND i.category = p.category"
    " WHERE p.org_id = ? AND p.product_id IN ({marks}) AND i.category <> ''"
)
_ITEMS: Final = (
    "SELECT promotion_id, product_id, quantity FROM promotion_item"
    " WHERE org_id = ? AND promotion_id IN ({marks})"
)
_KINDS: Final = frozenset(OfferKind)


class PromotionRow(NamedTuple):
    """A promotion as its row has it; `items` is how many rows of its goods there are.

    Of a `to_us` that was to come and an `ended_us` that came before, the first counts.
    """

    promotion: Promotion
    items: int
    planned_to_us: int
    ended_us: int | None


def row_of(row: Mapping[str, Any] | Any, products: Mapping[int, int]) -> PromotionRow | None:
    """A row of `COLUMNS` with its goods; None where a newer centre knows of a kind that we do not."""
    key, code, name, kind, percent_bp, amount, fine, take, pay, depot_id, group_id, *more = row
    on_contracts, days, from_minute, to_minute, items, from_us, to_us, ended_us = more
    if kind not in _KINDS:
        return None
    planned = ENDLESS_US if to_us is None else int(to_us)
    found = Promotion(
        int(key),
        code,
        name,
        OfferKind(kind),
        products,
        percent_bp=int(percent_bp),
        amount=exact(int(amount), int(fine)),
        take=int(take),
        pay=int(pay),
        depot_id=int(depot_id),
        group_id=int(group_id),
        on_contracts=bool(on_contracts),
        days=int(days),
        from_minute=int(from_minute),
        to_minute=int(to_minute),
        from_us=int(from_us),
        to_us=planned if ended_us is None else min(planned, int(ended_us)),
    )
    return PromotionRow(found, int(items), planned, None if ended_us is None else int(ended_us))


def are_any(connection: Connection, org_id: int) -> bool:
    """Whether there ever was one."""
    found = quick(connection, "SELECT 1 FROM promotion WHERE org_id = ? LIMIT 1", org_id).fetchone()
    return found is not None


def reaching(
    connection: Connection, org_id: int, products: Collection[int], since_us: int = 0
) -> list[Promotion]:
    """The promotions that name any of these products, or its category, and did not end before a moment.

    What `products` of each says is whole of a bundle, else as far as it was asked.
    """
    reached: dict[int, dict[int, int]] = {}
    ids = list(products)
    if not ids:
        return []
    rows = quick(connection, _marked(_REACHED, ids), org_id, *ids, org_id, *ids).fetchall()
    for promotion_id, product_id, quantity in rows:
        reached.setdefault(int(promotion_id), {})[int(product_id)] = int(quantity)
    found = _read(connection, org_id, reached)
    return [one for one in found if one.products and one.to_us > since_us]


class Named(NamedTuple):
    """A promotion that a document names; what is `of_category` may have named goods that have left it."""

    promotion: Promotion
    of_category: bool


def named(
    connection: Connection, org_id: int, keys: Collection[int], products: Collection[int]
) -> dict[int, Named]:
    """Promotions by their keys; of their goods, those among these products."""
    if not keys:
        return {}
    reached: dict[int, dict[int, int]] = {key: {} for key in keys}
    ids = list(products)
    rows = quick(connection, _marked(_REACHED, ids), org_id, *ids, org_id, *ids).fetchall() if ids else []
    for promotion_id, product_id, quantity in rows:
        if int(promotion_id) in reached:
            reached[int(promotion_id)][int(product_id)] = int(quantity)
    wide = quick(connection, _marked(_ITEMS, reached) + " AND product_id = 0", org_id, *reached).fetchall()
    of_category = {int(row[0]) for row in wide}
    return {
        one.promotion_id: Named(one, one.promotion_id in of_category)
        for one in _read(connection, org_id, reached)
    }


def _read(connection: Connection, org_id: int, reached: Mapping[int, dict[int, int]]) -> list[Promotion]:
    if not reached:
        return []
    keys = sorted(reached)
    rows = quick(connection, _marked(_ROWS, keys), org_id, *keys).fetchall()
    found = [one for row in rows if (one := row_of(row, reached[int(row[0])])) is not None]
    bundles = {one.promotion.promotion_id: one.items for one in found if _is_bundle(one.promotion)}
    if bundles:
        goods: dict[int, dict[int, int]] = {key: {} for key in bundles}
        held = sorted(bundles)
        for key, product_id, quantity in quick(connection, _marked(_ITEMS, held), org_id, *held).fetchall():
            goods[int(key)][int(product_id)] = int(quantity)
        for key, whole in goods.items():
            reached[key].clear()
            # One whose goods are still on their way is not there yet.
            if len(whole) == bundles[key]:
                reached[key].update(whole)
    return [one.promotion for one in found]


def _is_bundle(promotion: Promotion) -> bool:
    return promotion.kind is OfferKind.BUNDLE


def _marked(statement: str, values: Iterable[object]) -> str:
    return statement.replace("{marks}", ", ".join("?" for _ in values))
