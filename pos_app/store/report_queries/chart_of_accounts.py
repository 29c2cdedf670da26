"""The names that reports print: accounts, businesses, parties, people."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.store.master import codes
from pos_app.store.master.codes import AccountCode


@dataclass(frozen=True)
class Named:
    """A business, a party or a person by its key."""

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
