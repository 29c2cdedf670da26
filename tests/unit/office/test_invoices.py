"""Invoices in the office: drafted, changed, posted once, credited, written off; money goes to them."""

import pytest
from sqlalchemy import text

from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.pricing.rules import OfferKind
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import drafts, invoicing, payments, voids
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.masters import businesses, exchange_rates, promotions
from pos_app.office.masters.promotions import Of, Off, Said
from pos_app.store.master import rates
from pos_app.store.tables import master
from pos_app.store.tables.projections import STOCK_LEVEL
from tests.support.refused import refused
from tests.support.worlds.office_fixture import DOLLAR, ONE, Desk, bank, cash, on


def test_an_invoice_is_drafted_changed_and_posted_once(desk: Desk) -> None:
    office = desk.office
    one = invoicing.draft(office, "C1", [Goods("GAS", 2 * ONE)])
    assert one.totals == (4_000_00, 640_00, 4_640_00)
    assert desk.documents() == []
    changed = invoicing.draft(
        office,
        "C1",
        [Goods("GAS", 2 * ONE), Goods("SERVICE", 500)],
        terms=Terms(terms_days=10, reference="LPO 7"),
        replaces=one.request_id[:8],
    )
    assert changed.request_id == one.request_id
    assert changed.totals.total == 4_640_00 + 580_00
    made = drafts.post(office, one.request_id)
    document = made.document
    assert isinstance(document, Invoice)
    assert (made.number, document.due_on, document.reference) == ("M1000000-I000001", 20261130, "LPO 7")
    assert drafts.post(office, one.request_id).document_id == made.document_id
    assert desk.open(made) == desk.owes("C1") == 5_220_00
    assert desk.balance(STOCK_LEVEL, location_id=1, product_id=1)["quantity"] == -2 * ONE
    assert desk.documents() == ["invoice"]
    assert desk.is_whole()


def test_promotions_take_off_an_invoice_what_they_take_off_at_a_till(desk: Desk) -> None:
    """Two for one of hoses and ten per cent off gas: off what nobody said the price of, and with its name."""
    office, owner = desk.office, desk.as_("OWNER")
    promotions.add(owner, "HOSES", Said("Two for one", Off(OfferKind.N_FOR_M, take=2, pay=1), [Of("HOSE")]))
    promotions.add(owner, "GAS10", Said("Gas week", Off(OfferKind.PERCENT, percent_bp=10_00), [Of("GAS")]))
    goods = [Goods("HOSE", 3 * ONE), Goods("GAS", ONE), Goods("SERVICE", ONE)]
    document = invoicing.invoice(office, "C1", goods).document
    assert isinstance(document, Invoice)
    assert [(one.discount, one.promotion, one.price_approver_id) for one in document.lines] == [
        (580_00, "Two for one", None),
        (232_00, "Gas week", None),
        (0, "", None),
    ]
    assert document.total == 2 * 580_00 + 2_088_00 + 1_160_00
    # Who says a price, a discount or another tax says all of it.
    for said in (Goods("GAS", ONE, 2_400_00), Goods("GAS", ONE, tax_code="E")):
        line = invoicing.draft(office, "C1", [said]).lines[0]
        assert (line.promotion_id, line.discount) == (None, 0), said
    with refused("person-may-not-here"):
        invoicing.invoice(office, "C1", [Goods("GAS", ONE, discount=1_00)])
    # A draft keeps what it was promised; drafted anew when it is over, the list holds.
    draft = invoicing.draft(office, "C1", [Goods("GAS", ONE)])
    promotions.archive(owner, "GAS10")
    assert invoicing.draft(office, "C1", [Goods("GAS", ONE)]).totals.total == 2_320_00
    posted = drafts.post(office, draft.request_id).document
    assert isinstance(posted, Invoice)
    assert (posted.total, posted.lines[0].promotion) == (2_088_00, "Gas week")
    assert desk.is_whole()


