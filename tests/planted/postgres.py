"""One Postgres for all questions, with the tables of a centre made once: no bug is planted in what makes
them.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.schema import schema

_TEMPLATE: Final = "planted_template"


@contextlib.contextmanager
def shared_postgres() -> Iterator[dict[str, str]]:
    """What tests have to be told of it, for as long as the block lasts."""
    if os.environ.get("BOHARI_TEST_POSTGRES_URL"):
        yield {}
        return
    folder = Path(tempfile.mkdtemp(prefix="bohari-planted-postgres-"))
    embedded = EmbeddedPostgres(folder / "postgres")
    try:
        url = embedded.start()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        database = open_postgres(embedded.url(_TEMPLATE))
        schema.prepare_central(database)
        database.close()
        yield {"BOHARI_TEST_POSTGRES_URL": url, "BOHARI_TEST_TEMPLATE": _TEMPLATE}
    finally:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)
