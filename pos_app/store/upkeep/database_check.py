"""What Postgres itself says of the central database: indexes, bloat, old transactions, the feed, partitions.

Reads the catalogue and the statistics, changes nothing.  A finding is `ok`; or it *may* be looked at
one day (an index that nothing used so far); or it *must* be done, with the words that do it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from pos_app.store.feed import ahead
from pos_app.store.schema import partitions
from pos_app.store.schema.tenancy import tables

#: A transaction older than this keeps rows from the tills, and dead rows from being cleared away.
OLD_TRANSACTION_S: Final = 300
#: How long rows may wait for an older transaction before a person should look.
FEED_LAG_S: Final = 60
#: Statistics younger than this say nothing of what is unused.
_TRIED_DAYS: Final = 7
_LARGE_ROWS: Final = 10_000
_BLOAT_RATIO: Final = 2
_BLOAT_BYTES: Final = 50_000_000
#: Postgres stops taking writes at two thousand millions; autovacuum should freeze at two hundred.
_OLD_FREEZE: Final = 1_000_000_000

OK: Final = "ok"
MAY: Final = "may"
MUST: Final = "must"


class Finding(NamedTuple):
    """One thing looked at: `level` is "ok", "may" or "must"."""

    name: str
    level: str
    sentence: str


def findings(connection: Connection, today: datetime) -> list[Finding]:
    """Look at everything; by the owner of the database."""
    looks = {
        "invalid indexes": _invalid(connection),
        "missing indexes": _missing(connection),
        "duplicate indexes": _duplicates(connection),
        "unused indexes": _unused(connection),
        "sequential scans": _scanned(connection),
        "partitions ahead": _partitions(connection, today),
        "bloat": _bloat(connection),
        "oldest transaction": _transactions(connection),
        "feed": _feed(connection),
        "transaction numbers": _freeze(connection),
        "unsealed": _unsealed(connection),
        "checksums": _checksums(connection),
    }
    found = []
    for name, told in looks.items():
        known = [Finding(name, level, sentence) for level, sentence in told]
        found += known or [Finding(name, OK, "Nothing to do.")]
    return found


Told = Iterator[tuple[str, str]]


# --- indexes ------------------------------------------------------------------------------------------


def _invalid(connection: Connection) -> Told:
    """A CREATE INDEX CONCURRENTLY that failed, or a partition that lacks its table's index."""
    rows = connection.scalars(
        text(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
            " WHERE c.relnamespace = 'public'::regnamespace"
            " AND NOT (i.indisvalid AND i.indisready) ORDER BY 1"
        )
    )
    for name in rows:
        yield MUST, f"The index {name} is not valid: no query uses it. REINDEX INDEX CONCURRENTLY {name};"


def _missing(connection: Connection) -> Told:
    """Declared indexes that do not stand, and foreign keys that no index leads."""
    standing = set(
        connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('i', 'I')"
                " AND c.relnamespace = 'public'::regnamespace"
            )
        )
    )
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in tables():
        for index in table.indexes:
            # An index of the till alone says so itself (`ddl_if`).
            condition = index._ddl_if
            if index.name in standing or (condition is not None and condition.dialect != dialect.name):
                continue
            yield MUST, f"The index {index.name} of {table.name} is missing; make it as the migrations do."
    rows = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint k WHERE contype = 'f'"
            " AND connamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_index i"
            " WHERE i.indrelid = k.conrelid AND i.indpred IS NULL"
            " AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)] @> k.conkey)"
        )
    )
    for table_name, name in rows:
        yield MUST, f"The foreign key {name} of {table_name} has no index: each change above it reads all."


