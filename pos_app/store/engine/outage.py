"""Whose fault a failed write was: the database's, which is tried again, or the data's.

At ingest the difference decides between "ask again later" and quarantine.

2026-11-20  Read from the class of the SQLSTATE, not from the driver's kind of exception: that calls
"an index row is too large" operational (a document with a long reference would be tried again for
ever and block all behind it) and a damaged block internal (good documents would be quarantined).
"""

import sys
from typing import TYPE_CHECKING, TypeGuard

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pos_app.language import Sentence, kept_code, said
from pos_app.ledger.errors import Unavailable
from pos_app.store.engine.errors import DamagedDatabase

if TYPE_CHECKING:
    import psycopg

#: Classes of SQLSTATE that speak of the values: cardinality, data, integrity, check option, limits of
#: a row, and what our triggers raise.  All others (connection, rights, resources, deadlock, shutdown,
#: a full disk, damage) would meet any other document just the same.
_OF_THE_DATA = frozenset({"21", "22", "23", "44", "54", "P0"})

_CODES = {
    "uq_document_org_id_request_id": kept_code("request-on-other-document"),
    "uq_document_org_id_terminal_no_series_number": kept_code("number-on-other-document"),
    "uq_document_reverses": kept_code("voided-document-voided"),
    "pk_document": kept_code("key-on-other-document"),
}


def is_outage(error: BaseException) -> bool:
    """Whether the database went away, was busy or full: nothing is wrong with the data itself."""
    if isinstance(error, Unavailable | DamagedDatabase | PoolTimeout | MemoryError | OSError):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        return error.orig is not None and is_outage(error.orig)
    if not _is_of_postgres(error):
        return False
    if error.sqlstate:
        return error.sqlstate[:2] not in _OF_THE_DATA
    # Without a state the server did not speak: the connection broke, or never was.
    return isinstance(error, sys.modules["psycopg"].OperationalError | sys.modules["psycopg"].InterfaceError)


def _is_of_postgres(error: BaseException) -> "TypeGuard[psycopg.Error]":
    """Whether the driver of Postgres raised it: a till, which has none, never loads that."""
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.Error)


def sentence_of(error: BaseException) -> Sentence:
    """Why the database or the posting refused this document, for the person who looks at it."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return sentence_of(error.orig)
    if _is_of_postgres(error):
        known = _CODES.get(error.diag.constraint_name or "")
        if known is not None:
            return said(known)
        return said("database-refused", why=error.diag.message_primary or error)
    return said("cannot-be-posted", error=type(error).__name__, why=error)
