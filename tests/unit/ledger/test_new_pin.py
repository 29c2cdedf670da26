"""A new PIN: digits enough, and none that a thief tries first."""

from datetime import date

import pytest

from pos_app.ledger import house_rule, new_pin
from pos_app.ledger.house_rule import RULES, HouseRule
from tests.support.refused import refused

FOUNDED = date(2019, 3, 14)
PHONES = ("+254 712 345 678", "")


@pytest.mark.parametrize("pin", ["482915", "90417356", "100327", "4829157"])
def test_what_nobody_guesses_is_taken(pin: str) -> None:
    new_pin.check(pin, 6, [FOUNDED], PHONES)


@pytest.mark.parametrize(
    "pin",
    ["", "48291", "482915739", "48291a", "４８２９１５", " 482915", "482915\x00", "-482915", "9" * 10_000],
)
def test_what_is_too_short_too_long_or_no_digits_is_refused(pin: str) -> None:
    with refused("new-pin-length"):
        new_pin.check(pin, 6)


@pytest.mark.parametrize(
    "pin",
    ["000000", "111111", "121212", "123123", "123456", "654321", "234567", "901234", "987654", "112211",
     "100000", "778777", "12341234"],
)  # fmt: skip
def test_repetitions_and_runs_are_refused(pin: str) -> None:
    with refused("new-pin-trivial"):
        new_pin.check(pin, 6)


@pytest.mark.parametrize("pin", ["140319", "031419", "190314", "14032019", "20190314", "032019", "201903"])
def test_a_day_that_everybody_knows_is_refused(pin: str) -> None:
    with refused("new-pin-is-date"):
        new_pin.check(pin, 6, [FOUNDED])


@pytest.mark.parametrize("pin", ["345678", "712345", "254712"])
def test_a_part_of_the_shops_telephone_is_refused(pin: str) -> None:
    with refused("new-pin-trivial" if pin == "345678" else "new-pin-is-number"):
        new_pin.check(pin, 6, [], PHONES)


def test_the_house_may_ask_for_less_or_more() -> None:
    new_pin.check("4829", 4)
    with refused("new-pin-length"):
        new_pin.check("482915", 8)


@pytest.mark.parametrize("name", ["", "pin", "least pin digits", "x" * 1000])
def test_a_rule_that_is_none_is_refused(name: str) -> None:
    with refused("house-rule-unknown"):
        house_rule.rule_named(name)


@pytest.mark.parametrize("rule", list(HouseRule))
def test_a_rule_keeps_within_its_bounds(rule: HouseRule) -> None:
    bounds = RULES[rule]
    for value in (bounds.least, bounds.default, bounds.most):
        assert house_rule.checked(house_rule.rule_named(rule.value.replace("_", "-").upper()), value) == value
    for value in (bounds.least - 1, bounds.most + 1, 2**70):
        with refused("house-rule-one-of" if bounds.only else "house-rule-value"):
            house_rule.checked(rule, value)
