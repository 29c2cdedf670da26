"""Purchases in the office: order, receipt in parts, bill, landed cost, vendor payment, in two currencies."""

from pos_app.ledger.document import Bill, LandedCost
from pos_app.ledger.line import PartyRole
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import bills, drafts, payments, purchasing, voids
from pos_app.office.bills import Cost, ForReceipt
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.purchasing import Bought, Came
from pos_app.store.tables.projections import STOCK_LEVEL, STOCK_VALUE
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank, on


def test_an_order_comes_in_parts_and_is_billed(desk: Desk) -> None:
    office, store = desk.office, desk.as_("MGR")
    order = purchasing.order(
        office, "V1", [Bought("GAS", 10 * ONE, 1_500_00), Bought("HOSE", 4 * ONE, 300_00)]
    )
    first = purchasing.receive(store, order.document_id, [Came("gas", 4 * ONE)])
    with refused("more-came-than-ordered"):
        purchasing.receive(store, order.document_id, [Came("GAS", 7 * ONE)])
    with refused("not-ordered"):
        purchasing.receive(store, order.document_id, [Came("REFILL", ONE)])
    second = purchasing.receive(store, order.document_id)
    with refused("order-came-already"):
        purchasing.receive(store, order.document_id)
    assert desk.account("2130") == -(15_000_00 + 1_200_00)
    bill = bills.bill_for_receipt(
        office, first.document_id, terms=Terms(reference="INV 7"), how=ForReceipt({0: 1_600_00}, "A")
    )
    document = bill.document
    assert isinstance(document, Bill)
    assert (document.subtotal, document.tax_total, document.total) == (6_400_00, 1_024_00, 7_424_00)
    assert document.due_on == 20261220
    assert desk.account("5900") == 400_00
    assert desk.account("2210") == 1_024_00
    with refused("receipt-billed-already"):
        bills.bill_for_receipt(office, first.document_id)
    bills.bill_for_receipt(office, second.document_id)
    assert desk.account("2130") == 0
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=1) == {
        "quantity": 10 * ONE,
        "value": 15_000_00,
    }
    payments.pay_vendor(office, "V1", bank(7_424_00, "T1"), [InvoiceChoice(bill.document_id)])
    assert (desk.open(bill), desk.owes("V1", PartyRole.VENDOR)) == (0, -(9_000_00 + 1_200_00))
    with refused("paid-more-than-all-open"):
        payments.pay_vendor(office, "V1", bank(20_000_00))
    assert desk.is_whole()


def test_goods_in_dollars_at_three_rates(desk: Desk) -> None:
    """Ordered, received at 129.50, billed at 130, paid at 131: what the currency did is no cost of goods."""
    office = desk.office
    dollars = {"currency": "USD"}
    order = purchasing.order(office, "V1", [Bought("GAS", 10 * ONE, 12_00)], on(20261102, **dollars))
    receipt = purchasing.receive(desk.as_("MGR"), order.document_id, occasion=on(20261103))
    bill = bills.bill_for_receipt(office, receipt.document_id, on(20261104, rate_micro=130_000_000))
    assert desk.base("2130") == 0
    assert desk.base("1210") == 120_00 * 12950 // 100
    assert desk.base("6950") == 60_00
    payments.pay_vendor(office, "V1", bank(120_00), None, on(20261105, rate_micro=131_000_000, **dollars))
    assert (desk.open(bill), desk.base("2110"), desk.base("6950")) == (0, 0, 180_00)
    assert desk.account("1170", currency="USD") == -120_00
    assert desk.is_whole()


def test_a_bill_in_another_currency_than_its_receipt(desk: Desk) -> None:
    office = desk.office
    receipt = purchasing.receive_without_order(desk.as_("MGR"), "V1", [Bought("HOSE", 2 * ONE, 259_00)])
    bill = bills.bill_for_receipt(office, receipt.document_id, PostingDetails(currency="USD"))
    assert isinstance(bill.document, Bill)
    assert bill.document.total == 4_00
    assert (desk.base("2130"), desk.account("2130"), desk.base("5900")) == (0, -518_00, 0)
    assert desk.is_whole()


