"""What is on its way, at the centre: rows for each order and transfer, derived from the documents.

`refresh` is the only writer.  The journal calls it in the transaction that writes documents, and only when
some of them change what is on its way; it reads the documents anew and writes what differs, so that doing it
twice changes nothing and doing it from the beginning (`check`) finds what is wrong.

Decisions
---------
2026-11-21  Derived by a function, not by a projection's triggers: what is still to come is a comparison with
the document's lines and the bytes lie closed, so the database cannot make the row by itself.  What a
projection gives (it cannot be set, it is compared and mended) this keeps: `bohari verify` compares every row
with the documents, `bohari recalculate` mends it and says so.

2026-11-21  The depot that made an order or a transfer hears of it too, as the one does that it comes to: what
came there ends the list of what is on its way at the sender, and tells it that there is nothing to void.

2026-11-21  The rows of the document are locked before what came of it is judged and summed (in the order of
keys; terminals are locked before, balances after): of two tills that received the same order the second
waits, sees what the first one brought, and goes into quarantine.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    SERVER_TERMINAL_NO,
    Document,
    GoodsReceipt,
    Invoice,
    PurchaseOrder,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    TransferReceived,
    TransferSent,
    split_key,
)
from pos_app.ledger.errors import Damaged
from pos_app.ledger.head import Head
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.service_orders import Step
from pos_app.store.documents import audit, documents
from pos_app.store.documents.document_rows import content_of
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.orders import open_orders_till, service_orders
from pos_app.store.orders.open_orders_till import OnItsWay
from pos_app.store.tables.columns import micros
from pos_app.store.tables.open_order_table import CAME, GONE, KINDS, OPEN, VOIDED

_BATCH: Final = 500


class Row(NamedTuple):
    """A row as it travels, with its bytes open; see `arrival_table`."""

    document_id: int
    depot_id: int
    kind: str
    number: str
    party_id: int | None
    location_id: int
    made_at_us: int
    state: str
    body: str
    came: str

    @property
    def key(self) -> "Key":
        """Of which document, and for which depot."""
        return (self.document_id, self.depot_id)

    @property
    def is_gone(self) -> bool:
        """Whether it says already that the depot has no part in it."""
        return (self.state, self.body) == (GONE, "")


Key = tuple[int, int]

_COLUMNS: Final = ", ".join(Row._fields)
_RECEIPTS: Final = f"{open_orders_till.TAKING!r}"
_NOT_VOIDED: Final = documents.not_voided()


# --- which documents a document concerns --------------------------------------------------------------


def order_of(document: Document) -> int | None:
    """The order or transfer whose arrival a document begins, changes or ends; None for all others."""
    of: Head = content_of(document).of if isinstance(document, Reversal) else document
    match of:
        case Sale() | Invoice() | ServiceStep():
            return of.order_id
        case PurchaseOrder() | TransferSent() | ServiceOrder():
            return of.document_id
        case GoodsReceipt():
            return of.order_id
        case TransferReceived():
            return of.sent_id
    return None


def orders_of(documents: Iterable[Document]) -> tuple[int, ...]:
    """The orders and transfers that some documents concern, in the order of their keys."""
    found = {order_of(document) for document in documents}
    return tuple(sorted(key for key in found if key is not None))


# --- what came ----------------------------------------------------------------------------------------


def came_of(connection: Connection, org_id: int, document_id: int, by: str) -> dict[int, int]:
    """What came of an order (`by` "origin_line") or a transfer (`by` "product_id") so far, in thousandths.

    A voided receipt does not count.  At the centre; a till asks `open_orders_till`.
    """
    rows = connection.execute(
        text(
            f"SELECT l.{by}, sum(l.quantity) FROM document AS d JOIN document_line AS l"
            " ON l.org_id = d.org_id AND l.document_id = d.document_id"
            f" WHERE d.org_id = :org AND d.original_id = :document AND l.{by} IS NOT NULL"
            f" AND d.kind IN {_RECEIPTS} AND {_NOT_VOIDED} GROUP BY l.{by}"
        ),
        {"org": org_id, "document": document_id},
    )
    return {int(row[0]): int(row[1]) for row in rows}


# --- the rows -----------------------------------------------------------------------------------------


def lock(connection: Connection, org_id: int, document_ids: Sequence[int]) -> list[Row]:
    """Hold the rows of these documents until the commit; gives those that there are.

    Whoever judges or changes what came of them waits here.
    """
    if not document_ids:
        return []
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM arrival WHERE org_id = :org AND document_id = ANY (:ids)"
            " ORDER BY document_id, depot_id FOR UPDATE"
        ),
        {"org": org_id, "ids": sorted(document_ids)},
    ).all()
    return _opened(connection, org_id, rows)


def refresh(connection: Connection, org_id: int, document_ids: Sequence[int]) -> list[int]:
    """Write the rows of these documents as the documents say, in the caller's transaction.

    Gives the keys of those that differed.
    """
    wanted = sorted(set(document_ids))
    standing = {row.key: row for row in lock(connection, org_id, wanted)}
    # A statement of its own: it sees what was committed while this one waited for the lock.
    derived = {row.key: row for row in _derived(connection, org_id, wanted, standing)}
    changed = _differing(standing, derived)
    for key in changed:
        row = derived.get(key)
        if row is None:
            # It cannot be taken back from the tills, so it says that they have no part in it.
            _write(connection, org_id, standing[key]._replace(state=GONE, body=""), "UPDATE")
        elif key in standing:
            _write(connection, org_id, row, "UPDATE")
        elif not _write(connection, org_id, row, "INSERT"):
            # Another transaction made it meanwhile, by what that one saw.
            refresh(connection, org_id, [key[0]])
    return sorted({document_id for document_id, _ in changed})


def _differing(standing: dict[Key, Row], derived: dict[Key, Row]) -> list[Key]:
    return [
        key
        for key in sorted({*standing, *derived})
        if derived.get(key) != standing.get(key) and (key in derived or not standing[key].is_gone)
    ]


def _write(connection: Connection, org_id: int, row: Row, verb: str) -> bool:
    closed = privacy.of(connection).encrypt_text(org_id, privacy.ARRIVAL, row.body)
    names = Row._fields
    if verb == "INSERT":
        statement = (
            f"INSERT INTO arrival (org_id, {_COLUMNS}) VALUES (:org, {', '.join(f':{one}' for one in names)})"
            " ON CONFLICT (org_id, document_id, depot_id) DO NOTHING"
        )
    else:
        changes = ", ".join(f"{one} = :{one}" for one in names if one not in ("document_id", "depot_id"))
        statement = (
            f"UPDATE arrival SET {changes}"
            " WHERE org_id = :org AND document_id = :document_id AND depot_id = :depot_id"
        )
    done = connection.execute(text(statement), {"org": org_id, **row._replace(body=closed)._asdict()})
    return done.rowcount == 1


def _opened(connection: Connection, org_id: int, rows: Sequence[Any]) -> list[Row]:
    private = privacy.of(connection)
    found = []
    for row in rows:
        one = Row(*row)
        try:
            body = private.decrypt_text(org_id, privacy.ARRIVAL, one.body)
        except Damaged:
            # Not what the document says, whatever it was: it is written anew.
            body = "\0"
        found.append(one._replace(body=body))
    return found


# --- what the documents say ---------------------------------------------------------------------------


_DOCUMENTS: Final = (
    "SELECT d.document_id, d.kind, d.series, d.number, d.occurred_at, d.body,"
    f" NOT {_NOT_VOIDED} AS voided,"
    " coalesce((SELECT p.letter FROM depot AS p WHERE p.org_id = d.org_id AND p.depot_id = d.depot_id), '')"
    " AS letter FROM document AS d WHERE d.org_id = :org AND d.document_id = ANY (:ids)"
    f" AND d.kind IN {KINDS!r} ORDER BY d.document_id"
)
_RECEIVED: Final = (
    "SELECT d.original_id, l.product_id, l.origin_line, sum(l.quantity) FROM document AS d"
    " JOIN document_line AS l ON l.org_id = d.org_id AND l.document_id = d.document_id"
    " WHERE d.org_id = :org AND d.original_id = ANY (:ids)"
    f" AND d.kind IN {_RECEIPTS} AND {_NOT_VOIDED} GROUP BY 1, 2, 3"
)


def _derived(
    connection: Connection, org_id: int, document_ids: Sequence[int], standing: dict[Key, Row]
) -> Iterator[Row]:
    """The rows that these documents make.

    Of one whose bytes are damaged, which `verify` tells, the rows that stand are as good as any.
    """
    bound = {"org": org_id, "ids": list(document_ids)}
    private = privacy.of(connection)
    found = connection.execute(text(_DOCUMENTS), bound).all()
    if not found:
        return
    came: dict[int, list[Any]] = {}
    for row in connection.execute(text(_RECEIVED), bound):
        came.setdefault(int(row[0]), []).append(row)
    places = {
        int(row[0]): row[1]
        for row in connection.execute(
            text("SELECT location_id, depot_id FROM location WHERE org_id = :org"), {"org": org_id}
        )
    }
    for row in found:
        try:
            body = private.decrypt_bytes(org_id, bytes(row.body))
            document = canonical.decode(body)
        except Damaged:
            yield from (one for one in standing.values() if one.document_id == row.document_id)
            continue
        if not isinstance(document, OnItsWay):
            continue
        so_far = _so_far(document, came.get(int(row.document_id), []))
        if isinstance(document, ServiceOrder):
            so_far |= _ready(connection, document)
        state = _state(document, so_far, voided=bool(row.voided))
        place = open_orders_till.place_of(document)
        terminal_no, _ = split_key(int(row.document_id))
        made = Row(
            document_id=int(row.document_id),
            depot_id=document.depot_id,
            kind=row.kind,
            number=printed_number(row.letter, terminal_no, row.series, int(row.number)),
            party_id=None if isinstance(document, TransferSent) else document.party_id,
            location_id=place,
            made_at_us=micros(row.occurred_at),
            state=state,
            body=body.decode() if state == OPEN else "",
            came=json.dumps({str(key): so_far[key] for key in sorted(so_far)}),
        )
        for depot_id in sorted({document.depot_id, places.get(place) or document.depot_id}):
            yield made._replace(depot_id=depot_id)


def _ready(connection: Connection, order: ServiceOrder) -> dict[int, int]:
    """That an order was marked ready, and how often, under the index after its last line."""
    steps = service_orders.steps(connection, order.org_id, order.document_id)
    times = sum(step.step is Step.READY for step in steps)
    return {len(order.lines): times} if times else {}


def _so_far(document: OnItsWay, rows: Sequence[Any]) -> dict[int, int]:
    so_far: dict[int, int] = {}
    for _, product_id, origin_line, quantity in rows:
        key = product_id if isinstance(document, TransferSent) else origin_line
        if key is not None:
            so_far[int(key)] = so_far.get(int(key), 0) + int(quantity)
    return so_far


def _state(document: OnItsWay, so_far: dict[int, int], *, voided: bool) -> str:
    if voided:
        return VOIDED
    left = open_orders_till.left_of(document, so_far)
    return OPEN if any(quantity > 0 for quantity in left.values()) else CAME


# --- checking all -------------------------------------------------------------------------------------


def check(database: Database, org_id: int, *, mend_at: datetime | None = None) -> Iterator[tuple[int, bool]]:
    """Compare the rows of every order and transfer with the documents; with the moment `mend_at` write those
    that differ, and each into the audit log.

    Gives each key of a document with whether its rows differed.  What changes meanwhile is read again under
    its lock and differs only when it does then.
    """
    after = 0
    while True:
        with database.read() as connection:
            keys = _keys(connection, org_id, after)
            doubtful = set(_doubtful(connection, org_id, keys))
        if doubtful and mend_at is not None:
            with database.write() as connection:
                doubtful = set(refresh(connection, org_id, sorted(doubtful)))
                for key in sorted(doubtful):
                    audit.write(
                        connection,
                        org_id=org_id,
                        at=mend_at,
                        terminal_no=SERVER_TERMINAL_NO,
                        action="recalculate",
                        subject=f"arrival {name_of(key)}",
                    )
        for key in keys:
            yield key, key in doubtful
        if len(keys) < _BATCH:
            return
        after = keys[-1]


def name_of(document_id: int) -> str:
    """A document as the other checks name it: terminal and sequence."""
    return "/".join(map(str, split_key(document_id)))


def _keys(connection: Connection, org_id: int, after: int) -> list[int]:
    """The next orders and transfers, and rows of none, in the order of their keys."""
    rows = connection.scalars(
        text(
            "(SELECT document_id FROM document WHERE org_id = :org AND document_id > :after"
            f" AND kind IN {KINDS!r} ORDER BY document_id LIMIT :most) UNION"
            " (SELECT document_id FROM arrival WHERE org_id = :org AND document_id > :after"
            " ORDER BY document_id LIMIT :most) ORDER BY 1 LIMIT :most"
        ),
        {"org": org_id, "after": after, "most": _BATCH},
    )
    return [int(key) for key in rows]


def _doubtful(connection: Connection, org_id: int, keys: Sequence[int]) -> Iterator[int]:
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM arrival WHERE org_id = :org AND document_id = ANY (:ids)"),
        {"org": org_id, "ids": list(keys)},
    ).all()
    standing = {row.key: row for row in _opened(connection, org_id, rows)}
    derived = {row.key: row for row in _derived(connection, org_id, keys, standing)}
    yield from (document_id for document_id, _ in _differing(standing, derived))
