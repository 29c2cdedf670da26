"""How many connections of Postgres the server may hold.

Postgres refuses the connection after `max_connections`, whoever asks: commands, backups and the
person who looks for a fault need theirs too, so the server leaves them some.
"""

from typing import Final

from sqlalchemy import text

from pos_app.store.engine.engine import Database

#: Left for commands, backups, background work and people.
LEFT_FOR_OTHERS: Final = 20
_FEWEST: Final = 3


def connections_each(database: Database, processes: int, wanted: int) -> int:
    """How many connections each of so many processes may hold: as many as wanted, or a fair share."""
    with database.read() as connection:
        most = int(connection.scalar(text("SELECT current_setting('max_connections')")) or 0)
    return max(_FEWEST, min(wanted, (most - LEFT_FOR_OTHERS) // processes))
