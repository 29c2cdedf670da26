"""Documents that no honest till makes: each in quarantine with a sentence, the next ones in the books.

They come over HTTP to the real server, signed, chained and with the hash that belongs to them.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from pos_app.ledger import canonical
from pos_app.ledger.document import Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.travel import Packet
from pos_app.store.engine.engine import open_postgres
from pos_app.store.journal import journal
from pos_app.store.organisation import founding, staff
from sync.protocol.messages import PUSH_PATH, PushAnswer, PushRequest
from tests.conftest import fresh_central
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import NOW, Centre, Till, drift, sale


class World(NamedTuple):
    """A centre, its server, and where new tills live."""

    centre: Centre
    url: str
    folder: Path


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with fresh_central(postgres_url, central_template) as central_url:
        database = open_postgres(central_url)
        centre = Centre(database)
        with sync_process.serving(central_url) as (url, _):
            yield World(centre, url, tmp_path_factory.mktemp("tills"))
        centre.close()
        database.close()


@pytest.fixture
def till(world: World) -> Till:
    return world.centre.till(world.folder / f"till{len(world.centre.tills)}", world.url)


def with_line(document: Sale, **changes: Any) -> Sale:
    return msgspec.structs.replace(
        document, lines=(msgspec.structs.replace(document.lines[0], **changes), *document.lines[1:])
    )


def with_tender(document: Sale, **changes: Any) -> Sale:
    return msgspec.structs.replace(
        document, tenders=(msgspec.structs.replace(document.tenders[0], **changes),)
    )


#: What makes the second of three sales a bad one.
BAD: dict[str, Any] = {
    "zero byte in a text": lambda sale: with_line(sale, description="sugar\x00salt"),
    "zero byte in the series": lambda sale: msgspec.structs.replace(sale, series="\x00"),
    "long reference": lambda sale: with_tender(sale, reference="".join(f"{n:06x}" for n in range(9000))),
    "long account": lambda sale: with_tender(sale, account="".join(f"{n:06x}" for n in range(9000))),
    "amount beyond 64 bits": lambda sale: with_line(sale, net=2**70),
    "quantity beyond 64 bits": lambda sale: with_line(sale, quantity=2**70),
    "product beyond 64 bits": lambda sale: with_line(sale, product_id=2**70),
    "customer beyond 64 bits": lambda sale: msgspec.structs.replace(sale, party_id=2**70),
    "another organisation": lambda sale: msgspec.structs.replace(sale, org_id=sale.org_id + 1),
    "another terminal": lambda sale: msgspec.structs.replace(sale, terminal_no=sale.terminal_no + 1),
    "printed number zero": lambda sale: msgspec.structs.replace(sale, number=0),
    "request that names the disk": lambda sale: msgspec.structs.replace(sale, request_id="diskfull" * 4),
}


def send(till: Till, documents: list[Sale]) -> PushAnswer:
    packets, before = [], canonical.genesis(till.who.org_id, till.who.terminal_no)
    for seq, document in enumerate(documents, 1):
        body = canonical.encode(document)
        hash_ = canonical.chain(before, body)
        try:
            digest = journal.seal(document, before).posting_digest
        except Exception:  # noqa: BLE001 - what cannot even be posted has no digest
            digest = bytes(32)
        packets.append(Packet(seq, before, hash_, digest, body))
        before = hash_
    request = PushRequest(after_seq=0, after_hash=packets[0].prev_hash, packets=tuple(packets))
    answer: PushAnswer = till.transport.call(PUSH_PATH, request, PushAnswer)
    return answer


def placed(till: Till, seq: int, **changes: Any) -> Sale:
    head = {"terminal_no": till.who.terminal_no, "seq": seq, "number": seq} | changes
    return msgspec.structs.replace(sale(till.who, customer=1), **head)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_document_goes_aside_with_a_sentence_and_blocks_nothing(
    world: World, till: Till, what: str
) -> None:
    request_id = "diskfull" * 4
    first = placed(till, 1, **({"request_id": request_id} if "disk" in what else {}))
    bad = BAD[what](placed(till, 2))
    documents = [first, bad, placed(till, 3)]
    answer = send(till, documents)
    assert answer.mark == 3
    assert [key & 0xFF for key in world.centre.documents(till.who.terminal_no)] == [1, 3]
    (aside,) = answer.set_aside
    assert aside.seq == 2
    assert aside.reason.strip()
    assert "\x00" not in aside.reason
    assert len(aside.reason) <= 500
    kept = [one for one in world.centre.quarantine() if one.terminal_no == till.who.terminal_no]
    assert [one.body for one in kept] == [canonical.encode(bad)]
    # The same again is "I have it".
    again = send(till, documents)
    assert (again.mark, again.quarantined, again.set_aside) == (3, 1, answer.set_aside)


BYTES = {
    "no json": b"\xff\xfe\x00",
    "unknown kind": b'{"type":"from the future"}',
    "deep": b'{"type":"sale","lines":' + b"[" * 20_000,
    "surrogate": b'{"type":"sale","series":"\\ud800"}',
    "huge number": b'{"type":"sale","seq":' + b"9" * 50_000 + b"}",
    "empty": b"",
}


@pytest.mark.parametrize("what", BYTES)
def test_bytes_that_are_no_document(world: World, till: Till, what: str) -> None:
    before = canonical.genesis(till.who.org_id, till.who.terminal_no)
    body = BYTES[what]
    hash_ = canonical.chain(before, body)
    good = journal.seal(placed(till, 2), hash_)
    request = PushRequest(
        after_seq=0,
        after_hash=before,
        packets=(
            Packet(1, before, hash_, bytes(32), body),
            Packet(2, hash_, good.hash, good.posting_digest, good.body),
        ),
    )
    answer: PushAnswer = till.transport.call(PUSH_PATH, request, PushAnswer)
    assert (answer.mark, answer.quarantined) == (2, 1)
    assert [key & 0xFF for key in world.centre.documents(till.who.terminal_no)] == [2]


def hire(world: World, code: str, role: str) -> int:
    with world.centre.database.write() as connection:
        return founding.add_person(
            connection, world.centre.org_id, code, code.title(), role=role, pin_hash="pin"
        )


def test_a_person_who_left_one_nobody_knows_and_a_role_that_is_none(world: World, till: Till) -> None:
    peter = hire(world, "PETER", "cashier")
    with pytest.raises(Refused):
        hire(world, "ROBOT", "astronaut")
    with world.centre.database.write() as connection:
        staff.leave(connection, world.centre.org_id, peter, NOW + timedelta(minutes=1))
    late = NOW + timedelta(hours=1)
    answer = send(
        till,
        [
            placed(till, 1, person_id=peter),
            placed(till, 2, person_id=peter, recorded_at=late, occurred_at=late),
            placed(till, 3, person_id=4711),
            placed(till, 4),
        ],
    )
    assert (answer.mark, [one.seq for one in answer.set_aside]) == (4, [2, 3])
    assert "no role at the time" in answer.set_aside[0].reason
    assert "has no role here" in answer.set_aside[1].reason
    assert [key & 0xFF for key in world.centre.documents(till.who.terminal_no)] == [1, 4]


def test_nothing_of_all_this_is_in_the_balances(world: World) -> None:
    assert drift(world.centre.database) == []