def test_payments_go_to_what_is_due_first(desk: Desk) -> None:
    office = desk.office
    late = invoicing.invoice(office, "C1", [Goods("HOSE", ONE)], on(20261101))
    early = invoicing.invoice(office, "C1", [Goods("HOSE", ONE)], terms=Terms(due_on=20261125))
    payments.receive(office, "C1", cash(700_00))
    assert (desk.open(early), desk.open(late)) == (0, 460_00)
    with refused("paid-more-than-all-open"):
        payments.receive(office, "C1", cash(500_00))
    payments.receive(office, "C1", bank(500_00), [InvoiceChoice(late.document_id, 400_00)], prepay=True)
    assert desk.open(late) == 60_00
    payments.settle(office, "C1", [InvoiceChoice(late.document_id)])
    assert (desk.open(late), desk.owes("C1")) == (0, -40_00)
    with refused("nothing-open-of-in"):
        payments.settle(office, "C1")
    assert desk.is_whole()


def test_money_goes_to_no_strangers_invoice(desk: Desk) -> None:
    office = desk.office
    theirs = invoicing.invoice(office, "C2", [Goods("HOSE", ONE)])
    ours = invoicing.invoice(office, "C1", [Goods("HOSE", ONE)])
    dollars = invoicing.invoice(office, "C1", [Goods("HOSE", ONE, 10_00)], PostingDetails(currency="USD"))
    before = desk.documents()
    for wanted, code in (
        (InvoiceChoice(theirs.document_id, 10_00), "invoice-of-other-party"),
        (InvoiceChoice(dollars.document_id, 1_00), "invoice-in-other-currency"),
        (InvoiceChoice(ours.document_id, 580_01), "paid-more-than-open"),
        (InvoiceChoice(ours.document_id, 0), "paid-of-invoice-not-positive"),
        (InvoiceChoice(99, 10_00), "not-an-invoice-or-bill"),
    ):
        with refused(code):
            payments.receive(office, "C1", cash(580_00), [wanted])
    assert desk.documents() == before


def test_a_credit_note_brings_goods_back_or_lowers_the_price(desk: Desk) -> None:
    office = desk.office
    made = invoicing.invoice(office, "C1", [Goods("GAS", 3 * ONE), Goods("HOSE", 2_500)])
    back = invoicing.credit(office, made.document_id, "dented", [Credited(0, ONE)], restock="MAIN")
    assert isinstance(back.document, CreditNote)
    assert desk.open(made) == 2 * 2_320_00 + 1_450_00
    assert desk.balance(STOCK_LEVEL, location_id=1, product_id=1)["quantity"] == -2 * ONE
    cheaper = invoicing.credit(office, made.document_id, "price agreed", [Credited(1, 1_000, 80_00)])
    assert desk.open(made) == 2 * 2_320_00 + 1_450_00 - 80_00
    with refused("taken-more-than-left"):
        invoicing.credit(office, made.document_id, "all", [Credited(0, 3 * ONE)])
    with refused("reason-missing"):
        invoicing.credit(office, made.document_id, " ", [Credited(0, ONE)])
    with refused("credit-more-than-document"):
        invoicing.credit(office, made.document_id, "rest")
    voids.void(desk.as_("OWNER"), cheaper.document_id, "wrong")
    invoicing.credit(office, made.document_id, "rest")
    assert (desk.open(made), desk.owes("C1")) == (0, 0)
    with refused("invoice-credited-already"):
        invoicing.credit(office, made.document_id, "again")
    assert desk.is_whole()


def test_an_invoice_in_dollars_is_paid_in_shillings(desk: Desk) -> None:
    from pos_app.ledger.line import TenderKind
    from pos_app.ledger.making.tenders import TenderInput

    office = desk.office
    made = invoicing.invoice(office, "C1", [Goods("GAS", ONE, 20_00)], on(20261102, currency="USD"))
    assert desk.base("1300") == 20 * DOLLAR // 10_000
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 130_000_000, 20261120)
    paid = [TenderInput(TenderKind.BANK, 2_600_00, "B1", "KES", settles=20_00)]
    payments.receive(office, "C1", paid, occasion=PostingDetails(currency="USD"))
    assert desk.open(made) == 0
    assert desk.base("1300") == 0
    assert desk.account("1170") == 2_600_00
    assert desk.base("6950") == -(2_600_00 - 2_590_00)
    assert desk.is_whole()


