"""Ingest: a terminal's documents into the central books, once, in order, whole.

The fast road takes a batch in one transaction.  Whatever makes it fail sends the batch down the
slow road, one document at a time, where the bad one goes into quarantine and the mark passes it.
An outage of the database is neither: nothing was taken, the terminal asks again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SEQUENCE_BITS, Reversal
from pos_app.ledger.errors import BohariError
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.rules import rules
from pos_app.ledger.travel import Packet
from pos_app.log import events
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage, sentence_of
from pos_app.store.hooks import messages
from pos_app.store.journal import centre_journal, flags, quarantine
from pos_app.store.journal.centre_journal import Locked
from pos_app.store.master import enrolment
from pos_app.store.organisation import rights
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules import book_rules, judges
from pos_app.store.rules.judges import Looked
from pos_app.store.schema import seals_centre
from sync.protocol.messages import Code, Held, PushAnswer, PushRequest, SetAside
from sync.server import signed
from sync.server.errors import TurnedAway
from sync.server.push_order import PushOrder, Turn


class Rejected(NamedTuple):
    """A packet that cannot go into the books, and why."""

    reason: str


class _Ready(NamedTuple):
    """A batch without a bad packet, with its rows as the database will take them."""

    sealed: list[Sealed]
    packed: centre_journal.Packed


class _LookedAt(NamedTuple):
    """What was asked of a batch before its turn."""

    sealed: Sequence[Sealed]
    looked: Looked
    #: Where all of it was made, by who had every right to; None when that is not so.
    depot_id: int | None


class Ingest:
    """Takes pushes of every terminal; used by many threads at once."""

    def __init__(self, database: Database, clock: Clock, told: Callable[[int], object] | None = None) -> None:
        """`told` hears of an organisation after each commit; left out, the commits tell by themselves."""
        self._database = database
        self._clock = clock
        self._told = told
        self._years: set[int] = set()
        self._turns = PushOrder()
        self._known = rights.Known()

    def take(self, org_id: int, terminal_no: int, request: PushRequest) -> PushAnswer:
        """Take what is above the mark; gives the mark after the commit.

        Raises `TurnedAway` when the packets are not in sequence, and passes an outage on.
        """
        _check_sequence(request)
        sent: dict[str, Any] = {"org_id": org_id, "terminal_no": terminal_no, "request": request}
        sent["is_told_later"] = self._told is not None
        batch = _Batch(self._database.for_org(org_id), self._clock, self._known, **sent)
        if request.diverged or not request.packets:
            # Nothing here is for the books.
            return batch.quarantine_all()
        with self._turns.at_work(Turn(org_id, terminal_no, request.packets[-1].seq)):
            # All that needs no lock comes before the turn: it runs while the batch before is written.
            prepared = [prepare(org_id, terminal_no, packet) for packet in request.packets]
            prepared = self._make_years(prepared)
            ready = _pack(privacy.of(self._database.engine), prepared)
            before = Turn(org_id, terminal_no, request.after_seq)
            if ready is not None and self._turns.is_at_work(before):
                # A push that need not wait asks in its own transaction: a second one would cost it time.
                batch.look(ready.sealed)
            self._turns.wait_for(before)
            try:
                answer = None if ready is None else batch.take_fast(ready)
                return batch.take_slow(prepared) if answer is None else answer
            finally:
                # Also when the answer to a commit got lost.
                if self._told is not None:
                    self._told(org_id)

    def _make_years(self, prepared: list[Sealed | Rejected]) -> list[Sealed | Rejected]:
        """Partitions of years that were never seen, in a transaction of their own: it locks tables.

        Gives the packets with those rejected whose year is too far ahead to get any.
        """
        years = {one.document.year for one in prepared if isinstance(one, Sealed)} - self._years
        if not years:
            return prepared
        with self._database.without_tenant().write() as connection:
            self._years |= {year for year in sorted(years) if seals_centre.make_year(connection, year)}
        return [
            Rejected(said("year-too-far", year=one.document.year))
            if isinstance(one, Sealed) and one.document.year not in self._years
            else one
            for one in prepared
        ]


class _Batch:
    """One push of one terminal on its way into the books."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        known: rights.Known,
        *,
        org_id: int,
        terminal_no: int,
        request: PushRequest,
        is_told_later: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._known = known
        self._org_id = org_id
        self._terminal_no = terminal_no
        self._request = request
        self._is_told_later = is_told_later
        #: When the first of what came was recorded; None while all of it is judged together.
        self._oldest: datetime | None = None
        self._looked: _LookedAt | None = None

    def look(self, sealed: Sequence[Sealed]) -> None:
        """Ask before the turn what no other batch can change: the judges of master data, and rights."""
        with self._database.read() as connection:
            held = self._known.of(connection, self._org_id)
            looked = judges.look(connection, self._org_id, sealed, held)
        depots = {one.document.depot_id for one in sealed}
        is_within = all(held.lacking(one.document) is None for one in sealed)
        self._looked = _LookedAt(sealed, looked, depots.pop() if len(depots) == 1 and is_within else None)

    def take_fast(self, ready: _Ready) -> PushAnswer | None:
        """The whole batch in one transaction, or None when it must be looked at one by one."""
        try:
            with self._database.write() as connection:
                mark = self._lock(connection)
                known = self._meet_known(connection, mark)
                stop = self._cannot_follow(connection, mark)
                fresh = [one for one in ready.sealed if one.document.seq > mark.seq]
                if stop is not None or not fresh:
                    return self._answer(connection, mark, known, stop or "")
                if not mark.active:
                    return None
                if not _is_chain(fresh, mark.hash) or wrong_reversals(connection, self._org_id, fresh):
                    return None
                held = self._known.of(connection, self._org_id)
                if self._booked_again(connection, fresh):
                    return None
                if self._wrongly_signed(connection, fresh) or self._beyond_rights(
                    connection, held, fresh, mark.depot_id
                ):
                    return None
                if book_rules.refusal_at_centre(connection, self._org_id, fresh):
                    return None
                self._flag(connection, held, fresh)
                messages.of_batch(connection, self._org_id, fresh, self._clock.now())
                end = mark._replace(seq=fresh[-1].document.seq, hash=fresh[-1].hash)
                # Asked before the rows are written: from the seal to the commit the balances are
                # locked, and every till of the organisation waits.
                answer = self._answer(connection, end, known)
                is_whole = len(fresh) == len(ready.sealed)
                private = privacy.of(connection)
                centre_journal.write(
                    connection, ready.packed if is_whole else centre_journal.pack(private, fresh)
                )
                centre_journal.advance_mark(connection, self._org_id, self._terminal_no, end.seq, end.hash)
        except Exception as error:
            if is_outage(error):
                raise
            return None
        return answer

    def take_slow(self, prepared: Sequence[Sealed | Rejected]) -> PushAnswer:
        """One document, one transaction: the good go into the books, the bad into quarantine."""
        whole = [one.document.recorded_at for one in prepared if isinstance(one, Sealed)]
        self._oldest = min(whole, default=None)
        with self._database.write() as connection:
            mark = self._lock(connection)
            set_aside = self._meet_known(connection, mark)
            stop = self._cannot_follow(connection, mark)
            if stop is not None:
                return self._answer(connection, mark, set_aside, stop)
        for packet, one in zip(self._request.packets, prepared, strict=True):
            if packet.seq <= mark.seq:
                continue
            reason = self._take_one(packet, one)
            if reason:
                set_aside.append(SetAside(packet.seq, packet.hash, reason))
        with self._database.write() as connection:
            return self._answer(connection, self._lock(connection), set_aside)

    def quarantine_all(self) -> PushAnswer:
        """Documents of a history that forked: kept where they are not known; the mark stays."""
        packets = self._request.packets
        with self._database.write() as connection:
            mark = self._lock(connection)
            set_aside = self._compare(connection, packets, str(said("history-forked")))
            # Read back, not remembered: a receipt is for what the database has.
            held = self._hashes(connection, packets)
            answer = self._answer(connection, mark, set_aside)
        return msgspec.structs.replace(
            answer,
            held=tuple(Held(one.seq, one.hash) for one in packets if one.hash in held.get(one.seq, {})),
        )

    # --- one document ---------------------------------------------------------------------------

    def _take_one(self, packet: Packet, prepared: Sealed | Rejected) -> str:
        """Take one document; gives the reason when it went into quarantine."""
        with self._database.write() as connection:
            mark = self._lock(connection)
            if packet.seq != mark.seq + 1:
                # Another request of the same terminal was faster; the answer tells the mark.
                return ""
            reason = quarantine.plain(self._book(connection, prepared, mark))
            if reason:
                self._set_aside(connection, packet, reason)
            centre_journal.advance_mark(connection, self._org_id, self._terminal_no, packet.seq, packet.hash)
        return reason

    def _book(self, connection: Connection, prepared: Sealed | Rejected, mark: Locked) -> str:
        if isinstance(prepared, Rejected):
            return prepared.reason
        if not mark.active:
            # Sold before it was taken away, or by whoever took it: only people can tell.
            return said("till-was-revoked")
        if prepared.prev_hash != mark.hash:
            return said("previous-hash-wrong")
        held = self._known.of(connection, self._org_id)
        wrong = self._booked_again(connection, [prepared]) or self._wrongly_signed(connection, [prepared])
        wrong = wrong or wrong_reversals(connection, self._org_id, [prepared])
        wrong = wrong or self._beyond_rights(connection, held, [prepared], mark.depot_id)
        wrong = wrong or book_rules.refusal_at_centre(connection, self._org_id, [prepared])
        if wrong:
            return wrong
        try:
            with connection.begin_nested():
                self._flag(connection, held, [prepared])
                messages.of_batch(connection, self._org_id, [prepared], self._clock.now())
                centre_journal.append(connection, [prepared])
        except Exception as error:
            if is_outage(error):
                raise
            return sentence_of(error)
        return ""

    def _booked_again(self, connection: Connection, fresh: Sequence[Sealed]) -> str:
        """Why one that two people booked again before it came by itself is not booked a second time."""
        first, last = fresh[0].document.seq, fresh[-1].document.seq
        there = quarantine.rebooked(connection, self._org_id, self._terminal_no, first, last)
        return said("decided-already") if any(one.hash in there for one in fresh) else ""

    def _wrongly_signed(self, connection: Connection, fresh: Sequence[Sealed]) -> str:
        return signed.refusal(connection, self._org_id, self._terminal_no, fresh, self._clock)

    def _beyond_rights(
        self, connection: Connection, held: Rights, fresh: Sequence[Sealed], depot_id: int
    ) -> str:
        """Why the first document that its maker had no right to make cannot be booked; empty when all can.

        `depot_id` is where the terminal stands.
        """
        before = self._looked_at(fresh)
        if before is not None and before.looked.held is held and before.depot_id == depot_id:
            return ""
        for one in fresh:
            if one.document.depot_id != depot_id:
                return said("made-at-other-depot")
            if held.lacking(one.document) is not None:
                return rights.refusal(connection, held, one.document)
        return ""

    def _flag(self, connection: Connection, held: Rights, fresh: Sequence[Sealed]) -> None:
        """Put flags on what is odd about documents that are booked now."""
        now, before = self._clock.now(), self._looked_at(fresh)
        looked = None if before is None else before.looked
        found = judges.judge(connection, self._org_id, fresh, held, now, oldest=self._oldest, looked=looked)
        flags.put(connection, self._org_id, found)

    def _looked_at(self, fresh: Sequence[Sealed]) -> _LookedAt | None:
        """What was asked of just these documents before; None where some of what came is known already."""
        before = self._looked
        return before if before is not None and len(before.sealed) == len(fresh) else None

    # --- what is known already, and what cannot follow ------------------------------------------

    def _meet_known(self, connection: Connection, mark: Locked) -> list[SetAside]:
        """Packets at or below the mark: the same again is fine, another one is kept as evidence."""
        below = [packet for packet in self._request.packets if packet.seq <= mark.seq]
        return self._compare(connection, below, str(said("other-document-under-key")))

    def _compare(self, connection: Connection, packets: Sequence[Packet], reason: str) -> list[SetAside]:
        """What of these packets lies in quarantine; those that the centre does not have go there."""
        if not packets:
            return []
        known = self._hashes(connection, packets)
        set_aside = []
        for packet in packets:
            why = known.get(packet.seq, {}).get(packet.hash)
            if why is None:
                why = reason
                self._set_aside(connection, packet, reason)
            if why:
                set_aside.append(SetAside(packet.seq, packet.hash, why))
        return set_aside

    def _hashes(self, connection: Connection, packets: Sequence[Packet]) -> dict[int, dict[bytes, str]]:
        if not packets:
            return {}
        return quarantine.known_hashes(
            connection, self._org_id, self._terminal_no, packets[0].seq, packets[-1].seq
        )

    def _cannot_follow(self, connection: Connection, mark: Locked) -> str | None:
        """Why the packets above the mark cannot be taken: "" for a gap, a sentence for a fork.

        None when they can.  The documents of a fork are kept in quarantine; the mark stays, because
        the terminal that it belongs to may still be at work.
        """
        request = self._request
        if request.after_seq > mark.seq:
            return ""
        before = request.after_hash
        for packet in request.packets:
            if packet.seq > mark.seq:
                break
            before = packet.hash
        reaches_mark = request.after_seq + len(request.packets) >= mark.seq
        if not reaches_mark or before == mark.hash:
            return None
        above = [packet for packet in request.packets if packet.seq > mark.seq]
        forked = str(said("history-forked"))
        self._compare(connection, above, forked)
        return forked

    # --- the terminal's row, quarantine, answer -------------------------------------------------

    def _lock(self, connection: Connection) -> Locked:
        return centre_journal.lock_terminal(
            connection, self._org_id, self._terminal_no, is_told_later=self._is_told_later
        )

    def _set_aside(self, connection: Connection, packet: Packet, reason: str) -> None:
        quarantine.put(
            connection,
            org_id=self._org_id,
            terminal_no=self._terminal_no,
            seq=packet.seq,
            hash_=packet.hash,
            prev_hash=packet.prev_hash,
            body=packet.body,
            reason=reason,
            received_at=self._clock.now(),
            signature=packet.signature,
        )
        events.QUARANTINED.log(
            org_id=self._org_id, terminal_no=self._terminal_no, sequence=packet.seq, reason=reason
        )

    def _answer(
        self, connection: Connection, mark: Locked, set_aside: Sequence[SetAside], forked: str = ""
    ) -> PushAnswer:
        return PushAnswer(
            epoch=enrolment.epoch(connection),
            mark=mark.seq,
            mark_hash=mark.hash,
            quarantined=quarantine.count(connection, self._org_id, self._terminal_no),
            set_aside=tuple(set_aside),
            forked=forked,
        )


