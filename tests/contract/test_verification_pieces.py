"""A history is checked in pieces, in this process and in others, and nothing falls between two of them."""

import functools
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.head import document_key
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.upkeep import piece_check, signature_check, verification, verification_processes
from pos_app.store.upkeep.piece_check import Piece, PieceCheck
from pos_app.store.upkeep.signature_check import SignatureCheck
from pos_app.store.upkeep.verdict import Verdict
from tests.conftest import TILL_KEY
from tests.support.documents.specimens import ORG, TILL
from tests.support.worlds.books import Store, record_each


def test_pieces_cover_every_key_and_overlap_nowhere(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece_check, "PIECE", 3)
    sealed = record_each(store.journal())
    with store.database.read() as connection:
        pieces = piece_check.pieces(connection, ORG)
        later = piece_check.pieces(connection, ORG, pieces[1].upto)
    assert len(pieces) > 3
    assert (pieces[0].after, pieces[-1].upto) == (piece_check.BEGINNING, piece_check.END)
    assert [one.upto for one in pieces[:-1]] == [one.after for one in pieces[1:]]
    assert later == pieces[2:]
    seen = [PieceCheck(store.database, ORG, None).check(one) for one in pieces]
    assert sum(one.documents for one in seen) == len(sealed)
    assert not any(one.problems for one in seen)


def test_a_break_between_two_pieces_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece_check, "PIECE", 3)
    record_each(store.journal())
    # As if another document had stood before: what the second piece begins after is not what it follows.
    if store.is_sqlite:
        store.execute("DROP TRIGGER seal_document_update")
        store.execute("UPDATE document SET hash = x'00' WHERE seq = 3")
    else:
        store.execute(
            "SET LOCAL session_replication_role = replica", "UPDATE document SET hash = '' WHERE seq = 3"
        )
    second = Piece(document_key(TILL, 3), document_key(TILL, 6))
    assert PieceCheck(store.database, ORG, None).check(second).problem_count == 1


def test_other_processes_find_what_this_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, till_store: Store
) -> None:
    record_each(till_store.journal())
    with till_store.database.write() as connection:
        connection.execute(text("DROP TRIGGER seal_tender_update"))
        connection.execute(text("UPDATE tender SET amount = amount + 1"))
    expected = verification.verify(till_store.database, ORG, TILL)
    assert expected.problem_count > 1
    monkeypatch.setattr(verification_processes, "WORTH_PARTS", 1)
    again = functools.partial(open_sqlite, path_of(till_store.database), TILL_KEY)
    assert verification.verify(till_store.database, ORG, TILL, open_database=again) == expected


def path_of(database: Database) -> Path:
    with database.read() as connection:
        return Path(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])


def test_the_last_signature_of_a_batch_stands_for_those_before_it(
    till_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cheap where all holds; every one where anything is wrong."""
    looked: list[int] = []

    class Counted(SignatureCheck):
        def follow(self, row: tuple[Any, ...], verdict: Verdict) -> None:
            looked.append(row[1])
            if row[1] in wrong:
                verdict.complain("wrong")

    wrong: set[int] = set()
    record_each(till_store.journal())
    with till_store.database.write() as connection:
        connection.execute(text("DROP TRIGGER seal_document_update"))
        connection.execute(text("UPDATE document SET signature = zeroblob(64)"))
    monkeypatch.setattr(signature_check, "load", lambda *_: Counted({}, frozenset(), TILL))
    whole = Piece(piece_check.BEGINNING, piece_check.END)
    thrifty = PieceCheck(till_store.database, ORG, TILL, every_signature=False)
    documents = thrifty.check(whole).documents
    assert len(looked) == 1
    wrong.add(looked[0])
    assert thrifty.check(whole).problems == ["wrong"]
    assert len(looked) == 2 + documents
    looked.clear()
    wrong.clear()
    till_store.execute("UPDATE document SET signature = NULL WHERE seq = 4")
    thrifty.check(whole)
    assert len(looked) == 1 + documents
    looked.clear()
    PieceCheck(till_store.database, ORG, TILL).check(whole)
    assert len(looked) == documents
