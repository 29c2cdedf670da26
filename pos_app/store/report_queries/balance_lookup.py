"""Which balances a name that a person writes stands for: of a party, an invoice, an account, a drawer, a
product.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pos_app.ledger.chit import Numbered, text_of
from pos_app.ledger.line import PartyRole
from pos_app.store.master import codes
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DRAWER_CASH,
    NO_CHIT,
    OPEN_INVOICE,
    PARTY_BALANCE,
    STOCK_LEVEL,
    Projection,
)


@dataclass(frozen=True)
class BalanceRef:
    """A balance's projection and keys; several keys are several parts of one balance.

    `currency` is that of its amounts; empty for goods.
    """

    projection: Projection
    code: str
    name: str
    keys: tuple[dict[str, Any], ...]
    currency: str = ""


def party(
    connection: Connection, org_id: int, role: PartyRole, code: str, currency: str
) -> BalanceRef | None:
    """What stands between us and the party with this code in a role."""
    found = codes.party(connection, org_id, code)
    if found is None:
        return None
    key = {"org_id": org_id, "party_role": role.value, "party_id": found.party_id, "currency": currency}
    return BalanceRef(PARTY_BALANCE, found.code, found.name, (key,), currency)


def invoice(connection: Connection, org_id: int, document_id: int) -> BalanceRef | None:
    """What is open of the invoice or bill that this document opened; of a document that opened several
    items, of all of them.
    """
    names = ", ".join(f"i.{name}" for name in OPEN_INVOICE.keys)
    rows = connection.execute(
        text(
            f"SELECT p.code || ' ' || p.name AS whose, {names} FROM open_invoice AS i"
            " LEFT JOIN party AS p ON p.org_id = i.org_id AND p.party_id = i.party_id"
            f" WHERE i.org_id = :org AND i.invoice_id = :invoice AND i.{NO_CHIT} ORDER BY {names}"
        ),
        {"org": org_id, "invoice": document_id},
    ).all()
    if not rows:
        return None
    whose = ", ".join(dict.fromkeys(row.whose or f"party {row.party_id}" for row in rows))
    keys = tuple({name: getattr(row, name) for name in OPEN_INVOICE.keys} for row in rows)
    return BalanceRef(OPEN_INVOICE, "", whose, keys, rows[0].currency)


def chit(connection: Connection, org_id: int, wanted: Numbered) -> BalanceRef | None:
    """What is left on the voucher or the deposit slip with this number."""
    names = ", ".join(OPEN_INVOICE.keys)
    row = connection.execute(
        text(
            f"SELECT {names} FROM open_invoice WHERE org_id = :org AND party_role = :role"
            " AND party_id = :number ORDER BY invoice_id LIMIT 1"
        ),
        {"org": org_id, "role": wanted.role.value, "number": wanted.number},
    ).one_or_none()
    if row is None:
        return None
    key = {name: getattr(row, name) for name in OPEN_INVOICE.keys}
    return BalanceRef(OPEN_INVOICE, text_of(*wanted), "", (key,), row.currency)


def account(connection: Connection, org_id: int, code: str, currency: str) -> BalanceRef | None:
    """What stands on an account; a shared one has a part for each business."""
    found = codes.account(connection, org_id, code)
    if found is None:
        return None
    businesses = connection.execute(
        text("SELECT business_id FROM business WHERE org_id = :org ORDER BY business_id"), {"org": org_id}
    )
    keys = tuple(
        {"org_id": org_id, "business_id": int(one[0]), "account_code": code, "currency": currency}
        for one in businesses
    )
    return BalanceRef(ACCOUNT_BALANCE, found.code, found.name, keys, currency)


def drawer(connection: Connection, org_id: int, code: str, currency: str) -> BalanceRef | None:
    """The cash in a drawer."""
    found = codes.drawer(connection, org_id, code)
    if found is None:
        return None
    key = {"org_id": org_id, "drawer_id": found.drawer_id, "currency": currency}
    return BalanceRef(DRAWER_CASH, code, f"Drawer {code}", (key,), currency)


def product(connection: Connection, org_id: int, code: str, depot: str = "") -> BalanceRef | None:
    """The stock of a product at every location, or at one depot's."""
    row = connection.execute(
        text("SELECT product_id, sku, name FROM product WHERE org_id = :org AND sku = :code"),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is None:
        return None
    where = " AND code = :depot" if depot else ""
    locations = connection.execute(
        text(f"SELECT location_id FROM location WHERE org_id = :org{where} ORDER BY location_id"),
        {"org": org_id} | ({"depot": depot} if depot else {}),
    )
    keys = tuple(
        {"org_id": org_id, "location_id": int(one[0]), "product_id": int(row[0])} for one in locations
    )
    return BalanceRef(STOCK_LEVEL, row[1], row[2], keys)
