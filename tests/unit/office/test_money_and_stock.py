"""Expenses, money with parties, transfers of money and of goods, adjustments, reorder levels."""

from datetime import timedelta

import pytest

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.stock import AdjustmentReason, location_of
from pos_app.ledger.treasury import Exchanged, PartyReason
from pos_app.office import bills, payments, stock, treasury
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.masters import exchange_rates, parties, reorder_levels, tax_codes
from pos_app.office.stock import Quantity
from pos_app.store.tables.projections import DRAWER_CASH, STOCK_LEVEL
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank, cash, on


def test_an_expense_is_paid_at_once(desk: Desk) -> None:
    desk.fill_safe(216_00)
    made = treasury.expense(
        desk.office,
        [Cost("Water bill", 116_00, "6110", "A"), Cost("Fuel", 50_00, "6130", business="WATER")],
        cash(166_00),
        vendor="V1",
    )
    assert made.number == "M1000000-X000001"
    assert (desk.account("6110"), desk.account("6130", 2), desk.account("1150")) == (100_00, 50_00, 50_00)
    with refused("tenders-not-the-due"):
        treasury.expense(desk.office, [Cost("Fuel", 50_00, "6130")], cash(49_00))
    with refused("payment-not-said"):
        treasury.expense(desk.office, [Cost("Fuel", 50_00, "6130")], [])
    with refused("tender-not-of-office"):
        treasury.expense(desk.office, [Cost("Fuel", 50_00, "6130")], [TenderInput(TenderKind.VOUCHER, 50_00)])
    with refused("account-holds-no-money"):
        treasury.expense(
            desk.office, [Cost("Fuel", 50_00, "6130")], [TenderInput(TenderKind.BANK, 50_00, account="2110")]
        )
    assert desk.is_whole()


def test_money_with_parties_both_ways(desk: Desk) -> None:
    office = desk.office
    desk.fill_safe()
    for reason, party, amount in (
        (PartyReason.EMPLOYEE_ADVANCE, "E1", 500_00),
        (PartyReason.EMPLOYEE_REPAYMENT, "E1", 200_00),
        (PartyReason.MEMBER_DEPOSIT, "M1", 900_00),
        (PartyReason.MEMBER_WITHDRAWAL, "M1", 400_00),
        (PartyReason.MEMBER_SHARE, "M1", 1_000_00),
        (PartyReason.MEMBER_SHARE_RETURN, "M1", 250_00),
        (PartyReason.CUSTOMER_DEPOSIT, "C1", 300_00),
        (PartyReason.CUSTOMER_DEPOSIT_RETURN, "C1", 100_00),
    ):
        treasury.party_money(office, reason, party, cash(amount))
    assert desk.owes("E1", PartyRole.EMPLOYEE) == 300_00
    assert desk.owes("M1", PartyRole.MEMBER) == -500_00
    assert desk.owes("M1", PartyRole.SHAREHOLDER) == -750_00
    assert desk.owes("C1", PartyRole.DEPOSITOR) == -200_00
    with refused("paid-out-more-than-held"):
        treasury.party_money(office, PartyReason.MEMBER_WITHDRAWAL, "M1", cash(500_01))
    with refused("advance-above-limit"):
        treasury.party_money(office, PartyReason.EMPLOYEE_ADVANCE, "E1", cash(4_700_01))
    with refused("advance-above-limit"):
        treasury.party_money(
            office, PartyReason.EMPLOYEE_ADVANCE, "E1", bank(40_00), PostingDetails(currency="USD")
        )
    with refused("party-not-in-role-office"):
        treasury.party_money(office, PartyReason.MEMBER_SHARE, "C1", cash(1_00))
    assert desk.is_whole()


def test_a_deposit_settles_an_invoice(desk: Desk) -> None:
    from pos_app.office import invoicing
    from pos_app.office.invoicing import Goods

    office = desk.office
    treasury.party_money(office, PartyReason.CUSTOMER_DEPOSIT, "C1", bank(700_00))
    made = invoicing.invoice(office, "C1", [Goods("HOSE", ONE)])
    payments.settle(office, "C1", from_deposit=True)
    assert (desk.open(made), desk.owes("C1"), desk.owes("C1", PartyRole.DEPOSITOR)) == (0, 0, -120_00)
    with refused("nothing-open-of-in"):
        payments.settle(office, "C1", from_deposit=True)
    assert desk.is_whole()


