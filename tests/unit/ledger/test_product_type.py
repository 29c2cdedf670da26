"""What a type of product does, and that the marks of before and the type never say two things."""

import pytest

from pos_app.ledger.product_type import (
    BEHAVIOUR,
    ProductType,
    behaviour,
    by_marks,
    fits,
    kept_type,
    known_type,
)
from pos_app.ledger.tax import NO_SALE


def test_every_type_says_what_it_does() -> None:
    assert set(BEHAVIOUR) == set(ProductType)
    # What is no sale lies on no shelf, and what goes through a meter is no container.
    assert all(not what.stocked for what in BEHAVIOUR.values() if what.no_sale)
    assert {what.no_sale for what in BEHAVIOUR.values() if what.no_sale} == NO_SALE


def test_rows_of_a_centre_without_types_have_theirs_by_their_marks() -> None:
    assert kept_type("goods", "A", "Laundry", "kg", stocked=False) is ProductType.LAUNDRY
    assert kept_type("goods", "DEPOSIT", "Gas", "pc", stocked=True) is ProductType.DEPOSIT
    assert kept_type("goods", "A", "Rice", "kg", stocked=True) is ProductType.GOODS
    assert kept_type("metered", "A", "Gas", "kg", stocked=False) is ProductType.METERED


def test_a_type_of_a_newer_centre_is_goods() -> None:
    assert known_type("hired") is ProductType.GOODS
    assert behaviour("hired") == BEHAVIOUR[ProductType.GOODS]


@pytest.mark.parametrize(
    ("marks", "stocked", "type_"),
    [
        (("A", "Gas", "pc"), True, ProductType.GOODS),
        (("A", "Rice", "KG"), True, ProductType.WEIGHED),
        (("A", "Repairs", "pc"), False, ProductType.SERVICE),
        (("A", "Laundry", "kg"), False, ProductType.LAUNDRY),
        (("DEPOSIT", "Gas", "pc"), False, ProductType.DEPOSIT),
        (("VOUCHER", "", "pc"), True, ProductType.VOUCHER),
    ],
)
def test_the_marks_of_before_tell_a_type(
    marks: tuple[str, str, str], stocked: bool, type_: ProductType
) -> None:
    assert by_marks(*marks, stocked=stocked) is type_
    assert fits(type_, marks[0])
