"""Points as the books have them: what is owed to whom, in money, and how many were earned in a year."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.store.documents.documents import not_voided
from pos_app.store.engine.engine import quick

_OWED: Final = (
    "SELECT coalesce(sum(amount), 0) FROM party_balance"
    " WHERE org_id = ? AND party_role = 'points' AND party_id = ? AND currency = ?"
)
_EARNED: Final = (
    "SELECT due_on, sum(amount) FROM open_invoice"
    " WHERE org_id = ? AND party_role = 'points' AND party_id = ? GROUP BY due_on"
)


def owed(connection: Connection, org_id: int, party_id: int, currency: str) -> int:
    """What a customer's points can pay, in minor units; below nothing where more went than they had."""
    row = quick(connection, _OWED, org_id, party_id, currency).fetchone()
    return -int(row[0])


def earned(connection: Connection, org_id: int, party_id: int, year: int) -> int:
    """How many points count for a customer's tier: those of this year or of the last, whichever are more."""
    return for_tier(earned_by_year(connection, org_id, party_id), year)


def earned_by_year(connection: Connection, org_id: int, party_id: int) -> dict[int, int]:
    """How many points a customer has of each year, without those that went back."""
    rows = quick(connection, _EARNED, org_id, party_id).fetchall()
    return {int(row[0]) // 10_000: int(row[1]) for row in rows}


def for_tier(by_year: Mapping[int, int], year: int) -> int:
    """The points of a year or of the one before it, whichever are more."""
    return max(by_year.get(year, 0), by_year.get(year - 1, 0), 0)


def taken_back(connection: Connection, org_id: int, sale_id: int) -> int:
    """How many points refunds of a receipt took back so far; a voided one does not count."""
    found = connection.execute(
        text(
            "SELECT coalesce(sum(i.amount), 0) FROM document AS d"
            " JOIN open_item AS i ON i.org_id = d.org_id AND i.document_id = d.document_id"
            " WHERE d.org_id = :org AND d.original_id = :sale AND d.kind = 'refund'"
            f" AND i.party_role = '{PartyRole.POINTS}' AND {not_voided()}"
        ),
        {"org": org_id, "sale": sale_id},
    )
    return -int(found.scalar_one())


class Holder(NamedTuple):
    """A customer, and what their points can pay, in minor units of a currency."""

    party_id: int
    code: str
    name: str
    currency: str
    owed: int


def holders(connection: Connection, org_id: int) -> list[Holder]:
    """Every customer with points, or below nothing, by code."""
    rows = connection.execute(
        text(
            "SELECT b.party_id, coalesce(p.code, ''), coalesce(p.name, ''), b.currency, -b.amount"
            " FROM party_balance AS b LEFT JOIN party AS p"
            " ON p.org_id = b.org_id AND p.party_id = b.party_id"
            " WHERE b.org_id = :org AND b.party_role = 'points' AND b.amount <> 0 ORDER BY p.code, b.currency"
        ),
        {"org": org_id},
    )
    return [Holder(int(row[0]), row[1], row[2], row[3], int(row[4])) for row in rows]
