"""Where no goods say whose money it is, a person does: cash in and out, over and short, expenses."""

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import CashMovement, CashReason, DrawerClose, Expense
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.till.drawer.expense import Spent
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, LAUNDRY, LPG, MANAGER, WATER, Shop
from tests.unit.till.test_mpesa_of_businesses import NUMBERS, numbered, stands


@pytest.mark.parametrize(
    ("reason", "account", "sign"),
    [
        (CashReason.PAY_OUT, "6200", 1),
        (CashReason.PAY_IN, "4900", -1),
        (CashReason.DRAWING, "3200", 1),
    ],
)
def test_cash_in_and_out_is_of_the_business_that_was_chosen(
    shop: Shop, reason: CashReason, account: str, sign: int
) -> None:
    shop.be(MANAGER)
    made = shop.till.drawer.move(reason, 300_00, "soap for the machines", business_id=LAUNDRY).document
    assert isinstance(made, CashMovement)
    assert (made.contra_business_id, stands(shop, account, LAUNDRY)) == (LAUNDRY, sign * 300_00)
    assert stands(shop, account, LPG) == 0
    # The drawer is the depot's: what it paid for the other stands between the two.
    assert (stands(shop, "1900", LPG), stands(shop, "1900", LAUNDRY)) == (sign * 300_00, -sign * 300_00)
    own = shop.till.drawer.move(reason, 10_00, "string", business_id=LPG).document
    assert isinstance(own, CashMovement)
    assert (own.contra_business_id, own.clearing_account) == (0, "")
    with refused("business-unknown-here"):
        shop.till.drawer.move(reason, 1_00, "nobody's", business_id=99)


def test_what_the_owner_draws_is_no_cost_and_needs_who_may_take_cash_out(shop: Shop) -> None:
    shop.be(CASHIER)
    with pytest.raises(NeedsApproval):
        shop.till.drawer.move(CashReason.DRAWING, 300_00, "Mama Atieno", business_id=WATER)
    with refused("cash-move-without-reason"):
        shop.till.drawer.move(CashReason.DRAWING, 300_00, " ", shop.approval(Action.CASH_OUT))
    approval = shop.approval(Action.CASH_OUT)
    made = shop.till.drawer.move(CashReason.DRAWING, 300_00, "Mama Atieno", approval, business_id=WATER)
    assert (stands(shop, "3200", WATER), stands(shop, "6200", WATER), shop.cash()) == (300_00, 0, 4_700_00)
    flows = {one.reason: one.amount for one in shop.till.drawer.flows(shop.approval(Action.CLOSE_DRAWER))}
    assert flows["drawing"] == -300_00
    job = next(one for one in shop.print_jobs() if one.document_id == made.document_id)
    words = [
        " ".join(one.text.split())
        for one in typeset(paper_of(shop.till._context, job))
        if isinstance(one, Line)
    ]
    slip = "\n".join(words)
    for wanted in (
        "Drawn by the owner 300.00",
        "Business Water",
        "Mama Atieno",
        "Approved by",
        "Received by",
    ):
        assert wanted in slip, slip


def test_the_slip_of_a_drawing_names_the_depots_own_business_too(shop: Shop) -> None:
    shop.be(MANAGER)
    made = shop.till.drawer.move(CashReason.DRAWING, 300_00, "Mama Atieno")
    job = next(one for one in shop.print_jobs() if one.document_id == made.document_id)
    words = [one.text for one in typeset(paper_of(shop.till._context, job)) if isinstance(one, Line)]
    assert any("Business" in one for one in words)
    assert stands(shop, "3200", LPG) == 300_00


@pytest.mark.parametrize(("counted", "whose"), [(4_900_00, WATER), (5_250_00, LAUNDRY), (5_000_00, WATER)])
def test_what_is_over_or_short_is_of_the_business_that_was_chosen(
    shop: Shop, counted: int, whose: int
) -> None:
    shop.be(MANAGER)
    closed = shop.till.drawer.close((CashCount(value=counted, pieces=1),), "miscounted", business_id=whose)
    document = closed.done.document
    assert isinstance(document, DrawerClose)
    assert document.over_short_business_id == (0 if counted == 5_000_00 else whose)
    assert (stands(shop, "6900", whose), stands(shop, "6900", LPG)) == (5_000_00 - counted, 0)
    assert stands(shop, "1110", LPG) == 0


def test_an_expense_is_of_a_business_and_mpesa_goes_out_of_its_purse(shop: Shop) -> None:
    numbered(shop, NUMBERS)
    shop.be(MANAGER)
    spent = [Spent("filters", 400_00, business_id=WATER), Spent("seals", 100_00, business_id=WATER)]
    given = [TenderInput(TenderKind.MPESA, 500_00, "QEXPENSE01")]
    made = shop.till.expenses.pay(spent, given).document
    assert isinstance(made, Expense)
    assert [(one.account, one.business_id, one.paid_to) for one in made.tenders] == [("1141", WATER, "")]
    assert (stands(shop, "1141", WATER), stands(shop, "1900", WATER)) == (-500_00, 0)
    both = [Spent("filters", 400_00, business_id=WATER), Spent("soap", 100_00, business_id=LAUNDRY)]
    named = [TenderInput(TenderKind.MPESA, 500_00, "QEXPENSE02", business_id=LAUNDRY)]
    shop.till.expenses.pay(both, named)
    assert (stands(shop, "1142", LAUNDRY), stands(shop, "1900", WATER)) == (-500_00, -400_00)
