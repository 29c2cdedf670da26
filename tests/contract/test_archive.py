"""The archive: what leaves can be read back for ever, and nothing leaves before it was."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.store.archive import archive, archive_check, archive_file, archive_signature
from pos_app.store.documents import audit
from pos_app.store.engine.signing import Signing
from pos_app.store.schema import seals_centre
from pos_app.store.tables.master import organisation
from pos_app.store.upkeep import verification
from tests.support.documents.specimens import ORG, TILL, Item, payment, sale
from tests.support.refused import damaged, refused
from tests.support.worlds.books import Store

NOW = SetClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
OLD = datetime(2017, 5, 3, 9, 0, tzinfo=UTC)
NEW = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def aged(central_store: Store) -> Store:
    """Two organisations with sales and audit entries of 2017 and 2026."""
    store = central_store
    with store.database.write() as connection:
        for year in (2017, 2018):
            seals_centre.make_year(connection, year)
        for org_id in (ORG, ORG + 1):
            connection.execute(
                organisation.insert().values(
                    org_id=org_id,
                    organisation_id=org_id,
                    name=f"Depot {org_id}",
                    base_currency="KES",
                    time_zone="Africa/Nairobi",
                    cash_step=100,
                )
            )
    for org_id in (ORG, ORG + 1):
        journal = store.journal(org_id)
        for at in (OLD, OLD, NEW, OLD, NEW):
            journal.record_document(sale(Item(2_000, 15_000), org_id=org_id, occurred_at=at))
        journal.record_document(payment(5_000, TenderKind.MPESA, org_id=org_id, occurred_at=NEW))
        for number, at in enumerate((OLD, OLD, NEW)):
            with store.database.write() as connection:
                audit.write(
                    connection,
                    org_id=org_id,
                    at=at,
                    terminal_no=TILL,
                    action="price",
                    subject=f"product {number}",
                    before="100",
                    after="120",
                )
    return store


def years_of_audit(store: Store) -> list[Any]:
    with store.database.read() as connection:
        return list(connection.scalars(text("SELECT DISTINCT year FROM audit_log ORDER BY year")))


def test_old_years_move_and_can_be_read_back(aged: Store, tmp_path: Path) -> None:
    before = {
        one: aged.scalar(f"SELECT sum({one}) FROM account_balance") for one in ("amount", "base_amount")
    }
    folder = tmp_path / "archive"
    finding = archive.make(aged.database, folder, 2019, NOW)
    # The chain from its beginning to its last document of 2017, whatever stands between.
    assert (finding.documents, finding.entries) == (8, 4)
    assert 2017 not in years_of_audit(aged)
    assert aged.scalar("SELECT to_regclass('audit_log_2017')") is None
    assert aged.scalar("SELECT count(*) FROM audit_log WHERE action = 'archive'") == 2

    alone = archive_check.check(folder)
    assert alone.ok, alone.problems
    assert archive.check(folder, aged.database).ok
    assert (folder / "manifest.json").exists()
    assert (folder / "org-1" / "documents.jsonl.zst").stat().st_mode & 0o777 == 0o600

    # Balances are the sums that they were, and the books verify as before.
    for one, amount in before.items():
        assert aged.scalar(f"SELECT sum({one}) FROM account_balance") == amount
    assert aged.drifts() == []
    for org_id in (ORG, ORG + 1):
        assert verification.verify(aged.database, org_id).problems == []
    again = archive.make(aged.database, tmp_path / "again", 2019, NOW)
    assert (again.documents, again.entries) == (8, 0)


def test_entries_go_on_where_they_were(aged: Store, tmp_path: Path) -> None:
    last = aged.scalar(f"SELECT max(entry_id) FROM audit_log WHERE org_id = {ORG}")
    archive.make(aged.database, tmp_path / "archive", 2019, NOW)
    assert aged.scalar(f"SELECT max(entry_id) FROM audit_log WHERE org_id = {ORG}") == last + 1


def test_the_file_says_it_in_plain_words(aged: Store, tmp_path: Path) -> None:
    archive.make(aged.database, tmp_path / "archive", 2019, NOW)
    raw = (tmp_path / "archive" / "org-1" / "audit.jsonl.zst").read_bytes()
    lines = zstandard.ZstdDecompressor().stream_reader(raw).read().splitlines()
    first = json.loads(lines[0])
    assert (first["action"], first["before"], first["after"], first["year"]) == ("price", "100", "120", 2017)


def test_every_column_of_an_entry_is_in_the_archive(aged: Store, tmp_path: Path) -> None:
    """Read from the table by itself: what writes an archive and what checks it must not share an omission."""
    with aged.database.write() as connection:
        audit.write(
            connection,
            org_id=ORG,
            at=OLD.replace(microsecond=123_456),
            terminal_no=TILL,
            person_id=7,
            address="192.0.2.7",
            action="price",
            subject="product 9",
            before="0712 345678",
            after="0798 765432",
        )
    with aged.database.read() as connection:
        found = connection.execute(
            text("SELECT * FROM audit_log WHERE org_id = :org AND year = 2017 ORDER BY entry_id"),
            {"org": ORG},
        )
        rows = [dict(row) for row in found.mappings()]
    archive.make(aged.database, tmp_path / "archive", 2019, NOW)
    records = list(archive_file.read(tmp_path / "archive" / "org-1" / "audit.jsonl.zst"))
    # What has no value is written so, but for what few entries have, and the folder says whose it is.
    for row, record in zip(rows, records, strict=True):
        wanted = {name: value for name, value in row.items() if name not in ("org_id", "before", "after")}
        wanted["at"] = wanted["at"].astimezone(UTC).isoformat()
        rare = dict.fromkeys(("origin_no", "row_key", "row_hash"))
        assert rare | record == wanted | {name: record[name] for name in ("before", "after")}
    last = records[-1]
    assert (last["before"], last["after"]) == ("0712 345678", "0798 765432")
    assert (last["person_id"], last["address"], last["subject"]) == (7, "192.0.2.7", "product 9")


def test_what_is_let_go_lies_on_the_disk(
    aged: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file and every folder that names one was synced when the years left the database."""
    synced: set[int] = set()
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    folder = tmp_path / "archive"
    archive.make(aged.database, folder, 2019, NOW)
    missing = [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_ino not in synced]
    assert missing == []