def test_freight_raises_the_value_and_its_own_bill_clears_it(desk: Desk) -> None:
    office = desk.office
    goods = [Bought("GAS", 2 * ONE, 1_500_00), Bought("HOSE", 5 * ONE, 200_00)]
    receipt = purchasing.receive_without_order(desk.as_("MGR"), "V1", goods, to="WEST")
    made = purchasing.landed_cost(office, receipt.document_id, 400_00, "Lorry")
    assert isinstance(made.document, LandedCost)
    assert [line.value for line in made.document.lines] == [300_00, 100_00]
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=1)["value"] == 3_300_00
    bills.bill(office, "C2", [Cost("Lorry", 400_00, "2140")])
    assert desk.account("2140") == 0
    with refused("no-such-document"):
        purchasing.landed_cost(office, made.document_id, 400_00, "Lorry")
    with refused("amount-out-of-range"):
        purchasing.landed_cost(office, receipt.document_id, 0, "Lorry")
    assert desk.is_whole()


def test_a_bill_of_expenses_and_goods_and_what_the_vendor_takes_back(desk: Desk) -> None:
    office = desk.office
    one = bills.draft(office, "V1", [Cost("Rent", 116_00, "6100", "A")], terms=Terms(terms_days=5))
    bills.draft(
        office,
        "V1",
        [Cost("Rent", 116_00, "6100", "A"), Cost("", 50_00, quantity=2 * ONE, sku="HOSE")],
        terms=Terms(terms_days=5, reference="77"),
        replaces=one.request_id[:8],
    )
    bill = drafts.post(office, one.request_id)
    assert desk.open(bill) == 216_00
    assert desk.balance(STOCK_LEVEL, location_id=1, product_id=2)["quantity"] == 2 * ONE
    back = bills.credit(
        office, bill.document_id, "one leaked", [Cost("", 50_00, quantity=ONE, sku="HOSE")], reference="K1"
    )
    assert (back.number, desk.open(bill)) == ("M1000000-W000001", 166_00)
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=2) == {"quantity": ONE, "value": 50_00}
    with refused("credit-more-than-document"):
        bills.credit(office, bill.document_id, "all", [Cost("Rent", 200_00, "6100")])
    with refused("paid-or-credited-already"):
        voids.void(office, bill.document_id, "twice")
    voids.void(office, back.document_id, "they did not")
    voids.void(office, bill.document_id, "twice")
    assert desk.owes("V1", PartyRole.VENDOR) == 0
    assert desk.is_whole()


def test_bad_purchases_are_refused(desk: Desk) -> None:
    office = desk.office
    with refused("no-lines-in"):
        purchasing.order(office, "V1", [])
    with refused("party-not-in-role-office"):
        purchasing.order(office, "C1", [Bought("GAS", ONE, 1_00)])
    with refused("bought-quantity-negative"):
        purchasing.order(office, "V1", [Bought("GAS", -ONE, 1_00)])
    with refused("year-of-date-implausible"):
        purchasing.order(office, "V1", [Bought("GAS", ONE, 1_00)], expected_on=20990101)
    with refused("beyond-rights"):
        purchasing.receive_without_order(office, "V1", [Bought("GAS", ONE, 1_00)])
    for account, code in (
        ("", "bill-line-without-account"),
        ("1210", "not-an-account-to-buy-on"),
        ("1220", "account-of-other-business"),
        ("9999", "account-unknown"),
    ):
        with refused(code):
            bills.bill(office, "V1", [Cost("Rent", 10_00, account)])
    with refused("not-stock-to-bill"):
        bills.bill(office, "V1", [Cost("", 10_00, sku="SERVICE")])
    with refused("line-undescribed"):
        bills.bill(office, "V1", [Cost(" ", 10_00, "6100")])
    with refused("tax-code-unknown"):
        bills.bill(office, "V1", [Cost("Rent", 10_00, "6100", "Q")])
    with refused("tax-code-no-sale"):
        bills.bill(office, "V1", [Cost("Rent", 10_00, "6100", "deposit")])
    assert desk.documents() == []


def test_a_service_does_not_come_to_stock(desk: Desk) -> None:
    office, store = desk.office, desk.as_("MGR")
    order = purchasing.order(office, "V1", [Bought("SERVICE", ONE, 10_00)])
    with refused("service-not-received"):
        purchasing.receive(store, order.document_id)
    with refused("service-not-received"):
        purchasing.receive_without_order(store, "V1", [Bought("SERVICE", ONE, 10_00)])
