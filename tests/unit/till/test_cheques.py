"""Cheques at the till: number, bank, day, an account of their own till they are banked, a tick."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.cheque import cheque_of
from pos_app.ledger.day import later
from pos_app.ledger.document import Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Cheque, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.rules import rules
from pos_app.ledger.treasury import MoneyAccount
from pos_app.till.drawer import money_count
from pos_app.till.drawer.drawer import Found
from pos_app.till.drawer.money_count import PaymentKey
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.till_fixture import GOOD, MANAGER, Shop

TODAY = 20261201
IN_HAND, BANK = "1155", "1170"


def cheque(shop: Shop, bank: str = "Equity, Moi Avenue", day: str = "") -> Cheque:
    return cheque_of(bank, day, shop.till.today)


def by_cheque(shop: Shop, number: str = "000451", amount: int = 2_320_00) -> Recorded:
    checkout = shop.till.checkout(shop.basket("GAS13"))
    checkout.add_tender(TenderKind.CHEQUE, amount, number, cheque=cheque(shop))
    if checkout.due().still_due:
        checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    return checkout.complete()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", 20261201),
        ("5.12.2026", 20261205),
        ("05/12/26", 20261205),
        (" 5-12 ", 20261205),
        ("05122026", 20261205),
        ("1 9 2026", 20260901),
    ],
)
def test_a_day_as_people_write_it(typed: str, day: int) -> None:
    assert cheque_of(" KCB ", typed, TODAY) == Cheque(bank="KCB", dated_on=day)


@pytest.mark.parametrize(
    ("bank", "typed", "code"),
    [
        ("  ", "", "cheque-bank-missing"),
        ("KCB", "31.2.2026", "cheque-day-unknown"),
        ("KCB", "2026-12-01", "cheque-day-unknown"),
        ("KCB", "tomorrow", "cheque-day-unknown"),
        ("KCB", "٥.١٢.٢٠٢٦", "cheque-day-unknown"),
        ("KCB", "1.5.2026", "cheque-stale"),
        ("KCB", "1.1.2028", "cheque-too-far-ahead"),
        ("KCB", "9" * 10_000, "cheque-day-unknown"),
    ],
)
def test_what_is_no_cheque(bank: str, typed: str, code: str) -> None:
    with refused(code):
        cheque_of(bank, typed, TODAY)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_day_near_today_or_a_sentence(typed: str) -> None:
    try:
        found = cheque_of("KCB", typed, TODAY)
    except Refused:
        return
    assert later(TODAY, -183) <= found.dated_on <= later(TODAY, 366)


def test_a_cheque_is_money_on_its_own_account_and_says_its_bank(shop: Shop) -> None:
    cash = shop.cash()
    done = by_cheque(shop, amount=2_000_00)
    sale = shop.document(done.document_id)
    assert isinstance(sale, Sale)
    first = sale.tenders[0]
    assert (first.kind, first.reference, first.account) == (TenderKind.CHEQUE, "000451", IN_HAND)
    assert first.cheque == Cheque(bank="Equity, Moi Avenue", dated_on=shop.till.today)
    assert (shop.account(IN_HAND), shop.cash()) == (2_000_00, cash + 320_00)
    paper = [piece.text for piece in typeset(paper_of(shop.till._context, shop.print_jobs()[-1]))
             if isinstance(piece, Line)]  # fmt: skip
    assert any("Cheque 000451" in line for line in paper)
    assert any("Equity, Moi Avenue" in line for line in paper)
    assert shop.drifts() == []


def test_it_gives_no_change_and_is_never_handed_out(shop: Shop) -> None:
    checkout = shop.till.checkout(shop.basket("GAS13"))
    with refused("more-than-due"):
        checkout.add_tender(TenderKind.CHEQUE, 2_320_01, "1", cheque=cheque(shop))
    with refused("cheque-number-missing"):
        checkout.add_tender(TenderKind.CHEQUE, 1_00, " ", cheque=cheque(shop))
    with refused("cheque-number-missing"):
        checkout.add_tender(TenderKind.CHEQUE, 1_00, "1")
    with refused("tender-not-foreign"):
        checkout.add_tender(TenderKind.CHEQUE, 1_00, "1", "USD", cheque=cheque(shop))


def test_a_customer_pays_what_they_owe_by_cheque_and_two_banks_number_alike(shop: Shop) -> None:
    shop.sell_on_account(GOOD, "GAS13")
    by_cheque(shop, "77")
    payment = shop.till.receive_payment(GOOD, 2_320_00)
    payment.add_tender(TenderKind.CHEQUE, 2_320_00, "77", cheque=cheque(shop, "KCB"))
    payment.complete()
    assert (shop.owes(GOOD), shop.account(IN_HAND)) == (0, 4_640_00)


def test_it_is_ticked_at_the_close_and_banked(shop: Shop) -> None:
    one, other = by_cheque(shop, "1"), by_cheque(shop, "2")
    shop.be(MANAGER)
    found = Found(ticked={PaymentKey(one.document_id, 0)})
    payments = shop.till.drawer.payments_to_tick()
    assert [(each.kind, each.reference) for each in payments] == [
        (TenderKind.CHEQUE, "1"), (TenderKind.CHEQUE, "2"),
    ]  # fmt: skip
    with shop.database.read() as connection:
        (count,) = money_count.counted(connection, shop.till._context, found)
    assert (count.kind, count.expected, count.counted) == (TenderKind.CHEQUE, 4_640_00, 2_320_00)
    assert [missing.receipt_id for missing in count.missing] == [other.document_id]
    shop.till.money_transfers.move(MoneyAccount.CHEQUES, MoneyAccount.BANK, 4_640_00, reference="slip 9")
    assert (shop.account(IN_HAND), shop.account(BANK)) == (0, 4_640_00)


def test_goods_that_a_cheque_paid_come_back_for_cash_that_is_allowed(shop: Shop) -> None:
    done = by_cheque(shop)
    receipt = shop.till.refunds.find(done.number)
    assert shop.till.refunds.tenders_for(receipt) == (TenderKind.CASH,)
    back = shop.till.refunds.complete(
        receipt, {0: ONE}, TenderKind.CASH, "leaks", shop.approval(Action.REFUND)
    )
    assert shop.document(back.document_id).cash_instead == 2_320_00


def test_what_a_forged_document_says_of_a_cheque_is_refused(shop: Shop) -> None:
    sale = shop.document(by_cheque(shop).document_id)
    (tender,) = sale.tenders
    good = tender.cheque
    for wrong in (
        {"cheque": None},
        {"reference": ""},
        {"drawer_id": 1},
        {"cheque": structs.replace(good, bank="")},
        {"cheque": structs.replace(good, bank="x" * 101)},
        {"kind": TenderKind.CARD},
    ):
        with refused("cheque-malformed"):
            rules.check(structs.replace(sale, tenders=(structs.replace(tender, **wrong),)))
    with refused("not-a-day"):
        bad = structs.replace(tender, cheque=structs.replace(good, dated_on=20261399))
        rules.check(structs.replace(sale, tenders=(bad,)))


def test_a_void_takes_it_back(shop: Shop) -> None:
    done = by_cheque(shop)
    shop.till.voids.void(done.document_id, "wrong one", shop.approval(Action.VOID))
    assert shop.account(IN_HAND) == 0
