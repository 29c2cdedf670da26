"""A cylinder that comes back partly full: the gas is credited at the customer's price."""

from typing import Any

import pytest

from pos_app.ledger.cylinder import gas_left
from pos_app.ledger.document import Refund
from pos_app.ledger.line import PartyRole, TenderKind, Weighed
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from pos_app.till.stock.half_returns import Half
from tests.support.documents.specimens import LOCATION
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import (
    BULK,
    EMPTY13,
    GAS13,
    GAS_BY_CONTRACT,
    HOTEL,
    VENDOR,
    stock_at,
    with_books,
)
from tests.support.worlds.till_fixture import CASHIER, GOOD, PRODUCTS, Shop

HALF = Half(GAS13, EMPTY13, 500)
PRICE = PRODUCTS["GAS13"].price


@pytest.fixture
def depot(shop: Shop) -> Shop:
    """A till with books; a cashier at it."""
    shop = with_books(shop)
    shop.be(CASHIER)
    return shop


def take_back(shop: Shop, *halves: Half, **changes: Any) -> Any:
    fields: dict[str, Any] = {"approval": shop.approval(Action.REFUND)}
    return shop.till.half_returns.take_back(halves or (HALF,), **(fields | changes))


@pytest.mark.parametrize(
    ("gross", "tare", "content", "left"),
    [
        (21_400, 14_900, 13_000, 500),
        (14_900, 14_900, 13_000, 0),
        (14_850, 14_900, 13_000, 0),
        (27_950, 14_900, 13_000, 1_000),
        (16_033, 14_900, 13_000, 87),
        (16_040, 14_900, 13_000, 88),
    ],
)
def test_what_is_left_by_weight(gross: int, tare: int, content: int, left: int) -> None:
    assert gas_left(gross, tare, content) == left


@pytest.mark.parametrize(
    ("gross", "tare", "content", "code"),
    [
        (14_700, 14_900, 13_000, "cylinder-below-tare"),
        (28_100, 14_900, 13_000, "cylinder-above-full"),
        (21, 14, 13, "weights-not-in-grams"),
        (0, 14_900, 13_000, "weights-not-in-grams"),
        (21_400, 0, 13_000, "weights-not-in-grams"),
        (21_400, 14_900, 0, "weights-not-in-grams"),
        (10**12, 14_900, 13_000, "weights-not-in-grams"),
    ],
)
def test_weights_that_cannot_be(gross: int, tare: int, content: int, code: str) -> None:
    with refused(code):
        gas_left(gross, tare, content)


def test_half_a_fill_is_handed_out_in_cash(depot: Shop) -> None:
    shop = depot
    cash, gas, empty = shop.cash(), shop.stock("GAS13"), stock_at(shop, LOCATION, EMPTY13)
    done = take_back(shop)
    refund = shop.document(done.document_id)
    assert isinstance(refund, Refund)
    assert done.total == refund.total == PRICE // 2
    assert shop.cash() == cash - PRICE // 2
    assert refund.approver_id is not None
    # The cylinder is here, the gas is no stock of ours.
    assert stock_at(shop, LOCATION, EMPTY13) == empty + ONE
    assert stock_at(shop, location_of(None), EMPTY13) == -ONE
    assert shop.stock("GAS13") == gas
    assert shop.drifts() == []


def test_a_customer_of_contract_is_credited_what_they_pay(depot: Shop) -> None:
    shop = depot
    shop.till.returnables.move(HOTEL.party_id, {EMPTY13: 3 * ONE})
    owed = shop.owes(HOTEL)
    halves = (Half(GAS13, EMPTY13, 250), Half(GAS13, EMPTY13, 400))
    assert shop.till.half_returns.worth(halves, HOTEL.party_id) == GAS_BY_CONTRACT * 650 // 1_000
    take_back(shop, *halves, party_id=HOTEL.party_id, tender=TenderKind.ACCOUNT)
    assert shop.owes(HOTEL) == owed - GAS_BY_CONTRACT * 650 // 1_000
    assert stock_at(shop, location_of(HOTEL.party_id), EMPTY13) == ONE


