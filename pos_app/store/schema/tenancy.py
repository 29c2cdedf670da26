"""Organisations apart: row-level security, the database's roles and what each may do, from the metadata.

Every table with an `org_id`, partitions included, is under ENABLE and FORCE ROW LEVEL SECURITY: a
transaction sees and writes the rows of the organisation that it proved and, when it did not, none.
`Database.for_org(org_id)` proves it, for one transaction (see `engine`).

    a login         every request of the server and most commands: member of the two below, of nothing else
    bohari_app      what requests may do; no table is its own
    bohari_writer   INSERT into the ledger's tables and nothing else: what COPY runs as
    the owner       who made the tables; migrations, founding, upkeep, archive, trigger functions

Decisions
---------
2026-11-29  A login of its own (see `server_login`), and a proof beside the organisation.  Before, requests
took their role with SET LOCAL ROLE on the owner's connection: whoever got a statement of their own into
one could RESET ROLE and be a superuser, or set `app.org_id` to another organisation.  Now the session's
user is nobody strong, and a setting that anybody may make opens nothing: `tenancy_enter` takes an HMAC
over the organisation and this very backend.  A login for each organisation would need a pool for each.

2026-11-29  Where the organisation stands then: in `backtrace_functions`, a setting of Postgres' own that
only a superuser, or who was granted it, can make, and that does nothing by itself for a name that no
function of the server has.  `tenancy_enter` makes it, as the owner; who logs in as the application can
neither set nor reset it, and policies read it as fast as any setting.  A check of the HMAC in the policies
was measured first: 16 µs and a plan of its own for each table of each statement, a third of a pull.  It
stands where the owner may not make that setting (no superuser, and no GRANT SET ON PARAMETER): there the
policies ask `(SELECT tenancy_org())`, once for each table.  Either ends with the transaction.

2026-11-29  What one session could leave for the next on a pooled connection is shut too: nobody but the
owner makes objects, temporary tables included, which would stand in for real ones.

2026-11-20  Postgres refuses COPY FROM for a role under row-level security.  Measured, 500 documents of
five lines: COPY 38 ms, INSERT over binary arrays under the policies 57 to 62 ms, with the same 16 ms of
decoding and posting in front: 1.4 times today's ingest.  So the COPY runs as `bohari_writer`, which
has BYPASSRLS and may do nothing but insert into the ledger; in its place the insert triggers, which
group the new rows by organisation anyway, refuse rows of another.  Where the owner may not give
BYPASSRLS (some hosted Postgres), `bohari_writer` lacks it and the journal inserts row by row
under the policies: slower, as safe.

2026-11-20  The owner is under FORCE too.  Its own work over all organisations says so: `app.whole` is
on, which holds only where the session's user may be the owner.  A superuser (the owner in the embedded
Postgres) passes every policy; that is why the server does not work as one.

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
from pos_app.store.engine import listening, tenant_proof
from pos_app.store.engine.engine import APPLICATION, WRITER
from pos_app.store.tables.approval_table import approval_secret
from pos_app.store.tables.audit_run_table import audit_run
from pos_app.store.tables.audit_strange_table import audit_strange
from pos_app.store.tables.audit_waiting_table import audit_waiting
from pos_app.store.tables.bank_tables import BANK_FIXED
from pos_app.store.tables.central import (
    central_metadata,
    double_code,
    enrolment_code,
    quarantine,
    request_in,
    tenant_key,
    terminal_key,
    unsealed,
)
from pos_app.store.tables.fiscal_tables import FISCAL_FIXED
from pos_app.store.tables.flag_tables import FLAGS
from pos_app.store.tables.former_table import former_term
from pos_app.store.tables.hook_tables import HOOKS_FIXED
from pos_app.store.tables.loyalty_table import loyalty_programme
from pos_app.store.tables.master import organisation, party_group_member, price_list_item, price_list_scope
from pos_app.store.tables.payment_tables import PAYMENTS_FIXED
from pos_app.store.tables.projections import CACHED, CHECKPOINTS, PROJECTIONS, Projection
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.store.tables.shell_tables import passkey, recovery_key, shell_token
from pos_app.store.tables.tables import PARTS, audit_log, document, ledger_metadata
from pos_app.store.tables.upkeep_tables import UPKEEP

#: Functions and policies that are made here begin so.
PREFIX: Final = "tenancy_"
#: The policy of a table under which the application works.
OWN_POLICY: Final = f"{PREFIX}org"
#: What SECURITY DEFINER functions see; a caller's temporary table must not stand in for a real one.
PINNED: Final = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

#: The setting of Postgres that only the owner can make, and what it begins with (see above).
SETTING: Final = "backtrace_functions"
_NAMED: Final = "bohari_tenant_"
_FAST: Final = f"nullif(split_part(current_setting('{SETTING}'), '{_NAMED}', 2), '')::bigint"
#: Asked once for each table of a statement, and not for each row: an expression without SELECT would be.
_SLOW: Final = "(SELECT tenancy_org())"
_WHOLE: Final = "(SELECT tenancy_whole())"
#: Asked before the organisation is known, by functions of the owner that answer one exact code.
_FOUND_BY_CODE: Final = enrolment_code.name

#: The columns that no decision may change, of what waits for one or is ended: they are evidence.
_DECIDED: Final = {
    quarantine: {one.name for one in quarantine.columns if not one.name.startswith("deci")},
    double_code: {one.name for one in double_code.columns if not one.name.startswith(("deci", "booked"))},
    shell_token: {"org_id", "token_id", "person_id", "kind", "name", "rights", "account",
                  "made_at", "expires_at"},
    audit_strange: {"org_id", "terminal_no", "first_no", "last_no", "hash", "body", "reason", "received_at"},
    recovery_key: {"org_id", "key_no", "key_hash", "made_at"}, **HOOKS_FIXED, **PAYMENTS_FIXED, **BANK_FIXED,
    passkey: {"org_id", "passkey_id", "person_id", "credential", "made_at"}, **FISCAL_FIXED,
    # What held is written over by nobody: only its end comes later.
    price_list_item: {one.name for one in price_list_item.columns} - {"valid_to_us", "stamp"},
    price_list_scope: {"org_id", "scope_id", "price_list_id", "kind", "of_id", "valid_from_us"},
    party_group_member: {"org_id", "member_id", "group_id", "party_id", "valid_from_us"},
    promotion: {one.name for one in promotion.columns} - {"ended_us", "stamp"},
    promotion_item: {one.name for one in promotion_item.columns} - {"stamp"},
    loyalty_programme: {one.name for one in loyalty_programme.columns} - {"ended_us", "stamp"},
}  # fmt: skip


def refuses_others(org: str, message: str = "rows of another organisation are refused") -> str:
    """PL/pgSQL that raises unless `org` is the transaction's organisation (or the owner's whole)."""
    return (
        f"IF NOT (coalesce({org} = tenancy_org(), false) OR tenancy_whole()) THEN\n"
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
    if table in (audit_log, audit_run, terminal_key, approval_secret, former_term, request_in, *FLAGS):
        return {APPLICATION: "SELECT, INSERT"}
    if table is audit_waiting:
        # Numbered, and taken out, by a function of the owner (see `trail`); read by the check of the trail.
        return {APPLICATION: "SELECT, INSERT"}
    if table is organisation:
        return {APPLICATION: "SELECT, UPDATE"}
    if table in _DECIDED:
        free = ", ".join(f'"{one.name}"' for one in table.columns if one.name not in _DECIDED[table])
        return {APPLICATION: f"SELECT, INSERT, UPDATE ({free})"}
    return {APPLICATION: "SELECT, INSERT, UPDATE"}


#: Tables without `org_id` that everybody may read.
_OPEN: Final = frozenset({"server_epoch"})


def table_statements(table: str, given: dict[str, str], *, is_tenant: bool, own: str = _FAST) -> list[str]:
    """Privileges of one table (or partition) and, when it holds tenants' rows, its policies.

    `own` is what tells the organisation of a transaction.
    """
    statements = [f'REVOKE ALL ON "{table}" FROM PUBLIC, {APPLICATION}, {WRITER}']
    statements += [f'GRANT {privileges} ON "{table}" TO {role}' for role, privileges in given.items()]
    if is_tenant:
        whole = whole_of(table)
        statements += [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS {PREFIX}org ON "{table}"',
            f'CREATE POLICY {PREFIX}org ON "{table}" USING (org_id = {own}) WITH CHECK (org_id = {own})',
            f'DROP POLICY IF EXISTS {PREFIX}whole ON "{table}"',
            f'CREATE POLICY {PREFIX}whole ON "{table}" TO CURRENT_USER, {WRITER}'
            f" USING ({whole}) WITH CHECK ({whole})",
        ]
    return statements


def whole_of(table: str) -> str:
    """When the owner sees all rows of a table."""
    return "true" if table == _FOUND_BY_CODE else _WHOLE


# --- functions ------------------------------------------------------------------------------------------


def functions(*, fast: bool = True) -> list[str]:
    """The SECURITY DEFINER functions that the application calls; nobody else may.

    `fast` is whether the owner can make the setting that nobody else can.
    """
    return [
        *_proven(),
        *_entrance(fast=fast),
        *_whole(),
        *_organisations(),
        *_finder("code", "bytea", "SELECT org_id INTO found FROM enrolment_code WHERE code_hash = given"),
        *_finder("label", "text", "SELECT organisation_id INTO found FROM directory WHERE label = given"),
        *(statement for projection in PROJECTIONS for statement in _mend(projection)),
    ]


def _proven() -> list[str]:
    """What proves an organisation, for which one this transaction works, and whether it is the owner's.

    The first two without SET: a pinned search_path would be half of the cost, and a setting that is made
    in there would end with it.  So each name is written out, and nobody but the owner can make an operator
    or function that would be found before pg_catalog's.
    """
    return [
        "CREATE FUNCTION tenancy_proven(given text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER"
        # A worker of a parallel plan is another backend: the leader asks.
        " PARALLEL RESTRICTED AS $$\n"
        "DECLARE org text := pg_catalog.split_part(given, ':', 1); proof text; known public.tenant_key;\n"
        "BEGIN\n"
        f"  SELECT * INTO known FROM public.{tenant_key.name};\n"
        "  proof := pg_catalog.encode(pg_catalog.sha256(known.outer_block OPERATOR(pg_catalog.||)\n"
        "    pg_catalog.sha256(known.inner_block OPERATOR(pg_catalog.||) pg_catalog.convert_to(\n"
        "      org OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||)"
        " pg_catalog.pg_backend_pid()::text, 'UTF8'))), 'hex');\n"
        "  IF pg_catalog.split_part(given, ':', 2) OPERATOR(pg_catalog.=) proof THEN RETURN org; END IF;\n"
        "  RETURN NULL;\n"
        "END $$",
        "REVOKE ALL ON FUNCTION tenancy_proven(text) FROM PUBLIC",
    ]


def _entrance(*, fast: bool) -> list[str]:
    """How a transaction enters an organisation and how it is asked which one it is in, either way."""
    body, org = (
        (
            "  IF org IS NULL THEN\n"
            "    RAISE EXCEPTION 'this organisation is not proven'\n"
            "      USING ERRCODE = 'insufficient_privilege';\n"
            "  END IF;\n"
            f"  PERFORM pg_catalog.set_config('{SETTING}', '{_NAMED}' OPERATOR(pg_catalog.||) org, true);\n",
            _FAST,
        )
        if fast
        else (
            "  PERFORM pg_catalog.set_config('app.tenant', given, true);\n",
            "public.tenancy_proven(pg_catalog.current_setting('app.tenant', true))::bigint",
        )
    )
    return [
        "CREATE FUNCTION tenancy_enter(given text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$\n"
        f"DECLARE org text := {'public.tenancy_proven(given)' if fast else 'NULL'};\n"
        f"BEGIN\n{body}END $$",
        *callable_by("tenancy_enter(text)"),
        "CREATE FUNCTION tenancy_org() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER"
        f" PARALLEL RESTRICTED AS $$\nBEGIN\n  RETURN {org};\nEND $$",
        *callable_by("tenancy_org()", APPLICATION, WRITER),
    ]


def _whole() -> list[str]:
    """Whether this transaction is the owner's, over all organisations."""
    return [
        f"CREATE FUNCTION tenancy_whole() RETURNS boolean LANGUAGE plpgsql STABLE {PINNED} AS $$\n"
        "BEGIN\n"
        # In here current_user is the owner; session_user is who logged in, and stays so.
        "  RETURN coalesce(current_setting('app.whole', true), '') = 'on'\n"
        "    AND pg_has_role(session_user, current_user, 'MEMBER');\n"
        "END $$",
        *callable_by("tenancy_whole()", APPLICATION, WRITER),
    ]


