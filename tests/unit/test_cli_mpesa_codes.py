"""`bohari codes`: a message that two tills took is listed, told by the status, and settled by two people."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos_app import bootstrap
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import Tender, TenderKind
from pos_app.store.documents import terminal
from pos_app.store.journal.till_journal import TillJournal
from tests.support.worlds.command_line import Ran, Server, bohari
from tests.support.worlds.sync_fixtures import sale

CODE = "SLK4AB9Z01"


class World:
    """A centre and two tills that each took one message while no line was up."""

    def __init__(self, folder: Path) -> None:
        self.centre = folder / "centre"
        bohari("init", "--org", "Depot Ltd", "--json", home=self.centre)
        self.server = Server(self.centre)
        self.run("person", "add", "ACC", "--name", "Acc", "--role", "accountant")
        (folder / "products.csv").write_text("sku,name,price,tax_code\nSKU1,One,100.00,A\n")
        self.run("import", "products", folder / "products.csv")
        for number in (1, 2):
            till = folder / str(number)
            code = self.run("enrol-code").values["code"]
            bohari("enrol", "--server", self.server.url, "--code", code, "--json", home=till)
            self.pay(till)
            assert bohari("syncd", "--once", "--json", home=till).values["quarantined"] == 0

    def run(self, *words: str | Path) -> Ran:
        return bohari(*words, "--json", home=self.centre)

    def settle(self, document: str, by: str, with_: str, *more: str) -> Ran:
        words = ("--by", by, "--with", with_, "--reason", "the statement has it once")
        return self.run("codes", "settle", document, *words, *more)

    @staticmethod
    def pay(till: Path) -> None:
        database = bootstrap.till_database(till)
        try:
            with database.read() as connection:
                who = terminal.load(connection)
            one = sale(who, products=(1,))
            tender = Tender(kind=TenderKind.MPESA, amount=one.total, account="1140", reference=CODE)
            journal = TillJournal(database, who.org_id, who.terminal_no, SystemClock())
            journal.record_document(msgspec.structs.replace(one, tenders=(tender,)))
        finally:
            database.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    assert made.server.stop() == 0


def test_two_people_settle_what_came_twice(world: World) -> None:
    listed: dict[str, Any] = world.run("codes", "list").values
    (one,) = listed["codes"]
    assert (one["code"], one["amount"], one["currency"], one["account"]) == (CODE, "100.00", "KES", "1140")
    assert (one["document"], one["held_by"]) == ("M2-S000001", "M1-S000001")
    status = world.run("status")
    assert status.code != 0
    assert status.values["codes_twice"] == [{"document": "M2-S000001", "held_by": "M1-S000001"}]
    assert status.values["flags"] == [{"document": "M2-S000001", "kind": "flag-code-twice"}]
    (odd,) = world.run("flags", "show", "m2-s000001").values["flags"]
    assert (odd["kind"], odd["weight"], odd["looked_by"]) == ("flag-code-twice", "alert", "")

    for by, with_, said in (
        ("OWNER", "OWNER", "Two different people"),
        ("OWNER", "NOBODY", "nobody “NOBODY”"),
    ):
        refused = world.settle("M2-S000001", by, with_)
        assert (refused.code, said in refused.stderr) == (1, True), refused.stderr
    nothing = world.settle("M2-S000001", "OWNER", "ACC", "--missing", "M1-S000077")
    assert (nothing.code, "first book" in nothing.stderr) == (1, True), nothing.stderr

    settled = world.settle("M2-S000001", "OWNER", "ACC")
    assert settled.values["decision"] == "came"
    assert world.run("codes", "list").values["count"] == 0
    (one,) = world.run("codes", "list", "--all").values["codes"]
    assert (one["decision"], one["decided_by"], one["decided_with"]) == ("came", "OWNER", "ACC")
    assert world.run("status").code == 0
    assert world.run("flags", "list").values["count"] == 0
    (odd,) = world.run("flags", "list", "--all").values["flags"]
    assert (odd["looked_by"], odd["note"]) == ("Owner", "the statement has it once")
    report = world.run("report", "flags", "--format", "json")
    assert "flag-code-twice" in report.stdout
