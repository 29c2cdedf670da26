"""Pushing: the documents above the mark, in order, batch after batch, until none waits.

While the centre commits one batch, the next is on its way: the centre checks it meanwhile and lets
it wait for its turn.  Answers are taken in order; whatever is not the plain "I have it all" throws
away what is on its way and begins again at the mark, which is always safe.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signed_count import Point
from sync.client import greeting, key_handover
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable, StartAgain
from sync.client.load import IN_FLIGHT, Load
from sync.client.status import Status
from sync.client.transport import Transport
from sync.protocol.messages import PUSH_PATH, Code, PushAnswer, PushRequest

#: After so many answers without progress it is no chance any more.
_MOST_STANDSTILLS: Final = 3


class _Sent(NamedTuple):
    """A batch on its way: its last sequence and that one's hash, and how to get the answer."""

    seq: int
    hash: bytes
    answer: Callable[[], PushAnswer]


def push(
    database: Database, who: Terminal, transport: Transport, status: Status, load: Load | None = None
) -> int:
    """Send until nothing waits; gives how many documents the centre took.

    Raises `StartAgain` when the answer does not fit our history (the next greeting finds out why),
    `HistoryForked` after freezing, and what the transport raises.
    """
    taken = standstills = 0
    # Leaving waits for what is on its way: its answer is not needed, the next greeting tells the mark.
    with _Pipeline(database, who, transport, load or Load()) as line:
        while True:
            mark, epoch = line.fill()
            if not line.sent:
                return taken
            oldest, answer = line.take()
            if answer.forked:
                # The greeting says whether it is so; it freezes us then.
                line.drop()
                greeting.greet(database, who, transport, status)
                raise StartAgain("centre-answers-other-history")
            with database.read() as connection:
                own = outbox.hash_at(connection, who, answer.mark)
            if answer.epoch != epoch or own != answer.mark_hash:
                raise StartAgain("centre-answers-other-history")
            told = Point(answer.mark, answer.mark_hash)
            if told.seq > oldest.seq:
                # A copy of this home was faster.  What was set aside of its batch the answer to ours does not
                # say: what lies behind ours is sent all the same.
                told = Point(oldest.seq, oldest.hash)
            # A batch that overtook the one before it has an answer from before that one was taken.
            if told.seq >= mark:
                status.acknowledged(told.seq, told.hash, answer.quarantined, answer.set_aside)
            standstills = standstills + 1 if answer.mark <= mark else 0
            if standstills >= _MOST_STANDSTILLS:
                raise StartAgain("centre-takes-nothing")
            taken += max(told.seq - mark, 0)
            if told.seq != oldest.seq:
                line.drop()


class _Pipeline:
    """The batches on their way to the centre, oldest first."""

    def __init__(self, database: Database, who: Terminal, transport: Transport, load: Load) -> None:
        self.sent: deque[_Sent] = deque()
        self._database = database
        self._who = who
        self._transport = transport
        self._load = load
        self._pool = load.lanes()

    def __enter__(self) -> "_Pipeline":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def fill(self) -> tuple[int, str]:
        """Send the next batches; gives the acknowledged mark and the epoch it is of."""
        load, who = self._load, self._who
        with self._database.read() as connection:
            mark = terminal.acknowledged(connection)
            epoch = settings.get(connection, "epoch")
            # A line that does not carry a full batch is not helped by a second one on it.
            while len(self.sent) < (IN_FLIGHT if load.is_full else 1):
                last = (self.sent[-1].seq, self.sent[-1].hash) if self.sent else None
                before = last or (mark, _hash_of(connection, who, mark))
                outgoing = outbox.read_after(
                    connection, who, before[0], most=load.packets, most_bytes=load.bytes
                )
                outgoing = key_handover.sendable(connection, outgoing)
                if not outgoing:
                    break
                call = partial(_call, self._transport, before, outgoing)
                is_alone = not self.sent and (len(outgoing) < load.packets or not load.is_full)
                answer = call if is_alone else self._pool.submit(call).result
                self.sent.append(_Sent(outgoing[-1].seq, outgoing[-1].hash, answer))
                if is_alone:
                    break
        return mark, epoch

    def take(self) -> tuple[_Sent, PushAnswer]:
        """The oldest batch and the answer to it.  Raises what the transport raises."""
        oldest = self.sent.popleft()
        try:
            answer = oldest.answer()
        except ServerBusy:
            # The server's load, not ours.
            raise
        except ServerUnreachable:
            self._load.lighter()
            raise
        except ServerRefused as refusal:
            if refusal.verdict == Code.TOO_LARGE:
                self._load.lighter()
            raise
        self._load.heavier()
        return oldest, answer

    def drop(self) -> None:
        """Forget what is on its way, once it has arrived."""
        while self.sent:
            self.sent.popleft().answer()


def _hash_of(connection: Connection, who: Terminal, mark: int) -> bytes:
    found = outbox.hash_at(connection, who, mark)
    if found is None:
        raise StartAgain("centre-mark-too-high")
    return found


def _call(transport: Transport, before: tuple[int, bytes], outgoing: list[Packet]) -> PushAnswer:
    request = PushRequest(after_seq=before[0], after_hash=before[1], packets=tuple(outgoing))
    return transport.call(PUSH_PATH, request, PushAnswer)
