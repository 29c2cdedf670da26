"""Refunds by receipt: never more than was sold, for what was paid, the way it was paid."""

from pathlib import Path

import pytest

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, NO_CREDIT, Shop

CASH, MPESA, ON_ACCOUNT = TenderKind.CASH, TenderKind.MPESA, TenderKind.ACCOUNT
FLOAT = 5_000_00


def back(
    shop: Shop, number: str, quantities: dict[int, int], kind: TenderKind = CASH, reason: str = "leaks"
) -> Recorded:
    receipt = shop.till.refunds.find(number)
    return shop.till.refunds.complete(receipt, quantities, kind, reason, shop.approval(Action.REFUND))


def test_a_whole_receipt_comes_back(shop: Shop) -> None:
    sold = shop.sell("GAS13", "REG", given=4_000_00)
    done = back(shop, sold.number, {0: ONE, 1: ONE})
    assert done.total == 3_170_00
    assert done.number == "K3-C000001"
    refund = shop.document(done.document_id)
    assert refund.original_id == sold.document_id
    assert refund.approver_id == MANAGER.person_id
    assert [line.origin_line for line in refund.lines] == [0, 1]
    assert shop.cash() == FLOAT
    assert (shop.stock("GAS13"), shop.stock("REG")) == (0, 0)
    assert shop.account("2200") == 0
    assert shop.account("4100") == 0
    job = shop.print_jobs()[-1]
    assert (job.what, job.kick, job.document_id) == ("receipt", True, done.document_id)


def test_a_receipt_comes_back_in_parts_and_never_more(shop: Shop) -> None:
    sold = shop.sell("GAS13", quantity=3 * ONE)
    back(shop, sold.number, {0: ONE})
    assert shop.till.refunds.find(sold.number).left == (2 * ONE,)
    with refused("taken-more-than-left"):
        back(shop, sold.number, {0: 3 * ONE})
    back(shop, sold.number, {0: 2 * ONE})
    assert shop.till.refunds.find(sold.number).left == (0,)
    with refused("taken-more-than-left"):
        back(shop, sold.number, {0: 1})
    assert shop.cash() == FLOAT


