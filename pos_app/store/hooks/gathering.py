"""What an address was not told yet, made into deliveries that wait: with its marks, in one transaction."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger import event_types
from pos_app.ledger.currency import currency
from pos_app.ledger.document import document_key
from pos_app.ledger.money import decimal_text
from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.store.hooks import deliveries, marks, payload, webhooks
from pos_app.store.hooks.payload import Event

#: Documents that one turn looks at, entries of the audit log, and levels of stock that one event tells.
MOST_DOCUMENTS: Final = 500
MOST_ENTRIES: Final = 5_000
MOST_LEVELS: Final = 100
#: What waits for one address at most; what is more stays where it is, above the marks.
MOST_WAITING: Final = 10_000

_DOCUMENTS: Final = (
    "SELECT d.document_id, d.kind, d.terminal_no, d.series, d.number, d.occurred_at, d.recorded_at,"
    " d.currency, d.subtotal, d.tax_total, d.total, d.due_on, d.original_id, d.reverses_id, d.hash,"
    " coalesce(s.letter, '') AS letter, coalesce(s.code, '') AS depot, coalesce(b.code, '') AS business"
    " FROM document AS d"
    " LEFT JOIN depot AS s ON s.org_id = d.org_id AND s.depot_id = d.depot_id"
    " LEFT JOIN business AS b ON b.org_id = d.org_id AND b.business_id = d.business_id"
    " WHERE d.org_id = :org AND {which} ORDER BY d.document_id"
)
_RANGE: Final = "d.document_id > :after AND d.document_id <= :upto"
_LEVELS: Final = (
    "SELECT l.stamp, l.location_id, l.product_id, l.quantity, o.code AS place, p.sku FROM stock_level AS l"
    " JOIN location AS o ON o.org_id = l.org_id AND o.location_id = l.location_id"
    " JOIN product AS p ON p.org_id = l.org_id AND p.product_id = l.product_id"
    " WHERE l.org_id = :org AND l.stamp < :horizon AND {after} AND l.location_id < :parties"
    " ORDER BY l.stamp, l.location_id, l.product_id LIMIT :most"
)
#: What entries of the audit log tell of, by their action.
_ENTRIES: Final = {
    "flag.added": event_types.FLAG,
    "quarantine.added": event_types.QUARANTINE,
    "double_code.added": event_types.DOUBLE_CODE,
    "webhook.changed": event_types.STOPPED,
}
#: A document that two people let into the books after its terminal's mark had passed it.
_DECIDED: Final = "quarantine.changed"


def gather(connection: Connection, org_id: int, hook_id: int, now: datetime) -> bool:
    """Let what is new wait for an address; gives whether there is more.

    Commits nothing: the marks move with what waits, or not at all.
    """
    hook = webhooks.find(connection, org_id, hook_id, lock=True)
    if hook is None or not hook.is_told:
        return False
    room = MOST_WAITING - deliveries.waiting(connection, org_id, hook_id)
    if room <= 0:
        return False
    types = event_types.meant(hook.events)
    made, more = _documents(connection, org_id, hook_id, event_types.kinds(types), min(room, MOST_DOCUMENTS))
    entries, more_entries = _entries(connection, org_id, hook_id, types)
    levels, more_levels = (
        _levels(connection, org_id, hook_id, now) if event_types.STOCK in types else ([], False)
    )
    deliveries.put(connection, org_id, hook_id, [*made, *entries, *levels], now)
    return more or more_entries or more_levels


def _documents(
    connection: Connection, org_id: int, hook_id: int, kinds: Sequence[str], most: int
) -> tuple[list[Event], bool]:
    """Of each terminal in turn what lies above its mark, so many sequences together."""
    found: list[Event] = []
    for one in marks.behind(connection, org_id, hook_id):
        if most <= 0:
            return found, True
        upto = min(one.last, one.told + most)
        most -= upto - one.told
        if kinds:
            bound = {
                "org": org_id,
                "kinds": list(kinds),
                "after": document_key(one.terminal_no, one.told),
                "upto": document_key(one.terminal_no, upto),
            }
            statement = text(_DOCUMENTS.format(which=f"{_RANGE} AND d.kind = ANY (:kinds)"))
            found += [payload.of_document(row) for row in connection.execute(statement, bound)]
        marks.put(connection, org_id, hook_id, one.terminal_no, position=upto)
        if upto < one.last:
            return found, True
    return found, False


def _entries(
    connection: Connection, org_id: int, hook_id: int, types: frozenset[str]
) -> tuple[list[Event], bool]:
    """Alerts, and documents that were decided about, from what the audit log has above the mark."""
    told, _ = marks.at(connection, org_id, hook_id, marks.AUDIT)
    last = int(
        connection.execute(
            text("SELECT coalesce(max(entry_id), 0) FROM audit_log WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
    )
    if last <= told:
        return [], False
    upto = min(last, told + MOST_ENTRIES)
    rows = connection.execute(
        text(
            "SELECT entry_id, at, action, row_key, row_hash FROM audit_log WHERE org_id = :org"
            " AND entry_id > :told AND entry_id <= :upto AND action = ANY (:actions) ORDER BY entry_id"
        ),
        {"org": org_id, "told": told, "upto": upto, "actions": [*_ENTRIES, _DECIDED]},
    ).all()
    found: list[Event] = []
    for row in rows:
        key = json.loads(row.row_key or "[]")
        if row.action == _DECIDED:
            found += _accepted(connection, org_id, key, types)
        elif _ENTRIES[row.action] in types:
            data = _TELLING[row.action](connection, org_id, key)
            found += [] if data is None else [payload.of_entry(row, _ENTRIES[row.action], data)]
    marks.put(connection, org_id, hook_id, marks.AUDIT, position=upto)
    return found, upto < last


def _levels(connection: Connection, org_id: int, hook_id: int, now: datetime) -> tuple[list[Event], bool]:
    """What lies at our places where anything moved since; what moved several times is told once."""
    told, after = marks.at(connection, org_id, hook_id, marks.STOCK)
    horizon = marks.horizon(connection)
    if told > horizon:
        # A database that was put back elsewhere counts its transactions anew.
        told, after = 0, ""
    where = (
        "(l.stamp, l.location_id, l.product_id) > (:stamp, :place, :product)"
        if after
        else "l.stamp >= :stamp"
    )
    place, product = json.loads(after) if after else (0, 0)
    bound = {
        "org": org_id,
        "horizon": horizon,
        "stamp": told,
        "parties": PARTY_LOCATIONS,
        "most": MOST_LEVELS,
    }
    if after:
        bound |= {"place": place, "product": product}
    rows = list(connection.execute(text(_LEVELS.format(after=where)), bound).all())
    if not rows:
        return [], False
    last = rows[-1]
    key = json.dumps([int(last.location_id), int(last.product_id)])
    marks.put(connection, org_id, hook_id, marks.STOCK, position=int(last.stamp), after=key)
    return [payload.of_stock(rows, now)], len(rows) == MOST_LEVELS


def _accepted(connection: Connection, org_id: int, key: list[Any], types: frozenset[str]) -> list[Event]:
    """The document of a decision, where it is in the books now and one of these types."""
    decision = connection.execute(
        text(
            "SELECT decision FROM quarantine WHERE org_id = :org AND terminal_no = :terminal AND seq = :seq"
            " AND hash = decode(:hash, 'hex')"
        ),
        {"org": org_id, "terminal": key[0], "seq": key[1], "hash": key[2]},
    ).scalar_one_or_none()
    if decision != "accepted":
        return []
    bound = {"org": org_id, "document": document_key(int(key[0]), int(key[1]))}
    rows = connection.execute(text(_DOCUMENTS.format(which="d.document_id = :document")), bound)
    return [event for event in map(payload.of_document, rows) if event.type in types]


# --- what is said of an alert ------------------------------------------------------------------------------


def _flag(connection: Connection, org_id: int, key: list[Any]) -> dict[str, Any] | None:
    return {"document_id": str(key[0]), "flag": str(key[1]), "line": int(key[2]) or None}


def _quarantined(connection: Connection, org_id: int, key: list[Any]) -> dict[str, Any] | None:
    return {"terminal": int(key[0]), "sequence": int(key[1])}


def _double_code(connection: Connection, org_id: int, key: list[Any]) -> dict[str, Any] | None:
    row = connection.execute(
        text(
            "SELECT other_id, amount, currency FROM double_code"
            " WHERE org_id = :org AND document_id = :document AND place = :place"
        ),
        {"org": org_id, "document": key[0], "place": key[1]},
    ).one_or_none()
    if row is None:
        return None
    amount = decimal_text(int(row.amount), currency(row.currency))
    return {
        "document_id": str(key[0]),
        "other_id": str(row.other_id),
        "amount": amount,
        "currency": row.currency,
    }


def _stopped(connection: Connection, org_id: int, key: list[Any]) -> dict[str, Any] | None:
    hook = webhooks.find(connection, org_id, int(key[0]))
    if hook is None or hook.stopped_at is None:
        return None
    return {"webhook": hook.hook_id, "because": hook.stopped_because}


_TELLING: Final = {
    "flag.added": _flag,
    "quarantine.added": _quarantined,
    "double_code.added": _double_code,
    "webhook.changed": _stopped,
}
