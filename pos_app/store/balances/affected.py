"""Which balances documents changed: those of one recording, one of them summed anew; those of all."""

from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.balances import balances, checkpoint
from pos_app.store.balances.drift import Drift
from pos_app.store.documents.rows import Sealed
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DOCUMENT_TOTAL,
    DRAWER_CASH,
    OPEN_INVOICE,
    PARTY_BALANCE,
    PARTY_IN_BUSINESS,
    STOCK_LEVEL,
    STOCK_VALUE,
    Projection,
)

_NAMES: Final = {
    "party_balance": "SELECT code || ' ' || name FROM party WHERE org_id = :org_id AND party_id = :party_id",
    "party_in_business": "SELECT code || ' ' || name FROM party"
    " WHERE org_id = :org_id AND party_id = :party_id",
    "drawer_cash": "SELECT code FROM drawer WHERE org_id = :org_id AND drawer_id = :drawer_id",
    "stock_level": "SELECT sku || ' ' || name FROM product"
    " WHERE org_id = :org_id AND product_id = :product_id",
    "open_invoice": "SELECT code || ' ' || name FROM party WHERE org_id = :org_id AND party_id = :party_id",
    "stock_value": "SELECT sku || ' ' || name FROM product"
    " WHERE org_id = :org_id AND product_id = :product_id",
    "account_balance": "SELECT code || ' ' || name FROM account"
    " WHERE org_id = :org_id AND code = :account_code",
}


#: One recording in so many is looked at (see `checked_journal`).
EVERY: Final = 4
#: A ledger of so many documents is summed from end to end in no time a person feels.
_SHORT: Final = 300


def of(sealed: Sealed) -> list[tuple[Projection, tuple[Any, ...]]]:
    """The keys that one document changed, each once, with the values of the projection's key columns."""
    document, posting = sealed.document, sealed.posting
    org, currency = document.org_id, document.currency
    found: dict[tuple[str, tuple[Any, ...]], Projection] = {}

    def add(projection: Projection, *key: Any) -> None:
        found[projection.name, (org, *key)] = projection

    add(DOCUMENT_TOTAL, document.document_id)
    for line in posting.lines:
        money = line.currency or currency
        add(ACCOUNT_BALANCE, line.business_id, line.account, money)
        if line.party_id is not None and line.party_role is not None:
            add(PARTY_BALANCE, line.party_role.value, line.party_id, money)
            add(PARTY_IN_BUSINESS, line.party_role.value, line.party_id, line.business_id, money)
        if line.drawer_id is not None:
            add(DRAWER_CASH, line.drawer_id, money)
    for move in posting.moves:
        add(STOCK_LEVEL, move.location_id, move.product_id)
    for item in posting.open_items:
        whose = (item.party_role.value, item.party_id, item.business_id)
        add(OPEN_INVOICE, *whose, item.invoice_id, item.due_on, currency)
    for cost in posting.costs:
        add(STOCK_VALUE, cost.business_id, cost.product_id)
    return [(projection, key) for (_, key), projection in found.items()]


def is_sampled(sealed: Sealed) -> bool:
    """Whether this recording is one of those that are looked at."""
    return sealed.document.seq % EVERY == 0


def sampled(connection: Connection, sealed: Sealed) -> Drift | None:
    """Sum one key of a recording anew, each in its turn; what is cached wrongly, or None."""
    touched = of(sealed)
    projection, values = touched[sealed.document.seq // EVERY % len(touched)]
    key = dict(zip(projection.keys, values, strict=True))
    if (
        projection.grows
        and sealed.document.seq > _SHORT
        and not checkpoint.is_there(connection, key["org_id"])
    ):
        return None
    return balances.validate(connection, projection, key)


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
