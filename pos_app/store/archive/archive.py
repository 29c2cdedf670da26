"""The archive: years that need not be kept at hand, written out, read back, and then let go.

Documents are written out and stay; the audit log's years are written out and go.

Decisions
---------
2026-11-20  Nothing of the ledger is detached.  Every balance is the sum of all its lines and can be
recomputed at any time; a void or a refund of an old receipt, “was this code used before”, the uniqueness
of request and number and the chain from its beginning all need the rows.  To detach lines, the truth of
each balance would hold a sum that nobody can check any more against the database.  Disk is the cheaper
part: at 5.5 kB a document, ten depots of 500 sales a day make 70 GB in seven years.  Whoever must save
it moves an old year's partitions to slower disks (`ALTER TABLE journal_line_2019 SET TABLESPACE slow`).
The audit log is no sum of anything, grows with every glance, and is what the seven years are about: its
partitions are detached and dropped.

2026-11-20  Documents are exported from the beginning of every terminal's chain to its last one of before
the year, so that the chain in the archive can be followed from its genesis without the database.

2026-11-20  Seven years: what the requirement says (R11).  Kenya's Tax Procedures Act, 2015, s. 23(1)(c),
asks for five years from the end of the reporting period; whoever must keep longer names an earlier year.

The files hold codes and telephone numbers in plain, for the reader in ten years who has no key; they are
0600 in a folder of 0700.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import audit_chain
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO, document_key
from pos_app.ledger.errors import Damaged, Refused
from pos_app.store.archive import archive_check, archive_file
from pos_app.store.archive.archive_check import Finding
from pos_app.store.documents import audit, audit_archived, audit_rows, audit_runs
from pos_app.store.engine import privacy, signing
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.schema import trail_begin
from pos_app.store.tables.tables import audit_log

#: How many whole years stay at hand.
KEPT_YEARS: Final = 7
_BATCH: Final = 1_000


def latest_before(today: datetime) -> int:
    """The latest year that may be named: everything before it is more than seven years over."""
    return today.year - KEPT_YEARS


def make(database: Database, folder: Path, before: int, clock: Clock) -> Finding:
    """Write everything of before a year into a new folder, read it back, hold it against the database,
    and only then let the audit log's years go.

    `database` is the owner's.  Raises `Refused` for a year that must stay at hand or a folder that is
    not empty, `Damaged` when what was read back is not what the database holds: then all stays.
    """
    if before > latest_before(clock.now()):
        raise Refused("archive-too-young", years=KEPT_YEARS, latest=latest_before(clock.now()))
    archive_file.begin(folder)
    with database.read() as connection:
        ids = organisations.all_ids(connection)
        written = [_write(connection, folder, org_id, before) for org_id in ids]
        years = _audit_years(connection, before)
    archive_file.write_manifest(
        folder,
        {"before": before, "made_at": clock.now().isoformat(), "organisations": written},
        signing.of(database.engine),
    )
    finding = check(folder, database)
    if not finding.ok:
        raise Damaged("archive-not-the-database", folder=folder, problem=finding.problems[0])
    _let_go(database, folder, written, years, clock)
    return finding


def check(folder: Path, database: Database | None = None) -> Finding:
    """Read an archive back; with the owner's database, hold it against that too.

    Audit entries that have left the database are checked against the manifest alone.
    """
    signer = None if database is None else signing.of(database.engine)
    finding = archive_check.check(folder, b"" if signer is None else signer.public_key())
    if database is None:
        return finding
    for one in archive_file.read_manifest(folder)["organisations"]:
        org_id = int(one["org_id"])
        with database.read() as connection:
            for sentence in _compare_heads(connection, org_id, finding.heads.get(org_id, {})):
                finding.complain(sentence)
            for sentence in (
                *_compare_audit(connection, folder, one),
                *_compare_runs(connection, folder, one),
            ):
                finding.complain(sentence)
    return finding


# --- writing ------------------------------------------------------------------------------------------


def _write(connection: Connection, folder: Path, org_id: int, before: int) -> dict[str, Any]:
    """Write one organisation's files; gives what the manifest says of them."""
    place = Path(f"org-{org_id}")
    found = organisations.get(connection, org_id)
    ends = last_of_before(connection, org_id, before)
    heads: dict[str, tuple[int, str]] = {}
    with archive_file.Writer(folder / place / "documents.jsonl.zst") as documents:
        for terminal_no, seq in sorted(ends.items()):
            for record in _documents(connection, org_id, terminal_no, seq):
                documents.write(record)
                heads[str(terminal_no)] = (int(record["seq"]), str(record["hash"]))
    years: dict[str, int] = {}
    with archive_file.Writer(folder / place / "audit.jsonl.zst") as entries:
        for record in _entries(connection, org_id, before):
            entries.write(record)
            years[str(record["year"])] = years.get(str(record["year"]), 0) + 1
    return {
        "org_id": org_id,
        "name": found.name if found else "",
        "documents": {
            **_said(folder, place, documents),
            "heads": heads,
            "absent": _absent(connection, org_id, ends),
        },
        "audit": {**_said(folder, place, entries), "years": years},
    }


