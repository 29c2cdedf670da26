"""Simulated tills: real keys, real chains, real signed requests, all built before the clock starts.

The load must not cost what is measured: a till here is a list of ready requests and one kept
connection, so that a thousand of them run in one event loop.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import Sale
from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.travel import Cursor, Packet
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment, party_terms
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from sync.client.pull import KINDS
from sync.protocol import signature, wire
from sync.protocol.messages import (
    HELLO_PATH,
    MOST_PACKETS,
    NEWS_PATH,
    PULL_PATH,
    PUSH_PATH,
    HelloAnswer,
    HelloRequest,
    NewsAnswer,
    NewsRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
)
from tests.support.worlds.sync_fixtures import CUSTOMERS, NOW, PRODUCTS, product, sale


class Parcel(NamedTuple):
    """A request that is ready to be signed and sent."""

    path: str
    body: bytes
    last_seq: int = 0


@dataclass
class FleetTill:
    """A terminal that the centre knows, its key and its ready requests."""

    who: Terminal
    key: bytes
    #: What its sales touch: the business leads accounts, the location stock, the customer debts.
    business_id: int = 1
    location_id: int = 1
    customer: int | None = 1
    hello: Parcel | None = None
    pushes: list[Parcel] = field(default_factory=list)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    epoch: str = ""
    horizon: int = 0

    @property
    def name(self) -> str:
        """How it names itself in the header."""
        return signature.terminal_id(self.who.org_id, self.who.terminal_no)

    def parcel(self, path: str, message: msgspec.Struct, last_seq: int = 0) -> Parcel:
        """Pack a message."""
        return Parcel(path, wire.pack(message), last_seq)

    def head(self, parcel: Parcel) -> str:
        """The signed head of a request that goes now."""
        now_us = time.time_ns() // 1000
        fields = signature.request_headers(
            Ed25519PrivateKey.from_private_bytes(self.key),
            self.name,
            parcel.path,
            parcel.body,
            media_type=wire.MEDIA_TYPE,
            number=now_us,
            created_s=now_us // 1_000_000,
        )
        return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


# --- building -----------------------------------------------------------------------------------------


def found(database: Database, name: str) -> founding.Founded:
    """An organisation with products and customers to sell to."""
    founded = founding.found(database, name, "KES", SystemClock(), owner_pin_hash="owner-hash")
    with database.write() as connection:
        for number in PRODUCTS:
            connection.execute(master.product.insert().values(**product(founded, number)))
        for number in CUSTOMERS:
            connection.execute(
                master.party.insert().values(
                    org_id=founded.org_id,
                    party_id=number,
                    code=f"C{number}",
                    name=f"Customer {number}",
                )
            )
            party_terms.put_role(connection, founded.org_id, number, PartyRole.CUSTOMER, credit_limit=10**12)
    return founded


def enrol(database: Database, founded: founding.Founded, first_no: int, count: int) -> list[FleetTill]:
    """So many terminals with keys and drawers, written at once."""
    tills = []
    with database.write() as connection:
        for number in range(first_no, first_no + count):
            key = Ed25519PrivateKey.generate()
            who = Terminal(founded.org_id, number, founded.depot_id, number)
            connection.execute(
                master.drawer.insert().values(
                    org_id=founded.org_id,
                    drawer_id=number,
                    code=f"M{number}",
                    depot_id=founded.depot_id,
                    terminal_no=number,
                )
            )
            enrolment.add_terminal(connection, who, key.public_key().public_bytes_raw(), NOW)
            tills.append(FleetTill(who, key.private_bytes_raw(), location_id=founded.location_id))
    return tills


def build(tills: Sequence[FleetTill], documents: int, per_push: int = MOST_PACKETS) -> list[FleetTill]:
    """Every till with so many sales queued, built in two processes."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        share = max(1, len(tills) // 8)
        jobs = [
            pool.submit(_build, tills[start : start + share], documents, per_push)
            for start in range(0, len(tills), share)
        ]
        return [till for job in jobs for till in job.result()]


def _build(tills: Sequence[FleetTill], documents: int, per_push: int) -> list[FleetTill]:
    for till in tills:
        _fill(till, documents, per_push)
    return list(tills)


def _fill(till: FleetTill, documents: int, per_push: int) -> None:
    who = till.who
    before, before_seq = canonical.genesis(who.org_id, who.terminal_no), 0
    till.hello = till.parcel(HELLO_PATH, HelloRequest(last_seq=0, last_hash=before, acknowledged=0))
    packets: list[Packet] = []
    last = before
    for document, digest in _sales(till, documents):
        body = canonical.encode(document)
        hash_ = canonical.chain(last, body)
        packets.append(Packet(document.seq, last, hash_, digest, body))
        last = hash_
        if len(packets) == per_push or document.seq == documents:
            request = PushRequest(after_seq=before_seq, after_hash=before, packets=tuple(packets))
            till.pushes.append(till.parcel(PUSH_PATH, request, document.seq))
            before, before_seq, packets = last, document.seq, []


