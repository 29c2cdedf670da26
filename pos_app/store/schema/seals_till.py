"""What a till's own database forbids, as generated triggers: unbalanced, changed and orphaned rows."""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.store.schema import finding_index
from pos_app.store.schema.seal_words import AUDIT, COUNTS, INCOMPLETE, OVERSPENT, SEALED, UNBALANCED
from pos_app.store.tables import projections
from pos_app.store.tables.audit_run_table import audit_run
from pos_app.store.tables.tables import PARTS, audit_log, document

_CHAIN: Final = "a document must follow the one before it in the chain"


def _frozen(table: str, message: str) -> list[str]:
    return [
        f"CREATE TRIGGER seal_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _chits() -> str:
    """What takes from a chit, by what this till knows of it; who takes from none pays nothing for this."""
    own = " AND ".join(f"{name} = NEW.{name}" for name in projections.OPEN_INVOICE.keys)
    return (
        "CREATE TRIGGER seal_open_item_chit BEFORE INSERT ON open_item\n"
        f"WHEN NEW.amount < 0 AND NEW.{projections.CHIT}\n"
        f"BEGIN SELECT RAISE(ABORT, '{OVERSPENT}') WHERE"
        f" NEW.amount + coalesce((SELECT amount FROM open_invoice WHERE {own}), 0) < 0; END"
    )


def _document() -> str:
    """What seals: a new key, lines that are all there and come to nothing, the next link of the chain.

    2026-11-30  Each statement of a trigger costs as much as a look at a row, and a GROUP BY sorts: so one
    statement reads the lines once, counts and sums them, and only those of several businesses or currencies,
    or that do not come to nothing together, are grouped.
    """
    own = "org_id = NEW.org_id AND document_id = NEW.document_id"
    counts = "".join(
        f" OR (SELECT count(*) FROM {table} WHERE {own}) <> NEW.{column}"
        for table, column in COUNTS.items()
        if table != "journal_line"
    )

    def groups(keys: str, amount: str) -> str:
        return f"EXISTS (SELECT 1 FROM journal_line WHERE {own} GROUP BY {keys} HAVING SUM({amount}) <> 0)"

    return (
        "CREATE TRIGGER seal_document_insert BEFORE INSERT ON document\n"
        "BEGIN\n"
        # INSERT OR REPLACE would delete the old row without firing a delete trigger.
        f"  SELECT RAISE(ABORT, '{SEALED}') WHERE EXISTS (SELECT 1 FROM document WHERE {own})\n"
        "    OR EXISTS (SELECT 1 FROM document WHERE org_id = NEW.org_id AND request_id = NEW.request_id)\n"
        "    OR EXISTS (SELECT 1 FROM document WHERE org_id = NEW.org_id AND terminal_no = NEW.terminal_no\n"
        "      AND series = NEW.series AND number = NEW.number)\n"
        "    OR NEW.reverses_id IS NOT NULL AND EXISTS\n"
        "      (SELECT 1 FROM document WHERE org_id = NEW.org_id AND reverses_id = NEW.reverses_id);\n"
        "  SELECT CASE WHEN NOT (p.is_one AND p.amount = 0 AND p.base_amount = 0)\n"
        f"      AND ({groups('business_id, currency', 'amount')}\n"
        f"      OR {groups('business_id', 'base_amount')}) THEN RAISE(ABORT, '{UNBALANCED}')\n"
        f"    WHEN p.lines <> NEW.line_count{counts} THEN RAISE(ABORT, '{INCOMPLETE}') END\n"
        "    FROM (SELECT count(*) AS lines, coalesce(SUM(amount), 0) AS amount,\n"
        "      coalesce(SUM(base_amount), 0) AS base_amount, coalesce(min(business_id) = max(business_id)\n"
        f"      AND min(currency) = max(currency), 1) AS is_one FROM journal_line WHERE {own}) AS p;\n"
        f"  SELECT RAISE(ABORT, '{_CHAIN}') WHERE NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM document\n"
        "    WHERE org_id = NEW.org_id AND document_id = NEW.document_id - 1 AND hash = NEW.prev_hash\n"
        # Cheap here, where that row is just read: what follows a signed document is signed.
        "    AND (NEW.signature IS NOT NULL OR signature IS NULL));\n"
        "END"
    )


def statements() -> list[str]:
    """All triggers of a till's database."""
    made = []
    for part in PARTS:
        made.append(
            f"CREATE TRIGGER seal_{part.name}_insert BEFORE INSERT ON {part.name}\n"
            f"WHEN EXISTS (SELECT 1 FROM document WHERE org_id = NEW.org_id"
            f" AND document_id = NEW.document_id)\n"
            f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        )
        made += _frozen(part.name, SEALED)
        made += projections.sqlite_triggers(part)
    made.append(_document())
    made += _frozen(document.name, SEALED)
    made.append(_chits())
    made.append(
        f"CREATE TRIGGER seal_audit_log_insert BEFORE INSERT ON {audit_log.name}\n"
        f"WHEN EXISTS (SELECT 1 FROM {audit_log.name} WHERE org_id = NEW.org_id"
        f" AND entry_id = NEW.entry_id)\n"
        f"BEGIN SELECT RAISE(ABORT, '{AUDIT}'); END"
    )
    made.append(
        f"CREATE TRIGGER seal_audit_run_insert BEFORE INSERT ON {audit_run.name}\n"
        f"WHEN EXISTS (SELECT 1 FROM {audit_run.name} WHERE org_id = NEW.org_id"
        f" AND terminal_no = NEW.terminal_no AND last_no = NEW.last_no)\n"
        f"BEGIN SELECT RAISE(ABORT, '{AUDIT}'); END"
    )
    for table in (audit_log, audit_run):
        made += _frozen(table.name, AUDIT)
    for index in finding_index.INDEXES:
        made += index.triggers()
    return made


def rebuild(connection: Connection) -> None:
    """Drop all triggers of a till's database and make them again from the declarations of this version."""
    names = connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for statement in statements():
        connection.exec_driver_sql(statement)
