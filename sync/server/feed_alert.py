"""Telling somebody that the feed hides rows from the tills: in the log and by the alert, once each time."""

from collections.abc import Callable
from typing import Any, Final

from pos_app.language import said
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.feed import ahead
from pos_app.store.master import organisations

ALERT: Final = "feed hides rows"


class FeedAlert:
    """A `Work` of the upkeep: looks whether rows came from another database and are hidden."""

    def __init__(self, database: Database, tell: Callable[[dict[str, Any]], object]) -> None:
        self._database = database
        self._tell = tell
        self._told: list[str] = []

    def turn(self, budget_ms: int) -> None:
        """See `Work.turn`; the newest row of each table and organisation."""
        del budget_ms
        with self._database.read() as connection:
            hidden = ahead.hidden(connection, organisations.all_ids(connection))
        if hidden and hidden != self._told:
            sentence = said("feed-stamps-ahead", source=hidden[0])
            events.FEED_AHEAD.log(kinds=hidden)
            self._tell({"alert": ALERT, "kinds": hidden, "sentence": str(sentence)})
        self._told = hidden
