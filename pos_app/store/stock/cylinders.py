"""Where the cylinders and bottles are: full, empty, at customers, at suppliers, on the road; and what made
them more or fewer.

What full ones are in is a product of its own, whose stock counts all of them wherever they are (see the
decision in `till.selling.refills`): what is here without a fill is empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.ledger.numbering import printed_number
from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.store.engine.letters import order_sql
from pos_app.store.tables.columns import moment_of


@dataclass(frozen=True, slots=True)
class Owned:
    """One kind, in thousandths: `full` and `empty` at our depots, the rest wherever they are.

    `empty` is below nothing where there are more fills than cylinders here: one of the two is to be counted.
    """

    product_id: int
    sku: str
    name: str
    full: int
    empty: int
    customers: int
    suppliers: int
    road: int

    @property
    def owned(self) -> int:
        """All of them."""
        return self.full + self.empty + self.customers + self.suppliers + self.road


@dataclass(frozen=True, slots=True)
class Changed:
    """A document after which we own more (or fewer) of a kind than before, in thousandths."""

    document_id: int
    kind: str
    number: str
    occurred_at: datetime
    quantity: int


_OWNED = (
    "SELECT e.product_id, e.sku, e.name,"
    " (SELECT coalesce(sum(f.quantity), 0) FROM stock_level AS f JOIN returnable_pair AS r"
    "  ON r.org_id = f.org_id AND r.product_id = f.product_id AND r.empty_id = e.product_id"
    "  WHERE f.org_id = e.org_id AND f.location_id < :first),"
    " coalesce(sum(CASE WHEN s.location_id >= :first OR l.kind IN ('vehicle', 'transit') THEN 0"
    "  ELSE s.quantity END), 0),"
    " coalesce(sum(CASE WHEN s.location_id >= :first AND v.party_id IS NULL THEN s.quantity ELSE 0 END), 0),"
    " coalesce(sum(CASE WHEN v.party_id IS NOT NULL THEN s.quantity ELSE 0 END), 0),"
    " coalesce(sum(CASE WHEN s.location_id < :first AND l.kind IN ('vehicle', 'transit') THEN s.quantity"
    "  ELSE 0 END), 0)"
    " FROM product AS e LEFT JOIN stock_level AS s ON s.org_id = e.org_id AND s.product_id = e.product_id"
    " LEFT JOIN location AS l ON l.org_id = s.org_id AND l.location_id = s.location_id"
    " LEFT JOIN party_role AS v ON v.org_id = s.org_id AND v.role = 'vendor'"
    "  AND v.party_id = s.location_id - :first AND s.location_id >= :first"
    " WHERE e.org_id = :org AND EXISTS (SELECT 1 FROM returnable_pair AS r WHERE r.org_id = e.org_id"
    "  AND r.empty_id = e.product_id)"
    " GROUP BY e.org_id, e.product_id, e.sku, e.name ORDER BY {order}, e.product_id"
)


def owned(connection: Connection, org_id: int) -> list[Owned]:
    """Every kind of which full ones are sold, by name."""
    rows = connection.execute(
        text(_OWNED.format(order=order_sql(connection, "e.name"))),
        {"org": org_id, "first": PARTY_LOCATIONS},
    )
    return [
        Owned(int(row[0]), row[1], row[2], int(row[3]), int(row[4]) - int(row[3]), *map(int, row[5:8]))
        for row in rows
    ]


def changed(connection: Connection, org_id: int, product_id: int) -> Sequence[Changed]:
    """The documents that are here after which there were more or fewer of a kind, oldest first: what is
    counted, lost, found, bought and sold.  What only went from hand to hand is none of them.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id, d.kind, coalesce(l.letter, ''), d.terminal_no, d.series, d.number,"
            " d.occurred_at, m.quantity FROM (SELECT document_id, sum(quantity) AS quantity FROM stock_move"
            " WHERE org_id = :org AND product_id = :product GROUP BY document_id HAVING sum(quantity) <> 0)"
            " AS m JOIN document AS d ON d.org_id = :org AND d.document_id = m.document_id"
            " LEFT JOIN depot AS l ON l.org_id = d.org_id AND l.depot_id = d.depot_id"
            " ORDER BY d.occurred_at, d.document_id"
        ),
        {"org": org_id, "product": product_id},
    )
    return [
        Changed(
            int(row[0]),
            row[1],
            printed_number(row[2], int(row[3]), row[4], int(row[5])) if row[4] else "",
            moment_of(row[6]),
            int(row[7]),
        )
        for row in rows
    ]
