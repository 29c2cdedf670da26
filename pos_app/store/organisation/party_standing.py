"""What stands open with parties: why one of them cannot be archived yet.

Decisions
---------
2026-11-30  Who owes, is owed, holds what is ours or is waited for is not archived: money comes and goes with
those alone whom we deal with, and nobody looks for it any more once they are out of the lists.  What a till
recorded meanwhile and brings later stands open all the same; it is asked for after they are brought back.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger.currency import currency
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.ledger.stock import location_of

#: As what a party stands in the books; a chit is known by its number, which is nobody's key.
_ROLES: Final = [one.value for one in PartyRole if one not in (PartyRole.VOUCHER, PartyRole.DEPOSIT_SLIP)]

_BALANCES: Final = (
    "SELECT party_id, party_role, currency, amount FROM party_balance WHERE org_id = :org"
    " AND party_role = ANY (:roles) AND party_id = ANY (:keys) AND amount <> 0"
    " ORDER BY party_id, party_role, currency"
)
_HELD: Final = (
    "SELECT s.location_id, s.quantity, coalesce(p.name, '') FROM stock_level AS s"
    " LEFT JOIN product AS p ON p.org_id = s.org_id AND p.product_id = s.product_id"
    " WHERE s.org_id = :org AND s.location_id = ANY (:places) AND s.quantity <> 0 ORDER BY p.name"
)
_WAITING: Final = (
    "SELECT party_id, count(*) FROM ("
    " SELECT party_id, request_id FROM invoice_draft WHERE org_id = :org AND party_id = ANY (:keys)"
    " AND document_id IS NULL AND active = 1"
    " UNION SELECT party_id, CAST(document_id AS text) FROM arrival WHERE org_id = :org"
    " AND party_id = ANY (:keys) AND state = 'open') AS waiting GROUP BY party_id"
)


def balances(connection: Connection, org_id: int, party_id: int) -> list[tuple[PartyRole, str, int]]:
    """At the centre: what stands open with a party, by role and currency, in minor units; debit positive."""
    rows = connection.execute(text(_BALANCES), {"org": org_id, "roles": _ROLES, "keys": [party_id]})
    return [(PartyRole(row[1]), row[2], int(row[3])) for row in rows]


def in_businesses(
    connection: Connection, org_id: int, party_id: int
) -> list[tuple[PartyRole, int, str, int, int]]:
    """At the centre: the same by role, business and currency, with what it is worth in base currency."""
    rows = connection.execute(
        text(
            "SELECT party_role, business_id, currency, amount, base_amount FROM party_in_business"
            " WHERE org_id = :org AND party_id = :party AND party_role = ANY (:roles)"
            " AND (amount <> 0 OR base_amount <> 0)"
        ),
        {"org": org_id, "party": party_id, "roles": _ROLES},
    )
    return [(PartyRole(row[0]), int(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in rows]


def held(connection: Connection, org_id: int, party_id: int) -> list[tuple[int, int]]:
    """At the centre: what a party holds of ours, by product, in thousandths."""
    rows = connection.execute(
        text(
            "SELECT product_id, quantity FROM stock_level WHERE org_id = :org AND location_id = :place"
            " AND quantity <> 0 ORDER BY product_id"
        ),
        {"org": org_id, "place": location_of(party_id)},
    )
    return [(int(row[0]), int(row[1])) for row in rows]


def drafts(connection: Connection, org_id: int, party_id: int) -> int:
    """At the centre: how many papers of a party wait to be issued."""
    rows = connection.execute(text(_WAITING), {"org": org_id, "keys": [party_id]})
    return sum(int(row[1]) for row in rows)


def unsettled(connection: Connection, org_id: int, names: Mapping[int, str]) -> dict[int, Sentence]:
    """At the centre: why those of some parties (`names` by key) with whom something is open must stay."""
    keys = list(names)
    if not keys:
        return {}
    places = {location_of(key): key for key in keys}
    asked: dict[str, Any] = {"org": org_id, "roles": _ROLES, "keys": keys, "places": list(places)}
    told: dict[int, Sentence] = {
        int(key): said("party-papers-wait", name=names[int(key)], count=int(count))
        for key, count in connection.execute(text(_WAITING), asked)
    }
    held: dict[int, list[str]] = {}
    for place, quantity, product in connection.execute(text(_HELD), asked):
        held.setdefault(places[int(place)], []).append(f"{quantity_text(int(quantity))} × {product}")
    for key, goods in held.items():
        told[key] = said("party-holds-ours", name=names[key], goods=", ".join(goods)[:200])
    sums: dict[int, list[str]] = {}
    for key, _, code, amount in connection.execute(text(_BALANCES), asked):
        sums.setdefault(int(key), []).append(f"{code} {grouped_text(abs(int(amount)), currency(code))}")
    for key, open_ in sums.items():
        told[key] = said("party-stands-open", name=names[key], sums=", ".join(open_)[:200])
    return told
