"""The desk: reads a request, knows who sent it, gives it to the right room, writes the answer.

Plain values in and out; the web framework only carries them (see `app`).
"""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.clock import Clock
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Damaged, Refused
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.engine.outage import is_outage
from pos_app.store.feed.feed import CODE_DAYS
from pos_app.store.journal import centre_journal, quarantine
from pos_app.store.master import enrolment
from pos_app.store.organisation import terminals
from pos_app.store.organisation.terminals import Started
from sync.protocol import messages, signature, wire
from sync.protocol.messages import Code
from sync.protocol.refusals import packed
from sync.server import audit_intake, depot_day, enrol, key_change, pull, request_intake, server_key
from sync.server.doorman import Doorman
from sync.server.errors import TurnedAway
from sync.server.ingest import Ingest
from sync.server.server_key import ServerKeys

_OF_TERMINALS: Final = (
    messages.HELLO_PATH,
    messages.PUSH_PATH,
    messages.PULL_PATH,
    messages.AUDIT_PATH,
    messages.ASK_PATH,
    messages.DAY_PATH,
)
_MOST_STARTS: Final = 2**53
_COMPLAIN_EVERY_S: Final = 10.0
#: What a terminal waits at least after an outage of the database.
_OUTAGE_WAIT_S: Final = 1

Request = TypeVar("Request", bound=msgspec.Struct)


class Wait(NamedTuple):
    """A request that is to be held open: by whom, beyond which transaction, for how long."""

    org_id: int
    terminal_no: int
    since: int
    wait_s: int


