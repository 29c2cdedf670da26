"""The greeting: compares histories with the centre before anything is sent.

A centre behind the till (restored from a backup) gets the rest again.  A till behind the centre, or
with another document at the centre's mark, is an old image or a clone: it freezes.

2026-11-29  Only answers that the centre signed come here, and still a till freezes on the second of two,
and a greeting that fits lifts it: frozen in error it would not sell until a person came.
"""

from typing import Final, NamedTuple

import msgspec

from pos_app import VERSION
from pos_app.language import said
from pos_app.log import events
from pos_app.store.documents import audit_outbox, outbox, settings, terminal
from pos_app.store.documents.terminal import FORKED, Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signed_count import Point
from pos_app.store.feed import baseline, cursors, replacing
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.projections import PROJECTIONS
from sync.client.errors import HistoryForked, StartAgain
from sync.client.starts import Start
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


class Greeted(NamedTuple):
    """What a greeting told: whether the centre took this terminal away, whether another home is it too."""

    revoked: bool
    twice: bool


def greet(
    database: Database, who: Terminal, transport: Transport, status: Status, start: Start | None = None
) -> Greeted:
    """Agree with the centre on the mark, or freeze.

    A till that was frozen for another reason and agrees records again.

    Raises `HistoryForked` after freezing, and what the transport raises.
    """
    answer, fits = _ask(database, who, transport, start)
    twice = answer.twice
    if not fits or answer.revoked:
        # A till that freezes is a till that does not sell: the centre is asked a second time.
        answer, fits = _ask(database, who, transport, start)
        twice = twice or answer.twice
    if not fits:
        status.freeze(said(FORKED))
        _hand_over(database, who, transport)
        raise HistoryForked(FORKED)
    with database.read() as connection:
        frozen = terminal.frozen(connection)
        epoch = settings.get(connection, "epoch")
    if frozen.code == FORKED and not answer.revoked:
        status.thaw()
    if epoch != answer.epoch:
        _begin_new_life(database, who, answer.epoch, answer.mark)
    status.acknowledged(answer.mark, answer.mark_hash, answer.quarantined, answer.set_aside)
    return Greeted(answer.revoked, twice)


def _ask(
    database: Database, who: Terminal, transport: Transport, start: Start | None
) -> tuple[HelloAnswer, bool]:
    """The centre's greeting, and whether our history has what it says of it."""
    with database.read() as connection:
        last_seq, last_hash = outbox.last(connection, who)
        known = terminal.acknowledged(connection)
    request = HelloRequest(last_seq=last_seq, last_hash=last_hash, acknowledged=known, program=VERSION)
    if start is not None:
        request = msgspec.structs.replace(
            request, starts=start.number, start=start.token, starts_since=start.since
        )
    answer = transport.call(HELLO_PATH, request, HelloAnswer)
    with database.read() as connection:
        return answer, outbox.hash_at(connection, who, answer.mark) == answer.mark_hash


def _hand_over(database: Database, who: Terminal, transport: Transport) -> None:
    """Send all that was never acknowledged as evidence; what the centre knows, it compares.

    Raises `StartAgain` when its receipt lacks one of them: it is sent again, and nothing goes on without.
    """
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
        held = {(one.seq, one.hash) for one in transport.call(PUSH_PATH, request, PushAnswer).held}
        for packet in outgoing:
            if (packet.seq, packet.hash) not in held:
                raise StartAgain("hand-over-without-receipt", seq=packet.seq)
        seq = outgoing[-1].seq
        with database.write() as connection:
            settings.put(connection, handed_over_seq=str(seq))


def _begin_new_life(database: Database, who: Terminal, epoch: str, mark: int) -> None:
    """The centre was restored: its feed begins anew, and what it does not send again it does not know.
    Master data of before holds until all has come (see `feed.replacing`).

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
        replacing.doubt(connection, epoch)
        baseline.begin_again(connection, who, mark)
        # What the centre has of the audit log it knows again when it comes.
        audit_outbox.acknowledge(connection, Point(0, b""))
        settings.put(connection, epoch=epoch)
