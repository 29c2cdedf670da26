"""Asks providers for what people want of them: from one thread of the first process of the server.

Decisions
---------
2026-12-01  A customer stands at the till: what was not sent within two minutes is not sent any more, for they
have paid otherwise.  What was sent is asked about from a quarter of a minute on, for callbacks get lost, and
after three minutes a person looks.  Money that comes later stands as a payment that no sale took.

2026-12-01  Daraja's query says that it was paid and not by which code.  A payment that was told meanwhile, of
the same business and amount, at that time and of no sale, is it, where it is the only one; else the code is
typed from the message.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import httpx
from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError, Unavailable
from pos_app.log import payment_events as events
from pos_app.payments import daraja_messages
from pos_app.payments.daraja import Account, Daraja, Reply, Unanswered, Unsent
from pos_app.payments.provider import Heard, Outcome
from pos_app.store.engine.engine import Database
from pos_app.store.master.asked_here import kept_sentence
from pos_app.store.payments import answers, asks, open_payments, provider_list
from pos_app.store.payments.asks import Ask, Kind, Stage

TURN_EVERY_S: Final = 0.5
#: A customer waits no longer for their phone to ring.
_WANTED: Final = timedelta(minutes=2)
_FIRST_LOOK: Final = timedelta(seconds=15)
_LOOK_EVERY: Final = timedelta(seconds=10)
_KNOWN_WITHIN: Final = timedelta(minutes=3)
#: The answer to a search or a reversal comes by itself.
_ANSWERED_WITHIN: Final = timedelta(minutes=10)
_AGAIN: Final = timedelta(seconds=3)
_LATER: Final = timedelta(minutes=2)
_GIVEN_UP: Final = timedelta(days=1)
_FORSAKEN: Final = timedelta(minutes=2)
_CONNECT_S: Final = 5.0
_ANSWER_S: Final = 20.0
_AT_A_TIME: Final = 8

#: The account of a business, if it has one; and the address at which it hears answers (empty: none).
Accounts = Callable[[int, int], Account | None]
HearsAt = Callable[[Connection, int, int], str]


class HttpExchange:
    """Carries requests over HTTP (see `daraja.Exchange`); used by many threads."""

    def __init__(self, *, answer_s: float = _ANSWER_S) -> None:
        """`answer_s` is how long an answer may take."""
        self._client = httpx.Client(
            trust_env=False, follow_redirects=False, timeout=httpx.Timeout(answer_s, connect=_CONNECT_S)
        )

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """See `daraja.Exchange`."""
        try:
            found = self._client.request(method, url, headers=dict(headers), content=body or None)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
        ) as error:
            raise Unsent from error
        except httpx.HTTPError as error:
            raise Unanswered from error
        return Reply(found.status_code, found.content)

    def close(self) -> None:
        """Carry nothing more."""
        self._client.close()


class PaymentSender:
    """Of all organisations of one centre: what is due is sent, or asked about, with each turn."""

    def __init__(
        self, database: Database, clock: Clock, accounts: Accounts, hears_at: HearsAt,
        exchange: HttpExchange | None = None,
    ) -> None:  # fmt: skip
        """`database` is the owner's."""
        self._database, self._clock = database, clock
        self._accounts, self._hears_at = accounts, hears_at
        self._exchange = exchange or HttpExchange()
        self._known: dict[tuple[int, int], tuple[Account, str, Daraja]] = {}

    def close(self) -> None:
        """Speak with nobody any more."""
        self._exchange.close()

    def turn(self, _budget_ms: int) -> None:
        """What is due now (see `sync.upkeep.Work`)."""
        now = self._clock.now()
        with self._database.read() as connection:
            due = asks.due(connection, now)
            forsaken = asks.forsaken(connection, now - _FORSAKEN)
        for ask in forsaken:
            with self._ending(ask) as (connection, again):
                if again.state is Stage.SENDING:
                    answers.end(connection, again, Stage.UNKNOWN, now, reason="no-word")
        groups: defaultdict[tuple[int, int], list[Ask]] = defaultdict(list)
        for ask in due:
            groups[ask.org_id, ask.business_id].append(ask)
        if not groups:
            return
        with ThreadPoolExecutor(min(len(groups), _AT_A_TIME), thread_name_prefix="payments") as pool:
            for done in [pool.submit(self._serve, group) for group in groups.values()]:
                done.result()

    def _serve(self, group: list[Ask]) -> None:
        """What is due of one business, one after the other."""
        for ask in group:
            if ask.state is Stage.WANTED:
                self._send(ask)
            else:
                self._look(ask)

    def _send(self, ask: Ask) -> None:
        now = self._clock.now()
        if now - ask.made_at > (_WANTED if ask.kind is Kind.ASK else _GIVEN_UP):
            self._fail(ask, "too-late")
            return
        daraja = self._daraja(ask)
        if daraja is None:
            self._fail(ask, "no-account")
            return
        with self._database.for_org(ask.org_id).write() as connection:
            if not asks.begin(connection, ask, now):
                return
        if ask.kind is Kind.LIST:
            self._list(daraja, ask)
            return
        heard = _said(daraja, ask)
        now = self._clock.now()
        with self._ending(ask) as (connection, again):
            # The answer may have come by its own way before the number of it did.
            if not again.is_open:
                return
            match heard.outcome:
                case Outcome.PENDING | Outcome.DONE:
                    wait = _FIRST_LOOK if ask.kind is Kind.ASK else _ANSWERED_WITHIN
                    asks.note(connection, again, Stage.SENT, now, due_at=now + wait, handle=heard.handle)
                case Outcome.UNSENT:
                    wait = _AGAIN if ask.kind is Kind.ASK else _LATER
                    asks.note(connection, again, Stage.WANTED, now, due_at=now + wait, reason="not-reached")
                case Outcome.FAILED:
                    answers.end(connection, again, Stage.FAILED, now, reason=heard.reason, words=heard.words)
                case Outcome.UNKNOWN:
                    answers.end(connection, again, Stage.UNKNOWN, now, reason="no-word", words=heard.words)
        if heard.outcome is not Outcome.PENDING:
            reason = heard.reason or heard.outcome.value
            events.PAYMENT_ASKING_TROUBLE.log(org_id=ask.org_id, kind=ask.kind.value, reason=reason)

    def _list(self, daraja: Daraja, ask: Ask) -> None:
        """The provider's list of a day, held against ours."""
        begin = datetime.strptime(ask.reference, "%Y%m%d").replace(tzinfo=daraja_messages.KENYA)
        now = self._clock.now()
        # Its moments have no parts of a second: what came in this one is in it.
        until = min(begin + timedelta(days=1), now + timedelta(seconds=1))
        try:
            listed = daraja.list(begin, until)
        except Unavailable as error:
            with self._ending(ask) as (connection, again):
                words = kept_sentence(error.said)
                asks.note(connection, again, Stage.FAILED, now, reason="not-listed", words=words)
            events.PAYMENT_ASKING_TROUBLE.log(
                error, org_id=ask.org_id, kind=ask.kind.value, reason="not-listed"
            )
            return
        with self._ending(ask) as (connection, again):
            day = provider_list.Day(ask.business_id, daraja.number, begin, until, now)
            held = provider_list.hold(connection, ask.org_id, day, listed)
            asks.note(connection, again, Stage.DONE, now, words=kept_sentence(held.sentence))

    def _look(self, ask: Ask) -> None:
        """No answer came yet: ask what became of it."""
        daraja = self._daraja(ask)
        is_over = ask.sent_at is not None and self._clock.now() - ask.sent_at > _KNOWN_WITHIN
        heard = Heard(Outcome.UNKNOWN)
        if ask.kind is Kind.ASK and daraja is not None:
            heard = daraja.status(ask.handle)
        now = self._clock.now()
        with self._ending(ask) as (connection, again):
            if again.state is not Stage.SENT:
                return
            if heard.outcome is Outcome.FAILED:
                answers.end(connection, again, Stage.FAILED, now, reason=heard.reason, words=heard.words)
            elif heard.outcome is Outcome.DONE:
                since = ask.sent_at or ask.made_at
                code = open_payments.only_like(connection, ask.org_id, ask.business_id, ask.amount, since)
                if code or is_over:
                    answers.end_named(connection, again, now, code)
                else:
                    asks.note(connection, again, Stage.SENT, now, due_at=now + _LOOK_EVERY)
            elif is_over or ask.kind is not Kind.ASK:
                answers.end(connection, again, Stage.UNKNOWN, now, reason="no-word", words=heard.words)
            else:
                asks.note(connection, again, Stage.SENT, now, due_at=now + _LOOK_EVERY)

    def _fail(self, ask: Ask, reason: str) -> None:
        with self._ending(ask) as (connection, again):
            if again.state is Stage.WANTED:
                answers.end(connection, again, Stage.FAILED, self._clock.now(), reason=reason)

    @contextlib.contextmanager
    def _ending(self, ask: Ask) -> Iterator[tuple[Connection, Ask]]:
        """A transaction with the asking as it is now, kept from others."""
        with self._database.for_org(ask.org_id).write() as connection:
            again = asks.find(connection, ask.org_id, ask.ask_id, lock=True)
            yield connection, again or ask

    def _daraja(self, ask: Ask) -> Daraja | None:
        key = (ask.org_id, ask.business_id)
        try:
            account = self._accounts(*key)
        except BohariError as error:
            events.PAYMENT_ASKING_TROUBLE.log(error, org_id=ask.org_id, kind=ask.kind.value, reason="account")
            return None
        with self._database.for_org(ask.org_id).read() as connection:
            hears_at = self._hears_at(connection, *key)
        if account is None or not hears_at:
            return None
        known = self._known.get(key)
        if known is None or known[:2] != (account, hears_at):
            known = self._known[key] = (
                account,
                hears_at,
                Daraja(account, self._exchange, self._clock, hears_at),
            )
        return known[2]


def _said(daraja: Daraja, ask: Ask) -> Heard:
    match ask.kind:
        case Kind.ASK:
            return daraja.ask(ask.ask_id, ask.phone, ask.amount, ask.reference)
        case Kind.FIND:
            return daraja.find(ask.ask_id, ask.code)
        case _:
            return daraja.refund(ask.ask_id, ask.code, ask.amount)
