"""As what a party stands in the books, on what terms, and what a customer pays by agreement."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.store.master import master_edit
from pos_app.store.tables import master


@dataclass(frozen=True, slots=True)
class Terms:
    """One role of a party: days until what is invoiced is due, and a limit in minor units of the base."""

    role: PartyRole
    terms_days: int
    credit_limit: int


def roles_of(connection: Connection, org_id: int, party_id: int) -> dict[PartyRole, Terms]:
    """The roles that a party has now."""
    rows = connection.execute(
        text(
            "SELECT role, terms_days, credit_limit FROM party_role"
            " WHERE org_id = :org AND party_id = :party AND active = 1 ORDER BY role"
        ),
        {"org": org_id, "party": party_id},
    )
    found = (Terms(PartyRole(row[0]), int(row[1]), int(row[2])) for row in rows)
    return {terms.role: terms for terms in found}


def put_role(
    connection: Connection,
    org_id: int,
    party_id: int,
    role: PartyRole,
    *,
    terms_days: int = 0,
    credit_limit: int = 0,
    active: bool = True,
) -> None:
    """Give a party a role, change its terms or (not active) end it.

    Raises `Refused` for terms that cannot be meant.
    """
    if not 0 <= terms_days <= 3650:
        raise Refused("terms-out-of-range")
    if credit_limit < 0:
        raise Refused("credit-limit-below-zero")
    master_edit.put(
        connection,
        master.party_role,
        org_id,
        party_id=party_id,
        role=role.value,
        terms_days=terms_days,
        credit_limit=credit_limit,
        active=int(active),
    )


def contract_price(connection: Connection, org_id: int, party_id: int, product_id: int) -> int | None:
    """What a customer pays for a product by agreement, in minor units; None when nothing was agreed."""
    found = connection.execute(
        text(
            "SELECT price FROM contract_rate WHERE org_id = :org AND party_id = :party"
            " AND product_id = :product AND active = 1"
        ),
        {"org": org_id, "party": party_id, "product": product_id},
    ).scalar_one_or_none()
    return None if found is None else int(found)


def put_contract_price(
    connection: Connection, org_id: int, party_id: int, product_id: int, price: int, *, active: bool = True
) -> None:
    """Agree on a price with a customer, in minor units, or (not active) end the agreement.

    Raises `Refused` for a negative one.
    """
    if price < 0:
        raise Refused("agreed-price-below-zero")
    master_edit.put(
        connection,
        master.contract_rate,
        org_id,
        party_id=party_id,
        product_id=product_id,
        price=price,
        active=int(active),
    )
