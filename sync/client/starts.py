"""The starts of a home's daemon, by which two of one home are told apart.

Each start draws a token and counts.  The greeting names the tokens since the last that the centre heard of: a
home that was copied and runs twice never names the other's, and both are told with their next greeting.
"""

from typing import Final, NamedTuple

from pos_app.ledger.request import new_request
from pos_app.store.documents import settings
from pos_app.store.engine.engine import Database

#: So many starts without a word of the centre are named; a home with more that was never heard is told once.
MOST_NAMED: Final = 64


class Start(NamedTuple):
    """This start: its number, its token, and those since the last that the centre heard of."""

    number: int
    token: str
    since: tuple[str, ...]


def begin(database: Database) -> Start:
    """Count a start of this home's daemon."""
    with database.write() as connection:
        count = int(settings.get(connection, "starts", "0")) + 1
        token = new_request()[:16]
        since = (*settings.get(connection, "starts_unheard").split(), token)[-MOST_NAMED:]
        settings.put(connection, starts=str(count), starts_unheard=" ".join(since))
    return Start(count, token, since)


def heard(database: Database, start: Start, *, twice: bool) -> Start:
    """The centre heard of this start; `twice` is what it says of another home.  Gives it as it is now."""
    said = "1" if twice else ""
    with database.read() as connection:
        known = settings.get(connection, "starts_unheard"), settings.get(connection, "home_twice")
    if known != (start.token, said or known[1]):
        with database.write() as connection:
            settings.put(connection, starts_unheard=start.token, **({"home_twice": said} if said else {}))
    return start._replace(since=(start.token,))
