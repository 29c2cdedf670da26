"""Documents that the centre commits per second over HTTP, against a raw COPY of the same rows.

One till with 10,000 queued five-line sales drains into a server in its own process.  The limit is
the same rows as ready bytes, streamed into the same tables with the same indexes and no triggers,
in the same Postgres, with a commit for every 500 documents.  Both run in turns, so that both meet
the same noise of the machine; the stages are then measured one by one, each alone.
"""

import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.store.documents import outbox
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import privacy
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.engine.terminal_key import load
from pos_app.store.journal import centre_journal, journal, till_journal
from pos_app.store.organisation import rights
from pos_app.store.rules import judges
from pos_app.store.schema import schema
from sync.client.daemon import Daemon
from sync.protocol import signature, wire
from sync.protocol.messages import MOST_PACKETS, MOST_PUSH_BYTES, PUSH_PATH, PushRequest
from sync.server import ingest
from tests.conftest import in_database
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import NOW, PRODUCTS, Centre, Till, sale

DOCUMENTS = 10_000
ROUNDS = 3
COMMIT_EVERY = 500


def run(documents: int = DOCUMENTS, rounds: int = ROUNDS) -> dict[str, Any]:
    """The medians of some rounds, and where the time goes in microseconds a document."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            _prepare(embedded)
            return _measure(embedded, Path(folder), documents, rounds)
        finally:
            embedded.stop()


def _prepare(embedded: EmbeddedPostgres) -> None:
    """Three central databases: for the server, bare, and for the triggers alone."""
    database = open_postgres(embedded.start())
    schema.prepare_central(database)
    database.close()
    admin = open_postgres(in_database(embedded.url(), "postgres"))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("bare", "triggers"):
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE bohari")
    admin.close()


def _measure(embedded: EmbeddedPostgres, folder: Path, documents: int, rounds: int) -> dict[str, Any]:
    central = open_postgres(embedded.url())
    bare = open_postgres(in_database(embedded.url(), "bare"))
    guarded = open_postgres(in_database(embedded.url(), "triggers"))
    _drop_triggers(bare)
    centre = Centre(central)
    with central.write() as connection:
        # Honest people: nobody goes beyond a limit.
        connection.execute(text("UPDATE party_role SET credit_limit = 100000000000"))
    private = privacy.of(central.engine)
    port = _free_port()
    server = sync_process.start_server(embedded.data_dir, port)
    pushed_us, bare_us = [], []
    try:
        for number in range(rounds):
            till = centre.till(folder / f"till{number}", f"http://127.0.0.1:{port}")
            till.drain()
            sealed = _queue(till, documents)
            batches = _batches(private, sealed)
            # Half before and half after: the machine is not the same from one second to the next.
            half = len(batches) // 2
            limit_us = _stream(bare, batches[:half], documents)
            pushed_us.append(_drain(till) / documents)
            bare_us.append(limit_us + _stream(bare, batches[half:], documents))
            if len(centre.documents(till.who.terminal_no)) != documents:
                raise AssertionError("the centre does not have every document")
        stages = _stages(till, sealed, private)
        stages["server_judge"] = _judged(central, till, sealed)
        stages["postgres_with_triggers"] = _stream(guarded, batches, documents)
        stages["postgres_bare"] = statistics.median(bare_us)
    finally:
        server.terminate()
        server.wait()
        centre.close()
        for database in (central, bare, guarded):
            database.close()
    ratios = [limit / mine for limit, mine in zip(bare_us, pushed_us, strict=True)]
    return {
        "documents_queued": documents,
        "documents_per_s": round(1e6 / statistics.median(pushed_us)),
        "bare_copy_per_s": round(1e6 / statistics.median(bare_us)),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_aim": 0.5,
        "ratios": " ".join(f"{ratio:.2f}" for ratio in ratios),
        "drain_us": round(statistics.median(pushed_us), 1),
        **{f"alone_{name}_us": round(value, 1) for name, value in stages.items()},
    }


def _queue(till: Till, documents: int) -> list[Sealed]:
    """Record so many sales straight into the till's ledger, in one transaction."""
    previous = canonical.genesis(till.who.org_id, till.who.terminal_no)
    sealed: list[Sealed] = []
    drafts = [sale(till.who, products=PRODUCTS, customer=customer) for customer in (None, 1, None, 2)]
    for seq in range(1, documents + 1):
        at = NOW + timedelta(seconds=seq)
        placed = msgspec.structs.replace(
            drafts[seq % len(drafts)],
            terminal_no=till.who.terminal_no,
            seq=seq,
            number=seq,
            request_id=f"{till.who.terminal_no:016x}{seq:016x}",
            occurred_at=at,
            recorded_at=at,
        )
        sealed.append(journal.seal(placed, previous))
        previous = sealed[-1].hash
    with till.database.write() as connection:
        for one in sealed:
            till_journal.append(connection, one)
    return sealed


