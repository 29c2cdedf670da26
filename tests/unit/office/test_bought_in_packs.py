"""Goods bought by the case: whole cases come to exactly what they cost, pieces to their part."""

from fractions import Fraction

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.document import Bill, GoodsReceipt, PurchaseOrder
from pos_app.ledger.making import purchasing as making
from pos_app.ledger.pack import Packed
from pos_app.ledger.rules.purchasing import check_purchase_order
from pos_app.office import bills, purchasing
from pos_app.office.bills import Cost, ForReceipt
from pos_app.office.masters import packs
from pos_app.office.masters.packs import Said
from pos_app.office.purchasing import Bought, Came
from pos_app.store.tables.projections import STOCK_VALUE
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk

CASE = Packed(unit="CS", word="cs", size=12 * ONE)


@given(
    size=st.integers(2, 400),
    cost=st.integers(0, 10**9),
    count=st.integers(1, 5_000),
    part=st.integers(1, 399),
)
def test_whole_packs_come_to_exactly_their_cost_and_parts_to_the_nearest_unit(
    size: int, cost: int, count: int, part: int
) -> None:
    pack = Packed(unit="CS", word="cs", size=size * ONE)
    line = making.order_line(_Soap(), count * size * ONE, cost, pack)
    assert line.net == count * cost
    assert line.packs == count * ONE
    parts = part * ONE
    assert abs(Fraction(line.comes_to(parts)) - Fraction(cost * part, size)) <= Fraction(1, 2)
    # A case that comes in two lorries is a case: at most a unit is between them, never a whole piece.
    rest = line.comes_to(line.quantity - parts) if parts < line.quantity else 0
    assert parts >= line.quantity or abs(line.comes_to(parts) + rest - line.net) <= 1


class _Soap:
    """As much of a product as a line asks."""

    product_id, sku, name, unit, business_id, stocked = 1, "SOAP", "Soap", "pc", 1, True


def test_a_line_in_packs_that_no_office_makes_is_refused(desk: Desk) -> None:
    _packed(desk)
    made = purchasing.order(desk.office, "V1", [Bought("HOSE", "2cs", 250_00)])
    document = made.document
    assert isinstance(document, PurchaseOrder)
    line = document.lines[0]
    for changed, code in (
        ({"net": line.net + 1}, "line-amount-wrong"),
        ({"unit_cost": line.unit_cost + 1}, "line-amount-wrong"),
        ({"pack": None}, "pack-implausible"),
        ({"quantity": 23 * ONE}, "pack-implausible"),
        ({"pack": msgspec.structs.replace(CASE, size=0)}, "pack-implausible"),
        ({"pack": msgspec.structs.replace(CASE, word="")}, "pack-implausible"),
        ({"pack_cost": -1}, "amount-out-of-range"),
    ):
        forged = msgspec.structs.replace(line, **changed)
        with refused(code):
            check_purchase_order(msgspec.structs.replace(document, lines=(forged,)))


def test_cases_are_ordered_come_in_parts_and_are_billed_to_the_cent(desk: Desk) -> None:
    """Two cases of 12 at 250.00: one comes short by a piece, and the bill clears what was received."""
    _packed(desk)
    office, store = desk.office, desk.as_("MGR")
    order = purchasing.order(office, "V1", [Bought("HOSE", "2cs", 250_00), Bought("GAS", "2dz", 30_01)])
    document = order.document
    assert isinstance(document, PurchaseOrder)
    hose, gas = document.lines
    assert (hose.quantity, hose.net, hose.unit_cost, hose.pack_cost) == (24 * ONE, 500_00, 20_83, 250_00)
    assert (gas.quantity, gas.net, gas.pack) == (
        24 * ONE,
        60_02,
        Packed(unit="DZN", word="dz", size=12 * ONE),
    )
    # What a case is now does not change what was ordered.
    packs.edit(office, "HOSE", "cs", Said("6"))
    first = purchasing.receive(store, order.document_id, [Came("HOSE", "1cs"), Came("GAS", "1dz")])
    assert isinstance(first.document, GoodsReceipt)
    assert [(one.quantity, one.net) for one in first.document.lines] == [
        (12 * ONE, 250_00),
        (12 * ONE, 30_01),
    ]
    short = purchasing.receive(store, order.document_id, [Came("HOSE", 11 * ONE)])
    assert isinstance(short.document, GoodsReceipt)
    assert [(one.quantity, one.net) for one in short.document.lines] == [(11 * ONE, 229_17)]
    with refused("more-came-than-ordered"):
        purchasing.receive(store, order.document_id, [Came("HOSE", "1cs")])
    # By a receipt's own price there is no difference of price, whatever the decimals of a piece.
    for receipt in (first, short):
        made = bills.bill_for_receipt(office, receipt.document_id, how=ForReceipt(tax_code="A")).document
        assert isinstance(made, Bill)
    assert desk.account("5900") == 0
    assert desk.account("2130") == 0
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=2) == {
        "quantity": 23 * ONE, "value": 479_17,
    }  # fmt: skip
    assert desk.is_whole()


def test_a_case_on_a_bill_and_a_case_that_nobody_ordered(desk: Desk) -> None:
    _packed(desk)
    office = desk.office
    purchasing.receive_without_order(desk.as_("MGR"), "V1", [Bought("HOSE", "3cs", 100_00)])
    draft = bills.draft(office, "V1", [Cost("", 250_00, sku="HOSE", quantity="2cs", tax_code="A")])
    assert (draft.totals.total, draft.lines[0].extended) == (500_00, 500_00)
    bill = bills.bill(office, "V1", [Cost("", 250_00, sku="HOSE", quantity="2cs")]).document
    assert isinstance(bill, Bill)
    assert (bill.total, bill.lines[0].quantity) == (500_00, 24 * ONE)
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=2) == {
        "quantity": 60 * ONE, "value": 800_00,
    }  # fmt: skip


def test_what_cannot_be_bought_so_is_said(desk: Desk) -> None:
    _packed(desk)
    for quantity, code in (
        ("1.5cs", "pack-not-whole"),
        ("2kg", "unit-of-other-measure"),
        ("2ells", "unit-unknown"),
        ("-2cs", "bought-quantity-negative"),
        ("0cs", "quantity-zero-of"),
    ):
        with refused(code):
            purchasing.order(desk.office, "V1", [Bought("HOSE", quantity, 250_00)])
    with refused("unit-of-no-product"):
        bills.bill(desk.office, "V1", [Cost("Rent", 250_00, "6100", quantity="2cs")])


def _packed(desk: Desk) -> None:
    packs.add(desk.office, "HOSE", "cs", Said("12"))
