"""The login of the server: whatever statement gets into its session, it stays in its organisation.

What is tried here is tried over a connection of its own, by SQL, as somebody would who found a way to put
a statement into a request.
"""

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos_app.store.engine import signing
from pos_app.store.engine.engine import APPLICATION, WRITER, Database, Login, open_application, open_postgres
from pos_app.store.engine.vault import Vault
from pos_app.store.master import organisations
from pos_app.store.schema import schema, server_login, tenancy, tenancy_check
from tests.contract.test_tenancy import BY_NAME, DENIED, TABLES, VERBS
from tests.support.refused import damaged, refused
from tests.support.worlds import tenants
from tests.support.worlds.tenants import OURS, THEIRS

READABLE: Final = [
    table.name for table in tenancy.tenant_tables() if "SELECT" in tenancy.grants(table).get(APPLICATION, "")
]
#: Each tries to become somebody else, or to stand in another organisation.
WAYS_OUT: Final = [
    "RESET ROLE",
    "SET ROLE NONE",
    "SET ROLE {owner}",
    "SET ROLE bohari_writer",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET SESSION AUTHORIZATION {owner}",
    "SET LOCAL app.org_id = '2'",
    "SELECT set_config('app.org_id', '2', false)",
    "SELECT set_config('app.tenant', '2', true)",
    "SELECT set_config('app.whole', 'on', true)",
    "SELECT set_config('role', 'postgres', true)",
    "SELECT set_config('session_authorization', 'postgres', true)",
    f"SET {tenancy.SETTING} = 'bohari_tenant_2'",
    f"SELECT set_config('{tenancy.SETTING}', 'bohari_tenant_2', true)",
    f"UPDATE pg_settings SET setting = 'bohari_tenant_2' WHERE name = '{tenancy.SETTING}'",
    f"ALTER ROLE CURRENT_USER SET {tenancy.SETTING} = 'bohari_tenant_2'",
    "SELECT tenancy_enter('2')",
    "SELECT tenancy_enter('2:' || repeat('0', 64))",
    "SELECT tenancy_enter(NULL)",
    "SELECT tenancy_enter('2:' || (SELECT encode(outer_block, 'hex') FROM tenant_key))",
    "SELECT tenancy_proven('2:')",
    "SELECT tenancy_organisations()",
    "SET row_security = off",
    "SET session_replication_role = replica",
    "ALTER TABLE party DISABLE ROW LEVEL SECURITY",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "GRANT {owner} TO CURRENT_USER",
    "CREATE FUNCTION public.tenancy_org() RETURNS bigint LANGUAGE sql AS 'SELECT 2'",
    "CREATE SCHEMA mine",
    "CREATE TEMP TABLE party (LIKE public.party)",
    "COPY party TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT seal_make_year(2090)",
]


class World(NamedTuple):
    """Two organisations in one database, as its owner, and how the server logs in."""

    owner: Database
    login: Login
    owner_name: str
    home: Path


