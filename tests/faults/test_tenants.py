"""Over HTTP, a terminal of one organisation meets nothing of another, whatever it claims to be."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.travel import Cursor, Packet
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load
from pos_app.store.feed.feed import SOURCES
from pos_app.store.master import enrolment, organisations
from pos_app.store.schema import tenancy
from sync.protocol import fingerprint, messages, signature, wire
from sync.server.run import Serving
from sync.server.subdomain import label_of
from tests.faults import raw_client
from tests.support.worlds import tenants
from tests.support.worlds.sync_fixtures import Centre, Till, sale

LABEL = {1: "depot-ltd", 2: "depot-ltd-2"}


class World:
    """Two organisations behind one real server, a till of each."""

    def __init__(self, database: Database, folder: Path, url: str) -> None:
        self.database = database
        self.ours, self.theirs = Centre(database), Centre(database)
        self.url = url
        self.till: Till = self.ours.till(folder / "ours", url)
        self.other: Till = self.theirs.till(folder / "theirs", url)
        self.other.sell(customer=2)
        self.other.drain()

    def ask(self, path: str, message: Any, *, name: str = "", host: str = "") -> tuple[int, Any]:
        """Our terminal asks, signed with its key, perhaps under another name or at another address."""
        name = name or signature.terminal_id(self.till.who.org_id, self.till.who.terminal_no)
        body = wire.pack(message)
        headers = raw_client.signed_headers(load(self.till.folder / "terminal.key"), name, path, body)
        if host:
            headers["host"] = host
        answer = httpx.post(self.url + path, content=body, headers=headers, trust_env=False, timeout=120)
        kinds: dict[str, Any] = {
            messages.PULL_PATH: messages.PullAnswer,
            messages.PUSH_PATH: messages.PushAnswer,
        }
        kind = kinds.get(path, messages.HelloAnswer) if answer.status_code == 200 else messages.ErrorAnswer
        return answer.status_code, wire.unpack(answer.content, kind)

    def hello(self, **how: str) -> tuple[int, Any]:
        return self.ask(messages.HELLO_PATH, messages.HelloRequest(last_seq=0, last_hash=b""), **how)

    def seen_by_owner(self) -> dict[str, tuple[int, str]]:
        """Everything that the other organisation has."""
        names = [table.name for table in tenancy.tenant_tables()]
        return {name: tenants.fingerprint(self.database, name, 2) for name in names}


@pytest.fixture
def world(central: Database, tmp_path: Path) -> Iterator[World]:
    serving = Serving(central)
    thread = threading.Thread(target=serving.run, name="server")
    thread.start()
    assert serving.wait_ready(10)
    world = World(central, tmp_path, serving.url)
    yield world
    world.ours.close()
    world.theirs.close()
    serving.stop()
    thread.join()


def test_an_address_picks_its_organisation(world: World) -> None:
    with world.database.read() as connection:
        assert organisations.labels(connection) == LABEL
    for host in ("depot-ltd.pos.example", "DEPOT-LTD.pos.example:8400", "pos.example", "127.0.0.1:8400"):
        assert world.hello(host=host)[0] == 200


def test_a_terminal_at_the_address_of_another_organisation_is_turned_away(world: World) -> None:
    before = world.seen_by_owner()
    status, answer = world.hello(host="depot-ltd-2.pos.example")
    assert (status, answer.code) == (403, messages.Code.WRONG_ORGANISATION)
    assert answer.sentence.startswith("This address belongs to another organisation")
    assert world.seen_by_owner() == before


def test_a_header_that_names_another_organisation_opens_nothing(world: World) -> None:
    before = world.seen_by_owner()
    theirs = signature.terminal_id(2, world.other.who.terminal_no)
    status, answer = world.hello(name=theirs)
    assert (status, answer.code) == (401, messages.Code.UNSIGNED)
    status, answer = world.hello(name=theirs, host="depot-ltd.pos.example")
    assert (status, answer.code) == (403, messages.Code.WRONG_ORGANISATION)
    for name in ("0.0", "3.1", "2.1000000", "999999999999999999.1"):
        assert world.hello(name=name)[0] == 401
    assert world.seen_by_owner() == before


def test_documents_of_another_organisation_are_set_aside_in_our_own(world: World) -> None:
    before = world.seen_by_owner()
    pretended = Terminal(2, world.till.who.terminal_no, 1, 1)
    document = sale(pretended)
    sealed = _sealed(world, document)
    status, answer = world.ask(messages.PUSH_PATH, sealed)
    assert status == 200
    assert answer.quarantined == 1
    assert answer.set_aside[0].reason == "It carries the key of another document."
    assert world.seen_by_owner() == before
    assert len(world.ours.quarantine()) == 1


def _sealed(world: World, document: Any) -> messages.PushRequest:
    from pos_app.store.journal import journal

    who = world.till.who
    genesis = canonical.genesis(who.org_id, who.terminal_no)
    placed = type(document)(**{**_fields(document), "terminal_no": who.terminal_no, "seq": 1, "number": 1})
    one = journal.seal(placed, genesis)
    packet = Packet(seq=1, prev_hash=genesis, hash=one.hash, posting_digest=one.posting_digest, body=one.body)
    return messages.PushRequest(after_seq=0, after_hash=genesis, packets=(packet,))


def _fields(document: Any) -> dict[str, Any]:
    return {name: getattr(document, name) for name in document.__struct_fields__}


def test_a_pull_brings_rows_of_one_organisation_only(world: World) -> None:
    with world.database.read() as connection:
        epoch = enrolment.epoch(connection)
    start = Cursor(0, "")
    wanted = messages.PullRequest(epoch=epoch, cursors=dict.fromkeys(SOURCES, start))
    status, answer = world.ask(messages.PULL_PATH, wanted)
    assert status == 200
    orgs = {row[page.columns.index("org_id")] for page in answer.pages for row in page.rows}
    assert orgs == {1}


def test_a_code_enrols_at_the_address_of_its_own_office_only(world: World) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    code, _ = fingerprint.parted(world.theirs.code())
    message = messages.EnrolRequest(code=code, public_key=key.public_key().public_bytes_raw())
    body = wire.pack(message)
    signed = raw_client.signed_headers(key, signature.NOBODY, messages.ENROL_PATH, body)
    got = {}
    for host in ("depot-ltd.pos.example", "depot-ltd-2.pos.example"):
        answer = httpx.post(
            world.url + messages.ENROL_PATH,
            content=body,
            headers=signed | {"host": host},
            trust_env=False,
        )
        got[host] = answer.status_code
    assert got == {"depot-ltd.pos.example": 403, "depot-ltd-2.pos.example": 200}


def test_what_the_server_does_it_does_as_the_application(world: World) -> None:
    """Every transaction of a request: never as the owner, but for the partitions of a new year."""
    from sqlalchemy import event

    done: list[tuple[str, str]] = []

    def note(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        found = connection.connection.driver_connection.execute("SELECT current_user").fetchone()
        done.append((str(found[0]), statement))

    event.listen(world.database.engine, "before_cursor_execute", note)
    world.till.sell()
    world.till.drain()
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert len([role for role, _ in done if role == "bohari_app"]) > 10
    assert {statement for role, statement in done if role != "bohari_app"} <= {"SELECT to_regclass(%(name)s)"}


@pytest.mark.parametrize(
    ("host", "label"),
    [
        ("acme.pos.example", "acme"),
        ("Acme.Pos.Example.:8400", "acme"),
        ("localhost:8400", ""),
        ("acme", ""),
        ("127.0.0.1:8400", ""),
        ("[::1]:8400", ""),
        ("", ""),
        (".pos.example", ""),
        ("a_b.pos.example", ""),
        ("-acme.pos.example", ""),
        ("x" * 64 + ".pos.example", ""),
        ("acme' OR 1=1.pos.example", ""),
    ],
)
def test_the_first_label_of_an_address(host: str, label: str) -> None:
    assert label_of(host) == label


def test_who_died_in_a_transaction_leaves_no_organisation_behind(world: World) -> None:
    """The server's pool hands connections from one organisation to the other all day."""
    for till in (world.till, world.other) * 3:
        till.sell()
        till.drain()
    with world.database.without_tenant().read() as connection:
        assert connection.execute(text("SELECT * FROM document")).all() == []
    for org_id in (1, 2):
        with world.database.for_org(org_id).read() as connection:
            assert set(connection.execute(text("SELECT org_id FROM document")).scalars()) == {org_id}