def test_what_is_younger_than_seven_years_stays(aged: Store, tmp_path: Path) -> None:
    with refused("archive-too-young"):
        archive.make(aged.database, tmp_path / "archive", 2020, NOW)
    assert not (tmp_path / "archive").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with refused("archive-folder-not-empty"):
        archive.make(aged.database, tmp_path / "full", 2019, NOW)


def test_nothing_goes_when_the_archive_is_not_what_the_books_hold(
    aged: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = archive_file.write_manifest

    def damaging(folder: Path, manifest: dict[str, Any], signer: Signing | None) -> None:
        written(folder, manifest, signer)
        path = folder / manifest["organisations"][0]["audit"]["file"]
        path.write_bytes(path.read_bytes()[:-3])

    monkeypatch.setattr(archive_file, "write_manifest", damaging)
    with damaged("archive-not-the-database"):
        archive.make(aged.database, tmp_path / "archive", 2019, NOW)
    assert 2017 in years_of_audit(aged)


def rewrite(path: Path, change: Any) -> None:
    """Change the lines of a file of an archive, and the manifest's digest with it."""
    records = [change(number, record) for number, record in enumerate(archive_file.read(path))]
    path.unlink()
    with archive_file.Writer(path) as writer:
        for record in records:
            if record is not None:
                writer.write(record)
    folder = path.parent.parent
    manifest = json.loads((folder / "manifest.json").read_text())
    for one in manifest["organisations"]:
        for said in (one["documents"], one["audit"]):
            if folder / said["file"] == path:
                said |= {"sha256": archive_file.sha256(path), "count": writer.count}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda n, r: r | {"body": r["body"].replace("15000", "15001", 1)} if n == 1 else r,
            "hash of its bytes",
        ),
        (lambda n, r: None if n == 1 else r, "is missing"),
        (lambda n, r: r | {"posting_digest": "00" * 32} if n == 0 else r, "posts other lines"),
        (lambda n, r: None if n == 3 else r, "do not end where"),
        (lambda n, r: r | {"hash": "00" * 32} if n == 0 else r, "does not follow"),
    ],
)
def test_a_changed_archive_is_found_out(aged: Store, tmp_path: Path, change: Any, said: str) -> None:
    folder = tmp_path / "archive"
    archive.make(aged.database, folder, 2019, NOW)
    rewrite(folder / "org-1" / "documents.jsonl.zst", change)
    finding = archive_check.check(folder)
    assert any(said in problem for problem in finding.problems), finding.problems