@pytest.fixture(scope="module")
def world(
    central_template: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A database of two organisations and the login of a home for it."""
    home = tmp_path_factory.mktemp("home")
    with tenants.own_database(postgres_url, central_template) as url:
        owner = tenants.open_owner(url)
        schema.prepare_central(owner)
        centres = tenants.two_organisations(owner, tmp_path_factory.mktemp("tills"))
        login = server_login.attach(owner, home, url)
        with owner.read() as connection:
            name = str(connection.scalar(text("SELECT current_user")))
        yield World(owner, login, name, home)
        for centre in centres:
            centre.close()
        owner.close()


def url_of(world: World) -> str:
    """The owner's URL, as a person gives it."""
    return world.owner.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextlib.contextmanager
def as_server(world: World, org_id: int) -> Iterator[psycopg.Connection]:
    """A connection of the server's login in a transaction of an organisation."""
    with psycopg.connect(world.login.url) as connection:
        proof = world.login.key.proof(str(org_id), connection.info.backend_pid)
        connection.execute("SET LOCAL ROLE bohari_app")
        connection.execute("SELECT tenancy_enter(%s)", (proof,))
        yield connection
        connection.rollback()


def seen(connection: psycopg.Connection) -> set[int]:
    """The organisations of which the connection sees a row in any table."""
    found: set[int] = set()
    for name in READABLE:
        query = sql.SQL("SELECT DISTINCT org_id FROM public.{}").format(sql.Identifier(name))
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
            found |= {int(row[0]) for row in connection.execute(query)}
    return found


def test_the_login_is_nobody_strong_and_owns_nothing(world: World) -> None:
    with as_server(world, OURS) as connection:
        strong = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
            " OR rolinherit FROM pg_roles WHERE rolname = session_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_shdepend WHERE refobjid = (SELECT oid FROM pg_roles"
            " WHERE rolname = session_user) AND deptype = 'o'"
        ).fetchone()
        member = connection.execute(
            "SELECT array_agg(b.rolname ORDER BY 1) FROM pg_auth_members m"
            " JOIN pg_roles b ON b.oid = m.roleid"
            " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = session_user"
        ).fetchone()
        assert (strong, owned) == ((False,), (0,))
        assert member == ([APPLICATION, WRITER],)
        assert seen(connection) == {OURS}


@pytest.mark.parametrize("statement", WAYS_OUT)
def test_no_statement_leads_out_of_the_organisation(world: World, statement: str) -> None:
    with as_server(world, OURS) as connection:
        with contextlib.suppress(psycopg.Error), connection.transaction():
            connection.execute(statement.format(owner=world.owner_name).encode())
        assert seen(connection) <= {OURS}
        assert connection.execute("SELECT session_user").fetchone() != (world.owner_name,)
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
            assert connection.execute("SELECT tenancy_org()").fetchone() == (OURS,)


@pytest.mark.parametrize("statement", [one for one in WAYS_OUT if "tenant_key" not in one])
def test_who_proved_nothing_gets_nothing(world: World, statement: str) -> None:
    with psycopg.connect(world.login.url) as connection:
        connection.execute("SET ROLE bohari_app")
        with contextlib.suppress(psycopg.Error), connection.transaction():
            connection.execute(statement.format(owner=world.owner_name).encode())
        assert seen(connection) == set()
        connection.rollback()


def test_a_proof_is_worth_nothing_on_another_connection(world: World) -> None:
    """Sessions of one login see each other's statements in pg_stat_activity, proofs included."""
    with as_server(world, THEIRS) as theirs, as_server(world, OURS) as ours:
        stolen = world.login.key.proof(str(THEIRS), theirs.info.backend_pid)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), ours.transaction():
            ours.execute("SELECT tenancy_enter(%s)", (stolen,))
        assert seen(ours) == {OURS}


def test_no_verb_reaches_another_organisation_over_the_login(world: World) -> None:
    before = {name: tenants.fingerprint(world.owner, name, THEIRS) for name in TABLES}
    server = open_application(world.login, pool_size=1, overflow=0)
    wrong = []
    for name in TABLES:
        row = tenants.forged(world.owner, BY_NAME[name])
        for verb, attempt in VERBS.items():
            with server.for_org(THEIRS).read() as connection:
                connection.execute(text("SELECT 1"))
            try:
                with server.for_org(OURS).write() as connection:
                    attempt(connection, name, row)
                    connection.rollback()
            except (DBAPIError, psycopg.Error) as error:
                state = getattr(getattr(error, "orig", error), "sqlstate", "")
                if state not in (DENIED, "0A000"):
                    wrong.append(f"{verb} {name}: {state}")
    server.close()
    assert wrong == []
    assert {name: tenants.fingerprint(world.owner, name, THEIRS) for name in TABLES} == before


