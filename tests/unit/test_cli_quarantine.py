"""`bohari quarantine`, `person` and `audit`: two names, a reason, and the books and tills afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos_app import bootstrap
from pos_app.ledger.clock import SystemClock
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.organisation import staff
from pos_app.store.tables.projections import PROJECTIONS
from tests.support.worlds.command_line import Ran, Server, bohari
from tests.support.worlds.sync_fixtures import cached, reversal, sale


class World:
    """A centre, a till, and on the till two documents of somebody who may make none, and the void of one."""

    def __init__(self, folder: Path) -> None:
        self.centre, self.till = folder / "centre", folder / "till"
        bohari("init", "--org", "Depot Ltd", "--json", home=self.centre)
        # At once, or every command would start a Postgres and stop it.
        self.server = Server(self.centre)
        self.added = {
            code: self.run("person", "add", code, "--name", code.title(), "--role", role)
            for code, role in (("ACC", "accountant"), ("AUD", "auditor"), ("AW", "cashier"))
        }
        (folder / "products.csv").write_text(
            "sku,name,price,tax_code\nSKU1,One,100.00,A\nSKU2,Two,200.00,A\n"
        )
        (folder / "customers.csv").write_text("code,name,credit_limit\nC1,Mama,5000\n")
        self.run("import", "products", folder / "products.csv")
        self.run("import", "customers", folder / "customers.csv")
        self.code = self.run("enrol-code").values["code"]

    def begin(self) -> None:
        """Enrol the till and let it record."""
        bohari("enrol", "--server", self.server.url, "--code", self.code, "--json", home=self.till)
        auditor = self.person("AUD")
        self.sell()
        first = self.sell(person_id=auditor)
        self.sell(person_id=auditor)
        self.record(lambda who: reversal(who, first))
        self.sync()

    def run(self, *words: str | Path, home: Path | None = None) -> Ran:
        return bohari(*words, "--json", home=home or self.centre)

    def person(self, code: str) -> int:
        with bootstrap.central(self.centre) as centre:
            organisation = centre.organisation()
            with centre.for_org(organisation).read() as connection:
                known = staff.members(connection, organisation.org_id)
        return next(one.person_id for one in known if one.code == code)

    def record(self, make: Any) -> Any:
        database = bootstrap.till_database(self.till)
        try:
            with database.read() as connection:
                who = bootstrap_terminal(connection)
            return TillJournal(database, who.org_id, who.terminal_no, SystemClock()).record_document(
                make(who)
            )
        finally:
            database.close()

    def sell(self, **changes: Any) -> Any:
        return self.record(lambda who: msgspec.structs.replace(sale(who, customer=1), **changes))

    def sync(self) -> dict[str, Any]:
        return bohari("syncd", "--once", "--json", home=self.till).values

    def owes(self, home: Path) -> str:
        return str(bohari("explain", "customer", "C1", "--json", home=home).values["balance"])

    def decide(self, what: str, document: str, by: str, with_: str, reason: str = "asked them both") -> Ran:
        return self.run("quarantine", what, document, "--by", by, "--with", with_, "--reason", reason)


def bootstrap_terminal(connection: Any) -> Any:
    from pos_app.store.documents import terminal

    return terminal.load(connection)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    try:
        made.begin()
        yield made
    finally:
        assert made.server.stop() == 0


def test_two_people_decide(world: World) -> None:
    listed = world.run("quarantine", "list").values
    assert [one["document"] for one in listed["documents"]] == ["1/2", "1/3", "1/4"]
    assert listed["documents"][0]["reason"] == "Aud may not sell at this depot."
    shown = world.run("quarantine", "show", "1/2").values
    assert shown["content"]["total"] == 300_00
    assert world.owes(world.till) == world.owes(world.centre) == "300.00"

    # Who may not, is nobody, is one and the same, or gives no reason.
    for by, with_, reason, said in (
        ("OWNER", "OWNER", "why", "Two different people"),
        ("OWNER", "AW", "why", "Aw may not decide"),
        ("NOBODY", "OWNER", "why", "nobody “NOBODY”"),
        ("OWNER", "ACC", "  ", "Say why"),
    ):
        refused = world.decide("accept", "1/2", by, with_, reason)
        assert (refused.code, said in refused.stderr) == (1, True), refused.stderr
    # A void before what it voids.
    assert "voids is not in the books" in world.decide("accept", "1/4", "OWNER", "ACC").stderr
    assert world.run("quarantine", "list").values["count"] == 3

    accepted = world.decide("accept", "1/2", "OWNER", "ACC")
    assert accepted.values["decision"] == "accepted"
    assert "decided about already" in world.decide("reject", "1/2", "OWNER", "ACC").stderr
    assert world.owes(world.centre) == "600.00"
    world.sync()
    assert world.owes(world.till) == "600.00"

    assert world.decide("accept", "1/4", "ACC", "OWNER").code == 0
    assert world.decide("reject", "1/3", "OWNER", "ACC", "never happened").values["decision"] == "rejected"
    assert world.run("quarantine", "list").values["count"] == 0
    decided = world.run("quarantine", "list", "--all").values["documents"]
    assert [(one["decision"], one["decided_by"], one["decided_with"]) for one in decided] == [
        ("accepted", "OWNER", "ACC"),
        ("rejected", "OWNER", "ACC"),
        ("accepted", "ACC", "OWNER"),
    ]
    world.sell()
    assert world.sync() == {"ok": True, "waiting": 0, "quarantined": 0, "differed": []}
    assert world.owes(world.till) == world.owes(world.centre) == "600.00"
    for home in (world.centre, world.till):
        assert world.run("verify", home=home).values["problems"] == []
    assert world.run("status").code == 0
    same_balances(world)

    told = world.run("audit", "list", "--action", "quarantine").values["entries"]
    rows = [one for one in told if one["action"] in ("quarantine.added", "quarantine.changed")]
    assert sorted(one["action"] for one in rows) == ["quarantine.added"] * 3 + ["quarantine.changed"] * 3
    entries = [one for one in told if one not in rows]
    assert [one["action"] for one in entries] == [
        "quarantine.accepted", "quarantine.accepted", "quarantine.rejected"]  # fmt: skip
    assert entries[0]["person"] == "Owner"
    assert entries[0]["before"]["waits_because"] == "Aud may not sell at this depot."
    assert entries[0]["after"] == {"reason": "asked them both", "by": "OWNER", "with": "ACC"}


def same_balances(world: World) -> None:
    till = bootstrap.till_database(world.till)
    with bootstrap.central(world.centre) as centre:
        for projection in PROJECTIONS:
            if projection.from_centre:
                assert cached(till, projection) == cached(centre.database, projection)
    till.close()


def test_people(world: World) -> None:
    assert len(world.added["AW"].values["pin"]) == 6
    words = ("person", "give", "AW", "--role", "manager", "--depot", "MAIN", "--by", "OWNER")
    assert world.run(*words).code == 0
    listed = {one["code"]: one for one in world.run("person", "list").values["people"]}
    assert listed["AW"]["roles"] == [
        {"role": "cashier", "business": "", "depot": ""},
        {"role": "manager", "business": "", "depot": "MAIN"},
    ]
    entry = world.run("audit", "list", "--action", "person_role").values["entries"][-1]
    assert (entry["person"], entry["after"]["role"]) == ("Owner", "manager")
    assert "@" in entry["address"]
    assert world.run("person", "take", "AW", "--role", "manager", "--depot", "MAIN").code == 0
    assert world.run("person", "leave", "AW").code == 0
    assert not {one["code"]: one for one in world.run("person", "list").values["people"]}["AW"]["active"]
    refusals: tuple[tuple[tuple[str, ...], str], ...] = (
        (("add", "AW", "--name", "x", "--role", "cashier"), "already"),
        (("add", "NEW", "--name", "x", "--role", "king"), "There is no role"),
        (("add", "NEW", "--name", "x", "--role", "cashier", "--depot", "MARS"), "There is no depot"),
        (("add", "NEW", "--name", "x", "--role", "cashier", "--by", "AUD"), "may not change people"),
        (("leave", "NOBODY"), "nobody “NOBODY”"),
    )
    for wrong, said in refusals:
        refused = world.run("person", *wrong)
        assert (refused.code, said in refused.stderr) == (1, True), refused.stderr


@pytest.mark.parametrize(
    "document", ["", "x", "1", "1/", "/1", "1/2/3", "-1/2", "²/1", "9" * 40 + "/1", "1/999"]
)
def test_what_is_no_document(world: World, document: str) -> None:
    for words in (("show",), ("accept", "--by", "OWNER", "--with", "ACC", "--reason", "x")):
        ran = world.run("quarantine", words[0], *words[1:], "--", document)
        assert ran.code in (1, 2)
        assert json.loads(ran.stdout)["ok"] is False


def test_who_imported(world: World, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("code,name,phone,credit_limit\nNEW1,New One,,0\n")
    for by, said in (("AUD", "may not"), ("MARS", "There is nobody “MARS”")):
        refused = world.run("import", "customers", path, "--by", by)
        assert (refused.code, said in refused.stderr) == (1, True), refused.stderr
    assert world.run("import", "customers", path, "--by", "OWNER").values["imported"] == 1
    entry = world.run("audit", "list", "--action", "import").values["entries"][-1]
    assert (entry["person"], "@" in entry["address"]) == ("Owner", True)


def test_the_audit_log_of_a_till(world: World) -> None:
    assert world.run("audit", "list", home=world.till).values["count"] == 0
    assert world.run("audit", "list", "--since", "yesterday").code == 1
    assert world.run("audit", "list", "--since", "2099-01-01").values["count"] == 0
    everything = world.run("audit", "list", "--limit", "3").values
    assert everything["count"] == 3
