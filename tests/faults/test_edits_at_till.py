"""Somebody with the key of a till's file edits a row of any table: it shows, and where; or it harms nothing.

How an edit of each table shows is declared once, below.  BOHARI_EDITS=10000 is the long form.
"""

import contextlib
import itertools
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Table, UniqueConstraint, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import BohariError
from pos_app.store.master import pins, shell_tokens
from pos_app.store.schema import schema
from pos_app.store.tables.local import till_metadata
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.projections import BASELINES, CACHED, CHECKPOINTS, PROJECTIONS
from pos_app.store.tables.tables import ledger_metadata
from pos_app.store.upkeep import verification
from pos_app.store.upkeep.comparison import Difference
from pos_app.store.upkeep.recalculation import Recalculation
from sync.client.backoff import Backoff
from sync.client.compare import Compare
from sync.client.daemon import Daemon
from sync.client.pull import KINDS
from tests.support.edits import EDITS, LEDGER, SEED, Edit, another, edit_till, is_named, rows_at_till
from tests.support.worlds.edited import Edited
from tests.support.worlds.sync_fixtures import Centre

TABLES: Final = {
    table.name: table
    for table in (
        *ledger_metadata.sorted_tables,
        *till_metadata.sorted_tables,
        *BASELINES.values(),
        *CHECKPOINTS.values(),
    )
}
FED: Final = {
    *(table.name for table in MASTER), "arrival", "used_code", "received_payment", "fiscal_receipt",
}  # fmt: skip

#: From so many on all are done here, and the outcome is told.
LONG: Final = 1_000

Rows = dict[str, list[dict[str, Any]]]
#: Asserts that an edit, which was not found, does no harm.
Harmless = Callable[[Edited, Edit, Rows], None]


# --- how an edit shows, or why it harms nothing ----------------------------------------------------------


def balances_stay(world: Edited, _: Edit, rows: Rows) -> None:
    """What the upkeep keeps for itself: a recomputation by it changes no balance."""
    database = world.open()
    try:
        for projection in PROJECTIONS:
            walk = Recalculation(
                database,
                SystemClock(),
                org_id=world.till.who.org_id,
                terminal_no=world.till.who.terminal_no,
            )
            walk.walk(projection)
    finally:
        database.close()
    unchanged(world, rows, {table.name for table in CACHED.values()} & set(rows))


def put_back(world: Edited, edit: Edit, rows: Rows) -> None:
    """The comparison put it back, or nothing reads it: the stamp means something at the centre only."""
    unchanged(world, rows, {edit.table}, without={"stamp", "mark"})


def read_again(world: Edited, _: Edit, rows: Rows) -> None:
    """A position that went back is read again, and what it brings is what was there."""
    stand = {row["kind"]: row for row in rows_at_till(world.path, [TABLES["feed_cursor"]])["feed_cursor"]}
    for row in rows["feed_cursor"]:
        assert row["kind"] not in KINDS or stand[row["kind"]] == row
    unchanged(world, rows, FED, without={"stamp", "mark", *pins.COLUMNS})


#: Settings that only people look at, or that count what the next request counts anew.
SHOWN: Final = frozenset(
    {"balances_us", "handed_over_seq", "home_twice", "last_contact_us", "server_ahead_s",
     "server_key_how", "server_key_told", "set_aside", "starts", "starts_unheard", "sync_error",
     "sync_error_says"}
)  # fmt: skip


def told_again(world: Edited, _: Edit, rows: Rows) -> None:
    """What the sync keeps for itself the next greeting writes anew; the rest is shown and no more."""
    database = world.open()
    try:
        patience = Backoff(first_s=0.0, longest_s=0.0)
        Daemon(database, world.till.who, world.line(database), backoff=patience).drain()
    finally:
        database.close()
    stand = {row["name"]: row["value"] for row in rows_at_till(world.path, [TABLES["setting"]])["setting"]}
    was = {row["name"]: row["value"] for row in rows["setting"] if row["name"] not in SHOWN}
    # One that says nothing is as good as none.
    assert {name: stand.get(name, "") for name in was} == was


def opens_nothing(world: Edited, _: Edit, __: Rows) -> None:
    """A token whose row was edited opens nothing, or what it opened before."""
    database = world.open()
    try:
        with database.read() as connection:
            found = shell_tokens.find(connection, world.till.who.org_id, world.shown)
    finally:
        database.close()
    assert found is None or (found.person_id, found.rights, found.name, found.account, found.kind) == (
        1, frozenset(), "job", "", shell_tokens.TOKEN,
    )  # fmt: skip


