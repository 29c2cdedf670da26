"""The judge of goods and of where their money went: whose they are, their last day, to whose number was paid.

Decisions
---------
2026-11-30  Whose goods are is the product's business, and so is the money for them. Where a customer paid all
of it to one number a person says so (`till.selling.mpesa_places`): that is noted. A number that never was
that business's is somebody else's, printed on our receipt.

2026-11-30  The day on a pack is known to the till alone, so what is judged is a document that says of itself
that it was past: it needs somebody who may sell so, the maker or who approved.
"""

from collections.abc import Iterator, Sequence

from pos_app.ledger import approving
from pos_app.ledger.day import to_date
from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.ledger.flagging import (
    BUSINESS_FOREIGN,
    BUSINESS_OLD,
    NUMBER_FOREIGN,
    NUMBER_OLD,
    PAID_ELSEWHERE,
    SOLD_PAST_DAY,
    Found,
)
from pos_app.ledger.judging import FOREVER_US, Fit, Held, fit
from pos_app.ledger.line import GoodsLine, Tender, TenderKind
from pos_app.ledger.lot import is_past
from pos_app.ledger.permission import Permission
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules.price_judge import Line, is_of_order, lines_of
from pos_app.store.rules.then import Then
from pos_app.store.tables.columns import micros


class GoodsJudge:
    """Judges the documents of one batch by what was so."""

    def __init__(self, then: Then, held: Rights) -> None:
        self._then = then
        self._rights = held
        #: Whose each product is now.
        self._whose = {
            key: one.value
            for key, known in then.products.items()
            for one in known.businesses
            if one.until_us == FOREVER_US
        }

    def judge(self, document: Document) -> Iterator[Found]:
        """What is odd about whose goods and whose money it is, and about goods past their last day."""
        lines = lines_of(document)
        if self._is_plain(document, lines):
            return
        at_us = micros(document.recorded_at)
        for place, line in enumerate(lines, 1):
            yield from self._of_business(document, line, place, at_us)
        yield from self._past(document, at_us)
        tenders: tuple[Tender, ...] = getattr(document, "tenders", ())
        for place, tender in enumerate(tenders, 1):
            if tender.kind is TenderKind.MPESA:
                yield from self._paid(document, tender, place, at_us)

    def _is_plain(self, document: Document, lines: Sequence[Line]) -> bool:
        """Whether all goods are whose they are now, none has a last day, and nothing came by M-Pesa."""
        whose = self._whose
        for line in lines:
            if whose.get(line.product_id or 0) != line.business_id:
                return False
            if isinstance(line, GoodsLine) and line.expires_on is not None:
                return False
        tenders: tuple[Tender, ...] = getattr(document, "tenders", ())
        return not any(tender.kind is TenderKind.MPESA for tender in tenders)

    def _of_business(self, document: Document, line: Line, place: int, at_us: int) -> Iterator[Found]:
        known = self._then.products.get(line.product_id or 0)
        if known is None or is_of_order(line):
            return
        how = fit(line.business_id, known.businesses, at_us)
        if how is not Fit.FITS:
            facts = {"sku": known.sku, "business": self._name(line.business_id)}
            kind = BUSINESS_OLD if how is Fit.OLD else BUSINESS_FOREIGN
            yield Found(document.document_id, kind, facts, place)

    def _past(self, document: Document, at_us: int) -> Iterator[Found]:
        past = past_lines(self._then, document)
        if not past:
            return
        where = (document.business_id, document.depot_id, at_us)
        allows = self._rights.allows
        if allows(document.person_id, Permission.PRICE, *where):
            return
        for person_id in approving.named(document):
            if all(allows(person_id, one, *where) for one in (Permission.PRICE, Permission.APPROVE)):
                return
        for place, line in past:
            day = to_date(line.expires_on or 0).isoformat()
            yield Found(document.document_id, SOLD_PAST_DAY, {"sku": line.sku[:40], "day": day}, place)

    def _paid(self, document: Document, tender: Tender, place: int, at_us: int) -> Iterator[Found]:
        whose = tender.business_id or document.business_id
        if tender.paid_to:
            how = _fit_number(tender.paid_to, self._then.numbers.get(whose, []), at_us)
            if how is not Fit.FITS:
                facts = {"number": tender.paid_to[:20], "business": self._name(whose)}
                kind = NUMBER_OLD if how is Fit.OLD else NUMBER_FOREIGN
                yield Found(document.document_id, kind, facts, place)
        if isinstance(document, Sale) and not self._is_theirs(document, whose):
            yield Found(document.document_id, PAID_ELSEWHERE, {"business": self._name(whose)}, place)

    def _is_theirs(self, document: Sale, whose: int) -> bool:
        """Whether a business sold something of it, collects for who did, or has one number with them."""
        sellers = {line.business_id for line in document.lines}
        if whose in sellers or whose == document.business_id:
            return True
        numbers = {number for number, _ in self._then.numbers.get(whose, [])}
        return any(number in numbers for one in sellers for number, _ in self._then.numbers.get(one, []))

    def _name(self, business_id: int) -> str:
        return self._then.businesses.get(business_id, f"#{business_id}")


def past_lines(then: Then, document: Document) -> list[tuple[int, GoodsLine]]:
    """The lines, with their places, that give out goods whose last day was before the document's."""
    if not isinstance(document, Sale | Invoice):
        return []
    dated = [(place, line) for place, line in enumerate(document.lines, 1) if line.expires_on is not None]
    if not dated:
        return []
    day = then.day(document)
    return [(place, line) for place, line in dated if line.quantity > 0 and is_past(line.expires_on, day)]


def _fit_number(said: str, known: list[tuple[str, int]], at_us: int) -> Fit:
    """How a number fits those of a business, each with when it ended."""
    return fit(1, [Held(int(number == said), until_us) for number, until_us in known], at_us)
