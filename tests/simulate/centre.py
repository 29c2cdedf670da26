"""The model of a centre: plain Python that keeps what a centre keeps, and answers in its bytes.

It takes documents in order, checks chain and signature, sets aside what cannot be booked, adds up what
documents post and feeds it back.  Of the real one's rules about what may be booked it knows one alone: no
text has a NUL.
Its answers are held against the real one's, message for message (`tests/faults/test_simulate_centre.py`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger import audit_chain, canonical
from pos_app.ledger.document import document_key
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.travel import Cursor, Packet
from pos_app.store.engine import signatures
from sync.client.conversation import Received
from sync.protocol import messages, signature, wire
from sync.protocol.messages import (
    AuditAnswer,
    AuditRequest,
    Code,
    ErrorAnswer,
    Held,
    HelloAnswer,
    HelloRequest,
    Page,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    SetAside,
)
from tests.simulate.master_feed import MASTER_COLUMNS, MasterFeed, of_shop
from tests.simulate.shop import terminal_of
from tests.simulate.sums import COLUMNS, Key, Row, Sums
from tests.support.documents.specimens import LOCATION, ORG
from tests.support.worlds.till_fixture import PRODUCTS

PAGE_ROWS: Final = 40
_KEPT_NUMBERS: Final = 16


class Refusal(Exception):
    """A request is turned away."""

    def __init__(
        self, status: int, code: Code, error: str, facts: dict[str, int | str] | None = None
    ) -> None:
        super().__init__(error)
        self.status, self.code, self.error, self.facts = status, code, error, facts or {}


@dataclass
class Known:
    """What the centre has of one terminal; hashes of the books and of what was set aside by sequence."""

    number: int
    public: bytes
    mark: int = 0
    mark_hash: bytes = b""
    audit_mark: int = 0
    audit_hash: bytes = b""
    active: bool = True
    start: str = ""
    heard: list[int] = field(default_factory=list)
    booked: dict[int, bytes] = field(default_factory=dict)
    aside: dict[int, dict[bytes, str]] = field(default_factory=dict)

    @property
    def quarantined(self) -> int:
        """How many documents wait for a decision."""
        return sum(len(hashes) for hashes in self.aside.values())

    def copied(self) -> "Known":
        """The same, to be changed by itself."""
        aside = {seq: dict(hashes) for seq, hashes in self.aside.items()}
        return replace(self, heard=self.heard[:], booked=dict(self.booked), aside=aside)


@dataclass
class State:
    """All that a centre keeps, and a copy of it brings back."""

    terminals: dict[int, Known]
    sums: Sums
    master: MasterFeed
    stamp: int = 1


class ModelCentre:
    """Answers as a centre does; `now` tells its time."""

    def __init__(
        self, keys: Mapping[int, bytes], signs: Ed25519PrivateKey, now: Callable[[], datetime]
    ) -> None:
        """`keys` are the public keys of the terminals."""
        terminals = {
            number: Known(
                number,
                key,
                mark_hash=canonical.genesis(ORG, number),
                audit_hash=audit_chain.genesis(ORG, number),
            )
            for number, key in keys.items()
        }
        self.state = State(terminals, Sums(), of_shop(len(keys)))
        self.lives = 1
        self._signs, self._now = signs, now

    @property
    def epoch(self) -> str:
        """Which life this is."""
        return f"life {self.lives}"

    def mark(self, number: int) -> tuple[int, bytes]:
        """Up to where this terminal's documents are taken, and that one's hash."""
        known = self.state.terminals[number]
        return known.mark, known.mark_hash

    def booked(self, number: int) -> dict[int, bytes]:
        """The hashes of the documents in the books, by sequence."""
        return self.state.terminals[number].booked

    def aside(self, number: int) -> set[bytes]:
        """The hashes of what waits in quarantine."""
        return {hash_ for hashes in self.state.terminals[number].aside.values() for hash_ in hashes}

    def has(self, number: int, seq: int, hash_: bytes) -> bool:
        """Whether this document is in the books or in quarantine."""
        known = self.state.terminals[number]
        return known.booked.get(seq) == hash_ or hash_ in known.aside.get(seq, {})

    def restart(self) -> None:
        """The program is killed and starts again: all that was answered is kept."""

    def balances(self) -> dict[str, dict[tuple[Any, ...], tuple[int, ...]]]:
        """Every balance that is something."""
        return self.state.sums.figures()

    def copied(self) -> State:
        """A copy of all, to be put back."""
        state = self.state
        terminals = {number: known.copied() for number, known in state.terminals.items()}
        return State(terminals, state.sums.copied(), state.master.copied(), state.stamp)

    def put_back(self, state: State) -> None:
        """The centre was restored: a new life begins."""
        heard = {number: known.heard for number, known in self.state.terminals.items()}
        self.state = state
        self.state = self.copied()
        for number, known in self.state.terminals.items():
            known.heard = heard[number]
        self.lives += 1

    def rescue(self, number: int, packets: Sequence[Packet]) -> None:
        """Somebody brings documents of a terminal: what follows is booked, the rest waits for two people."""
        known = self.state.terminals[number]
        for packet in sorted(packets, key=lambda one: (one.seq, one.hash)):
            if self._has(known, packet):
                continue
            why = "history-forked"
            if (packet.seq, packet.prev_hash) == (known.mark + 1, known.mark_hash):
                why = self._book(known, packet)
                known.mark, known.mark_hash = packet.seq, packet.hash
            if why:
                known.aside.setdefault(packet.seq, {})[packet.hash] = why

    def is_active(self, number: int) -> bool:
        """Whether this terminal is still ours."""
        return self.state.terminals[number].active

    def revoke(self, number: int) -> None:
        """Take a terminal away."""
        self.state.terminals[number].active = False

    def set_price(self, sku: str, price: int) -> None:
        """A product costs something else from now on."""
        self.state.stamp += 1
        self.state.master.change("product", (PRODUCTS[sku].product_id,), self.state.stamp, price=price)

    # --- the door ---------------------------------------------------------------------------------

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Received:
        """The signed answer to a request."""
        try:
            status, message = 200, self._dispatch(path, headers, body)
        except Refusal as no:
            return self.refuse(headers, no)
        return self._signed(status, message, headers)

    def refuse(self, headers: Mapping[str, str], no: Refusal, wait_s: int = 0) -> Received:
        """The signed refusal of a request."""
        told = ErrorAnswer(code=no.code.value, sentence=no.error, error=no.error, facts=no.facts)
        return self._signed(no.status, told, headers, wait_s)

    def _signed(
        self, status: int, message: msgspec.Struct, asked: Mapping[str, str], wait_s: int = 0
    ) -> Received:
        packed = wire.pack(message)
        head = signature.answer_headers(
            self._signs,
            status,
            packed,
            asked,
            media_type=wire.MEDIA_TYPE,
            created_s=int(self._now().timestamp()),
            retry_after=str(wait_s) if wait_s else "",
        )
        return Received(status, head, packed)

    def _dispatch(self, path: str, headers: Mapping[str, str], body: bytes) -> msgspec.Struct:
        known = self._admit(path, headers, body)
        if path == messages.HELLO_PATH:
            return self._greet(known, wire.unpack(body, HelloRequest))
        if path == messages.PUSH_PATH:
            return self._take(known, wire.unpack(body, PushRequest))
        if path == messages.AUDIT_PATH:
            return self._note(known, wire.unpack(body, AuditRequest))
        if not known.active:
            raise Refusal(403, Code.REVOKED, "till-revoked")
        return self._feed(known, wire.unpack(body, PullRequest))

    def _admit(self, path: str, headers: Mapping[str, str], body: bytes) -> Known:
        asked = signature.read_request(path, headers)
        who = signature.parse_terminal_id(headers.get(signature.TERMINAL_HEADER, ""))
        if asked is None or who is None or headers.get(signature.DIGEST_HEADER) != signature.digest_of(body):
            raise Refusal(401, Code.UNSIGNED, "signature-wrong")
        known = self.state.terminals[who[1]]
        if not signatures.holds(known.public, asked.signature, asked.base):
            raise Refusal(401, Code.UNSIGNED, "signature-wrong")
        ahead_s = asked.created_s - int(self._now().timestamp())
        if abs(ahead_s) > signature.WINDOW_S:
            raise Refusal(401, Code.CLOCK, "request-at-other-time", {"seconds": ahead_s})
        full = len(known.heard) == _KEPT_NUMBERS
        if asked.number in known.heard or (full and asked.number <= known.heard[-1]):
            raise Refusal(401, Code.REPLAYED, "request-repeated", {"above": known.heard[0]})
        known.heard = sorted((asked.number, *known.heard), reverse=True)[:_KEPT_NUMBERS]
        return known

    # --- greeting ---------------------------------------------------------------------------------

    def _greet(self, known: Known, request: HelloRequest) -> HelloAnswer:
        twice = False
        if request.start and request.start != known.start:
            twice = bool(known.start) and known.start not in request.starts_since
            known.start = request.start
        heard = known.mark if request.acknowledged is None else request.acknowledged
        told = tuple(
            SetAside(seq, hash_, why)
            for seq in range(heard + 1, known.mark + 1)
            for hash_, why in known.aside.get(seq, {}).items()
        )
        return HelloAnswer(
            epoch=self.epoch,
            mark=known.mark,
            mark_hash=known.mark_hash,
            quarantined=known.quarantined,
            set_aside=told,
            revoked=not known.active,
            twice=twice,
        )

    # --- documents --------------------------------------------------------------------------------

    def _take(self, known: Known, request: PushRequest) -> PushAnswer:
        if request.diverged or not request.packets:
            told = self._compare(known, request.packets, "history-forked")
            held = tuple(Held(one.seq, one.hash) for one in request.packets if self._has(known, one))
            return msgspec.structs.replace(self._told(known, told), held=held)
        told = self._compare(
            known, [one for one in request.packets if one.seq <= known.mark], "other-document-under-key"
        )
        if request.after_seq > known.mark:
            return self._told(known, told)
        before = request.after_hash
        for packet in request.packets:
            if packet.seq <= known.mark:
                before = packet.hash
        above = [one for one in request.packets if one.seq > known.mark]
        if request.packets[-1].seq >= known.mark and before != known.mark_hash:
            self._compare(known, above, "history-forked")
            return self._told(known, told, "history-forked")
        for packet in above:
            why = self._book(known, packet)
            if why:
                known.aside.setdefault(packet.seq, {})[packet.hash] = why
                told.append(SetAside(packet.seq, packet.hash, why))
            known.mark, known.mark_hash = packet.seq, packet.hash
        return self._told(known, told)

    def _book(self, known: Known, packet: Packet) -> str:
        """Into the books; gives why not."""
        if canonical.chain(packet.prev_hash, packet.body) != packet.hash:
            return "hash-wrong"
        if not known.active:
            return "till-was-revoked"
        if packet.prev_hash != known.mark_hash:
            return "previous-hash-wrong"
        if not signatures.holds(known.public, packet.signature, canonical.signed_text(packet.hash)):
            return "document-signature-wrong"
        if rb"\u0000" in packet.body:
            return "no NUL in a text"
        document = canonical.decode(packet.body)
        if document.document_id != document_key(known.number, packet.seq):
            return "key-of-other-document"
        posted = posting_rules.post(document)
        if posting_rules.digest(posted) != packet.posting_digest:
            return "posts-otherwise-here"
        self.state.stamp += 1
        self.state.sums.add(document, posted, self.state.stamp)
        known.booked[packet.seq] = packet.hash
        return ""

    def _compare(self, known: Known, packets: Any, why: str) -> list[SetAside]:
        told = []
        for packet in packets:
            if known.booked.get(packet.seq) == packet.hash:
                continue
            kept = known.aside.setdefault(packet.seq, {}).setdefault(packet.hash, why)
            told.append(SetAside(packet.seq, packet.hash, kept))
        return told

    @staticmethod
    def _has(known: Known, packet: Packet) -> bool:
        return known.booked.get(packet.seq) == packet.hash or packet.hash in known.aside.get(packet.seq, {})

    def _told(self, known: Known, aside: list[SetAside], forked: str = "") -> PushAnswer:
        return PushAnswer(
            epoch=self.epoch,
            mark=known.mark,
            mark_hash=known.mark_hash,
            quarantined=known.quarantined,
            set_aside=tuple(aside),
            forked=forked,
        )

    # --- the audit log ----------------------------------------------------------------------------

    def _note(self, known: Known, request: AuditRequest) -> AuditAnswer:
        """Where its entries end now; the entries themselves the model does not keep."""
        strange = 0
        for run in request.runs if request.after <= known.audit_mark else ():
            if run.last > known.audit_mark:
                strange += (run.first, run.prev_hash) != (known.audit_mark + 1, known.audit_hash)
                known.audit_mark, known.audit_hash = run.last, run.hash
        return AuditAnswer(
            epoch=self.epoch, mark=known.audit_mark, mark_hash=known.audit_hash, strange=strange
        )

    # --- the feed ---------------------------------------------------------------------------------

    def _feed(self, known: Known, request: PullRequest) -> PullAnswer:
        if request.epoch != self.epoch:
            return PullAnswer(epoch=self.epoch, more=True)
        pages, more = [], False
        for kind, cursor in request.cursors.items():
            found = self._rows(kind, known, cursor)
            if not found:
                continue
            part = found[:PAGE_ROWS]
            more = more or len(part) < len(found)
            stamp, key, _ = part[-1]
            is_master = kind in MASTER_COLUMNS
            columns = MASTER_COLUMNS[kind] if is_master else COLUMNS[kind]
            after = Cursor(stamp, json.dumps(list(key)))
            rows = tuple(row for _, _, row in part)
            mark = None if is_master else known.mark
            pages.append(Page(kind=kind, columns=columns, rows=rows, before=cursor, after=after, mark=mark))
        return PullAnswer(epoch=self.epoch, pages=tuple(pages), more=more)

    def _rows(self, kind: str, known: Known, cursor: Cursor) -> list[Row]:
        """What lies after a cursor, in the order of the feed: stamp, key, row."""
        last = _position(cursor)
        if kind in MASTER_COLUMNS:
            return self.state.master.after(kind, last)
        if kind not in COLUMNS:
            return []
        found = _told(kind, known, self.state.sums.since(kind, cursor.stamp))
        return sorted((one for one in found if one[:2] > last), key=lambda one: one[:2])

    def told(self, number: int, kind: str, cursor: Cursor) -> list[Row]:
        """What a till that stands at this cursor has been told of a kind."""
        last = _position(cursor)
        if kind in MASTER_COLUMNS:
            return self.state.master.upto(kind, last)
        found = _told(kind, self.state.terminals[number], self.state.sums.since(kind, 0))
        return [one for one in found if one[:2] <= last]


def _position(cursor: Cursor) -> tuple[int, Key]:
    return cursor.stamp, tuple(json.loads(cursor.last_key)) if cursor.last_key else ()


def _told(kind: str, known: Known, found: list[Row]) -> list[Row]:
    """Of a drawer and of stock a till is told its own."""
    mine = {"drawer_cash": terminal_of(known.number - 1).drawer_id, "stock_level": LOCATION}.get(kind)
    return found if mine is None else [one for one in found if one[1][0] == mine]