def test_dollars_of_a_depositor_go_back_at_another_rate(desk: Desk) -> None:
    office, dollars = desk.office, PostingDetails(currency="USD")
    treasury.party_money(office, PartyReason.CUSTOMER_DEPOSIT, "C1", bank(100_00), dollars)
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 131_500_000, 20261119)
    treasury.party_money(office, PartyReason.CUSTOMER_DEPOSIT_RETURN, "C1", bank(100_00), dollars)
    assert desk.owes("C1", PartyRole.DEPOSITOR, "USD") == 0
    assert (desk.base("2320"), desk.base("6950"), desk.base("1170")) == (0, 200_00, -200_00)
    assert desk.is_whole()


def test_a_prepayment_of_a_vendor_comes_back(desk: Desk) -> None:
    office = desk.office
    payments.pay_vendor(office, "V1", bank(500_00), prepay=True)
    bill = bills.bill(office, "V1", [Cost("Rent", 200_00, "6100")])
    payments.settle(office, "V1", role=PartyRole.VENDOR)
    treasury.party_money(office, PartyReason.VENDOR_PREPAYMENT_RETURN, "V1", bank(300_00))
    assert (desk.open(bill), desk.owes("V1", PartyRole.VENDOR)) == (0, 0)


def test_money_moves_between_our_places(desk: Desk) -> None:
    office = desk.office
    desk.fill_safe(1_000_00)
    treasury.transfer(office, "safe", "bank", 1_000_00, reference="slip 4")
    treasury.transfer(office, "bank", "mpesa", 400_00, to_business="WATER")
    treasury.transfer(office, "1170", "1171", 100_00)
    treasury.transfer(office, "bank", "bank", 259_00, exchanged=Exchanged(2_00, "USD"))
    assert (desk.account("1150"), desk.account("1170")) == (0, 1_000_00 - 400_00 - 100_00 - 259_00)
    assert (desk.account("1170", currency="USD"), desk.account("1141", 2)) == (2_00, 400_00)
    assert desk.account("1900") == -desk.account("1900", 2) == 400_00
    for start, end, code in (
        ("bank", "bank", "money-to-same-place"),
        ("bank", "heaven", "account-unknown"),
        ("bank", "2110", "account-holds-no-money"),
        ("bank", "1300", "account-holds-no-money"),
        ("drawer:X", "bank", "drawer-unknown"),
    ):
        with refused(code):
            treasury.transfer(office, start, end, 100_00)
    for amount in (0, -100_00):
        with refused("amount-not-positive"):
            treasury.transfer(office, "safe", "bank", amount)
    assert desk.is_whole()


def test_cash_of_a_drawer_is_brought_to_the_bank(desk: Desk) -> None:
    from sqlalchemy import text

    with desk.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO drawer (org_id, drawer_id, code, depot_id, terminal_no)"
                " VALUES (1, 5, 'D1', 1, 1)"
            )
        )
    with refused("drawer-holds-too-little"):
        treasury.transfer(desk.as_("OWNER"), "drawer:D1", "bank", 50_00)
    desk.fill_safe(70_00)
    treasury.transfer(desk.as_("OWNER"), "safe", "drawer:d1", 70_00)
    treasury.transfer(desk.as_("OWNER"), "drawer:D1", "bank", 50_00)
    assert desk.balance(DRAWER_CASH, drawer_id=5, currency="KES")["amount"] == 20_00
    with refused("drawer-holds-too-little"):
        treasury.transfer(desk.as_("OWNER"), "drawer:D1", "bank", 20_01)
    # Nor is it drawn past the drawer, by naming the account of its cash.
    with refused("account-holds-no-money"):
        treasury.party_money(
            desk.office,
            PartyReason.EMPLOYEE_ADVANCE,
            "E1",
            [TenderInput(TenderKind.CASH, 1_00, account="1110")],
        )
    with refused("beyond-rights"):
        treasury.transfer(desk.office, "drawer:D1", "bank", 10_00)
    with refused("drawer-of-other-business"):
        treasury.transfer(desk.as_("OWNER"), "drawer:D1", "bank", 50_00, PostingDetails(business="WATER"))


