"""The trail of master data at the centre: every change of a row is in the audit log, by whatever path.

Generated statement triggers: one INSERT for all rows of a statement, so that an import of a hundred
thousand products costs a few sets.  `before` and `after` hold the columns that changed, as JSON; an empty
value is left out.  Who and from where is what `audit.actor` said in the transaction.

Decisions
---------
2026-11-20  Triggers, not calls in each function that writes: what a new command, a repair by SQL or an
upgrade changes is in the log as well, and none of them can forget it.  On a till there are none: its rows
come from the centre, where the change is logged.

2026-11-20  Entries are numbered without a gap, so two transactions that change master data of one
organisation wait for each other, an import included; documents and balances wait for neither.  A missing
number tells that somebody took an entry out, which is worth the wait.

2026-11-20  The hash of a PIN never goes into the log, only that it changed.  Telephone numbers lie closed
in the table and go into the log as they lie there (see `privacy`).
"""

from typing import Final

from sqlalchemy import Column, Table

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.tables.master import MASTER

#: What people know a row by, where it is not its key.
_NAMES: Final = {
    "business": "row.code",
    "depot": "row.code",
    "location": "row.code",
    "drawer": "row.code",
    "person": "row.code",
    "role_permission": "row.role || ' ' || row.permission",
    "person_role": "row.person_id || ' ' || row.role",
    "tax_rate": "row.code || ' ' || row.valid_from",
    "exchange_rate": "row.currency || ' ' || row.valid_from",
    "reorder_level": "row.location_id || ' ' || row.product_id",
    "party_role": "row.party_id || ' ' || row.role",
    "contract_rate": "row.party_id || ' ' || row.product_id",
    "product": "row.sku",
    "party": "row.code",
}
_UNTOLD: Final = frozenset({"org_id", "stamp"})
_SECRET: Final = frozenset({"pin_hash"})


def statements() -> list[str]:
    """Functions and triggers of every master table on Postgres."""
    return [statement for table in MASTER for statement in (*_added(table), *_changed(table))]


def _told(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if column.name not in _UNTOLD]


def _json(table: Table, row: str, when: str = "") -> str:
    """A row's columns as JSON text; with `when`, a condition with `{}` for the column, only those."""
    pairs = []
    for column in _told(table):
        value = "'***'" if column.name in _SECRET else f"{row}.{column.name}"
        if when:
            value = f"CASE WHEN {when.format(column.name, column.name)} THEN {value} END"
        pairs.append(f"'{column.name}', {value}")
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))::text"


def _function(table: Table, verb: str, rows: str, before: str, after: str) -> str:
    key = ", n.".join(column.name for column in table.primary_key if column.name != "org_id")
    name = _NAMES.get(table.name, f"row.{key}").replace("row.", "n.")
    return (
        f"CREATE FUNCTION seal_trail_{table.name}_{verb}() RETURNS trigger LANGUAGE plpgsql\n"
        # The plan of a first change of one row is kept for a later one of a hundred thousand.
        "SET enable_nestloop = off AS $$\n"
        "DECLARE touched record; last bigint;\n"
        "BEGIN\n"
        "  FOR touched IN SELECT DISTINCT org_id FROM new_rows ORDER BY 1 LOOP\n"
        # The same lock as `audit.write`: one writer at a time numbers the entries of an organisation.
        "    PERFORM pg_advisory_xact_lock(7, mod(touched.org_id, 2147483648)::integer);\n"
        "    SELECT coalesce(max(entry_id), 0) INTO last FROM audit_log WHERE org_id = touched.org_id;\n"
        "    INSERT INTO audit_log (org_id, entry_id, at, terminal_no, person_id, address, action,\n"
        "      subject, before, after, year)\n"
        f"    SELECT n.org_id, last + row_number() OVER (ORDER BY n.{key}), now(),\n"
        "      coalesce(nullif(current_setting('app.terminal_no', true), '')::bigint,"
        f" {SERVER_TERMINAL_NO}),\n"
        "      nullif(current_setting('app.person_id', true), '')::bigint,\n"
        "      coalesce(current_setting('app.address', true), ''),\n"
        f"      '{table.name}.{verb}', '{table.name} ' || {name}, {before}, {after},\n"
        "      extract(year FROM now() AT TIME ZONE 'UTC')\n"
        f"    FROM {rows} AND n.org_id = touched.org_id;\n"
        "  END LOOP;\n"
        "  RETURN NULL;\n"
        "END $$"
    )


def _added(table: Table) -> list[str]:
    name = f"seal_trail_{table.name}_added"
    return [
        _function(table, "added", "new_rows n WHERE true", "''", _json(table, "n")),
        f"CREATE TRIGGER {name} AFTER INSERT ON {table.name} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _changed(table: Table) -> list[str]:
    name = f"seal_trail_{table.name}_changed"
    keys = " AND ".join(f"o.{column.name} = n.{column.name}" for column in table.primary_key)
    told = [column.name for column in _told(table)]
    old, new = (", ".join(f"{row}.{one}" for one in told) for row in "on")
    differs = f"({old}) IS DISTINCT FROM ({new})"
    rows = f"new_rows n JOIN old_rows o ON {keys} WHERE {differs}"
    when = "o.{} IS DISTINCT FROM n.{}"
    return [
        _function(table, "changed", rows, _json(table, "o", when), _json(table, "n", when)),
        f"CREATE TRIGGER {name} AFTER UPDATE ON {table.name} "
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
