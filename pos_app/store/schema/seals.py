"""What the database itself forbids, as generated triggers: unbalanced, changed and orphaned rows.

Triggers are derived from the declarations, so migrations never edit one: after every upgrade all
are dropped and made again (`rebuild`).
"""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.store.schema import tenancy, trail
from pos_app.store.side import on_till
from pos_app.store.tables import projections
from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.tables import BY_YEAR, PARTS, audit_log, document

_SEALED: Final = "a sealed document cannot be changed; record a reversal"
_UNBALANCED: Final = "the journal lines of a document must sum to zero in every business and currency"
_INCOMPLETE: Final = "a document must be sealed with all its lines"
_CHAIN: Final = "a document must follow the one before it in the chain"
_ORPHAN: Final = "lines without a sealed document cannot be committed"
_AUDIT: Final = "the audit log cannot be changed"

_COUNTS: Final = {
    "journal_line": "line_count",
    "stock_move": "move_count",
    "document_line": "item_count",
    "tender": "tender_count",
    "open_item": "open_count",
    "cost_line": "cost_count",
}


# --- SQLite ---------------------------------------------------------------------------------------


def _sqlite_frozen(table: str, message: str) -> list[str]:
    return [
        f"CREATE TRIGGER seal_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def sqlite_statements() -> list[str]:
    """All triggers of a till's database."""
    statements = []
    for part in PARTS:
        statements.append(
            f"CREATE TRIGGER seal_{part.name}_insert BEFORE INSERT ON {part.name}\n"
            f"WHEN EXISTS (SELECT 1 FROM document WHERE org_id = NEW.org_id"
            f" AND document_id = NEW.document_id)\n"
            f"BEGIN SELECT RAISE(ABORT, '{_SEALED}'); END"
        )
        statements += _sqlite_frozen(part.name, _SEALED)
        statements += projections.sqlite_triggers(part)
    own = "org_id = NEW.org_id AND document_id = NEW.document_id"
    counts = "\n".join(
        f"  SELECT RAISE(ABORT, '{_INCOMPLETE}') WHERE"
        f" (SELECT count(*) FROM {table} WHERE {own}) <> NEW.{column};"
        for table, column in _COUNTS.items()
    )
    statements.append(
        "CREATE TRIGGER seal_document_insert BEFORE INSERT ON document\n"
        "BEGIN\n"
        # INSERT OR REPLACE would delete the old row without firing a delete trigger.
        f"  SELECT RAISE(ABORT, '{_SEALED}') WHERE EXISTS (SELECT 1 FROM document WHERE {own});\n"
        f"  SELECT RAISE(ABORT, '{_SEALED}') WHERE EXISTS (SELECT 1 FROM document"
        "  WHERE org_id = NEW.org_id AND request_id = NEW.request_id);\n"
        f"  SELECT RAISE(ABORT, '{_SEALED}') WHERE EXISTS (SELECT 1 FROM document"
        "  WHERE org_id = NEW.org_id AND terminal_no = NEW.terminal_no"
        "  AND series = NEW.series AND number = NEW.number);\n"
        f"  SELECT RAISE(ABORT, '{_SEALED}') WHERE NEW.reverses_id IS NOT NULL AND EXISTS\n"
        "    (SELECT 1 FROM document WHERE org_id = NEW.org_id AND reverses_id = NEW.reverses_id);\n"
        f"  SELECT RAISE(ABORT, '{_UNBALANCED}') WHERE EXISTS (SELECT 1 FROM journal_line WHERE {own}\n"
        "    GROUP BY business_id, currency HAVING SUM(amount) <> 0);\n"
        f"  SELECT RAISE(ABORT, '{_UNBALANCED}') WHERE EXISTS (SELECT 1 FROM journal_line WHERE {own}\n"
        "    GROUP BY business_id HAVING SUM(base_amount) <> 0);\n"
        f"{counts}\n"
        f"  SELECT RAISE(ABORT, '{_CHAIN}') WHERE NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM document\n"
        "    WHERE org_id = NEW.org_id AND document_id = NEW.document_id - 1 AND hash = NEW.prev_hash);\n"
        "END"
    )
    statements += _sqlite_frozen(document.name, _SEALED)
    statements.append(
        f"CREATE TRIGGER seal_audit_log_insert BEFORE INSERT ON {audit_log.name}\n"
        f"WHEN EXISTS (SELECT 1 FROM {audit_log.name} WHERE org_id = NEW.org_id"
        f" AND entry_id = NEW.entry_id)\n"
        f"BEGIN SELECT RAISE(ABORT, '{_AUDIT}'); END"
    )
    statements += _sqlite_frozen(audit_log.name, _AUDIT)
    return statements


# --- Postgres -------------------------------------------------------------------------------------


def _postgres_refusal(name: str, message: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _postgres_frozen(table: str, function: str) -> list[str]:
    return [
        # Row triggers reach every partition, present and to come, and cost an insert nothing.
        f"CREATE TRIGGER seal_{table}_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE TRIGGER seal_{table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


def _postgres_part(table: str, additions: str) -> list[str]:
    """Insert trigger of a part: not under a sealed document; projections; sealed before commit."""
    return [
        f"CREATE FUNCTION seal_{table}_inserted() RETURNS trigger LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "DECLARE touched record;\n"
        "BEGIN\n"
        "  FOR touched IN SELECT org_id, year, min(document_id) AS low,\n"
        "                 max(document_id) AS high,\n"
        "                 array_agg(DISTINCT document_id ORDER BY document_id) AS ids\n"
        "                 FROM new_rows GROUP BY org_id, year LOOP\n"
        f"    {tenancy.refuses_others('touched.org_id')}"
        # New documents lie beyond all others of their terminal: one look says that there are none.
        "    IF EXISTS (SELECT 1 FROM document WHERE org_id = touched.org_id\n"
        "               AND document_id BETWEEN touched.low AND touched.high)\n"
        "       AND EXISTS (SELECT 1 FROM document WHERE org_id = touched.org_id\n"
        "               AND document_id = ANY (touched.ids)) THEN\n"
        f"      RAISE EXCEPTION '{_SEALED}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        "    INSERT INTO unsealed (org_id, year, document_ids)\n"
        "    VALUES (touched.org_id, touched.year, touched.ids);\n"
        "  END LOOP;\n"
        f"{additions}"
        "  RETURN NULL;\n"
        "END $$",
        f"CREATE TRIGGER seal_{table}_insert AFTER INSERT ON {table} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_{table}_inserted()",
        *_postgres_frozen(table, "seal_refuse"),
    ]


#: Whether the lines of one document and business, summed by currency, do not come to zero.
_UNEQUAL: Final = "(bool_or(p.amount <> 0) OR SUM(p.base_amount) <> 0)"


def _summed(within: str) -> str:
    """The journal lines within a range, summed by document, business and currency."""
    return (
        "(SELECT p.document_id, p.business_id, count(*) AS lines, SUM(p.amount) AS amount,"
        f" SUM(p.base_amount) AS base_amount\n          FROM journal_line p WHERE {within}"
        "\n          GROUP BY p.document_id, p.business_id, p.currency)"
    )


def _counted(table: str) -> str:
    return "SUM(p.lines)" if table == "journal_line" else "count(*)"


def _postgres_document() -> list[str]:
    # Documents of one terminal follow each other, so their parts are one short range of each key.
    # Read once and grouped, without a join: the planner knows nothing of the size of `new_rows` and
    # picks a nested loop, which was nine tenths of the cost of all triggers.  Each table is counted
    # by itself first, so that the sums over all of them see five rows a document and not all parts.
    within = (
        "p.org_id = batch.org_id AND p.document_id BETWEEN batch.low AND batch.high"
        " AND p.year BETWEEN batch.first_year AND batch.last_year"
    )
    # A gap is a document in quarantine: it may be sealed later, and what lies in the gap then stays out.
    only_new = "(batch.is_gapless OR p.document_id IN (SELECT document_id FROM new_rows))"
    counted = "".join(
        "        UNION ALL SELECT p.document_id, 0, "
        + ", ".join(f"-{_counted(table)}::int" if table == other else "0" for other in _COUNTS)
        + (f", {_UNEQUAL}::int" if table == "journal_line" else ", 0")
        + f" FROM {_summed(within) if table == 'journal_line' else table} p"
        + ("" if table == "journal_line" else f" WHERE {within}")
        + "\n          GROUP BY p.document_id"
        + (", p.business_id\n" if table == "journal_line" else "\n")
        for table in _COUNTS
    )
    columns = ", ".join(f"{column}::int AS {column}" for column in _COUNTS.values())
    differs = " OR ".join(f"SUM({column}) <> 0" for column in _COUNTS.values())
    return [
        f"CREATE FUNCTION seal_document_inserted() RETURNS trigger LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "DECLARE batch record; is_unbalanced boolean; is_incomplete boolean;\n"
        "BEGIN\n"
        "  FOR batch IN SELECT org_id, terminal_no, min(document_id) AS low, max(document_id) AS high,\n"
        "      min(year) AS first_year, max(year) AS last_year,\n"
        "      max(document_id) - min(document_id) + 1 = count(*) AS is_gapless FROM new_rows\n"
        "      GROUP BY org_id, terminal_no ORDER BY org_id, terminal_no LOOP\n"
        f"    {tenancy.refuses_others('batch.org_id')}"
        "    SELECT bool_or(sums_differ), bool_or(counts_differ) INTO is_unbalanced, is_incomplete FROM (\n"
        "      SELECT MAX(unbalanced) = 1 AS sums_differ,\n"
        f"        MAX(is_new) = 1 AND ({differs}) AS counts_differ\n"
        f"      FROM (SELECT document_id, 1 AS is_new, {columns}, 0 AS unbalanced FROM new_rows\n"
        "          WHERE org_id = batch.org_id AND terminal_no = batch.terminal_no\n"
        f"{counted}"
        "      ) AS parts GROUP BY document_id) AS verdicts;\n"
        "    IF is_unbalanced THEN\n"
        f"      RAISE EXCEPTION '{_UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        "    IF is_incomplete THEN\n"
        f"      RAISE EXCEPTION '{_INCOMPLETE}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        # Out of quarantine: its terminal's mark has passed it, so no checkpoint will ever count it.
        "    INSERT INTO late_document (org_id, document_id) SELECT n.org_id, n.document_id\n"
        "      FROM terminal t JOIN new_rows n ON n.org_id = t.org_id AND n.terminal_no = t.terminal_no\n"
        "      WHERE t.org_id = batch.org_id AND t.terminal_no = batch.terminal_no\n"
        "        AND t.last_seq >= (batch.low & 4294967295) AND n.seq <= t.last_seq;\n"
        f"{projections.postgres_settlement(within, only_new)}"
        "  END LOOP;\n"
        "  RETURN NULL;\n"
        "END $$",
        "CREATE TRIGGER seal_document_insert AFTER INSERT ON document "
        "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_document_inserted()",
        *_postgres_frozen("document", "seal_refuse"),
    ]


def _postgres_orphans() -> list[str]:
    return [
        f"CREATE FUNCTION seal_unsealed() RETURNS trigger LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "DECLARE wanted bigint := cardinality(NEW.document_ids);\n"
        "  low bigint := NEW.document_ids[1];\n"
        "  high bigint := NEW.document_ids[cardinality(NEW.document_ids)];\n"
        "  found bigint;\n"
        "BEGIN\n"
        # Of the same year: the seal counts one year's partition and must not miss a row in another.
        # The keys are in order; without a gap among them one range is the same and much cheaper.
        "  IF high - low + 1 = wanted THEN\n"
        "    SELECT count(*) INTO found FROM document WHERE org_id = NEW.org_id AND year = NEW.year\n"
        "      AND document_id BETWEEN low AND high;\n"
        "  ELSE\n"
        "    SELECT count(*) INTO found FROM document WHERE org_id = NEW.org_id AND year = NEW.year\n"
        "      AND document_id = ANY (NEW.document_ids);\n"
        "  END IF;\n"
        "  IF found <> wanted THEN\n"
        f"    RAISE EXCEPTION '{_ORPHAN}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "  END IF;\n"
        "  DELETE FROM unsealed WHERE org_id = NEW.org_id AND entry_id = NEW.entry_id;\n"
        "  RETURN NULL;\n"
        "END $$",
        "CREATE CONSTRAINT TRIGGER seal_unsealed_commit AFTER INSERT ON unsealed "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_unsealed()",
    ]


def _postgres_stamps() -> list[str]:
    return [
        "CREATE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN NEW.stamp := pg_current_xact_id()::text::bigint; RETURN NEW; END $$",
        *(
            f"CREATE TRIGGER stamp_{table.name} BEFORE INSERT OR UPDATE ON {table.name} "
            f"FOR EACH ROW EXECUTE FUNCTION stamp_row()"
            for table in FED
        ),
    ]


def postgres_statements() -> list[str]:
    """All triggers of the central database."""
    statements = [_postgres_refusal("seal_refuse", _SEALED), _postgres_refusal("seal_audit", _AUDIT)]
    for part in PARTS:
        statements += _postgres_part(part.name, projections.postgres_additions(part))
    statements += _postgres_document()
    statements += _postgres_frozen(audit_log.name, "seal_audit")
    statements += _postgres_orphans()
    statements += _postgres_stamps()
    statements += trail.statements()
    return statements


def _postgres_direct(partition: str) -> str:
    """Rows come through the parent table, whose triggers see them; straight into a partition, never."""
    return (
        f"CREATE TRIGGER seal_{partition}_direct BEFORE INSERT OR TRUNCATE ON {partition} "
        "FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse()"
    )


def make_year(connection: Connection, year: int) -> None:
    """Make the partitions of a year on Postgres, where they are missing.

    Made apart and attached: that locks out no reader and no writer of the table, while CREATE TABLE
    … PARTITION OF would.
    """
    names = [f"{table.name}_{year:04d}" for table in BY_YEAR]
    made = "SELECT count(to_regclass(name)) FROM unnest(CAST(:names AS text[])) AS name"
    if connection.scalar(text(made), {"names": names}) == len(names):
        return
    # Another process of the server may meet the same year's first document at this moment.
    connection.execute(text("SELECT pg_advisory_xact_lock(14)"))
    for table in BY_YEAR:
        partition = f"{table.name}_{year:04d}"
        if connection.scalar(text("SELECT to_regclass(:name)"), {"name": partition}) is not None:
            continue
        connection.exec_driver_sql(f"CREATE TABLE {partition} (LIKE {table.name} INCLUDING ALL)")
        connection.exec_driver_sql(
            f"ALTER TABLE {table.name} ATTACH PARTITION {partition} FOR VALUES FROM ({year}) TO ({year + 1})"
        )
        connection.exec_driver_sql(_postgres_direct(partition))
        tenancy.protect(connection, partition)


def rebuild(connection: Connection) -> None:
    """Drop all our triggers and make them again from the declarations of this version."""
    if on_till(connection):
        names = connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all()
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for statement in sqlite_statements():
            connection.exec_driver_sql(statement)
        return
    functions = connection.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (proname LIKE 'seal\\_%' OR proname = 'stamp_row')"
        )
    ).all()
    for name in functions:
        connection.exec_driver_sql(f'DROP FUNCTION "{name}" CASCADE')
    for statement in postgres_statements():
        connection.exec_driver_sql(statement)
    partitions = connection.scalars(
        text(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent::regclass::text = ANY (:parts)"
        ),
        {"parts": [table.name for table in BY_YEAR]},
    ).all()
    for partition in partitions:
        connection.exec_driver_sql(_postgres_direct(partition))
    tenancy.rebuild(connection)
