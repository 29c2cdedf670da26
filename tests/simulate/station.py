"""One till with its daemon, on a disk that may fail, and what we know that people did at it.

The daemon runs in a greenlet of its own (`Daemon.run` as it is): where it waits for an answer or for time,
the scheduler goes on with somebody else, and may kill it there.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import greenlet
import msgspec

from pos_app.ledger.errors import BohariError
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.engine.engine import Database
from pos_app.store.schema import schema
from pos_app.till.till import Till
from sync.client.backoff import FIRST_S, LONGEST_S, Backoff
from sync.client.conversation import Conversation, Received
from sync.client.daemon import LOOK_EVERY_S, PULL_EVERY_S, Daemon
from sync.client.errors import ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.client.load import Load
from sync.protocol import signature, wire
from sync.protocol.messages import HELLO_PATH, PULL_PATH, Code, HelloAnswer
from tests.simulate.centre import Refusal
from tests.simulate.clock import TillClock
from tests.simulate.home import Home, Image
from tests.simulate.ledger_rows import cash_of
from tests.simulate.network import Lane, Network, Request, false_answer
from tests.simulate.shop import key_of, terminal_of
from tests.simulate.trace import Broken

if TYPE_CHECKING:
    from tests.simulate.fleet import Fleet

_PACKETS: Final = 5
_BUSY_S: Final = 2
#: So long after its commit a document is on the second medium.
_MEDIUM_HAS_IT: Final = timedelta(seconds=2)


class Killed(BaseException):
    """The program is no more."""


@dataclass(frozen=True)
class Receipt:
    """A document of which somebody has the paper (or, unsure, may have), since `at`."""

    seq: int
    hash: bytes
    series: str
    number: int
    at: timedelta


class Station:
    """A till at work.  `name` tells two homes of one terminal apart."""

    def __init__(self, fleet: "Fleet", number: int, home: Home, name: str = "") -> None:
        self.fleet, self.number, self.home = fleet, number, home
        self.name = name or str(number)
        self.who = terminal_of(number)
        self.clock = TillClock(fleet.time)
        self.chance = random.Random(0)
        #: What was receipted on this disk, in order; and what went with a disk that was put back.
        self.receipts: list[Receipt] = []
        self.lost: list[tuple[Receipt, Packet]] = []
        #: Of those, what a second medium has.
        self.kept: list[Packet] = []
        #: What people have put into the drawer, by their own sums.
        self.cash = 0
        self.sales: list[int] = []
        self.numbers: dict[str, int] = {}
        #: Whether this till may be frozen: something was done to it that must be noticed.
        self.suspect = False
        self._heard_revoked = False
        #: The hashes of what the centre cannot take.
        self.poisoned: set[bytes] = set()
        self.cut_until = self.false_until = timedelta()
        self._old_answer: Received | None = None
        self._may_pause = True
        self._wake = timedelta()
        self.failures = 0
        self._busy_s = 0
        self.starts = 0
        self.database: Database
        self.till: Till
        self._daemon: greenlet.greenlet
        self.open()

    # --- the programs -----------------------------------------------------------------------------

    def open(self) -> None:
        """Start the till and its daemon."""
        self.starts += 1
        self.database = self.home.open()
        self.till = Till(self.database, self.clock)
        self.till._context.person = self.fleet.person
        line = Conversation(
            self._bring,
            key_of(self.number),
            signature.terminal_id(self.who.org_id, self.who.terminal_no),
            KnownCentre(self.database),
            clock=self.clock,
        )
        daemon = Daemon(
            self.database,
            self.who,
            _Line(line),
            clock=self.clock,
            backoff=Backoff(chance=random.Random(f"{self.fleet.plan.seed} {self.name} {self.starts}")),
            load=Load(_PACKETS, lambda: Lane(lambda: self.chance, self._at_once)),
        )
        self._begin(lambda: daemon.run(self))

    def _begin(self, work: Callable[[], None]) -> None:
        self._wake, self.failures, self._busy_s = timedelta(), 0, 0

        def until_killed() -> None:
            try:
                work()
            except Killed:
                return
            except Exception:
                # What a killed program still says is of no world.
                if not self.home.dead:
                    raise

        self._daemon = greenlet.greenlet(until_killed)
        # Where requests come from is known by the context.
        self._daemon.gr_context = self.fleet.context.copy()

    def stop(self) -> None:
        """End both programs as they stand."""
        if self._daemon:
            self._daemon.throw(Killed)
        self.database.close()

    def crash(self) -> None:
        """What was killed is gone; start what is left."""
        image = self.home.left()
        self.stop()
        self.home.put(image)
        self.clock.boot()
        self.open()
        self.look_after_crash()

    def restart(self) -> None:
        """End in order and start again; the machine runs on."""
        self.stop()
        self.open()

    def upgrade(self, chance: random.Random) -> None:
        """Both programs end, and another version makes the triggers anew, which may be killed as well."""
        self.stop()
        for is_last in (False, True):
            database = self.home.open()
            if not is_last:
                with database.write() as connection:
                    connection.exec_driver_sql("PRAGMA user_version = 1")
                if chance.random() < 0.7:
                    self.home.kill_inside(database, int(10 ** chance.uniform(2, 4.5)))
            try:
                schema.prepare_till(database)
            except Exception:
                # What a killed program still says is of no world.
                if not self.home.dead:
                    raise
            self.home.calm(database)
            database.close()
            if not self.home.dead:
                break
            self.home.put(self.home.left())
        self.open()
        self.look_after_crash()

    def put_back(self, image: Image, receipts: list[Receipt]) -> None:
        """The disk is as it was when these receipts had been given; what came after is on no disk."""
        known = len(receipts)
        lost = list(zip(self.receipts[known:], self.packets()[known:], strict=True))
        self.lost += lost
        if "second medium" in self.fleet.plan.faults:
            # It comes after the commit: what is younger than that it may not have yet.
            young = sum(self.fleet.time.passed - one.at < _MEDIUM_HAS_IT for one, _ in lost)
            self.kept += [packet for _, packet in lost[: len(lost) - self.chance.randint(0, young)]]
        self.stop()
        self.home.put(image)
        self.receipts, self.sales, self.numbers = receipts[:], [], {}
        for one in receipts:
            self.numbers[one.series] = one.number
        self.suspect = True
        self.open()
        with self.database.read() as connection:
            self.cash = cash_of(connection, self)

    def turn(self) -> None:
        """The daemon goes on until it waits again."""
        if self._daemon.dead:
            raise Broken("daemon", f"the daemon of till {self.name} ended by itself")
        if self.fleet.time.passed >= self._wake:
            self._daemon.switch()

    # --- as the daemon's `Stop` -------------------------------------------------------------------

    def is_set(self) -> bool:
        """See `threading.Event`: a daemon is never asked to end, it is killed."""
        return False

    def wait(self, timeout: float | None = None) -> bool:
        """The daemon waits for time."""
        wait_s = timeout or 0.0
        self._check_wait(wait_s)
        if self._heard_revoked and wait_s == LOOK_EVERY_S and not self.home.dead:
            raise Broken("revoked", f"till {self.name} was told that it is taken away, and all is well")
        self._wake = self.fleet.time.passed + timedelta(seconds=wait_s)
        self._pause()
        return False

    def _check_wait(self, wait_s: float) -> None:
        """A daemon that succeeded looks again soon; one that fails waits longer with each failure in a row.

        One that is stopped looks now and then whether a person has changed that.
        """
        self.failures = 0 if wait_s == LOOK_EVERY_S else self.failures + 1
        most_s = min(LONGEST_S, FIRST_S * 2 ** max(self.failures - 1, 0)) + self._busy_s
        self._busy_s = 0
        if wait_s > most_s and wait_s not in (LOOK_EVERY_S, PULL_EVERY_S):
            raise Broken(
                "backoff", f"till {self.name} waits {wait_s:.1f} s after {self.failures} failures in a row"
            )

    def _pause(self) -> None:
        """Let others go on; the daemon may be killed meanwhile."""
        if not self._may_pause:
            return
        parent = greenlet.getcurrent().parent
        if parent is None:
            raise RuntimeError("only a daemon waits")
        parent.switch()
        if self.home.dead:
            raise Killed

    def _at_once(self, work: Callable[[], Any]) -> Any:
        self._may_pause = False
        try:
            return work()
        finally:
            self._may_pause = True

    # --- its line ---------------------------------------------------------------------------------

    def _bring(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        """Carry a request of the daemon."""
        if self.home.dead:
            raise Killed
        is_ours = self.fleet.centre.is_active(self.who.terminal_no)
        if path == PULL_PATH and self._heard_revoked and not is_ours:
            raise Broken("revoked", f"till {self.name} was taken away, was told, and asks for news")
        received = self._carried(Request(self.number, path, headers, body), self.fleet.network)
        if path == HELLO_PATH and received.status == 200 and not self.fleet.is_false(self):
            self._heard_revoked = wire.unpack(received.body, HelloAnswer).revoked
        return received

    def _carried(self, request: Request, network: Network) -> Received:
        fate = network.fate(self.chance)
        now = self.fleet.time.passed
        if now < self.false_until:
            self.fleet.trace.note(f"  till {self.name} {request.path}: a false server")
            return false_answer(request, self.chance, self._old_answer)
        if now < self.cut_until or fate == "lost":
            self.fleet.trace.note(f"  till {self.name} {request.path}: lost")
            self._pause()
            raise ServerUnreachable("server-too-slow")
        if fate == "slow" or (fate == "" and self.chance.random() < 0.2):
            self._pause()
        if fate == "late":
            network.hold(request)
            raise ServerUnreachable("server-too-slow")
        if fate == "busy":
            self._busy_s = _BUSY_S
            no = Refusal(503, Code.BUSY, "server-had-no-time")
            return self.fleet.model_door.refuse(request.headers, no, wait_s=_BUSY_S)
        if fate == "twice":
            network.hold(request)
        sent = request._replace(body=_broken(request.body)) if fate == "broken" else request
        received = network.deliver(sent)
        self.fleet.trace.note(f"  till {self.name} {request.path} {fate} -> {received.status}")
        self.fleet.trace.mix(received.body)
        if fate == "slow" or (fate == "" and self.chance.random() < 0.2):
            self._pause()
        if fate == "answer lost":
            raise ServerUnreachable("server-connection-broke", why="ReadError")
        self._old_answer = received
        return received

    # --- what stands in its database --------------------------------------------------------------

    def end(self) -> tuple[int, bytes]:
        """Sequence and hash of the last document."""
        with self.database.read() as connection:
            return outbox.last(connection, self.who)

    def packets(self) -> list[Packet]:
        """All its documents, as they travel."""
        with self.database.read() as connection:
            return outbox.read_after(connection, self.who, 0, most=10**9, most_bytes=10**12)

    def setting(self, name: str) -> str:
        """A setting."""
        with self.database.read() as connection:
            return settings.get(connection, name)

    def frozen(self) -> str:
        """The code under which it is frozen; empty when it is not."""
        with self.database.read() as connection:
            return terminal.sync_state(connection, self.who).frozen.code

    def look_after_crash(self) -> None:
        """All that was receipted must be there; what was recorded and not receipted is, from now on."""
        self.fleet.checks.after_crash(self)


class _Line:
    """A `Transport` over a conversation."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Any]) -> Any:
        """See `Transport.call`."""
        return self._conversation.call(path, message, answer_type)

    def close(self) -> None:
        """See `Transport.close`."""


def _broken(body: bytes) -> bytes:
    return body[:-1] + bytes([body[-1] ^ 1]) if body else b"?"


def told(error: BaseException) -> str:
    """An error as the trace has it."""
    return error.said.code if isinstance(error, BohariError) else type(error).__name__
