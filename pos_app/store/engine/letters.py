"""Matching and sorting by letters (`ledger.letters`) instead of bytes, on both engines; é sorts at e.

Decisions
---------
2026-11-29  No column and no index is added for it.  A name of plain ASCII, as nearly all are, is folded by
the database itself; only one with other letters is handed to the function that is registered on a till's
connection (a call costs a microsecond), or folded by Postgres' own `normalize`.  A column that every writer
and the feed would have to fill is a migration on both sides, and saves a hundredth of a second in a
catalogue of a hundred thousand.

2026-11-29  The order is that of the folded letters' code points on both engines, not of a language: a
database's own collation is another one on every machine.
"""

from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.letters import LETTERS, PLAIN_LETTERS, folded
from pos_app.store.side import on_till

#: The name of the function on a till's connections.
_FUNCTION: Final = "folded_letters"


def register(driver_connection: Any) -> None:
    """Give a connection of a till the function that `folded_sql` calls."""
    driver_connection.create_function(_FUNCTION, 1, _of_a_column, deterministic=True)


def _of_a_column(text: str | None) -> str | None:
    return None if text is None else folded(text)


def folded_sql(connection: Connection, column: str) -> str:
    """The expression that folds a column as `folded` does a text."""
    if on_till(connection):
        return folded_on_till(column)
    apart = f"normalize(translate({column}, '{LETTERS}', '{PLAIN_LETTERS}'), NFKD)"
    fold = f"lower(regexp_replace({apart}, '[\\u0300-\\u036f]', '', 'g'))"
    return f"CASE WHEN octet_length({column}) = length({column}) THEN lower({column}) ELSE {fold} END"


def folded_on_till(column: str) -> str:
    """The expression of `folded_sql` on a till, for what is declared before there is a connection."""
    plain = f"octet_length({column}) = length({column})"
    return f"CASE WHEN {plain} THEN lower({column}) ELSE {_FUNCTION}({column}) END"


def order_sql(connection: Connection, column: str) -> str:
    """The expression that sorts a column by its letters."""
    collation = "BINARY" if on_till(connection) else '"C"'
    return f"({folded_sql(connection, column)}) COLLATE {collation}"


def like_pattern(words: str) -> str:
    """A LIKE pattern, for what `folded_sql` gives, for words in this order; wildcards in them are letters."""
    escaped = folded(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "%" + "%".join(escaped.split()) + "%"
