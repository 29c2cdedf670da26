"""What rows of products say beside the product itself: when it is ordered again, and its picture."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from pos_app.store.organisation import in_bulk
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables.master import product_picture, reorder_level


def put(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> set[int]:
    """Write what rows (by key) say; a row that says nothing of it changes nothing.

    Gives the keys of the products of which it changes anything.
    """
    changed: set[int] = set()
    for batch in in_bulk.batches(list(rows.items())):
        changed |= _put_reorders(
            connection, org_id, {key: row for key, row in batch if row.reorder is not None}
        )
        changed |= _put_pictures(
            connection, org_id, {key: row for key, row in batch if row.picture is not None}
        )
    return changed


def _put_reorders(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> set[int]:
    """All levels that a product has from now on; one that is not named any more is none."""
    if not rows:
        return set()
    told = {
        (place, key): (least, target, 1)
        for key, row in rows.items()
        for place, least, target in row.reorder or ()
    }
    before = connection.execute(
        text(
            "SELECT location_id, product_id, minimum, target FROM reorder_level"
            " WHERE org_id = :org AND product_id = ANY (:keys) AND active = 1"
        ),
        {"org": org_id, "keys": sorted(rows)},
    )
    for one in before:
        told.setdefault((int(one[0]), int(one[1])), (int(one[2]), int(one[3]), 0))
    changed: set[int] = set()
    if told:
        places, keys = (list(column) for column in zip(*told, strict=True))
        least, targets, active = (list(column) for column in zip(*told.values(), strict=True))
        columns = {
            "location_id": places, "product_id": keys, "minimum": least, "target": targets, "active": active,
        }  # fmt: skip
        changed = in_bulk.upsert(
            connection,
            reorder_level,
            org_id,
            {name: ("bigint", values) for name, values in columns.items()},
        )
    return changed


def _put_pictures(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> set[int]:
    """A product that has none, and is to have none, needs no row."""
    if not rows:
        return set()
    known = set(
        connection.scalars(
            text("SELECT product_id FROM product_picture WHERE org_id = :org AND product_id = ANY (:keys)"),
            {"org": org_id, "keys": sorted(rows)},
        )
    )
    told = {key: str(row.picture) for key, row in rows.items() if row.picture or key in known}
    if told:
        columns: dict[str, tuple[str, list[Any]]] = {
            "product_id": ("bigint", [*told]),
            "picture": ("text", [*told.values()]),
        }
        return in_bulk.upsert(connection, product_picture, org_id, columns)
    return set()
