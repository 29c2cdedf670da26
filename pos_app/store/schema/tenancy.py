"""Organisations apart: row-level security, the database's roles and what each may do, from the metadata.

Every table with an `org_id`, partitions included, is under ENABLE and FORCE ROW LEVEL SECURITY: a
transaction sees and writes the rows of the organisation in `app.org_id` and, when that is not set,
none.  `Database.for_org(org_id)` sets it, with the role, for one transaction (see `engine`).

    bohari_app      every request of the server and most commands; no table is its own
    bohari_writer   INSERT into the ledger's tables and nothing else: what COPY runs as
    the owner       who made the tables; migrations, founding, partitions, upkeep, archive, trigger functions

Decisions
---------
2026-11-20  SET LOCAL ROLE in each transaction, not a login of its own: the embedded Postgres has one
user, and a Postgres of BOHARI_DATABASE_URL needs one URL.  Role and organisation end with the
transaction, so a pooled connection carries neither to the next one, whatever ended the last.

2026-11-20  Postgres refuses COPY FROM for a role under row-level security.  Measured, 500 documents of
five lines: COPY 38 ms, INSERT over binary arrays under the policies 57 to 62 ms, with the same 16 ms of
decoding and posting in front: 1.4 times today's ingest.  So the COPY runs as `bohari_writer`, which
has BYPASSRLS and may do nothing but insert into the ledger; in its place the insert triggers, which
group the new rows by organisation anyway, refuse rows of another.  Where the owner may not give
BYPASSRLS (some hosted Postgres), `bohari_writer` lacks it and the journal inserts row by row
under the policies: slower, as safe.

2026-11-20  The owner is under FORCE too.  Its own work over all organisations says so: `app.whole`
is on, in the owner's transactions only, and its policy is the owner's only.  A superuser (the
embedded Postgres) passes every policy; that is why the server does not work as one.

2026-11-20  No role writes a cached balance: the triggers that do are SECURITY DEFINER with a pinned
search_path, and the one other way in, `mend_*`, takes keys and no values: it computes them.

2026-11-20  The labels of subdomains stand in a table of their own, without `org_id`: they are asked
before the organisation is known and must be unique over all.  The application cannot read it, it
asks the functions below, which answer one organisation for one exact label or code.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, Table, text

from pos_app.ledger.errors import Refused
from pos_app.store.engine.engine import APPLICATION, WRITER
from pos_app.store.tables.central import central_metadata, quarantine, unsealed
from pos_app.store.tables.master import organisation
from pos_app.store.tables.projections import CACHED, CHECKPOINTS, PROJECTIONS, Projection
from pos_app.store.tables.tables import PARTS, audit_log, document, ledger_metadata
from pos_app.store.tables.upkeep_tables import UPKEEP

#: Functions and policies that are made here begin so.
PREFIX: Final = "tenancy_"
#: What SECURITY DEFINER functions see; a caller's temporary table must not stand in for a real one.
PINNED: Final = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

_OWN: Final = "nullif(current_setting('app.org_id', true), '')::bigint"
_WHOLE: Final = "coalesce(current_setting('app.whole', true), '') = 'on'"

#: The columns of a quarantined document that a decision may change; the rest is evidence.
_EVIDENCE: Final = {"org_id", "terminal_no", "seq", "hash", "prev_hash", "body", "reason", "received_at"}


def refuses_others(org: str, message: str = "rows of another organisation are refused") -> str:
    """PL/pgSQL that raises unless `org` is the transaction's organisation (or the owner's whole)."""
    return (
        f"IF NOT ({_WHOLE} OR coalesce({org} = {_OWN}, false)) THEN\n"
        f"      RAISE EXCEPTION '{message}' USING ERRCODE = 'insufficient_privilege';\n"
        "    END IF;\n"
    )


def tables() -> list[Table]:
    """Every table of the centre."""
    return [*ledger_metadata.sorted_tables, *central_metadata.sorted_tables]


def tenant_tables() -> list[Table]:
    """Every table of the centre that holds rows of organisations."""
    return [table for table in tables() if "org_id" in table.columns]


# --- what each role may do ----------------------------------------------------------------------------


def grants(table: Table) -> dict[str, str]:
    """What each role may do with a table: privileges as GRANT names them, by role.

    Nothing may be deleted or truncated, whatever the table.
    """
    if table is document or table in PARTS:
        return {APPLICATION: "SELECT", WRITER: "INSERT"}
    if table is unsealed or (table.name not in _OPEN and "org_id" not in table.columns):
        return {}
    if table.name in CACHED or table.name in _OPEN or table in (*CHECKPOINTS.values(), *UPKEEP):
        return {APPLICATION: "SELECT"}
    if table is audit_log:
        return {APPLICATION: "SELECT, INSERT"}
    if table is organisation:
        return {APPLICATION: "SELECT, UPDATE"}
    if table is quarantine:
        free = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in _EVIDENCE)
        return {APPLICATION: f"SELECT, INSERT, UPDATE ({free})"}
    return {APPLICATION: "SELECT, INSERT, UPDATE"}


#: Tables without `org_id` that everybody may read.
_OPEN: Final = frozenset({"server_epoch"})


def table_statements(table: str, given: dict[str, str], *, is_tenant: bool) -> list[str]:
    """Privileges of one table (or partition) and, when it holds tenants' rows, its policies."""
    statements = [f'REVOKE ALL ON "{table}" FROM PUBLIC, {APPLICATION}, {WRITER}']
    statements += [f'GRANT {privileges} ON "{table}" TO {role}' for role, privileges in given.items()]
    if is_tenant:
        statements += [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS {PREFIX}org ON "{table}"',
            f'CREATE POLICY {PREFIX}org ON "{table}" USING (org_id = {_OWN}) WITH CHECK (org_id = {_OWN})',
            f'DROP POLICY IF EXISTS {PREFIX}whole ON "{table}"',
            f'CREATE POLICY {PREFIX}whole ON "{table}" TO CURRENT_USER, {WRITER}'
            f" USING ({_WHOLE}) WITH CHECK ({_WHOLE})",
        ]
    return statements


