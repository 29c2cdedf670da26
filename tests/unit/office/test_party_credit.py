"""Credit beyond what is open is the party's: it settles the next invoice or goes back, and only once."""

import pytest

from pos_app.bootstrap import HomeKind
from pos_app.cli import explain
from pos_app.cli.homes import Opened
from pos_app.ledger.document import SERVER_TERMINAL_NO, CreditNote, Invoice, PartyMoney, Settlement
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills, invoicing, payments, treasury, voids
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.masters import exchange_rates
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank, cash, on

BACK = PartyReason.CUSTOMER_CREDIT_RETURN
VENDOR_BACK = PartyReason.VENDOR_PREPAYMENT_RETURN


def sold(desk: Desk, amount: int, customer: str = "C1", occasion: PostingDetails | None = None) -> Recorded:
    """An invoice that comes to so much, tax and all."""
    water = occasion is not None and occasion.business == "WATER"
    sku = "REFILL" if water else "SERVICE"
    # Below the list price, which the accountant may not give.
    return invoicing.invoice(desk.as_("OWNER"), customer, [Goods(sku, ONE, amount)], occasion)


def credited(desk: Desk, made: Recorded, amount: int) -> Recorded:
    """A credit note on an invoice of one line, by its price."""
    assert isinstance(made.document, Invoice)
    part = ONE * amount // made.document.total
    note = invoicing.credit(desk.office, made.document_id, "too dear", [Credited(0, part)])
    assert isinstance(note.document, CreditNote)
    assert note.document.total == amount
    return note


def credit(desk: Desk, party: str = "C1", role: PartyRole = PartyRole.CUSTOMER, currency: str = "KES") -> int:
    """What is there to be used."""
    with desk.office.read() as books:
        found = books.party(party, role)
        return open_items.credit(books.connection, desk.org_id, role, found.party_id, currency).amount


def beyond(desk: Desk) -> tuple[Recorded, Recorded]:
    """1,000.00 of which 800.00 are paid, and 500.00 credited: 300.00 are theirs."""
    first = sold(desk, 1_000_00)
    payments.receive(desk.office, "C1", bank(800_00), [InvoiceChoice(first.document_id, 800_00)])
    note = credited(desk, first, 500_00)
    assert (desk.open(first), credit(desk), desk.owes("C1")) == (-300_00, 300_00, -300_00)
    return first, note


def test_credit_beyond_what_is_open_settles_the_next_invoice(desk: Desk) -> None:
    first, _note = beyond(desk)
    second = sold(desk, 400_00)
    made = payments.settle(desk.office, "C1").document
    assert isinstance(made, Settlement)
    assert [(one.invoice_id, one.amount) for one in made.credits] == [(first.document_id, 300_00)]
    assert [(one.invoice_id, one.amount) for one in made.allocations] == [(second.document_id, 300_00)]
    assert (desk.open(first), desk.open(second), credit(desk)) == (0, 100_00, 0)
    payments.receive(desk.office, "C1", cash(100_00))
    assert desk.owes("C1") == 0
    with refused("nothing-to-settle-with"):
        payments.settle(desk.office, "C1")
    assert desk.is_whole()


@pytest.mark.parametrize(
    ("kind", "reference", "account"),
    [
        (TenderKind.CASH, "", "1150"),
        (TenderKind.BANK, "TT 7", "1170"),
        (TenderKind.MPESA, "SLK4AB9Z01", "1140"),
    ],
)
def test_credit_is_paid_out_where_nothing_more_is_bought(
    desk: Desk, kind: TenderKind, reference: str, account: str
) -> None:
    desk.fill_safe()
    first, _note = beyond(desk)
    before = desk.account(account)
    paid = treasury.party_money(desk.office, BACK, "C1", [TenderInput(kind, 300_00, reference)]).document
    assert isinstance(paid, PartyMoney)
    assert (paid.party_role, [one.amount for one in paid.credits]) == (PartyRole.CUSTOMER, [300_00])
    assert (desk.open(first), desk.owes("C1"), credit(desk)) == (0, 0, 0)
    assert desk.account(account) - before == -300_00
    with refused("nothing-to-settle-with"):
        treasury.party_money(desk.office, BACK, "C1", cash(1))
    assert desk.is_whole()


def test_no_more_goes_back_than_there_is(desk: Desk) -> None:
    desk.fill_safe()
    beyond(desk)
    with refused("not-so-much-unallocated"):
        treasury.party_money(desk.office, BACK, "C1", cash(300_01))
    treasury.party_money(desk.office, BACK, "C1", cash(100_00))
    assert credit(desk) == 200_00
    second = sold(desk, 500_00)
    with refused("not-so-much-unallocated"):
        payments.settle(desk.office, "C1", [InvoiceChoice(second.document_id, 200_01)])
    payments.settle(desk.office, "C1", [InvoiceChoice(second.document_id, 200_00)])
    assert (credit(desk), desk.open(second)) == (0, 300_00)
    assert desk.is_whole()