class Reply(NamedTuple):
    """An answer: HTTP status, packed message, and the head that it goes with."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Endpoint:
    """Answers every request of the protocol; used by many threads at once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        keys: ServerKeys | None = None,
        code_days: int = CODE_DAYS,
        holds: Callable[[], bool] = lambda: False,
        told: Callable[[int], object] | None = None,
    ) -> None:
        """`keys` sign the answers; left out, those of BOHARI_SERVER_KEY do.  `holds` says whether requests
        for news are held open at present; `told` hears of each organisation of which documents were taken.

        Raises `Refused` when there are none.
        """
        keys = keys or server_key.of_environment()
        if keys is None:
            raise Refused("server-key-missing", variable=server_key.VARIABLE)
        self._keys = keys
        # A request works as the application, for one organisation, or before one is known for none.
        self._database = database.without_tenant()
        self._clock = clock
        self._code_days = code_days
        self._complained_s = -_COMPLAIN_EVERY_S
        self._holds = holds
        self._ingest = Ingest(database, clock, told)
        self._doorman = Doorman(database, clock)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str = ""
    ) -> Reply:
        """The answer to a request from a client's address, signed.

        Raises nothing that is known, and logs what is not.
        """
        try:
            status, message = 200, self._dispatch(method, path, headers, body, address)
        except Exception as error:  # noqa: BLE001 - one bad request must not end the server; `_told` logs it
            status, message = self._told(path, error)
        return self.signed(status, message, headers)

    def to_wait(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply | Wait:
        """What a request for news waits for, or the answer to one that is not held.

        Raises nothing that is known, and logs what is not.
        """
        try:
            if method != "POST" or not self._holds():
                raise TurnedAway(404, Code.NOT_FOUND, "nothing-at-path")
            org_id, terminal_no = self._doorman.admit_to_wait(path, headers, body)
            wanted = _read(path, body, messages.NewsRequest)
        except Exception as error:  # noqa: BLE001 - as in `answer`
            return self.signed(*self._told(path, error), headers)
        return Wait(org_id, terminal_no, wanted.since, min(max(wanted.wait_s, 1), messages.MOST_HELD_S))

    def moved(self, org_id: int) -> None:
        """Something of an organisation moved: perhaps one of its terminals was taken away."""
        self._doorman.forget(org_id)

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        """Why a request is turned away before its body is taken in; None when a terminal signed its head.

        Raises nothing that is known, and logs what is not.
        """
        try:
            self._doorman.look_at(method, path, headers)
        except Exception as error:  # noqa: BLE001 - as in `answer`
            return self.signed(*self._told(path, error), headers)
        return None

    def signed(
        self, status: int, message: msgspec.Struct, asked: Mapping[str, str], *, wait_s: int = 0
    ) -> Reply:
        """An answer to the request with the head `asked`; `wait_s` is when to come again."""
        body = wire.pack(message)
        if status == 503:
            wait_s = wait_s or _OUTAGE_WAIT_S
        head = signature.answer_headers(
            self._keys.present,
            status,
            body,
            asked,
            media_type=wire.MEDIA_TYPE,
            created_s=int(self._clock.now().timestamp()),
            next_key=self._keys.next_public,
            retry_after=str(wait_s) if wait_s else "",
        )
        return Reply(status, body, head)

    def _told(self, path: str, error: Exception) -> tuple[int, messages.ErrorAnswer]:
        """What the sender is told of an error; one that nobody knows is logged."""
        if isinstance(error, TurnedAway):
            return error.status, packed(error.verdict, error.said)
        if isinstance(error, DamagedDatabase):
            # Nothing that a till did: it keeps what it has and comes again.
            self._complain(error)
            return 503, packed(Code.UNAVAILABLE, said("server-database-down"))
        if isinstance(error, Damaged):
            return 400, packed(Code.MALFORMED, error.said)
        if isinstance(error, Refused):
            return 409, packed(Code.REFUSED, error.said)
        if not is_outage(error):
            events.REQUEST_FAULT.log(error, path=path)
            return 500, packed(Code.UNAVAILABLE, said("server-fault"))
        self._complain(error)
        return 503, packed(Code.UNAVAILABLE, said("server-database-down"))

    def _complain(self, error: BaseException) -> None:
        """Log an outage, but not for every request of a thousand tills that come again and again."""
        now = time.monotonic()
        if now - self._complained_s > _COMPLAIN_EVERY_S:
            self._complained_s = now
            events.DATABASE_AWAY.log(error)

    def is_healthy(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.read() as connection:
                enrolment.epoch(connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
            events.UNHEALTHY.log(error)
            return False
        return True

    def _dispatch(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str
    ) -> msgspec.Struct:
        if method == "POST" and path == messages.ENROL_PATH:
            request = _read(path, body, messages.EnrolRequest)
            self._doorman.check_newcomer(path, headers, body, request.public_key)
            return enrol.answer(
                self._database,
                self._clock,
                request,
                lambda org_id: self._doorman.check_host(headers, org_id),
                address,
            )
        if method == "POST" and path == messages.KEY_PATH:
            keys = _read(path, body, messages.KeyRequest)
            known = self._doorman.admit_key(path, headers, body, keys.keys[-1].public_key)
            return key_change.take(self._database.for_org(known.org_id), self._clock, known, keys, address)
        if method != "POST" or path not in _OF_TERMINALS:
            raise TurnedAway(404, Code.NOT_FOUND, "nothing-at-path")
        if path == messages.HELLO_PATH:
            with self._doorman.let_in(method, path, headers, body) as (connection, sender):
                return self._greeted(connection, sender, _read(path, body, messages.HelloRequest))
        sender = self._doorman.admit(method, path, headers, body)
        if path == messages.PUSH_PATH:
            push = _read(path, body, messages.PushRequest)
            return self._ingest.take(sender.org_id, sender.terminal_no, push)
        if path == messages.AUDIT_PATH:
            sent = _read(path, body, messages.AuditRequest)
            return audit_intake.take(
                self._database.for_org(sender.org_id), self._clock, sender.org_id, sender.terminal_no, sent
            )
        if not sender.active:
            raise TurnedAway(403, Code.REVOKED, "till-revoked")
        if path == messages.ASK_PATH:
            asked = _read(path, body, messages.AskRequest)
            return request_intake.take(
                self._database.for_org(sender.org_id), self._clock, sender.org_id, sender.terminal_no, asked
            )
        if path == messages.DAY_PATH:
            day = _read(path, body, messages.DayRequest)
            return depot_day.answer(
                self._database.for_org(sender.org_id), self._clock, sender.org_id, sender.terminal_no, day
            )
        wanted = _read(path, body, messages.PullRequest)
        since = self._clock.now() - timedelta(days=self._code_days)
        return pull.answer(
            self._database.for_org(sender.org_id),
            sender.org_id,
            sender.terminal_no,
            wanted,
            codes_from=from_date(since.date()),
            holds=self._holds(),
        )

    def _greeted(
        self, connection: Connection, sender: enrolment.KnownTerminal, request: messages.HelloRequest
    ) -> messages.HelloAnswer:
        org_id, terminal_no = sender.org_id, sender.terminal_no
        told = enrolment.Told(
            min(max(request.last_seq, 0), _MOST_STARTS), enrolment.printable(request.program)
        )
        enrolment.seen(connection, org_id, terminal_no, self._clock, told)
        mark, mark_hash, active, _ = centre_journal.lock_terminal(connection, org_id, terminal_no)
        twice = self._is_twice(connection, sender, request)
        known: dict[int, dict[bytes, str]] = {}
        if request.acknowledged is not None and request.acknowledged < mark:
            known = quarantine.known_hashes(connection, org_id, terminal_no, request.acknowledged + 1, mark)
        return messages.HelloAnswer(
            epoch=enrolment.epoch(connection),
            mark=mark,
            mark_hash=mark_hash,
            quarantined=quarantine.count(connection, org_id, terminal_no),
            set_aside=tuple(
                messages.SetAside(seq, hash_, reason)
                for seq, hashes in sorted(known.items())
                for hash_, reason in hashes.items()
                if reason
            ),
            revoked=not active,
            twice=twice,
        )

    def _is_twice(
        self, connection: Connection, sender: enrolment.KnownTerminal, request: messages.HelloRequest
    ) -> bool:
        """Whether another home spoke as this terminal since its last greeting; it is logged and audited."""
        if not request.start:
            return False
        org_id, terminal_no, now = sender.org_id, sender.terminal_no, self._clock.now()
        count = min(max(request.starts, 0), _MOST_STARTS)
        start = Started(count, request.start, request.starts_since)
        if not terminals.started(connection, org_id, terminal_no, start, now):
            return False
        events.TERMINAL_TWICE.log(org_id=org_id, terminal_no=terminal_no, starts=count)
        audit.write(
            connection,
            org_id=org_id,
            at=now,
            terminal_no=terminal_no,
            action="terminal.twice",
            subject=f"terminal {terminal_no}",
            after=str(count),
        )
        return True


def _read(path: str, body: bytes, message_type: type[Request]) -> Request:
    message = wire.unpack(body, message_type, most_bytes=messages.MOST_REQUEST_BYTES[path])
    version = getattr(message, "version", 0)
    if version not in messages.HEARD_VERSIONS:
        raise TurnedAway(400, Code.VERSION, "protocol-version-wrong", spoken=messages.VERSION, asked=version)
    return message
