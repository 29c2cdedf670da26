"""The trail at the centre: every change of a row that matters is in the audit log, by whatever path.

Generated triggers.  Of master data: one INSERT for all rows of a statement, so that an import of a hundred
thousand products costs a few sets.  `before` and `after` hold the columns that changed, as JSON; an empty
value is left out.  Who and from where is what `audit.actor` said in the transaction.  `row_key` and
`row_hash` say which row, and what all of it is from now on: `upkeep.trail_check` holds the rows against
what was last said of them.

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

2026-11-30  What comes with a push (flags, quarantine, a terminal's first key) takes no number in its own
transaction.  Measured: while an import of 40,000 products held the numbers for 8.6 s, who wanted one waited
8.4 s, and every later push of that till would have waited behind it; a flag that wants none took 0.12 s.
Such an entry waits in a table of its own, without a lock, and is numbered and signed by the next command, or
by the upkeep within seconds.  Until then whoever can write to the database can take the row and what waits
of it away together, as they can with every entry that is not signed yet.

2026-11-30  A hash of the whole row beside the words, and not the words alone: they leave out secrets and
bytes, and say a change but not the row.  A hash that is salted by what it covers tells no PIN.
"""

from typing import Final

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.schema import tenancy
from pos_app.store.schema.trailed import DIRECTORY, TRAILED, Trailed, hash_of, key_of, name_of, words_of
from pos_app.store.tables.audit_waiting_table import audit_waiting

_WAITING: Final = audit_waiting.name
_COLUMNS: Final = "terminal_no, person_id, address, action, subject, before, after, row_key, row_hash"
_WHO: Final = (
    f"coalesce(nullif(current_setting('app.terminal_no', true), '')::bigint, {SERVER_TERMINAL_NO}),\n"
    "      nullif(current_setting('app.person_id', true), '')::bigint,\n"
    "      coalesce(current_setting('app.address', true), '')"
)
_DIFFERS: Final = "o.{} IS DISTINCT FROM n.{}"


def statements() -> list[str]:
    """Functions and triggers of every table that is told of."""
    made = [statement for one in TRAILED for statement in (*_added(one), *_changed(one))]
    return [*made, *_numbering(), *_directory()]


def _said(trailed: Trailed, verb: str, before: str, after: str) -> str:
    """What is said of the new row `n`, as the values of `_COLUMNS`."""
    return (
        f"{_WHO},\n      '{trailed.table.name}.{verb}', {name_of(trailed, 'n')}, {before}, {after},\n"
        f"      {key_of(trailed, 'n')}, {hash_of(trailed, 'n')}"
    )


def _function(trailed: Trailed, verb: str, body: str) -> str:
    # The plan of a first change of one row is kept for a later one of a hundred thousand.
    return (
        f"CREATE FUNCTION seal_trail_{trailed.table.name}_{verb}() RETURNS trigger LANGUAGE plpgsql\n"
        f"SET enable_nestloop = off AS $$\n{body}  RETURN NULL;\nEND $$"
    )


def _numbered(trailed: Trailed, verb: str, rows: str, before: str, after: str) -> str:
    keys = ", n.".join(column.name for column in trailed.keys)
    return _function(
        trailed,
        verb,
        "DECLARE touched record; last bigint;\n"
        "BEGIN\n"
        "  FOR touched IN SELECT DISTINCT org_id FROM new_rows ORDER BY 1 LOOP\n"
        # The same lock as `audit.write`: one writer at a time numbers the entries of an organisation.
        "    PERFORM pg_advisory_xact_lock(7, mod(touched.org_id, 2147483648)::integer);\n"
        "    SELECT coalesce(max(entry_id), 0) INTO last FROM audit_log WHERE org_id = touched.org_id;\n"
        f"    INSERT INTO audit_log (org_id, entry_id, at, year, {_COLUMNS})\n"
        f"    SELECT n.org_id, last + row_number() OVER (ORDER BY n.{keys}), now(),\n"
        f"      extract(year FROM now() AT TIME ZONE 'UTC'), {_said(trailed, verb, before, after)}\n"
        f"    FROM {rows} AND n.org_id = touched.org_id;\n"
        # Whoever said who acts signs it before the commit (see `audit_runs`).
        "    PERFORM set_config('app.audited', touched.org_id::text, true);\n"
        "  END LOOP;\n",
    )