def test_what_a_vendor_credits_beyond_the_bill_settles_the_next_or_comes_back(desk: Desk) -> None:
    office, vendor = desk.office, PartyRole.VENDOR
    first = bills.bill(office, "V1", [Cost("Gas", 1_000_00, "6100")])
    payments.pay_vendor(office, "V1", bank(800_00), [InvoiceChoice(first.document_id, 800_00)])
    bills.credit(office, first.document_id, "came back", [Cost("Gas", 500_00, "6100")])
    assert (desk.open(first), credit(desk, "V1", vendor)) == (-300_00, 300_00)
    second = bills.bill(office, "V1", [Cost("Gas", 200_00, "6100")])
    payments.settle(office, "V1", role=vendor)
    assert (desk.open(first), desk.open(second), credit(desk, "V1", vendor)) == (-100_00, 0, 100_00)
    with refused("not-so-much-unallocated"):
        treasury.party_money(office, VENDOR_BACK, "V1", bank(100_01))
    treasury.party_money(office, VENDOR_BACK, "V1", bank(100_00))
    assert (desk.open(first), desk.owes("V1", vendor)) == (0, 0)
    with refused("nothing-to-settle-with"):
        treasury.party_money(office, VENDOR_BACK, "V1", bank(1))
    assert desk.is_whole()


def test_an_overpayment_and_an_advance_go_back(desk: Desk) -> None:
    first = sold(desk, 1_000_00)
    payments.receive(desk.office, "C1", bank(1_250_00), prepay=True)
    assert (desk.open(first), credit(desk)) == (0, 250_00)
    treasury.party_money(desk.office, BACK, "C1", bank(50_00))
    second = sold(desk, 120_00)
    payments.settle(desk.office, "C1")
    assert (desk.open(second), credit(desk)) == (0, 80_00)
    payments.receive(desk.office, "C2", bank(70_00), prepay=True)
    treasury.party_money(desk.office, BACK, "C2", bank(70_00))
    assert (desk.owes("C1"), desk.owes("C2")) == (-80_00, 0)
    assert desk.is_whole()


def test_credit_in_parts_and_money_without_an_item_pay_together(desk: Desk) -> None:
    first = sold(desk, 1_000_00)
    payments.receive(desk.office, "C1", bank(1_100_00), prepay=True)
    for _ in range(2):
        credited(desk, first, 100_00)
    assert credit(desk) == 300_00
    second = sold(desk, 250_00)
    made = payments.settle(desk.office, "C1").document
    assert isinstance(made, Settlement)
    assert (made.total, [one.amount for one in made.credits]) == (250_00, [200_00])
    assert (desk.open(first), desk.open(second), credit(desk)) == (0, 0, 50_00)
    assert desk.is_whole()


def test_credit_of_one_business_pays_the_invoice_of_another(desk: Desk) -> None:
    """Each business's receivable is what its invoices and its credits come to; one owes the other."""
    beyond(desk)
    second = sold(desk, 400_00, occasion=PostingDetails(business="WATER"))
    with refused("money-in-other-business"):
        payments.settle(desk.office, "C1", occasion=PostingDetails(business="WATER"))
    payments.settle(desk.office, "C1", [InvoiceChoice(second.document_id, 300_00)])
    assert (desk.account("1300"), desk.account("1300", 2)) == (0, 100_00)
    assert desk.account("1900") == -desk.account("1900", 2) == -300_00
    treasury.transfer(desk.office, "bank", "bank", 300_00, to_business="WATER")
    assert (desk.account("1900"), desk.account("1900", 2)) == (0, 0)
    assert desk.is_whole()


def test_credit_of_one_business_is_paid_out_by_another(desk: Desk) -> None:
    first = sold(desk, 1_000_00, occasion=PostingDetails(business="WATER"))
    payments.receive(desk.office, "C1", bank(1_000_00), occasion=PostingDetails(business="WATER"))
    credited(desk, first, 400_00)
    treasury.party_money(desk.office, BACK, "C1", bank(400_00))
    assert (desk.account("1300"), desk.account("1300", 2), desk.open(first)) == (0, 0, 0)
    assert desk.is_whole()


