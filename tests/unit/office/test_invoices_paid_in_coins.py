"""Invoices paid in cash at the office: coins end them as at a till, what is no cash is exact."""

from datetime import date

import pytest
from sqlalchemy import text

from pos_app.ledger.document import Expense, PartyMoney, Payment, VendorPayment
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills, invoicing, payments, treasury
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.reports.ask.party_statement import party_statement
from pos_app.reports.ask.question import Question
from pos_app.reports.model.period import Period, zone_of
from pos_app.store.master import organisations
from pos_app.store.stock.recorded import Recorded
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk, bank, cash


@pytest.fixture
def coins(desk: Desk) -> Desk:
    """The smallest coin is one shilling."""
    with desk.database.write() as connection:
        connection.execute(text("UPDATE organisation SET cash_step = 100"))
    return desk


def sold(desk: Desk, amount: int) -> Recorded:
    """An invoice that comes to so much, tax and all."""
    return invoicing.invoice(desk.as_("OWNER"), "C1", [Goods("SERVICE", ONE, amount)])


def paid(desk: Desk, given: list[TenderInput], *invoices: Recorded) -> Payment:
    """A payment of these invoices, or of what is due first."""
    wanted = [InvoiceChoice(one.document_id) for one in invoices] or None
    made = payments.receive(desk.office, "C1", given, wanted).document
    assert isinstance(made, Payment)
    return made


@pytest.mark.parametrize(("owed", "laid"), [(10_60, 11_00), (10_40, 10_00), (99_50, 100_00)])
def test_coins_end_an_invoice(coins: Desk, owed: int, laid: int) -> None:
    made = sold(coins, owed)
    payment = paid(coins, cash(laid), made)
    assert (payment.total, payment.rounding) == (owed, laid - owed)
    assert (coins.open(made), coins.owes("C1")) == (0, 0)
    assert (coins.account("1150"), coins.account("6910")) == (laid, owed - laid)
    assert coins.is_whole()


def test_parts_in_coins_are_worth_what_was_received(coins: Desk) -> None:
    made = sold(coins, 106_00)
    for laid in (11_00, 45_00, 49_00):
        assert paid(coins, cash(laid)).rounding == 0
    assert (coins.open(made), coins.owes("C1")) == (1_00, 1_00)
    assert paid(coins, cash(1_00)).rounding == 0
    assert (coins.account("1150"), coins.account("6910")) == (106_00, 0)


def test_the_bank_pays_to_the_cent_and_leaves_what_it_does_not_pay(coins: Desk) -> None:
    made = sold(coins, 10_40)
    assert paid(coins, [*bank(5_40), *cash(5_00)], made).rounding == 0
    assert coins.open(made) == 0


def test_the_bank_is_no_coin(coins: Desk) -> None:
    sold(coins, 10_40)
    assert paid(coins, bank(10_00)).rounding == 0
    assert coins.owes("C1") == 40


def test_more_than_a_coin_rounds_is_too_much(coins: Desk) -> None:
    sold(coins, 10_40)
    with refused("paid-more-than-all-open"):
        paid(coins, cash(11_00))


def test_the_statement_says_what_coins_rounded(coins: Desk) -> None:
    paid(coins, cash(11_00), sold(coins, 10_60))
    with coins.office.read() as books:
        organisation = organisations.get(books.connection, coins.org_id)
        assert organisation is not None
        period = Period(date(2026, 1, 1), date(2027, 12, 31), zone_of("Africa/Nairobi"))
        report = party_statement(Question(books.connection, organisation, period, party="C1"))
    rows = [row.cells for row in report.sections[0].rows]
    assert ("Payment (Rounding to cash 0.40)", 10_60) in [(row[2], row[5]) for row in rows]
    assert rows[-1][-1] == 0


def test_a_bill_and_what_a_party_holds_end_in_coins(coins: Desk) -> None:
    office = coins.office
    coins.fill_safe(100_00)
    bill = bills.bill(office, "V1", [Cost("Rent", 10_60, "6100")])
    payment = payments.pay_vendor(office, "V1", cash(11_00)).document
    assert isinstance(payment, VendorPayment)
    assert (payment.total, payment.rounding, coins.open(bill)) == (10_60, 40, 0)
    treasury.party_money(office, PartyReason.MEMBER_DEPOSIT, "M1", bank(30_40))
    part = treasury.party_money(office, PartyReason.MEMBER_WITHDRAWAL, "M1", cash(20_00)).document
    rest = treasury.party_money(office, PartyReason.MEMBER_WITHDRAWAL, "M1", cash(10_00)).document
    assert isinstance(part, PartyMoney)
    assert isinstance(rest, PartyMoney)
    assert (part.rounding, rest.total, rest.rounding) == (0, 10_40, -40)
    assert coins.owes("M1", PartyRole.MEMBER) == 0
    assert (coins.account("1150"), coins.account("6910")) == (59_00, 0)
    assert coins.is_whole()


def test_the_credit_of_one_business_ends_in_coins(coins: Desk) -> None:
    office = coins.office
    coins.fill_safe(100_00)
    payments.receive(office, "C1", bank(10_60), prepay=True)
    payments.receive(office, "C1", bank(20_40), occasion=PostingDetails(business="WATER"), prepay=True)
    reason = PartyReason.CUSTOMER_CREDIT_RETURN
    with refused("not-so-much-unallocated"):
        treasury.party_money(office, reason, "C1", cash(12_00), PostingDetails(business="MAIN"))
    back = treasury.party_money(office, reason, "C1", cash(11_00), PostingDetails(business="MAIN")).document
    assert isinstance(back, PartyMoney)
    assert (back.total, back.rounding, coins.owes("C1")) == (10_60, 40, -20_40)
    treasury.transfer(coins.as_("OWNER"), "safe", "safe", 20_00, to_business="WATER")
    rest = treasury.party_money(office, reason, "C1", cash(20_00)).document
    assert isinstance(rest, PartyMoney)
    assert (rest.total, rest.rounding, coins.owes("C1")) == (20_40, -40, 0)
    assert coins.is_whole()


@pytest.mark.parametrize(
    ("spent", "laid", "rounding"), [(10_60, 11_00, 40), (10_40, 10_00, -40), (10_60, 10_60, 0)]
)
def test_an_expense_is_paid_in_coins(coins: Desk, spent: int, laid: int, rounding: int) -> None:
    """Who has the cents pays them: rounded is only what coins cannot pay."""
    coins.fill_safe(100_00)
    made = treasury.expense(coins.office, [Cost("Tea", spent, "6200")], cash(laid)).document
    assert isinstance(made, Expense)
    assert (made.total, made.rounding) == (spent, rounding)
    assert coins.account("1150") == 100_00 - laid
    assert (coins.account("6200"), coins.account("6910")) == (spent, rounding)
    with refused("tenders-not-the-due"):
        treasury.expense(coins.office, [Cost("Tea", 10_60, "6200")], cash(12_00))
    with refused("tenders-not-the-due"):
        treasury.expense(coins.office, [Cost("Tea", 10_60, "6200")], bank(11_00))
    assert coins.is_whole()
