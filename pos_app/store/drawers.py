"""What lies in a cash drawer, currency by currency."""

from sqlalchemy import Connection, text


def holdings(connection: Connection, org_id: int, drawer_id: int) -> dict[str, int]:
    """The currencies of which the books have something in a drawer, with the amounts in minor units."""
    rows = connection.execute(
        text(
            "SELECT currency, amount FROM drawer_cash WHERE org_id = :org AND drawer_id = :drawer"
            " AND amount <> 0 ORDER BY currency"
        ),
        {"org": org_id, "drawer": drawer_id},
    )
    return {str(row[0]): int(row[1]) for row in rows}
