"""The greeting: compares histories with the centre before anything is sent.

A centre behind the till (restored from a backup) gets the rest again.  A till behind the centre, or
with another document at the centre's mark, is an old image or a clone: it freezes.
"""

from typing import Final

from pos_app.language import said
from pos_app.log import events
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.documents.terminal import FORKED, Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import baseline, cursors
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.projections import PROJECTIONS
from sync.client.errors import HistoryForked
from sync.client.status import Status
from sync.client.transport import Transport
from sync.protocol.messages import (
    HELLO_PATH,
    MOST_PACKETS,
    MOST_PUSH_BYTES,
    PUSH_PATH,
    HelloAnswer,
    HelloRequest,
    PushAnswer,
    PushRequest,
)

FORGET_ROWS: Final = 250


def greet(database: Database, who: Terminal, transport: Transport, status: Status) -> None:
    """Agree with the centre on the mark, or freeze.

    Raises `HistoryForked` after freezing, and what the transport raises.
    """
    with database.read() as connection:
        last_seq, last_hash = outbox.last(connection, who)
        known = terminal.acknowledged(connection)
    request = HelloRequest(last_seq=last_seq, last_hash=last_hash, acknowledged=known)
    answer = transport.call(HELLO_PATH, request, HelloAnswer)
    with database.read() as connection:
        own = outbox.hash_at(connection, who, answer.mark)
        frozen = settings.get(connection, "frozen")
        epoch = settings.get(connection, "epoch")
    if own != answer.mark_hash or frozen:
        freeze(database, who, transport, status)
    if epoch != answer.epoch:
        _begin_new_life(database, who, answer.epoch, answer.mark)
    status.acknowledged(answer.mark, answer.mark_hash, answer.quarantined, answer.set_aside)


def freeze(database: Database, who: Terminal, transport: Transport, status: Status) -> None:
    """Refuse further recording, then hand the centre what it may not have.  Raises `HistoryForked`."""
    status.freeze(said(FORKED))
    _hand_over(database, who, transport)
    raise HistoryForked(FORKED)


def _hand_over(database: Database, who: Terminal, transport: Transport) -> None:
    """Send all that was never acknowledged as evidence; what the centre knows, it compares."""
    with database.read() as connection:
        start = settings.get(connection, "handed_over_seq")
        seq = int(start) if start else terminal.acknowledged(connection)
    while True:
        with database.read() as connection:
            outgoing = outbox.read_after(connection, who, seq, most=MOST_PACKETS, most_bytes=MOST_PUSH_BYTES)
            before = outbox.hash_at(connection, who, seq) or b""
        if not outgoing:
            return
        request = PushRequest(after_seq=seq, after_hash=before, packets=tuple(outgoing), diverged=True)
        transport.call(PUSH_PATH, request, PushAnswer)
        seq = outgoing[-1].seq
        with database.write() as connection:
            settings.put(connection, handed_over_seq=str(seq))


def _begin_new_life(database: Database, who: Terminal, epoch: str, mark: int) -> None:
    """The centre was restored: its feed begins anew, and what it does not send again it does not know.

    The epoch is written last, so that a till killed in between does this again.
    """
    events.NEW_LIFE.log(mark=mark)
    for projection in PROJECTIONS:
        if not projection.from_centre:
            continue
        dropped = FORGET_ROWS
        while dropped == FORGET_ROWS:
            with database.write() as connection:
                dropped = baseline.forget(connection, projection, FORGET_ROWS)
    dropped = FORGET_ROWS
    while dropped == FORGET_ROWS:
        with database.write() as connection:
            dropped = open_orders_till.forget(connection, FORGET_ROWS)
    with database.write() as connection:
        cursors.forget(connection)
        baseline.begin_again(connection, who, mark)
        settings.put(connection, epoch=epoch)
