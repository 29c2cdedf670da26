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
_OWN: Final = "org_id=NULLIFcurrent_setting'app.org_id'::text,true,''::text::bigint"
_WHOLE: Final = "COALESCEcurrent_setting'app.whole'::text,true,''::text='on'::text"
_POLICIES: Final = {f"{tenancy.PREFIX}org": _OWN, f"{tenancy.PREFIX}whole": _WHOLE}


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each wall that is missing or lower than declared; nothing on a till."""
    if on_till(connection):
        return
    tenants = [table.name for table in tenancy.tenant_tables()] + tenancy.partitions(connection)
    yield from _security(connection, tenants)
    yield from _policies(connection, tenants)
    yield from _grants(connection)
    yield from _roles(connection)


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
    for table, policy, is_plain, for_all, using, check in rows:
        wanted = _POLICIES.get(policy)
        same = wanted is not None and is_plain and _plain(using) == _plain(check) == wanted
        # The policy of the whole must not be everybody's.
        if not same or for_all != (policy == f"{tenancy.PREFIX}org"):
            yield said("policy-not-ours", policy=policy, table=table)
        found[table].add(policy)
    for table in sorted(found):
        for policy in sorted(_POLICIES.keys() - found[table]):
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
