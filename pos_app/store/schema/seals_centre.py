"""What the central database forbids, as generated triggers: unbalanced, changed and orphaned rows."""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.rules.amounts import FIRST_YEAR, LAST_YEAR
from pos_app.store.engine.listening import CHANNEL, telling_sql
from pos_app.store.schema import barcode_seals, formers, tenancy, trail
from pos_app.store.schema.seal_words import AUDIT, COUNTS, INCOMPLETE, OVERSPENT, SEALED, UNBALANCED
from pos_app.store.schema.tenancy import OWN_POLICY
from pos_app.store.tables import projections
from pos_app.store.tables.approval_table import approval_secret
from pos_app.store.tables.audit_run_table import audit_run
from pos_app.store.tables.flag_tables import FLAGS
from pos_app.store.tables.former_table import former_term
from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.tables import BY_YEAR, PARTS, audit_log

_ORPHAN: Final = "lines without a sealed document cannot be committed"
_REVOKED: Final = "a terminal that was revoked stays revoked; enrol it anew"
_FISCAL: Final = "what a fiscal device signed cannot be changed, and its number is no other invoice''s"
_FLAG: Final = "a flag, who looked at it, and what was so before cannot be changed"


def _refusal(name: str, message: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _frozen(table: str, function: str) -> list[str]:
    return [
        # Row triggers reach every partition, present and to come, and cost an insert nothing.
        f"CREATE TRIGGER seal_{table}_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE TRIGGER seal_{table}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


def _part(table: str, additions: str) -> list[str]:
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
        f"      RAISE EXCEPTION '{SEALED}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        "    INSERT INTO unsealed (org_id, year, document_ids)\n"
        "    VALUES (touched.org_id, touched.year, touched.ids);\n"
        "  END LOOP;\n"
        f"{additions}"
        "  RETURN NULL;\n"
        "END $$",
        f"CREATE TRIGGER seal_{table}_insert AFTER INSERT ON {table} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_{table}_inserted()",
        *_frozen(table, "seal_refuse"),
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


def _chits(*within: str) -> str:
    """Nothing that lies `within` leaves less than nothing on a chit, once all of it is settled.

    2026-11-29  What two people accepted out of quarantine may: it was spent at two tills that were offline,
    and the goods are gone.  Their decision is a row, written in the same transaction.
    """
    taken = " AND ".join(("p.amount < 0", f"p.{projections.CHIT}", *within))
    own = " AND ".join(f"o.{name} = p.{name}" for name in projections.OPEN_INVOICE.keys)
    return (
        f"    IF EXISTS (SELECT 1 FROM open_item p WHERE {taken}\n"
        f"        AND EXISTS (SELECT 1 FROM open_invoice o WHERE {own} AND o.amount < 0)\n"
        "        AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.org_id = p.org_id\n"
        "          AND q.terminal_no = p.document_id >> 32 AND q.seq = (p.document_id & 4294967295)\n"
        "          AND q.decision = 'accepted')) THEN\n"
        f"      RAISE EXCEPTION '{OVERSPENT}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
    )


def _document() -> list[str]:
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
        + ", ".join(f"-{_counted(table)}::int" if table == other else "0" for other in COUNTS)
        + (f", {_UNEQUAL}::int" if table == "journal_line" else ", 0")
        + f" FROM {_summed(within) if table == 'journal_line' else table} p"
        + ("" if table == "journal_line" else f" WHERE {within}")
        + "\n          GROUP BY p.document_id"
        + (", p.business_id\n" if table == "journal_line" else "\n")
        for table in COUNTS
    )
    columns = ", ".join(f"{column}::int AS {column}" for column in COUNTS.values())
    differs = " OR ".join(f"SUM({column}) <> 0" for column in COUNTS.values())
    return [
        f"CREATE FUNCTION seal_document_inserted() RETURNS trigger LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "DECLARE batch record; is_unbalanced boolean; is_incomplete boolean;\n"
        "BEGIN\n"
        "  FOR batch IN SELECT org_id, terminal_no, min(document_id) AS low, max(document_id) AS high,\n"
        "      min(year) AS first_year, max(year) AS last_year,\n"
        "      max(document_id) - min(document_id) + 1 = count(*) AS is_gapless FROM new_rows\n"
        "      GROUP BY org_id, terminal_no ORDER BY org_id, terminal_no LOOP\n"
        f"    {tenancy.refuses_others('batch.org_id')}    {telling_sql('batch.org_id')}\n"
        "    SELECT bool_or(sums_differ), bool_or(counts_differ) INTO is_unbalanced, is_incomplete FROM (\n"
        "      SELECT MAX(unbalanced) = 1 AS sums_differ,\n"
        f"        MAX(is_new) = 1 AND ({differs}) AS counts_differ\n"
        f"      FROM (SELECT document_id, 1 AS is_new, {columns}, 0 AS unbalanced FROM new_rows\n"
        "          WHERE org_id = batch.org_id AND terminal_no = batch.terminal_no\n"
        f"{counted}"
        "      ) AS parts GROUP BY document_id) AS verdicts;\n"
        "    IF is_unbalanced THEN\n"
        f"      RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        "    IF is_incomplete THEN\n"
        f"      RAISE EXCEPTION '{INCOMPLETE}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "    END IF;\n"
        # Out of quarantine: its terminal's mark has passed it, so no checkpoint will ever count it.
        "    INSERT INTO late_document (org_id, document_id) SELECT n.org_id, n.document_id\n"
        "      FROM terminal t JOIN new_rows n ON n.org_id = t.org_id AND n.terminal_no = t.terminal_no\n"
        "      WHERE t.org_id = batch.org_id AND t.terminal_no = batch.terminal_no\n"
        "        AND t.last_seq >= (batch.low & 4294967295) AND n.seq <= t.last_seq;\n"
        f"{projections.postgres_settlement(within, only_new)}"
        f"{_chits(within, only_new)}"
        "  END LOOP;\n"
        "  RETURN NULL;\n"
        "END $$",
        "CREATE TRIGGER seal_document_insert AFTER INSERT ON document "
        "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_document_inserted()",
        *_frozen("document", "seal_refuse"),
    ]


def _orphans() -> list[str]:
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


def _stamps() -> list[str]:
    return [
        "CREATE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN NEW.stamp := pg_current_xact_id()::text::bigint;"
        f" {telling_sql('NEW.org_id')} RETURN NEW; END $$",
        *(
            f"CREATE TRIGGER stamp_{table.name} BEFORE INSERT OR UPDATE ON {table.name} "
            f"FOR EACH ROW EXECUTE FUNCTION stamp_row()"
            for table in FED
        ),
    ]


def _revoked() -> list[str]:
    """A terminal that was taken away stays away, and what is known of that stays as it was said."""
    return [
        _refusal("seal_revoked", _REVOKED),
        "CREATE TRIGGER seal_terminal_revoked BEFORE UPDATE ON terminal FOR EACH ROW\n"
        "WHEN (OLD.active = 0 AND (NEW.active, NEW.revoked_at, NEW.revoked_by, NEW.revoked_because)"
        " IS DISTINCT FROM (OLD.active, OLD.revoked_at, OLD.revoked_by, OLD.revoked_because))\n"
        "EXECUTE FUNCTION seal_revoked()",
        # What it holds open is answered, and it hears of it when it asks.
        "CREATE FUNCTION seal_terminal_told() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN PERFORM pg_notify('{CHANNEL}', NEW.org_id::text); RETURN NULL; END $$",
        "CREATE TRIGGER seal_terminal_told AFTER UPDATE ON terminal FOR EACH ROW\n"
        "WHEN ((NEW.active, NEW.public_key, NEW.depot_id, NEW.drawer_id)"
        " IS DISTINCT FROM (OLD.active, OLD.public_key, OLD.depot_id, OLD.drawer_id))\n"
        "EXECUTE FUNCTION seal_terminal_told()",
    ]


def _signed() -> list[str]:
    """What an authority's device signed stays as it said it, and goes away by nobody."""
    return [
        _refusal("seal_fiscal", _FISCAL),
        "CREATE TRIGGER seal_fiscal_receipt_change BEFORE UPDATE ON fiscal_receipt FOR EACH ROW\n"
        "WHEN (OLD.state = 'signed') EXECUTE FUNCTION seal_fiscal()",
        "CREATE TRIGGER seal_fiscal_receipt_gone BEFORE DELETE ON fiscal_receipt FOR EACH ROW\n"
        "EXECUTE FUNCTION seal_fiscal()",
    ]


def statements() -> list[str]:
    """All triggers of the central database."""
    made = [_refusal("seal_refuse", SEALED), _refusal("seal_audit", AUDIT)]
    for part in PARTS:
        made += _part(part.name, projections.postgres_additions(part))
    made += _document()
    for table in (audit_log, audit_run):
        made += _frozen(table.name, "seal_audit")
    made.append(_refusal("seal_flagged", _FLAG))
    for table in (*FLAGS, former_term, approval_secret):
        made += _frozen(table.name, "seal_flagged")
    made += _orphans()
    made += _stamps()
    made += _revoked()
    made += _signed()
    made += barcode_seals.statements()
    made += _year()
    made += trail.statements()
    made += formers.statements()
    return made


def _direct(partition: str) -> str:
    """Rows come through the parent table, whose triggers see them; straight into a partition, never."""
    return (
        f"CREATE TRIGGER seal_{partition}_direct BEFORE INSERT OR TRUNCATE ON {partition} "
        "FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse()"
    )


def _year() -> list[str]:
    """The function that makes the partitions of a year, where they are missing; anybody of ours may ask.

    Requests ask for no year after the next: a wrong or hostile date must not fill the database with tables.
    The owner may go as far as a document may.  Made apart and attached: that locks out no reader and no
    writer of the table, while CREATE TABLE … PARTITION OF would.
    """
    names = ", ".join(f"'{table.name}'" for table in BY_YEAR)
    part = "@part@"
    made = [
        f"CREATE TABLE public.{part} (LIKE public.@table@ INCLUDING ALL)",
        f"ALTER TABLE public.@table@ ATTACH PARTITION public.{part} FOR VALUES FROM (@year@) TO (@next@)",
        _direct(part),
        # As it is for the table: there are two ways to tell the organisation (see `tenancy`).
        *tenancy.table_statements(part, {}, is_tenant=True, own="@own@"),
    ]
    executed = "".join(
        f"    EXECUTE replace(replace(replace(replace(replace($x${one}$x$, '{part}', part),\n"
        "      '@table@', parent), '@year@', wanted::text), '@next@', (wanted + 1)::text),\n"
        "      'org_id = @own@', own);\n"
        for one in made
    )
    return [
        "CREATE FUNCTION seal_make_year(wanted integer) RETURNS boolean LANGUAGE plpgsql"
        f" {tenancy.PINNED} AS $$\n"
        "DECLARE parent text; part text; last integer := extract(year FROM now() AT TIME ZONE 'UTC') + 1;\n"
        "  own text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy\n"
        f"    WHERE polname = '{OWN_POLICY}' AND polrelid = 'public.audit_log'::regclass);\n"
        "BEGIN\n"
        f"  IF NOT EXISTS (SELECT 1 FROM unnest(ARRAY[{names}]) AS name\n"
        "                 WHERE to_regclass('public.' || name || '_' || wanted) IS NULL) THEN\n"
        "    RETURN true;\n"
        "  END IF;\n"
        f"  IF tenancy_whole() THEN last := {LAST_YEAR}; END IF;\n"
        f"  IF wanted < {FIRST_YEAR} OR wanted > last THEN RETURN false; END IF;\n"
        # Another process of the server may meet the same year's first document at this moment.
        "  PERFORM pg_advisory_xact_lock(14);\n"
        f"  FOREACH parent IN ARRAY ARRAY[{names}] LOOP\n"
        "    part := parent || '_' || wanted;\n"
        "    CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;\n"
        f"{executed}"
        "  END LOOP;\n"
        "  RETURN true;\n"
        "END $$",
        *tenancy.callable_by("seal_make_year(integer)"),
    ]


def make_year(connection: Connection, year: int) -> bool:
    """Make the partitions of a year on Postgres, where they are missing; false for one that is too far."""
    return bool(connection.scalar(text("SELECT seal_make_year(:year)"), {"year": year}))


def rebuild(connection: Connection) -> None:
    """Drop all triggers of the central database and make them again from the declarations of this version."""
    functions = connection.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (proname LIKE 'seal\\_%' OR proname = 'stamp_row')"
        )
    ).all()
    for name in functions:
        connection.exec_driver_sql(f'DROP FUNCTION "{name}" CASCADE')
    for statement in statements():
        connection.exec_driver_sql(statement)
    partitions = connection.scalars(
        text(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent::regclass::text = ANY (:parts)"
        ),
        {"parts": [table.name for table in BY_YEAR]},
    ).all()
    for partition in partitions:
        connection.exec_driver_sql(_direct(partition))
    tenancy.rebuild(connection)
