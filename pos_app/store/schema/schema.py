"""Which tables each side has, and bringing a database up to this version's tables.

Opening reads one small table; alembic is loaded only when the database is not of this version.
"""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, MetaData, text

from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.schema import seals
from pos_app.store.side import on_till
from pos_app.store.tables import (
    approval_table,
    audit_run_table,
    audit_strange_table,
    audit_waiting_table,
    bank_tables,
    draft_tables,
    fiscal_tables,
    flag_tables,
    former_table,
    hook_tables,
    payment_tables,
    projections,
    shell_tables,
    upkeep_tables,
)
from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.local import till_metadata
from pos_app.store.tables.tables import ledger_metadata

if TYPE_CHECKING:
    from alembic.config import Config

#: Importing the projections puts their tables into the metadata; named so that it is not forgotten.
DERIVED_TABLES: Final = (
    *projections.CACHED.values(),
    *projections.BASELINES.values(),
    *projections.CHECKPOINTS.values(),
    *upkeep_tables.UPKEEP,
    draft_tables.invoice_draft,
    *flag_tables.FLAGS,
    approval_table.approval_secret,
    former_table.former_term,
    audit_run_table.audit_run,
    audit_strange_table.audit_strange,
    audit_waiting_table.audit_waiting,
    *shell_tables.SHELL,
    *hook_tables.HOOKS,
    *payment_tables.PAYMENTS,
    *bank_tables.BANK,
    *fiscal_tables.FISCAL,
)

METADATA: Final[dict[str, tuple[MetaData, ...]]] = {
    "till": (ledger_metadata, till_metadata),
    "central": (ledger_metadata, central_metadata),
}
#: The newest migration of each base of a side; a test holds them against the folder.
HEADS: Final[dict[str, frozenset[str]]] = {
    "till": frozenset({"ledger_0034", "till_0007"}),
    "central": frozenset({"ledger_0034", "central_0029"}),
}


def prepare_till(database: Database, before_upgrade: Callable[[], object] = lambda: None) -> None:
    """Make or upgrade a till's tables and triggers; `before_upgrade` is called when tables that hold
    something are about to change.

    Raises `Refused` when a newer version made them, `Unavailable` when they cannot be brought to this one:
    then they are as they were.
    """
    with database.read() as connection:
        if _is_current(connection, "till"):
            return
        standing = version(connection)
    if standing and standing != HEADS["till"]:
        before_upgrade()
    try:
        with database.write() as connection:
            # Another process may have upgraded it while this one waited for the lock.
            if not _is_current(connection, "till"):
                _upgrade(connection, "till")
    except BohariError:
        raise
    except Exception as error:
        if not standing:
            raise
        # The transaction took everything back: what the version of before made is still there, whole.
        events.UPGRADE_FAILED.log(error, side="till", before=sorted(standing), after=sorted(HEADS["till"]))
        raise Unavailable("upgrade-failed", why=str(error).partition("\n")[0][:200]) from error


def prepare_central(database: Database) -> bool:
    """Make or upgrade the central tables, triggers and the partitions of the years around this one.

    Gives whether there was anything to upgrade.  Raises `Refused` when a newer version made them.
    """
    # A till that starts reads nothing of what the centre declares.
    from pos_app.store.schema import partitions, seals_centre, tenancy

    upgraded = False
    with database.write() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(13)"))
        # Roles belong to the server, not to the database: a restored one may have come without them.
        if tenancy.make_roles(connection) or not _is_current(connection, "central"):
            _upgrade(connection, "central")
            upgraded = True
        tenancy.make_key(connection)
        tenancy.shut(connection)
        for year in partitions.wanted(datetime.now(UTC)):
            seals_centre.make_year(connection, year)
    return upgraded


def version(connection: Connection) -> frozenset[str]:
    """The migrations that a database stands at; empty before the first."""
    if on_till(connection):
        known = "SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'"
    else:
        known = "SELECT to_regclass('alembic_version')"
    if connection.execute(text(known)).scalar() is None:
        return frozenset()
    return frozenset(connection.scalars(text("SELECT version_num FROM alembic_version")).all())


def _is_current(connection: Connection, side: str) -> bool:
    return version(connection) == HEADS[side] and _seals_mark(connection) == _declared_mark(connection)


def _upgrade(connection: Connection, side: str) -> None:
    """Run the migrations that are missing and make the triggers anew, in the caller's transaction."""
    before = version(connection)
    if before != HEADS[side]:
        _migrate(connection, side)
        events.UPGRADED.log(side=side, before=sorted(before), after=sorted(HEADS[side]))
    else:
        events.TRIGGERS_REBUILT.log(side=side)
    seals.rebuild(connection)
    if side == "central":
        from pos_app.store.schema import trail_begin

        trail_begin.begin_everywhere(connection)
    _put_seals_mark(connection)


def alembic_config(connection: Connection, side: str) -> "Config":
    """What alembic is told of the migrations of a side, to run in the caller's transaction."""
    import os

    from alembic.config import Config

    from migrations import folder

    config = Config(ini_section=side)
    places = [str(folder() / base / "versions") for base in ("ledger", side)]
    # A percent sign in a path would be read as the beginning of a setting's name.
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(places).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection, side: str) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(alembic_config(connection, side), "heads")
    except CommandError as error:
        if "locate revision" not in str(error):
            raise
        raise Refused("database-of-newer-version") from error


# --- which triggers were made -------------------------------------------------------------------------
# Triggers change without a migration when their declarations do.  What is kept is a number over the
# declarations at the last rebuild, not over the triggers that stand: one that somebody dropped must
# be found by `verify`, not quietly made again at the next opening.


def _declared_mark(connection: Connection) -> int:
    return zlib.crc32("\n".join(seals.statements(connection)).encode()) & 0x7FFFFFFF


def _seals_mark(connection: Connection) -> int:
    if on_till(connection):
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())
    comment = connection.execute(
        text("SELECT obj_description(to_regproc('seal_refuse'), 'pg_proc')")
    ).scalar_one_or_none()
    return int(comment) if comment and str(comment).isdigit() else 0


def _put_seals_mark(connection: Connection) -> None:
    mark = _declared_mark(connection)
    if on_till(connection):
        connection.exec_driver_sql(f"PRAGMA user_version = {mark}")
    else:
        connection.exec_driver_sql(f"COMMENT ON FUNCTION seal_refuse() IS '{mark}'")


def is_compared(dialect: str, kind: str, name: str | None) -> bool:
    """Whether alembic compares this object with the declarations on this engine.

    Partitions of a year are made as years come, some indexes stand at the centre only, and
    the foreign key from a part to its document on a till only.
    """
    if kind == "foreign_key_constraint":
        return dialect == "sqlite"
    if kind == "index":
        return indexes_of_one_engine().get(str(name), dialect) == dialect
    tables = {
        table.name for side in METADATA.values() for metadata in side for table in metadata.sorted_tables
    }
    return kind != "table" or name in tables


def indexes_of_one_engine() -> dict[str, str]:
    """The indexes that only one engine has (`ddl_if`), by name: which engine."""
    indexes = [
        index
        for metadata in (ledger_metadata, till_metadata)
        for table in metadata.sorted_tables
        for index in table.indexes
    ]
    # SQLAlchemy keeps the condition of `ddl_if` here and offers no other way to read it.
    conditions = ((index.name, index._ddl_if) for index in indexes)
    return {str(name): str(one.dialect) for name, one in conditions if one is not None and one.dialect}
