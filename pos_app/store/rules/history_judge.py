"""The judge of dates: whether somebody might bring in what happened before the till was there.

Decisions
---------
2026-11-30  The centre asks what a till asks (`till.history`): history comes in before the first shift, by who
may import, and afterwards with a permit of the centre. Whatever else is dated before the till's first
shift is no history but a date that somebody wrote, and stands under the name of who allowed it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.document import Document, DrawerOpen, Refund, Sale
from pos_app.ledger.flagging import DATED_BEFORE_TILL, HISTORY_UNALLOWED, Found
from pos_app.ledger.permission import HISTORIAN, Permission
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick
from pos_app.store.organisation.rights import Rights
from pos_app.store.tables.columns import micros

#: What happened so long before it was recorded, in no shift, is history of another system.
_HISTORY: Final = timedelta(days=1)

#: The first opening of a terminal's drawer, also one that was voided.
FIRST: Final = (
    "SELECT document_id, occurred_at FROM document WHERE org_id = ? AND terminal_no = ?"
    " AND kind IN ('drawer_open', 'drawer_close') ORDER BY document_id LIMIT 1"
)


def is_history(document: Document) -> bool:
    """Whether it was sold, or taken back, in another system."""
    return isinstance(document, Sale | Refund) and document.shift is None and _is_of_long_ago(document)


def _is_of_long_ago(document: Document) -> bool:
    return document.recorded_at - document.occurred_at > _HISTORY


def judge(connection: Connection, org_id: int, batch: Sequence[Sealed], held: Rights) -> Iterator[Found]:
    """What of a terminal's documents, in its order, is of a time that nobody may tell of any more."""
    documents = [one.document for one in batch]
    if not any(_is_of_long_ago(document) for document in documents):
        return
    first = _first_shift(connection, org_id, documents)
    for document in documents:
        if not _is_of_long_ago(document):
            continue
        day = f"{document.occurred_at:%Y-%m-%d}"
        if is_history(document):
            if not _may_import(held, document, first):
                yield Found(document.document_id, HISTORY_UNALLOWED, {"day": day})
        elif document.dated_by is None and first is not None and document.occurred_at < first[1] - _HISTORY:
            yield Found(document.document_id, DATED_BEFORE_TILL, {"day": day})


def _first_shift(
    connection: Connection, org_id: int, documents: Sequence[Document]
) -> tuple[int, datetime] | None:
    """The key of the terminal's first opening, and when it was; None before there is one."""
    row = quick(connection, FIRST, org_id, documents[0].terminal_no).fetchone()
    if row is not None:
        return int(row[0]), row[1]
    opened = [one for one in documents if isinstance(one, DrawerOpen)]
    return (opened[0].document_id, opened[0].occurred_at) if opened else None


def _may_import(held: Rights, document: Document, first: tuple[int, datetime] | None) -> bool:
    person, at_us = document.person_id, micros(document.recorded_at)
    place = (document.business_id, document.depot_id)
    if not held.allows(person, Permission.IMPORT_HISTORY, *place, at_us):
        return False
    is_before = first is None or document.document_id < first[0]
    return is_before or held.holds(person, HISTORIAN, document.depot_id, at_us)
