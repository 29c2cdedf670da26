"""The judge of clocks: when a document says that it was recorded, against its arrival and its neighbours.

A moment decides which price, limit and right held. A terminal's chain goes one way, so does its time: whoever
sets the clock back to a day on which they had the right stands before their own last document.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.document import document_key
from pos_app.ledger.flagging import CLOCK_AHEAD, CLOCK_BACK, Found
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick

#: So far ahead of the centre a clock may be, or back behind its own last document: clocks are set right.
MOST_AHEAD: Final = timedelta(minutes=10)
MOST_BACK: Final = timedelta(minutes=2)

#: When the document before a batch was recorded.
BEFORE: Final = "SELECT recorded_at FROM document WHERE org_id = ? AND document_id = ?"

_MINUTE: Final = timedelta(minutes=1)


def judge(
    connection: Connection, org_id: int, batch: Sequence[Sealed], arrived_at: datetime
) -> Iterator[Found]:
    """The first document that is ahead, and each that goes back; of one terminal, in its order."""
    first = batch[0].document
    before = quick(
        connection,
        BEFORE,
        org_id,
        document_key(first.terminal_no, first.seq - 1),
    ).fetchone()
    last: datetime | None = None if before is None else before[0]
    is_ahead = last is not None and last - arrived_at > MOST_AHEAD
    for one in batch:
        at, key = one.document.recorded_at, one.document.document_id
        # Where somebody who may allowed the date (see `ledger.dating`) it is theirs.
        if last is not None and last - at > MOST_BACK and one.document.dated_by is None:
            yield Found(key, CLOCK_BACK, {"minutes": (last - at) // _MINUTE})
        if at - arrived_at > MOST_AHEAD and not is_ahead:
            is_ahead = True
            yield Found(key, CLOCK_AHEAD, {"minutes": (at - arrived_at) // _MINUTE})
        last = at
