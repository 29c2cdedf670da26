"""Dollars at the till: what they are worth, the change in shillings, the drawer counted by currency."""

import pytest

from pos_app.devices.paper import Columns, Text
from pos_app.ledger.document import DrawerClose
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.master import rates
from pos_app.till.drawer.money_transfer import MoneyAccount
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import raises, refused
from tests.support.worlds.depot_fixture import (
    BANK,
    CARD,
    CASH,
    DOLLAR,
    HOTEL,
    MPESA,
    drawer_of,
    invoiced,
    open_of,
)
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop

FLOAT = 5_000_00
#: What ten dollars are worth.
TEN = 10_00 * DOLLAR // 1_000_000


def test_the_currencies_that_are_taken(depot: Shop) -> None:
    (dollar,) = depot.till.rates()
    assert dollar.text(10_00) == "USD 10.00 at 129.50"


def test_dollars_for_goods_and_change_in_shillings(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    due = checkout.add_tender(CASH, 10_00, currency="USD")
    assert (due.still_due, due.change) == (0, TEN - 850_00)
    done = checkout.complete()
    assert done.change == 445_00
    (tender,) = depot.document(done.document_id).tenders
    assert (tender.amount, tender.paid, tender.paid_currency) == (TEN, 10_00, "USD")
    assert (drawer_of(depot, "USD"), depot.cash()) == (10_00, FLOAT - 445_00)
    # The exchange account stands at nothing in base; nothing was gained or lost.
    assert depot.account("6950") == 0
    (job,) = [one for one in depot.print_jobs() if one.document_id == done.document_id]
    blocks = paper_of(depot.till._context, job).blocks
    shown = [one.text for one in blocks if isinstance(one, Text)]
    assert "  USD 10.00 at 129.50" in shown
    assert any(isinstance(one, Columns) and one.left == "Change" for one in blocks)


def test_dollars_and_shillings_together_and_a_basket_taken_up_again(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("GAS13"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    depot.restart()
    depot.be(MANAGER)
    checkout = depot.till.checkout(depot.till.baskets.resume())
    assert checkout.due().still_due == 2_320_00 - TEN
    checkout.add_tender(MPESA, 1_025_00, "SLK4AB9Z01")
    checkout.complete()
    assert drawer_of(depot, "USD") == 10_00


def test_the_card_of_a_tourist_settles_exactly(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    # 6.57 dollars are 850.82 shillings: the rest of a cent is an exchange difference, not change.
    due = checkout.add_tender(CARD, 6_57, "1234", "USD")
    assert (due.still_due, due.change) == (0, 0)
    checkout.complete()
    with depot.database.read() as connection:
        base = connection.exec_driver_sql(
            "SELECT base_amount FROM account_balance WHERE account_code = '6950'"
        ).scalar_one()
    assert base == -(6_57 * DOLLAR // 1_000_000 - 850_00) - (6_57 * DOLLAR % 1_000_000 >= 500_000)


@pytest.mark.parametrize(
    ("kind", "amount", "currency", "code"),
    [
        (CASH, 10_00, "EUR", "no-rate-today"),
        (CASH, 10_00, "dollar", "not-a-currency-code"),
        (CASH, 0, "USD", "amount-not-positive"),
        (CASH, -1, "USD", "amount-not-positive"),
        (CASH, 10**9, "USD", "cash-implausible"),
        (MPESA, 10_00, "USD", "tender-not-foreign"),
        (TenderKind.ACCOUNT, 10_00, "USD", "tender-not-foreign"),
        (BANK, 100_00, "USD", "more-than-due"),
    ],
)
def test_what_is_not_taken(depot: Shop, kind: TenderKind, amount: int, currency: str, code: str) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    with refused(code):
        checkout.add_tender(kind, amount, currency=currency)
    assert checkout.basket.tenders == []


def test_no_change_without_shillings_in_the_drawer(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("CLIP"))
    checkout.add_tender(CASH, 100_00, currency="USD")
    with refused("drawer-holds-too-little"):
        checkout.complete()
    assert drawer_of(depot, "USD") == 0


def test_a_refund_is_handed_back_in_shillings(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG", quantity=-ONE))
    with refused("refund-in-own-currency"):
        checkout.add_tender(CASH, 1_00, currency="USD")


# --- payments -------------------------------------------------------------------------------------


def test_an_invoice_paid_in_dollars(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG")
    desk = depot.till.receive_payment(HOTEL, 850_00)
    desk.add_tender(CASH, 10_00, currency="USD")
    assert desk.complete().change == 445_00
    assert open_of(depot, HOTEL) == {}
    assert key
    assert drawer_of(depot, "USD") == 10_00


def test_an_invoice_in_dollars_paid_in_either(depot: Shop) -> None:
    """Written at one rate, paid at another: the difference is realised, the invoice closed in both."""
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    draft = depot.till.invoicing.save_draft(basket)
    draft = depot.till.invoicing.change_draft(draft, currency="USD", rate_micro=DOLLAR)
    # 850 dollars are more than the hotel may owe in shillings.
    done = depot.till.invoicing.issue_draft(draft.request_id, depot.approval(Action.OVER_LIMIT))
    with raises(NeedsApproval, "credit-limit-exceeded"):
        invoiced(depot, HOTEL, "REG")
    with depot.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", 20261101, 131_000_000)
    assert [one.amount for one in depot.till.open_invoices.of(HOTEL.party_id, "USD")] == [850_00]
    desk = depot.till.receive_payment(HOTEL, 850_00, currency="USD")
    desk.add_tender(CASH, 400_00)
    with refused("exact-amount-needed"):
        desk.add_tender(CASH, 500_00)
    due = desk.add_tender(CASH, 450_00 * 131, currency="KES")
    assert (due.still_due, due.change) == (0, 0)
    desk.complete()
    assert depot.till.open_invoices.of(HOTEL.party_id, "USD") == []
    with depot.database.read() as connection:
        owed = connection.exec_driver_sql(
            "SELECT amount, base_amount FROM open_invoice WHERE invoice_id = ?", (done.document_id,)
        ).one()
        gained = connection.exec_driver_sql(
            "SELECT sum(base_amount) FROM account_balance WHERE account_code = '6950'"
        ).scalar_one()
    assert tuple(owed) == (0, 0)
    assert gained == -850_00 * 15 // 10
    assert (drawer_of(depot, "USD"), depot.cash()) == (400_00, FLOAT + 450_00 * 131)


# --- the close ------------------------------------------------------------------------------------


def _counted(*notes: tuple[int, int]) -> tuple[CashCount, ...]:
    return tuple(CashCount(value=value, pieces=pieces) for value, pieces in notes)


def test_each_currency_is_counted_by_itself(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    checkout.complete()
    drawer = depot.till.drawer
    assert drawer.foreign_currencies() == ["USD"]
    ours = _counted((1000_00, 4), (500_00, 1), (50_00, 1), (5_00, 1))
    with refused("foreign-cash-not-counted"):
        drawer.close(ours)
    with refused("own-currency-counted-twice"):
        drawer.close(ours, foreign={"KES": ()})
    assert drawer.is_open()
    assert drawer.expected(currency="USD") == 10_00
    closed = drawer.close(ours, "one short", foreign={"USD": _counted((5_00, 1), (1_00, 4))})
    assert (closed.expected, closed.variance) == (4_555_00, 0)
    (dollars,) = closed.others
    assert (dollars.currency, dollars.expected, dollars.variance) == ("USD", 10_00, -1_00)
    document = depot.document(dollars.done.document_id)
    assert isinstance(document, DrawerClose)
    assert (document.currency, document.rate_micro) == ("USD", DOLLAR)
    assert (drawer_of(depot, "USD"), depot.cash()) == (0, 0)
    assert not drawer.is_open()
    assert [job.what for job in depot.print_jobs()][-2:] == ["receipt", "receipt"]
    depot.open_drawer()
    assert depot.till.drawer.is_open()


def test_a_currency_that_is_not_there_may_be_counted(depot: Shop) -> None:
    closed = depot.till.drawer.close(
        _counted((1000_00, 5)), "a dollar more", foreign={"USD": _counted((1_00, 1))}
    )
    assert closed.others[0].variance == 1_00


def test_dollars_that_were_counted_again_after_the_sum_was_told_say_so(depot: Shop) -> None:
    """Ours stays as it was fixed; of the dollars another sum is told than was sealed."""
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    checkout.complete()
    ours, first = _counted((5_00, 911)), _counted((1_00, 7))
    depot.till.drawer.fix_count({"KES": ours, "USD": first})
    assert depot.till.drawer.expected(currency="USD") == 10_00
    closed = depot.till.drawer.close(ours, foreign={"USD": _counted((1_00, 10))})
    (dollars,) = closed.others
    told, z = depot.document(dollars.done.document_id), depot.document(closed.done.document_id)
    assert isinstance(told, DrawerClose)
    assert isinstance(z, DrawerClose)
    assert z.recount is None
    assert told.recount is not None
    assert (told.recount.first, told.counted) == (7_00, 10_00)
    (job,) = [one for one in depot.print_jobs() if one.document_id == told.document_id]
    blocks = paper_of(depot.till._context, job).blocks
    shown = [one for one in blocks if isinstance(one, Columns) and "ounted" in one.left]
    assert [one.right for one in shown] == ["7.00", "10.00", "10.00"]


def test_a_currency_that_came_after_the_first_count_was_not_counted_again(depot: Shop) -> None:
    ours = _counted((5_00, 1000))
    depot.till.drawer.fix_count({"KES": ours})
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    checkout.complete()
    closed = depot.till.drawer.close(ours, "change given", foreign={"USD": _counted((1_00, 10))})
    (dollars,) = closed.others
    told = depot.document(dollars.done.document_id)
    assert isinstance(told, DrawerClose)
    assert told.recount is None


def test_a_sale_in_dollars_is_voided_with_its_change(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    done = checkout.complete()
    depot.till.voids.void(done.document_id, "wrong goods")
    assert (drawer_of(depot, "USD"), depot.cash()) == (0, FLOAT)


def test_voiding_dollars_that_went_out_of_the_drawer(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    done = checkout.complete()
    depot.till.money_transfers.move(MoneyAccount.DRAWER, MoneyAccount.SAFE, 10_00, currency="USD")
    with refused("drawer-holds-too-little"):
        depot.till.voids.void(done.document_id, "wrong goods")
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        depot.till.drawer.close((), foreign={"USD": ()})
