"""Invoices paid in cash: coins round what ends them, once; parts are worth what was received, to the cent."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.coins import settled_by
from pos_app.ledger.document import Payment
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.quantity import ONE
from pos_app.ledger.treasury import PartyReason
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.receivables.open_invoices import InvoiceChoice
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import HOTEL, open_of, with_books
from tests.support.worlds.till_fixture import MANAGER, Shop

CASH, MPESA, CARD = TenderKind.CASH, TenderKind.MPESA, TenderKind.CARD
FLOAT = 5_000_00
CODE = "SLK4AB9Z01"


def shop_of(folder: Path, step: int) -> Shop:
    """A shop with a customer's books whose smallest coin is so many cents."""
    made = with_books(Shop.make(folder, cash_step=step))
    made.be(MANAGER)
    made.open_drawer(FLOAT)
    return made


def invoice(shop: Shop, price: int) -> int:
    """An invoice of one exempt piece; gives its key."""
    basket = shop.basket("CLIP", quantity=ONE)
    basket.set_customer(HOTEL)
    basket.set_price(0, price)
    return shop.till.invoicing.issue(basket).document_id


def pay(
    shop: Shop,
    amount: int,
    *,
    invoices: list[int] | None = None,
    kind: TenderKind = CASH,
    laid: int | None = None,
) -> Payment:
    """A payment of what a customer means to pay, by what the screen asks or by what is `laid` down."""
    chosen = None if invoices is None else [InvoiceChoice(one) for one in invoices]
    if invoices is not None and amount < sum(open_of(shop, HOTEL)[one] for one in invoices):
        chosen = [InvoiceChoice(invoices[0], amount)]
    desk = shop.till.receive_payment(HOTEL, amount, chosen)
    asked = desk.cash_due() if kind is CASH else desk.exact_due()
    if asked or laid:
        desk.add_tender(kind, asked if laid is None else laid, "4711" if kind is CARD else "")
    document = shop.document(desk.complete().document_id)
    assert isinstance(document, Payment)
    return document


@pytest.mark.parametrize(
    ("step", "price", "coins"),
    [
        (1_00, 10_60, 11_00),
        (1_00, 10_40, 10_00),
        (5, 15_28, 15_30),
        (5_00, 137_00, 135_00),
        (10, 99_95, 1_00_00),
    ],
)
def test_what_ends_an_invoice_is_rounded_to_coins(tmp_path: Path, step: int, price: int, coins: int) -> None:
    shop = shop_of(tmp_path, step)
    key = invoice(shop, price)
    payment = pay(shop, price, invoices=[key])
    assert (payment.total, payment.rounding, payment.tenders[0].amount) == (price, coins - price, coins)
    assert (open_of(shop, HOTEL), shop.owes(HOTEL)) == ({}, 0)
    assert (shop.cash(), shop.account("6910")) == (FLOAT + coins, price - coins)
    assert shop.till.open_invoices.credit(HOTEL.party_id) == 0
    assert shop.drifts() == []


@pytest.mark.parametrize("kind", [CARD, TenderKind.BANK])
def test_what_is_no_cash_is_asked_to_the_cent(tmp_path: Path, kind: TenderKind) -> None:
    shop = shop_of(tmp_path, 1_00)
    payment = pay(shop, 10_40, invoices=[invoice(shop, 10_40)], kind=kind)
    assert (payment.total, payment.rounding, payment.tenders[0].amount) == (10_40, 0, 10_40)


