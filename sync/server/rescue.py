"""Carries what a till recorded and the centre does not have, from an old home or a second medium.

Whoever brings the documents, they are their terminal's by its signature: what follows the centre's mark is
taken as if the terminal had sent it itself.  What does not follow (of a history that forked, unsigned) goes
into quarantine for two people.  Everything is compared by sequence and hash, so that carrying it twice, or
once more after a kill in the middle, doubles nothing.

Decisions
---------
2026-11-30  Each document is looked at by itself, not the last of a batch: a batch of a terminal's own that
does not hold is that terminal's doing and moves its mark all the same; what somebody else brings must not.
2026-11-30  What lies behind a gap stays where it is until the gap is filled or two words say that it never
will be (`despite_gap`): in quarantine it could never again be taken as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.travel import Packet
from pos_app.store.engine import signatures
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.journal import centre_journal, quarantine
from pos_app.store.master import terminal_keys
from pos_app.store.organisation import terminals
from sync.protocol.messages import MOST_PACKETS, PushRequest
from sync.server.ingest import Ingest

#: A till that spoke to the centre so recently is at work.
AT_WORK: Final = timedelta(seconds=60)


@dataclass(frozen=True)
class Rescued:
    """What became of a terminal's documents.

    `known` the centre had before, `taken` are in the books now, `set_aside` wait for two people; `missing`
    are sequences that somebody must bring before `left`, which were not carried, can be taken.
    """

    known: int
    taken: int
    set_aside: int
    left: int
    missing: tuple[int, ...]


def _longest(sound: Sequence[Packet]) -> dict[tuple[int, bytes], Packet]:
    """By what stands before it; where a history forked, the way on which more was signed."""
    best: dict[tuple[int, bytes], Packet] = {}
    length: dict[bytes, int] = {}
    for one in sorted(sound, key=lambda one: one.seq, reverse=True):
        behind = best.get((one.seq + 1, one.hash))
        length[one.hash] = 1 + (length[behind.hash] if behind else 0)
        place = (one.seq, one.prev_hash)
        if place not in best or length[one.hash] > length[best[place].hash]:
            best[place] = one
    return best


class Rescue:
    """Carries one terminal's documents into one organisation of a centre."""

    def __init__(self, database: Database, org_id: int, terminal_no: int, clock: Clock) -> None:
        """Raises `Refused` when the centre has no such terminal, or has heard of it just now.

        That a home stands still says nothing of the terminal: it may be a copy, and the till work elsewhere.
        """
        self._database = database.for_org(org_id)
        self._org_id = org_id
        self._terminal_no = terminal_no
        self._ingest = Ingest(database, clock)
        with self._database.read() as connection:
            seen = {one.terminal_no: one for one in terminals.all_terminals(connection, org_id)}
            own = seen.get(terminal_no)
            if own is None:
                raise Refused("rescue-terminal-unknown", terminal=terminal_no)
            if own.last_seen_at is not None and clock.now() - own.last_seen_at < AT_WORK:
                raise Refused("rescue-till-at-work", terminal=terminal_no)
            self._keys = terminal_keys.of_terminal(connection, org_id, terminal_no) or [
                KeyFrom(0, terminal_keys.public_key(connection, org_id, terminal_no))
            ]

    def carry(self, packets: Iterable[Packet], *, despite_gap: bool = False) -> Rescued:
        """Carry what the centre does not have.

        Raises `Refused` when all of it is signed by somebody else; nothing changed then.
        """
        known, fresh = self._sorted_out(packets)
        signed = [one for one in fresh if one.signature]
        sound = _longest([one for one in signed if self._is_sound(one)])
        if signed and not sound:
            raise Refused("rescue-not-ours", terminal=self._terminal_no)
        with self._database.write() as connection:
            mark = centre_journal.lock_terminal(connection, self._org_id, self._terminal_no)
        following = list(_chain(sound, mark.seq, mark.hash))
        set_aside = self._take(mark.seq, mark.hash, following)
        took = {one.hash for one in following}
        connected, left = self._connected([one for one in fresh if one.hash not in took], took)
        aside = connected + (left if despite_gap else [])
        for run in _runs(aside):
            self._push(run[0].seq - 1, run[0].prev_hash, run, diverged=True)
        left = [] if despite_gap else left
        return Rescued(
            known=known,
            taken=len(following) - set_aside,
            set_aside=set_aside + len(aside),
            left=len(left),
            missing=tuple(sorted({run[0].seq - 1 for run in _runs(left)})),
        )

    def _sorted_out(self, packets: Iterable[Packet]) -> tuple[int, list[Packet]]:
        """How many the centre has, in books or quarantine, and those that it does not have, in order."""
        known, fresh = 0, []
        for some in _pieces(packets):
            with self._database.read() as connection:
                here = self._hashes(connection, min(one.seq for one in some), max(one.seq for one in some))
            new = [one for one in some if one.hash not in here.get(one.seq, {})]
            known += len(some) - len(new)
            fresh += new
        return known, sorted(fresh, key=lambda one: (one.seq, one.hash))

    def _hashes(self, connection: Connection, first: int, last: int) -> dict[int, dict[bytes, str]]:
        return quarantine.known_hashes(connection, self._org_id, self._terminal_no, first, last)

    def _is_sound(self, packet: Packet) -> bool:
        """Whether the terminal signed it, on top of the one that it names before it."""
        if canonical.chain(packet.prev_hash, packet.body) != packet.hash:
            return False
        key = signatures.key_at(self._keys, packet.seq)
        return signatures.holds(key, packet.signature, canonical.signed_text(packet.hash))

    def _take(self, seq: int, hash_: bytes, following: Sequence[Packet]) -> int:
        """Take what follows the mark; gives how many of it the books could not take."""
        aside = 0
        for some in _pieces(following):
            aside += self._push(seq, hash_, some)
            seq, hash_ = some[-1].seq, some[-1].hash
        return aside

    def _push(self, seq: int, hash_: bytes, packets: Sequence[Packet], *, diverged: bool = False) -> int:
        request = PushRequest(after_seq=seq, after_hash=hash_, packets=tuple(packets), diverged=diverged)
        answer = self._ingest.take(self._org_id, self._terminal_no, request)
        if not diverged and (answer.forked or answer.mark < packets[-1].seq):
            # Somebody else moved the mark: the till itself, or another rescue.
            raise Unavailable("rescue-disturbed", terminal=self._terminal_no)
        return len(answer.set_aside)

    def _connected(self, rest: Sequence[Packet], took: set[bytes]) -> tuple[list[Packet], list[Packet]]:
        """Those that follow something that the centre has, and those behind a gap."""
        genesis = canonical.genesis(self._org_id, self._terminal_no)
        reached = set(took)
        connected: list[Packet] = []
        left: list[Packet] = []
        for packet in rest:
            before = packet.prev_hash
            follows = before in reached or (packet.seq == 1 and before == genesis)
            if not follows:
                with self._database.read() as connection:
                    follows = before in self._hashes(connection, packet.seq - 1, packet.seq - 1).get(
                        packet.seq - 1, {}
                    )
            (connected if follows else left).append(packet)
            if follows:
                reached.add(packet.hash)
        return connected, left


def _chain(sound: dict[tuple[int, bytes], Packet], seq: int, hash_: bytes) -> Iterator[Packet]:
    """The documents that follow a place in the chain, one upon the other."""
    while (following := sound.get((seq + 1, hash_))) is not None:
        yield following
        seq, hash_ = following.seq, following.hash


def _pieces(packets: Iterable[Packet]) -> Iterator[list[Packet]]:
    """So many at a time as a push carries."""
    left = iter(packets)
    while some := list(islice(left, MOST_PACKETS)):
        yield some


def _runs(packets: Sequence[Packet]) -> Iterator[list[Packet]]:
    """Packets in pieces without a gap in their sequences, as a push carries them."""
    run: list[Packet] = []
    for packet in packets:
        if run and (packet.seq != run[-1].seq + 1 or len(run) >= MOST_PACKETS):
            yield run
            run = []
        run.append(packet)
    if run:
        yield run