def test_an_archive_of_other_books_is_found_out(aged: Store, tmp_path: Path) -> None:
    """Whole in itself, but not the history that the centre has."""
    folder = tmp_path / "archive"
    archive.make(aged.database, folder, 2019, NOW)
    with aged.database.write() as connection:
        connection.execute(text("ALTER TABLE document DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE document SET hash = prev_hash WHERE seq = 4 AND org_id = 2"))
    finding = archive.check(folder, aged.database)
    assert finding.problems == ["The chain of terminal 2/3 is not the one in the books at 4."]


def test_a_file_that_is_gone_is_found_out(aged: Store, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive.make(aged.database, folder, 2019, NOW)
    shutil.copytree(folder, tmp_path / "other")
    (tmp_path / "other" / "org-2" / "audit.jsonl.zst").unlink()
    assert any("cannot be read" in one for one in archive_check.check(tmp_path / "other").problems)
    (tmp_path / "other" / "manifest.json").unlink()
    with refused("not-an-archive"):
        archive_check.check(tmp_path / "other")


def signing_with(key: bytes) -> Signing:
    return Signing(lambda: Ed25519PrivateKey.from_private_bytes(key))


def codes(finding: archive_check.Finding) -> list[str]:
    return [getattr(one, "code", "") for one in finding.problems]


def test_an_archive_is_the_centres_by_its_signature(aged: Store, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    aged.database.sign_with(signing_with(b"1" * 32))
    assert archive.make(aged.database, folder, 2019, NOW).signed_by == signing_with(b"1" * 32).public_key()
    assert codes(archive.check(folder, aged.database)) == []
    # Written anew, every digest right, by somebody with a key of their own.
    written = (folder / archive_file.MANIFEST).read_bytes()
    (folder / archive_file.MANIFEST).write_bytes(written.replace(b"Depot 1", b"Depot X"))
    assert "archive-signature-wrong" in codes(archive_check.check(folder))
    manifest = archive_file.read_manifest(folder)
    archive_file.write_manifest(folder, manifest, signing_with(b"2" * 32))
    assert codes(archive_check.check(folder)) == [], "whose it is, only the centre's own key says"
    assert "archive-of-another-key" in codes(archive.check(folder, aged.database))
    (folder / archive_signature.FILE).write_text("{}")
    assert "archive-signature-wrong" in codes(archive_check.check(folder))
    (folder / archive_signature.FILE).unlink()
    assert archive_check.check(folder).signed_by is None
    assert "archive-unsigned" in codes(archive.check(folder, aged.database))


def test_what_leaves_was_signed_and_its_digests_stay(aged: Store, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive.make(aged.database, folder, 2019, NOW)
    assert verification.verify(aged.database, ORG).problems == []
    assert archive.check(folder, aged.database).ok

    def of_others(entries: list[dict[str, Any]]) -> None:
        entries[0]["after"] = "what was not"

    rewrite_audit(folder, of_others)
    found = archive.check(folder, aged.database)
    assert "archive-audit-not-signed" in [getattr(one, "code", "") for one in found.problems]


def rewrite_audit(folder: Path, edit: Any) -> None:
    """By somebody who writes the file and the manifest anew."""
    name = "org-1/audit.jsonl.zst"
    entries = list(archive_file.read(folder / name))
    edit(entries)
    (folder / name).unlink()
    with archive_file.Writer(folder / name) as file:
        for one in entries:
            file.write(one)
    manifest = archive_file.read_manifest(folder)
    for part in manifest["organisations"]:
        if part["audit"]["file"] == name:
            part["audit"]["sha256"] = archive_file.sha256(folder / name)
    (folder / archive_file.MANIFEST).unlink()
    archive_file.write_manifest(folder, manifest)


def test_a_note_of_an_archive_that_the_centre_did_not_sign_explains_nothing(
    aged: Store, tmp_path: Path
) -> None:
    archive.make(aged.database, tmp_path / "archive", 2019, NOW)
    with aged.database.write() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        newest = connection.scalar(text("SELECT max(entry_id) FROM audit_log WHERE org_id = 1"))
        connection.execute(
            text("DELETE FROM audit_log WHERE org_id = 1 AND entry_id <= :last"), {"last": newest}
        )
        audit.write(
            connection,
            org_id=ORG,
            at=NEW,
            terminal_no=TILL,
            action="archive",
            subject="/x",
            before=f"{newest} 00",
        )
    codes = {getattr(one, "code", "") for one in verification.verify(aged.database, ORG).problems}
    assert "audit-entry-missing" in codes
