"""As what a party stands in the books, on what terms, and what a customer pays by agreement."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.price import Price, exact, split
from pos_app.store.master import master_edit
from pos_app.store.tables import master

#: Ten years.
MOST_TERMS_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Terms:
    """One role of a party: days until what is invoiced is due, and a limit in minor units of the base."""

    role: PartyRole
    terms_days: int
    credit_limit: int


def roles_of(
    connection: Connection, org_id: int, party_id: int, *, active: int = 1
) -> dict[PartyRole, Terms]:
    """The roles that a party has now, or (`active` 0) had and has no more, each with its last terms."""
    rows = connection.execute(
        text(
            "SELECT role, terms_days, credit_limit FROM party_role"
            " WHERE org_id = :org AND party_id = :party AND active = :active ORDER BY role"
        ),
        {"org": org_id, "party": party_id, "active": active},
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
    if not 0 <= terms_days <= MOST_TERMS_DAYS:
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


def contract_price(connection: Connection, org_id: int, party_id: int, product_id: int) -> Price | None:
    """What a customer pays for a product by agreement, in minor units; None when nothing was agreed."""
    found = connection.execute(
        text(
            "SELECT price, price_fine FROM contract_rate WHERE org_id = :org AND party_id = :party"
            " AND product_id = :product AND active = 1"
        ),
        {"org": org_id, "party": party_id, "product": product_id},
    ).one_or_none()
    return None if found is None else exact(int(found[0]), int(found[1]))


def products_agreed(connection: Connection, org_id: int, party_id: int) -> set[int]:
    """For which products a rate is agreed with a customer."""
    rows = connection.execute(
        text("SELECT product_id FROM contract_rate WHERE org_id = :org AND party_id = :party AND active = 1"),
        {"org": org_id, "party": party_id},
    )
    return {int(one) for one in rows.scalars()}


def put_contract_price(
    connection: Connection, org_id: int, party_id: int, product_id: int, price: Price, *, active: bool = True
) -> None:
    """Agree on a price with a customer, in minor units, or (not active) end the agreement.

    Raises `Refused` for a negative one.
    """
    if price < 0:
        raise Refused("agreed-price-below-zero")
    whole, fine = split(price)
    master_edit.put(
        connection,
        master.contract_rate,
        org_id,
        party_id=party_id,
        product_id=product_id,
        price=whole,
        price_fine=fine,
        active=int(active),
    )


class Agreed(NamedTuple):
    """A price that was agreed on, beside the list's, in minor units; customer and product by their codes.

    `from_us` and `to_us` (None: no end) are microseconds since 1970, `from_quantity` thousandths.
    """

    customer: str
    sku: str
    price: Price
    list_price: Price
    from_us: int = 0
    to_us: int | None = None
    from_quantity: int = 0


def agreed(connection: Connection, org_id: int, party_id: int | None = None) -> list[Agreed]:
    """What is agreed now, of everybody or of one customer, by their codes."""
    rows = connection.execute(
        text(
            "SELECT p.code, g.sku, c.price, c.price_fine, g.price AS list_price, g.price_fine AS list_fine"
            " FROM contract_rate AS c"
            " JOIN party AS p ON p.org_id = c.org_id AND p.party_id = c.party_id"
            " JOIN product AS g ON g.org_id = c.org_id AND g.product_id = c.product_id"
            " WHERE c.org_id = :org AND c.active = 1"
            + ("" if party_id is None else " AND c.party_id = :party")
            + " ORDER BY p.code, g.sku"
        ),
        {"org": org_id} | ({} if party_id is None else {"party": party_id}),
    )
    return [
        Agreed(row[0], row[1], exact(int(row[2]), int(row[3])), exact(int(row[4]), int(row[5])))
        for row in rows
    ]


def agreed_by_lists(
    connection: Connection, org_id: int, now_us: int, party_id: int | None = None
) -> list[Agreed]:
    """What the lists of contracts say of customers now and later, by their codes."""
    rows = connection.execute(
        text(
            "SELECT p.code, g.sku, i.price, i.price_fine, g.price AS list_price, g.price_fine AS list_fine,"
            " i.valid_from_us, i.valid_to_us, i.from_quantity FROM price_list AS l"
            " JOIN price_list_scope AS s ON s.org_id = l.org_id AND s.price_list_id = l.price_list_id"
            " AND s.kind = 'party' AND (s.valid_to_us IS NULL OR s.valid_to_us > :now)"
            " JOIN party AS p ON p.org_id = s.org_id AND p.party_id = s.of_id"
            " JOIN price_list_item AS i ON i.org_id = l.org_id AND i.price_list_id = l.price_list_id"
            " AND (i.valid_to_us IS NULL OR i.valid_to_us > :now AND i.valid_to_us > i.valid_from_us)"
            " JOIN product AS g ON g.org_id = i.org_id AND g.product_id = i.product_id"
            " WHERE l.org_id = :org AND l.is_contract = 1"
            " AND NOT EXISTS (SELECT 1 FROM price_list_item AS n WHERE n.org_id = i.org_id"
            " AND n.price_list_id = i.price_list_id AND n.product_id = i.product_id"
            " AND n.from_quantity = i.from_quantity AND n.valid_from_us <= :now"
            " AND (n.valid_to_us IS NULL OR n.valid_to_us > :now)"
            " AND (n.valid_from_us, n.item_id) > (i.valid_from_us, i.item_id))"
            + ("" if party_id is None else " AND p.party_id = :party")
            + " ORDER BY p.code, g.sku, i.from_quantity, i.valid_from_us"
        ),
        {"org": org_id, "now": now_us} | ({} if party_id is None else {"party": party_id}),
    )
    return [
        Agreed(
            row[0],
            row[1],
            exact(int(row[2]), int(row[3])),
            exact(int(row[4]), int(row[5])),
            int(row[6]),
            row[7],
            int(row[8]),
        )
        for row in rows
    ]
