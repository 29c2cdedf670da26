"""The names that reports print: accounts, businesses, parties, people."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class AccountFact:
    """An account; `type` and `role` as `ledger.chart` has them, `role` empty where there is none."""

    code: str
    name: str
    type: str
    role: str


@dataclass(frozen=True)
class Named:
    """A business, a party or a person by its key."""

    key: int
    code: str
    name: str


def accounts(connection: Connection, org_id: int) -> dict[str, AccountFact]:
    """The chart of accounts by code, in the order of the codes."""
    rows = connection.execute(
        text("SELECT code, name, type, coalesce(role, '') FROM account WHERE org_id = :org ORDER BY code"),
        {"org": org_id},
    )
    return {str(row[0]): AccountFact(*row) for row in rows}


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


def party(connection: Connection, org_id: int, code: str) -> Named | None:
    """The party with this code."""
    row = connection.execute(
        text("SELECT party_id, code, name FROM party WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else Named(int(row[0]), row[1], row[2])


def people(connection: Connection, org_id: int) -> dict[int, Named]:
    """The people by key, in the order of their names."""
    rows = connection.execute(
        text("SELECT person_id, code, name FROM person WHERE org_id = :org ORDER BY name, code"),
        {"org": org_id},
    )
    return {int(row[0]): Named(int(row[0]), row[1], row[2]) for row in rows}
