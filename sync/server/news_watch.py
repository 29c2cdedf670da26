"""Watches for a server process whose feeds move: one thread, one connection, however many tills wait."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Final

from pos_app.ledger.clock import Clock
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.engine.listening import Listening
from pos_app.store.engine.outage import is_outage
from pos_app.store.master import heard_requests
from pos_app.store.tables.columns import micros
from sync.server.news import News

#: How often it is looked whether what stood in the way is over, and after how long half as often, and so on.
_LOOK_EVERY_S: Final = 0.01
_LOOK_SELDOM_S: Final = 0.25
_IDLE_S: Final = 5.0
#: How soon a lost connection is made anew.
_AGAIN_S: Final = 1.0
#: How often the terminals on the line are noted as heard.
PRESENT_EVERY_S: Final = 20.0


class NewsWatch:
    """Tells `News` what moved, from a thread of its own."""

    def __init__(self, database: Database, clock: Clock, news: News) -> None:
        self._database = database
        self._clock = clock
        self._news = news
        self._moved: Callable[[int], object] = lambda _: None
        self._stopped = threading.Event()
        self._listening: Listening | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def tell(self, org_id: int) -> None:
        """The feed of an organisation moved, by a commit of this process; from any thread."""
        listening = self._listening
        if listening is not None:
            listening.tell(org_id)

    def start(self, moved: Callable[[int], object]) -> None:
        """Begin, in the event loop that `News` is used from; `moved` is told of each organisation too.

        After `stop` it begins once more: an application may live several lives.
        """
        self._moved = moved
        self._loop = asyncio.get_running_loop()
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name="news-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        listening = self._listening
        if listening is not None:
            listening.wake()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listening = self._database.listening()
                if self._listening is None:
                    return
                try:
                    self._watch(self._listening)
                finally:
                    listening, self._listening = self._listening, None
                    listening.close()
            except Exception as error:  # noqa: BLE001 - tills then ask, as before; whatever it is, it is logged
                if not self._stopped.is_set():
                    (events.NEWS_NOT_HEARD if is_outage(error) else events.NEWS_FAULT).log(error)
            self._do(self._news.stop)
            self._stopped.wait(_AGAIN_S)

    def _watch(self, listening: Listening) -> None:
        self._do(self._news.listen, listening.stand().following)
        #: What was heard first and last of an organisation, and is not over yet.
        waiting: dict[int, tuple[int, int]] = {}
        heard_s, present_s = 0.0, time.monotonic()
        while not self._stopped.is_set():
            now_s = time.monotonic()
            pause_s = min(_LOOK_SELDOM_S, max(_LOOK_EVERY_S, (now_s - heard_s) / 10))
            heard = listening.wait(pause_s if waiting else _IDLE_S)
            if heard or waiting:
                stand = listening.stand()
                if heard:
                    heard_s = time.monotonic()
                    for org_id in heard:
                        # What was heard of is committed, so it lies below the next one.
                        first, _ = waiting.get(org_id, (stand.following, 0))
                        waiting[org_id] = first, stand.following
                done, waiting = _over(waiting, stand.horizon)
                if done:
                    self._do(self._pass_on, done)
            if time.monotonic() - present_s > PRESENT_EVERY_S:
                present_s = time.monotonic()
                self._note_present()

    def _pass_on(self, moved: dict[int, int]) -> None:
        for org_id in moved:
            self._moved(org_id)
        self._news.moved(moved)

    def _note_present(self) -> None:
        """Who holds a request open is there: the centre would else take it for silent."""
        if self._loop is None:
            return
        asked = asyncio.run_coroutine_threadsafe(_present(self._news), self._loop)
        at_us = micros(self._clock.now())
        for org_id, terminal_nos in asked.result(_IDLE_S).items():
            with self._database.for_org(org_id).note() as connection:
                heard_requests.on_the_line(connection, org_id, terminal_nos, at_us)

    def _do(self, what: Callable[..., object], *arguments: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(what, *arguments)
            except RuntimeError:
                # The loop ended meanwhile, and with it all that it held.
                self._stopped.set()


def _over(
    waiting: dict[int, tuple[int, int]], horizon: int
) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """Up to where each feed moved, and what still waits: a shop that never rests is told all the same."""
    done = {
        org_id: last if last <= horizon else first
        for org_id, (first, last) in waiting.items()
        if first <= horizon
    }
    left = {
        org_id: (last, last) if org_id in done else (first, last)
        for org_id, (first, last) in waiting.items()
        if last > horizon
    }
    return done, left


async def _present(news: News) -> dict[int, list[int]]:
    return dict(news.present())
