"""The desk: reads a request, knows who sent it, gives it to the right room, writes the answer.

Plain values in and out; the web framework only carries them (see `app`).
"""

import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec

from pos_app.language import Sentence, said
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Damaged, Refused
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.journal import centre_journal, quarantine
from pos_app.store.master import enrolment
from sync.protocol import messages, signature, wire
from sync.protocol.messages import Code
from sync.protocol.refusals import packed
from sync.server import enrol, pull
from sync.server.errors import TurnedAway
from sync.server.ingest import Ingest
from sync.server.subdomain import Subdomains

_COMPLAIN_EVERY_S: Final = 10.0

Request = TypeVar("Request", bound=msgspec.Struct)
Outcome = TypeVar("Outcome")


class Reply(NamedTuple):
    """An answer: HTTP status and packed message."""

    status: int
    body: bytes


class Endpoint:
    """Answers every request of the protocol; used by many threads at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        # A request works as the application, for one organisation, or before one is known for none.
        self._database = database.without_tenant()
        self._clock = clock
        self._complained_s = -_COMPLAIN_EVERY_S
        self._ingest = Ingest(database, clock)
        self._subdomains = Subdomains(database)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str = ""
    ) -> Reply:
        """The answer to a request from a client's address.

        Raises nothing that is known, and logs what is not.
        """
        return self._told(
            path, lambda: Reply(200, wire.pack(self._dispatch(method, path, headers, body, address)))
        )

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        """Why a request is turned away before its body is taken in; None when a terminal signed its head.

        Raises nothing that is known, and logs what is not.
        """
        digest = headers.get(signature.DIGEST_HEADER, "")

        def known() -> None:
            self._sender(method, path, headers, digest)

        return self._told(path, known)

    def _told(self, path: str, work: Callable[[], Outcome]) -> Outcome | Reply:
        try:
            return work()
        except TurnedAway as refusal:
            return _error(refusal.status, refusal.verdict, refusal.said)
        except Damaged as damage:
            return _error(400, Code.MALFORMED, damage.said)
        except Refused as refusal:
            return _error(409, Code.REFUSED, refusal.said)
        except Exception as error:  # noqa: BLE001 - one bad request must not end the server; it is logged
            if not is_outage(error):
                events.REQUEST_FAULT.log(error, path=path)
                return _error(500, Code.UNAVAILABLE, said("server-fault"))
            self._complain(error)
            return _error(503, Code.UNAVAILABLE, said("server-database-down"))

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
            given = headers.get(signature.SIGNATURE_HEADER, "")
            digest = signature.digest_of(body)
            if not signature.is_signed_by(
                request.public_key, given, terminal="0.0", method=method, path=path, digest=digest
            ):
                raise TurnedAway(401, Code.UNSIGNED, "enrolment-unsigned")
            return enrol.answer(
                self._database,
                self._clock,
                request,
                lambda org_id: self._check_host(headers, org_id),
                address,
            )
        if method != "POST" or path not in (messages.HELLO_PATH, messages.PUSH_PATH, messages.PULL_PATH):
            raise TurnedAway(404, Code.NOT_FOUND, "nothing-at-path")
        sender = self._sender(method, path, headers, signature.digest_of(body))
        if path == messages.PUSH_PATH:
            push = _read(path, body, messages.PushRequest)
            return self._ingest.take(sender.org_id, sender.terminal_no, push)
        if path == messages.PULL_PATH:
            wanted = _read(path, body, messages.PullRequest)
            return pull.answer(
                self._database.for_org(sender.org_id), sender.org_id, sender.terminal_no, wanted
            )
        return self._greeted(sender, _read(path, body, messages.HelloRequest))

    def _greeted(
        self, sender: enrolment.KnownTerminal, request: messages.HelloRequest
    ) -> messages.HelloAnswer:
        org_id, terminal_no = sender.org_id, sender.terminal_no
        with self._database.for_org(org_id).write() as connection:
            enrolment.seen(connection, org_id, terminal_no, self._clock)
            mark, mark_hash = centre_journal.lock_terminal(connection, org_id, terminal_no)
            known: dict[int, dict[bytes, str]] = {}
            if request.acknowledged is not None and request.acknowledged < mark:
                known = quarantine.known_hashes(
                    connection, org_id, terminal_no, request.acknowledged + 1, mark
                )
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
            )

    def _sender(
        self, method: str, path: str, headers: Mapping[str, str], digest: str
    ) -> enrolment.KnownTerminal:
        """The terminal that signed a request with this body.  Raises `TurnedAway` for anybody else."""
        name = headers.get(signature.TERMINAL_HEADER, "")
        given = headers.get(signature.SIGNATURE_HEADER, "")
        claimed = signature.parse_terminal_id(name)
        if claimed is None or not given:
            raise TurnedAway(401, Code.UNSIGNED, "terminal-not-said")
        self._check_host(headers, claimed[0])
        # What it claims to be is looked for among the organisation that it claims, and nowhere else.
        with self._database.for_org(claimed[0]).read() as connection:
            known = enrolment.find(connection, *claimed)
        if known is None or not known.active:
            raise TurnedAway(401, Code.UNKNOWN_TERMINAL, "terminal-unknown")
        if not signature.is_signed_by(
            known.public_key, given, terminal=name, method=method, path=path, digest=digest
        ):
            raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
        return known

    def _check_host(self, headers: Mapping[str, str], org_id: int) -> None:
        self._subdomains.check(headers.get("host", ""), org_id)


def _read(path: str, body: bytes, message_type: type[Request]) -> Request:
    message = wire.unpack(body, message_type, most_bytes=messages.MOST_REQUEST_BYTES[path])
    version = getattr(message, "version", 0)
    if version != messages.VERSION:
        raise TurnedAway(400, Code.VERSION, "protocol-version-wrong", spoken=messages.VERSION, asked=version)
    return message


def _error(status: int, verdict: Code, said: Sentence) -> Reply:
    return Reply(status, wire.pack(packed(verdict, said)))
