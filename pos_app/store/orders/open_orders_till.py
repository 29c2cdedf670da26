"""What is on its way to a till's depot, at the till: what the feed brought and its own documents.

A till has its own documents whole.  Of orders and transfers that others made the feed brings the bytes, with
what came of them at all terminals; of its own ones what came elsewhere.  What came as the till sees it: what
the feed said, and what this till received (or voided) since, above the mark in the row.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    Document,
    PurchaseOrder,
    ServiceOrder,
    TransferSent,
    kind_of,
    split_key,
)
from pos_app.ledger.errors import Damaged
from pos_app.ledger.letters import holds
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.purchasing import OrderLine
from pos_app.ledger.service_orders import ServiceLine
from pos_app.ledger.travel import Cell
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.letters import folded_sql, like_pattern
from pos_app.store.feed import baseline, intake
from pos_app.store.tables.open_order_table import KINDS, OPEN, STATES, VOIDED

#: The rows of this depot; another hand may have put others here.
_OURS: Final = " AND depot_id = (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'depot_id')"

#: What others can receive or collect, and the kinds of documents that do.
OnItsWay = PurchaseOrder | TransferSent | ServiceOrder
TAKING: Final = ("goods_receipt", "transfer_received", "sale", "invoice", "service_step")


class OpenOrder(NamedTuple):
    """An order or a transfer of which something is still to come (of a service order: to be collected).

    `left` and `came` in thousandths, by the index of the order's line or by the transfer's product.
    """

    document: OnItsWay
    number: str
    left: dict[int, int]
    came: dict[int, int]


def place_of(document: OnItsWay) -> int:
    """The location that it comes to, or (of a service order) where the things are kept."""
    return document.to_location if isinstance(document, TransferSent) else document.location_id


def left_of(document: OnItsWay, came: dict[int, int]) -> dict[int, int]:
    """What has not come of each line (by its index) of an order or each product of a transfer; below zero
    where more came.
    """
    if isinstance(document, TransferSent):
        return {line.product_id: line.quantity - came.get(line.product_id, 0) for line in document.lines}
    lines: Sequence[OrderLine | ServiceLine] = document.lines
    return {place: line.quantity - came.get(place, 0) for place, line in enumerate(lines)}


# --- rows coming in -----------------------------------------------------------------------------------


def take(
    connection: Connection,
    terminal: Terminal,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    mark: int,
) -> None:
    """Write rows of the feed in the caller's transaction; `mark` is our last sequence that they count.

    Raises `Damaged` for rows that no centre of ours would send.
    """
    needed = ("document_id", "org_id", "depot_id", "kind", "location_id", "state", "body", "came")
    if not set(needed) <= set(columns) or "mark" in columns or len(set(columns)) < len(columns):
        raise Damaged("arrival-columns-wrong")
    places = [list(columns).index(name) for name in needed]
    for row in rows:
        if len(row) != len(columns):
            raise Damaged("arrival-row-length")
        if any(isinstance(value, int) and abs(value) >= 2**63 for value in row):
            raise Damaged("arrival-number-too-large")
        _check_one(terminal, dict(zip(needed, (row[place] for place in places), strict=True)))
    intake.upsert(connection, "arrival", terminal.org_id, (*columns, "mark"), [(*row, mark) for row in rows])


def _check_one(terminal: Terminal, row: dict[str, Any]) -> None:
    kind, state, body = row["kind"], row["state"], row["body"]
    if (row["org_id"], row["depot_id"]) != (terminal.org_id, terminal.depot_id):
        raise Damaged("arrival-of-other-place")
    if kind not in KINDS or state not in STATES or not _is_count(row["came"]):
        raise Damaged("arrival-row-senseless")
    if not body:
        if state == OPEN:
            raise Damaged("arrival-without-document")
        return
    try:
        document = canonical.decode(str(body).encode())
    except (Damaged, UnicodeEncodeError) as error:
        raise Damaged("arrival-bytes-damaged") from error
    place = getattr(document, "to_location" if kind == "transfer_sent" else "location_id", None)
    wanted = (row["org_id"], row["document_id"], kind, row["location_id"])
    if (document.org_id, document.document_id, kind_of(document), place) != wanted:
        raise Damaged("arrival-of-other-document")


def _is_count(came: Any) -> bool:
    """Whether a text is what came: whole thousandths by a whole number."""
    try:
        found = json.loads(came)
    except (TypeError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(
        key.isdecimal() and len(key) < 19 and type(value) is int and abs(value) < 2**53
        for key, value in found.items()
    )


def forget(connection: Connection, most: int) -> int:
    """Drop at most `most` rows that the feed brought, gives how many: for a centre that began a new life."""
    return connection.exec_driver_sql(
        "DELETE FROM arrival WHERE (org_id, document_id, depot_id) IN"
        " (SELECT org_id, document_id, depot_id FROM arrival LIMIT ?)",
        (most,),
    ).rowcount


# --- what came ----------------------------------------------------------------------------------------


def came_of(connection: Connection, org_id: int, document_id: int, by: str) -> dict[int, int]:
    """What came of an order (`by` "origin_line") or a transfer (`by` "product_id") as this till knows."""
    row = connection.execute(
        text(f"SELECT came, mark FROM arrival WHERE org_id = :org AND document_id = :document{_OURS}"),
        {"org": org_id, "document": document_id},
    ).one_or_none()
    came = {} if row is None else {int(key): int(value) for key, value in json.loads(row.came).items()}
    mark = 0 if row is None else int(row.mark)
    own = connection.execute(
        text(
            f"SELECT d.document_id, l.{by}, l.quantity, r.document_id FROM document AS d"
            " JOIN document_line AS l ON l.org_id = d.org_id AND l.document_id = d.document_id"
            " LEFT JOIN document AS r ON r.org_id = d.org_id AND r.reverses_id = d.document_id"
            f" WHERE d.org_id = :org AND d.original_id = :document AND l.{by} IS NOT NULL"
            f" AND d.kind IN {TAKING!r}"
        ),
        {"org": org_id, "document": document_id},
    ).all()
    if not own:
        return came
    outside = set(baseline.known_set_aside(connection))

    def counts(key: int | None) -> bool:
        """Whether a document of ours stands in the books."""
        return key is not None and split_key(key)[1] not in outside

    for receipt, line, quantity, reversal in own:
        is_new, is_voided = split_key(receipt)[1] > mark, counts(reversal)
        if is_new and counts(receipt) and not is_voided:
            came[line] = came.get(line, 0) + quantity
        elif not is_new and is_voided and split_key(reversal)[1] > mark:
            came[line] = came.get(line, 0) - quantity
    return came


def is_voided(connection: Connection, org_id: int, document_id: int) -> bool:
    """Whether an order or a transfer was voided, here or as the feed told."""
    return (
        connection.execute(
            text(
                "SELECT 1 FROM document WHERE org_id = :org AND reverses_id = :document UNION ALL"
                " SELECT 1 FROM arrival WHERE org_id = :org AND document_id = :document AND state = :voided"
            ),
            {"org": org_id, "document": document_id, "voided": VOIDED},
        ).first()
        is not None
    )


def document(connection: Connection, org_id: int, document_id: int) -> OnItsWay | None:
    """An open order or transfer that the feed brought."""
    body = connection.execute(
        text(f"SELECT body FROM arrival WHERE org_id = :org AND document_id = :document{_OURS}"),
        {"org": org_id, "document": document_id},
    ).scalar_one_or_none()
    found = canonical.decode(str(body).encode()) if body else None
    return found if isinstance(found, OnItsWay) else None


# --- lists --------------------------------------------------------------------------------------------

#: A list longer than this is looked through by words.
MOST: Final = 200
#: Where it comes to is a place of this depot today, whatever it was then: a vehicle may move.
_HERE: Final = (
    "a.location_id IN (SELECT location_id FROM location WHERE org_id = a.org_id AND depot_id = a.depot_id)"
)
_FED: Final = (
    "SELECT a.body, a.number FROM arrival AS a"
    " LEFT JOIN party AS p ON p.org_id = a.org_id AND p.party_id = a.party_id"
    " WHERE a.org_id = :org AND a.depot_id = :depot AND a.state = 'open' AND a.kind = :kind"
    f" AND {_HERE} AND (lower(a.number) LIKE :pattern ESCAPE '\\' OR {{vendor}} LIKE :pattern ESCAPE '\\')"
    " ORDER BY a.made_at_us DESC, a.document_id DESC LIMIT :most"
)
#: Own ones that are not done as far as the centre told; those that it told nothing of yet have no `state`.
_OWN: Final = (
    "SELECT d.body, l.letter, p.name, a.state FROM document AS d"
    " LEFT JOIN arrival AS a ON a.org_id = d.org_id AND a.document_id = d.document_id"
    " LEFT JOIN depot AS l ON l.org_id = d.org_id AND l.depot_id = d.depot_id"
    " LEFT JOIN party AS p ON p.org_id = d.org_id AND p.party_id = d.party_id"
    # The first condition is the index's own (`ix_document_on_its_way`).
    f" WHERE d.kind IN {KINDS!r} AND d.org_id = :org AND d.kind = :kind"
    " AND coalesce(a.state, 'open') = 'open' ORDER BY d.document_id DESC LIMIT :most"
)


class Asked(NamedTuple):
    """What a list is asked for: a kind of document that comes to a depot; words in its number or vendor.

    `fits` looks at a document and its printed number, before it is asked what came of it.
    """

    org_id: int
    depot_id: int
    kind: str
    words: str = ""
    most: int = MOST
    fits: Callable[[Document, str], bool] = lambda document, number: True


def coming(connection: Connection, asked: Asked) -> list[OpenOrder]:
    """What is still to come to this depot and its vehicles, newest first, each once; at most `asked.most`.

    What the feed told, and what this till made and the centre did not tell of yet.
    """
    here = set(
        connection.scalars(
            text("SELECT location_id FROM location WHERE org_id = :org AND depot_id = :depot"),
            {"org": asked.org_id, "depot": asked.depot_id},
        )
    )
    found = [
        one
        for one, vendor in _own(connection, asked, only_untold=True)
        if place_of(one.document) in here and holds(f"{one.number} {vendor}", asked.words)
    ]
    rows = connection.execute(
        text(_FED.format(vendor=folded_sql(connection, "p.name"))),
        {
            "org": asked.org_id,
            "depot": asked.depot_id,
            "kind": asked.kind,
            "pattern": like_pattern(asked.words),
            "most": asked.most,
        },
    ).all()
    for body, number in rows:
        made = canonical.decode(str(body).encode())
        if asked.fits(made, number):
            found += _still(connection, made, number)
    found.sort(key=lambda one: (one.document.occurred_at, one.document.document_id), reverse=True)
    return found[: asked.most]


def made_here(connection: Connection, org_id: int, kind: str) -> list[OpenOrder]:
    """What this till made and something is still to come of, wherever it goes to; newest first."""
    return [one for one, _ in _own(connection, Asked(org_id, 0, kind))]


def _own(connection: Connection, asked: Asked, *, only_untold: bool = False) -> list[tuple[OpenOrder, str]]:
    """Own ones, each with the vendor's name; `only_untold` those of which the centre told nothing yet."""
    bound = {"org": asked.org_id, "kind": asked.kind, "most": max(asked.most, MOST)}
    found = []
    for body, letter, vendor, state in connection.execute(text(_OWN), bound).all():
        if only_untold and state is not None:
            continue
        made = canonical.decode(bytes(body))
        number = printed_number(letter or "", made.terminal_no, made.series, made.number)
        if asked.fits(made, number):
            found += [(one, vendor or "") for one in _still(connection, made, number)]
    return found


def _still(connection: Connection, made: Document, number: str) -> list[OpenOrder]:
    """One arrival, or none when nothing of it is to come as this till knows."""
    if not isinstance(made, OnItsWay):
        return []
    if is_voided(connection, made.org_id, made.document_id):
        return []
    by = "product_id" if isinstance(made, TransferSent) else "origin_line"
    came = came_of(connection, made.org_id, made.document_id, by)
    left = left_of(made, came)
    return [OpenOrder(made, number, left, came)] if any(quantity > 0 for quantity in left.values()) else []