def test_goods_travel_in_two_steps(desk: Desk) -> None:
    store = desk.as_("MGR")
    sent = stock.send(store, "MAIN", "WEST", [Quantity("GAS", 5 * ONE), Quantity("HOSE", ONE)])
    with desk.office.read() as books:
        transit = books.transit()
        west = books.location("WEST").location_id

    def at(place: int) -> int:
        return desk.balance(STOCK_LEVEL, location_id=place, product_id=1)["quantity"]

    assert (at(1), at(transit), at(west)) == (-5 * ONE, 5 * ONE, 0)
    stock.receive(store, sent.document_id, [Quantity("GAS", 3 * ONE)])
    with refused("more-than-on-its-way"):
        stock.receive(store, sent.document_id, [Quantity("GAS", 3 * ONE)])
    with refused("product-not-in-transfer"):
        stock.receive(store, sent.document_id, [Quantity("REFILL", ONE)])
    stock.receive(store, sent.document_id)
    assert (at(transit), at(west)) == (0, 5 * ONE)
    with refused("transfer-came-already"):
        stock.receive(store, sent.document_id)
    with refused("transfer-to-same-place"):
        stock.send(store, "MAIN", "MAIN", [Quantity("GAS", ONE)])
    with refused("place-unknown"):
        stock.send(store, "MAIN", "MOON", [Quantity("GAS", ONE)])
    with refused("beyond-rights"):
        stock.send(desk.office, "MAIN", "WEST", [Quantity("GAS", ONE)])
    assert desk.is_whole()


def test_stock_is_corrected_counted_and_lent(desk: Desk) -> None:
    store = desk.as_("MGR")
    stock.count(store, "MAIN", [Quantity("GAS", 10 * ONE)])
    stock.adjust(store, "MAIN", AdjustmentReason.DAMAGE, [Quantity("GAS", -ONE)])
    stock.count(store, "MAIN", [Quantity("GAS", 8 * ONE)])
    stock.returnables(store, "MAIN", "C1", [Quantity("GAS", 2 * ONE)])
    with desk.office.read() as books:
        party = books.party("C1", PartyRole.CUSTOMER).party_id
    assert desk.balance(STOCK_LEVEL, location_id=1, product_id=1)["quantity"] == 6 * ONE
    assert desk.balance(STOCK_LEVEL, location_id=location_of(party), product_id=1)["quantity"] == 2 * ONE
    with refused("adjustment-sign-wrong"):
        stock.adjust(store, "MAIN", AdjustmentReason.LOSS, [Quantity("GAS", ONE)])
    with refused("adjustment-without-reason"):
        stock.adjust(store, "MAIN", AdjustmentReason.OTHER, [Quantity("GAS", ONE)])
    stock.adjust(
        store, "MAIN", AdjustmentReason.OTHER, [Quantity("GAS", ONE)], PostingDetails(note="weighed")
    )


def test_what_runs_short_is_listed(desk: Desk) -> None:
    office = desk.office
    reorder_levels.set_reorder_level(office, "GAS", "MAIN", 5 * ONE, 20 * ONE)
    reorder_levels.set_reorder_level(office, "HOSE", "WEST", 0, ONE)
    stock.count(desk.as_("MGR"), "MAIN", [Quantity("GAS", 4 * ONE)])
    gas, hose = reorder_levels.short(office)
    assert (gas.quantity, gas.minimum, gas.order) == (4 * ONE, 5 * ONE, 16 * ONE)
    assert hose.order == ONE
    assert [one.product_id for one in reorder_levels.short(office, "WEST")] == [2]
    with refused("reorder-levels-wrong"):
        reorder_levels.set_reorder_level(office, "GAS", "MAIN", 5 * ONE, ONE)


def test_who_holds_what_is_ours_is_not_archived(desk: Desk) -> None:
    owner, store = desk.as_("OWNER"), desk.as_("MGR")
    parties.add_party(owner, "H1", "Holder", [parties.RoleTerms(PartyRole.CUSTOMER)])
    stock.returnables(store, "MAIN", "H1", [Quantity("GAS", 2 * ONE)])
    with refused("party-holds-ours", name="Holder", goods="2 × Gas 13 kg"):
        parties.archive(owner, "H1")
    stock.returnables(store, "MAIN", "H1", [Quantity("GAS", -2 * ONE)])
    parties.archive(owner, "H1")
    with refused("party-inactive-office"):
        stock.returnables(store, "MAIN", "H1", [Quantity("GAS", ONE)])


def test_parties_have_several_roles(desk: Desk) -> None:
    from pos_app.office.masters.parties import Particulars, RoleTerms

    office = desk.office
    both = [RoleTerms(PartyRole.CUSTOMER, 7, 100_00), RoleTerms(PartyRole.VENDOR, 14)]
    parties.add_party(office, "B1", "Both", both, Particulars("0722 555 000"))
    parties.edit_party(
        office, "B1", roles=[RoleTerms(PartyRole.EMPLOYEE, 0, 10_00)], ended=[PartyRole.CUSTOMER]
    )
    treasury.party_money(office, PartyReason.EMPLOYEE_ADVANCE, "B1", bank(10_00))
    with refused("party-not-in-role-office"):
        payments.receive(office, "B1", cash(10_00), prepay=True)
    with refused("party-stands-open", name="Both"):
        parties.edit_party(office, "B1", active=False)
    parties.add_party(office, "B3", "Gone", both)
    parties.edit_party(office, "B3", active=False)
    with refused("party-inactive-office"):
        bills.bill(office, "B3", [Cost("Rent", 10_00, "6100")])
    for code, name, roles in (("B1", "Again", both), ("", "X", both), ("B2", "", both), ("B2", "X", [])):
        with pytest.raises(Refused):
            parties.add_party(office, code, name, roles)
    with refused("party-has-not-role"):
        parties.edit_party(office, "B1", ended=[PartyRole.MEMBER])
    with refused("person-may-not-here"):
        parties.add_party(desk.as_("MGR"), "B3", "X", both)


