"""Pushing: the documents above the mark, in order, batch after batch, until none waits."""

from typing import Final

from pos_app.store import outbox, settings, terminal
from pos_app.store.engine import Database
from pos_app.store.terminal import Terminal
from sync.client import greeting
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable, StartAgain
from sync.client.load import Load
from sync.client.status import Status
from sync.client.transport import Transport
from sync.protocol.messages import PUSH_PATH, Code, Packet, PushAnswer, PushRequest

#: After so many answers without progress it is no chance any more.
_MOST_STANDSTILLS: Final = 3


def push(
    database: Database, who: Terminal, transport: Transport, status: Status, load: Load | None = None
) -> int:
    """Send until nothing waits; gives how many documents the centre took.

    Raises `StartAgain` when the answer does not fit our history (the next greeting finds out why),
    `HistoryForked` after freezing, and what the transport raises.
    """
    load = load or Load()
    taken = standstills = 0
    while True:
        with database.read() as connection:
            mark = terminal.acknowledged(connection)
            epoch = settings.get(connection, "epoch")
            before = outbox.hash_at(connection, who, mark)
            outgoing = outbox.read_after(connection, who, mark, most=load.packets, most_bytes=load.bytes)
        if before is None:
            raise StartAgain("The mark of the centre is beyond this till's documents; it greets it anew.")
        if not outgoing:
            return taken
        request = PushRequest(
            after_seq=mark, after_hash=before, packets=tuple(Packet(*one) for one in outgoing)
        )
        answer = _call(transport, request, load)
        if answer.forked:
            greeting.freeze(database, who, transport, status)
        with database.read() as connection:
            own = outbox.hash_at(connection, who, answer.mark)
        if answer.epoch != epoch or own != answer.mark_hash:
            raise StartAgain("The centre answered for another history; this till greets it anew.")
        status.acknowledged(answer.mark, answer.mark_hash, answer.quarantined, answer.set_aside)
        standstills = standstills + 1 if answer.mark <= mark else 0
        if standstills >= _MOST_STANDSTILLS:
            raise StartAgain("The centre answers but takes nothing; this till tries again.")
        taken += max(answer.mark - mark, 0)


def _call(transport: Transport, request: PushRequest, load: Load) -> PushAnswer:
    try:
        answer = transport.call(PUSH_PATH, request, PushAnswer)
    except ServerBusy:
        # The server's load, not ours.
        raise
    except ServerUnreachable:
        load.lighter()
        raise
    except ServerRefused as refusal:
        if refusal.code == Code.TOO_LARGE:
            load.lighter()
        raise
    load.heavier()
    return answer
