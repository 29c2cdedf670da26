"""The drawer, payments, voids and reprints: cash in, cash out, and every difference on the books."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from pos_app.ledger.document import CashReason, DrawerClose
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from pos_app.till.till import Till
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, Shop

FLOAT = 5_000_00
CASH, MPESA, BANK = TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK
OVER_SHORT, SAFE = "6900", "1150"


def counted(*notes: tuple[int, int]) -> tuple[CashCount, ...]:
    """Notes and how many of each; values in shillings."""
    return tuple(CashCount(value=value * 100, pieces=pieces) for value, pieces in notes)


# --- opening and closing ------------------------------------------------------------------------


def test_a_shift_opens_with_a_float_out_of_the_safe(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    assert not closed_shop.till.drawer.is_open()
    assert closed_shop.till.drawer.shift_number() is None
    done = closed_shop.open_drawer(2_000_00)
    assert done.number == "K3-O000001"
    assert closed_shop.till.drawer.shift_number() == 1
    assert (closed_shop.cash(), closed_shop.account(SAFE)) == (2_000_00, -2_000_00)
    assert [(job.what, job.kick) for job in closed_shop.print_jobs()] == [("kick", True)]


def test_an_open_drawer_is_not_opened_again(shop: Shop) -> None:
    with refused("drawer-open-already"):
        shop.open_drawer()
    shop.restart()
    shop.be(CASHIER)
    with refused("drawer-open-already"):
        shop.open_drawer()


@pytest.mark.parametrize("amount", [-1, 10**15, 10**40])
def test_an_absurd_float(closed_shop: Shop, amount: int) -> None:
    closed_shop.be(CASHIER)
    with pytest.raises(Refused):
        closed_shop.open_drawer(amount)
    assert closed_shop.documents() == []
    assert not closed_shop.till.drawer.is_open()


def test_an_empty_float_opens_a_shift(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    closed_shop.open_drawer(0)
    closed_shop.restart()
    assert closed_shop.till.drawer.is_open()


def test_only_a_manager_closes(shop: Shop) -> None:
    with pytest.raises(NeedsApproval) as needs:
        shop.till.drawer.close(counted((1000, 5)))
    assert needs.value.action == Action.CLOSE_DRAWER.value
    closed = shop.till.drawer.close(counted((1000, 5)), approval=shop.approval(Action.CLOSE_DRAWER))
    assert shop.document(closed.done.document_id).approver_id == MANAGER.person_id


@pytest.mark.parametrize(
    ("count", "variance"),
    [(counted((1000, 7), (200, 1), (100, 1), (20, 1)), 0), (counted((1000, 7), (100, 3)), -20_00),
     (counted((1000, 8)), 680_00), ((), -7_320_00)],
)  # fmt: skip
def test_any_count_is_taken_and_the_difference_goes_to_over_and_short(
    shop: Shop, count: tuple[CashCount, ...], variance: int
) -> None:
    shop.sell("GAS13")
    shop.be(MANAGER)
    closed = shop.till.drawer.close(count, "counted twice")
    assert closed.variance == variance
    assert (closed.expected, closed.counted) == (7_320_00, 7_320_00 + variance)
    document = shop.document(closed.done.document_id)
    assert isinstance(document, DrawerClose)
    assert document.removed == document.counted
    assert shop.cash() == 0
    assert shop.account(OVER_SHORT) == -variance
    assert shop.account(SAFE) == -FLOAT + closed.counted
    assert not shop.till.drawer.is_open()
    with refused("drawer-not-open"):
        shop.till.drawer.close(())


def test_the_count_is_blind() -> None:
    """Nothing that a screen may ask before the close tells what the books expect."""
    from dataclasses import fields

    from pos_app.till.drawer.drawer import Readiness

    assert {one.name for one in fields(Readiness)} == {"open_lines", "parked", "unprinted"}


def test_a_count_that_does_not_add_up_is_refused(shop: Shop) -> None:
    shop.be(MANAGER)
    with refused("notes-negative"):
        shop.till.drawer.close(counted((1000, 6), (500, -2)))
    assert shop.till.drawer.is_open()


def test_an_open_basket_holds_the_close_and_a_parked_one_does_not(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    assert shop.till.drawer.readiness().open_lines == 1
    shop.be(MANAGER)
    with refused("basket-open-at-close"):
        shop.till.drawer.close(counted((1000, 5)))
    basket.park("tomorrow")
    assert shop.till.drawer.readiness().parked == ("tomorrow",)
    assert shop.till.drawer.close(counted((1000, 5))).variance == 0
    assert [draft.label for draft in shop.till.baskets.parked()] == ["tomorrow"]


def test_the_next_shift_starts_at_nothing(shop: Shop) -> None:
    shop.sell("GAS13")
    shop.be(MANAGER)
    shop.till.drawer.close(counted((1000, 7)), "found more")
    shop.open_drawer(1_000_00)
    assert shop.till.drawer.shift_number() == 2
    shop.sell("REG")
    closed = shop.till.drawer.close(counted((1000, 1), (500, 1), (200, 1), (100, 1), (50, 1)))
    assert (closed.expected, closed.variance) == (1_850_00, 0)


# --- cash in and out --------------------------------------------------------------------------


def test_cash_in_and_out(shop: Shop) -> None:
    shop.till.drawer.move(CashReason.FLOAT, 1_000_00, "")
    shop.till.drawer.move(CashReason.PAY_IN, 50_00, "found under the counter")
    with pytest.raises(NeedsApproval):
        shop.till.drawer.move(CashReason.PAY_OUT, 300_00, "broom")
    approval = shop.approval(Action.CASH_OUT)
    shop.till.drawer.move(CashReason.PAY_OUT, 300_00, "broom", approval)
    shop.till.drawer.move(CashReason.SAFE_DROP, 2_000_00, "", approval)
    assert shop.cash() == FLOAT + 1_000_00 + 50_00 - 300_00 - 2_000_00
    assert (shop.account("4900"), shop.account("6200")) == (-50_00, 300_00)
    assert shop.account(SAFE) == -FLOAT - 1_000_00 + 2_000_00


def test_what_cannot_be_moved(shop: Shop) -> None:
    shop.be(MANAGER)
    move = shop.till.drawer.move
    for amount in (0, -5, 10**15):
        for reason in CashReason:
            with pytest.raises(Refused):
                move(reason, amount, "note")
    for reason in (CashReason.PAY_IN, CashReason.PAY_OUT):
        with refused("cash-move-without-reason"):
            move(reason, 100, "  ")
    with refused("drawer-holds-only"):
        move(CashReason.SAFE_DROP, FLOAT + 1, "")
    assert shop.cash() == FLOAT
    shop.till.drawer.close(counted((1000, 5)))
    with refused("drawer-not-open"):
        move(CashReason.PAY_IN, 100, "tip")


# --- payments -------------------------------------------------------------------------------------


def test_a_customer_pays_what_they_owe(shop: Shop) -> None:
    shop.sell_on_account(GOOD, "GAS13", "REG")
    desk = shop.till.receive_payment(GOOD, 3_000_00)
    assert desk.add_tender(MPESA, 1_000_00, "SLK4AB9Z01").still_due == 2_000_00
    assert desk.add_tender(CASH, 2_500_00).change == 500_00
    done = desk.complete()
    assert (done.number, done.total, done.change) == ("K3-P000001", 3_000_00, 500_00)
    assert shop.owes(GOOD) == 170_00
    assert shop.cash() == FLOAT + 2_000_00
    assert desk.complete() == done
    assert shop.owes(GOOD) == 170_00
    card = shop.till.customers.card(GOOD)
    assert (card.owes, card.here, card.centre) == (170_00, 2, 0)
    assert [(line.number, line.change) for line in card.lines] == [
        ("K3-P000001", -3_000_00),
        ("K3-S000001", 3_170_00),
    ]


def test_a_payment_finished_without_print_opens_the_drawer_and_prints_none(shop: Shop) -> None:
    desk = shop.till.receive_payment(GOOD, 100_00)
    desk.add_tender(CASH, 100_00)
    before = len(shop.print_jobs())
    desk.complete(paper=False)
    assert [(job.what, job.kick) for job in shop.print_jobs()[before:]] == [("kick", True)]


def test_a_customer_may_pay_ahead(shop: Shop) -> None:
    desk = shop.till.receive_payment(GOOD, 100_00)
    desk.add_tender(CASH, 100_00)
    desk.complete()
    assert shop.owes(GOOD) == -100_00


def test_what_is_no_payment(shop: Shop) -> None:
    for amount in (0, -1):
        with refused("payment-not-positive"):
            shop.till.receive_payment(GOOD, amount)
    desk = shop.till.receive_payment(GOOD, 100_00)
    with refused("payment-on-account"):
        desk.add_tender(TenderKind.ACCOUNT, 100_00)
    with refused("still-due"):
        desk.complete()
    with refused("mpesa-code-malformed"):
        desk.add_tender(MPESA, 100_00)
    with refused("more-than-due"):
        desk.add_tender(TenderKind.CARD, 100_01)
    with refused("no-tender-chosen"):
        desk.remove_tender(0)
    assert len(shop.documents()) == 1


def test_a_code_pays_once_across_sales_and_payments(shop: Shop) -> None:
    taking = shop.till.checkout(shop.basket("REG"))
    taking.add_tender(MPESA, 850_00, "SLK4AB9Z01")
    taking.complete()
    with refused("mpesa-code-used"):
        shop.till.receive_payment(GOOD, 850_00).add_tender(MPESA, 850_00, "SLK4AB9Z01")


# --- voids ----------------------------------------------------------------------------------------


def test_a_void_undoes_all_of_a_sale(shop: Shop) -> None:
    sold = shop.sell("GAS13", "WATER20", given=3_000_00)
    approval = shop.approval(Action.VOID)
    done = shop.till.voids.void(sold.document_id, " typed twice ", approval)
    assert done.number == "K3-V000001"
    void = shop.document(done.document_id)
    assert (void.original_id, void.reason, void.approver_id) == (
        sold.document_id,
        "typed twice",
        MANAGER.person_id,
    )
    assert (shop.cash(), shop.stock("GAS13"), shop.account("1900")) == (FLOAT, 0, 0)
    with refused("voided-already"):
        shop.till.voids.void(sold.document_id, "again", approval)
    with refused("void-not-voidable"):
        shop.till.voids.void(done.document_id, "void of a void", approval)


def test_what_cannot_be_voided(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    with pytest.raises(NeedsApproval):
        shop.till.voids.void(sold.document_id, "typed twice")
    approval = shop.approval(Action.VOID)
    with refused("void-without-reason"):
        shop.till.voids.void(sold.document_id, "", approval)
    for unknown in (0, -1, sold.document_id + 1, (9 << 32) | 1):
        with refused("void-of-other-till"):
            shop.till.voids.void(unknown, "typed twice", approval)
    opening = shop.till._context.open_shift()
    with refused("void-after-shift"):
        shop.till.voids.void(opening, "typed twice", approval)


def test_a_sale_of_an_earlier_shift_is_refunded_not_voided(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    shop.be(MANAGER)
    shop.till.drawer.close(counted((1000, 7)), "found more")
    with refused("void-after-shift"):
        shop.till.voids.void(sold.document_id, "typed twice")
    shop.open_drawer()
    with refused("void-after-shift"):
        shop.till.voids.void(sold.document_id, "typed twice")


def test_a_sale_with_goods_back_is_not_voided(shop: Shop) -> None:
    sold = shop.sell("GAS13", quantity=2 * ONE)
    shop.be(MANAGER)
    receipt = shop.till.refunds.find(sold.number)
    refund = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks")
    with refused("void-after-refund"):
        shop.till.voids.void(sold.document_id, "typed twice")
    shop.till.voids.void(refund.document_id, "wrong receipt")
    shop.till.voids.void(sold.document_id, "typed twice")
    assert (shop.cash(), shop.stock("GAS13")) == (FLOAT, 0)


def test_a_void_hands_back_only_what_the_drawer_holds(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    shop.be(MANAGER)
    shop.till.drawer.move(CashReason.SAFE_DROP, 7_000_00, "")
    with refused("drawer-holds-too-little"):
        shop.till.voids.void(sold.document_id, "typed twice")
    assert shop.cash() == 320_00


def test_an_mpesa_code_of_a_voided_sale_may_pay_again(shop: Shop) -> None:
    for sku in ("REG", "BOTTLE20"):
        taking = shop.till.checkout(shop.basket(sku))
        taking.add_tender(MPESA, 850_00, "SLK4AB9Z01")
        if sku == "BOTTLE20":
            taking.add_tender(CASH, 50_00)
        done = taking.complete()
        if sku == "REG":
            shop.till.voids.void(done.document_id, "other goods", shop.approval(Action.VOID))
    assert shop.account("1140") == 850_00


# --- receipts -------------------------------------------------------------------------------------


def test_a_reprint_is_a_marked_copy(shop: Shop) -> None:
    sold = shop.sell("GAS13")
    assert [shop.till.receipts.reprint(sold.document_id) for _ in range(3)] == [1, 2, 3]
    jobs = [job for job in shop.print_jobs() if job.document_id == sold.document_id]
    assert [(job.what, job.copy_no, job.kick) for job in jobs] == [
        ("receipt", 0, True),
        ("receipt", 1, False),
        ("receipt", 2, False),
        ("receipt", 3, False),
    ]
    assert shop.count("audit_log") == 3
    assert shop.cash() == FLOAT + 2_320_00


def test_a_receipt_that_was_never_printed_is_a_copy_too(shop: Shop) -> None:
    taking = shop.till.checkout(shop.basket("GAS13"))
    taking.add_tender(MPESA, 2_320_00, "SLK4AB9Z01")
    done = taking.complete(paper=False)
    assert shop.till.receipts.reprint(done.document_id) == 1


def test_what_this_till_does_not_have_is_not_printed(shop: Shop) -> None:
    with refused("document-not-at-till"):
        shop.till.receipts.reprint(12345)
    shop.till.sign_in.sign_out()
    sold = shop.documents()[0]
    with refused("nobody-signed-in"):
        shop.till.receipts.reprint(sold.document_id)


def test_the_latest_receipts_come_first(shop: Shop) -> None:
    numbers = [shop.sell("SOAP").document_id for _ in range(3)]
    assert [entry.document_id for entry in shop.till.receipts.latest()] == numbers[::-1]
    assert len(shop.till.receipts.latest(limit=2)) == 2
    assert shop.till.receipts.party_name(GOOD.party_id) == GOOD.name
    assert shop.till.receipts.party_name(None) == ""
    assert shop.till.receipts.party_name(1) == ""


# -- the reason of a difference ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "code"), [(4, "close-short-without-reason"), (6, "close-over-without-reason")]
)
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_difference_needs_its_reason(shop: Shop, pieces: int, code: str, reason: str) -> None:
    shop.be(MANAGER)
    with refused(code, amount="KES 1,000.00"):
        shop.till.drawer.close(counted((1000, pieces)), reason)
    assert shop.till.drawer.is_open()
    closed = shop.till.drawer.close(counted((1000, pieces)), "a note stuck to another")
    assert isinstance(closed.done.document, DrawerClose)
    assert closed.done.document.reason == "a note stuck to another"


@pytest.mark.parametrize(("reason_from", "asked"), [(0, True), (50_00, True), (50_01, False)])
def test_from_which_difference_on_a_reason_is_needed_the_depot_says(
    shop: Shop, reason_from: int, asked: bool
) -> None:
    shop.rule(HouseRule.CLOSE_REASON_FROM, reason_from)
    shop.be(MANAGER)
    short = counted((1000, 4), (500, 1), (200, 2), (50, 1))
    if asked:
        with refused("close-short-without-reason"):
            shop.till.drawer.close(short)
    else:
        assert shop.till.drawer.close(short).variance == -50_00


def test_a_drawer_that_closes_openly_tells_who_counts(shop: Shop) -> None:
    drawer = shop.till.drawer
    shop.be(CASHIER)
    assert drawer.told_while_counting() is None
    shop.rule(HouseRule.BLIND_CLOSE, 0)
    assert drawer.told_while_counting() == shop.cash()
    # The close itself still asks a manager.
    with pytest.raises(NeedsApproval):
        drawer.close(counted((1000, 5)))


def test_a_drawer_is_opened_with_the_float_of_its_depot(closed_shop: Shop) -> None:
    assert closed_shop.till.drawer.wanted_float() is None
    closed_shop.rule(HouseRule.DRAWER_FLOAT, 5_000_00)
    assert closed_shop.till.drawer.wanted_float() == 5_000_00


def test_a_shift_is_of_an_earlier_day_once_the_day_of_the_shop_began(shop: Shop) -> None:
    drawer, zone = shop.till.drawer, ZoneInfo(shop.till.place.time_zone)
    shop.rule(HouseRule.DAY_STARTS, 4 * 60)
    began = shop.till.now().astimezone(zone)
    tomorrow = (began + timedelta(days=1)).replace(hour=3, minute=59, second=0, microsecond=0)
    shop.clock.advance(tomorrow - began)
    assert not drawer.is_of_earlier_day()
    shop.clock.advance(timedelta(minutes=1))
    assert drawer.is_of_earlier_day()
    shop.rule(HouseRule.DAY_STARTS, 5 * 60)
    assert not drawer.is_of_earlier_day()


def test_two_windows_open_the_same_drawer_once(closed_shop: Shop) -> None:
    """Both show a closed drawer; the float comes out of the safe once."""
    closed_shop.be(CASHIER)
    other = Till(closed_shop.database, closed_shop.clock)
    other._context.person = MANAGER
    closed_shop.till.drawer.open(5_000_00)
    with refused("drawer-open-already"):
        other.drawer.open(5_000_00)
    assert closed_shop.cash() == 5_000_00
    assert other.drawer.is_open(), "it shows the drawer as it is from then on"
