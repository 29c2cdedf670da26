"""What invoices, bills and their credits post, worked out by hand, line by line."""

from typing import Any

from pos_app.ledger.document import document_key
from pos_app.ledger.stock import location_of
from tests.support.documents import specimens
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    VENDOR,
    bill,
    bill_line,
    credit_note,
    foreign_tender,
    invoice,
    receipt_bill_line,
    returnable_line,
    vendor_credit,
)
from tests.support.documents.specimens import CUSTOMER, DRAWER, LOCATION, Item, refund, sale
from tests.unit.ledger.posted import (
    CASH,
    CLEARING,
    DIFFERENCE,
    EXCHANGE,
    GRNI,
    INPUT_TAX,
    INVENTORY,
    PAYABLE,
    RECEIVABLE,
    RENT,
    REVENUE,
    REVENUE_2,
    VARIANCE,
    VAT,
    costs,
    currencies,
    drawers,
    flat,
    items,
    lines,
    moves,
    parties,
    post,
)

PLACE: dict[str, Any] = {"terminal_no": 3, "seq": 8, "number": 1}
KEY = document_key(3, 8)


def test_an_invoice_is_owed_and_open() -> None:
    # Two cylinders at 1,160.00 with 16 % inside.
    posted = post(invoice(Item(116_000, 2000, product_id=9), **PLACE))
    assert flat(posted) == [(1, RECEIVABLE, 232_000), (1, REVENUE, -200_000), (1, VAT, -32_000)]
    assert parties(posted) == [("customer", CUSTOMER), None, None]
    assert drawers(posted) == [None, None, None]
    assert moves(posted) == [(LOCATION, 9, -2000)]
    assert items(posted) == [("customer", CUSTOMER, KEY, DUE, 232_000, 232_000)]
    assert costs(posted) == []


def test_an_invoice_of_two_businesses_is_owed_to_the_one_that_writes_it() -> None:
    posted = post(
        invoice(Item(11_600), Item(5_000, code="Z", business_id=2, stocked=False), **PLACE),
    )
    assert flat(posted) == [
        (1, RECEIVABLE, 16_600),
        (1, REVENUE, -10_000),
        (1, VAT, -1_600),
        (2, REVENUE_2, -5_000),
        (1, CLEARING, -5_000),
        (2, CLEARING, 5_000),
    ]
    assert moves(posted) == [(LOCATION, 1, -1000)]
    assert items(posted) == [("customer", CUSTOMER, KEY, DUE, 16_600, 16_600)]


def test_a_foreign_invoice_is_open_at_its_rate() -> None:
    # 10.01 dollars at 129.55: 1,296.7955 shillings; 5.01 and 5.00 of it are revenue of two businesses.
    posted = post(
        invoice(
            Item(501, code="Z"),
            Item(500, code="Z", business_id=2, stocked=False),
            currency="USD",
            rate_micro=DOLLAR,
            **PLACE,
        )
    )
    assert lines(posted) == [
        (1, RECEIVABLE, 1_001, 129_680),
        (1, REVENUE, -501, -64_905),
        (2, REVENUE_2, -500, -64_775),
        (1, CLEARING, -500, -64_775),
        (2, CLEARING, 500, 64_775),
    ]
    assert items(posted) == [("customer", CUSTOMER, KEY, DUE, 1_001, 129_680)]


def test_what_does_not_divide_is_rounded_so_that_the_clearing_account_stands_at_nothing() -> None:
    # Three businesses at a third of a unit each: 0.333 + 0.333 + 0.333 must not become a cent.
    posted = post(
        sale(
            Item(100, code="Z", business_id=1, stocked=False),
            Item(100, code="Z", business_id=2, stocked=False),
            Item(100, code="Z", business_id=3, stocked=False),
            rate_micro=335_000,
            currency="UGX",
        )
    )
    assert lines(posted) == [
        (1, REVENUE, -100, -34),
        (2, REVENUE_2, -100, -33),
        (3, "4300", -100, -34),
        (1, CASH, 300, 101),
        (1, CLEARING, -200, -67),
        (2, CLEARING, 100, 33),
        (3, CLEARING, 100, 34),
    ]


