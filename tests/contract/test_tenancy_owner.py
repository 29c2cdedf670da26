"""A Postgres of somebody else: its owner is no superuser, may make no role, and is under the walls too."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos_app.store.engine.engine import APPLICATION, WRITER, Database, open_postgres
from pos_app.store.schema import schema, seals, server_login, tenancy_check
from pos_app.store.tables.tables import document
from tests.conftest import in_database
from tests.support.refused import refused
from tests.support.worlds import tenants
from tests.support.worlds.sync_fixtures import Centre, drift


def _admin(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def owned_url(postgres_url: str, central_template: str) -> Iterator[str]:
    """An empty database whose owner has no right beyond it; the template has made the roles already."""
    assert central_template
    name = f"owner_{secrets.token_hex(6)}"
    _admin(
        postgres_url, f"CREATE ROLE {name} LOGIN PASSWORD '{name}'", f"CREATE DATABASE {name} OWNER {name}"
    )
    head, _, rest = in_database(postgres_url, name).partition("//")
    yield f"{head}//{name}:{name}@{rest.partition('@')[2]}"
    _admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


@pytest.fixture
def owned(owned_url: str, postgres_url: str) -> Iterator[Database]:
    """The database, prepared by its owner after an administrator gave it the roles."""
    name = owned_url.partition("//")[2].partition(":")[0]
    _admin(postgres_url, f"GRANT {APPLICATION}, {WRITER} TO {name}")
    database = open_postgres(owned_url)
    schema.prepare_central(database)
    yield database
    database.close()


def test_an_owner_that_may_make_no_roles_is_told_what_an_administrator_must_do(owned_url: str) -> None:
    database = open_postgres(owned_url)
    with refused("database-user-too-weak") as told:
        schema.prepare_central(database)
    # The sentence itself is the subject: the administrator copies the statements out of it.
    assert "CREATE ROLE bohari_app NOLOGIN; CREATE ROLE bohari_writer" in str(told.value)
    database.close()


def test_organisations_are_apart_under_an_owner_that_is_no_superuser(owned: Database, tmp_path: Path) -> None:
    ours, theirs = tenants_of(owned, tmp_path)
    for centre in (ours, theirs):
        with owned.for_org(centre.org_id).read() as connection:
            for table in ("document", "party", "party_balance", "audit_log"):
                assert set(connection.execute(text(f"SELECT org_id FROM {table}")).scalars()) == {
                    centre.org_id
                }
    with owned.read() as connection:
        assert list(tenancy_check.problems(connection)) == []
    assert drift(owned) == []
    ours.close()
    theirs.close()


def tenants_of(owned: Database, folder: Path) -> tuple[Centre, Centre]:
    """Two organisations whose tills sold; nothing lies in quarantine."""
    both = Centre(owned), Centre(owned)
    for centre in both:
        till = centre.till(folder / str(centre.org_id))
        till.sell(customer=1)
        till.sell()
        till.drain()
        assert len(centre.documents()) == 2
        assert centre.quarantine() == []
    return both


def test_the_owner_itself_sees_nothing_unless_it_says_that_it_means_all(
    owned: Database, owned_url: str, tmp_path: Path
) -> None:
    for centre in tenants_of(owned, tmp_path):
        centre.close()
    plain = owned_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as connection:
        assert connection.execute("SELECT count(*) FROM document").fetchone() == (0,)
        connection.execute("SELECT set_config('app.whole', 'on', true)")
        assert set(connection.execute("SELECT DISTINCT org_id FROM document").fetchall()) == {(1,), (2,)}


def test_without_a_role_that_copies_documents_go_in_row_by_row(
    owned: Database, postgres_url: str, tmp_path: Path
) -> None:
    """Some hosted Postgres give nobody BYPASSRLS."""
    _admin(postgres_url, f"ALTER ROLE {WRITER} NOBYPASSRLS")
    try:
        ours, theirs = tenants_of(owned, tmp_path)
        forged = tenants.forged(owned, document)
        marks = ", ".join("%s" for _ in forged)
        sql = f"INSERT INTO document ({', '.join(forged)}) VALUES ({marks})"
        with owned.for_org(1).write() as connection:
            connection.exec_driver_sql(f"SET LOCAL ROLE {WRITER}")
            with pytest.raises(DBAPIError, match="row-level security"):
                connection.exec_driver_sql(sql, tuple(forged.values()))
            connection.rollback()
        assert drift(owned) == []
        ours.close()
        theirs.close()
    finally:
        _admin(postgres_url, f"ALTER ROLE {WRITER} BYPASSRLS")


def test_a_restored_database_that_came_without_the_roles_is_made_whole(central: Database) -> None:
    """Roles are not in a dump of one database: grants and policies that named them are lost."""
    with central.write() as connection:
        connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION}")
        assert list(tenancy_check.problems(connection))
        seals.rebuild(connection)
        assert list(tenancy_check.problems(connection)) == []


def test_the_login_stays_in_its_organisation_where_the_owner_is_no_superuser(
    owned: Database, owned_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """There the owner cannot make the setting that nobody else can: each policy asks for the proof."""
    with refused("database-login-missing"):
        server_login.attach(owned, tmp_path, owned_url)
    name = f"login_{secrets.token_hex(4)}"
    _admin(
        postgres_url,
        f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{name}'",
        f"GRANT {APPLICATION}, {WRITER} TO {name}",
    )
    try:
        given = owned_url.replace("//" + owned_url.partition("//")[2].partition("@")[0], f"//{name}:{name}")
        login = server_login.attach(owned, tmp_path, owned_url, given)
        for centre in tenants_of(owned, tmp_path):
            centre.close()
        with psycopg.connect(given) as connection:
            connection.execute("SET ROLE bohari_app")
            stolen = login.key.proof("2", connection.info.backend_pid + 1)
            for forged in ("2", f"2:{'0' * 64}", stolen, ""):
                connection.execute("SELECT tenancy_enter(%s)", (forged,))
                connection.execute("SELECT set_config('app.whole', 'on', true)")
                assert connection.execute("SELECT org_id FROM document").fetchall() == []
            proof = login.key.proof("2", connection.info.backend_pid)
            connection.execute("SELECT tenancy_enter(%s)", (proof,))
            assert set(connection.execute("SELECT org_id FROM document").fetchall()) == {(2,)}
    finally:
        _admin(postgres_url, f"DROP ROLE {name}")
