"""Nothing is dated before its shift, its till's last document or what it follows, but by a manager's word."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.day import later
from pos_app.ledger.document import Head
from pos_app.ledger.drawer import CashReason
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import MOMENT
from tests.support.refused import raises, refused
from tests.support.worlds.till_fixture import GOOD, MANAGER, OWNER, Shop

LOST = datetime(2010, 1, 1, 8, tzinfo=UTC)
AHEAD = datetime(2038, 1, 19, 3, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(shop: Shop, moment: datetime) -> None:
    """The till's clock says this from now on, in the running program."""
    shop.clock.advance(moment - shop.clock.now())


def asked(act: Callable[[], Any], code: str) -> None:
    """The till asks a manager instead of recording."""
    with raises(NeedsApproval, code) as caught:
        act()
    assert caught.value.action == "backdate"


def allowed(shop: Shop, act: Callable[[], Recorded]) -> Head:
    """A manager says yes, and it is recorded under their name."""
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    found: Head = shop.document(act().document_id)
    assert found.dated_by == MANAGER.person_id
    return found


def refund(shop: Shop, number: str) -> Recorded:
    receipt = shop.till.refunds.find(number)
    return shop.till.refunds.complete(
        receipt, {0: ONE}, TenderKind.CASH, "leaks", shop.approval(Action.REFUND)
    )


def test_a_clock_that_lost_its_battery_sells_nothing_before_its_shift(shop: Shop) -> None:
    before = len(shop.documents())
    at(shop, LOST)
    asked(lambda: shop.sell("GAS13"), "dated-before-last")
    assert len(shop.documents()) == before
    sold = allowed(shop, lambda: shop.sell("GAS13"))
    assert sold.occurred_at == LOST
    # The last document is of 2010 too now, but the shift is not: a yes is good for one recording.
    at(shop, LOST + HOUR)
    asked(lambda: shop.sell("REG"), "dated-before-shift")
    allowed(shop, lambda: shop.sell("REG"))
    at(shop, MOMENT + HOUR)
    assert shop.document(shop.sell("REG").document_id).dated_by is None


def test_what_was_allowed_is_in_the_audit_log(shop: Shop) -> None:
    at(shop, LOST)
    sold = allowed(shop, lambda: shop.sell("GAS13"))
    with shop.database.read() as connection:
        entry = connection.execute(
            text("SELECT person_id, subject, after FROM audit_log WHERE action = 'backdate'")
        ).one()
    assert entry.person_id == MANAGER.person_id
    assert entry.subject == f"sale {shop.till.printed(sold)}"
    assert "2010-01-01" in entry.after


def test_a_cashier_may_not_say_yes(shop: Shop) -> None:
    at(shop, LOST)
    with refused("may-not-approve"):
        shop.till.sign_in.approve("4242", Action.BACKDATE)
    with refused("may-not-approve"):
        shop.till.allow_date(shop.approval(Action.REFUND))


def test_a_manager_at_the_till_is_asked_too(shop: Shop) -> None:
    shop.be(MANAGER)
    at(shop, LOST)
    asked(lambda: shop.sell("GAS13"), "dated-before-last")


def test_a_yes_ends_with_who_was_at_the_till(shop: Shop) -> None:
    at(shop, LOST)
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    shop.till.sign_in.sign_out()
    shop.be(OWNER)
    asked(lambda: shop.sell("GAS13"), "dated-before-last")


def close(shop: Shop) -> None:
    shop.be(MANAGER)
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    shop.till.drawer.close((CashCount(value=1_000_00, pieces=5),))
    shop.open_drawer(0)


def issue(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    draft = shop.till.invoicing.save_draft(basket)
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    shop.till.invoicing.issue_draft(draft.request_id)


def sell(shop: Shop) -> None:
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    shop.sell("GAS13")


@pytest.mark.parametrize("record", [sell, issue, close])
def test_a_yes_that_was_not_needed_goes_with_the_next_recording(
    depot: Shop, record: Callable[[Shop], None]
) -> None:
    """The clock was set right before it was used: what proves it is gone, so the leave is."""
    record(depot)
    at(depot, LOST)
    asked(lambda: depot.sell("GAS13"), "dated-before-last")


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(minutes=2)])
def test_a_clock_that_the_network_sets_back_a_little_dates_nothing_before_the_last(
    shop: Shop, back: timedelta
) -> None:
    first = shop.document(shop.sell("GAS13").document_id)
    at(shop, first.recorded_at - back)
    second = shop.document(shop.sell("GAS13").document_id)
    assert second.recorded_at == second.occurred_at == first.recorded_at
    assert second.dated_by is None