def no_document(world: Edited, _: Edit, rows: Rows) -> None:
    """It is no document and becomes one only before a person's eyes, by the rules; the centre judges that
    (`tests/unit/sync/test_judges.py`).  Nothing that counts moved.
    """
    unchanged(world, rows, {table.name for table in (*LEDGER, *CACHED.values())} & set(rows))


def does_not_open(world: Edited, _: Edit, __: Rows) -> None:
    """A file of no version of ours is not opened, or is brought to this one."""
    database = world.open()
    try:
        with contextlib.suppress(BohariError):
            schema.prepare_till(database)
    finally:
        database.close()


def counts_nothing(_: Edited, edit: Edit, __: Rows) -> None:
    """A balance of nothing is as good as none, and the stamp means something at the centre only."""
    values = next(one.values for one in PROJECTIONS if one.name == edit.table)
    assert edit.column == "stamp" or not any(edit.row[name] for name in values), f"not found: {edit}"


def found_always(_: Edited, edit: Edit, __: Rows) -> None:
    """Nothing of it is harmless."""
    pytest.fail(f"not found: {edit}")


#: Each table of a till: what says that an edit harms nothing, where neither verify nor a comparison found it.
SHOWS: Final[dict[str, Harmless]] = {
    # verify names the document, and the balance.
    **{table.name: found_always for table in LEDGER},
    **{table.name: counts_nothing for table in CACHED.values()},
    **dict.fromkeys(("audit_log", "audit_run"), found_always),
    # The daemon compares with the centre, names the row, and puts it back.
    **dict.fromkeys(FED, put_back),
    **{table.name: balances_stay for table in BASELINES.values()},
    "feed_cursor": read_again,
    # Signed by the terminal, or written anew by the next greeting.
    "setting": told_again,
    # MACs by a key outside the file.
    "shell_token": opens_nothing,
    # Rebuilt from the documents.
    **{table.name: balances_stay for table in CHECKPOINTS.values()},
    **dict.fromkeys(("balance_finding", "checkpoint_mark", "recalculation", "reconciliation"), balances_stay),
    # Not documents yet, or made of documents.
    **dict.fromkeys(("draft", "invoice_draft", "print_job"), no_document),
    # Signed by the terminal: the centre refuses what it did not ask for.
    "request_out": no_document,
    # A lockout holds who types at the pad; whoever edits here and has the pepper needs no pad, and whoever
    # has not finds no PIN in the file.
    "sign_in_state": no_document,
    "alembic_version": does_not_open,
}


# --- editing ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeded() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def world(centre: Centre, tmp_path: Path) -> Edited:
    return Edited(centre, tmp_path)


def unchanged(world: Edited, rows: Rows, names: set[str], without: Collection[str] = ()) -> None:
    """The rows of tables stand as they did."""
    for name, stand in rows_at_till(world.path, [TABLES[name] for name in sorted(names)]).items():
        plain = [
            sorted(str({key: value for key, value in row.items() if key not in without}) for row in some)
            for some in (stand, rows[name])
        ]
        assert plain[0] == plain[1], name


def verified(world: Edited) -> list[str]:
    database = world.open()
    try:
        return verification.verify(database, world.till.who.org_id, world.till.who.terminal_no).problems
    finally:
        database.close()


def compared(world: Edited) -> list[Difference]:
    database = world.open()
    try:
        line = world.line(database)
        return Compare(database, world.till.who, line, SystemClock(), at_once=True).whole()
    finally:
        database.close()


def planned(rng: random.Random, names: list[str]) -> Iterator[tuple[str, str]]:
    """Tables and columns in turns, all of each table before any again; "" adds a row, "-" deletes one."""
    ways = [(name, way) for name in names for way in ("", "-", *TABLES[name].columns.keys())]
    first = [(name, rng.choice(TABLES[name].columns.keys())) for name in names]
    while True:
        rng.shuffle(ways)
        yield from first
        yield from ways
        first = []


def edit_of(rng: random.Random, table: Table, way: str, row: dict[str, Any]) -> Edit:
    if way == "-":
        return Edit(table.name, "delete", "", row, None)
    if way:
        column = table.columns[way]
        value: Any = "x" if row[way] is None and str(column.type) == "TEXT" else None
        value = value or another(rng, row[way], nullable=bool(column.nullable))
        return Edit(table.name, "change", way, row, row | {way: value})
    keys = {column.name for column in table.primary_key if column.name not in ("org_id", "year")}
    unique = {
        column.name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for column in constraint.columns
        if column.name != "org_id"
    }
    last = [column.name for column in table.primary_key][-1] if keys else ""
    changed = {*unique, *([last] if last != "year" else keys)}
    new = row | {
        name: value + 1_000
        if isinstance(value, int)
        else value and value + (b"x" if isinstance(value, bytes) else "x")
        for name, value in row.items()
        if name in changed
    }
    return Edit(table.name, "add", last, row, new)


