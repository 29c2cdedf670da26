"""The judge of credit: whether what went on a customer's account stayed within the limit, as it was.

Decisions
---------
2026-11-29  The limit stands in no document, and what a customer owed when a till looked is known to that till
alone. So the centre asks what they owe with all that it has, and then what the till could not know: what
others put on the account in the last minutes, or in the last fortnight where the document came late. Only
what is beyond the limit without those is somebody's doing; the rest is noted.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.ledger.flagging import CREDIT_BEYOND, CREDIT_UNSEEN, FlagKind, Found
from pos_app.ledger.judging import held_at
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.money import decimal_text
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick
from pos_app.store.rules import then
from pos_app.store.tables.columns import micros

#: What arrives so much later than it was recorded was recorded without a line.
LATE: Final = timedelta(hours=1)
#: What others did so shortly before is on its way in the feed.
_ON_ITS_WAY: Final = timedelta(minutes=10)
#: What others did so long before, a till without a line may not know.
OFFLINE: Final = timedelta(days=14)

OWES: Final = (
    "SELECT party_id, sum(base_amount) FROM party_balance WHERE org_id = ?"
    " AND party_role = 'customer' AND party_id = ANY (?) GROUP BY party_id"
)


def judge(
    connection: Connection, org_id: int, batch: Sequence[Sealed], base: str, arrived_at: datetime
) -> Iterator[Found]:
    """What in a batch went beyond a limit and says of itself no such thing."""
    whose = [_on_account(one.document) for one in batch]
    parties = {party for party in whose if party is not None}
    if not parties:
        return
    owes = {int(row[0]): int(row[1]) for row in quick(connection, OWES, org_id, list(parties)).fetchall()}
    limits = then.limits(connection, org_id, list(parties))
    others: dict[int, int] = {}
    for one, party_id in zip(batch, whose, strict=True):
        for line in one.posting.lines:
            if line.party_role is PartyRole.CUSTOMER and line.party_id in parties:
                owes[line.party_id] = owes.get(line.party_id, 0) + line.base_amount
        if party_id is None:
            continue
        document, known = one.document, limits.get(party_id, [])
        limit = max(held_at(known, micros(document.recorded_at)), default=0)
        beyond = owes.get(party_id, 0) - limit - _approved(document)
        if beyond > 0:
            highest = max((each.value for each in known), default=0)
            offline = arrived_at - document.recorded_at > LATE
            since = document.recorded_at - (OFFLINE if offline else _ON_ITS_WAY)
            if party_id not in others:
                # Once a batch: what the first one could not know, those after it hardly could.
                others[party_id] = then.others_debits(connection, org_id, party_id, document, since)
            unseen = beyond <= max(highest - limit, others[party_id])
            kind: FlagKind = CREDIT_UNSEEN if unseen else CREDIT_BEYOND
            facts = {
                "beyond": decimal_text(beyond, currency(base)),
                "limit": decimal_text(limit, currency(base)),
            }
            yield Found(document.document_id, kind, facts)


def _on_account(document: Document) -> int | None:
    """The customer on whose account a document puts something."""
    if isinstance(document, Invoice):
        return document.party_id
    if not isinstance(document, Sale) or document.party_id is None:
        return None
    for tender in document.tenders:
        if tender.kind is TenderKind.ACCOUNT:
            return document.party_id
    return None


def _approved(document: Document) -> int:
    return document.over_limit if isinstance(document, Sale | Invoice) else 0
