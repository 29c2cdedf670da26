"""How well products sell at this till at this hour, kept for a while: what is found is ranked by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.store.master import sells_here
from pos_app.till.session.context import Context

#: After so long it is counted anew.
_KEPT: Final = timedelta(minutes=15)


class SellsHere:
    """What sells here, as it was counted last."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counted: Mapping[int, int] = {}
        self._at: datetime | None = None

    def now(self, connection: Connection) -> Mapping[int, int]:
        """Products by their keys: larger is better."""
        at = self._context.clock.now()
        if self._at is None or not timedelta() <= at - self._at < _KEPT:
            terminal = self._context.terminal
            minute = at.hour * 60 + at.minute
            self._counted = sells_here.counted(connection, terminal.org_id, terminal.terminal_no, minute)
            self._at = at
        return self._counted
