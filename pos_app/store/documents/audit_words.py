"""Entries of the audit log in words: what a row is called, and its columns with codes, days and money.

What the log holds stays as it is (it is signed so); this is for who reads it.  A key becomes the code of what
it names, a moment the organisation's own clock, minor units money, and a flag yes or no.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import WORDS, Permission
from pos_app.ledger.price import exact, price_text
from pos_app.ledger.quantity import quantity_text
from pos_app.store.documents.audit import AuditRecord
from pos_app.store.tables.columns import from_micros

#: What a key names: its table, the column of the key, and the one that people write.
_NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "business_id": ("business", "business_id", "code"),
    "depot_id": ("depot", "depot_id", "code"),
    "location_id": ("location", "location_id", "code"),
    "party_id": ("party", "party_id", "code"),
    "vendor_id": ("party", "party_id", "code"),
    "into_id": ("party", "party_id", "code"),
    "person_id": ("person", "person_id", "code"),
    "product_id": ("product", "product_id", "sku"),
    "empty_id": ("product", "product_id", "sku"),
    "deposit_id": ("product", "product_id", "sku"),
    "category_id": ("category", "category_id", "name"),
    "group_id": ("party_group", "group_id", "code"),
    "price_list_id": ("price_list", "price_list_id", "code"),
    "programme_id": ("loyalty_programme", "programme_id", "code"),
    "promotion_id": ("promotion", "promotion_id", "code"),
}
#: Columns whose words are others than their name.
_LABELS: Final = {
    "pin_hash": "PIN",
    "approval_wrap": "proof of approvals",
    "valid_from_us": "from",
    "valid_to_us": "until",
    "valid_from": "from",
    "rate_bp": "rate",
    "percent_bp": "per cent off",
    "ended_us": "ended",
    "terms_days": "days to pay",
    "mpesa_till": "M-Pesa till",
    "mpesa_paybill": "M-Pesa paybill",
    "company_number": "company number",
    "paynow": "PayNow",
    "supply": "kind of supply",
    "letter": "letters of its numbers",
    "into_id": "same as",
    "per_amount": "for every",
    "worth": "a point pays",
    "of_code": "is so much of",
    "unit_code": "unit",
}
_LABELS_OF: Final = {("person", "role"): "title"}
_FLAGS: Final = frozenset({"stocked", "on_shelf", "is_contract", "may_overdraw", "on_contracts"})
_MONEY: Final = frozenset({"credit_limit", "cost", "per_amount", "worth"})
#: In thousandths.
_QUANTITIES: Final = frozenset({"first_reading", "from_quantity", "quantity", "minimum", "target"})
_MOMENTS: Final = frozenset({"valid_from_us", "valid_to_us", "until_us", "since_us", "ended_us"})
#: What a row says for the database alone, or what its subject says already.
_UNTOLD: Final = frozenset(
    {
        "assignment_id",
        "grant_id",
        "member_id",
        "scope_id",
        "item_id",
        "lock_id",
        "stamp",
        "items",
        "place",
        "each_price",
        "each_fine",
    }
)


class Words:
    """Says entries of one organisation; asks for each name once."""

    def __init__(self, connection: Connection, org_id: int) -> None:
        self._connection, self._org_id = connection, org_id
        self._names: dict[tuple[str, int], str] = {}
        row = connection.execute(
            text("SELECT base_currency, time_zone FROM organisation WHERE org_id = :org"), {"org": org_id}
        ).one_or_none()
        self._money: Currency = currency(str(row[0]) if row else "KES")
        self._zone = zone(str(row[1]) if row else "UTC")

    def said(self, entry: AuditRecord) -> str:
        """One entry as a sentence: what it speaks of, and what it was and is."""
        table, _, verb = entry.action.partition(".")
        before, after = _values(entry.before), _values(entry.after)
        subject = self.subject(entry.subject)
        if before is None or after is None:
            told = " → ".join(one for one in (entry.before, entry.after) if one)
            return f"{subject}: {told}" if told else subject
        was, now = self._columns(table, before), self._columns(table, after)
        if verb == "added":
            told = ", ".join(f"{label} {value}" for label, value in now.items() if value not in ("", "no"))
            return f"{subject}: new" + (f", {told}" if told else "")
        changes = [f"{label} {was.get(label, '')} → {now.get(label, '')}" for label in {**was, **now}]
        return f"{subject}: {', '.join(changes)}"

    def subject(self, subject: str) -> str:
        """What an entry speaks of, with codes instead of keys."""
        table, _, name = subject.partition(" ")
        known = _SUBJECTS.get(table)
        parts = name.split(" ")
        if known is None or not all(one for one in parts):
            return subject
        try:
            return known(self, parts)
        except (IndexError, ValueError):
            return subject

    def name(self, column: str, key: int) -> str:
        """The code of what a key of this column names; the key where nothing has it."""
        if not key:
            return ""
        if (column, key) not in self._names:
            table, its_key, code = _NAMED[column]
            found = self._connection.execute(
                text(f"SELECT {code} FROM {table} WHERE org_id = :org AND {its_key} = :key"),
                {"org": self._org_id, "key": key},
            ).scalar_one_or_none()
            self._names[(column, key)] = f"#{key}" if found is None else str(found)
        return self._names[(column, key)]

    def moment(self, micros: int) -> str:
        """A moment by the organisation's clock; nothing is "ever"."""
        return _minute(from_micros(micros).astimezone(self._zone)) if micros else "ever"

    def _columns(self, table: str, values: Mapping[str, Any]) -> dict[str, str]:
        """The columns of a row by their words, in the order in which they stand."""
        told: dict[str, str] = {}
        for column, value in values.items():
            if column in _UNTOLD or column in ("price_fine", "amount_fine", f"{table}_id"):
                continue
            if column == "active":
                told["archived"] = "no" if value else "yes"
                continue
            label = _LABELS_OF.get((table, column)) or _LABELS.get(column) or _plain(column)
            told[label] = self._value(column, value, values)
        if "price_fine" in values and "price" not in values:
            told["part of a cent"] = str(values["price_fine"])
        return told

    def _value(self, column: str, value: Any, row: Mapping[str, Any]) -> str:
        if value is None:
            return ""
        if not isinstance(value, int):
            return ", ".join(str(value).splitlines())
        if column in _NAMED:
            return self.name(column, value)
        if column in _FLAGS:
            return "yes" if value else "no"
        if column in ("price", "amount"):
            return price_text(exact(value, int(row.get(f"{column}_fine", 0))), self._money)
        if column in _MONEY:
            return decimal_text(value, self._money)
        if column in _QUANTITIES:
            return quantity_text(value)
        if column in _MOMENTS:
            return self.moment(value)
        if column in ("rate_bp", "percent_bp"):
            return f"{value // 100}.{value % 100:02d} %"
        if column in ("valid_from", "locked_through"):
            return _day(value)
        return str(value)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _day(day: int) -> str:
    try:
        return to_date(day).isoformat() if day else "ever"
    except (Refused, ValueError):
        return str(day)


