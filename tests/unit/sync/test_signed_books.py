"""What verification says of a history that somebody with the database's key wrote into, on both sides."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.store.engine import terminal_key
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.journal import journal
from pos_app.store.master import terminal_keys
from pos_app.store.upkeep import verification
from pos_app.store.upkeep.verdict import Verdict
from tests.support.worlds.intruder import without_seals
from tests.support.worlds.sync_fixtures import Centre, Till


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    till = centre.till(tmp_path / "till")
    for _ in range(3):
        till.sell()
    till.drain()
    for _ in range(3):
        till.sell()
    return till


def at_till(till: Till) -> Verdict:
    return verification.verify(till.database, till.who.org_id, till.who.terminal_no)


def at_centre(centre: Centre) -> Verdict:
    return verification.verify(centre.database, centre.org_id)


def take_out(connection: Any, seq: int, terminal_no: int) -> None:
    key = {"key": terminal_no << 32 | seq}
    parts = ("journal_line", "stock_move", "document_line", "tender", "open_item", "cost_line", "document")
    for table in parts:
        connection.execute(text(f"DELETE FROM {table} WHERE document_id = :key"), key)


def test_all_holds_before_anybody_writes(centre: Centre, till: Till) -> None:
    assert at_till(till).problems == []
    assert at_centre(centre).problems == []


def test_unsent_history_chained_anew_is_seen_and_said_which(till: Till) -> None:
    def edit(connection: Any) -> None:
        sql = "SELECT body, prev_hash FROM document WHERE seq >= 5 ORDER BY seq"
        rows = connection.execute(text(sql)).all()
        before = bytes(rows[0].prev_hash)
        for row in rows:
            document = msgspec.structs.replace(canonical.decode(bytes(row.body)), note="what was not")
            made = journal.seal(document, before)
            connection.execute(
                text("UPDATE document SET body = :body, prev_hash = :prev, hash = :hash WHERE seq = :seq"),
                {"body": made.body, "prev": before, "hash": made.hash, "seq": document.seq},
            )
            before = made.hash

    without_seals(till.database, edit)
    problems = at_till(till).problems
    for seq in (5, 6):
        assert any(f"{till.who.terminal_no}/{seq}:" in one for one in problems), problems


@pytest.mark.parametrize("seqs", [(6,), (5, 6), (4, 5, 6), (3, 4, 5, 6)])
def test_documents_taken_off_the_end_are_missed_at_a_till(till: Till, seqs: tuple[int, ...]) -> None:
    def edit(connection: Any) -> None:
        for seq in seqs:
            take_out(connection, seq, till.who.terminal_no)

    without_seals(till.database, edit)
    codes = {getattr(one, "code", "") for one in at_till(till).problems}
    assert "file-older-than-signed" in codes
    if 3 in seqs:
        assert "acknowledged-beyond-last" in codes


@pytest.mark.parametrize("with_mark", [False, True])
def test_documents_taken_off_the_end_are_missed_at_the_centre(
    centre: Centre, till: Till, with_mark: bool
) -> None:
    till.drain()
    terminal_no = till.who.terminal_no
    assert at_centre(centre).ok
    centre.database.sign_with(signing_at(centre, till.folder))
    assert at_centre(centre).ok

    def edit(connection: Any) -> None:
        for seq in (5, 6):
            take_out(connection, seq, terminal_no)
        if with_mark:
            connection.execute(
                text(
                    "UPDATE terminal SET last_seq = 4, last_hash = (SELECT hash FROM document WHERE"
                    " document_id = :key) WHERE terminal_no = :terminal"
                ),
                {"key": terminal_no << 32 | 4, "terminal": terminal_no},
            )

    without_seals(centre.database, edit)
    codes = {getattr(one, "code", "") for one in at_centre(centre).problems}
    assert "verified-document-gone" in codes
    assert ("mark-without-document" in codes) is not with_mark


def signing_at(centre: Centre, folder: Path) -> Any:
    """The centre's signing with a home to count in."""
    from pos_app.store.engine import privacy

    vault: Any = privacy.of(centre.database.engine)
    return vault.signing(folder / "centre-counts")


def test_a_signature_of_an_older_key_counts_no_more(centre: Centre, till: Till) -> None:
    other = terminal_key.load_or_make(till.folder / "other.key").public_key().public_bytes_raw()
    till.drain()
    with centre.database.write() as connection:
        key = KeyFrom(5, other)
        terminal_keys.add(connection, centre.org_id, till.who.terminal_no, key, centre.clock.now())
    problems = at_centre(centre).problems
    assert [one.split(":")[0] for one in problems] == [
        f"Document {till.who.terminal_no}/{seq}" for seq in (5, 6)
    ]


def test_a_key_put_in_the_place_of_another_is_seen(centre: Centre, till: Till) -> None:
    with centre.database.write() as connection:
        connection.execute(text("UPDATE terminal_key SET public_key = :key"), {"key": bytes(32)})
    assert at_centre(centre).problem_count == 3


def test_signatures_taken_off_are_missed(till: Till) -> None:
    without_seals(
        till.database, lambda connection: connection.execute(text("UPDATE document SET signature = NULL"))
    )
    problems = at_till(till).problems
    assert sum("1/" in one or f"{till.who.terminal_no}/" in one for one in problems) >= 6
