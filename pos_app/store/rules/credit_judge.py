"""The judge of credit: whether what went on a customer's account stayed within the limit, as it was.

Decisions
---------
2026-11-29  The limit stands in no document, and what a customer owed when a till looked is known to that till
alone. So the centre asks what they owe with all that it has, and then what the till could not know: what
others put on the account in the last minutes, or in the last fortnight where the document came late. Only
what is beyond the limit without those is somebody's doing; the rest is noted.

2026-12-01  How old the balance was by which a till sold is in no document either.  But a till that reaches
the centre sends what it has: when the first of all that came together was recorded, it had heard nothing
since.  So the balance was at least as old as that, and what of the limit counted still (`ledger.aged_credit`)
was no more than that leaves.  Where the house had another rule since, the milder one holds; who approved it
approved this too.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.aged_credit import CreditAges, still_given
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.ledger.flagging import CREDIT_AGED, CREDIT_BEYOND, CREDIT_UNSEEN, FlagKind, Found
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.judging import Held, held_at
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.money import decimal_text
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick
from pos_app.store.rules import then
from pos_app.store.rules.then import Then
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
    connection: Connection,
    org_id: int,
    batch: Sequence[Sealed],
    so_then: Then,
    arrived_at: datetime,
    *,
    oldest: datetime | None = None,
) -> Iterator[Found]:
    """What in a batch went beyond a limit, or beyond what the age of the balance left of it, and says of
    itself no such thing.  `oldest` is when the first of all that came together was recorded.
    """
    base = so_then.base
    whose = [_on_account(one.document) for one in batch]
    parties = {party for party in whose if party is not None}
    if not parties:
        return
    owes = {int(row[0]): int(row[1]) for row in quick(connection, OWES, org_id, list(parties)).fetchall()}
    limits = then.limits(connection, org_id, list(parties))
    others: dict[int, int] = {}
    silent_since = oldest or min(one.document.recorded_at for one in batch)
    for one, party_id in zip(batch, whose, strict=True):
        before = owes.get(party_id or 0, 0)
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
        else:
            asks = _Aged(connection, org_id, party_id, document, before)
            found = _aged(asks, so_then, owes.get(party_id, 0) - before, known, silent_since)
            if found is not None:
                yield found


class _Aged(NamedTuple):
    """A document on account within its limit, and what its customer owed before it as the centre knows it."""

    connection: Connection
    org_id: int
    party_id: int
    document: Document
    owed: int


def _aged(
    asks: _Aged, so_then: Then, amount: int, known: Sequence[Held], silent_since: datetime
) -> Found | None:
    """Whether so much was more than the age of the balance left of the limit."""
    document, owed = asks.document, asks.owed
    age_s = int((document.recorded_at - silent_since).total_seconds())
    ages = _mildest(so_then, document)
    if age_s <= 0 or ages.none <= 0 or document.approver_id:
        return None
    limit = max((each.value for each in known), default=0)
    # Only where it does not fit as the centre knows it is asked what the till could not know.
    if amount <= still_given(limit - owed, age_s, ages):
        return None
    since = document.recorded_at - OFFLINE
    unknown = then.others_debits(asks.connection, asks.org_id, asks.party_id, document, since)
    left = still_given(max(limit - owed + unknown, 0), age_s, ages)
    if amount <= left:
        return None
    money = currency(so_then.base)
    facts: dict[str, int | str] = {
        "beyond": decimal_text(amount - left, money),
        "left": decimal_text(left, money),
        "hours": age_s // 3_600,
    }
    return Found(document.document_id, CREDIT_AGED, facts)


def _mildest(so_then: Then, document: Document) -> CreditAges:
    """The hours that held when it was recorded, or since, by which most of a limit is left."""
    at_us = micros(document.recorded_at)
    whole = so_then.ruled(HouseRule.CREDIT_WHOLE_HOURS, document.depot_id, at_us)
    none = so_then.ruled(HouseRule.CREDIT_NONE_HOURS, document.depot_id, at_us)
    # 0 is that it never shrinks.
    return CreditAges(max(whole), 0 if 0 in none else max(none))


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
