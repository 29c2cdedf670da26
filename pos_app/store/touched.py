"""Which balances a till's own documents changed, and the names that people know them by."""

from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.projections import Projection

_NAMES: Final = {
    "party_balance": "SELECT code || ' ' || name FROM party WHERE org_id = :org_id AND party_id = :party_id",
    "drawer_cash": "SELECT code FROM drawer WHERE org_id = :org_id AND drawer_id = :drawer_id",
    "stock_level": "SELECT sku || ' ' || name FROM product"
    " WHERE org_id = :org_id AND product_id = :product_id",
    "account_balance": "SELECT code || ' ' || name FROM account"
    " WHERE org_id = :org_id AND code = :account_code",
}


def keys(connection: Connection, projection: Projection) -> list[dict[str, Any]]:
    """The keys of a projection that appear in this ledger's lines or moves, in order."""
    columns = ", ".join(projection.keys)
    rows = connection.execute(
        text(
            f"SELECT DISTINCT {columns} FROM {projection.source.name}{projection.where()} ORDER BY {columns}"
        )
    )
    return [dict(row._mapping) for row in rows]


def name_of(connection: Connection, projection: Projection, key: dict[str, Any]) -> str:
    """The code and name of what a balance belongs to."""
    found = connection.execute(text(_NAMES[projection.name]), key).scalar_one_or_none()
    return str(found) if found is not None else str(key)
