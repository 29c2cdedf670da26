"""On which side a database stands: a till's file or the centre's server.

A till's is SQLite and the centre's is Postgres, always: whoever asks for one asks for the other.  This module
alone looks at the name of a dialect; what differs in more than a line has a class for each side
(`journal.TillJournal` and `CentreJournal`, `rules.TillBooks` and `CentreBooks`).
"""

from sqlalchemy import Connection, Dialect, Engine


def on_till(at: Connection | Engine) -> bool:
    """Whether this is a till's database."""
    return is_till(at.dialect)


def is_till(dialect: Dialect) -> bool:
    """Whether databases of this dialect are tills'."""
    return dialect.name == "sqlite"