def prepare(org_id: int, terminal_no: int, packet: Packet) -> Sealed | Rejected:
    """Decode, check and post one packet as if it were new; `Bad` when it contradicts itself."""
    ready = verify(org_id, terminal_no, packet)
    if isinstance(ready, Sealed) and ready.posting_digest != packet.posting_digest:
        return Rejected(said("posts-otherwise-here"))
    return ready


def verify(org_id: int, terminal_no: int, packet: Packet) -> Sealed | Rejected:
    """The packet's document as this server posts it, whatever the terminal made of it; `Bad` when it
    cannot stand in any books.
    """
    if canonical.chain(packet.prev_hash, packet.body) != packet.hash:
        return Rejected(said("hash-wrong"))
    if packet.signature and len(packet.signature) != canonical.SIGNATURE_BYTES:
        return Rejected(said("document-signature-wrong"))
    try:
        document = canonical.decode(packet.body)
        if (document.org_id, document.terminal_no, document.seq) != (org_id, terminal_no, packet.seq):
            return Rejected(said("key-of-other-document"))
        if document.number <= 0:
            return Rejected(said("printed-number-missing"))
        rules.check(document)
        posted = posting_rules.post(document)
        digest = posting_rules.digest(posted)
    except MemoryError:
        raise
    except BohariError as error:
        return Rejected(str(error))
    except Exception as error:  # noqa: BLE001 - a document that breaks our code must not block the rest
        return Rejected(sentence_of(error))
    signature = packet.signature or None
    return Sealed(document, packet.body, packet.prev_hash, packet.hash, posted, digest, signature)