def _organisations() -> list[str]:
    """The keys of all organisations, for who proves organisation 0, which is none: the metrics."""
    return [
        "CREATE FUNCTION tenancy_organisations() RETURNS SETOF bigint LANGUAGE plpgsql STABLE"
        f" {PINNED} AS $$\n"
        "BEGIN\n"
        f"    {refuses_others('0')}"
        "  RETURN QUERY SELECT organisation_id FROM directory UNION SELECT org_id FROM organisation"
        " ORDER BY 1;\n"
        "END $$",
        *callable_by("tenancy_organisations()"),
    ]


def _finder(what: str, type_: str, select: str) -> list[str]:
    name = f"{PREFIX}org_of_{what}"
    return [
        f"CREATE FUNCTION {name}(given {type_}) RETURNS bigint LANGUAGE plpgsql STABLE {PINNED} AS $$\n"
        "DECLARE found bigint;\n"
        "BEGIN\n"
        f"  {select};\n"
        "  RETURN found;\n"
        "END $$",
        *callable_by(f"{name}({type_})"),
    ]


def callable_by(signature: str, *roles: str) -> list[str]:
    """Let the application, or these roles, call a function, and nobody else."""
    return [
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(roles or (APPLICATION,))}",
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
        f"    PERFORM pg_notify('{listening.CHANNEL}', of_org_id::text);\n"
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
        *callable_by(f"{name}({_list(types)})"),
    ]


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


