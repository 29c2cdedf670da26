"""Cached balances as lists that others read: a page at a time in the order of their keys, with the codes."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.stock import PARTY_LOCATIONS

#: The key after which a page begins: numbers and texts, in the order of the columns.
After = tuple[Any, ...]


class StockRow(NamedTuple):
    """What lies of a product at a place of ours, in thousandths."""

    location_id: int
    product_id: int
    place: str
    sku: str
    name: str
    unit: str
    quantity: int


class PartyRow(NamedTuple):
    """What stands between us and a party, in minor units; debit positive."""

    party_id: int
    currency: str
    code: str
    name: str
    amount: int
    base_amount: int


class AccountRow(NamedTuple):
    """What stands on an account of a business, in minor units; debit positive."""

    business_id: int
    account_code: str
    currency: str
    business: str
    name: str
    amount: int
    base_amount: int


class DrawerRow(NamedTuple):
    """The cash that a drawer should hold, in minor units."""

    drawer_id: int
    currency: str
    code: str
    terminal_no: int
    depot: str
    amount: int


def stock(
    connection: Connection, org_id: int, *, location_id: int | None, after: After, most: int
) -> list[StockRow]:
    """What lies at one place or at all of ours, by place and product."""
    at = " AND s.location_id = :location" if location_id is not None else ""
    rows = connection.execute(
        text(
            "SELECT s.location_id, s.product_id, coalesce(l.code, ''), coalesce(p.sku, ''),"
            " coalesce(p.name, ''), coalesce(p.unit, ''), s.quantity FROM stock_level AS s"
            " LEFT JOIN location AS l ON l.org_id = s.org_id AND l.location_id = s.location_id"
            " LEFT JOIN product AS p ON p.org_id = s.org_id AND p.product_id = s.product_id"
            f" WHERE s.org_id = :org{at} AND s.location_id < :parties AND s.quantity <> 0"
            " AND (s.location_id, s.product_id) > (:after_place, :after_product)"
            " ORDER BY s.location_id, s.product_id LIMIT :most"
        ),
        {
            "org": org_id,
            "location": location_id,
            "parties": PARTY_LOCATIONS,
            "after_place": after[0] if after else -1,
            "after_product": after[1] if after else -1,
            "most": most,
        },
    )
    return [StockRow(*row) for row in rows]


def parties(connection: Connection, org_id: int, role: str, *, after: After, most: int) -> list[PartyRow]:
    """What stands between us and every party in a role, by party and currency; what is even is left out."""
    rows = connection.execute(
        text(
            "SELECT s.party_id, s.currency, coalesce(p.code, ''), coalesce(p.name, ''), s.amount,"
            " s.base_amount FROM party_balance AS s"
            " LEFT JOIN party AS p ON p.org_id = s.org_id AND p.party_id = s.party_id"
            " WHERE s.org_id = :org AND s.party_role = :role AND (s.amount <> 0 OR s.base_amount <> 0)"
            " AND (s.party_id, s.currency) > (:after_party, :after_currency)"
            " ORDER BY s.party_id, s.currency LIMIT :most"
        ),
        {
            "org": org_id,
            "role": role,
            "after_party": after[0] if after else -1,
            "after_currency": after[1] if after else "",
            "most": most,
        },
    )
    return [PartyRow(*row) for row in rows]


def accounts(connection: Connection, org_id: int, *, after: After, most: int) -> list[AccountRow]:
    """What stands on every account, by business, account and currency."""
    rows = connection.execute(
        text(
            "SELECT s.business_id, s.account_code, s.currency, coalesce(b.code, ''), coalesce(a.name, ''),"
            " s.amount, s.base_amount FROM account_balance AS s"
            " LEFT JOIN business AS b ON b.org_id = s.org_id AND b.business_id = s.business_id"
            " LEFT JOIN account AS a ON a.org_id = s.org_id AND a.code = s.account_code"
            " WHERE s.org_id = :org AND (s.business_id, s.account_code, s.currency)"
            " > (:after_business, :after_account, :after_currency)"
            " ORDER BY s.business_id, s.account_code, s.currency LIMIT :most"
        ),
        {
            "org": org_id,
            "after_business": after[0] if after else -1,
            "after_account": after[1] if after else "",
            "after_currency": after[2] if after else "",
            "most": most,
        },
    )
    return [AccountRow(*row) for row in rows]


def drawers(connection: Connection, org_id: int, *, after: After, most: int) -> list[DrawerRow]:
    """What every drawer should hold, by drawer and currency."""
    rows = connection.execute(
        text(
            "SELECT s.drawer_id, s.currency, coalesce(d.code, ''), coalesce(d.terminal_no, 0),"
            " coalesce(p.code, ''), s.amount FROM drawer_cash AS s"
            " LEFT JOIN drawer AS d ON d.org_id = s.org_id AND d.drawer_id = s.drawer_id"
            " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
            " WHERE s.org_id = :org AND (s.drawer_id, s.currency) > (:after_drawer, :after_currency)"
            " ORDER BY s.drawer_id, s.currency LIMIT :most"
        ),
        {
            "org": org_id,
            "after_drawer": after[0] if after else -1,
            "after_currency": after[1] if after else "",
            "most": most,
        },
    )
    return [DrawerRow(*row) for row in rows]