def _duplicates(connection: Connection) -> Told:
    """Two indexes over the same columns in the same order; one that only begins another."""
    rows = connection.execute(
        text(
            "SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text, a.indnatts = b.indnatts"
            " FROM pg_index a JOIN pg_index b ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid"
            " JOIN pg_class c ON c.oid = a.indrelid JOIN pg_class x ON x.oid = a.indexrelid"
            " JOIN pg_class y ON y.oid = b.indexrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND NOT a.indisunique"
            " AND x.relam = y.relam AND a.indexprs IS NULL AND b.indexprs IS NULL"
            " AND coalesce(a.indpred::text, '') = coalesce(b.indpred::text, '')"
            " AND b.indkey::text || ' ' LIKE a.indkey::text || ' %'"
            " AND b.indclass::text || ' ' LIKE a.indclass::text || ' %'"
            " AND (a.indnatts < b.indnatts OR b.indisunique OR a.indexrelid > b.indexrelid) ORDER BY 1, 2"
        )
    )
    for name, other, same in rows:
        if same:
            yield MUST, f"{name} is the same as {other}: every write pays twice. DROP INDEX {name};"
        else:
            yield MAY, f"{name} only begins {other}; the longer one may do for both."


def _unused(connection: Connection) -> Told:
    tried_days = connection.scalar(
        text(
            "SELECT extract(epoch FROM now() - coalesce(d.stats_reset, pg_postmaster_start_time())) / 86400"
            " FROM pg_stat_database d WHERE d.datname = current_database()"
        )
    )
    if tried_days is None or tried_days < _TRIED_DAYS:
        return
    rows = connection.execute(
        text(
            "SELECT s.indexrelid::regclass::text, pg_relation_size(s.indexrelid) FROM pg_stat_user_indexes s"
            " JOIN pg_index i ON i.indexrelid = s.indexrelid JOIN pg_class c ON c.oid = s.relid"
            " WHERE s.idx_scan = 0 AND NOT i.indisunique AND c.reltuples >= :rows ORDER BY 2 DESC"
        ),
        {"rows": _LARGE_ROWS},
    )
    for name, size in rows:
        yield MAY, f"Nothing used {name} ({size // 1_000_000:,} MB) in {int(tried_days)} days."


def _scanned(connection: Connection) -> Told:
    """Large tables that are read from end to end more often than through an index."""
    rows = connection.execute(
        text(
            "SELECT s.relname, s.seq_scan, coalesce(s.idx_scan, 0), c.reltuples::bigint"
            " FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid"
            " WHERE c.reltuples >= :rows AND s.seq_scan > 100 AND s.seq_scan > coalesce(s.idx_scan, 0)"
            " ORDER BY s.seq_tup_read DESC"
        ),
        {"rows": 10 * _LARGE_ROWS},
    )
    for name, whole, indexed, count in rows:
        yield (
            MAY,
            (
                f"{name} ({count:,} rows) was read from end to end {whole:,} times, "
                f"through an index {indexed:,} times; one may be missing."
            ),
        )


def _checksums(connection: Connection) -> Told:
    """Whether a page that the disk changed is noticed, and whether one was."""
    if connection.scalar(text("SHOW data_checksums")) != "on":
        yield MUST, "Pages have no checksums: damage is read as data. Stop it, pg_checksums --enable."
    failures = connection.scalar(
        text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
    )
    if failures:
        yield MUST, f"{failures} pages had a wrong checksum: look at the disk, restore the newest backup."


# --- space and partitions -----------------------------------------------------------------------------


def _partitions(connection: Connection, today: datetime) -> Told:
    absent = partitions.missing(connection, partitions.wanted(today))
    if absent:
        yield MUST, f"{', '.join(absent)} is not made yet; start the server, which makes it."