def test_what_is_never_paid_is_written_off(desk: Desk) -> None:
    office = desk.office
    first = invoicing.invoice(office, "C1", [Goods("HOSE", ONE)])
    invoicing.invoice(office, "C1", [Goods("REFILL", ONE)], PostingDetails(business="WATER"))
    with refused("reason-missing"):
        invoicing.write_off(office, "C1", "")
    invoicing.write_off(office, "C1", "moved away", [InvoiceChoice(first.document_id, 80_00)])
    assert (desk.open(first), desk.account("6300")) == (500_00, 80_00)
    invoicing.write_off(office, "C1", "moved away")
    assert (desk.owes("C1"), desk.account("6300"), desk.account("6300", 2)) == (0, 580_00, 100_00)
    with refused("nothing-open-in"):
        invoicing.write_off(office, "C1", "moved away")
    assert desk.is_whole()


def test_bad_invoices_are_refused_whole(desk: Desk) -> None:
    office = desk.office
    for goods, occasion, code in (
        ([], PostingDetails(), "draft-without-lines"),
        ([Goods("NONE", ONE)], PostingDetails(), "product-unknown"),
        ([Goods("GAS", ONE)], on(19700101), "year-of-date-implausible"),
        ([Goods("GAS", ONE)], on(20990101), "year-of-date-implausible"),
        ([Goods("GAS", ONE)], on(20261231), "dated-after-recorded"),
        ([Goods("GAS", ONE, 10_00)], PostingDetails(currency="USD", rate_micro=0), "rate-not-positive"),
        ([Goods("GAS", ONE, 10_00)], PostingDetails(currency="USD", rate_micro=10**15), "rate-implausible"),
        ([Goods("GAS", ONE, 10_00)], PostingDetails(currency="EUR"), "rate-not-set"),
        ([Goods("GAS", ONE)], PostingDetails(currency="USD"), "price-not-in-currency"),
        ([Goods("GAS", ONE, 10_00)], PostingDetails(currency="dollars"), "not-a-currency-code"),
        ([Goods("GAS", ONE)], PostingDetails(business="CAR"), "business-unknown-of"),
        ([Goods("GAS", ONE)], PostingDetails(depot="EAST"), "depot-unknown"),
    ):
        with refused(code):
            invoicing.invoice(office, "C1", goods, occasion)
    for customer, code in (("V1", "party-not-in-role-office"), ("NOBODY", "party-unknown")):
        with refused(code):
            invoicing.invoice(office, customer, [Goods("GAS", ONE)])
    with refused("person-may-not-here"):
        invoicing.invoice(desk.as_("AUD"), "C1", [Goods("GAS", ONE)])
    assert desk.documents() == []


def test_one_request_is_one_document(desk: Desk) -> None:
    request = "a" * 32
    for _ in range(2):
        invoicing.invoice(desk.office, "C1", [Goods("GAS", ONE)], PostingDetails(request_id=request))
        payments.receive(desk.office, "C1", cash(50_00), occasion=PostingDetails(request_id="b" * 32))
    assert desk.documents() == ["invoice", "payment"]


def test_a_draft_is_found_redated_and_given_up(desk: Desk) -> None:
    office = desk.office
    one = invoicing.draft(office, "C1", [Goods("GAS", ONE)])
    moved = drafts.redate(office, one.request_id[:6], on=20261118, terms=Terms(due_on=20261130))
    assert (moved.dated_on, moved.due_on, moved.totals) == (20261118, 20261130, one.totals)
    with refused("year-of-date-implausible"):
        drafts.redate(office, one.request_id, on=20990101)
    drafts.give_up(office, one.request_id)
    with refused("draft-unknown"):
        drafts.give_up(office, one.request_id)
    with refused("draft-gone"):
        drafts.post(office, one.request_id)