# --- functions ------------------------------------------------------------------------------------------


def functions() -> list[str]:
    """The SECURITY DEFINER functions that the application calls; nobody else may."""
    return [
        *_finder("code", "bytea", "SELECT org_id INTO found FROM enrolment_code WHERE code_hash = given"),
        *_finder("label", "text", "SELECT organisation_id INTO found FROM directory WHERE label = given"),
        *(statement for projection in PROJECTIONS for statement in _mend(projection)),
    ]


def _finder(what: str, type_: str, select: str) -> list[str]:
    name = f"{PREFIX}org_of_{what}"
    return [
        f"CREATE FUNCTION {name}(given {type_}) RETURNS bigint LANGUAGE plpgsql STABLE {PINNED} AS $$\n"
        "DECLARE found bigint; before text := coalesce(current_setting('app.whole', true), '');\n"
        "BEGIN\n"
        # For an owner that is no superuser; the application's own policies do not know this setting.
        "  PERFORM set_config('app.whole', 'on', true);\n"
        f"  {select};\n"
        "  PERFORM set_config('app.whole', before, true);\n"
        "  RETURN found;\n"
        "END $$",
        *_callable(f"{name}({type_})"),
    ]


def _callable(signature: str) -> list[str]:
    return [
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {APPLICATION}",
    ]


def mend_sql(projection: Projection) -> str:
    """The SELECT that mends one key, bound by the names of its columns; a row when something differed.

    The row has `c_` and `t_` and the name of each value: before and after.
    """
    return f"SELECT * FROM {PREFIX}mend_{projection.name}({', '.join(f':{key}' for key in projection.keys)})"