def _sales(till: FleetTill, documents: int) -> Iterator[tuple[Sale, bytes]]:
    """Sales in turns, in cash and on account, each with the digest of what it posts."""
    drafts = [_draft(till, customer) for customer in (None, till.customer)]
    # What a sale posts does not depend on its place: one digest for all that are alike.
    digests = [posting_rules.digest(posting_rules.post(draft)) for draft in drafts]
    for seq in range(1, documents + 1):
        at = NOW + timedelta(seconds=seq)
        placed = msgspec.structs.replace(
            drafts[seq % 2],
            terminal_no=till.who.terminal_no,
            seq=seq,
            number=seq,
            request_id=f"{till.who.terminal_no:016x}{seq:016x}",
            occurred_at=at,
            recorded_at=at,
        )
        yield placed, digests[seq % 2]


def _draft(till: FleetTill, customer: int | None) -> Sale:
    draft = sale(till.who, products=PRODUCTS, customer=customer)
    lines = tuple(
        msgspec.structs.replace(line, business_id=till.business_id, location_id=till.location_id)
        for line in draft.lines
    )
    return msgspec.structs.replace(draft, business_id=till.business_id, lines=lines)


# --- running ------------------------------------------------------------------------------------------


class Reply(NamedTuple):
    """An answer: status, seconds to wait when the server is busy, body."""

    status: int
    retry_after_s: float
    body: bytes


class Line:
    """One kept connection of a simulated till."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, till: FleetTill, parcel: Parcel) -> Reply:
        """Send a ready request and read the answer; a connection that the server gave up is made anew."""
        if self._streams is not None and self._streams[0].at_eof():
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**26)
        reader, writer = self._streams
        writer.write(
            f"POST {parcel.path} HTTP/1.1\r\nhost: fleet\r\ncontent-length: {len(parcel.body)}\r\n"
            f"{till.head(parcel)}\r\n".encode()
            + parcel.body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection") == "close":
            self.close()
        return Reply(int(head.split(" ", 2)[1]), float(fields.get("retry-after", 0)), body)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class Tally(Counter[str]):
    """What the simulated tills met: requests, busy answers, errors, documents, rows pulled."""


async def ask(till: FleetTill, line: Line, parcel: Parcel, tally: Tally) -> bytes:
    """The answer to a request; comes again when the server is busy.  Raises `AssertionError`."""
    while True:
        reply = await line.post(till, parcel)
        tally["requests"] += 1
        if reply.status == 200:
            return reply.body
        if reply.status != 503 or not reply.retry_after_s:
            tally["errors"] += 1
            raise AssertionError(f"{parcel.path}: {reply.status} {reply.body!r}")
        tally["busy"] += 1
        await asyncio.sleep(reply.retry_after_s * random.uniform(1, 2))


async def push(till: FleetTill, line: Line, tally: Tally) -> None:
    """Send every queued document."""
    for parcel in till.pushes:
        answer = wire.unpack(await ask(till, line, parcel, tally), PushAnswer)
        if answer.mark != parcel.last_seq or answer.quarantined:
            raise AssertionError(f"mark {answer.mark}, {answer.set_aside}")
    tally["documents"] += till.pushes[-1].last_seq if till.pushes else 0


async def pull(till: FleetTill, line: Line, tally: Tally) -> None:
    """Fetch until the centre has no more."""
    while True:
        request = PullRequest(
            epoch=till.epoch, cursors={kind: till.cursors.get(kind, Cursor()) for kind in KINDS}
        )
        reply = await ask(till, line, till.parcel(PULL_PATH, request), tally)
        answer = wire.unpack(reply, PullAnswer)
        till.horizon = answer.horizon
        for page in answer.pages:
            till.cursors[page.kind] = page.after
            tally["rows"] += len(page.rows)
        if not answer.more:
            return


async def hold(till: FleetTill, line: Line, tally: Tally, wait_s: int) -> int:
    """Hold a request for news open beyond what the last pull brought; gives up to where something moved."""
    request = NewsRequest(since=till.horizon, wait_s=wait_s)
    return wire.unpack(await ask(till, line, till.parcel(NEWS_PATH, request), tally), NewsAnswer).moved


async def greet(till: FleetTill, line: Line, tally: Tally) -> None:
    """Learn the epoch."""
    if till.hello is None:
        raise AssertionError("the till was not built")
    till.epoch = wire.unpack(await ask(till, line, till.hello, tally), HelloAnswer).epoch


async def drain(till: FleetTill, port: int, tally: Tally) -> None:
    """What the daemon of a till does: greet, push all, pull all."""
    line = Line(port)
    try:
        await greet(till, line, tally)
        await push(till, line, tally)
        await pull(till, line, tally)
    finally:
        line.close()


def drain_all(tills: Sequence[FleetTill], port: int) -> tuple[float, Tally]:
    """All tills at once; gives the seconds until the last is done, and what they met."""
    tally = Tally()
    return asyncio.run(_timed([drain(till, port, tally) for till in tills], tally))


def push_all(tills: Sequence[FleetTill], port: int) -> tuple[float, Tally]:
    """As `drain_all`, pushing only."""

    async def one(till: FleetTill) -> None:
        line = Line(port)
        with contextlib.closing(line):
            await push(till, line, tally)

    tally = Tally()
    return asyncio.run(_timed([one(till) for till in tills], tally))


async def _timed(work: Sequence[Any], tally: Tally) -> tuple[float, Tally]:
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.gather(*work)
    return loop.time() - start, tally
