"""A bag for the bank: what it must say of itself, and what its arrival posts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.bank_bag import MOST_BAG, bag_number
from pos_app.ledger.chart import AccountRole as R
from pos_app.ledger.document import TYPES
from pos_app.ledger.line import CashCount
from pos_app.ledger.posting.rules import post
from tests.support.documents.specimens import account
from tests.support.documents.treasury_specimens import bag_banked, bank_bag
from tests.support.refused import refused

NOTES = (CashCount(value=1_000_00, pieces=4), CashCount(value=50_00, pieces=2))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "amount-out-of-range"),
        ({"amount": 10**17}, "amount-too-large"),
        ({"bag": ""}, "bag-without-number"),
        ({"bag": "kcb 1"}, "bag-without-number"),
        ({"approver_id": None}, "bag-counted-by-one"),
        ({"approver_id": 42, "person_id": 42}, "bag-counted-by-one"),
        ({"counts": (CashCount(value=50_00, pieces=-2), *NOTES)}, "notes-negative"),
        ({"counts": NOTES[:1]}, "bag-count-differs"),
        ({"transit_account": ""}, "account-not-set-up"),
    ],
)
def test_a_bag_that_contradicts_itself(changes: dict[str, Any], code: str) -> None:
    told: dict[str, Any] = {"amount": 4_100_00, "counts": NOTES} | changes
    bag = bank_bag(**told)
    with refused(code):
        TYPES.of(bag).check(bag)


@pytest.mark.parametrize(
    ("arrived", "changes", "code"),
    [
        (-1, {"amount": 100}, "amount-out-of-range"),
        (90, {"amount": 100, "reason": " "}, "reason-missing"),
        (90, {"amount": 100, "over_short_account": ""}, "account-not-set-up"),
        (100, {"bag_id": 0}, "bag-without-number"),
        (100, {"bank_account": ""}, "account-not-set-up"),
    ],
)
def test_an_arrival_that_contradicts_itself(arrived: int, changes: dict[str, Any], code: str) -> None:
    document = bag_banked(arrived, **changes)
    with refused(code):
        TYPES.of(document).check(document)


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_nothing_stays_on_its_way_and_the_difference_is_over_or_short(amount: int, arrived: int) -> None:
    sums: dict[str, int] = {}
    for document in (bank_bag(amount), bag_banked(arrived, amount)):
        TYPES.of(document).check(document)
        for line in post(document).lines:
            sums[line.account] = sums.get(line.account, 0) + line.amount
    assert {code: held for code, held in sums.items() if held} == {
        code: held
        for code, held in {
            account(R.SAFE): -amount,
            account(R.BANK): arrived,
            account(R.OVER_SHORT): amount - arrived,
        }.items()
        if held
    }


def test_a_number_is_found_however_it_is_typed() -> None:
    assert bag_number(" kcb 00 12\t345\n") == "KCB0012345"
    assert bag_number("") == bag_number(" ") == ""
    assert len(bag_number("9" * 500)) == MOST_BAG
