"""What is said of an event: a type, a moment, and keys, numbers and amounts; nothing about people.

No name, no telephone, no code of a payment, no line of goods: who may know more asks the API for it by the
`id`. The id of an event is made of what it tells (the hash of the document, the entry of the audit log), so
the same event has the same id at every try, at every address, and after a restore.
"""

import hashlib
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from pos_app.ledger.currency import currency
from pos_app.ledger.day import to_date
from pos_app.ledger.event_types import RECORDED, STOCK, TEST
from pos_app.ledger.money import decimal_text
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.quantity import plain_quantity

_ID_LETTERS: Final = 32


class Event(NamedTuple):
    """One event, ready to wait: `body` is what is sent."""

    event_id: str
    type: str
    body: str


def of_document(row: Any) -> Event:
    """A document was recorded; `row` is one of `gathering`."""
    money = currency(row.currency)
    original, reverses = row.original_id, row.reverses_id
    data = {
        "id": str(row.document_id),
        "kind": row.kind,
        "number": printed_number(row.letter, int(row.terminal_no), row.series, int(row.number)),
        "terminal": int(row.terminal_no),
        "business": row.business,
        "depot": row.depot,
        "occurred_at": _moment(row.occurred_at),
        "recorded_at": _moment(row.recorded_at),
        "currency": row.currency,
        "subtotal": decimal_text(int(row.subtotal), money),
        "tax_amount": decimal_text(int(row.tax_total), money),
        "total": decimal_text(int(row.total), money),
        "due_on": to_date(int(row.due_on)).isoformat() if row.due_on else None,
        "original_id": None if original is None else str(original),
        "reverses_id": None if reverses is None else str(reverses),
    }
    return _event("doc", bytes(row.hash), f"{row.kind}{RECORDED}", row.occurred_at, data)


def of_stock(rows: list[Any], at: datetime) -> Event:
    """What lies at places of ours now, each with what is left of the product in its unit."""
    told = [(int(row.stamp), int(row.location_id), int(row.product_id), int(row.quantity)) for row in rows]
    levels = [
        {
            "place": row.place,
            "product": row.sku,
            "product_id": int(row.product_id),
            "quantity": plain_quantity(int(row.quantity)),
        }
        for row in rows
    ]
    return _event("stk", repr(told).encode(), STOCK, at, {"levels": levels})


def of_entry(row: Any, type_: str, data: dict[str, Any]) -> Event:
    """An alert; `row` is its entry in the audit log."""
    return _event("log", f"{row.entry_id} {row.row_hash}".encode(), type_, row.at, data)


def of_test(hook_id: int, at: datetime) -> Event:
    """Somebody asked whether anything arrives."""
    return _event("tst", f"{hook_id} {at.isoformat()}".encode(), TEST, at, {"webhook": hook_id})


def _event(prefix: str, of: bytes, type_: str, at: datetime, data: dict[str, Any]) -> Event:
    body = msgspec.json.encode({"type": type_, "timestamp": _moment(at), "data": data}).decode()
    return Event(f"{prefix}_{hashlib.sha256(of).hexdigest()[:_ID_LETTERS]}", type_, body)


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