def test_an_invoice_that_cannot_be_posted_leaves_no_draft(desk: Desk) -> None:
    from pos_app.store.journal import invoice_drafts

    with refused("dated-after-recorded"):
        invoicing.invoice(desk.office, "C1", [Goods("GAS", ONE)], on(20261205))
    with desk.office.read() as books:
        assert invoice_drafts.waiting(books.connection, desk.org_id) == []


def test_a_discounted_line_is_credited_piece_by_piece(desk: Desk) -> None:
    """Three pieces at 10.00 less 1.00: the parts add up to 29.00, and the last is not refused."""
    office = desk.as_("OWNER")
    made = invoicing.invoice(office, "C1", [Goods("REFILL", 3 * ONE, 10_00, 1_00)])
    notes = [
        invoicing.credit(office, made.document_id, "leaks", [Credited(0, ONE)]).document for _ in range(3)
    ]
    assert [one.total for one in notes if isinstance(one, CreditNote)] == [9_67, 9_66, 9_67]
    assert desk.open(made) == desk.owes("C1") == 0
    with refused("invoice-credited-already"):
        invoicing.credit(office, made.document_id, "again")
    assert desk.is_whole()


@pytest.mark.parametrize(
    ("price", "pieces", "discount"), [(100_00, 2, 1), (333_33, 3, 1_00), (23_90, 10, 59_75), (250_03, 10, 0)]
)
def test_credits_in_parts_leave_nothing_open_and_no_tax(
    desk: Desk, price: int, pieces: int, discount: int
) -> None:
    office = desk.as_("OWNER")
    goods = [Goods("GAS", pieces * ONE, price, discount)]
    made = invoicing.invoice(office, "C1", goods)
    voided = invoicing.credit(office, made.document_id, "by mistake", [Credited(0, ONE)])
    invoicing.credit(office, made.document_id, "leaks", [Credited(0, ONE)])
    voids.void(office, voided.document_id, "by mistake")
    for _ in range(pieces - 1):
        invoicing.credit(office, made.document_id, "leaks", [Credited(0, ONE)])
    assert (desk.open(made), desk.account("2200"), desk.account("4100")) == (0, 0, 0)
    assert desk.is_whole()


# --- who may sell cheaper -------------------------------------------------------------------------------


CHEAPER = [
    (Goods("GAS", ONE, 2_319_99), PostingDetails()),
    (Goods("GAS", 50 * ONE, 2_220_00), PostingDetails()),
    (Goods("GAS", ONE, None, 1), PostingDetails()),
    # Dearer, and then more off than that.
    (Goods("GAS", ONE, 2_420_00, 100_01), PostingDetails()),
    # Goods that come back for more than they cost.
    (Goods("GAS", -ONE, 2_500_00), PostingDetails()),
    # 17.91 dollars are 2,320.00 and a bit at the day's rate, whatever rate was typed.
    (Goods("GAS", ONE, 17_90), PostingDetails(currency="USD")),
    (Goods("GAS", ONE, 17_90), PostingDetails(currency="USD", rate_micro=2 * DOLLAR)),
]


@pytest.mark.parametrize(("goods", "occasion"), CHEAPER)
def test_a_lower_price_typed_in_the_office_needs_the_right_to_it(
    desk: Desk, goods: Goods, occasion: PostingDetails
) -> None:
    lines = [goods] if goods.quantity > 0 else [Goods("GAS", 3 * ONE), goods]
    for act in (invoicing.draft, invoicing.invoice):
        with refused("person-may-not-here"):
            act(desk.office, "C2", lines, occasion)
    assert desk.documents() == []
    made = invoicing.invoice(desk.as_("OWNER"), "C2", lines, occasion).document
    assert isinstance(made, Invoice)
    owner = desk.as_("OWNER").person.person_id
    assert [line.price_approver_id for line in made.lines][-1] == owner
    assert made.lines[-1].list_price == (None if goods.unit_price is None else LISTED[occasion.currency])
    assert desk.is_whole()


