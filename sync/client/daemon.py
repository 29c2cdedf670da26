"""The daemon of a terminal: greets, pushes, pulls, waits; for ever or until both sides agree.

It is the only writer of the sync's settings and baselines.  It never deletes a document and never
stops trying; what is wrong stands in the settings as a sentence.
"""

import time
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from pos_app.language import Sentence, said
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.errors import BohariError, Unavailable
from pos_app.log import events
from pos_app.store.documents import audit_runs, outbox, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.tables.columns import micros
from sync.client import audit_push, key_handover, revocation, starts
from sync.client.ask import Asking
from sync.client.backoff import Backoff
from sync.client.compare import Compare
from sync.client.day_ask import DayAsk
from sync.client.errors import ServerBusy, ServerRefused, StartAgain, Stopped
from sync.client.greeting import Greeted, greet
from sync.client.load import Load
from sync.client.news import News
from sync.client.pull import pull
from sync.client.push import push
from sync.client.status import Status
from sync.client.transport import Transport
from sync.protocol.messages import Code
from sync.upkeep import Upkeep

#: How often an idle daemon looks for new documents, and how often it asks for news; with a request for them
#: held open it looks as often as a sister is to see a sale.
LOOK_EVERY_S: Final = 0.5
LOOK_OFTEN_S: Final = 0.2
PULL_EVERY_S: Final = 5.0
#: How often it asks all the same while the centre holds its request open, in case something was not heard.
QUIET_PULL_S: Final = 300.0
#: `drain` gives up after so many failures in a row, or when they have lasted so long: a server that
#: takes the line and says nothing costs a minute each time.
DRAIN_TRIES: Final = 5
DRAIN_PATIENCE_S: Final = 30.0
#: `drain` gives up on a server that is busy for so long.
BUSY_LIMIT_S: Final = 300.0
_HELD_BACK_LIMIT_S: Final = 10.0


class Step(NamedTuple):
    """What one round did: documents taken by the centre, rows brought in, rows still held back."""

    pushed: int
    pulled: int
    held_back: bool


class Stop(Protocol):
    """Ends a daemon, and is what it waits for: a `threading.Event`, or the time of a simulator."""

    def is_set(self) -> bool:
        """Whether to end."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait so many seconds at most; gives whether to end."""
        ...


