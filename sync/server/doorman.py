"""The doorman: whose request this is, and that it is no copy of one.

2026-11-29  What is looked at, in this order: the signature, the time (within five minutes of ours), the
number (above those that were heard).  A terminal whose clock is wrong hears ours in a signed answer and
counts from there; its documents keep their own times.

2026-11-30  The number of a greeting is noted in the transaction that answers it: a transaction of its own is
a tenth of a greeting.  One that comes to nothing was not heard, and its copy is answered as it would have
been.  A pull does not do so: a reader that also writes would hold back what all others may read, and a push
not, because the lock of its number would last as long as the batch.
"""

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment, heard_requests
from pos_app.store.master.enrolment import KnownTerminal
from sync.protocol import first_signature, messages, signature
from sync.protocol.messages import Code
from sync.protocol.signature import SignedRequest
from sync.server.errors import TurnedAway
from sync.server.subdomain import Subdomains

#: So long it is believed who may hold a request open, where nothing moves.
_BELIEVED_S: Final = 300.0


class _Holder(NamedTuple):
    key: bytes
    until_s: float
    number: int


class Doorman:
    """Lets terminals in; used by many threads at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database.without_tenant()
        self._clock = clock
        self._subdomains = Subdomains(database)
        #: Keys of terminals that have signed here; whether they still may, the database is asked each time.
        self._keys: dict[tuple[int, int], bytes] = {}
        #: By organisation and terminal: who may hold requests open, until when that is believed, and the
        #: number of the last one.
        self._holders: dict[int, dict[int, _Holder]] = {}

    def admit(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> KnownTerminal:
        """The terminal that signed this request, which was not heard before; it may have been revoked.

        Raises `TurnedAway` for anybody else.
        """
        signed = signature.read_request(path, headers)
        if signed is None:
            return self._as_before(method, path, headers, first_signature.digest_of(body))
        org_id, terminal_no, key = self._checked(headers, body, signed)
        with self._database.for_org(org_id).note() as connection:
            return _heard(connection, (org_id, terminal_no, key), signed, path)

    def admit_to_wait(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, int]:
        """The terminal that signed a request that is held open, without a question to the database each time.

        It learns from the answer only that it is to ask.  So what is known of it is believed until something
        of its organisation moves (`forget`), and its numbers are kept here: at worst another process of the
        server holds a copy open for nobody.  Raises `TurnedAway` for anybody else.
        """
        signed = signature.read_request(path, headers)
        if signed is None:
            raise TurnedAway(401, Code.UNSIGNED, "terminal-not-said")
        _check_digest(headers, body)
        org_id, terminal_no = self._claimed(headers)
        known = self._holders.get(org_id, {}).get(terminal_no)
        if known is None or time.monotonic() > known.until_s or not signature.is_signed_by(known.key, signed):
            found = self._find(org_id, terminal_no)
            if not signature.is_signed_by(found.public_key, signed):
                raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
            if not found.active:
                raise TurnedAway(403, Code.REVOKED, "till-revoked")
            number = 0 if known is None else known.number
            known = _Holder(found.public_key, time.monotonic() + _BELIEVED_S, number)
        self._check_time(signed)
        if signed.number <= known.number:
            raise TurnedAway(401, Code.REPLAYED, "request-repeated", above=known.number)
        self._holders.setdefault(org_id, {})[terminal_no] = known._replace(number=signed.number)
        return org_id, terminal_no

    def forget(self, org_id: int) -> None:
        """Something of an organisation moved: who may hold a request open is asked for again."""
        for terminal_no, holder in list(self._holders.get(org_id, {}).items()):
            self._holders[org_id][terminal_no] = holder._replace(until_s=0.0)

    @contextlib.contextmanager
    def let_in(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Iterator[tuple[Connection, KnownTerminal]]:
        """As `admit`, in the transaction in which the request is answered."""
        signed = signature.read_request(path, headers)
        if signed is None:
            known = self._as_before(method, path, headers, first_signature.digest_of(body))
            with self._database.for_org(known.org_id).write() as connection:
                yield connection, known
            return
        org_id, terminal_no, key = self._checked(headers, body, signed)
        with self._database.for_org(org_id).write() as connection:
            yield connection, _heard(connection, (org_id, terminal_no, key), signed, path)

    def _checked(
        self, headers: Mapping[str, str], body: bytes, signed: SignedRequest
    ) -> tuple[int, int, bytes]:
        """Who signed this head and this body, now, and with which key.  Raises `TurnedAway`."""
        _check_digest(headers, body)
        org_id, terminal_no = self._claimed(headers)
        return org_id, terminal_no, self._check(org_id, terminal_no, signed)

    def admit_key(
        self, path: str, headers: Mapping[str, str], body: bytes, public_key: bytes
    ) -> KnownTerminal:
        """The terminal whose newest key signed this request; whether that key is its own its older ones say.

        Raises `TurnedAway` for what this key did not sign.
        """
        signed = signature.read_request(path, headers)
        if signed is None or not signature.is_signed_by(public_key, signed):
            raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
        _check_digest(headers, body)
        org_id, terminal_no = self._claimed(headers)
        self._check_time(signed)
        return self._find(org_id, terminal_no)

    def look_at(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Raise `TurnedAway` when no terminal signed this head; the body is still to come."""
        signed = signature.read_request(path, headers)
        if signed is None:
            self._as_before(method, path, headers, headers.get(first_signature.DIGEST_HEADER, ""))
            return
        if path == messages.KEY_PATH:
            # The key that signed it is in the body.
            self._find(*self._claimed(headers))
            return
        self._check(*self._claimed(headers), signed)

    def check_newcomer(self, path: str, headers: Mapping[str, str], body: bytes, public_key: bytes) -> None:
        """Raise `TurnedAway` unless who wants to enrol holds the key that it brings."""
        signed = signature.read_request(path, headers)
        if signed is not None:
            _check_digest(headers, body)
            if signed.terminal == signature.NOBODY and signature.is_signed_by(public_key, signed):
                self._check_time(signed)
                return
        elif first_signature.is_signed_by(
            public_key,
            headers.get(first_signature.SIGNATURE_HEADER, ""),
            terminal=signature.NOBODY,
            method="POST",
            path=path,
            digest=first_signature.digest_of(body),
        ):
            return
        raise TurnedAway(401, Code.UNSIGNED, "enrolment-unsigned")

    def check_host(self, headers: Mapping[str, str], org_id: int) -> None:
        """Raise `TurnedAway` when the address is another organisation's."""
        self._subdomains.check(headers.get("host", ""), org_id)

    def _claimed(self, headers: Mapping[str, str]) -> tuple[int, int]:
        claimed = signature.parse_terminal_id(headers.get(signature.TERMINAL_HEADER, ""))
        if claimed is None:
            raise TurnedAway(401, Code.UNSIGNED, "terminal-not-said")
        self.check_host(headers, claimed[0])
        return claimed

    def _check(self, org_id: int, terminal_no: int, signed: SignedRequest) -> bytes:
        """The key with which this terminal signed the request, now.  Raises `TurnedAway` for any other."""
        key = self._keys.get((org_id, terminal_no), b"")
        if not key or not signature.is_signed_by(key, signed):
            key = self._find(org_id, terminal_no).public_key
            if not signature.is_signed_by(key, signed):
                raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
            self._keys[org_id, terminal_no] = key
        self._check_time(signed)
        return key

    def _find(self, org_id: int, terminal_no: int) -> KnownTerminal:
        # What it claims to be is looked for among the organisation that it claims, and nowhere else.
        with self._database.for_org(org_id).read() as connection:
            known = enrolment.find(connection, org_id, terminal_no)
        if known is None:
            raise TurnedAway(401, Code.UNKNOWN_TERMINAL, "terminal-unknown")
        return known

    def _check_time(self, signed: SignedRequest) -> None:
        ahead_s = signed.created_s - int(self._clock.now().timestamp())
        if abs(ahead_s) > signature.WINDOW_S:
            raise TurnedAway(401, Code.CLOCK, "request-at-other-time", seconds=ahead_s)

    def _as_before(self, method: str, path: str, headers: Mapping[str, str], digest: str) -> KnownTerminal:
        """The terminal that signed in the way of protocol 1; heard during one release."""
        name = headers.get(signature.TERMINAL_HEADER, "")
        given = headers.get(first_signature.SIGNATURE_HEADER, "")
        if not given:
            raise TurnedAway(401, Code.UNSIGNED, "terminal-not-said")
        org_id, terminal_no = self._claimed(headers)
        known = self._find(org_id, terminal_no)
        if not first_signature.is_signed_by(
            known.public_key, given, terminal=name, method=method, path=path, digest=digest
        ):
            raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
        if known.protocol >= messages.VERSION:
            # It signs better by now: this is a copy of what it sent before that.
            events.REQUEST_REPEATED.log(org_id=org_id, terminal_no=terminal_no, path=path)
            raise TurnedAway(401, Code.REPLAYED, "request-of-first-protocol")
        if path == messages.HELLO_PATH:
            events.FIRST_PROTOCOL.log(org_id=org_id, terminal_no=terminal_no)
        return known


def _heard(
    connection: Connection, who: tuple[int, int, bytes], signed: SignedRequest, path: str
) -> KnownTerminal:
    """Note the number of a request of a terminal that signed with this key.

    Raises `TurnedAway` for one that was heard, of nobody, or signed with a key that another one followed.
    """
    org_id, terminal_no, key = who
    heard = heard_requests.hear(connection, org_id, terminal_no, signed.number)
    if heard is None:
        raise TurnedAway(401, Code.UNKNOWN_TERMINAL, "terminal-unknown")
    if heard.terminal.public_key != key:
        # Another process of the server took the new one.
        raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
    if heard.above is not None:
        events.REQUEST_REPEATED.log(org_id=org_id, terminal_no=terminal_no, path=path)
        raise TurnedAway(401, Code.REPLAYED, "request-repeated", above=heard.above)
    if heard.terminal.protocol < messages.VERSION:
        enrolment.speaks(connection, org_id, terminal_no, messages.VERSION)
    return heard.terminal


def _check_digest(headers: Mapping[str, str], body: bytes) -> None:
    if headers.get(signature.DIGEST_HEADER, "") != signature.digest_of(body):
        raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