def judge(world: Edited, edit: Edit, rows: Rows) -> str:
    """In which way an edit shows; fails where it does not and does harm."""
    name = edit.table
    if name not in FED:
        problems = verified(world)
        if problems:
            if name in {table.name for table in LEDGER}:
                assert is_named(edit, problems), f"not named: {edit} {problems}"
                return "located"
            return "detected"
    if name in FED or name == "feed_cursor" or name in {table.name for table in BASELINES.values()}:
        found = compared(world)
        if found:
            keys = {one.key for one in found if one.kind in (name, name.removesuffix("_baseline"))}
            assert keys, f"another row is named: {edit} {found}"
            if name in FED:
                unchanged(world, rows, {name}, without={"stamp", "mark", *pins.COLUMNS})
            return "located"
    SHOWS[name](world, edit, rows)
    return "harmless"


def test_every_table_of_a_till_is_reached_and_declared(world: Edited) -> None:
    database = world.open(world.base)
    with database.read() as connection:
        names = set(connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")))
    database.close()
    # What the indexes of finding consist of is made of the rows that they find.
    names = {name for name in names if not name.startswith(("sqlite_", "found_"))}
    assert set(SHOWS) == names
    rows = rows_at_till(world.base, [TABLES[name] for name in names - {"alembic_version"}])
    assert [name for name, found in rows.items() if not found] == []


@pytest.mark.timeout(14_400)
def test_an_edit_of_any_table_of_a_till_shows_or_harms_nothing(
    world: Edited, seeded: random.Random, capsys: pytest.CaptureFixture[str]
) -> None:
    names = sorted(set(SHOWS) - {"alembic_version"})
    rows, seen = rows_at_till(world.base, [TABLES[name] for name in names]), Counter[str]()
    shutil.copy(world.base, world.path)
    assert verified(world) == []
    assert compared(world) == []
    count = EDITS if EDITS >= LONG else EDITS // 2
    for name, way in itertools.islice(planned(seeded, names), count):
        edit = edit_of(seeded, TABLES[name], way, seeded.choice(rows[name]))
        shutil.copy(world.base, world.path)
        seen[judge(world, edit, rows) if edit_till(world.path, edit) else "refused"] += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(seen)}\n" if EDITS >= LONG else "")
    assert seen["located"] > seen["refused"], seen


def test_a_balance_invented_together_with_its_baseline_is_taken_out(world: Edited) -> None:
    shutil.copy(world.base, world.path)
    rows = rows_at_till(world.base, [TABLES["party_balance"], TABLES["party_balance_baseline"]])
    known = rows["party_balance_baseline"][0]
    invented = {name: value for name, value in known.items() if name != "mark"} | {"party_id": 77}
    invented |= dict.fromkeys(("amount", "base_amount"), -5_000_00)
    for name in rows:
        row = next(one for one in rows[name] if one["party_id"] == known["party_id"])
        assert edit_till(world.path, Edit(name, "add", "party_id", row, row | invented))
    assert verified(world) == []
    (one,) = compared(world)
    assert (one.kind, one.before["amount"], one.after["amount"]) == ("party_balance", -5_000_00, 0)
    assert " 77 " in f" {one.key} "
    assert verified(world) == []
    assert compared(world) == []


def test_a_daemon_compares_when_it_is_due(world: Edited) -> None:
    rows = rows_at_till(world.base, [TABLES["product"]])["product"]
    dear = next(row for row in rows if row["sku"] == "SKU1")
    shutil.copy(world.base, world.path)
    assert edit_till(world.path, Edit("product", "change", "price", dear, dear | {"price": 1}))
    database = world.open()
    try:
        line = world.line(database)
        compare = Compare(database, world.till.who, line, SystemClock(), at_once=True)
        daemon = Daemon(database, world.till.who, line, compare=compare)
        # Each step asks once, and an answer has so many kinds.
        for _ in range(4):
            daemon.step()
            if compare.found:
                break
        assert [(one.kind, one.before, one.after) for one in compare.found] == [
            ("product", {"price": 1}, {"price": dear["price"]})
        ]
        with database.read() as connection:
            told = connection.execute(text("SELECT subject FROM audit_log WHERE action = 'feed.mended'"))
            assert told.scalars().all() == ["product 1"]
    finally:
        database.close()
