"""The names that reports print: accounts, businesses, depots, parties, people, tills."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.store.master import codes
from pos_app.store.master.codes import AccountCode
from pos_app.store.side import on_till


@dataclass(frozen=True)
class Named:
    """A business, a depot, a party or a person by its key."""

    key: int
    code: str
    name: str


def accounts(connection: Connection, org_id: int) -> dict[str, AccountCode]:
    """The chart of accounts by code, in the order of the codes."""
    return {one.code: one for one in codes.accounts(connection, org_id)}


def businesses(connection: Connection, org_id: int) -> dict[int, Named]:
    """The businesses by key, in the order of their codes."""
    rows = connection.execute(
        text("SELECT business_id, code, name FROM business WHERE org_id = :org ORDER BY code"),
        {"org": org_id},
    )
    return {int(row[0]): Named(int(row[0]), row[1], row[2]) for row in rows}


def parties(connection: Connection, org_id: int) -> dict[int, Named]:
    """The parties by key, in the order of their names."""
    rows = connection.execute(
        text("SELECT party_id, code, name FROM party WHERE org_id = :org ORDER BY name, code"),
        {"org": org_id},
    )
    return {int(row[0]): Named(int(row[0]), row[1], row[2]) for row in rows}


def people(connection: Connection, org_id: int) -> dict[int, Named]:
    """The people by key, in the order of their names."""
    rows = connection.execute(
        text("SELECT person_id, code, name FROM person WHERE org_id = :org ORDER BY name, code"),
        {"org": org_id},
    )
    return {int(row[0]): Named(int(row[0]), row[1], row[2]) for row in rows}


def depots(connection: Connection, org_id: int) -> dict[int, Named]:
    """The depots by key, in the order of their codes."""
    rows = connection.execute(
        text("SELECT depot_id, code, name FROM depot WHERE org_id = :org ORDER BY code"), {"org": org_id}
    )
    return {int(row[0]): Named(int(row[0]), row[1], row[2]) for row in rows}


def tills(connection: Connection, org_id: int) -> dict[int, str]:
    """What the tills are called, by number; a till knows no other one, and itself by its number alone."""
    if on_till(connection):
        return {}
    rows = connection.execute(
        text("SELECT terminal_no, name FROM terminal WHERE org_id = :org ORDER BY terminal_no"),
        {"org": org_id},
    )
    return {int(row[0]): str(row[1]) for row in rows}
