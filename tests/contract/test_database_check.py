"""`bohari db check` names what it is for, and says nothing against a database as we make it."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.cli.command import Call
from pos_app.cli.db_check import db_check
from pos_app.store.engine.engine import Database
from pos_app.store.upkeep import database_check
from pos_app.store.upkeep.database_check import MAY, MUST
from tests.support.documents.specimens import MOMENT
from tests.support.worlds.books import Store, record_each

#: Partitions stand for the years around the day on which the tests run.
TODAY = datetime.now(MOMENT.tzinfo)


def said(database: Database, level: str, today: datetime = TODAY) -> list[str]:
    with database.read() as connection:
        return [one.sentence for one in database_check.findings(connection, today) if one.level == level]


def run(database: Database, *statements: str) -> None:
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_fresh_database_needs_nothing(central_store: Store) -> None:
    record_each(central_store.journal())
    assert said(central_store.database, MUST) == []
    assert said(central_store.database, MAY) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DROP INDEX ix_document_original", "ix_document_original of document is missing"),
        ("DROP INDEX ix_tender_reference", "ix_tender_reference of tender is missing"),
        ("CREATE INDEX twin ON party (org_id, stamp, party_id)", "twin is the same as ix_party_stamp"),
        ("CREATE INDEX twin ON party (org_id, code)", "twin is the same as uq_party_org_id_code"),
        ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_party_stamp'::regclass", "not valid"),
        (
            "ALTER TABLE quarantine ADD FOREIGN KEY (org_id, received_at, seq) REFERENCES twin",
            "has no index",
        ),
        ("ALTER TABLE audit_log DETACH PARTITION audit_log_{next}", "audit_log_{next} is not made yet"),
        ("INSERT INTO unsealed (org_id, year, document_ids) VALUES (1, 2026, '{{1}}')", "without their seal"),
    ],
)
def test_what_must_be_done_is_named(central: Database, damage: str, words: str) -> None:
    following = str(TODAY.year + 1)
    if "REFERENCES twin" in damage:
        run(
            central,
            "CREATE TABLE twin (org_id bigint, at timestamptz, seq bigint, PRIMARY KEY (org_id, at, seq))",
        )
    statements = ["SET LOCAL session_replication_role = replica", damage.format(next=following)]
    run(central, *statements)
    found = said(central, MUST)
    assert any(words.format(next=following) in sentence for sentence in found), found


def test_an_index_that_begins_another_may_go(central: Database) -> None:
    run(central, "CREATE INDEX short ON party (org_id, stamp)")
    assert said(central, MAY) == ["short only begins ix_party_stamp; the longer one may do for both."]


def test_partitions_of_a_year_to_come_are_asked_for(central: Database) -> None:
    assert said(central, MUST, TODAY.replace(year=TODAY.year + 1))
    assert not said(central, MUST)


def test_an_old_transaction_and_a_feed_behind_it_are_named(
    central: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_check, "OLD_TRANSACTION_S", 0)
    monkeypatch.setattr(database_check, "FEED_LAG_S", 0)
    with central.engine.connect() as old:
        old.execute(text("SELECT pg_current_xact_id()"))
        run(
            central,
            "INSERT INTO tax_code (org_id, code, name, treatment) VALUES (1, 'A', 'VAT', 'inclusive')",
        )
        found = said(central, MUST)
        old.rollback()
    assert any("has a transaction open" in sentence for sentence in found), found
    assert any("The tills wait for" in sentence for sentence in found), found


def test_the_command_says_it_and_ends_with_one(
    central_url: str, central: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOHARI_DATABASE_URL", central_url)
    (tmp_path / "bohari.toml").write_text('kind = "central"\ndatabase = "url"\n')
    answer = db_check(Call(tmp_path))
    assert answer.ok, answer.lines
    assert answer.lines[0].startswith("Postgres ")
    run(central, "DROP INDEX ix_document_original")
    answer = db_check(Call(tmp_path))
    assert not answer.ok
    assert any(line.startswith("MUST missing indexes") for line in answer.lines)
