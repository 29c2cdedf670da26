"""How long a report may take and how much it may bring, where others wait beside who asked for it.

Decisions
---------
2026-12-01  A page or a program that asks for ten years of lines is answered by a sentence after a while, and
not by all of the server's memory: nobody reads so many rows in a browser.  A command works for who typed it
alone, and has all the time and rows that it wants.
"""

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pos_app.ledger.errors import Refused
from pos_app.store.report_queries.scope import MOST_ROWS
from pos_app.store.side import on_till

#: What Postgres says of a statement that took too long.
_CANCELLED: Final = "57014"


@contextlib.contextmanager
def within(connection: Connection, *, milliseconds: int, rows: int) -> Iterator[None]:
    """Let no statement of the block take longer, and none of a report bring more rows.

    Raises `Refused` for what does.
    """
    if not on_till(connection):
        connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
    connection.execution_options(**{MOST_ROWS: rows})
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != _CANCELLED:
            raise
        raise Refused("report-takes-too-long", seconds=milliseconds // 1000) from error
