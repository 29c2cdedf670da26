"""How a table of master data is declared: whose it is, what it is known by, and its place in the feed."""

from typing import Any

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from pos_app.store.tables.columns import must
from pos_app.store.tables.tables import ledger_metadata

Identity = tuple[tuple[str, Any], ...]


def master_table(name: str, identity: tuple[str, Any] | Identity, *columns: Any) -> Table:
    """A table whose rows are known by `identity`: a column's name and type, or several of them."""
    parts: Any = (identity,) if isinstance(identity[0], str) else identity
    names = [part[0] for part in parts]
    table = Table(
        name,
        ledger_metadata,
        must("org_id"),
        *(Column(id_name, id_type, nullable=False) for id_name, id_type in parts),
        *columns,
        must("stamp", default="0"),
        PrimaryKeyConstraint("org_id", *names),
        sqlite_strict=True,
    )
    # The feed: "what changed since this transaction, in the order of transactions".
    Index(f"ix_{name}_stamp", table.c.org_id, table.c.stamp, *(table.c[id_name] for id_name in names))
    return table