LISTED = {"": 2_320_00, "USD": 17_91}


def test_the_list_price_and_a_higher_one_need_no_right(desk: Desk) -> None:
    for price in (None, 2_320_00, 2_320_01):
        made = invoicing.invoice(desk.office, "C2", [Goods("GAS", ONE, price)]).document
        assert isinstance(made, Invoice)
        assert (made.lines[0].list_price, made.lines[0].price_approver_id) == (None, None)


def test_a_tax_said_to_be_in_the_price_makes_it_no_cheaper(desk: Desk) -> None:
    with desk.database.write() as connection:
        codes = {"org_id": desk.org_id, "code": "TOP", "name": "VAT on top"}
        connection.execute(master.tax_code.insert().values(**codes, treatment="exclusive"))
        connection.execute(text("UPDATE product SET tax_code = 'TOP' WHERE sku = 'GAS'"))
        rates.put_tax_rate(connection, desk.org_id, "TOP", 20260101, 1600)
    with refused("person-may-not-here"):
        invoicing.draft(desk.office, "C2", [Goods("GAS", ONE, 2_320_00, tax_code="A")])
    invoicing.draft(desk.office, "C2", [Goods("GAS", ONE, 2_691_20, tax_code="A")])


def test_a_draft_of_who_may_is_posted_by_another_in_their_name(desk: Desk) -> None:
    """The manager allowed these lines; changed by who may not, they are nobody's."""
    one = invoicing.draft(desk.as_("MGR"), "C2", [Goods("GAS", ONE, 2_000_00)])
    again = invoicing.draft(
        desk.as_("MGR"), "C2", [Goods("GAS", ONE, 2_000_00)], PostingDetails(request_id="ab" * 16)
    )
    with refused("person-may-not-here"):
        invoicing.draft(desk.office, "C2", [Goods("GAS", 2 * ONE, 2_000_00)], replaces=one.request_id)
    drafts.redate(desk.office, one.request_id, on=20261110)
    made = drafts.post(desk.office, one.request_id).document
    assert isinstance(made, Invoice)
    assert made.lines[0].price_approver_id == desk.as_("MGR").person.person_id
    with desk.database.write() as connection:
        connection.execute(
            text("UPDATE role_permission SET valid_to_us = 1 WHERE role = 'manager' AND permission = 'price'")
        )
    with refused("neither-may"):
        drafts.post(desk.office, again.request_id)


# --- one place, one money -------------------------------------------------------------------------------


def mpesa(amount: int, code: str, account: str = "") -> list[TenderInput]:
    return [TenderInput(TenderKind.MPESA, amount, code, account=account)]


def test_mpesa_lies_with_the_business_whose_invoice_it_pays(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    businesses.edit_business(owner, "WATER", {"mpesa_till": "522533"})
    for _ in range(3):
        invoicing.invoice(desk.office, "C1", [Goods("REFILL", ONE)], PostingDetails(business="WATER"))
    payments.receive(desk.office, "C1", mpesa(100_00, "QOFFICE001"))
    assert (desk.account("1141", 2), desk.account("1140")) == (100_00, 0)
    # It came to another number: the person says which, by the account or by the business.
    payments.receive(desk.office, "C1", mpesa(100_00, "QOFFICE002", "1142"))
    assert desk.account("1142", 3) == 100_00
    payments.receive(desk.office, "C1", mpesa(100_00, "QOFFICE003"), None, PostingDetails(business="MAIN"))
    # What the one collected for the other stands between them.
    assert (desk.account("1140"), desk.account("1900"), desk.owes("C1")) == (100_00, -100_00, 0)
    assert desk.is_whole()