def test_what_one_request_leaves_on_a_pooled_connection_does_not_help_the_next(world: World) -> None:
    server = open_application(world.login, pool_size=1, overflow=0)
    for statement in WAYS_OUT:
        with contextlib.suppress(DBAPIError), server.for_org(OURS).write() as connection:
            connection.exec_driver_sql(statement.format(owner=world.owner_name))
        raw = server.engine.raw_connection()
        raw.cursor().execute("RESET ROLE")
        raw.commit()
        raw.close()
        for next_one, wanted in ((server.for_org(THEIRS), {THEIRS}), (server.without_tenant(), set[int]())):
            # Refused it may be (row_security was switched off), and it sees nothing of the other.
            with contextlib.suppress(DBAPIError), next_one.read() as connection:
                assert set(connection.scalars(text("SELECT org_id FROM party"))) == wanted, statement
    server.close()


def test_a_worker_has_no_way_to_the_owner(world: World) -> None:
    server = open_application(world.login)
    for table in ("document", "tenant_key"):
        with pytest.raises(DBAPIError) as told, server.as_owner().read() as connection:
            connection.execute(text(f"SELECT * FROM {table}"))
        assert getattr(told.value.orig, "sqlstate", "") == DENIED
    assert organisations.served(server) == [OURS, THEIRS]
    server.close()


def test_a_copy_still_goes_in_as_the_writer(world: World, tmp_path: Path) -> None:
    """Documents of a till over the login: the COPY, the triggers and the projections."""
    from tests.support.worlds.sync_fixtures import Centre, drift

    database = open_postgres(url_of(world))
    database.log_in(world.login)
    centre = Centre(database)
    till = centre.till(tmp_path / "till")
    till.sell()
    till.drain()
    assert len(centre.documents(till.who.terminal_no)) == 1
    assert drift(database) == []
    with database.as_owner().read() as connection:
        assert list(tenancy_check.problems(connection)) == []
    centre.close()
    database.close()


def test_what_signs_at_a_centre_signs_for_its_requests_too(world: World, tmp_path: Path) -> None:
    """They go by another engine: a key that a request noted without it held no longer at the next start."""
    database = open_postgres(url_of(world))
    database.log_in(world.login)
    signer = Vault(bytes(range(32))).signing(tmp_path)
    database.sign_with(signer)
    with database.as_owner().read() as owner, database.for_org(OURS).read() as request:
        assert owner.engine is not request.engine
        assert signing.of(owner) is signing.of(request) is signer
    database.close()


# --- the login itself -------------------------------------------------------------------------------


def test_its_key_is_its_owners_alone_and_kept(world: World) -> None:
    path = world.home / server_login.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    url = url_of(world)
    assert server_login.attach(world.owner, world.home, url) == world.login
    assert world.login.key.inner.hex() not in repr(world.login)


@pytest.mark.parametrize(
    "content", [b"", b"bohari_server_1\n", b"postgres\nsecret\n", b"\xff\xfe\n" * 3, b"x\n" * 99]
)
def test_a_damaged_key_is_said(world: World, tmp_path: Path, content: bytes) -> None:
    (tmp_path / server_login.FILE).write_bytes(content)
    url = url_of(world)
    with damaged("database-key-unreadable"):
        server_login.attach(world.owner, tmp_path, url)


def test_a_login_that_is_given_must_be_neither_strong_nor_useless(world: World, tmp_path: Path) -> None:
    url = url_of(world)
    with refused("database-login-too-strong"):
        server_login.attach(world.owner, tmp_path, url, url)
    with refused("database-login-missing"):
        server_login.attach(world.owner, tmp_path, url, "postgresql://nobody_here@/bohari")
    assert server_login.attach(world.owner, tmp_path, url, world.login.url) == world.login
    assert not (tmp_path / server_login.FILE).exists()


def test_a_login_that_became_strong_is_found(world: World) -> None:
    with world.owner.write() as connection:
        name = psycopg.conninfo.conninfo_to_dict(world.login.url.replace("+psycopg", ""))["user"]
        connection.exec_driver_sql(f"ALTER ROLE {name} CREATEROLE")
        assert any("rights over the whole server" in one for one in tenancy_check.problems(connection))
        connection.rollback()
