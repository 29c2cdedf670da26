"""The rules: a document that breaks exactly one is refused with a sentence; whole ones pass."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from msgspec import Raw

from pos_app.ledger import canonical
from pos_app.ledger.document import CashReason, Document, Head, Reversal, StockCount
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.line import CashCount, Change, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.rules import rules
from pos_app.ledger.stock import CountedArea
from tests.support.documents import specimens
from tests.support.documents.specimens import (
    CUSTOMER,
    Item,
    drawer_close,
    payment,
    refund,
    reversal,
    sale,
    tender,
)
from tests.unit.ledger.breakers import Breakers, assert_refused

CASH, MPESA, ON_ACCOUNT = TenderKind.CASH, TenderKind.MPESA, TenderKind.ACCOUNT


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=lambda d: type(d).__name__)
def test_a_whole_document_passes(document: Document) -> None:
    rules.check(document)


@given(specimens.documents())
def test_whatever_a_till_could_make_passes(document: Document) -> None:
    rules.check(document)


def test_a_document_type_without_rules_is_a_bug_not_a_pass() -> None:
    class Stranger(Head, frozen=True, kw_only=True, tag="stranger"):
        """A type that nobody wrote rules for."""

    with pytest.raises((KeyError, TypeError)):
        rules.check(Stranger(**specimens.head(type(sale(Item(100))))))


def with_(document: Document, **changes: Any) -> Document:
    return msgspec.structs.replace(document, **changes)


def with_line(**changes: Any) -> Document:
    whole = sale(Item(11_600), Item(5_000))
    first = msgspec.structs.replace(whole.lines[0], **changes)
    return with_(whole, lines=(first, whole.lines[1]))


def with_tender(**changes: Any) -> Document:
    whole = sale(Item(11_600))
    return with_(whole, tenders=(msgspec.structs.replace(whole.tenders[0], **changes),))


SALE = sale(Item(11_600))
PAID = payment(10_000)
OUT = specimens.cash_movement(CashReason.PAY_OUT, 100)
OPEN = specimens.drawer_open(100)
CLOSE = drawer_close(900, 1_000)
COUNT = specimens.stock_count((1, 0, 5_000))


def _counted(*areas: tuple[str, int]) -> StockCount:
    """Five of a product, counted on shelves."""
    found = tuple(CountedArea(area=name, product_id=1, counted=many) for name, many in areas)
    return specimens.stock_count((1, 0, 5_000), areas=found)


VOID = reversal(with_(SALE, seq=4, terminal_no=3, number=4))

HEAD_BREAKERS: Breakers = {
    "series": (lambda: with_(SALE, series="C"), "series-wrong"),
    "short request": (lambda: with_(SALE, request_id="abc"), "request-malformed"),
    "request with a blank": (lambda: with_(SALE, request_id="a" * 31 + " "), "request-malformed"),
    "occurred without zone": (lambda: with_(SALE, occurred_at=datetime(2026, 1, 1)), "time-without-zone"),  # noqa: DTZ001
    "recorded without zone": (lambda: with_(SALE, recorded_at=datetime(2026, 1, 1)), "time-without-zone"),  # noqa: DTZ001
    "year 1969": (
        lambda: with_(SALE, occurred_at=specimens.MOMENT.replace(year=1969)),
        "year-implausible",
        {"year": 1969},
    ),
    "year 2201": (
        lambda: with_(SALE, occurred_at=specimens.MOMENT.replace(year=2201)),
        "year-implausible",
        {"year": 2201},
    ),
    "rate zero": (lambda: with_(SALE, rate_micro=0), "rate-not-positive"),
    "rate absurd": (lambda: with_(SALE, rate_micro=10**12), "rate-implausible"),
    "rate negative": (lambda: with_(SALE, rate_micro=-1), "rate-not-positive"),
}

TRADE_BREAKERS: Breakers = {
    "no lines": (
        lambda: with_(SALE, lines=(), subtotal=0, tax_total=0, total=0, tenders=()),
        "no-lines-in",
        {"name": "sale"},
    ),
    "net off by one": (lambda: with_line(net=10_001, tax=1_599), "net-and-tax-wrong"),
    "tax given away": (lambda: with_line(net=11_600, tax=0), "net-and-tax-wrong"),
    "subtotal": (lambda: with_(SALE, subtotal=SALE.subtotal + 1), "totals-wrong"),
    "tax total": (lambda: with_(SALE, tax_total=SALE.tax_total - 1), "totals-wrong"),
    "total": (lambda: with_(SALE, total=SALE.total + 1), "totals-wrong"),
    "negative sale": (lambda: sale(Item(100, -1000), tenders=[]), "trade-negative", {"other": "refund"}),
    "negative refund": (lambda: refund(Item(100, -1000), tenders=[]), "trade-negative", {"other": "sale"}),
    "rounding of a whole coin": (
        lambda: sale(Item(11_600), rounding=100, rounding_account="6910", cash_step=100),
        "rounding-too-large",
    ),
    "rounding without coins": (
        lambda: sale(Item(11_600), rounding=1, rounding_account="6910"),
        "rounding-too-large",
    ),
    "rounding without account": (
        lambda: sale(Item(11_650), rounding=50, cash_step=100),
        "account-not-set-up",
        {"role": "rounding"},
    ),
    "on account without customer": (
        lambda: sale(Item(11_600), tenders=[tender(ON_ACCOUNT, 11_600)]),
        "account-sale-without-customer",
    ),
    "two businesses without clearing": (
        lambda: sale(Item(11_600, business_id=2), clearing_account=""),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "quantity zero": (lambda: with_line(quantity=0), "quantity-implausible"),
    "quantity absurd": (lambda: with_line(quantity=10**10), "quantity-implausible"),
    "price negative": (lambda: with_line(unit_price=-1), "line-price-negative"),
    "price absurd": (lambda: with_line(unit_price=MOST_MINOR + 1), "line-price-too-large"),
    "line absurd": (lambda: sale(Item(10**12, 10**9), tenders=[]), "amount-too-large"),
    "lines absurd that cancel out": (
        lambda: sale(Item(10**12, 10**8), Item(10**12, -(10**8)), tenders=[]),
        "amount-too-large",
    ),
    "discount beyond the price": (lambda: sale(Item(100, discount=101), Item(500)), "discount-above-price"),
    "tax rate negative": (lambda: with_line(tax_rate_bp=-1), "tax-rate-implausible"),
    "tax rate absurd": (lambda: with_line(tax_rate_bp=10**6), "tax-rate-implausible"),
    "no revenue account": (lambda: with_line(revenue_account=""), "account-not-set-up", {"role": "revenue"}),
    "no tax account": (lambda: with_line(tax_account=""), "account-not-set-up", {"role": "tax"}),
}

MONEY_BREAKERS: Breakers = {
    "tender of nothing": (lambda: with_tender(amount=0), "amount-out-of-range", {"rule": "more than zero"}),
    "tender negative": (
        lambda: with_tender(amount=-11_600),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "tender absurd": (lambda: with_tender(amount=MOST_MINOR + 1), "amount-too-large"),
    "tender without account": (lambda: with_tender(account=""), "account-not-set-up", {"role": "cash"}),
    "not paid": (lambda: with_(SALE, tenders=()), "tenders-not-the-due"),
    "paid too little": (lambda: with_tender(amount=11_599), "tenders-not-the-due"),
    "paid too much without change": (lambda: with_tender(amount=11_601), "tenders-not-the-due"),
    "change negative": (
        lambda: sale(Item(100), change=Change(amount=-1, account="1110")),
        "amount-out-of-range",
        {"rule": "zero or more"},
    ),
    "change without account": (
        lambda: sale(Item(100), tenders=[tender(CASH, 200)], change=Change(amount=100, account="")),
        "account-not-set-up",
        {"role": "cash"},
    ),
    "change out of a card": (
        lambda: sale(Item(100), tenders=[tender(TenderKind.CARD, 200)], change=specimens.change(100)),
        "change-not-of-cash",
    ),
}

OTHER_BREAKERS: Breakers = {
    "payment of nothing": (lambda: payment(0, tenders=()), "payment-not-positive"),
    "payment on account": (lambda: payment(100, ON_ACCOUNT), "payment-on-account"),
    "payment not tendered": (lambda: with_(PAID, total=10_001), "tenders-not-the-due"),
    "payment without receivable": (
        lambda: with_(PAID, receivable_account=""),
        "account-not-set-up",
        {"role": "receivable"},
    ),
    "cash movement of nothing": (
        lambda: with_(OUT, amount=0),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "cash movement negative": (
        lambda: with_(OUT, amount=-5),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "cash movement without cash": (
        lambda: with_(OUT, cash_account=""),
        "account-not-set-up",
        {"role": "cash"},
    ),
    "cash movement without contra": (
        lambda: with_(OUT, contra_account=""),
        "account-not-set-up",
        {"role": "contra"},
    ),
    "float negative": (lambda: with_(OPEN, float_amount=-1), "amount-out-of-range", {"what": "The float"}),
    "float without cash": (lambda: with_(OPEN, cash_account=""), "account-not-set-up", {"role": "cash"}),
    "float without safe": (lambda: with_(OPEN, safe_account=""), "account-not-set-up", {"role": "safe"}),
    "counted negative": (
        lambda: with_(CLOSE, counted=-1),
        "amount-out-of-range",
        {"what": "The counted cash"},
    ),
    "counted absurd": (lambda: with_(CLOSE, counted=MOST_MINOR + 1, counts=()), "amount-too-large"),
    "expected absurd amount": (lambda: with_(CLOSE, expected=10**30), "amount-too-large"),
    "removed negative": (
        lambda: with_(CLOSE, removed=-1),
        "amount-out-of-range",
        {"what": "The cash taken out"},
    ),
    "removed more than counted": (lambda: with_(CLOSE, removed=901), "removed-more-than-counted"),
    "count negative": (
        lambda: with_(CLOSE, counts=(CashCount(value=1, pieces=1_000), CashCount(value=100, pieces=-1))),
        "notes-negative",
    ),
    "a note of nothing": (
        lambda: with_(CLOSE, counts=(CashCount(value=1, pieces=900), CashCount(value=0, pieces=3))),
        "notes-negative",
    ),
    "notes do not add up": (
        lambda: with_(CLOSE, counts=(CashCount(value=1, pieces=899),)),
        "notes-not-the-count",
    ),
    "close without shift": (lambda: with_(CLOSE, shift=None), "close-without-shift"),
    "close without cash": (lambda: with_(CLOSE, cash_account=""), "account-not-set-up", {"role": "cash"}),
    "close without safe": (lambda: with_(CLOSE, safe_account=""), "account-not-set-up", {"role": "safe"}),
    "close without over/short": (
        lambda: with_(CLOSE, over_short_account=""),
        "account-not-set-up",
        {"role": "over/short"},
    ),
    "count of nothing": (lambda: with_(COUNT, lines=()), "count-empty"),
    "count shelves that do not add up": (
        lambda: _counted(("", 2_000), ("Shelf 1", 2_999)),
        "count-areas-differ",
    ),
    "count shelves of something else": (
        lambda: specimens.stock_count((1, 0, 0), areas=(CountedArea(area="A", product_id=2, counted=0),)),
        "count-areas-differ",
    ),
    "count on a shelf twice": (lambda: _counted(("A", 2_000), ("A", 3_000)), "count-area-twice"),
    "count on a shelf of many letters": (lambda: _counted(("x" * 41, 5_000)), "count-area-name"),
    "count on a shelf of two lines": (lambda: _counted(("a\nb", 5_000)), "count-area-name"),
    "count below nothing on a shelf": (
        lambda: _counted(("A", -1_000), ("B", 6_000)),
        "counted-quantity-implausible",
    ),
    "count on too many shelves": (
        lambda: _counted(*((f"{one}", 25) for one in range(201))),
        "count-areas-too-many",
    ),
    "count absurd": (lambda: specimens.stock_count((1, 0, 10**13)), "counted-quantity-implausible"),
    "expected absurd": (lambda: specimens.stock_count((1, -(10**13), 0)), "counted-quantity-implausible"),
    "void without reason": (lambda: with_(VOID, reason="  "), "void-without-reason"),
}

VOID_BREAKERS: dict[str, Callable[[], Document]] = {
    "bytes of nothing": lambda: with_(VOID, original=Raw(b'{"type":"sale"}')),
    "of another document": lambda: with_(VOID, original_id=VOID.original_id + 1),
    "of another organisation": lambda: with_(VOID, org_id=2),
    "in another currency": lambda: with_(VOID, currency="USD"),
    "at another rate": lambda: with_(VOID, rate_micro=2),
    "of a void": lambda: reversal(with_(VOID, seq=5, terminal_no=3)),
}

BREAKERS: Breakers = HEAD_BREAKERS | TRADE_BREAKERS | MONEY_BREAKERS | OTHER_BREAKERS


@pytest.mark.parametrize("name", BREAKERS)
def test_a_broken_rule_is_refused(name: str) -> None:
    assert_refused(BREAKERS[name])


@pytest.mark.parametrize("name", VOID_BREAKERS)
def test_a_void_must_be_of_the_document_that_it_names(name: str) -> None:
    with pytest.raises(BohariError):
        rules.check(VOID_BREAKERS[name]())


def test_a_refund_breaks_like_a_sale() -> None:
    whole = refund(Item(11_600), party_id=CUSTOMER)
    with pytest.raises(Refused):
        rules.check(with_(whole, total=whole.total + 1))
    with pytest.raises(Refused):
        rules.check(with_(whole, tenders=()))


def test_the_bytes_of_a_void_hold_the_document() -> None:
    assert isinstance(VOID, Reversal)
    assert canonical.decode(bytes(VOID.original)).document_id == VOID.original_id