def _plain(column: str) -> str:
    return column.removesuffix("_id").removesuffix("_us").replace("_", " ")


def _values(told: str) -> dict[str, Any] | None:
    """The columns of an entry; None where it holds a text."""
    if not told:
        return {}
    try:
        found = json.loads(told) if told.startswith("{") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _may(permission: str) -> str:
    return WORDS.get(Permission(permission), permission) if permission in set(Permission) else permission


#: Rows that the log names by keys, and how each is called.
_SUBJECTS: Final[Mapping[str, Callable[[Words, list[str]], str]]] = {
    "person_role": lambda its, of: f"role {of[1]} of {its.name('person_id', int(of[0]))}",
    "role_permission": lambda _, of: f"right of {of[0]} to {_may(of[1])}",
    "person_depot": lambda its, of: (
        f"sign-in of {its.name('person_id', int(of[0]))} at {its.name('depot_id', int(of[1]))}"
    ),
    "party_role": lambda its, of: f"{its.name('party_id', int(of[0]))} as {of[1]}",
    "party_contact": lambda its, of: f"contact {' '.join(of[1:])} of {its.name('party_id', int(of[0]))}",
    "party_meter": lambda its, of: f"meter {' '.join(of[1:])} of {its.name('party_id', int(of[0]))}",
    "contract_rate": lambda its, of: (
        f"agreed price of {its.name('product_id', int(of[1]))} for {its.name('party_id', int(of[0]))}"
    ),
    "party_group_member": lambda its, of: (
        f"{its.name('party_id', int(of[1]))} in group {its.name('group_id', int(of[0]))}"
    ),
    "product_supply": lambda its, of: f"supplier of {its.name('product_id', int(of[0]))}",
    "returnable_pair": lambda its, of: f"empty and deposit of {its.name('product_id', int(of[0]))}",
    "product_pack": lambda its, of: f"{its.name('product_id', int(of[0]))} by {' '.join(of[1:])}",
    "pack_barcode": lambda its, of: f"barcode {' '.join(of)} of a pack",
    "category": lambda its, of: f"category {its.name('category_id', int(of[0]))}",
    "product_picture": lambda its, of: f"picture of {its.name('product_id', int(of[0]))}",
    "business_logo": lambda its, of: f"logo of {its.name('business_id', int(of[0]))}",
    "house_rule": lambda its, of: f"rule {of[0]} at {its.name('depot_id', int(of[1])) or 'every depot'}",
    "reorder_level": lambda its, of: (
        f"reorder level of {its.name('product_id', int(of[1]))} at {its.name('location_id', int(of[0]))}"
    ),
    "price_list_item": lambda its, of: (
        f"{its.name('product_id', int(of[1]))} in list {its.name('price_list_id', int(of[0]))}"
    ),
    "promotion_item": lambda its, of: f"goods of promotion {its.name('promotion_id', int(of[0]))}",
    "tax_rate": lambda _, of: f"tax {of[0]} from {_day(int(of[1]))}",
    "exchange_rate": lambda _, of: f"rate of {of[0]} from {_day(int(of[1]))}",
}
