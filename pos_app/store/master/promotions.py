"""Promotions as the centre keeps them: rows that begin and end, and never change.

Moments are microseconds since 1970.  Who writes checks first that none lies in the past.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.price import split
from pos_app.ledger.pricing.rules import ENDLESS_US, Promotion
from pos_app.store.master import master_edit
from pos_app.store.master.promotion_rules import COLUMNS, PromotionRow, row_of
from pos_app.store.tables.promotion_tables import promotion, promotion_item


class Good(NamedTuple):
    """Of what something is off: a product by its key, or (0) a category; a bundle holds so much of it."""

    product_id: int
    category: str
    quantity: int


class GoodRow(NamedTuple):
    """The same as people know it; `active` says whether the product is sold."""

    sku: str
    category: str
    quantity: int
    active: bool


def latest(connection: Connection, org_id: int) -> list[PromotionRow]:
    """Of each code what was said last, by code; without the goods."""
    rows = connection.execute(
        text(
            f"SELECT DISTINCT ON (lower(code)) {COLUMNS} FROM promotion WHERE org_id = :org"
            " ORDER BY lower(code), promotion_id DESC"
        ),
        {"org": org_id},
    )
    return [one for row in rows if (one := row_of(row, {})) is not None]


def by_code(connection: Connection, org_id: int, code: str) -> PromotionRow | None:
    """What was said last under a code, however that is typed."""
    row = connection.execute(
        text(
            f"SELECT {COLUMNS} FROM promotion WHERE org_id = :org AND lower(code) = lower(:code)"
            " ORDER BY promotion_id DESC LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else row_of(row, {})


def keys_of(connection: Connection, org_id: int, code: str) -> list[int]:
    """The keys of all that was ever said under a code."""
    rows = connection.execute(
        text("SELECT promotion_id FROM promotion WHERE org_id = :org AND lower(code) = lower(:code)"),
        {"org": org_id, "code": code},
    )
    return [int(key) for key in rows.scalars()]


def goods(connection: Connection, org_id: int, promotion_id: int) -> list[GoodRow]:
    """Of what something is off, in the order in which it was said."""
    rows = connection.execute(
        text(
            "SELECT coalesce(p.sku, ''), i.category, i.quantity, coalesce(p.active, 1)"
            " FROM promotion_item AS i LEFT JOIN product AS p"
            " ON p.org_id = i.org_id AND p.product_id = i.product_id"
            " WHERE i.org_id = :org AND i.promotion_id = :key ORDER BY i.place"
        ),
        {"org": org_id, "key": promotion_id},
    )
    return [GoodRow(row[0], row[1], int(row[2]), bool(row[3])) for row in rows]


def kept_goods(connection: Connection, org_id: int, promotion_id: int) -> list[Good]:
    """The same by their keys."""
    rows = connection.execute(
        text(
            "SELECT product_id, category, quantity FROM promotion_item"
            " WHERE org_id = :org AND promotion_id = :key ORDER BY place"
        ),
        {"org": org_id, "key": promotion_id},
    )
    return [Good(int(row[0]), row[1], int(row[2])) for row in rows]


def has_category(connection: Connection, org_id: int, category: str) -> str | None:
    """A category as products have it, however it is typed; None where nothing is in it."""
    found = connection.execute(
        text(
            "SELECT category FROM product WHERE org_id = :org AND lower(category) = lower(:category)"
            " AND active = 1 ORDER BY CASE WHEN category = :category THEN 0 ELSE 1 END LIMIT 1"
        ),
        {"org": org_id, "category": category},
    )
    row = found.first()
    return None if row is None else str(row[0])


def add(connection: Connection, org_id: int, said: Promotion, of: Sequence[Good]) -> int:
    """A promotion from its moment on; its key is made here, its goods are `of`.  Gives the key."""
    key = master_edit.next_id(connection, org_id, promotion)
    amount, fine = split(said.amount)
    connection.execute(
        promotion.insert().values(
            org_id=org_id,
            promotion_id=key,
            code=said.code,
            name=said.name,
            kind=said.kind.value,
            percent_bp=said.percent_bp,
            amount=amount,
            amount_fine=fine,
            take=said.take,
            pay=said.pay,
            depot_id=said.depot_id,
            group_id=said.group_id,
            on_contracts=int(said.on_contracts),
            days=said.days,
            from_minute=said.from_minute,
            to_minute=said.to_minute,
            items=len(of),
            valid_from_us=said.from_us,
            valid_to_us=None if said.to_us >= ENDLESS_US else said.to_us,
        )
    )
    for place, one in enumerate(of):
        connection.execute(
            promotion_item.insert().values(
                org_id=org_id,
                promotion_id=key,
                place=place,
                product_id=one.product_id,
                category=one.category,
                quantity=one.quantity,
            )
        )
    return key


def follow_category(connection: Connection, org_id: int, before: str, after: str, at_us: int) -> None:
    """A category has another name: what is promised of it goes on under that, from a moment on."""
    for row in latest(connection, org_id):
        one = row.promotion
        of = kept_goods(connection, org_id, one.promotion_id)
        if one.to_us <= at_us or all(good.category != before for good in of):
            continue
        end(connection, org_id, one.promotion_id, at_us)
        now = replace(one, from_us=max(one.from_us, at_us))
        add(
            connection,
            org_id,
            now,
            [good._replace(category=after) if good.category == before else good for good in of],
        )


def end(connection: Connection, org_id: int, promotion_id: int, at_us: int) -> None:
    """It is over from a moment on; one that has not begun by then never was."""
    master_edit.change(connection, promotion, org_id, promotion_id, ended_us=at_us)
