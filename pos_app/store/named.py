"""Which balances a name that a person writes stands for: of a customer, an account, a drawer, a product."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pos_app.store.projections import ACCOUNT_BALANCE, DRAWER_CASH, PARTY_BALANCE, STOCK_LEVEL, Projection


@dataclass(frozen=True)
class Named:
    """A balance's projection and keys; several keys are several parts of one balance."""

    projection: Projection
    code: str
    name: str
    keys: tuple[dict[str, Any], ...]


def customer(connection: Connection, org_id: int, code: str, currency: str) -> Named | None:
    """What the customer with this code owes."""
    row = connection.execute(
        text("SELECT party_id, code, name FROM party WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is None:
        return None
    key = {"org_id": org_id, "party_role": "customer", "party_id": int(row[0]), "currency": currency}
    return Named(PARTY_BALANCE, row[1], row[2], (key,))


def account(connection: Connection, org_id: int, code: str, currency: str) -> Named | None:
    """What stands on an account; a shared one has a part for each business."""
    row = connection.execute(
        text("SELECT code, name FROM account WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is None:
        return None
    businesses = connection.execute(
        text("SELECT business_id FROM business WHERE org_id = :org ORDER BY business_id"), {"org": org_id}
    )
    keys = tuple(
        {"org_id": org_id, "business_id": int(one[0]), "account_code": code, "currency": currency}
        for one in businesses
    )
    return Named(ACCOUNT_BALANCE, row[0], row[1], keys)


def drawer(connection: Connection, org_id: int, code: str, currency: str) -> Named | None:
    """The cash in a drawer."""
    row = connection.execute(
        text("SELECT drawer_id, code FROM drawer WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is None:
        return None
    key = {"org_id": org_id, "drawer_id": int(row[0]), "currency": currency}
    return Named(DRAWER_CASH, row[1], f"Drawer {row[1]}", (key,))


def product(connection: Connection, org_id: int, code: str, depot: str = "") -> Named | None:
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
    return Named(STOCK_LEVEL, row[1], row[2], keys)