def _said(folder: Path, place: Path, writer: archive_file.Writer) -> dict[str, Any]:
    return {
        "file": str(place / writer.path.name),
        "count": writer.count,
        "sha256": archive_file.sha256(folder / place / writer.path.name),
    }


def last_of_before(connection: Connection, org_id: int, before: int) -> dict[int, int]:
    """Each terminal's last sequence of before a year (UTC)."""
    rows = connection.execute(
        text(
            "SELECT terminal_no, max(seq) FROM document WHERE org_id = :org AND occurred_at < :end"
            " GROUP BY terminal_no"
        ),
        {"org": org_id, "end": datetime(before, 1, 1, tzinfo=UTC)},
    )
    return {int(row[0]): int(row[1]) for row in rows}


def _documents(connection: Connection, org_id: int, terminal_no: int, last: int) -> Iterator[dict[str, Any]]:
    """A terminal's chain from its beginning."""
    private = privacy.of(connection)
    after, end = document_key(terminal_no, 0), document_key(terminal_no, last)
    while True:
        rows = connection.execute(
            text(
                "SELECT document_id, seq, prev_hash, hash, posting_digest, body FROM document"
                " WHERE org_id = :org AND document_id > :after AND document_id <= :end"
                " ORDER BY document_id LIMIT :most"
            ),
            {"org": org_id, "after": after, "end": end, "most": _BATCH},
        ).all()
        for row in rows:
            hashes = (bytes(row.prev_hash), bytes(row.hash), bytes(row.posting_digest))
            body = private.decrypt_bytes(org_id, bytes(row.body))
            yield archive_file.document_record(terminal_no, int(row.seq), hashes, body)
        if len(rows) < _BATCH:
            return
        after = int(rows[-1].document_id)


def _absent(connection: Connection, org_id: int, ends: dict[int, int]) -> list[tuple[int, int, str]]:
    """What lies in quarantine under sequences that the archive reaches: the only gaps of a chain."""
    rows = connection.execute(
        text(
            "SELECT terminal_no, seq, hash FROM quarantine WHERE org_id = :org"
            " ORDER BY terminal_no, seq, hash"
        ),
        {"org": org_id},
    )
    return [
        (int(row.terminal_no), int(row.seq), bytes(row.hash).hex())
        for row in rows
        if row.seq <= ends.get(row.terminal_no, 0)
    ]


_COLUMNS: Final = tuple(column.name for column in audit_log.columns if column.name != "org_id")
_RARE: Final = frozenset({"origin_no", "row_key", "row_hash"})


def _entries(connection: Connection, org_id: int, before: int) -> Iterator[dict[str, Any]]:
    """The audit log of before a year, opened, in the order in which it was written."""
    private = privacy.of(connection)
    after = 0
    while True:
        rows = (
            connection.execute(
                text(
                    f"SELECT {', '.join(_COLUMNS)} FROM audit_log WHERE org_id = :org AND year < :before"
                    " AND entry_id > :after ORDER BY entry_id LIMIT :most"
                ),
                {"org": org_id, "before": before, "after": after, "most": _BATCH},
            )
            .mappings()
            .all()
        )
        for row in rows:
            opened = {name: audit_rows.decrypted(private, org_id, row[name]) for name in ("before", "after")}
            # What few entries have, and none in the archives of before there was such a thing.
            record = {name: value for name, value in row.items() if name not in _RARE or value is not None}
            yield {**record, **opened, "at": row["at"].astimezone(UTC).isoformat()}
        if len(rows) < _BATCH:
            return
        after = int(rows[-1]["entry_id"])


# --- holding it against the database ------------------------------------------------------------------


