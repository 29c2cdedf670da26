"""The failures of the two database drivers that a person can do something about, told by their codes.

Everything else stays what it is: a bug, for the log.

2026-11-29  By code and not by words.  SQLite's result codes (https://sqlite.org/rescode.html) stand in
`sqlite_errorcode`, whose lowest byte is the primary one; Postgres's SQLSTATE in `sqlstate`.  The words are
those of the data as often as not: what Postgres says of a value quotes it, and a trigger says what we wrote.
"""

from typing import Final

import sqlcipher3.dbapi2 as sqlcipher

from pos_app.ledger.errors import BohariError, Unavailable
from pos_app.store.engine.errors import DamagedDatabase, DatabaseBusy, DiskFull

_PRIMARY: Final = 0xFF
_BUSY: Final = (sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED)
_NO_ENTRY: Final = (sqlcipher.SQLITE_CANTOPEN, sqlcipher.SQLITE_READONLY, sqlcipher.SQLITE_PERM)
_DAMAGED: Final = (sqlcipher.SQLITE_CORRUPT, sqlcipher.SQLITE_NOTADB)
#: SQLSTATE of Postgres: disk_full and io_error.
_POSTGRES_FULL: Final = "53100"
_POSTGRES_IO: Final = "58030"
#: data_corrupted, which a page with a wrong checksum is, and index_corrupted.
_POSTGRES_DAMAGED: Final = ("XX001", "XX002")


def known(error: BaseException) -> BohariError | None:
    """What to tell a person of a driver's error; None for one that is a bug."""
    # Only Postgres's driver says one; asked for so, a till loads nothing of that.
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRES_DAMAGED:
        return DamagedDatabase("central-database-damaged")
    if state is not None:
        return _told_of_disk(state == _POSTGRES_FULL, state == _POSTGRES_IO)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & _PRIMARY
    if primary in _BUSY:
        return DatabaseBusy("database-busy")
    if primary in _NO_ENTRY:
        return Unavailable("database-cannot-be-opened")
    if primary in _DAMAGED:
        return DamagedDatabase("database-damaged")
    return _told_of_disk(primary == sqlcipher.SQLITE_FULL, primary == sqlcipher.SQLITE_IOERR)


def _told_of_disk(is_full: bool, is_unwritable: bool) -> DiskFull | None:
    if is_full:
        return DiskFull("disk-full")
    if is_unwritable:
        return DiskFull("disk-unwritable")
    return None
