"""Organisations apart: every table, verb, role and state of a pooled connection; no row of another, ever.

The tables come from the declarations: one that is added tomorrow is in here, or the test that counts
them fails.  What is tried is tried as the roles of the application, never as the owner.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pos_app.store.engine.engine import APPLICATION, WRITER, Database
from pos_app.store.schema import seals_centre, tenancy, tenancy_check
from pos_app.store.tables import projections
from pos_app.store.tables.tables import BY_YEAR, PARTS, audit_log, document
from tests.support.worlds import tenants
from tests.support.worlds.tenants import OURS, ROLES, THEIRS

TABLES: Final = [table.name for table in tenancy.tenant_tables()]
PARTITIONS: Final = [f"{table.name}_2026" for table in BY_YEAR]
BY_NAME: Final = {table.name: table for table in tenancy.tables()}
#: Refused by privilege or policy: what else Postgres could say would hide a hole.
DENIED: Final = "42501"

Tenants = tuple[Database, Database]


@pytest.fixture(scope="module")
def both(
    central_template: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tenants]:
    """A database of two organisations: as its owner, and through one single pooled connection."""
    with tenants.own_database(postgres_url, central_template) as url:
        owner = tenants.open_owner(url)
        centres = tenants.two_organisations(owner, tmp_path_factory.mktemp("tills"))
        with tenants.one_connection(url) as pooled:
            yield owner, pooled
        for centre in centres:
            centre.close()
        owner.close()


# --- the states in which a pooled connection can be handed over -------------------------------------


def _fresh(pooled: Database) -> None:
    pooled.engine.dispose()


def _after_theirs(pooled: Database) -> None:
    with pooled.for_org(THEIRS).write() as connection:
        connection.execute(text("SELECT count(*) FROM party"))


def _after_an_error(pooled: Database) -> None:
    with pytest.raises(DBAPIError), pooled.for_org(THEIRS).write() as connection:
        connection.execute(text("SELECT 1 / 0"))


def _after_a_rollback(pooled: Database) -> None:
    with contextlib.suppress(KeyError), pooled.for_org(THEIRS).write() as connection:
        connection.execute(text("SELECT count(*) FROM party"))
        raise KeyError


def _after_the_owner(pooled: Database) -> None:
    with pooled.write() as connection:
        connection.execute(text("SELECT count(*) FROM party"))


def _after_a_savepoint(pooled: Database) -> None:
    with pooled.for_org(THEIRS).write() as connection:
        with contextlib.suppress(DBAPIError), connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL ROLE {WRITER}")
            connection.execute(text("SELECT 1 / 0"))
        connection.execute(text("SELECT 1"))


STATES: Final[dict[str, Callable[[Database], None]]] = {
    "fresh": _fresh,
    "after their transaction": _after_theirs,
    "after their error": _after_an_error,
    "after their rollback": _after_a_rollback,
    "after the owner's": _after_the_owner,
    "after their savepoint": _after_a_savepoint,
}


# --- the verbs: each tries to reach the other organisation's rows ------------------------------------


def _select(connection: Connection, table: str, _: dict[str, Any]) -> None:
    found = connection.execute(text(f'SELECT * FROM "{table}" WHERE org_id <> :own'), {"own": OURS}).all()
    assert found == []
    everything = connection.execute(text(f'SELECT DISTINCT org_id FROM "{table}"')).scalars().all()
    assert set(everything) <= {OURS}


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})'), row)
    pytest.fail("a row of another organisation went in")


def _update(connection: Connection, table: str, row: dict[str, Any]) -> None:
    free = _updatable(table)
    own = connection.execute(
        text(f'UPDATE "{table}" SET "{free}" = "{free}" WHERE org_id <> :own'), {"own": OURS}
    )
    assert own.rowcount == 0
    with connection.begin_nested():
        connection.execute(text(f'UPDATE "{table}" SET org_id = :theirs'), {"theirs": THEIRS})
    pytest.fail("a row went over to another organisation")


def _updatable(table: str) -> str:
    """A column that the application may change, where there is one."""
    keys = {"org_id", *(column.name for column in BY_NAME[table].primary_key)} if table in BY_NAME else set()
    names = [column.name for column in BY_NAME[table].columns] if table in BY_NAME else ["year"]
    if table == "quarantine":
        return "decision"
    return next((name for name in names if name not in keys), "org_id")


def _delete(connection: Connection, table: str, _: dict[str, Any]) -> None:
    gone = connection.execute(text(f'DELETE FROM "{table}" WHERE org_id <> :own'), {"own": OURS})
    assert gone.rowcount == 0


def _truncate(connection: Connection, table: str, _: dict[str, Any]) -> None:
    connection.exec_driver_sql(f'TRUNCATE "{table}" CASCADE')
    pytest.fail("a table was emptied")


def _copy_out(connection: Connection, table: str, _: dict[str, Any]) -> None:
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY (SELECT org_id FROM "{table}") TO STDOUT') as copy:
        assert {int(bytes(line)) for line in copy} <= {OURS}
    with cursor.copy(f'COPY "{table}" (org_id) TO STDOUT') as copy:
        assert {int(bytes(line)) for line in copy} <= {OURS}


def _copy_in(connection: Connection, table: str, row: dict[str, Any]) -> None:
    cursor = connection.connection.cursor()
    names = ", ".join(f'"{name}"' for name in row)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        copy.write_row(list(row.values()))
    pytest.fail("a row of another organisation was copied in")


VERBS: Final[dict[str, Callable[[Connection, str, dict[str, Any]], None]]] = {
    "SELECT": _select,
    "INSERT": _insert,
    "UPDATE": _update,
    "DELETE": _delete,
    "TRUNCATE": _truncate,
    "COPY TO": _copy_out,
    "COPY FROM": _copy_in,
}


def _attempt(pooled: Database, role: str, verb: str, table: str, row: dict[str, Any]) -> str:
    """Try one thing as one role for our organisation, and take it back; the SQLSTATE when refused."""
    try:
        with pooled.for_org(OURS).write() as connection:
            if role != APPLICATION:
                connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
            VERBS[verb](connection, table, row)
            connection.rollback()
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", ""))
    except psycopg.Error as error:
        # COPY goes straight to the driver.
        return str(error.sqlstate)
    return ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_no_verb_reaches_a_row_of_another_organisation(both: Tenants, role: str, state: str) -> None:
    owner, pooled = both
    before = {name: tenants.fingerprint(owner, name, THEIRS) for name in TABLES}
    assert all(number for number, _ in before.values()), "every table must hold what could be reached"
    wrong = []
    for name in (*TABLES, *PARTITIONS):
        row = tenants.forged(owner, BY_NAME[name.removesuffix("_2026")])
        for verb in VERBS:
            STATES[state](pooled)
            refused = _attempt(pooled, role, verb, name, row)
            if refused not in ("", DENIED, "0A000"):
                wrong.append(f"{verb} {name}: {refused}")
    assert wrong == []
    assert {name: tenants.fingerprint(owner, name, THEIRS) for name in TABLES} == before


@pytest.mark.parametrize("state", STATES)
def test_each_organisation_sees_its_own_rows_and_who_has_none_sees_none(both: Tenants, state: str) -> None:
    owner, pooled = both
    for table in tenancy.tenant_tables():
        given = tenancy.grants(table).get(APPLICATION, "")
        for org_id in (OURS, THEIRS):
            STATES[state](pooled)
            with pooled.for_org(org_id).read() as connection:
                if "SELECT" not in given:
                    continue
                found = connection.execute(text(f'SELECT org_id FROM "{table.name}"')).scalars().all()
                assert set(found) == {org_id}
                assert len(found) == tenants.fingerprint(owner, table.name, org_id)[0]
        STATES[state](pooled)
        with pooled.without_tenant().read() as connection:
            if "SELECT" in given:
                assert tenants.count(connection, table.name, OURS) == 0
                assert tenants.count(connection, table.name, THEIRS) == 0


def test_a_statement_that_was_prepared_for_one_organisation_serves_the_next(both: Tenants) -> None:
    """Plans outlive transactions on a pooled connection; what they read must not."""
    _, pooled = both
    statement = text("SELECT org_id FROM document")
    for org_id in (OURS, THEIRS) * 12:
        with pooled.for_org(org_id).read() as connection:
            assert set(connection.execute(statement).scalars()) == {org_id}
        with pooled.without_tenant().read() as connection:
            assert connection.execute(statement).all() == []


def test_role_and_organisation_end_with_the_transaction(both: Tenants) -> None:
    _, pooled = both
    for org_id in (OURS, THEIRS):
        with pooled.for_org(org_id).write() as connection:
            assert connection.scalar(text("SELECT current_user")) == APPLICATION
            assert connection.scalar(text("SELECT tenancy_org()")) == org_id
        raw: Any = pooled.engine.raw_connection()
        try:
            assert raw.execute("SELECT current_setting('role')").fetchone() == ("none",)
            assert raw.execute("SELECT current_setting('app.tenant', true)").fetchone() in {("",), (None,)}
            assert raw.execute("SELECT current_setting('app.whole', true)").fetchone() in {("",), (None,)}
        finally:
            raw.close()


# --- what is sealed, and what is derived -------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sealed_and_what_is_cached_cannot_be_written(both: Tenants, role: str) -> None:
    owner, pooled = both
    sealed = {table.name for table in (document, *PARTS, audit_log)}
    cached = set(projections.CACHED)
    for name in (*sealed, *cached):
        verbs = ["UPDATE", "DELETE", "TRUNCATE"] + (["INSERT"] if name in cached else [])
        for verb in verbs:
            sql = {
                "UPDATE": f'UPDATE "{name}" SET org_id = org_id',
                "DELETE": f'DELETE FROM "{name}"',
                "TRUNCATE": f'TRUNCATE "{name}" CASCADE',
                "INSERT": f'INSERT INTO "{name}" SELECT * FROM "{name}"',
            }[verb]
            with pooled.for_org(OURS).write() as connection:
                connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
                with pytest.raises(DBAPIError) as refused:
                    connection.exec_driver_sql(sql)
                connection.rollback()
            assert getattr(refused.value.orig, "sqlstate", "") == DENIED, f"{verb} {name}"
    assert tenants.fingerprint(owner, "document", OURS)[0] > 0


def test_mending_sets_a_balance_to_the_truth_and_to_nothing_else(both: Tenants) -> None:
    owner, pooled = both
    key = {"org_id": OURS, "party_role": "customer", "party_id": 1, "currency": "KES"}
    where = "WHERE org_id = 1 AND party_role = 'customer' AND party_id = 1"
    with owner.write() as connection:
        true = connection.scalar(text(f"SELECT amount FROM party_balance {where}"))
        connection.exec_driver_sql(f"UPDATE party_balance SET amount = amount + 7 {where}")
    mend = text(tenancy.mend_sql(projections.PARTY_BALANCE))
    with (
        pytest.raises(DBAPIError, match="another organisation"),
        pooled.for_org(THEIRS).write() as connection,
    ):
        connection.execute(mend, key)
    with pooled.for_org(OURS).write() as connection:
        row = connection.execute(mend, key).mappings().one()
        assert (row["c_amount"], row["t_amount"]) == (true + 7, true)
        assert connection.execute(mend, key).all() == []
        assert connection.scalar(text(f"SELECT amount FROM party_balance {where}")) == true


def test_a_table_of_the_caller_does_not_stand_in_for_ours(both: Tenants) -> None:
    """The trigger functions work with more rights than the caller: they must not look where it says."""
    _, pooled = both
    with pooled.for_org(OURS).write() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE journal_line (LIKE public.journal_line)")
        row = connection.execute(
            text(tenancy.mend_sql(projections.DRAWER_CASH)),
            {"org_id": OURS, "drawer_id": 1, "currency": "KES"},
        ).all()
        assert row == []
        connection.rollback()


# --- the declarations, and that their absence is found --------------------------------------------------


def test_every_table_with_an_organisation_is_under_forced_policies(both: Tenants) -> None:
    owner, _ = both
    with owner.read() as connection:
        rows = connection.execute(
            text(
                "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
                " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped"
                " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            )
        ).all()
        assert {str(name) for name, _ in rows} >= {*TABLES, *PARTITIONS}
        assert [name for name, forced in rows if not forced] == []
        assert list(tenancy_check.problems(connection)) == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("ALTER TABLE party NO FORCE ROW LEVEL SECURITY", "party does not keep"),
        ("ALTER TABLE document_line_2026 DISABLE ROW LEVEL SECURITY", "document_line_2026 does not keep"),
        ("DROP POLICY tenancy_org ON terminal", "tenancy_org of terminal is missing"),
        ("CREATE POLICY open ON product USING (true)", "open of product is not ours"),
        ("ALTER POLICY tenancy_whole ON party TO PUBLIC", "tenancy_whole of party is not ours"),
        ("ALTER POLICY tenancy_org ON party USING (true)", "tenancy_org of party is not ours"),
        ("GRANT UPDATE ON party_balance TO bohari_app", "may UPDATE on party_balance"),
        ("GRANT DELETE ON document TO PUBLIC", "PUBLIC may DELETE on document"),
        ("GRANT UPDATE (body) ON quarantine TO bohari_app", "may UPDATE body of quarantine"),
        ("GRANT UPDATE (hash) ON document TO bohari_writer", "may UPDATE hash of document"),
        ("REVOKE SELECT ON party FROM bohari_app", "may not SELECT on party"),
    ],
)
def test_verify_finds_a_wall_that_was_taken_down(both: Tenants, damage: str, sentence: str) -> None:
    owner, _ = both
    with owner.write() as connection:
        connection.exec_driver_sql(damage)
        assert any(sentence in problem for problem in tenancy_check.problems(connection))
        connection.rollback()


def test_a_year_made_later_is_behind_the_same_walls(both: Tenants) -> None:
    owner, pooled = both
    with owner.write() as connection:
        seals_centre.make_year(connection, 2031)
    with owner.read() as connection:
        assert list(tenancy_check.problems(connection)) == []
    with pytest.raises(DBAPIError) as refused, pooled.for_org(OURS).read() as connection:
        connection.exec_driver_sql("SELECT * FROM journal_line_2031")
    assert getattr(refused.value.orig, "sqlstate", "") == DENIED