def test_returnables_move_between_depot_and_party() -> None:
    there = location_of(CUSTOMER)
    given, back = returnable_line(2_000), returnable_line(-1_000, product_id=6)
    both = [(LOCATION, 5, -2_000), (there, 5, 2_000), (LOCATION, 6, 1_000), (there, 6, -1_000)]
    one: dict[str, Any] = {"party_id": CUSTOMER, "returnables": (given, back)}
    assert moves(post(invoice(Item(100), **one))) == [(LOCATION, 1, -1_000), *both]
    assert moves(post(sale(Item(100), **one))) == [(LOCATION, 1, -1_000), *both]
    # They say themselves which way they go: a refund does not turn them round.
    assert moves(post(refund(Item(100), **one))) == [(LOCATION, 1, 1_000), *both]
    assert moves(post(credit_note(Item(100), **one))) == [(LOCATION, 1, 1_000), *both]


def test_the_cylinders_of_those_without_a_name_lie_in_one_place() -> None:
    posted = post(sale(Item(100, stocked=False), returnables=(returnable_line(1_000, None),)))
    assert moves(posted) == [(LOCATION, 5, -1_000), (1 << 40, 5, 1_000)]


def test_a_credit_note_takes_from_its_invoice() -> None:
    posted = post(credit_note(Item(116_000, product_id=9), invoice_id=KEY))
    assert flat(posted) == [(1, RECEIVABLE, -116_000), (1, REVENUE, 100_000), (1, VAT, 16_000)]
    assert parties(posted) == [("customer", CUSTOMER), None, None]
    assert moves(posted) == [(LOCATION, 9, 1_000)]
    assert items(posted) == [("customer", CUSTOMER, KEY, DUE, -116_000, -116_000)]


def test_a_price_credited_brings_no_goods_back() -> None:
    assert moves(post(credit_note(Item(116_000, stocked=False)))) == []


def test_a_credit_note_at_another_rate_leaves_the_difference() -> None:
    # 10.00 dollars: invoiced at 130, credited when the dollar is at 129.55.
    posted = post(
        credit_note(
            Item(1_000, code="Z"), invoice_id=KEY, currency="USD", rate_micro=DOLLAR, base_amount=130_000
        )
    )
    assert lines(posted) == [
        (1, RECEIVABLE, -1_000, -130_000),
        (1, REVENUE, 1_000, 129_550),
        (1, DIFFERENCE, 0, 450),
    ]
    assert items(posted) == [("customer", CUSTOMER, KEY, DUE, -1_000, -130_000)]


def test_a_credit_note_lowers_what_is_owed_where_it_was_invoiced() -> None:
    posted = post(
        credit_note(Item(1_000, code="Z", stocked=False), invoice_business_id=2, clearing_account=CLEARING)
    )
    assert flat(posted) == [
        (2, RECEIVABLE, -1_000),
        (1, REVENUE, 1_000),
        (2, CLEARING, 1_000),
        (1, CLEARING, -1_000),
    ]


def test_two_businesses_meet_without_the_documents_own() -> None:
    posted = post(
        credit_note(
            Item(1_000, code="Z", business_id=3, stocked=False),
            invoice_business_id=2,
            clearing_account=CLEARING,
        )
    )
    assert flat(posted) == [
        (2, RECEIVABLE, -1_000),
        (3, "4300", 1_000),
        (2, CLEARING, 1_000),
        (3, CLEARING, -1_000),
    ]


def test_a_foreign_tender_passes_over_the_exchange_account() -> None:
    # 20 dollars at 129 settle 2,500.00; they are worth 2,580.00, and 80.00 of that is a gain.
    posted = post(sale(Item(250_000, code="Z"), tenders=[foreign_tender(2_000, 250_000, 129_000_000)]))
    assert lines(posted) == [
        (1, REVENUE, -250_000, -250_000),
        (1, CASH, 2_000, 258_000),
        (1, EXCHANGE, -2_000, -258_000),
        (1, EXCHANGE, 250_000, 258_000),
        (1, DIFFERENCE, 0, -8_000),
    ]
    assert currencies(posted) == ["", "USD", "USD", "", ""]
    assert drawers(posted) == [None, DRAWER, None, None, None]


def test_a_foreign_tender_handed_back_goes_the_other_way() -> None:
    posted = post(refund(Item(258_000, code="Z"), tenders=[foreign_tender(2_000, 258_000, 129_000_000)]))
    assert lines(posted) == [
        (1, REVENUE, 258_000, 258_000),
        (1, CASH, -2_000, -258_000),
        (1, EXCHANGE, 2_000, 258_000),
        (1, EXCHANGE, -258_000, -258_000),
    ]
    assert drawers(posted) == [None, DRAWER, None, None]


# --- what vendors' papers say ---------------------------------------------------------------------


