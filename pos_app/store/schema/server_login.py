"""The login of the server and the office: made by the owner, kept beside the other keys of the home.

It is a member of the two roles of the application and of nothing else, owns nothing and is no superuser
(see `tenancy`); NOINHERIT, so that by itself it may do nothing, and no policy that names one of the roles
counts for it while it works as the other.  Each home draws a name of its own, so that two homes on one
Postgres, or a restored one, do not take the password from under each other.  Its password is 32 random
bytes, in a 0600 file.

A Postgres whose owner may not make logins takes the setting `database_server_url`: the URL of one that an
administrator made.
"""

import secrets
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, make_url, text

from pos_app.ledger.errors import Damaged, Refused
from pos_app.store.engine import key_store
from pos_app.store.engine.engine import APPLICATION, WRITER, Database, Login
from pos_app.store.engine.tenant_proof import TenantKey

FILE: Final = "database.key"
_PREFIX: Final = "bohari_server_"
_NAME_BYTES: Final = 6
_PASSWORD_BYTES: Final = 32
#: SQLSTATEs of an owner who may not make logins, or not give them the roles.
_TOO_WEAK: Final = "insufficient_privilege"


class _Kept(NamedTuple):
    """What lies in the file: a line each."""

    name: str
    password: str


def attach(database: Database, home: Path, url: str, given_url: str = "") -> Login:
    """The login of a home, made where it is missing.

    `database` is the owner's, at `url`; `given_url` is a login that an administrator made.  Raises `Refused`
    when the owner may not make one, and when one that was given is too strong or too weak; `Damaged` when
    the file of the home is no such file.
    """
    kept = None if given_url else _kept(home)
    with database.read() as connection:
        key = _tenant_key(connection)
        if kept is None:
            name = make_url(given_url).username or ""
            _check(connection, name)
            return Login(given_url, key)
        stands = _check(connection, kept.name, missing_is_fine=True)
    if not stands:
        with database.write() as connection:
            _make(connection, kept)
            _check(connection, kept.name)
    own = make_url(url).set(username=kept.name, password=kept.password)
    return Login(own.render_as_string(hide_password=False), key)


def _kept(home: Path) -> _Kept:
    found = key_store.find(home, FILE)
    if found is None:
        drawn = _Kept(
            _PREFIX + secrets.token_hex(_NAME_BYTES),
            secrets.token_hex(_PASSWORD_BYTES),
        )
        # A file on every system: a service cannot reach the keyring of the person who set it up.
        key_store.write(home / FILE, "".join(f"{one}\n" for one in drawn).encode())
        return drawn
    lines = found.content.decode("ascii", errors="replace").split()
    if len(lines) != len(_Kept._fields) or not lines[0].startswith(_PREFIX):
        raise Damaged("database-key-unreadable", file=home / FILE)
    return _Kept(*lines)


def _tenant_key(connection: Connection) -> TenantKey:
    row = connection.execute(text("SELECT inner_block, outer_block FROM tenant_key")).one()
    return TenantKey(bytes(row[0]), bytes(row[1]))


def _check(connection: Connection, name: str, *, missing_is_fine: bool = False) -> bool:
    """Whether the login stands.  Raises `Refused` when it could leave its organisation, or not work."""
    row = connection.execute(
        text(
            "SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls"
            " OR r.rolinherit OR pg_has_role(r.oid,"
            " (SELECT relowner FROM pg_class WHERE oid = 'tenant_key'::regclass), 'MEMBER'),"
            " pg_has_role(r.oid, :application, 'MEMBER') AND pg_has_role(r.oid, :writer, 'MEMBER')"
            " FROM pg_roles r WHERE r.rolname = :name AND r.rolcanlogin"
        ),
        {"name": name, "application": APPLICATION, "writer": WRITER},
    ).one_or_none()
    if row is not None and row[0]:
        raise Refused("database-login-too-strong", role=name)
    if row is None or not row[1]:
        if missing_is_fine:
            return False
        raise Refused("database-login-missing", role=name, application=APPLICATION, writer=WRITER)
    return True


def _make(connection: Connection, kept: _Kept) -> None:
    """The login, with its password as the server keeps it: the plain one never leaves this machine."""
    driver: Any = connection.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(kept.password.encode(), kept.name.encode(), b"scram-sha-256")
    connection.exec_driver_sql(
        f"DO $$ BEGIN CREATE ROLE {kept.name} LOGIN NOINHERIT;\n"
        f"EXCEPTION WHEN duplicate_object OR unique_violation OR {_TOO_WEAK} THEN NULL; END $$"
    )
    connection.exec_driver_sql(
        f"DO $$ BEGIN ALTER ROLE {kept.name} LOGIN PASSWORD '{verifier.decode()}';\n"
        f"  GRANT {APPLICATION}, {WRITER} TO {kept.name};\n"
        f"EXCEPTION WHEN {_TOO_WEAK} OR undefined_object THEN NULL; END $$"
    )