def test_rates_and_taxes_hold_from_a_day(desk: Desk) -> None:
    office = desk.office
    for rate, day, code in (
        (0, 20261101, "rate-not-positive"),
        (10**15, 20261101, "rate-implausible"),
        (130_000_000, 19700101, "year-of-date-implausible"),
        (130_000_000, 20990101, "year-of-date-implausible"),
    ):
        with refused(code):
            exchange_rates.set_rate(office, "USD", rate, day)
    with refused("own-currency-has-no-rate"):
        exchange_rates.set_rate(office, "KES", 1_000_000)
    tax_codes.set_tax(office, "A", 1400, 20261201)
    with refused("tax-code-has-no-rate"):
        tax_codes.set_tax(office, "E", 100, 20261201)
    with refused("year-of-date-implausible"):
        tax_codes.set_tax(office, "A", 100, 20990101)
    bill = bills.bill(office, "V1", [Cost("Rent", 116_00, "6100", "A")], on(20261119))
    desk.clock.advance(timedelta(days=20))
    later = bills.bill(office, "V1", [Cost("Rent", 114_00, "6100", "A")])
    assert [getattr(one.document, "tax_total", 0) for one in (bill, later)] == [16_00, 14_00]


def test_an_mpesa_code_is_money_once(desk: Desk) -> None:
    """In whatever letters and for whatever it is named: a code is one payment."""
    office = desk.office

    def paid(code: str) -> list[TenderInput]:
        return [TenderInput(TenderKind.MPESA, 10_00, code)]

    costs = [Cost("Fuel", 10_00, "6130")]
    for bad in ("", "SLK4", "SLK4AB9Z0123X", "SLK4 AB9Z"):
        with refused("mpesa-code-malformed"):
            payments.receive(office, "C1", paid(bad), prepay=True)
    payments.receive(office, "C1", paid(" slk4ab9z01 "), prepay=True)
    payments.pay_vendor(office, "V1", paid("SLK4AB9Z02"), prepay=True)
    for code in ("SLK4AB9Z01", "slk4ab9z02"):
        with refused("mpesa-code-used"):
            payments.receive(office, "C1", paid(code), prepay=True)
        with refused("mpesa-code-used"):
            payments.pay_vendor(office, "V1", paid(code), prepay=True)
        with refused("mpesa-code-used"):
            treasury.expense(office, costs, paid(code))
        with refused("mpesa-code-used"):
            treasury.party_money(office, PartyReason.MEMBER_DEPOSIT, "M1", paid(code))
        with refused("mpesa-code-used"):
            treasury.transfer(office, "mpesa", "bank", 10_00, reference=code)
    with refused("mpesa-code-twice"):
        treasury.expense(office, [Cost("Fuel", 20_00, "6130")], paid("SLK4AB9Z03") + paid("slk4ab9z03"))
    with refused("mpesa-code-malformed"):
        treasury.transfer(office, "mpesa", "bank", 10_00, reference="slip 7")
    treasury.transfer(office, "mpesa", "bank", 10_00)
    # A transfer has no tender: its code is money once all the same.
    treasury.transfer(office, "mpesa", "bank", 10_00, reference="SLK4AB9Z09")
    with refused("mpesa-code-used"):
        treasury.transfer(office, "bank", "mpesa", 10_00, reference="slk4ab9z09")


def test_an_adjustment_for_no_reason_of_its_own_says_why(desk: Desk) -> None:
    store, goods = desk.as_("MGR"), [Quantity("GAS", ONE)]
    with refused("adjustment-without-reason"):
        stock.adjust(store, "MAIN", AdjustmentReason.OTHER, goods, PostingDetails(note="  "))
    stock.adjust(store, "MAIN", AdjustmentReason.OTHER, goods, PostingDetails(note="a gift"))
    with refused("counted-below-zero"):
        stock.count(store, "MAIN", [Quantity("GAS", -ONE)])
