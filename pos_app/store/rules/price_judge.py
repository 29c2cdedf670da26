"""Judges of prices, taxes and rates: whether a document says what the centre had, and had then."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Invoice, Payment, Refund, Sale, ServiceOrder
from pos_app.ledger.exchange_rate import RATE_ONE, major_rate, minor_rate, rate_text
from pos_app.ledger.flagging import (
    AGREEMENT_MISSED,
    PRICE_FOREIGN,
    PRICE_OLD,
    PRODUCT_UNKNOWN,
    RATE_FOREIGN,
    RATE_OLD,
    TAX_FOREIGN,
    TAX_OLD,
    FlagKind,
    Found,
)
from pos_app.ledger.judging import (
    FOREVER_US,
    GRACE_US,
    Dated,
    Fit,
    Held,
    fit,
    fit_dated,
    held_at,
    in_force,
    in_money,
)
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.price import FINE, of_fine_parts, plain_price
from pos_app.ledger.pricing.rules import Asker
from pos_app.ledger.pricing.spans import Question, contract_spans, list_spans
from pos_app.ledger.service_orders import ServiceLine
from pos_app.ledger.tax import VOUCHER_CODE
from pos_app.store.rules.then import Known, Then
from pos_app.store.tables.columns import micros

Line: TypeAlias = GoodsLine | ServiceLine
Odd: TypeAlias = tuple[FlagKind, dict[str, int | str]]


def lines_of(document: Document) -> tuple[Line, ...]:
    """The lines of a document whose prices come from the list; none where they come from another document."""
    if isinstance(document, Sale | Invoice | ServiceOrder):
        return document.lines
    if isinstance(document, Refund) and document.original_id is None:
        return document.lines
    return ()


class _Quoted(NamedTuple):
    """What a line says that the list price is, in ten-thousandths, with when it was recorded; and what the
    product's was.
    """

    document: Document
    line: Line
    known: Known
    said: int
    at_us: int
    of_list: list[Held]

    def fit(self, spans: list[Held]) -> Fit:
        """How it fits what held."""
        how = fit(self.said, spans, self.at_us)
        if how is Fit.FITS or not isinstance(self.document, Invoice):
            return how
        # An invoice may ask for more than the list (and take back for less) without anybody's leave.
        held = held_at(spans, self.at_us)
        is_dearer = any(self.said >= one if self.line.quantity > 0 else self.said <= one for one in held)
        return Fit.FITS if is_dearer else how

    def text(self, parts: int) -> str:
        """A price as it is read."""
        return plain_price(of_fine_parts(parts), currency(self.document.currency))

    def odd(self, kind: FlagKind) -> Odd:
        """That it is not what held."""
        listed = self.text(self.of_list[0].value)
        return kind, {"sku": self.known.sku, "price": self.text(self.said), "listed": listed}


class PriceJudge:
    """Judges the documents of one batch by what was so."""

    def __init__(self, then: Then) -> None:
        self._then = then
        self._agreeing = {party for party, _ in then.agreed}
        self._now: dict[int, dict[int | None, tuple[int, int, str, int, bool]]] = {}

    def judge(self, document: Document) -> Iterator[Found]:
        """What is odd about prices and taxes of its lines, and about its rates."""
        lines, party = lines_of(document), getattr(document, "party_id", None)
        if self._is_plain(document, lines, party):
            return
        key, day, at_us = document.document_id, self._then.day(document), micros(document.recorded_at)
        for place, line in enumerate(lines, 1):
            for kind, facts in self._priced(document, line, party, at_us):
                yield Found(key, kind, facts, place)
            for kind, facts in self._taxed(line, day, at_us):
                yield Found(key, kind, facts, place)
        for kind, facts in self._rated(document):
            yield Found(key, kind, facts)

    def _is_plain(self, document: Document, lines: Sequence[Line], party: int | None) -> bool:
        """Whether it says what holds now, as nearly all do: then there is nothing to look at closely."""
        then = self._then
        if document.currency != then.base or document.rate_micro != RATE_ONE or party in self._agreeing:
            return False
        if lines:
            day = then.day(document)
            now = self._now.get(day)
            if now is None:
                now = self._now[day] = self._held_on(day)
            for line in lines:
                said = line.unit_price, line.price_fine, line.tax_code, line.tax_rate_bp, line.tax_inclusive
                if line.list_price is not None or is_packed(line) or now.get(line.product_id) != said:
                    return False
                if line.product_id in then.lists.items:
                    return False
        return not any(tender.paid_currency for tender in getattr(document, "tenders", ()))

    def _held_on(self, day: int) -> dict[int | None, tuple[int, int, str, int, bool]]:
        """What a line of each product says by what holds now: price, tax code, rate of that day."""
        found: dict[int | None, tuple[int, int, str, int, bool]] = {}
        for key, known in self._then.products.items():
            tax = self._then.taxes.get(known.tax_code)
            if tax is not None:
                rate_bp = in_force(tax.rates, day, before_first=0) or 0
                found[key] = (*divmod(known.prices[0].value, FINE), known.tax_code, rate_bp, tax.inclusive)
        return found

    # --- prices -----------------------------------------------------------------------------------------

    def _priced(self, document: Document, line: Line, party: int | None, at_us: int) -> Iterator[Odd]:
        product_id = line.product_id
        if product_id is None or is_of_order(line) or line.tax_code == VOUCHER_CODE:
            return
        known = self._then.products.get(product_id)
        if known is None:
            yield PRODUCT_UNKNOWN, {"sku": line.sku[:40]}
            return
        whole, fine = line.unit_price, line.price_fine
        if line.list_price is not None:
            whole, fine = line.list_price, line.list_price_fine
        rate = document.rate_micro
        question = self._question(document, line, party, at_us)
        own = known.prices if isinstance(line, ServiceLine) else known.prices_in(line.pack)
        by_list = list_spans(self._then.lists, question, own, self._then.now_us)
        of_list = [Held(in_money(one.value, rate), one.until_us) for one in by_list]
        quoted = _Quoted(document, line, known, int(whole) * FINE + fine, at_us, of_list)
        how = quoted.fit(of_list)
        spans = [] if party is None else self._agreed(party, question)
        if spans:
            yield from _by_agreement(quoted, how, spans)
        elif how is not Fit.FITS:
            yield quoted.odd(PRICE_OLD if how is Fit.OLD else PRICE_FOREIGN)

    def _question(self, document: Document, line: Line, party: int | None, at_us: int) -> Question:
        """What lists are asked of a line: by all that the document has of its product, going its way."""
        of_all = sum(
            one.quantity
            for one in lines_of(document)
            if one.product_id == line.product_id
            and (one.quantity < 0) is (line.quantity < 0)
            and not is_of_order(one)
        )
        # A group that was left within the hour, or joined since, is taken as what a till may have known.
        groups = tuple(
            {
                one.group_id
                for one in self._then.groups.get(party or 0, ())
                if one.from_us <= self._then.now_us and one.to_us > at_us - GRACE_US
            }
        )
        return Question(line.product_id or 0, of_all, Asker(at_us, document.depot_id, party, groups))

    def _agreed(self, party: int, question: Question) -> list[tuple[int | None, int]]:
        """What was agreed with a customer over time: by rate, and by the lists of a contract."""
        by_rate = self._then.agreed.get((party, question.product_id), [])
        by_list = contract_spans(self._then.lists, question, self._then.now_us)
        if by_list == [(None, FOREVER_US)]:
            return by_rate
        return [*by_rate, *(one for one in by_list if one[0] is not None or not by_rate)]

    # --- taxes and rates -----------------------------------------------------------------------------------

    def _taxed(self, line: Line, day: int, at_us: int) -> Iterator[Odd]:
        facts: dict[str, int | str] = {
            "sku": line.sku[:40],
            "tax": f"{line.tax_code[:20]} {plain_price(line.tax_rate_bp, currency('KES'))}",
        }
        tax, known = self._then.taxes.get(line.tax_code), self._then.products.get(line.product_id or 0)
        if tax is None:
            # Without a code there is no tax, which is another one than the product's.
            if line.tax_rate_bp or known is not None:
                yield TAX_FOREIGN, facts
            return
        is_other = known is not None and not is_of_order(line) and line.tax_code not in known.tax_codes
        how = fit_dated(line.tax_rate_bp, tax.rates, day, at_us, before_first=0)
        if is_other or how is Fit.NEVER or tax.inclusive is not line.tax_inclusive:
            yield TAX_FOREIGN, facts
        elif how is Fit.OLD:
            yield TAX_OLD, facts

    def _rated(self, document: Document) -> Iterator[Odd]:
        said: set[tuple[str, int]] = set()
        if document.currency != self._then.base and isinstance(document, Invoice | Payment):
            said.add((document.currency, document.rate_micro))
        if isinstance(document, Sale | Payment):
            paid = [one for one in document.tenders if one.paid_currency]
            said |= {(one.paid_currency, one.paid_rate_micro) for one in paid}
        for code, rate_micro in sorted(said):
            how = self._fit_rate(code, rate_micro, document)
            if how is not Fit.FITS:
                base, foreign = currency(self._then.base), currency(code)
                rate = rate_text(major_rate(rate_micro, foreign, base))
                yield (RATE_OLD if how is Fit.OLD else RATE_FOREIGN), {"currency": code, "rate": rate}

    def _fit_rate(self, code: str, rate_micro: int, document: Document) -> Fit:
        if code == self._then.base:
            return Fit.FITS
        base, foreign = currency(self._then.base), currency(code)
        known = [
            Dated(one.valid_from, minor_rate(one.value, foreign, base), one.until_us)
            for one in self._then.rates.get(code, ())
        ]
        day, at_us = self._then.day(document), micros(document.recorded_at)
        return fit_dated(rate_micro, known, day, at_us, before_first=None)


def is_packed(line: Line) -> bool:
    """Whether its goods go in packs, which have prices of their own."""
    return isinstance(line, GoodsLine) and line.pack is not None


def is_of_order(line: Line) -> bool:
    """Whether its price was agreed before, on the line of another document (which the books' rules hold)."""
    return isinstance(line, GoodsLine) and line.origin_line is not None


def _by_agreement(quoted: _Quoted, by_list: Fit, spans: list[tuple[int | None, int]]) -> Iterator[Odd]:
    """What is odd about a price where something is, or was, agreed with the customer."""
    rate = quoted.document.rate_micro
    agreed = [Held(in_money(price, rate), until) for price, until in spans if price is not None]
    by_agreement = quoted.fit(agreed)
    nothing_agreed = any(price is None and until > quoted.at_us - GRACE_US for price, until in spans)
    if by_agreement is Fit.FITS or (by_list is Fit.FITS and nothing_agreed):
        return
    if by_list is not Fit.NEVER and agreed:
        facts: dict[str, int | str] = {"sku": quoted.known.sku, "price": quoted.text(quoted.said)}
        yield AGREEMENT_MISSED, facts | {"agreed": quoted.text(agreed[0].value)}
    elif by_agreement is Fit.OLD or by_list is Fit.OLD:
        yield quoted.odd(PRICE_OLD)
    else:
        yield quoted.odd(PRICE_FOREIGN)