def test_another_customer_is_credited_the_list_price(depot: Shop) -> None:
    done = take_back(depot, party_id=GOOD.party_id, tender=TenderKind.ACCOUNT)
    assert done.total == PRICE // 2


def test_it_needs_a_manager_and_happens_once(depot: Shop) -> None:
    shop = depot
    with pytest.raises(NeedsApproval):
        shop.till.half_returns.take_back([HALF])
    first = take_back(shop, request_id="c" * 32)
    assert take_back(shop, request_id="c" * 32).document_id == first.document_id
    shop.till.voids.void(first.document_id, "weighed wrong", shop.approval(Action.VOID))
    assert stock_at(shop, LOCATION, EMPTY13) == 0


@pytest.mark.parametrize(
    ("halves", "changes", "code"),
    [
        ([], {}, "half-return-empty"),
        ([HALF._replace(left=0)], {}, "left-is-part-of-fill"),
        ([HALF._replace(left=ONE)], {}, "left-is-part-of-fill"),
        ([HALF._replace(left=-5)], {}, "left-is-part-of-fill"),
        ([HALF._replace(gas_id=999)], {}, "product-not-at-till"),
        ([HALF._replace(cylinder_id=999)], {}, "product-not-at-till"),
        ([HALF._replace(cylinder_id=BULK)], {}, "service-has-no-stock"),
        ([HALF], {"tender": TenderKind.ACCOUNT}, "half-return-without-customer"),
        ([HALF], {"tender": TenderKind.VOUCHER}, "half-return-tender"),
        ([HALF], {"party_id": 999}, "party-not-at-till"),
        ([HALF], {"party_id": VENDOR}, "party-not-in-role"),
        ([HALF._replace(left=999)] * 5, {}, "drawer-holds-less"),
    ],
)
def test_bad_input_has_a_sentence(
    depot: Shop, halves: list[Half], changes: dict[str, Any], code: str
) -> None:
    shop = depot
    count = len(shop.documents())
    with refused(code):
        shop.till.half_returns.take_back(halves, approval=shop.approval(Action.REFUND), **changes)
    assert len(shop.documents()) == count


def test_a_supplier_holds_what_was_brought_there(depot: Shop) -> None:
    shop = depot
    done = shop.till.returnables.move(VENDOR, {EMPTY13: 4 * ONE}, role=PartyRole.VENDOR)
    assert shop.document(done.document_id).party_role is PartyRole.VENDOR
    assert [(one.product_id, one.quantity) for one in shop.till.returnables.held(VENDOR)] == [
        (EMPTY13, 4 * ONE)
    ]
    for party, code in ((None, "returnables-without-supplier"), (GOOD.party_id, "party-not-in-role")):
        with refused(code):
            shop.till.returnables.move(party, {EMPTY13: ONE}, role=PartyRole.VENDOR)


def test_weights_that_give_another_quantity_are_refused(depot: Shop) -> None:
    wrong = Weighed(gross_g=21_400, tare_g=14_900, content_g=13_000)
    with refused("weights-not-the-quantity"):
        take_back(depot, Half(GAS13, EMPTY13, 499, wrong))
    made = take_back(depot, Half(GAS13, EMPTY13, 500, wrong)).document
    assert made.lines[0].weighed == wrong


def test_what_is_sent_by_mpesa_has_the_code_of_its_message(depot: Shop) -> None:
    with refused("mpesa-code-malformed"):
        take_back(depot, tender=TenderKind.MPESA)
    done = take_back(depot, tender=TenderKind.MPESA, reference="rev4ab9z01")
    (tender,) = depot.document(done.document_id).tenders
    assert (tender.kind, tender.reference, tender.drawer_id) == (TenderKind.MPESA, "REV4AB9Z01", None)
    with refused("mpesa-code-used", number=done.number):
        take_back(depot, tender=TenderKind.MPESA, reference="REV4AB9Z01")
