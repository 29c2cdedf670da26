"""What the centre does with each kind of packet, good and bad, on a real Postgres."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.travel import Packet
from pos_app.store.documents import documents, outbox
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import terminal_key
from pos_app.store.journal import journal
from sync.protocol.messages import PushAnswer, PushRequest
from sync.server.errors import TurnedAway
from sync.server.ingest import Ingest
from tests.support.worlds.sync_fixtures import Centre, Till, drift, sale


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def packets_of(till: Till, after: int = 0, most: int = 500) -> tuple[Packet, ...]:
    with till.database.read() as connection:
        found = outbox.read_after(connection, till.who, after, most=most, most_bytes=10**9)
    return tuple(found)


def push(
    centre: Centre, till: Till, packets: tuple[Packet, ...], after_hash: bytes | None = None
) -> PushAnswer:
    before = after_hash or (packets[0].prev_hash if packets else b"")
    request = PushRequest(after_seq=packets[0].seq - 1, after_hash=before, packets=packets)
    return Ingest(centre.database, centre.clock).take(till.who.org_id, till.who.terminal_no, request)


def chained(drafts: list[Any], till: Till, start: bytes | None = None, seq: int = 0) -> list[Sealed]:
    """Seal documents by hand, as a till that checks nothing would."""
    hash_ = start or canonical.genesis(till.who.org_id, till.who.terminal_no)
    sealed = []
    for number, draft in enumerate(drafts, seq + 1):
        placed = msgspec.structs.replace(
            draft, terminal_no=till.who.terminal_no, seq=number, number=draft.number or number
        )
        sealed.append(journal.seal(placed, hash_))
        hash_ = sealed[-1].hash
    return sealed


def as_packets(sealed: list[Sealed]) -> tuple[Packet, ...]:
    return tuple(
        Packet(one.document.seq, one.prev_hash, one.hash, one.posting_digest, one.body) for one in sealed
    )


def test_a_batch_goes_into_the_books(centre: Centre, till: Till) -> None:
    sold = [till.sell(customer=1) for _ in range(5)]
    answer = push(centre, till, packets_of(till))
    assert (answer.mark, answer.mark_hash, answer.set_aside) == (5, sold[-1].hash, ())
    assert centre.documents() == [one.document.document_id for one in sold]
    assert drift(centre.database) == []


def test_the_same_batch_again_changes_nothing(centre: Centre, till: Till) -> None:
    till.sell()
    till.sell()
    packets = packets_of(till)
    assert push(centre, till, packets) == push(centre, till, packets)
    assert len(centre.documents()) == 2
    assert centre.quarantine() == []


def test_a_batch_that_overlaps_the_mark_is_taken_from_the_mark_on(centre: Centre, till: Till) -> None:
    for _ in range(4):
        till.sell()
    packets = packets_of(till)
    push(centre, till, packets[:3])
    assert push(centre, till, packets[1:]).mark == 4
    assert len(centre.documents()) == 4


def test_a_gap_takes_nothing_and_tells_the_mark(centre: Centre, till: Till) -> None:
    for _ in range(4):
        till.sell()
    packets = packets_of(till)
    push(centre, till, packets[:1])
    answer = push(centre, till, packets[2:])
    assert (answer.mark, answer.forked, answer.set_aside) == (1, "", ())
    assert centre.quarantine() == []


def test_packets_out_of_sequence_are_turned_away(centre: Centre, till: Till) -> None:
    for _ in range(3):
        till.sell()
    first, second, third = packets_of(till)
    with pytest.raises(TurnedAway):
        push(centre, till, (first, third))
    with pytest.raises(TurnedAway):
        push(centre, till, (first, second, second))
    assert centre.documents() == []


def test_the_same_key_with_another_hash_is_kept_in_quarantine(centre: Centre, till: Till) -> None:
    first = chained([sale(till.who), sale(till.who)], till)
    other = chained([sale(till.who, quantity=7000), sale(till.who)], till)
    push(centre, till, as_packets(first))
    answer = push(centre, till, as_packets(other))
    assert [one.seq for one in answer.set_aside] == [1, 2]
    assert answer.mark == 2
    kept = centre.quarantine()
    assert sorted(one.body for one in kept) == sorted(one.body for one in other)
    # Sent again, nothing is kept twice.
    push(centre, till, as_packets(other))
    assert len(centre.quarantine()) == 2


def test_another_history_is_kept_and_moves_no_mark(centre: Centre, till: Till) -> None:
    push(centre, till, as_packets(chained([sale(till.who)], till)))
    other = chained([sale(till.who, quantity=9000), sale(till.who), sale(till.who)], till)
    answer = push(centre, till, as_packets(other)[1:])
    assert answer.forked
    assert answer.mark == 1
    assert [one.seq for one in centre.quarantine()] == [2, 3]


def _bad_hash(packet: Packet) -> Packet:
    return msgspec.structs.replace(packet, hash=b"x" * 32)


def _rubbish(packet: Packet) -> Packet:
    body = b"\x00\xff not a document"
    return msgspec.structs.replace(packet, body=body, hash=canonical.chain(packet.prev_hash, body))


def _changed(**values: Any) -> Callable[[Packet], Packet]:
    def change(packet: Packet) -> Packet:
        document = msgspec.json.decode(packet.body)
        document.update(values)
        body = msgspec.json.encode(document)
        return msgspec.structs.replace(packet, body=body, hash=canonical.chain(packet.prev_hash, body))

    return change


def _other_posting(packet: Packet) -> Packet:
    return msgspec.structs.replace(packet, posting_digest=b"d" * 16)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_bad_hash, "hash"),
        (_rubbish, "do not hold a document"),
        (_changed(total=1), "totals"),
        (_changed(seq=77), "key"),
        (_changed(terminal_no=77), "key"),
        (_changed(org_id=77), "key"),
        (_changed(number=0), "printed number"),
        (_changed(note="a\x00b", currency="K\x00S"), ""),
        (_changed(person_id=2**80), "no role here"),
        (_changed(subtotal=2**62, tax_total=-(2**62), lines=[]), "nothing in this"),
        (_changed(occurred_at="9999-12-31T23:59:59Z"), "year"),
        (_changed(shift=2**63), ""),
        (_other_posting, "posts to other accounts"),
    ],
)
def test_one_bad_document_is_set_aside_and_the_rest_go_on(
    centre: Centre, till: Till, spoil: Callable[[Packet], Packet], reason: str
) -> None:
    first, second, third = as_packets(chained([sale(till.who) for _ in range(3)], till))
    bad = spoil(second)
    last = msgspec.structs.replace(third, prev_hash=bad.hash, hash=canonical.chain(bad.hash, third.body))
    answer = push(centre, till, (first, bad, last))
    assert answer.mark == 3
    assert answer.quarantined == 1
    assert [one.seq for one in answer.set_aside] == [2]
    (kept,) = centre.quarantine()
    assert kept.body == bad.body
    assert reason in kept.reason
    assert [key & 0xFFFF for key in centre.documents()] == [1, 3]
    assert drift(centre.database) == []


def test_a_broken_link_inside_one_history_is_set_aside(centre: Centre, till: Till) -> None:
    first, second, third = as_packets(chained([sale(till.who) for _ in range(3)], till))
    loose = msgspec.structs.replace(second, prev_hash=b"z" * 32, hash=canonical.chain(b"z" * 32, second.body))
    third = msgspec.structs.replace(third, prev_hash=loose.hash, hash=canonical.chain(loose.hash, third.body))
    push(centre, till, (first,))
    answer = push(centre, till, (loose, third), after_hash=first.hash)
    assert (answer.mark, answer.forked) == (3, "")
    assert [one.seq for one in answer.set_aside] == [2]


def test_a_reversal_must_void_what_the_centre_has(centre: Centre, till: Till) -> None:
    sold = till.sell(customer=1)
    till.void(sold)
    first, second = packets_of(till)
    document = canonical.decode(second.body)
    forged = canonical.decode(sold.body)
    forged_body = canonical.encode(msgspec.structs.replace(forged, note="another"))
    bad = msgspec.structs.replace(document, original=msgspec.Raw(forged_body))
    body = canonical.encode(bad)
    chained_to = canonical.chain(second.prev_hash, body)
    packet = msgspec.structs.replace(
        second,
        body=body,
        hash=chained_to,
        signature=terminal_key.load(till.folder / "terminal.key").sign(canonical.signed_text(chained_to)),
        posting_digest=posting_rules.digest(posting_rules.post(bad)),
    )
    answer = push(centre, till, (first, packet))
    assert [one.seq for one in answer.set_aside] == [2]
    assert "voids" in centre.quarantine()[0].reason


def test_a_reversal_in_the_same_batch_is_taken(centre: Centre, till: Till) -> None:
    till.void(till.sell(customer=1))
    assert push(centre, till, packets_of(till)).set_aside == ()
    assert drift(centre.database) == []


def test_a_document_of_an_unseen_year_gets_its_partition(centre: Centre, till: Till) -> None:
    old = sale(till.who, occurred_at=sale(till.who).occurred_at.replace(year=2011))
    answer = push(centre, till, as_packets(chained([old], till)))
    assert answer.set_aside == ()
    with centre.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM journal_line_2011")) > 0


def test_a_document_of_a_far_year_makes_no_partition_and_waits_for_a_person(
    centre: Centre, till: Till
) -> None:
    """A wrong clock or a hostile till: each year would bring seven tables."""
    first = sale(till.who)
    ahead = [
        msgspec.structs.replace(
            first, occurred_at=moment, recorded_at=moment, request_id=f"{moment.year:032}"
        )
        for moment in (first.occurred_at.replace(year=year) for year in (2040, 2090))
    ]
    answer = push(centre, till, as_packets(chained([first, *ahead, sale(till.who)], till)))
    reasons = [one.reason for one in answer.set_aside]
    assert len(reasons) >= 2
    assert all("too far ahead" in reason for reason in reasons[:2])
    assert answer.mark == 4
    with centre.database.read() as connection:
        standing = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relname ~ '_(20[3-9][0-9])$' AND relkind = 'r'")
        ).all()
        assert standing == []
        assert not connection.scalar(text("SELECT seal_make_year(9999)"))
        assert not connection.scalar(text("SELECT seal_make_year(1999)"))
    waiting = centre.quarantine()[0]
    assert waiting.reason == reasons[0]


def test_a_newer_tills_unknown_fields_survive(centre: Centre, till: Till) -> None:
    (packet,) = as_packets(chained([sale(till.who)], till))
    packet = _changed(colour_of_the_lid="green")(packet)
    assert push(centre, till, (packet,)).set_aside == ()
    with centre.database.read() as connection:
        key = connection.execute(text("SELECT document_id FROM document")).scalar_one()
        body = documents.body(connection, till.who.org_id, key)
    assert body is not None
    assert b"colour_of_the_lid" in body
