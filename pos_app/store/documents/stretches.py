"""Which documents of a till its next Z closes, and what that Z says of them (`ledger.drawer.Stretch`).

Decisions
---------
2026-12-01  A Z closes a stretch of sequences, from right behind the Z before to itself, and not what names
the shift: so every document of a till is in exactly one Z by its number alone, whatever it says of itself.
The close takes its place in the chain in the transaction that reads the stretch, under the journal's lock:
nothing comes in between.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.document import DrawerClose, document_key
from pos_app.ledger.drawer import Stretch
from pos_app.store.documents import documents, terminal
from pos_app.store.tables.columns import from_micros

_OPENING: Final = "drawer_kick"
_COPY: Final = "reprint"
#: Written with each Z, so that what is counted since stands behind it whatever the clock says.
CLOSED: Final = "drawer.closed"


class Before(NamedTuple):
    """The close that ended the shift before: its sequence, when it was recorded, and its own stretch.

    Sequence 0 and no moment before a till's first; no stretch in one that is older than those.
    """

    seq: int
    recorded_at: datetime | None
    stretch: Stretch | None


def before(connection: Connection, org_id: int, terminal_no: int, shift: int) -> Before:
    """Where the stretch of a shift (the key of its `DrawerOpen`) begins."""
    # Ours is the last of the closes of a shift: other currencies that lay in the drawer come before it.
    return told_of(_last_close(connection, org_id, terminal_no, shift))


def behind(connection: Connection, org_id: int, close: DrawerClose) -> Before:
    """Behind which close of its terminal a Z stands, whatever shift it says that it ends."""
    found = _last_close(connection, org_id, close.terminal_no, close.document_id)
    while found is not None and is_part(found, close):
        found = _last_close(connection, org_id, close.terminal_no, found.document_id)
    return told_of(found)


def is_part(close: DrawerClose, of: DrawerClose) -> bool:
    """Whether a close is that of another currency in the drawer which a Z closes."""
    return close.stretch is None and close.shift == of.shift and close.currency != of.currency


def told_of(close: DrawerClose | None) -> Before:
    """What a Z asks of the close before it; None where there is none."""
    return Before(0, None, None) if close is None else Before(close.seq, close.recorded_at, close.stretch)


def _last_close(connection: Connection, org_id: int, terminal_no: int, below: int) -> DrawerClose | None:
    """The last close of a terminal before a document."""
    found: int | None = connection.execute(
        text(
            "SELECT document_id FROM document WHERE org_id = :org AND terminal_no = :terminal"
            " AND kind IN ('drawer_open', 'drawer_close') AND kind = 'drawer_close' AND document_id < :below"
            " ORDER BY document_id DESC LIMIT 1"
        ),
        {"org": org_id, "terminal": terminal_no, "below": below},
    ).scalar_one_or_none()
    closed = None if found is None else documents.get(connection, org_id, found)
    if closed is not None and not isinstance(closed, DrawerClose):
        raise TypeError(type(closed).__name__)
    return closed


def now(
    connection: Connection, org_id: int, terminal_no: int, shift: int, currency: str, *, business_day: int = 0
) -> Stretch:
    """At a till: the stretch of the shift that runs, as a Z at this moment has it."""
    begun = before(connection, org_id, terminal_no, shift)
    sales = sold(connection, org_id, terminal_no, currency, after_seq=begun.seq)
    total = begun.stretch.grand_total + sales if begun.stretch is not None else None
    if total is None:
        # The first Z that keeps one counts whatever was sold before it.
        total = sold(connection, org_id, terminal_no, currency)
    openings, copies = _counted(connection, org_id, terminal_no, begun)
    return Stretch(
        first_seq=begun.seq + 1,
        sales=sales,
        grand_total=total,
        confirmed_seq=terminal.acknowledged(connection),
        openings=openings,
        copies=copies,
        business_day=business_day,
    )


def sold(
    connection: Connection,
    org_id: int,
    terminal_no: int,
    currency: str,
    *,
    after_seq: int = 0,
    upto_seq: int | None = None,
) -> int:
    """The total of a terminal's receipts behind a sequence, in minor units, whatever became of them."""
    beyond = document_key(terminal_no + 1, 0) if upto_seq is None else document_key(terminal_no, upto_seq + 1)
    return int(
        connection.execute(
            text(
                "SELECT coalesce(sum(total), 0) FROM document WHERE org_id = :org AND document_id > :low"
                " AND document_id < :beyond AND kind = 'sale' AND currency = :currency"
            ),
            {
                "org": org_id,
                "low": document_key(terminal_no, after_seq),
                "beyond": beyond,
                "currency": currency,
            },
        ).scalar_one()
    )


def subject_of(close_key: int) -> str:
    """How the log names the Z with this key."""
    return f"document {close_key}"


def _counted(connection: Connection, org_id: int, terminal_no: int, begun: Before) -> tuple[int, int]:
    """How often the drawer was opened without a document, and papers were printed again, since a close.

    By the order of the log: a clock that is set back would hide what came behind the close.  A close of
    before the log named them is found by its moment.
    """
    found, by_time = {_OPENING: 0, _COPY: 0}, None
    close = subject_of(document_key(terminal_no, begun.seq))
    rows = connection.execute(
        text("SELECT at, action, subject FROM audit_log WHERE org_id = :org ORDER BY entry_id DESC"),
        {"org": org_id},
    )
    # Newest first, and no further back than the close before: the log is as long as the till is old.
    for at, action, subject in rows:
        if action == CLOSED and begun.seq:
            if subject == close:
                by_time = None
            break
        if by_time is None and begun.recorded_at is not None and from_micros(at) <= begun.recorded_at:
            by_time = dict(found)
        if action in found:
            found[action] += 1
    rows.close()
    told = found if by_time is None else by_time
    return told[_OPENING], told[_COPY]