def _pack(private: privacy.Privacy, prepared: Sequence[Sealed | Rejected]) -> _Ready | None:
    """The batch ready for the fast road; None when one is bad or cannot be packed."""
    sealed = [one for one in prepared if isinstance(one, Sealed)]
    if len(sealed) < len(prepared):
        return None
    try:
        return _Ready(sealed, centre_journal.pack(private, sealed))
    except (ValueError, TypeError, OverflowError):
        return None


def _check_sequence(request: PushRequest) -> None:
    expected = request.after_seq
    if expected < 0:
        raise TurnedAway(400, Code.MALFORMED, "packets-begin-too-early")
    for packet in request.packets:
        expected += 1
        if packet.seq != expected or len(packet.hash) != canonical.HASH_BYTES:
            raise TurnedAway(400, Code.MALFORMED, "packets-out-of-sequence")
    if expected >> SEQUENCE_BITS:
        raise TurnedAway(400, Code.MALFORMED, "packets-beyond-last")


def _is_chain(fresh: Sequence[Sealed], before: bytes) -> bool:
    for one in fresh:
        if one.prev_hash != before:
            return False
        before = one.hash
    return True


def wrong_reversals(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> str:
    """Why a reversal in the batch does not void what the centre has; empty when all do."""
    reversals = [one.document for one in batch if isinstance(one.document, Reversal)]
    if not reversals:
        return ""
    here = {one.document.document_id: (one.hash, one.body) for one in batch}
    missing = [document.original_id for document in reversals if document.original_id not in here]
    here |= documents.sealed_bodies(connection, org_id, missing)
    for document in reversals:
        hash_, body = here.get(document.original_id, (b"", b""))
        if hash_.hex() != document.original_hash or body != bytes(document.original):
            return said("void-of-what-is-not")
    return ""
