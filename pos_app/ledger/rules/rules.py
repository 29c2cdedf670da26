"""The rules that a document must obey by itself, before any database is asked.

The till checks them before it records and the server checks them again at ingest; a document that
breaks one is refused here and quarantined there.  The rules stand by family beside this
file, and are named for their types in `types`; here is what all documents obey.  What the balances alone
know (is that much open, is the period locked) is asked by the store, inside the transaction that records.

Decisions
---------
2026-11-21  Nothing is dated before 2000 or after 2090: such a year is a clock that lost its battery, and
a till with it would write into periods that were closed or never come.  Nor more than a day after the
moment of recording, the one time of which the terminal's clock gives account: a day, because whoever
writes tomorrow's date by hand at the far side of the date line is not lying.  How far back a document
may be dated no document can know: history is imported, and a bill comes late.  A locked period says so.
"""

from datetime import timedelta
from typing import Final

from pos_app.ledger.document import TYPES, Head
from pos_app.ledger.errors import Refused
from pos_app.ledger.rules.amounts import FIRST_YEAR, LAST_YEAR, check_rate

_AHEAD: Final = timedelta(days=1)


def check(document: Head) -> None:
    """Raise `Refused` with a sentence when the document contradicts itself.

    Raises `Damaged` when a void holds bytes that are no document.
    """
    type_ = TYPES.of(document)
    if document.series != type_.series:
        raise Refused("series-wrong", series=document.series)
    if len(document.request_id) != 32 or not document.request_id.isalnum():
        raise Refused("request-malformed")
    _check_dates(document)
    check_rate(document.rate_micro)
    type_.check(document)


def _check_dates(document: Head) -> None:
    occurred, recorded = document.occurred_at, document.recorded_at
    if occurred.tzinfo is None or recorded.tzinfo is None:
        raise Refused("time-without-zone")
    for moment in (occurred, recorded):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Refused("year-implausible", year=moment.year)
    if occurred > recorded + _AHEAD:
        raise Refused("dated-after-recorded")
