"""Reading organisations: what a command needs to know of the one that it works for."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.currency import Currency, currency


@dataclass(frozen=True)
class Organisation:
    """An organisation; `currency` is its base currency."""

    org_id: int
    name: str
    currency: Currency
    time_zone: str


def get(connection: Connection, org_id: int) -> Organisation | None:
    """The organisation with this key."""
    row = connection.execute(
        text("SELECT org_id, name, base_currency, time_zone FROM organisation WHERE org_id = :org"),
        {"org": org_id},
    ).one_or_none()
    return None if row is None else Organisation(int(row[0]), row[1], currency(row[2]), row[3])


def all_ids(connection: Connection) -> list[int]:
    """The keys of all organisations of this database."""
    return [int(row[0]) for row in connection.execute(text("SELECT org_id FROM organisation ORDER BY 1"))]


def default_depot(connection: Connection, org_id: int) -> str:
    """The code of the depot that is meant when none is named: MAIN, or else the first."""
    return str(
        connection.execute(
            text(
                "SELECT code FROM depot WHERE org_id = :org"
                " ORDER BY CASE WHEN code = 'MAIN' THEN 0 ELSE 1 END, depot_id LIMIT 1"
            ),
            {"org": org_id},
        ).scalar_one()
    )