class Daemon:
    """Keeps one till and the centre in step."""

    def __init__(
        self,
        database: Database,
        who: Terminal,
        transport: Transport,
        *,
        clock: Clock | None = None,
        backoff: Backoff | None = None,
        pull_every_s: float = PULL_EVERY_S,
        drain_patience_s: float = DRAIN_PATIENCE_S,
        upkeep: Upkeep | None = None,
        load: Load | None = None,
        compare: Compare | None = None,
        heard: Callable[[int], object] | None = None,
        news: News | None = None,
    ) -> None:
        """`load` says how much one push carries, and over what.  `compare` is given its turns here, and
        `heard` is told how many rows of the feed came so far.  `news` says when to ask; left out, it is asked
        every so often.
        """
        self._database = database
        self._who = who
        self._transport = transport
        self._clock = clock or SystemClock()
        self._status = Status(database, who, self._clock)
        self._backoff = backoff or Backoff()
        self._pull_every_s = pull_every_s
        self._drain_patience_s = drain_patience_s
        self._load = load or Load()
        self._compare = compare
        self._heard = heard
        self._upkeep = upkeep
        self._news = news
        #: When all that the centre had came last, and how often `news` was answered until then.
        self._pulled_at_s, self._answers = -QUIET_PULL_S, 0
        self._greeted = False
        #: Whether this centre takes audit logs, as far as is known since the last greeting.
        self._sends_audit = True
        self._start: starts.Start | None = None
        self._asking = Asking(database, who, transport)
        self._day = DayAsk(database, transport, self._clock)

    def step(self) -> Step:
        """One round: greet when needed, push all, pull all where anything moved, note that it went well.

        Raises the trouble as a `BohariError`, after noting it; the next step greets first.
        """
        try:
            done = self._round()
        except BohariError as error:
            self._lost()
            self._note(error.said, error)
            raise
        except Exception:
            self._lost()
            self._note(said("sync-fault"))
            raise
        return done

    def _lost(self) -> None:
        self._greeted = False
        self._pulled_at_s = -QUIET_PULL_S
        if self._news is not None:
            self._news.rest()

    def run(self, stop: Stop) -> None:
        """Step for ever, until `stop` is set; after a failure wait longer each time."""
        while not stop.is_set():
            try:
                self.step()
            except Stopped:
                # Nothing here can change that; look now and then whether a person has.
                stop.wait(self._pull_every_s)
            except ServerBusy as busy:
                stop.wait(busy.wait_s + self._backoff.failed())
            except BohariError:
                stop.wait(self._backoff.failed())
            except Exception as error:  # noqa: BLE001 - a till without its daemon is worse than one with a fault
                events.SYNC_FAULT.log(error)
                stop.wait(self._backoff.failed())
            else:
                self._backoff.succeeded()
                self._idle(stop)
            if self._upkeep is not None and not stop.is_set():
                self._upkeep.turn_when_due()

    def drain(self) -> None:
        """Step until both sides agree.

        Raises `Unavailable` when the server cannot be reached after some tries, `Stopped` when
        this till is frozen or was taken away, and other refusals of the server.
        """
        held_back_since = busy_since = None
        well_at = time.monotonic()
        while True:
            try:
                done = self.step()
            except ServerBusy as busy:
                # It lives, and the others are being served: this is no failed try.
                well_at = time.monotonic()
                busy_since = busy_since or well_at
                if well_at - busy_since > BUSY_LIMIT_S:
                    raise
                time.sleep(busy.wait_s + self._backoff.failed())
                continue
            except (StartAgain, Unavailable) as error:
                wait_s = self._backoff.failed()
                too_long = time.monotonic() - well_at > self._drain_patience_s
                if too_long or self._backoff.failures >= DRAIN_TRIES:
                    raise Unavailable(error.said) from error
                time.sleep(min(wait_s, 2.0))
                continue
            self._backoff.succeeded()
            well_at = time.monotonic()
            busy_since = None
            if not done.held_back and not self._waiting():
                return
            held_back_since = held_back_since or time.monotonic()
            # A busy centre always has an open transaction somewhere; what is new then comes later.
            if not self._waiting() and time.monotonic() - held_back_since > _HELD_BACK_LIMIT_S:
                return
            time.sleep(0.05)

    def _round(self) -> Step:
        key_handover.hand_over(self._database, self._transport)
        if not self._greeted:
            if self._start is None:
                audit_runs.sign_standing(self._database, self._who.org_id, self._who.terminal_no)
                self._start = starts.begin(self._database)
            told = self._greeting()
            self._start = starts.heard(self._database, self._start, twice=told.twice)
            if told.twice:
                events.HOME_TWICE.log(starts=self._start.number)
            if told.revoked:
                revocation.obey(self._database, self._who, self._transport, self._status, self._load)
            self._greeted = self._sends_audit = True
            self._asking.greeted()
            if self._news is not None:
                self._news.greeted()
        # Before the documents that name what is asked for: the centre knows it when they come.
        self._asking.push()
        self._day.ask()
        pushed = push(self._database, self._who, self._transport, self._status, self._load)
        answers = 0 if self._news is None else self._news.answers
        has_answered = answers != self._answers
        came = None
        if self._asks():
            came = pull(self._database, self._who, self._transport, self._clock, self._heard)
            # What is held back moves when it is free; it may have been told before.
            self._pulled_at_s = -QUIET_PULL_S if came.held_back else time.monotonic()
            if self._news is not None:
                self._news.listen(came.horizon)
        self._answers = answers
        self._asking.keep_up()
        if self._compare is not None:
            self._compare.turn_when_due()
        # Last: whatever becomes of it, documents and news have gone their ways.
        if self._sends_audit:
            self._sends_audit = audit_push.push(self._database, self._who, self._transport)
        if came is None and not (pushed or has_answered):
            # Nobody was asked anything.
            return Step(0, 0, held_back=False)
        self._status.well()
        return Step(pushed, came.rows if came else 0, came is not None and came.held_back)

    def _asks(self) -> bool:
        """Whether to ask for news: not while a request is held open for them and nothing moved."""
        news = self._news
        if news is None or not news.is_held or news.has_moved():
            return True
        return time.monotonic() - self._pulled_at_s > QUIET_PULL_S

    def _greeting(self) -> Greeted:
        try:
            return greet(self._database, self._who, self._transport, self._status, self._start)
        except ServerRefused as refusal:
            if refusal.verdict != Code.UNSIGNED or not key_handover.has_several(self._database):
                raise
        # Restored from a backup, it may know an older key of ours alone.
        key_handover.tell_all(self._database, self._transport)
        return greet(self._database, self._who, self._transport, self._status, self._start)

    def _idle(self, stop: Stop) -> None:
        """Wait for a new document, or until it is time to ask for news."""
        until_ms = self._clock.running().ms + int(self._pull_every_s * 1000)
        while self._clock.running().ms < until_ms and not self._nap(stop):
            if self._news is not None and self._news.has_moved():
                return
            try:
                if self._waiting() or self._day.is_awaited():
                    return
                # Of what a customer waits for, the news is asked for at every look.
                if self._asking.awaits(micros(self._clock.now())):
                    return
            except Exception:  # noqa: BLE001 - whatever it is, the next round meets it too, and says so
                return

    def _nap(self, stop: Stop) -> bool:
        """Wait a moment, or until something moved; gives whether to end."""
        if self._news is None:
            return stop.wait(min(LOOK_EVERY_S, self._pull_every_s))
        self._news.wait(min(LOOK_OFTEN_S, self._pull_every_s))
        return stop.is_set()

    def _waiting(self) -> bool:
        with self._database.read() as connection:
            return outbox.last(connection, self._who)[0] > terminal.acknowledged(connection)

    def _note(self, sentence: Sentence, known: BohariError | None = None) -> None:
        """Write what is wrong; when even that fails (a full disk), the log has it."""
        try:
            self._status.trouble(sentence, known)
        except BohariError as error:
            events.SYNC_STATE_NOT_WRITTEN.log(error)