def _compare_heads(connection: Connection, org_id: int, heads: dict[int, tuple[int, str]]) -> Iterator[str]:
    """Whether the chains of the archive are the beginnings of those in the books.

    A hash binds all before it, so the last one's is enough; the count is, against a row too many.
    """
    for terminal_no, (seq, hash_) in heads.items():
        found = connection.execute(
            text("SELECT hash FROM document WHERE org_id = :org AND document_id = :key"),
            {"org": org_id, "key": document_key(terminal_no, seq)},
        ).scalar_one_or_none()
        if found is None or bytes(found).hex() != hash_:
            yield said("archive-chain-differs", organisation=org_id, terminal=terminal_no, seq=seq)


def _compare_audit(connection: Connection, folder: Path, part: dict[str, Any]) -> Iterator[str]:
    """Whether the entries that are still in the database are those of the archive, one by one."""
    org_id, years = int(part["org_id"]), part["audit"]["years"]
    before = max((int(year) for year in years), default=0) + 1
    here = _entries(connection, org_id, before)
    first = next(here, None)
    if first is None:
        return
    archived = (
        record
        for record in archive_file.read(folder / part["audit"]["file"])
        if record["entry_id"] >= first["entry_id"]
    )
    for entry, record in itertools.zip_longest(itertools.chain([first], here), archived):
        if entry != record:
            number = (entry or record or {}).get("entry_id")
            yield said("archive-audit-differs", entry=number, organisation=org_id)
            return


def _compare_runs(connection: Connection, folder: Path, part: dict[str, Any]) -> Iterator[str]:
    """Whether each archived entry is the one whose digest the centre signed; what is older has none.

    Whether the runs themselves hold is what `bohari verify` asks.
    """
    org_id = int(part["org_id"])
    run: audit_runs.Run | None = None
    for record in archive_file.read(folder / part["audit"]["file"]):
        number = int(record["entry_id"])
        if run is None or not run.first <= number <= run.last:
            run = next(iter(audit_runs.after(connection, org_id, SERVER_TERMINAL_NO, number - 1, 1)), None)
        if run is None or number < run.first:
            continue
        if audit_rows.digest_of_record(org_id, record) != audit_chain.cut(run.digests)[number - run.first]:
            yield said("archive-audit-not-signed", entry=number, organisation=org_id)


# --- letting go ---------------------------------------------------------------------------------------


def _audit_years(connection: Connection, before: int) -> list[int]:
    """The years of before this one that have a partition of the audit log."""
    names = connection.scalars(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_log'::regclass")
    )
    years = (int(name.rsplit("_", 1)[1]) for name in names)
    return sorted(year for year in years if year < before)


def _let_go(
    database: Database, folder: Path, written: list[dict[str, Any]], years: list[int], clock: Clock
) -> None:
    """Note the archive in the audit log, and drop the years' partitions of it, in one transaction."""
    digest = archive_file.sha256(folder / archive_file.MANIFEST)
    for one in written:
        # What leaves is bound before it does: its digests stay.
        audit_runs.sign_rest(database, int(one["org_id"]))
    with database.write() as connection:
        # The note first: the numbering of entries goes on from the newest one that stands.
        for one in written:
            if one["documents"]["count"] or one["audit"]["count"]:
                audit.write(
                    connection,
                    org_id=int(one["org_id"]),
                    at=clock.now(),
                    terminal_no=SERVER_TERMINAL_NO,
                    action=audit_archived.ACTION,
                    subject=str(folder),
                    before=_moved(connection, one, years),
                    after=digest,
                )
            trail_begin.carry_over(connection, int(one["org_id"]), years)
        for year in years:
            partition = f"audit_log_{year:04d}"
            connection.execute(text(f"LOCK TABLE {partition} IN ACCESS EXCLUSIVE MODE"))
            count = connection.scalar(text(f"SELECT count(*) FROM {partition}"))
            wanted = sum(one["audit"]["years"].get(str(year), 0) for one in written)
            if count != wanted:
                raise Refused("audit-log-changed", year=year)
            connection.execute(text(f"ALTER TABLE audit_log DETACH PARTITION {partition}"))
            connection.execute(text(f"DROP TABLE {partition}"))


def _moved(connection: Connection, part: dict[str, Any], years: list[int]) -> str:
    """What the note says of the entries of these years, which go; empty when there is none."""
    org_id = int(part["org_id"])
    last = connection.scalar(
        text("SELECT max(entry_id) FROM audit_log WHERE org_id = :org AND year = ANY (:years)"),
        {"org": org_id, "years": years},
    )
    return "" if last is None else audit_archived.told(connection, org_id, int(last))
