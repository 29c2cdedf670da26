"""Money: what people type becomes exact integers or a sentence, with `Decimal` as the second opinion."""

import decimal
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger import denominations
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import (
    MOST_MINOR,
    decimal_text,
    divide_half_up,
    grouped_text,
    parse_decimal,
    parse_money,
    round_to_cash,
)
from tests.support.refused import refused

KES, UGX, KWD = currency("KES"), currency("UGX"), currency("KWD")
MONEY = st.integers(-MOST_MINOR, MOST_MINOR)
CURRENCIES = st.sampled_from([KES, UGX, KWD])

NO_NUMBERS = [
    "", " ", ".", "-", "+", "--5", "5-", "+-5", "1e99", "1E5", "1e-2", "NaN", "sNaN", "inf", "-Infinity",
    "１２", "٣", "1_000", "0x10", "1,2,3", "1,25", ",5", "1,000,0", "1,000.5,0", "12 500", "KES 5",
    "5 KES", "5/-", "1.2.3", "9" * 40, "0." + "0" * 38 + "1", "1\x005", "½", "五",
    "'; DROP TABLE document; --",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_gets_a_sentence(text: str) -> None:
    with refused("not-a-number", what="The amount") as caught:
        parse_money(text, KES)
    assert len(caught.value.sentence) < 200


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("8790.00", 879_000),
        ("8790", 879_000),
        (" 1,250.50 ", 125_050),
        ("-5", -500),
        ("\u22125.10", -510),
        ("+5", 500),
        (".5", 50),
        ("5.", 500),
        ("0005", 500),
        ("-0", 0),
        ("1,000,000", 100_000_000),
    ],
)
def test_what_people_write(text: str, minor: int) -> None:
    assert parse_money(text, KES) == minor


def test_finer_than_the_currency_is_refused() -> None:
    for text in ("1.005", "0.001", "1.0000000000000000000000000001"):
        with pytest.raises(Refused):
            parse_money(text, KES)
    with pytest.raises(Refused):
        parse_money("0.5", UGX)
    assert parse_money("1.000", KES) == 100
    assert parse_money("0.005", KWD) == 5


def test_larger_than_any_amount_is_refused() -> None:
    assert parse_money(str(MOST_MINOR // 100), KES) == MOST_MINOR
    for text in (f"{MOST_MINOR // 100}.01", "9" * 30, "-" + "9" * 30):
        with pytest.raises(Refused):
            parse_money(text, KES)


@given(st.text(max_size=50))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        minor = parse_money(text, KES)
    except Refused as refused:
        assert refused.sentence  # noqa: PT017 - both ends are right; a third one is a crash
        return
    with decimal.localcontext(prec=100):
        assert Decimal(text.strip().replace("\u2212", "-").replace(",", "")) * 100 == minor


@given(st.from_regex(r"[+\-\u2212]?[0-9]{1,25}(\.[0-9]{0,25})?", fullmatch=True))
def test_a_plain_number_is_never_rounded_in_silence(text: str) -> None:
    with decimal.localcontext(prec=100):
        exact = Decimal(text.replace("\u2212", "-"))
        fits = exact * 100 == (exact * 100).to_integral_value() and abs(exact * 100) <= MOST_MINOR
    try:
        minor = parse_money(text, KES)
    except Refused:
        assert not fits or len(text) > 20  # far too many zeros may be refused too
    else:
        with decimal.localcontext(prec=100):
            assert fits
            assert minor == exact * 100


@given(MONEY, CURRENCIES)
def test_written_and_read_again_is_the_same(minor: int, money: object) -> None:
    assert isinstance(money, type(KES))
    assert parse_money(decimal_text(minor, money), money) == minor
    assert parse_money(grouped_text(minor, money), money) == minor
    assert parse_decimal(decimal_text(minor, money), "It") == Decimal(minor).scaleb(-money.exponent)


def test_how_amounts_look() -> None:
    assert decimal_text(879_000, KES) == "8790.00"
    assert decimal_text(-5, KES) == "-0.05"
    assert decimal_text(5, UGX) == "5"
    assert decimal_text(-1, KWD) == "-0.001"
    assert grouped_text(-1_248_000, KES) == "\u221212,480.00"
    assert grouped_text(0, KES) == "0.00"


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**12))
def test_half_goes_away_from_zero(numerator: int, denominator: int) -> None:
    with decimal.localcontext(prec=100):
        exact = Decimal(numerator) / Decimal(denominator)
        oracle = int(exact.to_integral_value(ROUND_HALF_UP))
    assert divide_half_up(numerator, denominator) == oracle
    assert divide_half_up(-numerator, denominator) == -oracle


@given(st.integers(0, 10**15), st.integers(1, 10**6))
def test_a_tie_goes_away_from_zero(whole: int, half: int) -> None:
    denominator = 2 * half
    numerator = whole * denominator + half
    assert Fraction(numerator, denominator) - whole == Fraction(1, 2)
    assert divide_half_up(numerator, denominator) == whole + 1
    assert divide_half_up(-numerator, denominator) == -whole - 1
    assert divide_half_up(numerator - 1, denominator) == whole


@given(MONEY, st.sampled_from([1, 5, 50, 100, 500]))
def test_cash_rounding_is_the_nearest_coin(minor: int, step: int) -> None:
    rounded = round_to_cash(minor, step)
    assert rounded % step == 0
    assert abs(rounded - minor) * 2 <= step
    assert round_to_cash(-minor, step) == -rounded


@pytest.mark.parametrize("code", ["", "kes", "KE", "KESS", "K€S", "123", "ＫＥＳ", "K S"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(Refused):
        currency(code)


@pytest.mark.parametrize("code", [*denominations.LISTED, "XTS", "PYG", "LYD"])
def test_notes_and_coins_come_largest_first_and_pay_every_step(code: str) -> None:
    money = currency(code)
    pieces = money.denominations()
    assert list(pieces) == sorted(set(pieces), reverse=True)
    assert pieces[-1] == money.cash_step > 0
    assert money.largest_coin is None or money.largest_coin in pieces
    # Every sum that cash can pay can be laid in pieces: none is between two multiples of the smallest.
    assert all(piece % money.cash_step == 0 for piece in pieces)


@pytest.mark.parametrize(
    ("code", "step", "largest"),
    [
        ("KES", 100, 1_000_00),
        ("SGD", 5, 1_000_00),
        ("UGX", 50, 50_000),
        ("KWD", 5, 20_000),
        ("EUR", 1, 500_00),
        ("IDR", 100_00, 100_000_00),
        ("CHF", 5, 1_000_00),
        ("HUF", 5_00, 20_000_00),
    ],
)
def test_the_cash_of_a_currency(code: str, step: int, largest: int) -> None:
    money = currency(code)
    assert (money.cash_step, money.denominations()[0]) == (step, largest)