def _mend(projection: Projection) -> list[str]:
    """A function that sets one cached row to what the ledger says, and gives before and after.

    It takes a key and computes every value itself: there is no way to set one.  Cached and truth are
    read in one snapshot and the difference is added: what is recorded meanwhile adds the same
    to both, so no row is locked while the lines are summed, not even one that was missing.  Two
    mendings of one key would both add it; the advisory lock, which no recording asks for, lets one
    follow the other.
    """
    name, keys, values = f"{PREFIX}mend_{projection.name}", projection.keys, list(projection.values)
    columns = CACHED[projection.name].columns
    types = ["bigint" if columns[key].type.python_type is int else "text" for key in keys]
    arguments = _list(f"of_{key} {type_}" for key, type_ in zip(keys, types, strict=True))
    given = _list(f"of_{key}" for key in keys)
    own = " AND ".join(f"p.{key} = of_{key}" for key in keys)
    truth = _list(f"coalesce(SUM({sql}), 0)::bigint AS {value}" for value, sql in projection.values.items())
    source = projection.source.name + projection.where(*(f"{key} = of_{key}" for key in keys))
    both = _list([f"c_{value}" for value in values] + [f"t_{value}" for value in values])
    found = _list([f"coalesce(p.{value}, 0)" for value in values] + [f"t.{value}" for value in values])
    done = _list(
        [f"p.{value} - t_{value} + c_{value}" for value in values] + [f"p.{value}" for value in values]
    )
    return [
        f"CREATE FUNCTION {name}({arguments})\n"
        f"RETURNS TABLE ({both.replace(',', ' bigint,')} bigint) LANGUAGE plpgsql {PINNED} AS $$\n"
        "DECLARE missing boolean;\n"
        "BEGIN\n"
        f"    {refuses_others('of_org_id')}"
        f"  PERFORM pg_advisory_xact_lock(23, hashtext(concat_ws('|', '{projection.name}', {given})));\n"
        f"  SELECT {found}, p.org_id IS NULL AND t.lines > 0 INTO {both}, missing\n"
        f"  FROM (SELECT count(*) AS lines, {truth} FROM {source}) AS t\n"
        f"  LEFT JOIN {projection.name} AS p ON {own};\n"
        f"  IF {' OR '.join(f'c_{value} <> t_{value}' for value in values)} OR missing THEN\n"
        f"    INSERT INTO {projection.name} AS p ({_list((*keys, *values))}, stamp)\n"
        f"    VALUES ({given}, {_list(f't_{value} - c_{value}' for value in values)},"
        " pg_current_xact_id()::text::bigint)\n"
        f"    ON CONFLICT ({_list(keys)}) DO UPDATE\n"
        f"    SET {_list(f'{value} = p.{value} + excluded.{value}' for value in values)},"
        " stamp = excluded.stamp\n"
        f"    RETURNING {done} INTO {both};\n"
        "    RETURN NEXT;\n"
        "  END IF;\n"
        "END $$",
        *_callable(f"{name}({_list(types)})"),
    ]


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


# --- making it so ---------------------------------------------------------------------------------------


def statements() -> list[str]:
    """Everything declared here, for the number that tells whether a database has it."""
    declared = functions()
    for table in tables():
        declared += table_statements(table.name, grants(table), is_tenant="org_id" in table.columns)
    return declared


def make_roles(connection: Connection) -> bool:
    """Make the two roles where they are missing and let this user take them; whether any was made.

    Roles belong to the whole server, not to one database: another one may be making them now.
    Raises `Refused` when this user may not.
    """
    missing = [role for role in (APPLICATION, WRITER) if not _can_take(connection, role)]
    for role in missing:
        strongest = " BYPASSRLS" if role == WRITER else ""
        connection.exec_driver_sql(
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN{strongest};\n"
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;\n"
            f"  WHEN insufficient_privilege THEN BEGIN CREATE ROLE {role} NOLOGIN;\n"
            "    EXCEPTION WHEN insufficient_privilege OR duplicate_object THEN NULL; END;\n"
            "END $$"
        )
        connection.exec_driver_sql(
            f"DO $$ BEGIN GRANT {role} TO CURRENT_USER;\n"
            "EXCEPTION WHEN insufficient_privilege OR undefined_object THEN NULL; END $$"
        )
        if not _can_take(connection, role):
            raise Refused(
                "database-user-too-weak",
                application=APPLICATION,
                writer=WRITER,
            )
    return bool(missing)


def _can_take(connection: Connection, role: str) -> bool:
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    return bool(
        connection.execute(
            text(
                "SELECT coalesce(pg_has_role(current_user, oid, :how), false)"
                " FROM pg_roles WHERE rolname = :role"
            ),
            {"role": role, "how": "SET" if version >= 160000 else "MEMBER"},
        ).scalar_one_or_none()
    )


def rebuild(connection: Connection) -> None:
    """Make functions, grants and policies anew from the declarations, on all tables and partitions."""
    make_roles(connection)
    standing = connection.scalars(
        text(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND starts_with(proname, :prefix)"
        ),
        {"prefix": PREFIX},
    ).all()
    for signature in standing:
        connection.exec_driver_sql(f"DROP FUNCTION {signature}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}, {WRITER}")
    for statement in statements():
        connection.exec_driver_sql(statement)
    for partition in partitions(connection):
        protect(connection, partition)


def protect(connection: Connection, partition: str) -> None:
    """Put a partition under policies; rows go through its parent, so nobody has a right on it."""
    for statement in table_statements(partition, {}, is_tenant=True):
        connection.exec_driver_sql(statement)


def partitions(connection: Connection) -> list[str]:
    """The partitions of all our tables."""
    rows = connection.scalars(
        text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " JOIN pg_class p ON p.oid = i.inhparent"
            " WHERE p.relname = ANY (:names) AND c.relkind IN ('r', 'p') ORDER BY 1"
        ),
        {"names": [table.name for table in tenant_tables()]},
    )
    return [str(name) for name in rows]
