"""Sends what waits for webhooks: from one thread of the first process of the server, beside everything else.

Each address is served by a task of its own, so one that never answers holds up nobody.  What is sent is noted
afterwards: killed in between, it is sent again, under the same id.

Decisions
---------
2026-12-01  Waits from five seconds to a day, as Standard Webhooks has them, each longer or shorter by up to a
fifth, so that what failed together does not come back together.  An address that does not answer rests as a
whole, by how many failed one after the other: ten thousand that wait are not ten thousand tries of it.

2026-12-01  After the last wait, three days on, the address is stopped and nothing is lost: its marks stand,
what waits and what was given up goes out when a person sets it going again.  410 (Gone) stops it at once.
"""

import asyncio
import random
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError, Unavailable
from pos_app.log import events
from pos_app.store.documents import audit_runs
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.hooks import deliveries, gathering, webhooks
from pos_app.store.hooks.deliveries import Delivery, Tried
from pos_app.store.hooks.webhooks import Webhook
from sync.server.hook_post import TOTAL_S, Line, LookUp, Outcome, headers

#: Seconds from a failed try to the next; after as many and one more it is given up.
WAITS_S: Final = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
_LONGEST_S: Final = 86_400.0
#: So many failures one after the other, and the address rests although it answers.
_RESTS_AFTER: Final = 3
_EVERY_S: Final = 1.0
_AFTER_TROUBLE_S: Final = 10.0
_FORGETS_EVERY_S: Final = 3_600.0
#: Deliveries of one address in a turn, and of them at a time.
_A_TURN: Final = 100
_AT_A_TIME: Final = 4
#: Addresses that are served at a time.
_MOST_LINES: Final = 16
_NOTHING_S: Final = 0.05

Done = TypeVar("Done")
#: Tells somebody: the message as it is posted (see `sync.server.webhook`).
Tell = Callable[[dict[str, Any]], None]


class Choices(NamedTuple):
    """How it is sent: whether this machine may be told, whose certificates are taken, how names are found."""

    to_this_machine: bool = False
    trust: ssl.SSLContext | None = None
    look_up: LookUp | None = None
    total_s: float = TOTAL_S


