"""What verification says of an audit log that somebody with the database's key and this code wrote into."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger import audit_chain
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.documents import audit, audit_rows, audit_runs
from pos_app.store.documents.audit_runs import Run
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.upkeep import audit_check, verification
from pos_app.store.upkeep.night_check import NightCheck
from pos_app.store.upkeep.verdict import Verdict
from tests.support.worlds.intruder import without_seals
from tests.support.worlds.sync_fixtures import NOW, Centre, Till


class Log(NamedTuple):
    """An audit log of one side."""

    database: Database
    org_id: int
    terminal_no: int
    #: The folder of the counts.
    counts: Path


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


@pytest.fixture(params=["till", "centre"])
def log(request: pytest.FixtureRequest, centre: Centre, till: Till, tmp_path: Path) -> Log:
    """Twelve entries in nine runs, of which one has four."""
    counts = tmp_path / "centre-counts"
    vault: Any = privacy.of(centre.database.engine)
    centre.database.sign_with(vault.signing(counts))
    found = Log(till.database, till.who.org_id, till.who.terminal_no, till.folder / "counts")
    if request.param == "centre":
        found = Log(centre.database, centre.org_id, SERVER_TERMINAL_NO, counts)
        audit_runs.sign_rest(centre.database, centre.org_id)
    for number in range(8):
        write(found, f"document {number}")
    write(found, *(f"together {number}" for number in range(4)))
    assert problems(found) == []
    return found


def write(log: Log, *subjects: str) -> None:
    with log.database.write() as connection:
        for subject in subjects:
            audit.write(
                connection,
                org_id=log.org_id,
                at=NOW,
                terminal_no=log.terminal_no,
                action="backdate",
                subject=subject,
                before="what was",
                after="what is",
            )


def problems(log: Log) -> list[str]:
    verdict = Verdict()
    audit_check.check(log.database, log.org_id, verdict)
    audit_check.check_entries(log.database, log.org_id, verdict)
    return verdict.problems


def codes(log: Log) -> set[str]:
    return {getattr(one, "code", "") for one in problems(log)}


def newest(log: Log) -> int:
    with log.database.read() as connection:
        return int(connection.scalar(text("SELECT max(entry_id) FROM audit_log")) or 0)


def chained_anew(connection: Any, log: Log, key: Ed25519PrivateKey) -> None:
    """Every run anew over what stands now, by our own code and another key."""
    connection.execute(
        text("DELETE FROM audit_run WHERE terminal_no = :terminal"), {"terminal": log.terminal_no}
    )
    rows = list(audit_rows.between(connection, log.org_id, 1, 2**40, 10_000))
    before = audit_chain.genesis(log.org_id, log.terminal_no)
    for row in rows:
        place = audit_chain.Place(log.org_id, log.terminal_no, 0, row.entry_id)
        digest = row.digest(log.org_id)
        hash_ = audit_chain.run_hash(place, before, digest)
        signature = key.sign(audit_chain.signed_text(hash_))
        run = Run(row.entry_id, row.entry_id, 0, before, hash_, signature, digest)
        audit_runs.keep(connection, log.org_id, log.terminal_no, run)
        before = hash_


def change(name: str, value: str) -> Callable[[Any, int], None]:
    def edit(connection: Any, entry: int) -> None:
        connection.execute(
            text(f"UPDATE audit_log SET {name} = {value} WHERE entry_id = :entry"), {"entry": entry}
        )

    return edit


def take_out(connection: Any, entry: int) -> None:
    connection.execute(text("DELETE FROM audit_log WHERE entry_id = :entry"), {"entry": entry})


def close_up(connection: Any, entry: int) -> None:
    """Take one out and number those behind it again."""
    take_out(connection, entry)
    rows = connection.execute(
        text("SELECT entry_id FROM audit_log WHERE entry_id > :entry ORDER BY entry_id"), {"entry": entry}
    )
    for (number,) in rows.all():
        move(connection, number, number - 1)


def move(connection: Any, entry: int, to: int) -> None:
    connection.execute(
        text("UPDATE audit_log SET entry_id = :to WHERE entry_id = :entry"), {"entry": entry, "to": to}
    )


def swap(connection: Any, entry: int) -> None:
    move(connection, entry, 1_000_000)
    move(connection, entry - 1, entry)
    move(connection, 1_000_000, entry - 1)


def put_in(connection: Any, entry: int) -> None:
    """An entry that nobody wrote, between two others."""
    rows = connection.execute(
        text("SELECT entry_id FROM audit_log WHERE entry_id >= :entry ORDER BY entry_id DESC"),
        {"entry": entry},
    )
    for (number,) in rows.all():
        move(connection, number, number + 1)
    columns = "org_id, at, terminal_no, person_id, address, action, before, after, year"
    connection.execute(
        text(
            f"INSERT INTO audit_log ({columns}, entry_id, subject) SELECT {columns}, :entry, 'what was not'"
            " FROM audit_log WHERE entry_id = :other"
        ),
        {"entry": entry, "other": entry + 1},
    )


EDITS: dict[str, Callable[[Any, int], None]] = {
    "when": change("at", "at + 1"),
    "where": change("terminal_no", "terminal_no + 1"),
    "who": change("person_id", "coalesce(person_id, 0) + 1"),
    "address": change("address", "'192.0.2.1'"),
    "what": change("action", "'other'"),
    "of what": change("subject", "'other'"),
    "before": change("before", "''"),
    "after": change("after", "''"),
    "origin": change("origin_no", "coalesce(origin_no, 0) + 1"),
    "deletion": take_out,
    "closed up": close_up,
    "order": swap,
    "addition": put_in,
}
WHENS = {"till": "at + 1", "centre": "at + interval '1 second'"}


def edit_of(log: Log, name: str) -> Callable[[Any, int], None]:
    if name == "when":
        return change("at", WHENS["till" if log.database.on_till else "centre"])
    return EDITS[name]


@pytest.mark.parametrize("rechained", [False, True])
@pytest.mark.parametrize("name", EDITS)
def test_every_edit_is_seen(log: Log, name: str, rechained: bool) -> None:
    key = Ed25519PrivateKey.generate()
    entry = newest(log) - 2

    def edit(connection: Any) -> None:
        edit_of(log, name)(connection, entry)
        if rechained:
            chained_anew(connection, log, key)

    without_seals(log.database, edit)
    found = problems(log)
    assert found
    if not rechained and name not in {"closed up", "order", "addition"}:
        assert any(f"{entry}" in one for one in found), found


@pytest.mark.parametrize("gone", [1, 2, 3, 12])
def test_what_is_cut_off_the_end_is_missed(log: Log, gone: int) -> None:
    last = newest(log)

    def edit(connection: Any) -> None:
        limit = {"last": last - gone, "terminal": log.terminal_no}
        connection.execute(text("DELETE FROM audit_log WHERE entry_id > :last"), limit)
        connection.execute(
            text("DELETE FROM audit_run WHERE last_no > :last AND terminal_no = :terminal"), limit
        )

    without_seals(log.database, edit)
    assert codes(log)
    # And what is written afterwards hides nothing of it.
    write(log, "afterwards")
    write(log, "and once more")
    assert codes(log)


def test_an_entry_put_at_the_end_of_a_till_stays_unsigned(centre: Centre, till: Till) -> None:
    log = Log(till.database, till.who.org_id, till.who.terminal_no, till.folder / "counts")
    write(log, "first")
    without_seals(log.database, lambda connection: put_in(connection, 1))
    move_back = "UPDATE audit_log SET subject = 'first' WHERE entry_id = 1"
    without_seals(log.database, lambda connection: connection.execute(text(move_back)))
    assert codes(log) == {"audit-entry-unsigned"}
    write(log, "second")
    assert "audit-chain-broken" in codes(log)


def test_a_count_that_is_gone_leaves_a_mark(log: Log) -> None:
    if not log.database.on_till:
        pytest.skip("another machine that serves the centre has a count of its own")
    for file in log.counts.glob("*.entries"):
        file.unlink()
    reopened = Log(log.database, log.org_id, log.terminal_no, log.counts)
    signer: Any = log.database.engine.get_execution_options()["signing"]
    signer.close()
    assert codes(reopened) == {"audit-count-missing"}
    write(reopened, "afterwards")
    assert "audit-chain-broken" in codes(reopened)


def test_a_transaction_that_was_rolled_back_leaves_nothing_to_complain_of(log: Log) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(log)
    assert problems(log) == []
    write(log, "afterwards")
    assert problems(log) == []


def test_a_count_written_for_a_commit_that_never_came_is_none_to_complain_of(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the count and the commit, and between the commit and the count."""
    with monkeypatch.context() as patch:
        patch.setattr(audit_runs, "_confirm", lambda *_: None)
        write(log, "before the confirmation")
    assert problems(log) == []
    write(log, "afterwards")
    assert problems(log) == []
    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.Connection.commit", _killed)
        with pytest.raises(InterruptedError):
            write(log, "never")
    assert problems(log) == []
    write(log, "afterwards")
    assert problems(log) == []


