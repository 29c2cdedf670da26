"""What a look at a database's own files can tell: damage, versions, the newest moment in it."""

from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.store.side import on_till
from pos_app.store.tables.columns import from_micros


def damage(connection: Connection) -> list[str]:
    """On a till: what SQLite finds wrong with its pages and what SQLCipher finds wrong with their seals."""
    if not on_till(connection):
        return []
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
    found += [
        str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"
    ]
    found += [f"foreign key {tuple(row)}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return found


def engine_version(connection: Connection) -> str:
    """Which database this is."""
    if on_till(connection):
        sqlite = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
        cipher = connection.exec_driver_sql("PRAGMA cipher_version").scalar()
        return f"SQLite {sqlite}, SQLCipher {cipher}"
    return f"Postgres {connection.execute(text('SHOW server_version')).scalar()}"


def newest(connection: Connection, org_id: int) -> datetime | None:
    """When the newest document was recorded, by the clock of its terminal."""
    sql = "SELECT max(recorded_at) FROM document WHERE org_id = :org"
    if not on_till(connection):
        # Each terminal's last one, by its key: the books may hold tens of millions.
        sql = (
            "SELECT max(d.recorded_at) FROM terminal AS t JOIN document AS d ON d.org_id = t.org_id"
            f" AND d.document_id = t.terminal_no * {TERMINAL_SPAN} + t.last_seq WHERE t.org_id = :org"
        )
    found = connection.execute(text(sql), {"org": org_id}).scalar()
    return from_micros(found) if isinstance(found, int) else found