def test_ten_parts_in_coins_come_to_what_was_owed(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    key, coins = invoice(shop, 106_00), []
    while open_of(shop, HOTEL):
        amount = min(10_60, open_of(shop, HOTEL)[key])
        coins.append(pay(shop, amount, invoices=[key]).tenders[0].amount)
    assert coins == [11_00] * 9 + [7_00]
    assert (shop.cash(), shop.account("6910"), shop.owes(HOTEL)) == (FLOAT + 106_00, 0, 0)


def test_parts_of_several_invoices_with_nothing_ticked(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    for price in (10_60, 10_60, 10_60):
        invoice(shop, price)
    paid = [pay(shop, 10_60), pay(shop, 10_60), pay(shop, 9_80)]
    assert [one.tenders[0].amount for one in paid] == [11_00, 11_00, 10_00]
    assert [(one.total, one.rounding) for one in paid] == [(11_00, 0), (11_00, 0), (9_80, 20)]
    assert (shop.owes(HOTEL), open_of(shop, HOTEL)) == (0, {})


def test_coins_first_then_the_exact_rest_by_mpesa(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    desk = shop.till.receive_payment(HOTEL, 537_37, [InvoiceChoice(invoice(shop, 537_37))])
    assert desk.add_tender(CASH, 500_00).still_due == 37_37
    assert desk.add_tender(MPESA, 37_37, CODE).still_due == 0
    document = shop.document(desk.complete().document_id)
    assert (document.total, document.rounding) == (537_37, 0)


def test_a_rest_under_half_a_coin_ends_with_the_payment_that_meant_all(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    desk = shop.till.receive_payment(HOTEL, 10_40, [InvoiceChoice(invoice(shop, 10_40))])
    assert desk.add_tender(MPESA, 10_00, CODE).still_due == 0
    document = shop.document(desk.complete().document_id)
    assert (document.total, document.rounding) == (10_40, -40)
    assert (shop.owes(HOTEL), shop.account("6910")) == (0, 40)


def test_a_part_by_mpesa_leaves_its_rest_open_until_it_is_paid(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    key = invoice(shop, 10_40)
    desk = shop.till.receive_payment(HOTEL, 10_00, [InvoiceChoice(key, 10_00)])
    desk.add_tender(MPESA, 10_00, CODE)
    desk.complete()
    assert open_of(shop, HOTEL) == {key: 40}
    rest = pay(shop, 40, invoices=[key])
    assert (rest.total, rest.rounding, rest.tenders) == (40, -40, ())
    assert shop.owes(HOTEL) == 0


def test_an_advance_in_coins_is_what_was_received(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    key = invoice(shop, 10_40)
    payment = pay(shop, 20_60)
    assert (payment.total, payment.rounding) == (21_00, 0)
    assert (open_of(shop, HOTEL), shop.owes(HOTEL)) == ({}, -10_60)
    assert payment.allocations[0].invoice_id == key


def test_less_than_half_a_coin_of_a_part_is_nothing(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    invoice(shop, 10_40)
    with refused("payment-not-positive"):
        shop.till.receive_payment(HOTEL, 30, None).complete()
    assert shop.owes(HOTEL) == 10_40


def test_change_of_mpesa_is_in_coins(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    desk = shop.till.receive_payment(HOTEL, 10_40, [InvoiceChoice(invoice(shop, 10_40))])
    assert desk.add_tender(MPESA, 15_00, CODE).change == 5_00
    document = shop.document(desk.complete().document_id)
    assert (document.total, document.rounding, shop.cash()) == (10_40, -40, FLOAT - 5_00)
    assert shop.owes(HOTEL) == 0


def test_a_part_that_was_named_grows_and_shrinks_by_its_coins(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    first, second = invoice(shop, 20_00), invoice(shop, 30_00)
    chosen = [InvoiceChoice(first, 5_60), InvoiceChoice(second, 7_30)]
    for laid, left in ((13_00, {first: 14_30, second: 22_70}), (12_90, {first: 8_70, second: 15_40})):
        desk = shop.till.receive_payment(HOTEL, 12_90, chosen)
        assert desk.cash_due() == 13_00
        desk.add_tender(CASH, laid)
        desk.complete()
        assert open_of(shop, HOTEL) == left


@pytest.mark.parametrize(("amount", "laid"), [(10_00, 10_00), (10_40, 10_00), (10_60, 11_00), (20_00, 20_00)])
def test_a_part_whose_rest_is_for_credit_stays_the_part_that_was_named(
    tmp_path: Path, amount: int, laid: int
) -> None:
    """10.00 would end 10.40 in coins; whoever names 5.00 of it has the rest of their money as credit."""
    shop = shop_of(tmp_path, 1_00)
    key = invoice(shop, 10_40)
    desk = shop.till.receive_payment(HOTEL, amount, [InvoiceChoice(key, 5_00)])
    desk.add_tender(CASH, laid)
    document = shop.document(desk.complete().document_id)
    assert isinstance(document, Payment)
    assert (document.total, document.rounding) == (laid, 0)
    assert [one.amount for one in document.allocations] == [5_00]
    assert open_of(shop, HOTEL) == {key: 5_40}
    assert shop.till.open_invoices.credit(HOTEL.party_id) == laid - 5_00


def test_a_payment_that_is_voided_takes_its_rounding_back(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    key = invoice(shop, 10_40)
    payment = pay(shop, 10_40, invoices=[key])
    shop.till.voids.void(payment.document_id, "wrong customer", shop.approval(Action.VOID))
    assert (shop.cash(), shop.account("6910"), open_of(shop, HOTEL)) == (FLOAT, 0, {key: 10_40})
    assert shop.drifts() == []


def test_slip_list_and_books_say_one_figure(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    payment = pay(shop, 10_40, invoices=[invoice(shop, 10_40)])
    job = next(one for one in shop.print_jobs() if one.document_id == payment.document_id)
    lines = typeset(paper_of(shop.till._context, job))
    words = "\n".join(" ".join(one.text.split()) for one in lines if isinstance(one, Line))
    assert "Received 10.00" in words
    assert "Rounding to cash −0.40" in words
    assert shop.till.receipts.latest(1)[0].total == 10_00


@pytest.mark.parametrize(("meant", "received"), [(10_40, 10_00), (10_60, 11_00), (1_500_50, 1_501_00)])
def test_a_deposit_in_coins_is_what_was_received(tmp_path: Path, meant: int, received: int) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = shop.till.take_party_money(PartyReason.CUSTOMER_DEPOSIT, HOTEL, meant)
    assert taking.cash_due() == received
    taking.add_tender(CASH, received + 4_00)
    done = taking.complete()
    assert (done.total, done.change, shop.cash()) == (received, 4_00, FLOAT + received)
    assert shop.till.open_invoices.deposited(HOTEL.party_id) == received
    assert shop.account("6910") == 0


def test_the_change_of_a_deposit_by_mpesa_is_in_coins_and_its_exact_sum_is_exact(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = shop.till.take_party_money(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 10_40)
    assert taking.add_tender(MPESA, 15_00, CODE).change == 5_00
    assert taking.complete().total == 10_00
    exact = shop.till.take_party_money(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 10_40)
    exact.add_tender(MPESA, 10_40, "SLK4AB9Z02")
    assert exact.complete().total == 10_40
    assert (shop.cash(), shop.till.open_invoices.deposited(HOTEL.party_id)) == (FLOAT - 5_00, 20_40)


@settings(max_examples=200, deadline=None)
@given(
    owed=st.integers(1, 200_000),
    step=st.sampled_from([1, 5, 10, 25, 50, 100, 500, 1000]),
    parts=st.lists(st.tuples(st.integers(1, 60_000), st.booleans()), max_size=12),
)
def test_any_parts_in_coins_or_not_come_to_what_was_owed(
    owed: int, step: int, parts: list[tuple[int, bool]]
) -> None:
    """Never more or less than the coin nearest to what was left when the last coins came."""
    left = owed
    received = 0
    rounded = 0
    for meant, in_cash in [*parts, (owed, True)]:
        amount = min(meant, left)
        if left == 0:
            break
        money = round_to_cash(amount, step) if in_cash else amount
        found = settled_by(money, money if in_cash else 0, left, step, all_meant=amount == left)
        received += money
        rounded += found.rounding
        left -= min(found.amount, left) if found.rounding else found.amount
        assert found.amount + found.rounding == money
    assert left <= 0
    assert received - rounded == owed - left
    assert abs(rounded) * 2 <= step
    # What coins brought beyond what was open is the customer's, and less than half a coin.
    assert -left * 2 <= step
