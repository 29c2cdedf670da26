"""Whether the walls between organisations stand in a database as `tenancy` declares them."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.store.engine.engine import APPLICATION, WRITER
from pos_app.store.schema import tenancy
from pos_app.store.side import on_till

#: What the policies are, as Postgres writes them back, without spaces and brackets.
_OWN: Final = {
    True: f"org_id=NULLIFsplit_partcurrent_setting'{tenancy.SETTING}'::text,'bohari_tenant_'::text,2,''::text"
    "::bigint",
    False: "org_id=SELECTtenancy_orgAStenancy_org",
}
_WHOLE: Final = "SELECTtenancy_wholeAStenancy_whole"


def _wanted(table: str, *, fast: bool) -> dict[str, str]:
    whole = _WHOLE if "SELECT" in tenancy.whole_of(table) else tenancy.whole_of(table)
    return {tenancy.OWN_POLICY: _OWN[fast], f"{tenancy.PREFIX}whole": whole}


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each wall that is missing or lower than declared; nothing on a till."""
    if on_till(connection):
        return
    tenants = [table.name for table in tenancy.tenant_tables()] + tenancy.partitions(connection)
    yield from _security(connection, tenants)
    yield from _policies(connection, tenants)
    yield from _grants(connection)
    yield from _roles(connection)
    yield from _functions(connection)


def _security(connection: Connection, tenants: list[str]) -> Iterator[str]:
    rows = connection.scalars(
        text(
            "SELECT relname FROM pg_class WHERE relname = ANY (:names)"
            " AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1"
        ),
        {"names": tenants},
    )
    for name in rows:
        yield said("row-security-off", table=name)


def _policies(connection: Connection, tenants: list[str]) -> Iterator[str]:
    rows = connection.execute(
        text(
            "SELECT c.relname, p.polname, p.polpermissive AND p.polcmd = '*', p.polroles = '{0}',"
            " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)"
            " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relname = ANY (:names)"
        ),
        {"names": tenants},
    )
    found: dict[str, set[str]] = {name: set() for name in tenants}
    fast = tenancy.is_fast(connection)
    for table, policy, is_plain, for_all, using, check in rows:
        wanted = _wanted(table, fast=fast).get(policy)
        same = wanted is not None and is_plain and _plain(using) == _plain(check) == wanted
        # The policy of the whole must not be everybody's.
        if not same or for_all != (policy == tenancy.OWN_POLICY):
            yield said("policy-not-ours", policy=policy, table=table)
        found[table].add(policy)
    for table in sorted(found):
        for policy in sorted(_wanted(table, fast=fast).keys() - found[table]):
            yield said("policy-missing", policy=policy, table=table)


def _plain(expression: str | None) -> str:
    return re.sub(r"[\s()]", "", expression or "")


def _grants(connection: Connection) -> Iterator[str]:
    """What the application may do beyond what is declared, and what it may not although it must."""
    rows = connection.execute(
        text(
            "SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type FROM pg_class c"
            " CROSS JOIN LATERAL aclexplode(c.relacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')"
            " AND (a.grantee = 0 OR r.rolname = ANY (:roles))"
        ),
        {"roles": [APPLICATION, WRITER]},
    )
    found = {(str(row[0]), str(row[1]), str(row[2])) for row in rows}
    wanted: set[tuple[str, str, str]] = set()
    for table in tenancy.tables():
        for role, privileges in tenancy.grants(table).items():
            # Rights on single columns are not in the list of the table.
            wanted |= {(table.name, role, one) for one in privileges.split(", ") if one.isalpha()}
    for name, role, privilege in sorted(found - wanted):
        yield said("grant-too-much", role=role, privilege=privilege, table=name)
    for name, role, privilege in sorted(wanted - found):
        yield said("grant-missing", role=role, privilege=privilege, table=name)
    yield from _column_grants(connection)


def _column_grants(connection: Connection) -> Iterator[str]:
    """Rights on single columns, beside those on whole tables."""
    rows = connection.execute(
        text(
            "SELECT c.relname, t.attname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type FROM pg_class c"
            " JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) AS a"
            " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE c.relnamespace = 'public'::regnamespace"
            " AND (a.grantee = 0 OR r.rolname = ANY (:roles)) ORDER BY 1, 2"
        ),
        {"roles": [APPLICATION, WRITER]},
    )
    declared = {table.name: tenancy.grants(table).get(APPLICATION, "") for table in tenancy.tables()}
    for table, column, role, privilege in rows:
        of_application = role == APPLICATION and privilege == "UPDATE"
        if not of_application or f'"{column}"' not in declared.get(table, ""):
            yield said("column-grant-too-much", role=role, privilege=privilege, column=column, table=table)


def _roles(connection: Connection) -> Iterator[str]:
    rows: Any = connection.execute(
        text(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolcanlogin,"
            " rolbypassrls FROM pg_roles WHERE rolname = ANY (:roles)"
        ),
        {"roles": [APPLICATION, WRITER]},
    )
    for role, is_strong, bypasses in rows:
        if is_strong or (bypasses and role != WRITER):
            yield said("role-too-strong", role=role)
    yield from _logins(connection)


def _logins(connection: Connection) -> Iterator[str]:
    """Who logs in as the application must be nobody strong, and in nothing else."""
    rows = connection.scalars(
        text(
            "SELECT r.rolname FROM pg_roles r WHERE r.rolcanlogin AND r.oid <> :owner AND NOT r.rolsuper"
            " AND EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.roleid"
            "   WHERE m.member = r.oid AND a.rolname = ANY (:roles))"
            " AND (r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls"
            "   OR pg_has_role(r.oid, CAST(:owner AS oid), 'MEMBER')) ORDER BY 1"
        ),
        {"roles": [APPLICATION, WRITER], "owner": _owner(connection)},
    )
    for role in rows:
        yield said("role-too-strong", role=role)


def _owner(connection: Connection) -> int:
    found = connection.scalar(text("SELECT relowner FROM pg_class WHERE oid = to_regclass('tenant_key')"))
    return int(found or 0)


def _functions(connection: Connection) -> Iterator[str]:
    """What the policies and requests ask must be what is declared, and run as the owner."""
    rows = connection.execute(
        text(
            "SELECT proname, prosrc, prosecdef FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, :prefix)"
        ),
        {"prefix": tenancy.PREFIX},
    )
    standing = {str(name): (source, is_owners) for name, source, is_owners in rows}
    for statement in tenancy.functions(fast=tenancy.is_fast(connection)):
        declared = re.match(r"CREATE FUNCTION (\w+)\(.*?AS \$\$(.*)\$\$$", statement, re.DOTALL)
        if declared is not None and standing.get(declared[1]) != (declared[2], True):
            yield said("function-not-ours", function=declared[1])
