"""The judge of promotions: whether what a line says was off by one could be off by it, there and then.

Decisions
---------
2026-11-30  A promotion may take off no more than it would if it were the only one on its document: which one
was the best of several depends on what the till knew, and a customer who got less off cheats nobody.  A per
cent and an amount are held line by line; whether a price was agreed is not asked.  One that had ended, or was
edited, more than an hour before is an old one, and is noted: the till was offline.  At another depot, to who
is in no group of it, on other days, off other goods or by more than it ever gave, it is somebody's invention.

2026-12-01  What is left for a service is judged when it is taken in, as a sale is; what collects it has its
share of what was off then, and the rules of the books hold it to that (`service_rules`).

2026-11-30  An invoice keeps what the basket of its draft was promised, however long that waited: at other
hours than the promotion's it is an old one too.  An amount is in the money of the shop, whatever a paper has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Invoice, Refund, Sale, ServiceOrder
from pos_app.ledger.flagging import PROMOTION_FOREIGN, PROMOTION_OLD, FlagKind, Found
from pos_app.ledger.judging import GRACE_US, in_money
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import fine_parts, of_fine_parts
from pos_app.ledger.pricing.hours import is_within
from pos_app.ledger.pricing.offers import Line, off_line, taken_off
from pos_app.ledger.pricing.rules import OF_A_LINE, Promotion
from pos_app.ledger.service_orders import ServiceLine
from pos_app.store.rules.then import Then
from pos_app.store.tables.columns import micros

Lowered: TypeAlias = GoodsLine | ServiceLine
#: Hours are looked at minute by minute over the hour for which a basket may have been open.
_MINUTE_US: Final = 60_000_000


def promoted(document: Document) -> Sequence[Lowered]:
    """The lines of a document that may be lowered by promotions."""
    return document.lines if isinstance(document, Sale | Refund | Invoice | ServiceOrder) else ()


def judge(then: Then, document: Document) -> Iterator[Found]:
    """What is odd about what promotions took off the lines of a document."""
    lines = promoted(document)
    if all(line.promotion_id is None for line in lines):
        return
    given: dict[int, int] = {}
    for place, line in enumerate(lines, 1):
        if line.promotion_id is None or not _stands_alone(line):
            continue
        given[line.promotion_id] = given.get(line.promotion_id, 0) + abs(line.discount)
        kind = _odd(then, document, line, given[line.promotion_id])
        if kind is not None:
            off = grouped_text(abs(line.discount), currency(document.currency))
            facts = {"sku": line.sku[:40], "off": off, "promotion": line.promotion[:80]}
            yield Found(document.document_id, kind, facts, place)


def _stands_alone(line: Lowered) -> bool:
    """Whether a line is no part of an order, which was lowered when it was taken in."""
    return isinstance(line, ServiceLine) or line.origin_line is None


def _odd(then: Then, document: Document, line: Lowered, given: int) -> FlagKind | None:
    """`given` is what the promotion took off the lines up to this one."""
    named = then.promotions.get(line.promotion_id or 0)
    if named is None:
        return PROMOTION_FOREIGN
    promotion, at_us = named.promotion, micros(document.recorded_at)
    if line.product_id not in promotion.products:
        # Goods that have left its category since were in it, as far as can be told.
        return PROMOTION_OLD if named.of_category else PROMOTION_FOREIGN
    is_theirs, is_on = _is_for(then, promotion, document, at_us), promotion.to_us > at_us - GRACE_US
    if not _is_its_hour(promotion, then.time_zone, at_us):
        is_theirs, is_on = is_theirs and isinstance(document, Invoice), False
    # One that was put away before it began was promised to a till that did not hear of that: an old one.
    begun = promotion.from_us <= then.now_us
    if not is_theirs or not begun or _is_too_much(promotion, document, line, given):
        return PROMOTION_FOREIGN
    return None if is_on else PROMOTION_OLD


def _is_for(then: Then, promotion: Promotion, document: Document, at_us: int) -> bool:
    if promotion.depot_id not in (0, document.depot_id):
        return False
    if not promotion.group_id:
        return True
    members = then.groups.get(getattr(document, "party_id", None) or 0, ())
    return any(
        one.group_id == promotion.group_id and one.from_us <= then.now_us and one.to_us > at_us - GRACE_US
        for one in members
    )


def _is_its_hour(promotion: Promotion, time_zone: str, at_us: int) -> bool:
    hours = promotion.from_minute, promotion.to_minute
    moments = range(at_us, at_us - GRACE_US, -_MINUTE_US)
    return any(is_within(moment, time_zone, promotion.days, hours) for moment in moments)


def _is_too_much(promotion: Promotion, document: Document, line: Lowered, given: int) -> bool:
    """Whether more is off than a promotion takes off a line, or (where it spans lines) off all of them."""
    amount = of_fine_parts(in_money(fine_parts(promotion.amount), document.rate_micro))
    promotion = replace(promotion, amount=amount, on_contracts=True)
    if promotion.kind in OF_A_LINE:
        own = Line(0, line.product_id, abs(line.quantity), line.price, by_contract=False)
        return abs(line.discount) > off_line(promotion, own)
    if _comes_back(document, line):
        # It is lowered by nothing that spans lines.
        return True
    lines = [
        Line(place, one.product_id, abs(one.quantity), one.price, by_contract=False)
        for place, one in enumerate(promoted(document))
        if _may_count(one) and not _comes_back(document, one) and one.product_id in promotion.products
    ]
    return given > sum(taken_off(promotion, lines).values())


def _comes_back(document: Document, line: Lowered) -> bool:
    return (line.quantity > 0) is isinstance(document, Refund)


def _may_count(line: Lowered) -> bool:
    """Whether a line may have counted for a promotion: what a person priced, or an order fixed, did not."""
    by_hand = line.discount != 0 and line.promotion_id is None
    is_chit = isinstance(line, GoodsLine) and line.chit is not None
    return line.list_price is None and _stands_alone(line) and not is_chit and not by_hand
