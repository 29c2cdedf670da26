"""The judge of what is as usual: documents of which price, goods, coin and promotion need no closer look.

Nearly all sales charge what the list says now, of goods that are whose they are, without a promotion, a
rounding, a last day or M-Pesa.  One comparison a line tells so; every other document goes to the judges.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.judging import FOREVER_US, in_force
from pos_app.ledger.line import Tender, TenderKind
from pos_app.ledger.price import FINE
from pos_app.store.rules.then import Then

#: What stands on a line, from its price to its business, then what a usual line lacks: another list price,
#: a last day, a promotion, a pack.
_Line: TypeAlias = tuple[int, int, str, int, bool, int, None, None, None, None]


class UsualJudge:
    """Tells the documents of one batch that are as usual by what is so now."""

    def __init__(self, then: Then) -> None:
        self._then = then
        self._agreeing = {party for party, _ in then.agreed}
        self._days: dict[int, dict[int | None, _Line]] = {}

    def is_usual(self, document: Document) -> bool:
        """Whether no judge of prices, goods, coins or promotions finds anything; False where in doubt."""
        then = self._then
        if not isinstance(document, Sale | Invoice):
            return False
        if document.currency != then.base or document.rate_micro != RATE_ONE:
            return False
        if document.party_id in self._agreeing:
            return False
        if isinstance(document, Sale) and (document.rounding or _is_told(document.tenders)):
            return False
        day = then.day(document)
        now = self._days.get(day)
        if now is None:
            now = self._days[day] = self._held_on(day)
        for line in document.lines:
            said: Any = (
                line.unit_price, line.price_fine, line.tax_code, line.tax_rate_bp, line.tax_inclusive,
                line.business_id, line.list_price, line.expires_on, line.promotion_id, line.pack,
            )  # fmt: skip
            if now.get(line.product_id) != said:
                return False
        return True

    def _held_on(self, day: int) -> dict[int | None, _Line]:
        """What a usual line of each product says on a day."""
        found: dict[int | None, _Line] = {}
        for key, known in self._then.products.items():
            tax = self._then.taxes.get(known.tax_code)
            whose = [one.value for one in known.businesses if one.until_us == FOREVER_US]
            # The prices of lists hang on who buys, and how much.
            if tax is None or not whose or not known.prices or key in self._then.lists.items:
                continue
            rate_bp = in_force(tax.rates, day, before_first=0) or 0
            own = (*divmod(known.prices[0].value, FINE), known.tax_code, rate_bp, tax.inclusive, whose[-1])
            found[key] = (*own, None, None, None, None)
        return found


def _is_told(tenders: Sequence[Tender]) -> bool:
    """Whether any of them came by M-Pesa, whose number is judged, or in another currency."""
    return any(tender.kind is TenderKind.MPESA or tender.paid_currency for tender in tenders)
