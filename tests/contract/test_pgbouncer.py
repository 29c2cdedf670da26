"""The server behind pgbouncer in transaction pooling: a connection of Postgres serves whoever comes next."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from sqlalchemy import make_url, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused
from pos_app.store.engine.engine import Database, Login, open_application
from pos_app.store.schema import schema, server_login
from sync.server.endpoint import Endpoint
from tests.support.worlds import tenants
from tests.support.worlds.sync_fixtures import Centre, drift

PGBOUNCER: Final = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
#: Fewer than there are threads: each connection is used by all of them in turn.
_SERVED: Final = 2
_THREADS: Final = 6

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="Debian's pgbouncer is not installed")


class World(NamedTuple):
    """Two organisations, and the way to them through the pool."""

    owner: Database
    centres: tuple[Centre, ...]
    login: Login


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def pooled(direct: Login) -> Iterator[Login]:
    """A pgbouncer before the Postgres of a login."""
    url, port = make_url(direct.url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="bohari-pool-"))
    (folder / "users").write_text(f'"{url.username}" "{url.password}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={url.query.get('host') or url.host} port={url.port or 5432}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = scram-sha-256\n"
        f"auth_file = {folder / 'users'}\npool_mode = transaction\ndefault_pool_size = {_SERVED}\n"
        f"unix_socket_dir =\nlogfile = {folder / 'log'}\n"
    )
    as_whom = []
    if os.geteuid() == 0:
        # It does not run as root, and neither does the Postgres of the tests.
        as_whom = ["-u", "pgserver"]
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "pgserver")
    assert PGBOUNCER is not None
    process = subprocess.Popen([PGBOUNCER, "-q", *as_whom, folder / "ini"], stderr=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline_s
            time.sleep(0.02)
        through = url.set(host="127.0.0.1", port=port, query={})
        yield Login(through.render_as_string(hide_password=False), direct.key, pooled=True)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def world(
    central_template: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    if sys.platform == "win32":
        pytest.skip("pgbouncer is Debian's here")
    home = tmp_path_factory.mktemp("home")
    with tenants.own_database(postgres_url, central_template) as url:
        owner = tenants.open_owner(url)
        schema.prepare_central(owner)
        centres = tenants.two_organisations(owner, tmp_path_factory.mktemp("tills"))
        with pooled(server_login.attach(owner, home, url)) as login:
            yield World(owner, tuple(centres), login)
        for centre in centres:
            centre.close()
        owner.close()


def test_no_transaction_stands_in_the_organisation_of_the_one_before(world: World) -> None:
    server = open_application(world.login, pool_size=_THREADS, overflow=0)
    server.limit(statement_s=7, lock_s=3)
    wrong: list[object] = []

    def work(number: int) -> None:
        for turn in range(25):
            org_id = 1 + (number + turn) % 2
            try:
                with server.for_org(org_id).read() as connection:
                    seen = set(connection.scalars(text("SELECT DISTINCT org_id FROM document")))
                    limit = connection.scalar(text("SELECT current_setting('statement_timeout')"))
                if seen != {org_id} or limit != "7s":
                    wrong.append((org_id, seen, limit))
                with server.without_tenant().read() as connection:
                    nobody = connection.scalar(text("SELECT count(*) FROM document"))
                if nobody:
                    wrong.append(nobody)
            except Exception as error:  # noqa: BLE001 - any of them is what is looked for
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    # Nothing hears of news through a pool: requests are not held there.
    assert server.listening() is None
    server.close()


def test_tills_sell_push_and_pull_through_the_pool(world: World, tmp_path: Path) -> None:
    centre = Centre(world.owner)
    till = centre.till(tmp_path / "till")
    server = open_application(world.login, pool_size=4, overflow=0)
    till.transport.desk = Endpoint(server, SystemClock())
    # More than five of each statement: psycopg would have prepared them.
    for _ in range(8):
        till.sell(customer=1)
        till.drain()
    assert len(centre.documents()) == 8
    assert drift(centre.database) == []
    centre.close()
    server.close()


def test_a_pool_that_nobody_told_of_is_no_way_in(world: World) -> None:
    """Without the setting the proof names another process of Postgres: nothing is seen, and not too much."""
    server = open_application(world.login._replace(pooled=False), pool_size=1, overflow=0)
    with pytest.raises(Exception) as stopped, server.for_org(1).read() as connection:  # noqa: PT011
        connection.execute(text("SELECT count(*) FROM document")).one()
    assert not isinstance(stopped.value, (AssertionError, Refused))
    server.close()