def test_a_bill_is_owed_and_open() -> None:
    posted = post(bill(bill_line(10_000), bill_line(2_320, "V16", account="6110"), **PLACE))
    assert flat(posted) == [
        (1, PAYABLE, -13_920),
        (1, RENT, 10_000),
        (1, "6110", 2_000),
        (1, INPUT_TAX, 1_920),
    ]
    assert parties(posted) == [("vendor", VENDOR), None, None, None]
    assert items(posted) == [("vendor", VENDOR, KEY, DUE, 13_920, 13_920)]
    assert moves(posted) == []
    assert costs(posted) == []


def test_a_foreign_bill_keeps_its_rate() -> None:
    posted = post(bill(bill_line(1_001, "Z"), currency="USD", rate_micro=DOLLAR, **PLACE))
    assert lines(posted) == [(1, PAYABLE, -1_001, -129_680), (1, RENT, 1_001, 129_680)]
    assert items(posted) == [("vendor", VENDOR, KEY, DUE, 1_001, 129_680)]


def test_a_bill_of_a_receipt_clears_it_and_shows_the_price_difference() -> None:
    # Received at 63.00, billed at 65.00; another line at exactly what it was received at.
    posted = post(bill(receipt_bill_line(6_500, 6_300, 77), receipt_bill_line(1_000, 1_000, 77, 1)))
    assert flat(posted) == [
        (1, PAYABLE, -8_700),
        (1, GRNI, 6_300),
        (1, VARIANCE, 200),
        (1, GRNI, 1_000),
        (1, INPUT_TAX, 1_200),
    ]
    assert moves(posted) == []
    assert costs(posted) == []


def test_a_bill_at_another_rate_than_its_receipt_clears_it_all_the_same() -> None:
    # 10 dollars received at 130 (1,300.00) and billed at 129.55: what is left is an exchange difference.
    posted = post(
        bill(
            receipt_bill_line(1_000, 1_000, 77, code="Z", received_base=130_000),
            currency="USD",
            rate_micro=DOLLAR,
        )
    )
    assert lines(posted) == [
        (1, PAYABLE, -1_000, -129_550),
        (1, GRNI, 1_000, 130_000),
        (1, DIFFERENCE, 0, -450),
    ]


STOCKED: dict[str, Any] = {"account": INVENTORY, "product_id": 4, "quantity": 3_000, "location_id": LOCATION}


def test_a_bill_without_a_receipt_brings_the_goods() -> None:
    posted = post(
        bill(bill_line(500, "Z"), bill_line(1_001, "Z", **STOCKED), currency="USD", rate_micro=DOLLAR)
    )
    # 15.01 dollars are 1,944.55 shillings, of which 647.75 are the first line.
    assert lines(posted) == [
        (1, PAYABLE, -1_501, -194_455),
        (1, RENT, 500, 64_775),
        (1, INVENTORY, 1_001, 129_680),
    ]
    assert moves(posted) == [(LOCATION, 4, 3_000)]
    assert costs(posted) == [(1, 4, 3_000, 129_680)]


def test_a_vendors_credit_takes_from_its_bill_and_from_the_stock() -> None:
    posted = post(vendor_credit(bill_line(1_000, **STOCKED), bill_id=KEY))
    assert flat(posted) == [(1, PAYABLE, 1_160), (1, INVENTORY, -1_000), (1, INPUT_TAX, -160)]
    assert parties(posted) == [("vendor", VENDOR), None, None]
    assert moves(posted) == [(LOCATION, 4, -3_000)]
    assert costs(posted) == [(1, 4, -3_000, -1_000)]
    assert items(posted) == [("vendor", VENDOR, KEY, DUE, -1_160, -1_160)]


def test_a_vendors_credit_at_another_rate_leaves_the_difference() -> None:
    posted = post(
        vendor_credit(bill_line(1_000, "Z"), currency="USD", rate_micro=DOLLAR, base_amount=130_000)
    )
    assert lines(posted) == [
        (1, PAYABLE, 1_000, 130_000),
        (1, RENT, -1_000, -129_550),
        (1, DIFFERENCE, 0, -450),
    ]
    assert items(posted)[0][-2:] == (-1_000, -130_000)


def test_a_vendors_credit_lowers_what_is_owed_where_it_was_billed() -> None:
    posted = post(vendor_credit(bill_line(1_000, "Z"), bill_business_id=2, clearing_account=CLEARING))
    assert flat(posted) == [
        (2, PAYABLE, 1_000),
        (1, RENT, -1_000),
        (2, CLEARING, -1_000),
        (1, CLEARING, 1_000),
    ]


def test_an_item_is_known_by_the_document_that_opened_it() -> None:
    assert {item.invoice_id for item in post(specimens.one_of_each()[8]).open_items} == {document_key(3, 8)}