# --- making it so ---------------------------------------------------------------------------------------


def statements(*, fast: bool = True) -> list[str]:
    """Everything declared here: to make it, and for the number that tells whether a database has it."""
    declared, own = functions(fast=fast), _FAST if fast else _SLOW
    for table in tables():
        is_tenant = "org_id" in table.columns
        declared += table_statements(table.name, grants(table), is_tenant=is_tenant, own=own)
    return declared


def is_fast(connection: Connection) -> bool:
    """Whether the owner can make the setting that nobody else can; whoever asks."""
    owner = f"(SELECT relowner FROM pg_class WHERE oid = 'public.{tenant_key.name}'::regclass)"
    sql = f"SELECT has_parameter_privilege({owner}, '{SETTING}', 'SET')"
    return bool(connection.exec_driver_sql(sql).scalar_one())


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


def make_key(connection: Connection) -> None:
    """Draw the key of proofs where there is none: a new database, or one that was restored without it."""
    if connection.execute(text("SELECT 1 FROM tenant_key")).scalar_one_or_none() is None:
        drawn = tenant_proof.draw()
        connection.execute(
            tenant_key.insert().values(only=1, inner_block=drawn.inner, outer_block=drawn.outer)
        )


def shut(connection: Connection) -> None:
    """Let nobody but the owner make temporary tables: a pooled connection would keep them for the next
    transaction, where they would stand before the real ones.
    """
    found = connection.execute(
        text("SELECT current_database(), has_database_privilege(:role, current_database(), 'TEMPORARY')"),
        {"role": APPLICATION},
    ).one()
    if found[1]:
        connection.exec_driver_sql(f'REVOKE TEMPORARY ON DATABASE "{found[0]}" FROM PUBLIC, {APPLICATION}')


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
        # With the policies that ask them, which are made anew below.
        connection.exec_driver_sql(f"DROP FUNCTION {signature} CASCADE")
    connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}, {WRITER}")
    fast = is_fast(connection)
    declared = statements(fast=fast)
    for partition in partitions(connection):
        # Rows go through its parent, so nobody has a right on it.
        declared += table_statements(partition, {}, is_tenant=True, own=_FAST if fast else _SLOW)
    for statement in declared:
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
