"""Categories as rows: names, order on the tiles, colour.  A product names its own by a word.

Decisions
---------
2026-11-30  A product keeps the name of its category, and not a key: documents, tills of before and every file
of products know that word.  Renaming a category writes the new word on all of its products in the same
transaction; so no till, whatever its age, ever shows half of it under each name for longer than one sync.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.letters import folded
from pos_app.store.master import master_edit
from pos_app.store.tables import master


class Category(NamedTuple):
    """A category; `place` 1 stands first, 0 behind those that have a place; `colour` is #rrggbb or empty."""

    category_id: int
    name: str
    place: int
    colour: str
    active: int


def all_of(connection: Connection, org_id: int) -> list[Category]:
    """Every category, archived ones too, in the order of the tiles."""
    rows = connection.execute(
        text("SELECT category_id, name, place, colour, active FROM category WHERE org_id = :org"),
        {"org": org_id},
    )
    return in_order([Category(int(row[0]), row[1], int(row[2]), row[3], int(row[4])) for row in rows])


def in_order(known: Sequence[Category]) -> list[Category]:
    """Those with a place first, then by name."""
    return sorted(known, key=lambda one: (one.place == 0, one.place, folded(one.name)))


def add(connection: Connection, org_id: int, names: Sequence[str]) -> list[int]:
    """At the centre: new categories of these names, which none has; gives their keys."""
    if not names:
        return []
    first = master_edit.next_id(connection, org_id, master.category)
    keys = list(range(first, first + len(names)))
    connection.execute(
        master.category.insert(),
        [{"org_id": org_id, "category_id": key, "name": name} for key, name in zip(keys, names, strict=True)],
    )
    return keys


def rename(connection: Connection, org_id: int, category: Category, name: str) -> None:
    """Another name, on the category and on each of its products, archived ones too."""
    master_edit.change(connection, master.category, org_id, category.category_id, name=name)
    move(connection, org_id, category.name, name)


def move(connection: Connection, org_id: int, before: str, after: str) -> int:
    """Put all products of a category under another word; gives how many."""
    done = connection.execute(
        text("UPDATE product SET category = :after WHERE org_id = :org AND category = :before"),
        {"org": org_id, "before": before, "after": after},
    )
    return int(done.rowcount)


def sold(connection: Connection, org_id: int) -> dict[str, int]:
    """How many products that are sold each category has, by its name."""
    rows = connection.execute(
        text("SELECT category, count(*) FROM product WHERE org_id = :org AND active = 1 GROUP BY category"),
        {"org": org_id},
    )
    return {str(row[0]): int(row[1]) for row in rows}
