"""Somebody with the key of a database takes its triggers off, edits a row, and puts them back.

Every edit of a document or of what it posted is found and named, at a till and at the centre; every edit of a
cached balance is found as drift.  A few hundred edits here; BOHARI_EDITS=10000 is the long form.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.tables.projections import CACHED, PROJECTIONS
from pos_app.store.upkeep import verification
from tests.conftest import TILL_KEY
from tests.support.edits import (
    EDITS,
    LEDGER,
    SEED,
    drawn,
    edit_centre,
    edit_till,
    is_named,
    rows_at_till,
)
from tests.support.worlds.sync_fixtures import Centre, Till, opening

# --- a till ---------------------------------------------------------------------------------------------


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    till = centre.till(tmp_path / "till")
    till.journal.record_document(opening(till.who))
    for number in range(8):
        till.sell(customer=1 if number % 3 == 0 else None)
    till.drain()
    sold = till.sell()
    till.void(sold)
    till.sell(customer=2)
    return till


def verified(path: Path, till: Till) -> list[str]:
    database = open_sqlite(path, TILL_KEY)
    database.sign_with(till_signing(till.folder))
    try:
        return verification.verify(database, till.who.org_id, till.who.terminal_no).problems
    finally:
        database.close()


@pytest.mark.timeout(7200)
def test_every_edit_of_a_tills_ledger_is_found_and_named(till: Till, tmp_path: Path) -> None:
    till.database.close()
    base, path = till.folder / "till.db", tmp_path / "edited.db"
    rows, rng, seen = rows_at_till(base, LEDGER), random.Random(SEED), Counter[str]()
    assert verified(base, till) == []
    for _ in range(EDITS):
        edit = drawn(rng, LEDGER, rows)
        shutil.copy(base, path)
        if not edit_till(path, edit):
            seen["refused"] += 1
            continue
        problems = verified(path, till)
        assert problems, f"not found: {edit}"
        assert is_named(edit, problems), f"not named: {edit} {problems}"
        seen[edit.verb] += 1
    assert seen["change"] > seen["refused"], seen


@pytest.mark.timeout(7200)
def test_every_edit_of_a_tills_cached_balance_is_drift(till: Till, tmp_path: Path) -> None:
    till.database.close()
    base, path = till.folder / "till.db", tmp_path / "edited.db"
    tables = [CACHED[one.name] for one in PROJECTIONS]
    rows, rng = rows_at_till(base, tables), random.Random(SEED)
    values = {one.name: set(one.values) for one in PROJECTIONS}
    for _ in range(EDITS // 4):
        edit = drawn(rng, tables, rows)
        if edit.verb != "change" or edit.column not in values[edit.table]:
            continue
        shutil.copy(base, path)
        assert edit_till(path, edit)
        assert any(edit.table in one for one in verified(path, till)), f"not found: {edit}"


# --- the centre -----------------------------------------------------------------------------------------


@pytest.fixture
def books(centre: Centre, till: Till) -> Database:
    till.drain()
    return centre.database


@pytest.mark.timeout(7200)
def test_every_edit_of_the_centres_ledger_is_found_and_named(centre: Centre, books: Database) -> None:
    rng, seen, rows = random.Random(SEED), Counter[str](), {}
    with books.read() as connection:
        for table in LEDGER:
            found = connection.execute(text(f"SELECT {', '.join(table.columns.keys())} FROM {table.name}"))
            rows[table.name] = [dict(row._mapping) for row in found]
    assert verification.verify(books, centre.org_id).problems == []
    for _ in range(EDITS // 2):
        edit = drawn(rng, LEDGER, rows)
        try:
            with books.write() as connection:
                edit_centre(connection, edit)
        except Exception:  # noqa: BLE001 - a constraint or a partition that is not there: it refuses, which is well
            seen["refused"] += 1
            continue
        problems = verification.verify(books, centre.org_id).problems
        with books.write() as connection:
            edit_centre(connection, edit, back=True)
        assert problems, f"not found: {edit}"
        assert is_named(edit, problems), f"not named: {edit} {problems}"
        seen[edit.verb] += 1
    assert verification.verify(books, centre.org_id).problems == []
    assert seen["change"] > seen["refused"], seen
