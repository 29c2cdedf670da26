"""Units of measure against exact fractions: a conversion is the naive walk, there and back, or is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger import units
from pos_app.ledger.quantity import MOST_ON_A_LINE
from pos_app.ledger.units import FOUNDING, NANO, Unit
from tests.support.refused import refused

KNOWN = {one.code: one for one in FOUNDING}


@st.composite
def forests(draw: st.DrawFn) -> dict[str, Unit]:
    """Units each of which may be so many of one that was made before it: no circle."""
    found: dict[str, Unit] = {}
    for number in range(draw(st.integers(1, 8))):
        code = f"U{number}"
        of = draw(st.sampled_from(["", *found]))
        factor = draw(st.integers(1, 5_000_000_000_000)) if of else 0
        found[code] = Unit(code, code.lower(), code, of_code=of, factor_nano=factor)
    return found


def naive(known: dict[str, Unit], code: str) -> dict[str, Fraction]:
    """How many of each unit on the way to the end one is."""
    found, times = {code: Fraction(1)}, Fraction(1)
    while known[code].of_code:
        times = times * Fraction(known[code].factor_nano, NANO)
        code = known[code].of_code
        found[code] = times
    return found


@given(forests(), st.data(), st.integers(-10_000_000, 10_000_000))
def test_any_conversion_is_that_of_exact_fractions(
    known: dict[str, Unit], data: st.DataObject, quantity: int
) -> None:
    of, to = (data.draw(st.sampled_from(sorted(known))) for _ in range(2))
    here, there = naive(known, of), naive(known, to)
    shared = here.keys() & there.keys()
    times = units.ratio(known, of, to)
    if not shared:
        assert times is None
        return
    assert times is not None
    # Wherever the two ways meet they say the same.
    assert {here[one] / there[one] for one in shared} == {times}
    back = units.ratio(known, to, of)
    assert back == 1 / times
    assert back is not None
    exact = quantity * times
    if exact.denominator != 1:
        with refused("unit-conversion-too-fine"):
            units.converted(quantity, times)
    elif abs(exact) > MOST_ON_A_LINE:
        with refused("quantity-implausible-text"):
            units.converted(quantity, times)
    else:
        assert units.converted(quantity, times) == exact
        assert units.converted(int(exact), back) == quantity


@given(forests(), st.data())
def test_what_would_lead_round_is_refused(known: dict[str, Unit], data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(known)))
    of = data.draw(st.sampled_from(sorted(known)))
    changed = known[code]._replace(of_code=of, factor_nano=NANO)
    leads_round = code in naive(known, of)
    if leads_round:
        with refused("unit-conversion-circle"):
            units.check_conversion({**known, code: changed}, changed)
        return
    units.check_conversion({**known, code: changed}, changed)
    # The circle is the only thing that a walk could not end at.
    units.to_root({**known, code: changed}, code)


@pytest.mark.parametrize(
    ("text", "nano"), [("12", 12 * NANO), ("0.001", 1_000_000), ("0.45359237", 453_592_370)]
)
def test_a_factor_is_read_and_written(text: str, nano: int) -> None:
    assert units.parse_factor(text) == nano
    assert units.factor_text(Fraction(nano, NANO)) == text


@pytest.mark.parametrize("text", ["0", "-1", "1000001", "0.0000000001", "999999999"])
def test_a_factor_of_nothing_less_or_too_much_is_refused(text: str) -> None:
    with refused("unit-factor-implausible"):
        units.parse_factor(text)


def test_the_founding_units_know_each_other() -> None:
    assert units.ratio(KNOWN, "TNE", "GRM") == 1_000_000
    assert units.ratio(KNOWN, "GRO", "DZN") == 12
    assert units.ratio(KNOWN, "KGM", "LTR") is None
    assert units.ratio(KNOWN, "CS", "C62") is None
    for one in FOUNDING:
        units.check_conversion(KNOWN, one)
    words = [part for one in FOUNDING for part in {one.word.casefold(), one.code.casefold()}]
    assert len(words) == len(set(words))
    assert all(one.local_name for one in FOUNDING)


def test_a_unit_is_found_by_word_code_or_name() -> None:
    for text in ("kg", "KG", "kgm", " Kilogram ", "kilogramu"):
        found = units.named(KNOWN, text)
        assert getattr(found, "code", "") == "KGM"
    assert units.named(KNOWN, "") is None
    assert units.named(KNOWN, "kilo") is None


def test_no_shop_has_another_kilogram() -> None:
    gram = KNOWN["GRM"]._replace(factor_nano=10_000_000)
    with refused("unit-conversion-contradicts", unit="g", of="kg", factor="0.001"):
        units.check_conversion({**KNOWN, "GRM": gram}, gram)
    # Told the other way round it would contradict too; as it is the right one it stands.
    pounds = KNOWN["LBR"]._replace(of_code="GRM", factor_nano=453_592_370_000)
    units.check_conversion({**KNOWN, "LBR": pounds}, pounds)


@pytest.mark.parametrize(("code", "quantity", "fits"), [
    ("C62", 1000, True), ("C62", 1500, False), ("C62", -500, False), ("KGM", 1, True), ("CMT", 100, True),
    ("CMT", 10, False), ("HUR", 250, True), ("HUR", 255, False),
])  # fmt: skip
def test_a_quantity_is_no_finer_than_its_unit(code: str, quantity: int, fits: bool) -> None:
    if fits:
        units.check_decimals(quantity, KNOWN[code])
        return
    with refused("quantity-finer-than-unit", unit=KNOWN[code].word, most=KNOWN[code].decimals):
        units.check_decimals(quantity, KNOWN[code])
