"""How each tax code treats a price."""

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import run


def treatments(connection: Connection, org_id: int) -> dict[str, str]:
    """By code: inclusive, exclusive, exempt, zero or none."""
    rows = run(connection, "SELECT code, treatment FROM tax_code WHERE org_id = :org", {"org": org_id})
    return {str(row[0]): str(row[1]) for row in rows}