def test_a_receipt_looked_up_before_another_refund_is_looked_up_again(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    stale = shop.till.refunds.find(sold.number)
    back(shop, sold.number, {0: ONE})
    with refused("taken-more-than-left"):
        shop.till.refunds.complete(stale, {0: ONE}, CASH, "again", shop.approval(Action.REFUND))
    assert shop.cash() == FLOAT


def test_a_double_click_on_a_refund_hands_the_money_back_once(shop: Shop) -> None:
    sold = shop.sell("GAS13", quantity=2 * ONE)
    receipt = shop.till.refunds.find(sold.number)
    approval = shop.approval(Action.REFUND)
    first = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks", approval)
    second = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks", approval)
    assert first == second
    assert shop.cash() == FLOAT + 2_320_00


@pytest.mark.parametrize("quantities", [{}, {0: 0}, {1: ONE}, {-1: ONE}, {0: -ONE}, {0: 10**30}])
def test_what_cannot_come_back(shop: Shop, quantities: dict[int, int]) -> None:
    sold = shop.sell("GAS13")
    with pytest.raises(Refused):
        back(shop, sold.number, quantities)
    assert shop.cash() == FLOAT + 2_320_00


def test_a_discount_comes_back_in_proportion(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13", quantity=3 * ONE)
    basket.set_discount(0, 100_00)
    sold = shop.pay_cash(basket)
    amounts = [back(shop, sold.number, {0: ONE}).total for _ in range(3)]
    assert amounts[0] == 2_320_00 - 33_33
    # 33.33 three times is not 100.00: the customer must not gain or lose by asking in parts.
    assert sum(amounts) == sold.total
    assert shop.cash() == FLOAT


def test_tax_comes_back_as_it_was_taken(shop: Shop) -> None:
    sold = shop.sell("SOAP", quantity=3 * ONE)
    for _ in range(3):
        back(shop, sold.number, {0: ONE})
    assert shop.cash() == FLOAT
    assert abs(shop.account("2200")) <= 1
    assert shop.account("2200") + shop.account("4100") == 0


def test_a_cashier_alone_refunds_nothing(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    receipt = shop.till.refunds.find(sold.number)
    with pytest.raises(NeedsApproval):
        shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks")
    with pytest.raises(NeedsApproval):
        shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks", shop.approval(Action.VOID))


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason(shop: Shop, reason: str) -> None:
    sold = shop.sell("GAS13")
    with refused("refund-without-reason"):
        back(shop, sold.number, {0: ONE}, reason=reason)


def test_what_was_on_account_goes_back_to_the_account(shop: Shop) -> None:
    sold = shop.sell_on_account(GOOD, "GAS13")
    receipt = shop.till.refunds.find(sold.number)
    assert shop.till.refunds.tenders_for(receipt) == (ON_ACCOUNT,)
    with refused("refund-by-other-way"):
        back(shop, sold.number, {0: ONE}, CASH)
    back(shop, sold.number, {0: ONE}, ON_ACCOUNT)
    assert shop.owes(GOOD) == 0
    assert shop.cash() == FLOAT


def test_cash_of_a_customer_may_go_to_their_account(shop: Shop) -> None:
    basket = shop.basket("REG")
    basket.set_customer(NO_CREDIT)
    sold = shop.pay_cash(basket)
    back(shop, sold.number, {0: ONE}, ON_ACCOUNT)
    assert shop.owes(NO_CREDIT) == -850_00
    assert shop.cash() == FLOAT + 850_00


def paid_by(shop: Shop, *tenders: tuple[TenderKind, int, str], sku: str = "GAS13") -> Recorded:
    """Sell one piece, paid so."""
    taking = shop.till.checkout(shop.basket(sku))
    for kind, amount, reference in tenders:
        taking.add_tender(kind, amount, reference)
    return taking.complete()


def sent(shop: Shop, done: Recorded) -> list[tuple[TenderKind, int, str]]:
    """How the money of a refund went."""
    return [(one.kind, one.amount, one.reference) for one in shop.document(done.document_id).tenders]


def test_mpesa_goes_back_by_mpesa_with_a_new_code(shop: Shop) -> None:
    sold = paid_by(shop, (MPESA, 2_320_00, "SLK4AB9Z01"))
    receipt = shop.till.refunds.find(sold.number)
    assert shop.till.refunds.tenders_for(receipt) == (MPESA, CASH)
    approval = shop.approval(Action.REFUND)

    def give(code: str) -> Recorded:
        references = {MPESA: code}
        complete = shop.till.refunds.complete
        return complete(receipt, {0: ONE}, MPESA, "leaks", approval, references=references)

    with refused("mpesa-code-malformed"):
        give("")
    with refused("mpesa-code-used", number=sold.number):
        give("slk4ab9z01")
    done = give("rev4ab9z02")
    assert sent(shop, done) == [(MPESA, 2_320_00, "REV4AB9Z02")]
    assert (shop.cash(), shop.account("1140"), shop.account("4100"), shop.account("2200")) == (FLOAT, 0, 0, 0)
    assert not shop.print_jobs()[-1].kick
    with refused("mpesa-code-used"):
        paid_by(shop, (MPESA, 850_00, "REV4AB9Z02"), sku="REG")


@pytest.mark.parametrize(("kind", "account"), [(TenderKind.BANK, "1170"), (TenderKind.CARD, "1160")])
def test_bank_and_card_go_back_as_they_came(shop: Shop, kind: TenderKind, account: str) -> None:
    sold = paid_by(shop, (kind, 2_320_00, "SLIP 1"))
    done = back(shop, sold.number, {0: ONE}, kind)
    assert sent(shop, done) == [(kind, 2_320_00, "")]
    assert (shop.cash(), shop.account(account)) == (FLOAT, 0)


def test_cash_for_mpesa_needs_who_may_take_cash_out(shop: Shop) -> None:
    sold = paid_by(shop, (MPESA, 2_320_00, "SLK4AB9Z01"))
    receipt = shop.till.refunds.find(sold.number)
    assert shop.till.refunds.cash_instead(receipt, {0: ONE}, CASH) == 2_320_00
    with pytest.raises(NeedsApproval) as needed:
        shop.till.refunds.complete(receipt, {0: ONE}, CASH, "no telephone")
    assert needed.value.action == Action.REFUND.value
    with shop.database.write() as connection:
        taken = (
            "UPDATE role_permission SET permission = 'x' WHERE role = 'manager' AND permission = 'cash_out'"
        )
        connection.exec_driver_sql(taken)
        connection.exec_driver_sql("UPDATE feed_cursor SET stamp = stamp + 1")
    shop.till.refresh()
    with pytest.raises(NeedsApproval) as needed:
        back(shop, sold.number, {0: ONE}, CASH)
    assert (needed.value.action, needed.value.code) == ("cash_out", "refund-in-cash-needs-approval")
    assert shop.cash() == FLOAT


def test_cash_for_mpesa_is_said_on_the_refund(shop: Shop) -> None:
    sold = paid_by(shop, (MPESA, 2_320_00, "SLK4AB9Z01"))
    done = back(shop, sold.number, {0: ONE}, CASH)
    assert shop.document(done.document_id).cash_instead == 2_320_00
    assert (shop.cash(), shop.account("1140")) == (FLOAT - 2_320_00, 2_320_00)


def test_of_mixed_money_no_way_brings_back_more_than_came_by_it(shop: Shop) -> None:
    basket = shop.basket("GAS13", quantity=4 * ONE)  # 9,280.00
    taking = shop.till.checkout(basket)
    taking.add_tender(MPESA, 3_000_00, "SLK4AB9Z01")
    taking.add_tender(TenderKind.CARD, 2_000_00)
    taking.add_tender(CASH, 4_280_00)
    sold = taking.complete()
    refunds, approval = shop.till.refunds, shop.approval(Action.REFUND)

    def give(kind: TenderKind, code: str = "") -> Recorded:
        receipt = refunds.find(sold.number)
        return refunds.complete(receipt, {0: ONE}, kind, "leaks", approval, references={MPESA: code})

    assert sent(shop, give(MPESA, "REV4AB9Z01")) == [(MPESA, 2_320_00, "REV4AB9Z01")]
    # 680.00 of M-Pesa are left: the card goes on, as far as it goes.
    assert sent(shop, give(MPESA, "REV4AB9Z02")) == [
        (MPESA, 680_00, "REV4AB9Z02"),
        (TenderKind.CARD, 1_640_00, ""),
    ]
    third = give(CASH)
    assert (sent(shop, third), shop.document(third.document_id).cash_instead) == ([(CASH, 2_320_00, "")], 0)
    assert sent(shop, give(TenderKind.CARD)) == [(TenderKind.CARD, 360_00, ""), (CASH, 1_960_00, "")]
    assert (shop.cash(), shop.account("1140"), shop.account("1160")) == (FLOAT, 0, 0)


def test_a_voided_refund_gives_its_way_back(shop: Shop) -> None:
    sold = paid_by(shop, (TenderKind.CARD, 2_320_00, ""))
    first = back(shop, sold.number, {0: ONE}, TenderKind.CARD)
    shop.be(MANAGER)
    shop.till.voids.void(first.document_id, "typed twice")
    shop.be(CASHIER)
    back(shop, sold.number, {0: ONE}, TenderKind.CARD)
    assert shop.account("1160") == 0


def test_change_of_mpesa_lowers_what_goes_back_by_mpesa(shop: Shop) -> None:
    sold = paid_by(shop, (MPESA, 3_000_00, "SLK4AB9Z01"))
    receipt = shop.till.refunds.find(sold.number)
    assert [tuple(part) for part in receipt.left_by.items() if part[1]] == [((MPESA, "1140"), 2_320_00)]


def test_what_was_put_on_account_never_comes_back_as_cash(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    taking = shop.till.checkout(basket)
    taking.add_tender(CASH, 1_000_00)
    taking.add_tender(ON_ACCOUNT, 1_320_00)
    sold = taking.complete()
    with refused("refund-by-other-way"):
        back(shop, sold.number, {0: ONE}, CASH)
    done = back(shop, sold.number, {0: ONE}, ON_ACCOUNT)
    assert sent(shop, done) == [(ON_ACCOUNT, 1_320_00, ""), (CASH, 1_000_00, "")]
    assert (shop.owes(GOOD), shop.cash()) == (0, FLOAT)


def test_a_way_that_is_closed_is_told_before_anybody_is_called(shop: Shop) -> None:
    sold = shop.sell("REG")
    receipt = shop.till.refunds.find(sold.number)
    with refused("refund-by-other-way"):
        shop.till.refunds.complete(receipt, {0: ONE}, ON_ACCOUNT, "leaks")
    with refused("needs-approval"):
        shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks")


def test_nobody_has_no_account(shop: Shop) -> None:
    sold = shop.sell("REG")
    with refused("refund-by-other-way"):
        back(shop, sold.number, {0: ONE}, ON_ACCOUNT)


def test_the_drawer_is_too_empty(closed_shop: Shop) -> None:
    shop = closed_shop
    shop.be(MANAGER)
    shop.open_drawer(100_00)
    taking = shop.till.checkout(shop.basket("GAS13"))
    taking.add_tender(MPESA, 2_320_00, "SLK4AB9Z01")
    sold = taking.complete()
    with refused("drawer-holds-too-little"):
        back(shop, sold.number, {0: ONE})
    assert shop.cash() == 100_00


def test_the_drawer_is_closed(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    shop.be(MANAGER)
    shop.till.drawer.close((), "not counted")
    with refused("drawer-not-open"):
        back(shop, sold.number, {0: ONE})


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("K9-S000001", "receipt-of-other-till"),
        ("K3-S999999", "receipt-not-at-till"),
        ("K3-C000001", "only-sales-refunded"),
        ("junk", "not-a-receipt-number"),
        ("", "not-a-receipt-number"),
    ],
)
def test_a_number_that_is_no_receipt_of_this_till(shop: Shop, number: str, code: str) -> None:
    shop.sell("GAS13")
    with refused(code):
        shop.till.refunds.find(number)


def test_a_voided_receipt(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    receipt = shop.till.refunds.find(sold.number)
    shop.till.voids.void(sold.document_id, "typed twice", shop.approval(Action.VOID))
    with refused("receipt-voided"):
        shop.till.refunds.find(sold.number)
    with refused("receipt-voided"):
        shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks", shop.approval(Action.REFUND))


def test_a_returned_line_of_a_sale_cannot_come_back_again(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.add(shop.till.catalogue.scan("REG").product, -ONE)
    shop.be(MANAGER)  # goods taken back need one
    sold = shop.pay_cash(basket)
    assert shop.till.refunds.find(sold.number).left == (ONE, 0)
    with pytest.raises(Refused):
        back(shop, sold.number, {1: ONE})


def test_rounded_cash_comes_back_rounded(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path, cash_step=100)
    shop.be(CASHIER)
    shop.open_drawer()
    sold = shop.sell("MATCHES")  # 10.40, paid 10.00
    back(shop, sold.number, {0: ONE})
    assert shop.cash() == FLOAT
    assert shop.account("6910") == 0
    assert shop.drifts() == []


def test_many_small_parts_never_add_up_to_more_than_was_paid(shop: Shop) -> None:
    """Half a cent is rounded up: a hundred times in a row it must not become half a shilling."""
    sold = shop.sell("HOSE", quantity=1_500)  # 1.5 m at 333.33: 500.00
    receipt_total = sold.total
    amounts = [back(shop, sold.number, {0: part}).total for part in (500, 500, 1, 1, 1, 1, 496)]
    assert sum(amounts) == receipt_total
    assert shop.till.refunds.find(sold.number).left == (0,)
    assert shop.cash() == FLOAT


def test_what_comes_back_piece_by_piece_brings_all_its_tax_back(shop: Shop) -> None:
    """Ten at 23.90 less 59.75, one by one: the last brings what is left, and no tax stays behind."""
    basket = shop.basket("REG", quantity=10 * ONE)
    price = shop.approval(Action.PRICE)
    basket.set_price(0, 23_90, price)
    basket.set_discount(0, 59_75, price)
    sold = shop.pay_cash(basket)
    assert sold.total == 179_25
    voided = back(shop, sold.number, {0: 3 * ONE})
    back(shop, sold.number, {0: ONE})
    shop.be(MANAGER)
    shop.till.voids.void(voided.document_id, "counted wrong")
    for _ in range(9):
        back(shop, sold.number, {0: ONE})
    assert (shop.account("2200"), shop.account("4100"), shop.cash()) == (0, 0, FLOAT)
    assert shop.drifts() == []
