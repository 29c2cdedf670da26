"""Of whom products are bought and what they cost there, written for many products at once."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.organisation import in_bulk
from pos_app.store.tables.master import product_supply


class Supply(NamedTuple):
    """What is said of where a product comes from; None is "as it is".

    `vendor_id` 0 is nobody in particular; `cost` is of one, in minor units of the base currency, 0: not said.
    """

    product_id: int
    vendor_id: int | None
    cost: int | None


def put(connection: Connection, org_id: int, supplies: Sequence[Supply]) -> set[int]:
    """Write what is said, inside the caller's transaction; what says nothing needs no row.

    Gives the keys of the products of which it changes anything.
    """
    changed: set[int] = set()
    told = [one for one in supplies if (one.vendor_id, one.cost) != (None, None)]
    for batch in in_bulk.batches(told):
        before = _before(connection, org_id, [one.product_id for one in batch])
        rows = []
        for one in batch:
            vendor_id, cost = before.get(one.product_id, (0, 0))
            whole = (
                one.product_id,
                vendor_id if one.vendor_id is None else one.vendor_id,
                cost if one.cost is None else one.cost,
            )
            if one.product_id in before or whole[1:] != (0, 0):
                rows.append(whole)
        if rows:
            keys, vendors, costs = (list(column) for column in zip(*rows, strict=True))
            changed |= in_bulk.upsert(
                connection,
                product_supply,
                org_id,
                {"product_id": ("bigint", keys), "vendor_id": ("bigint", vendors), "cost": ("bigint", costs)},
            )
    return changed


def _before(connection: Connection, org_id: int, keys: list[int]) -> dict[int, tuple[int, int]]:
    rows = connection.execute(
        text(
            "SELECT product_id, vendor_id, cost FROM product_supply"
            " WHERE org_id = :org AND product_id = ANY (:keys)"
        ),
        {"org": org_id, "keys": keys},
    )
    return {int(row[0]): (int(row[1]), int(row[2])) for row in rows}