def test_a_clock_that_jumps_back_between_two_sales_is_asked_about(shop: Shop) -> None:
    at(shop, MOMENT + 3 * HOUR)
    shop.sell("GAS13")
    at(shop, MOMENT + HOUR)  # after the opening, before the sale
    asked(lambda: shop.sell("GAS13"), "dated-before-last")


def test_a_refund_is_not_dated_before_its_sale(shop: Shop) -> None:
    at(shop, MOMENT + 5 * HOUR)
    sold = shop.sell("GAS13")
    at(shop, MOMENT + 2 * HOUR)
    allowed(shop, lambda: shop.sell("REG"))
    at(shop, MOMENT + 3 * HOUR)
    asked(lambda: refund(shop, sold.number), "dated-before-origin")
    assert allowed(shop, lambda: refund(shop, sold.number)).approver_id == MANAGER.person_id


def test_a_void_is_not_dated_before_its_document(shop: Shop) -> None:
    at(shop, MOMENT + 5 * HOUR)
    sold = shop.sell("GAS13")
    at(shop, MOMENT + 2 * HOUR)
    allowed(shop, lambda: shop.sell("REG"))
    asked(
        lambda: shop.till.voids.void(sold.document_id, "twice", shop.approval(Action.VOID)),
        "dated-before-origin",
    )


def test_a_shift_is_not_closed_before_it_was_opened(shop: Shop) -> None:
    at(shop, LOST)
    allowed(shop, lambda: shop.till.drawer.move(CashReason.PAY_IN, 100, "coins"))
    shop.be(MANAGER)

    counts = (CashCount(value=1_000_00, pieces=5), CashCount(value=1_00, pieces=1))
    asked(lambda: shop.till.drawer.close(counts), "dated-before-shift")
    shop.till.allow_date(shop.approval(Action.BACKDATE))
    shop.till.drawer.close(counts)
    assert not shop.till.drawer.is_open()


def test_a_clock_that_ran_years_ahead_is_asked_about(shop: Shop) -> None:
    at(shop, AHEAD)
    asked(lambda: shop.sell("GAS13"), "dated-long-after-last")
    allowed(shop, lambda: shop.sell("GAS13"))
    # Set right again it lies before the last document: asked once, and then all is as it was.
    at(shop, MOMENT + HOUR)
    asked(lambda: shop.sell("GAS13"), "dated-before-last")
    allowed(shop, lambda: shop.sell("GAS13"))
    shop.sell("GAS13")


def test_a_closed_season_is_no_question(shop: Shop) -> None:
    at(shop, MOMENT + timedelta(days=200))
    assert shop.document(shop.sell("GAS13").document_id).dated_by is None


def test_midnight_of_the_depot_is_no_question(shop: Shop) -> None:
    # 20:59:50 UTC is one second before midnight in Nairobi, and the shift is of the day before.
    at(shop, datetime(2026, 11, 20, 20, 59, 59, tzinfo=UTC))
    sold = shop.sell("GAS13")
    at(shop, datetime(2026, 11, 20, 21, 0, 1, tzinfo=UTC))
    assert shop.document(refund(shop, sold.number).document_id).dated_by is None


def test_a_draft_dated_before_its_shift_is_asked_about(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    depot.till.invoicing.change_draft(draft, dated_on=later(draft.dated_on, -1))
    asked(lambda: depot.till.invoicing.issue_draft(draft.request_id), "dated-before-shift")
    made = allowed(depot, lambda: depot.till.invoicing.issue_draft(draft.request_id))
    assert made.occurred_at < MOMENT


def test_a_payment_is_not_dated_before_its_invoice(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    tomorrow = later(draft.dated_on, 1)
    depot.till.invoicing.change_draft(draft, dated_on=tomorrow, due_on=later(tomorrow, 30))
    made = depot.till.invoicing.issue_draft(draft.request_id)
    desk = depot.till.receive_payment(GOOD, made.total)
    desk.add_tender(TenderKind.CASH, made.total)
    asked(desk.complete, "dated-before-origin")


def test_history_keeps_its_dates(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text(
        "number,occurred_at,customer,sku,quantity,unit_price\nA1,2020-03-04 10:00,,GAS13,1,2000.00\n"
    )
    shop.permit_history()
    done = shop.till.history_import().run(file)
    assert (done.imported, done.reasons) == (1, [])
    assert shop.documents()[-1].occurred_at.year == 2020
    assert shop.documents()[-1].dated_by is None