def test_the_runs_of_a_commit_that_never_came_fall_together(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the commit of more entries than one run holds: the count says where the first run began."""
    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.Connection.commit", _killed)
        with pytest.raises(InterruptedError):
            write(log, *(f"never {number}" for number in range(2 * audit_runs.MOST_IN_RUN + 1)))
    assert problems(log) == []
    write(log, "afterwards")
    assert problems(log) == []
    write(log, "and once more")
    assert problems(log) == []


def write_and_fail(log: Log) -> None:
    with log.database.write() as connection:
        audit.write(
            connection, org_id=log.org_id, at=NOW, terminal_no=log.terminal_no, action="a", subject="b"
        )
        raise ZeroDivisionError


def _killed(*_: object) -> None:
    raise InterruptedError


def test_a_sale_writes_no_entry_and_no_count(till: Till) -> None:
    till.sell()
    assert not list((till.folder / "counts").glob("*.entries"))


def test_what_a_trigger_writes_is_signed_with_who_did_it(centre: Centre) -> None:
    with centre.database.write() as connection:
        audit.actor(connection, person_id=1)
        connection.execute(text("UPDATE product SET price = price + 1"))
    with centre.database.read() as connection:
        run = audit_runs.last(connection, centre.org_id, SERVER_TERMINAL_NO)
        last = connection.scalar(text("SELECT max(entry_id) FROM audit_log"))
    assert run is not None
    assert run.last == last


def test_a_whole_verification_names_the_entry(log: Log) -> None:
    entry = newest(log) - 1
    without_seals(log.database, lambda connection: change("subject", "'other'")(connection, entry))
    own = log.terminal_no if log.database.on_till else None
    found = verification.verify(log.database, log.org_id, own).problems
    assert [getattr(one, "code", "") for one in found] == ["audit-entry-changed"]
    assert f"{entry}" in found[0]


def test_the_night_looks_in_slices(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_check, "SLICE", 3)
    without_seals(log.database, lambda connection: change("subject", "'other'")(connection, newest(log)))
    verdict, places = Verdict(), [0]
    while (behind := audit_check.check_slice(log.database, log.org_id, places[-1], verdict)) is not None:
        places.append(behind)
    assert len(places) > 4
    assert len(set(places)) == len(places)
    assert verdict.problem_count == 1


def test_a_turn_of_the_night_signs_no_longer_than_its_budget(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import leaves many thousand entries unsigned; a turn without time signs one run of them."""
    audit_runs.sign_rest(centre.database, centre.org_id)
    log = Log(centre.database, centre.org_id, SERVER_TERMINAL_NO, Path())
    signed = newest(log)
    for _ in range(5):
        with centre.database.write() as connection:
            connection.execute(text("UPDATE product SET price = price + 1"))
    monkeypatch.setattr(audit_runs, "MOST_IN_RUN", 2)
    night = NightCheck(centre.database, centre.clock, hour=-1)
    night.turn(0)
    assert end(log) == signed + 2 < newest(log)
    night.turn(600_000)
    assert end(log) == newest(log)
    assert problems(log) == []


def end(log: Log) -> int:
    with log.database.read() as connection:
        run = audit_runs.last(connection, log.org_id, log.terminal_no)
    return 0 if run is None else run.last


def test_what_stood_before_is_signed_as_it_stands(till: Till) -> None:
    log = Log(till.database, till.who.org_id, till.who.terminal_no, till.folder / "counts")
    signer: Any = till.database.engine.get_execution_options()["signing"]
    till.database.sign_with(None)  # type: ignore[arg-type]
    write(log, "of before")
    write(log, "of before too")
    till.database.sign_with(signer)
    assert problems(log) == []
    audit_runs.sign_standing(till.database, log.org_id, log.terminal_no)
    with till.database.read() as connection:
        run = audit_runs.last(connection, log.org_id, log.terminal_no)
    assert run is not None
    assert (run.first, run.last) == (1, 2)
    write(log, "of now")
    assert problems(log) == []
    without_seals(log.database, lambda connection: change("subject", "'other'")(connection, 1))
    assert codes(log) == {"audit-entry-changed"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_edits_are_seen(log: Log, data: st.DataObject) -> None:
    """Some edits, then the chain as our code makes it, then all put back."""
    kept = {name: rows_of(log, name) for name in ("audit_log", "audit_run")}
    last = newest(log)
    names = data.draw(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=3))
    entries = data.draw(st.lists(st.integers(3, last), min_size=3, max_size=3))
    rechained = data.draw(st.booleans())

    def edit(connection: Any) -> None:
        for name, entry in zip(names, entries, strict=False):
            edit_of(log, name)(connection, entry)
        if rechained:
            chained_anew(connection, log, Ed25519PrivateKey.generate())

    without_seals(log.database, edit)
    # Two edits may undo each other.
    same = all(rows_of(log, name) == kept[name] for name in kept)
    assert bool(problems(log)) is not same
    without_seals(log.database, lambda connection: put_back(connection, kept))
    assert problems(log) == []


def rows_of(log: Log, table: str) -> list[dict[str, Any]]:
    with log.database.read() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
    return sorted(
        (dict(row) for row in rows), key=lambda row: str(sorted(row.items(), key=lambda one: one[0]))
    )


def put_back(connection: Any, kept: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in kept.items():
        connection.execute(text(f"DELETE FROM {name}"))
        for row in rows:
            columns = ", ".join(row)
            values = ", ".join(f":{one}" for one in row)
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), row)