def test_a_void_after_the_credit_was_used_opens_the_invoice_again(desk: Desk) -> None:
    first, note = beyond(desk)
    second = sold(desk, 400_00)
    used = payments.settle(desk.office, "C1")
    voids.void(desk.office, note.document_id, "by mistake")
    # 1,000.00 less 800.00 paid and 300.00 that went to the second.
    assert (desk.open(first), desk.open(second), desk.owes("C1")) == (500_00, 100_00, 600_00)
    assert credit(desk) == 0
    voids.void(desk.office, used.document_id, "by mistake")
    assert (desk.open(first), desk.open(second), desk.owes("C1")) == (200_00, 400_00, 600_00)
    assert desk.is_whole()


def test_a_payment_is_not_voided_after_what_no_invoice_took_was_used(desk: Desk) -> None:
    paid = payments.receive(desk.office, "C1", bank(300_00), prepay=True)
    sold(desk, 200_00)
    used = payments.settle(desk.office, "C1")
    owner = desk.as_("OWNER")
    with refused("money-used-since"):
        voids.void(owner, paid.document_id, "bounced")
    voids.void(owner, used.document_id, "bounced")
    voids.void(owner, paid.document_id, "bounced")
    assert (desk.owes("C1"), credit(desk)) == (200_00, 0)
    more = payments.receive(desk.office, "C1", bank(500_00), prepay=True)
    back = treasury.party_money(desk.office, BACK, "C1", bank(300_00))
    with refused("money-used-since"):
        voids.void(owner, more.document_id, "bounced")
    voids.void(owner, back.document_id, "by mistake")
    voids.void(owner, more.document_id, "bounced")
    assert desk.owes("C1") == 200_00
    assert desk.is_whole()


def test_a_deposit_that_settled_is_not_voided(desk: Desk) -> None:
    came = treasury.party_money(desk.office, PartyReason.CUSTOMER_DEPOSIT, "C1", bank(300_00))
    sold(desk, 200_00)
    payments.settle(desk.office, "C1", from_deposit=True)
    with refused("money-used-since"):
        voids.void(desk.office, came.document_id, "bounced")
    assert desk.is_whole()


def test_credit_in_dollars_is_worth_what_its_invoice_was(desk: Desk) -> None:
    office, dollars = desk.office, PostingDetails(currency="USD")
    first = sold(desk, 100_00, occasion=dollars)
    payments.receive(office, "C1", bank(80_00), [InvoiceChoice(first.document_id, 80_00)], dollars)
    credited(desk, first, 50_00)
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 131_500_000, 20261119)
    second = sold(desk, 10_00, occasion=dollars)
    payments.settle(office, "C1", occasion=dollars)
    # 10.00 that came at 129.50 pay an invoice of 131.50.
    assert (desk.open(first), desk.open(second), desk.base("6950")) == (-20_00, 0, 20_00)
    treasury.party_money(office, BACK, "C1", bank(20_00), dollars)
    assert (desk.open(first), desk.owes("C1", currency="USD")) == (0, 0)
    assert (desk.base("1300"), desk.base("6950")) == (0, 60_00)
    assert desk.is_whole()


def test_a_prepayment_in_dollars_comes_back_at_what_it_was_paid_at(desk: Desk) -> None:
    office, dollars = desk.office, PostingDetails(currency="USD")
    payments.pay_vendor(office, "V1", bank(100_00), occasion=dollars, prepay=True)
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 131_500_000, 20261119)
    treasury.party_money(office, VENDOR_BACK, "V1", bank(100_00), dollars)
    assert (desk.owes("V1", PartyRole.VENDOR, "USD"), desk.base("2110"), desk.base("6950")) == (0, 0, -200_00)
    assert desk.is_whole()


def test_a_void_gives_a_credit_back(desk: Desk) -> None:
    first, _note = beyond(desk)
    desk.fill_safe(300_00)
    paid = treasury.party_money(desk.office, BACK, "C1", cash(300_00))
    voids.void(desk.office, paid.document_id, "was not there")
    assert (desk.open(first), credit(desk), desk.account("1150")) == (-300_00, 300_00, 300_00)
    assert desk.is_whole()


def test_what_explains_a_party_says_their_credit(desk: Desk) -> None:
    first, _note = beyond(desk)
    sold(desk, 400_00, occasion=on(20261119))
    opened = Opened(HomeKind.CENTRAL, desk.database, desk.office.organisation, SERVER_TERMINAL_NO, desk.clock)
    assert explain.explain(opened, "customer", "C1").values["credit"] == "300.00"
    answer = explain.explain(opened, "invoice", first.number)
    assert (answer.values["balance"], answer.values["credit"]) == ("-300.00", "300.00")
    assert any("Credit that is not used 300.00" in line for line in answer.lines)
