"""Asking the centre for everything once more, and holding it against what the till has (`upkeep.comparison`).

Pages are compared that the till has heard of in full: the ordinary pull goes before each of them, and a page
beyond its cursor is news.  A kill in between loses nothing but the place, which is kept in memory alone.
"""

import random
import time
from typing import Final

from pos_app.ledger.clock import Clock
from pos_app.ledger.travel import Cell, Cursor
from pos_app.store.documents import outbox, settings
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import cursors, replacing
from pos_app.store.tables.projections import BASELINES
from pos_app.store.upkeep import comparison
from pos_app.store.upkeep.comparison import Difference, Sent
from sync.client.errors import StartAgain
from sync.client.pull import KINDS, pull
from sync.client.transport import Transport
from sync.protocol.messages import PULL_PATH, Page, PullAnswer, PullRequest

#: How often a daemon does it, and when first: a thousand tills that start together do not ask together.
EVERY_S: Final = 24 * 3600.0
FIRST_AFTER_S: Final = (300.0, 3600.0)
#: How long a command waits for transactions that are open at the centre; a daemon goes on with its next turn.
HELD_BACK_LIMIT_S: Final = 10.0
_HELD_BACK_PAUSE_S: Final = 0.05
#: How often the rest of a kind of balances is asked for at the end of a pass.
_ASKED: Final = 5


class Compare:
    """One pass over everything, a request at a time; then the next, when it is due."""

    def __init__(
        self, database: Database, who: Terminal, transport: Transport, clock: Clock, *, at_once: bool = False
    ) -> None:
        self._database = database
        self._who = who
        self._transport = transport
        self._clock = clock
        # Not for secrets: only so that not all come at once.
        wait_s = 0.0 if at_once else random.uniform(*FIRST_AFTER_S)  # noqa: S311
        self._due_s = time.monotonic() + wait_s
        self._positions: dict[str, Cursor] = {}
        self._known: dict[str, set[tuple[Cell, ...]]] = {}
        #: Of which life of the centre the positions are; None before the first request of a pass.
        self._life: str | None = None
        #: The balances of which the centre held nothing back at the end of the pass: all of them came.
        self._came: set[str] = set()
        self._is_held_back = False
        #: What the pass that runs, or the last one, found.
        self.found: list[Difference] = []

    def whole(self) -> list[Difference]:
        """A pass from its beginning to its end.  Raises what `pull` raises.

        One that the centre holds back for longer than `HELD_BACK_LIMIT_S` ends without judging which rows
        the centre does not know.
        """
        self._begin()
        held_back_since_s: float | None = None
        while not self._step():
            if not self._is_held_back:
                held_back_since_s = None
                continue
            held_back_since_s = held_back_since_s or time.monotonic()
            if time.monotonic() - held_back_since_s > HELD_BACK_LIMIT_S:
                break
            time.sleep(_HELD_BACK_PAUSE_S)
        return self.found

    def turn_when_due(self) -> None:
        """One request of the pass that is due.  Raises what `pull` raises; the pass goes on afterwards."""
        if not self._positions:
            if time.monotonic() < self._due_s:
                return
            self._begin()
        if self._step():
            self._positions = {}
            self._due_s = time.monotonic() + EVERY_S

    def _begin(self) -> None:
        self._life = None
        self._positions = dict.fromkeys(KINDS, Cursor())
        self._known = {kind: set() for kind in (*comparison.WHOLE, *BASELINES)}
        self._came = set()
        self._is_held_back = False
        self.found = []

    def _step(self) -> bool:
        """One request; gives whether it was the last."""
        pull(self._database, self._who, self._transport, self._clock)
        with self._database.read() as connection:
            epoch = settings.get(connection, "epoch")
            life = replacing.life(connection)
        if self._life not in (None, life):
            # What was read of another life says nothing: what lies below its positions would be a stranger.
            self._begin()
        self._life = life
        request = PullRequest(epoch=epoch, cursors=self._positions)
        answer = self._transport.call(PULL_PATH, request, PullAnswer)
        if answer.epoch != epoch:
            self._positions = {}
            raise StartAgain("centre-began-anew")
        for page in answer.pages:
            self._take(page)
        if answer.more and answer.pages:
            return False
        self._is_held_back = self._holds_back(epoch)
        if self._is_held_back:
            return False
        for kind in BASELINES:
            self._ask_rest(kind, epoch)
        self._end()
        return True

    def _ask_rest(self, kind: str, epoch: str) -> None:
        """Ask for balances of one kind until all have come, a few times: where many sell, some are always
        held back, and those that nobody knows are looked for with the next pass.
        """
        for _ in range(_ASKED):
            request = PullRequest(epoch=epoch, cursors={kind: self._positions[kind]})
            answer = self._transport.call(PULL_PATH, request, PullAnswer)
            if answer.epoch != epoch:
                self._positions = {}
                raise StartAgain("centre-began-anew")
            for page in answer.pages:
                self._take(page)
            if not answer.held_back and not answer.more:
                self._came.add(kind)
                return

    def _holds_back(self, epoch: str) -> bool:
        """Whether rows of a kind that comes whole are still to come: they changed at the centre while an
        older transaction is open there, and are in no page until it ends.  Of balances some always are.
        """
        whole = {kind: at for kind, at in self._positions.items() if kind in comparison.WHOLE}
        answer = self._transport.call(PULL_PATH, PullRequest(epoch=epoch, cursors=whole), PullAnswer)
        if answer.epoch != epoch:
            self._positions = {}
            raise StartAgain("centre-began-anew")
        for page in answer.pages:
            self._take(page)
        return answer.held_back or answer.more

    def _take(self, page: Page) -> None:
        if page.kind not in KINDS or page.before != self._positions[page.kind]:
            return
        sent = Sent(page.kind, page.columns, page.rows, page.mark or 0)
        with self._database.write() as connection:
            stands = cursors.read_all(connection).get(page.kind, Cursor())
            if page.mark is not None and page.mark > outbox.last(connection, self._who)[0]:
                raise StartAgain("centre-knows-more")
            # Rows of one stamp were committed together, and a pull that ended has all of them.
            if page.after.stamp <= stands.stamp:
                found = comparison.compare(connection, self._who, sent)
                comparison.tell(connection, self._who, found, self._clock.now())
                self.found += found
        if page.kind in self._known:
            self._known[page.kind] |= comparison.keys_of(sent)
        self._positions[page.kind] = page.after

    def _end(self) -> None:
        """Rows that no page brought, and cursors that stand where the feed has nothing."""
        with self._database.write() as connection:
            for kind, known in self._known.items():
                if kind in BASELINES and kind not in self._came:
                    continue
                found = comparison.strangers(connection, self._who, kind, known)
                comparison.tell(connection, self._who, found, self._clock.now())
                self.found += found
            for kind, stands in cursors.read_all(connection).items():
                ends = self._positions.get(kind, stands)
                if stands.stamp <= ends.stamp:
                    continue
                cursors.advance(connection, kind, stands, ends)
                # What this till was to hear of may all be another depot's by now: nobody moved it then.
                if ends.last_key:
                    found = [_of_cursor(kind, stands, ends)]
                    comparison.tell(connection, self._who, found, self._clock.now())
                    self.found += found


def _of_cursor(kind: str, stands: Cursor, ends: Cursor) -> Difference:
    before, after = ({"stamp": one.stamp, "last_key": one.last_key} for one in (stands, ends))
    return Difference("feed_cursor", kind, before, after)
