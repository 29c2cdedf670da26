"""How each tax code treats a price, and what it stands for on a return."""

from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.supply import Supply, supply_of
from pos_app.store.report_queries.scope import run


def treatments(connection: Connection, org_id: int) -> dict[str, str]:
    """By code: inclusive, exclusive, exempt, zero or none."""
    rows = run(connection, "SELECT code, treatment FROM tax_code WHERE org_id = :org", {"org": org_id})
    return {str(row[0]): str(row[1]) for row in rows}


class Meaning(NamedTuple):
    """What a code says beside its rate."""

    treatment: str
    supply: Supply


def meanings(connection: Connection, org_id: int) -> dict[str, Meaning]:
    """By code, as it is now."""
    rows = run(
        connection, "SELECT code, treatment, supply FROM tax_code WHERE org_id = :org", {"org": org_id}
    )
    return {str(row[0]): Meaning(str(row[1]), supply_of(str(row[2]))) for row in rows}