class HookSender:
    """Of all organisations of one centre; `run` is its thread."""

    def __init__(self, database: Database, clock: Clock, tell: Tell, choices: Choices | None = None) -> None:
        """`database` is the owner's."""
        self._database = database
        self._clock = clock
        self._tell = tell
        self._choices = choices or Choices()
        self._work = ThreadPoolExecutor(5, thread_name_prefix="webhooks")
        self._names = ThreadPoolExecutor(8, thread_name_prefix="webhook-names")
        self._at_work: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._forgot_s = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; what is under way then is sent again by the next start."""
        try:
            asyncio.run(self._run(stop))
        finally:
            # What is in the database is done in a moment; a name may be looked up for long.
            self._work.shutdown(wait=True, cancel_futures=True)
            self._names.shutdown(wait=False, cancel_futures=True)

    async def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            wait_s = _EVERY_S
            try:
                await self._turn()
            except Exception as error:  # noqa: BLE001 - an outage must not end the sending; it is logged
                _log(error)
                wait_s = _AFTER_TROUBLE_S
            await self._in_thread(lambda wait_s=wait_s: stop.wait(wait_s))  # type: ignore[misc]
        for task in self._at_work.values():
            task.cancel()
        await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def _turn(self) -> None:
        """Begin with every address that is at rest."""
        for key in [key for key, task in self._at_work.items() if task.done()]:
            del self._at_work[key]
        for key in await self._in_thread(self._told):
            if key not in self._at_work and len(self._at_work) < _MOST_LINES:
                self._at_work[key] = asyncio.create_task(self._serve(*key))

    async def _serve(self, org_id: int, hook_id: int) -> None:
        """What is new and what is due of one address; raises nothing but its own end."""
        try:
            while await self._piece(org_id, hook_id):
                pass
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - one address must not end the others; it is logged
            _log(error)
            await asyncio.sleep(_AFTER_TROUBLE_S)

    async def _piece(self, org_id: int, hook_id: int) -> bool:
        """Some of it; gives whether there is more to send at once."""
        ready = await self._in_thread(lambda: self._ready(org_id, hook_id))
        if ready is None:
            return False
        hook, secrets, due = ready
        choices = self._choices
        async with Line(
            hook.url,
            self._names,
            to_this_machine=choices.to_this_machine,
            trust=choices.trust,
            look_up=choices.look_up,
            total_s=choices.total_s,
        ) as line:
            failures = hook.failures
            while due:
                # After a failure one is tried alone: an address that is down is not pushed.
                most = _AT_A_TIME if failures == 0 else 1
                part, due = due[:most], due[most:]
                tried = await asyncio.gather(*(self._try(line, secrets, one) for one in part))
                goes_on, failures = await self._in_thread(
                    lambda tried=tried, failures=failures: self._note(hook, tried, failures)  # type: ignore[misc]
                )
                if not goes_on:
                    return False
        return True

    async def _try(self, line: Line, secrets: Sequence[str], of: Delivery) -> tuple[Delivery, Outcome, int]:
        body, began_s = of.body.encode(), time.monotonic()
        told = headers(secrets, of.event_id, int(self._clock.now().timestamp()), body)
        outcome = await line.post(told, body)
        return of, outcome, int((time.monotonic() - began_s) * 1000)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._work, work)

    # --- in threads: the database ---------------------------------------------------------------------

    def _told(self) -> list[tuple[int, int]]:
        with self._database.read() as connection:
            found = webhooks.told(connection)
        if time.monotonic() - self._forgot_s > _FORGETS_EVERY_S:
            self._forgot_s = time.monotonic()
            self._forget()
        for org_id in dict.fromkeys(org_id for org_id, _ in found):
            # Alerts are entries of the audit log: those that came with a push wait for a number.
            began_s = time.monotonic()
            audit_runs.sign_rest(
                self._database,
                org_id,
                lambda began_s=began_s: time.monotonic() - began_s > _NOTHING_S,  # type: ignore[misc]
            )
        return found

    def _forget(self) -> None:
        """What is old goes, at addresses too that are told nothing any more."""
        with self._database.read() as connection:
            known = webhooks.known(connection)
        for org_id, hook_id in known:
            with self._database.write() as connection:
                deliveries.forget(connection, org_id, hook_id, self._clock.now())

    def _ready(self, org_id: int, hook_id: int) -> tuple[Webhook, list[str], list[Delivery]] | None:
        """Let what is new wait, and give what is due; None where nothing is, or the address rests."""
        database, now = self._database.for_org(org_id), self._clock.now()
        with database.write() as connection:
            gathering.gather(connection, org_id, hook_id, now)
        with database.read() as connection:
            hook = webhooks.find(connection, org_id, hook_id)
            if hook is None or not hook.is_told or (hook.rests_until is not None and hook.rests_until > now):
                return None
            due = deliveries.due(connection, org_id, hook_id, now, _A_TURN)
            return (hook, webhooks.secrets_of(connection, org_id, hook_id, now), due) if due else None

    def _note(
        self, hook: Webhook, tried: Sequence[tuple[Delivery, Outcome, int]], failures: int
    ) -> tuple[bool, int]:
        """Keep how tries ended; gives whether to go on with this address, and its failures in a row."""
        now = self._clock.now()
        noted, because = [], ""
        rests_s = 0.0
        # What was sent at the same moment failed once, however much it was.
        failures = 0 if any(outcome.arrived for _, outcome, _ in tried) else failures + 1
        for of, outcome, took_ms in tried:
            noted.append(_tried(of, outcome, now, took_ms))
            if outcome.status == 410:
                because = "gone"
            elif noted[-1].state == deliveries.FAILED or failures > len(WAITS_S):
                because = because or "failed"
            if not outcome.arrived and (outcome.is_out_of_reach or failures >= _RESTS_AFTER):
                rests_s = max(rests_s, _wait_s(failures, outcome))
        rests_until = now + timedelta(seconds=rests_s) if rests_s and failures else None
        with self._database.for_org(hook.org_id).write() as connection:
            deliveries.note(connection, hook.org_id, hook.hook_id, noted)
            # Somebody may have put it away, or set it going anew, meanwhile.
            known = webhooks.find(connection, hook.org_id, hook.hook_id, lock=True)
            if known is None or not known.is_told:
                return False, failures
            webhooks.went(connection, known, failures, rests_until)
            if because:
                webhooks.stop(connection, known, because, now)
        if because:
            _log(Unavailable("webhook-stopped", webhook=hook.hook_id, org_id=hook.org_id))
            self._tell({"alert": "webhook stopped", "org_id": hook.org_id, "webhook": hook.hook_id})
        return not because and rests_until is None, failures


def _tried(of: Delivery, outcome: Outcome, now: datetime, took_ms: int) -> Tried:
    attempts = of.attempts + 1
    state, due_at = deliveries.DONE, now
    if not outcome.arrived:
        state = deliveries.FAILED if attempts > len(WAITS_S) else deliveries.WAITING
        due_at = now + timedelta(seconds=_wait_s(attempts, outcome))
    return Tried(of.event_id, state, due_at, attempts, now, outcome.status, outcome.error, took_ms)


def _wait_s(failures: int, outcome: Outcome) -> float:
    """How long until the next try, where so many failed; longer where the other side asked for it."""
    wait_s = WAITS_S[min(max(failures, 1), len(WAITS_S)) - 1]
    # No secret: it only spreads what would come together.
    spread_s = wait_s * random.uniform(0.8, 1.2)  # noqa: S311
    return max(spread_s, min(outcome.retry_after_s, _LONGEST_S))


def _log(error: Exception) -> None:
    is_known = isinstance(error, BohariError) or is_outage(error)
    (events.UPKEEP_TROUBLE if is_known else events.UPKEEP_FAULT).log(error, work="webhooks")