def _bloat(connection: Connection) -> Told:
    """Tables that take far more pages than their rows would, by the statistics' widths."""
    rows = connection.execute(
        text(
            "SELECT w.relname, w.size, w.wanted FROM (SELECT c.relname, pg_relation_size(c.oid) AS size,"
            " (c.reltuples * (28 + (SELECT sum(avg_width * (1 - null_frac)) FROM pg_stats p"
            " WHERE p.schemaname = 'public' AND p.tablename = c.relname)))::bigint AS wanted"
            " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND c.reltuples > 0) AS w WHERE w.size > :ratio * w.wanted AND w.size - w.wanted > :bytes"
            " ORDER BY w.size - w.wanted DESC"
        ),
        {"ratio": _BLOAT_RATIO, "bytes": _BLOAT_BYTES},
    )
    for name, size, wanted in rows:
        yield (
            MAY,
            (
                f"{name} takes {size // 1_000_000:,} MB for rows of about {wanted // 1_000_000:,} MB; "
                f"VACUUM (FULL) {name}; or pg_repack, in a quiet hour."
            ),
        )


# --- transactions and the feed ------------------------------------------------------------------------


def _oldest_s(connection: Connection) -> tuple[float, str]:
    """The age of the oldest open transaction or snapshot in seconds, and who holds it."""
    row = connection.execute(
        text(
            "SELECT age, who FROM (SELECT extract(epoch FROM now() - xact_start) AS age,"
            " 'process ' || pid || ' (' || coalesce(nullif(application_name, ''), usename) || ')' AS who"
            " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND xact_start IS NOT NULL AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)"
            " UNION ALL SELECT extract(epoch FROM now() - prepared), 'prepared transaction ' || gid"
            " FROM pg_prepared_xacts WHERE database = current_database()) AS open ORDER BY age DESC LIMIT 1"
        )
    ).one_or_none()
    return (0.0, "") if row is None else (float(row.age), str(row.who))


def _transactions(connection: Connection) -> Told:
    age, who = _oldest_s(connection)
    if age > OLD_TRANSACTION_S:
        yield (
            MUST,
            (
                f"{who} has a transaction open for {age:,.0f} s: tills get nothing newer, nothing is "
                "cleared away. End it, with pg_terminate_backend if need be."
            ),
        )
    else:
        yield OK, f"The oldest open transaction is {age:,.0f} s old."
    slots = connection.execute(
        text(
            "SELECT slot_name, active, age(xmin) FROM pg_replication_slots"
            " WHERE xmin IS NOT NULL OR NOT active"
        )
    )
    for name, active, held in slots:
        if not active:
            yield (
                MUST,
                f"Nobody reads the replication slot {name}: it fills the disk. Drop it or start a reader.",
            )
        elif held is not None and held > 1_000_000:
            yield MAY, f"The replication slot {name} holds back {held:,} transactions."


def _feed(connection: Connection) -> Told:
    """Rows that are committed and wait for an older transaction before the tills may have them."""
    names = ahead.stamped()
    horizon, following = connection.execute(
        text(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        )
    ).one()
    newest = max(
        int(connection.scalar(text(f"SELECT coalesce(max(stamp), 0) FROM {name}")) or 0) for name in names
    )
    behind = max(0, newest - horizon + 1) if newest >= horizon else 0
    age, who = _oldest_s(connection)
    if newest >= following:
        yield MUST, "Rows came from another database and are hidden from the tills: “bohari db new-life”."
    elif behind and age > FEED_LAG_S:
        yield MUST, f"The tills wait for {behind:,} transactions behind {who}, open for {age:,.0f} s; end it."
    else:
        yield OK, f"Newest stamp {newest:,}, the tills may read below {horizon:,}: {behind:,} behind."


def _freeze(connection: Connection) -> Told:
    sql = "SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()"
    age = int(connection.scalar(text(sql)) or 0)
    if age > _OLD_FREEZE:
        yield MUST, f"The oldest row is {age:,} transactions old; VACUUM (FREEZE); before Postgres stops."


def _unsealed(connection: Connection) -> Told:
    left = int(connection.scalar(text("SELECT count(*) FROM unsealed")) or 0)
    if left:
        yield MUST, f"{left} parts of documents were committed without their seal; run “bohari verify”."
