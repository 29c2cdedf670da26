"""Bags of cash that left the safe for the bank, and what the bank said of each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.store.documents import documents
from pos_app.store.side import on_till

#: A till has no index by kind; the account that a bag stands on in between leads to it.
_AT_TILL = (
    " AND d.document_id IN (SELECT l.document_id FROM journal_line AS l WHERE l.org_id = :org AND"
    " l.account_code IN (SELECT code FROM account WHERE org_id = :org AND role = 'cash_in_transit'))"
)
_BANKED = (
    "EXISTS (SELECT 1 FROM document AS b WHERE b.org_id = d.org_id AND b.original_id = d.document_id"
    f" AND b.kind = 'bag_banked' AND {documents.not_voided('b')})"
)


class Bag(NamedTuple):
    """A bag, the letters of its depot's numbers, and its arrival; None where nobody has said that yet."""

    bag: BankBag
    number_prefix: str
    banked: BagBanked | None


def on_their_way(connection: Connection, org_id: int) -> list[Bag]:
    """The bags that nobody has said the bank has, oldest first.  A till knows of its own alone, and of those
    no arrival: that is said at the centre.
    """
    return read(connection, org_id, f"d.org_id = :org AND NOT {_BANKED}", {"org": org_id})


def read(connection: Connection, org_id: int, condition: str, values: Mapping[str, Any]) -> list[Bag]:
    """The bags for which a condition in SQL on their document `d` holds, oldest first; the voided ones are
    none.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id, coalesce(p.letter, '') FROM document AS d"
            " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
            f" WHERE {condition} AND d.kind = 'bank_bag' AND {documents.not_voided()}"
            f"{_AT_TILL if on_till(connection) else ''} ORDER BY d.occurred_at, d.document_id"
        ),
        values,
    ).all()
    found = []
    for key, prefix in rows:
        bag = documents.get(connection, org_id, int(key))
        if isinstance(bag, BankBag):
            found.append(Bag(bag, str(prefix), banked(connection, org_id, bag.document_id)))
    return found


def banked(connection: Connection, org_id: int, bag_id: int) -> BagBanked | None:
    """The arrival of a bag; None where there is none that stands."""
    key = connection.execute(
        text(
            "SELECT d.document_id FROM document AS d WHERE d.org_id = :org AND d.original_id = :bag"
            f" AND d.kind = 'bag_banked' AND {documents.not_voided()} LIMIT 1"
        ),
        {"org": org_id, "bag": bag_id},
    ).scalar_one_or_none()
    found = None if key is None else documents.get(connection, org_id, int(key))
    return found if isinstance(found, BagBanked) else None