def _put_aside(trailed: Trailed, verb: str, rows: str, before: str, after: str) -> str:
    org = f"n.{trailed.org}"
    return _function(
        trailed,
        verb,
        "DECLARE whose bigint;\n"
        "BEGIN\n"
        f"  INSERT INTO {_WAITING} (org_id, at, {_COLUMNS})\n"
        f"  SELECT {org}, now(), {_said(trailed, verb, before, after)} FROM {rows};\n"
        f"  SELECT min({org}) INTO whose FROM {rows};\n"
        "  IF whose IS NOT NULL THEN PERFORM set_config('app.audited', whose::text, true); END IF;\n",
    )


def _added(trailed: Trailed) -> list[str]:
    name = f"seal_trail_{trailed.table.name}_added"
    write = _put_aside if trailed.is_waiting else _numbered
    return [
        write(trailed, "added", "new_rows n WHERE true", "''", words_of(trailed, "n")),
        f"CREATE TRIGGER {name} AFTER INSERT ON {trailed.table.name} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _changed(trailed: Trailed) -> list[str]:
    name, table = f"seal_trail_{trailed.table.name}_changed", trailed.table
    before, after = words_of(trailed, "o", _DIFFERS), words_of(trailed, "n", _DIFFERS)
    if trailed.is_waiting:
        # A mark moves with every push: whether something that is told of changed is asked without a call.
        old, new = (", ".join(f"{row}.{one.name}" for one in trailed.told) for row in ("OLD", "NEW"))
        return [
            _put_aside(trailed, "changed", "(SELECT NEW.*) AS n, (SELECT OLD.*) AS o", before, after),
            f"CREATE TRIGGER {name} AFTER UPDATE ON {table.name} FOR EACH ROW "
            f"WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION {name}()",
        ]
    keys = " AND ".join(f"o.{column.name} = n.{column.name}" for column in table.primary_key)
    old, new = (", ".join(f"{row}.{one.name}" for one in trailed.told) for row in "on")
    rows = f"new_rows n JOIN old_rows o ON {keys} WHERE ({old}) IS DISTINCT FROM ({new})"
    return [
        _numbered(trailed, "changed", rows, before, after),
        f"CREATE TRIGGER {name} AFTER UPDATE ON {table.name} "
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _numbering() -> list[str]:
    """A function that numbers what waits of an organisation, unless somebody else numbers now; how many."""
    name = "seal_number_waiting"
    return [
        f"CREATE FUNCTION {name}(of_org bigint) RETURNS bigint LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "DECLARE last bigint; done bigint;\n"
        "BEGIN\n"
        f"    {tenancy.refuses_others('of_org')}"
        f"  IF NOT EXISTS (SELECT 1 FROM {_WAITING} WHERE org_id = of_org)\n"
        "      OR NOT pg_try_advisory_xact_lock(7, mod(of_org, 2147483648)::integer) THEN\n"
        "    RETURN 0;\n"
        "  END IF;\n"
        "  SELECT coalesce(max(entry_id), 0) INTO last FROM audit_log WHERE org_id = of_org;\n"
        f"  WITH moved AS (DELETE FROM {_WAITING} WHERE org_id = of_org RETURNING *)\n"
        f"  INSERT INTO audit_log (org_id, entry_id, at, year, {_COLUMNS})\n"
        "  SELECT org_id, last + row_number() OVER (ORDER BY waiting_no), at,\n"
        f"    extract(year FROM at AT TIME ZONE 'UTC'), {_COLUMNS} FROM moved;\n"
        "  GET DIAGNOSTICS done = ROW_COUNT;\n"
        "  RETURN done;\n"
        "END $$",
        *tenancy.callable_by(f"{name}(bigint)"),
    ]


def _directory() -> list[str]:
    """A function that reads what the directory has of one organisation, for who is in it."""
    return [
        f"CREATE FUNCTION {DIRECTORY}(of_org bigint) RETURNS TABLE (label text, organisation_id bigint)"
        f" LANGUAGE plpgsql STABLE {tenancy.PINNED} AS $$\n"
        "BEGIN\n"
        f"    {tenancy.refuses_others('of_org')}"
        "  RETURN QUERY SELECT d.label, d.organisation_id FROM directory AS d"
        " WHERE d.organisation_id = of_org;\n"
        "END $$",
        *tenancy.callable_by(f"{DIRECTORY}(bigint)"),
    ]