def _drain(till: Till) -> float:
    """Microseconds until the centre has all and the till has its balances."""
    daemon = Daemon(till.database, till.who, till.transport)
    return _timed_us(daemon.drain)


def _timed_us(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e6


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _drop_triggers(database: Database) -> None:
    with database.write() as connection:
        names = connection.scalars(
            text(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND (proname LIKE 'seal\\_%' OR proname = 'stamp_row')"
            )
        ).all()
        for name in names:
            connection.exec_driver_sql(f'DROP FUNCTION "{name}" CASCADE')


def _batches(private: privacy.Privacy, sealed: Sequence[Sealed]) -> list[centre_journal.Packed]:
    return [
        centre_journal.pack(private, sealed[start : start + COMMIT_EVERY])
        for start in range(0, len(sealed), COMMIT_EVERY)
    ]


def _stream(database: Database, batches: Sequence[centre_journal.Packed], documents: int) -> float:
    """Microseconds a document to commit ready bytes."""

    def stream() -> None:
        for packed in batches:
            with database.write() as connection:
                centre_journal.write(connection, packed)

    return _timed_us(stream) / documents


def _judged(central: Database, till: Till, sealed: Sequence[Sealed]) -> float:
    """Microseconds a document for all judges, in batches; raises `AssertionError` when one finds anything."""
    org_id, found = till.who.org_id, 0

    def judged() -> None:
        nonlocal found
        for start in range(0, len(sealed), COMMIT_EVERY):
            with central.for_org(org_id).read() as connection:
                held = rights.load(connection, org_id)
                batch = sealed[start : start + COMMIT_EVERY]
                found += len(judges.judge(connection, org_id, batch, held, SystemClock().now()))

    cost_us = _timed_us(judged) / len(sealed)
    if found:
        raise AssertionError("honest documents were flagged")
    return cost_us


def _stages(till: Till, sealed: Sequence[Sealed], private: privacy.Privacy) -> dict[str, float]:
    """What each part of the work costs by itself, in microseconds a document."""
    who, count = till.who, len(sealed)
    name = signature.terminal_id(who.org_id, who.terminal_no)
    key = load(till.folder / "terminal.key")
    signs: dict[str, Any] = {"media_type": wire.MEDIA_TYPE, "number": 1, "created_s": 1}
    requests: list[PushRequest] = []
    bodies: list[bytes] = []

    def read() -> None:
        seq = 0
        while seq < count:
            with till.database.read() as connection:
                found = outbox.read_after(connection, who, seq, most=MOST_PACKETS, most_bytes=MOST_PUSH_BYTES)
            requests.append(PushRequest(after_seq=seq, after_hash=found[0].prev_hash, packets=tuple(found)))
            seq = found[-1].seq

    def send() -> None:
        for request in requests:
            bodies.append(wire.pack(request))
            signature.request_headers(key, name, PUSH_PATH, bodies[-1], **signs)

    def check() -> None:
        for request in requests:
            for packet in request.packets:
                ingest.prepare(who.org_id, who.terminal_no, packet)

    stages: list[tuple[str, Callable[[], object]]] = [
        ("client_read", read),
        ("client_pack_and_sign", send),
        ("server_unpack", lambda: [wire.unpack(body, PushRequest) for body in bodies]),
        ("server_decode_check_post", check),
        ("server_copy_bytes", lambda: _batches(private, sealed)),
    ]
    return {stage: _timed_us(action) / count for stage, action in stages}
