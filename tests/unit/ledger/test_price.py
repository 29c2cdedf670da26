"""Prices of more decimals than their currency: read, kept, written and multiplied without losing any."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger import canonical
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Sale
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.line_parts import Gone, part_of_line
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.price import FINE, fine_parts, of_fine_parts, parse_price, price_fields, price_text, split
from pos_app.ledger.quantity import ONE, extend
from pos_app.ledger.rules import rules
from pos_app.ledger.totals import totals_of, with_tax
from tests.support.documents import specimens
from tests.support.documents.specimens import Item
from tests.support.oracle.counter_sums import half_up
from tests.support.refused import refused


def line(written: str, quantity: int, money: str = "SGD", rate: int = 0) -> GoodsLine:
    """A line at a price as it is written, with its tax."""
    sold = specimens.sale(Item(100)).lines[0]
    price = parse_price(written, currency(money))
    changed = replace(
        sold, **price_fields(price), quantity=quantity, tax_rate_bp=rate, tax_code="T", tax_account="2200"
    )
    return with_tax([changed])[0]


@pytest.mark.parametrize(
    ("written", "money", "quantity", "comes_to"),
    [
        ("0.265", "SGD", 133 * ONE, 35_25),
        ("0.265", "SGD", 1 * ONE, 27),
        ("0.0001", "SGD", 50 * ONE, 1),
        ("0.0001", "SGD", 49 * ONE, 0),
        ("1.2345", "KES", 10_500, 12_96),
        ("0.12345", "KWD", 100 * ONE, 12_345),
        ("12.5", "UGX", 3 * ONE, 38),
        ("2320.00", "KES", 2 * ONE, 4_640_00),
    ],
)
def test_a_line_is_rounded_once(written: str, money: str, quantity: int, comes_to: int) -> None:
    assert line(written, quantity, money).extended == comes_to


@pytest.mark.parametrize(
    ("written", "money", "shown"),
    [
        ("0.265", "SGD", "0.265"),
        ("0.2650", "SGD", "0.265"),
        ("2320", "KES", "2,320.00"),
        ("1234.5001", "KES", "1,234.5001"),
        ("0.1234567", "KWD", "0.1234567"),
        ("0.5", "KWD", "0.500"),
        ("12.5", "UGX", "12.5"),
        ("1200", "UGX", "1,200"),
    ],
)
def test_a_price_is_shown_with_the_decimals_that_it_has(written: str, money: str, shown: str) -> None:
    price = parse_price(written, currency(money))
    assert price_text(price, currency(money)) == shown
    assert parse_price(shown, currency(money)) == price


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0.2650001", "price-too-fine"),
        ("1e-3", "not-a-number"),
        ("NaN", "not-a-number"),
        ("1_000", "not-a-number"),
        ("", "not-a-number"),
        ("9999999999999999", "amount-too-large-of"),
    ],
)
def test_what_is_no_price(written: str, code: str) -> None:
    with refused(code):
        parse_price(written, currency("SGD"))


def test_a_whole_price_is_an_integer_and_leaves_the_bytes_of_its_document() -> None:
    assert type(parse_price("0.27", currency("SGD"))) is int
    assert of_fine_parts(265 * FINE) == 265
    whole = specimens.sale(Item(100))
    assert b"price_fine" not in canonical.encode(whole)


def test_a_fine_price_travels_as_two_integers() -> None:
    fine = line("0.265", 133 * ONE)
    totals = totals_of([fine])
    sale = replace(
        specimens.sale(Item(100)),
        lines=(fine,),
        **totals.as_fields(),
        rounding=0,
        tenders=(replace(specimens.sale(Item(100)).tenders[0], amount=totals.total),),
    )
    rules.check(sale)
    body = canonical.encode(sale)
    assert b'"unit_price":26' in body
    assert b'"price_fine":5000' in body
    again = canonical.decode(body)
    assert isinstance(again, Sale)
    assert again.lines[0].price == Decimal("26.5")
    for wrong in (FINE, -1):
        with refused("price-fine-impossible"):
            rules.check(replace(sale, lines=(replace(fine, price_fine=wrong),)))
    with refused("net-and-tax-wrong"):
        rules.check(replace(sale, lines=(replace(fine, price_fine=0),)))


@given(st.integers(0, MOST_MINOR), st.integers(0, FINE - 1), st.integers(1, 10**9))
def test_extending_is_exact(whole: int, fine: int, quantity: int) -> None:
    price = of_fine_parts(whole * FINE + fine)
    assert split(price) == (whole, fine)
    assert fine_parts(price) == whole * FINE + fine
    assert extend(price, quantity) == half_up(Fraction(whole * FINE + fine, FINE) * quantity / 1000)


@given(
    st.integers(1, 10**7), st.integers(0, FINE - 1), st.lists(st.integers(1, 10**6), min_size=1, max_size=9)
)
def test_the_parts_of_a_line_at_a_fine_price_are_the_line(whole: int, fine: int, parts: list[int]) -> None:
    money = currency("SGD")
    sold = line(price_text(of_fine_parts(whole * FINE + fine), money), sum(parts), rate=900)
    gone = Gone()
    for size in parts:
        part = part_of_line(sold, gone, size, 0)
        gone = Gone(gone.quantity + size, gone.net + part.net, gone.tax + part.tax)
    assert (gone.net, gone.tax) == (sold.net, sold.tax)
