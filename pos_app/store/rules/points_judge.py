"""The judge of points: whether a sale gives what its programme gives, a refund takes them back, and who has
enough to pay with.

Decisions
---------
2026-12-01  A sale may give no more than its programme does by the tier that it names; which programme was
the better one is not asked, for who got fewer cheats nobody.  A programme that was over, or edited, more
than an hour before is an old one and is noted: the till was offline; so is a tier that the centre does not
see reached, since goods may have come back elsewhere.  A programme that never was, another worth, a tier
that it has not and a customer outside its group are somebody's invention.

2026-12-01  Points that are paid with beyond what there are call somebody, whoever was offline: the goods are
gone, and the next points of that customer are ours already.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Refund, Sale
from pos_app.ledger.flagging import POINTS_BEYOND, POINTS_FOREIGN, POINTS_KEPT, POINTS_OLD, FlagKind, Found
from pos_app.ledger.judging import GRACE_US
from pos_app.ledger.line import PartyRole, Points
from pos_app.ledger.loyalty import PLAIN_PERCENT, Programme, paid_for, share_of
from pos_app.ledger.money import decimal_text
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick
from pos_app.store.master import price_rules, programmes
from pos_app.store.receivables import points as books
from pos_app.store.rules.points_rules import spent
from pos_app.store.tables.columns import micros

OWED: Final = (
    "SELECT party_id, -sum(amount) FROM party_balance WHERE org_id = ?"
    " AND party_role = 'points' AND party_id = ANY (?) GROUP BY party_id"
)
#: By so many points one part of a receipt may take more or fewer than its share: each rounds down, and makes
#: up for one that was voided.
_ROUNDED: Final = 2


def judge(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    """What in a batch is odd about points."""
    yield from _given(connection, org_id, batch)
    yield from _kept(connection, org_id, batch)
    yield from _beyond(connection, org_id, batch)


def _given(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    named = {
        one.document.points.programme_id
        for one in batch
        if isinstance(one.document, Sale) and one.document.points is not None
    }
    if not named:
        return
    asked = _Asked(connection, org_id, programmes.named(connection, org_id, named))
    for one in batch:
        if isinstance(one.document, Sale) and one.document.points is not None and one.document.points.points:
            points = one.document.points
            kind = asked.odd(one.document, points)
            if kind is not None:
                facts: dict[str, int | str] = {"points": points.points, "programme": points.programme[:80]}
                yield Found(one.document.document_id, kind, facts)
        asked.take(one)


class _Asked:
    """What sales of a batch are held against: the programmes that they name, and who earned how much."""

    def __init__(self, connection: Connection, org_id: int, named: dict[int, Programme]) -> None:
        self._connection, self._org_id, self._named = connection, org_id, named
        self._new: dict[tuple[int, int], int] = {}

    def take(self, sealed: Sealed) -> None:
        """What a document of the batch adds to the points of a year."""
        for item in sealed.posting.open_items:
            if item.party_role is PartyRole.POINTS:
                key = item.party_id, item.due_on // 10_000
                self._new[key] = self._new.get(key, 0) + item.amount

    def odd(self, sale: Sale, points: Points) -> FlagKind | None:
        """What is odd about the points of a sale."""
        programme = self._named.get(points.programme_id)
        percents = {tier.percent for tier in programme.tiers} | {PLAIN_PERCENT} if programme else set()
        if programme is None or points.worth != programme.worth or points.percent not in percents:
            return POINTS_FOREIGN
        at_us, most = micros(sale.recorded_at), paid_for(sale.lines, sale.tenders)
        # One that was put away before it began was promised to a till that did not hear of that: an old one.
        begun = programme.from_us <= at_us + GRACE_US
        if not begun or points.points > programme.of(most, points.percent):
            return POINTS_FOREIGN
        if programme.group_id and not self._is_in(sale.party_id or 0, programme.group_id, at_us):
            return POINTS_FOREIGN
        if points.percent > programme.tier(self._earned(sale.party_id or 0, points.year)).percent:
            return POINTS_OLD
        return POINTS_OLD if programme.to_us <= at_us - GRACE_US else None

    def _is_in(self, party_id: int, group_id: int, at_us: int) -> bool:
        members = price_rules.members(self._connection, self._org_id, party_id)
        return any(one.group_id == group_id and one.to_us > at_us - GRACE_US for one in members)

    def _earned(self, party_id: int, year: int) -> int:
        """With what came in the batch before: a till that was offline brings all of a year at once."""
        by_year = books.earned_by_year(self._connection, self._org_id, party_id)
        for (whose, of_year), count in self._new.items():
            if whose == party_id:
                by_year[of_year] = by_year.get(of_year, 0) + count
        return books.for_tier(by_year, year)


def _kept(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    """Refunds whose goods gave points that they do not take back, or that take back more."""
    refunds = [one.document for one in batch if isinstance(one.document, Refund)]
    wanted = {one.original_id for one in refunds if one.original_id is not None}
    if not wanted:
        return
    known: dict[int, Document] = {one.document.document_id: one.document for one in batch}
    missing = sorted(key for key in wanted if key not in known)
    for key, (_, body) in documents.sealed_bodies(connection, org_id, missing).items():
        known[key] = canonical.decode(body)
    for refund in refunds:
        sale = known.get(refund.original_id or 0)
        if not isinstance(sale, Sale):
            continue
        given = 0 if sale.points is None else sale.points.points
        back = 0 if refund.points is None else refund.points.points
        same_worth = refund.points is None or sale.points is None or refund.points.worth == sale.points.worth
        due = share_of(sale.lines, given, refund.lines)
        if back > given or not same_worth or abs(back - due) > _ROUNDED:
            yield Found(refund.document_id, POINTS_KEPT, {"points": back, "due": due})


def _beyond(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    parties = {
        one.document.party_id for one in batch if isinstance(one.document, Sale) and spent(one.document)
    } - {None}
    if not parties:
        return
    rows = quick(connection, OWED, org_id, sorted(key for key in parties if key is not None)).fetchall()
    owed = {int(row[0]): int(row[1]) for row in rows}
    for one in batch:
        for line in one.posting.lines:
            if line.party_role is PartyRole.POINTS and line.party_id in parties:
                owed[line.party_id or 0] = owed.get(line.party_id or 0, 0) - line.amount
        document = one.document
        left = owed.get(document.party_id or 0, 0) if isinstance(document, Sale) else 0
        # Those that the sale itself gives come after what it is paid with.
        if isinstance(document, Sale) and spent(document):
            left -= document.points.amount if document.points is not None else 0
            if left < 0:
                beyond = decimal_text(min(-left, spent(document)), currency(document.currency))
                yield Found(document.document_id, POINTS_BEYOND, {"beyond": beyond})
