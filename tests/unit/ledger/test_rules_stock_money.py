"""The rules of purchases, stock, money and entries: what breaks one is refused with a sentence."""

from functools import partial
from typing import Any

import pytest

from pos_app.ledger.document import Document
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.stock import AdjustmentReason
from tests.support.documents import book_specimens as books
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    VEHICLE,
    bill_line,
    entry_line,
    foreign_tender,
    receipt_bill_line,
)
from tests.support.documents.specimens import LOCATION, Item, sale, tender
from tests.unit.ledger.breakers import (
    ADVANCE,
    CAME,
    DAMAGED,
    ENTRY,
    EXCHANGED,
    GIVEN,
    LANDED,
    MOVED,
    OPENING,
    ORDER,
    OWED,
    RECEIPT,
    SENT,
    SPENT,
    VALUED,
    Breakers,
    assert_refused,
    first,
    with_,
)

PURCHASES: Breakers = {
    "order of nothing": (books.purchase_order, "no-lines-in", {"name": "order"}),
    "order of less": (lambda: books.purchase_order((1, -1_000, 5)), "bought-quantity-negative"),
    "order of none": (lambda: books.purchase_order((1, 0, 5)), "quantity-implausible-of"),
    "order at less": (
        lambda: books.purchase_order((1, 1_000, -5)),
        "amount-out-of-range",
        {"rule": "zero or more"},
    ),
    "order line off by one": (lambda: first(ORDER, net=6_999), "line-amount-wrong"),
    "order off by one": (lambda: with_(ORDER, total=6_999), "total-wrong", {"name": "order"}),
    "receipt of nothing": (books.goods_receipt, "no-lines-in", {"name": "receipt"}),
    "receipt of less": (lambda: books.goods_receipt((1, -1_000, 5)), "bought-quantity-negative"),
    "receipt line off by one": (lambda: first(RECEIPT, net=6_999), "line-amount-wrong"),
    "receipt off by one": (lambda: with_(RECEIPT, total=6_999), "total-wrong", {"name": "receipt"}),
    "receipt of no order": (lambda: with_(RECEIPT, order_id=None), "receipt-lines-without-order"),
    "receipt of one line twice": (lambda: first(RECEIPT, order_line=1), "order-line-received-twice"),
    "receipt of a line that is none": (lambda: first(RECEIPT, order_line=-1), "receipt-line-impossible"),
    "receipt without inventory": (
        lambda: first(RECEIPT, inventory_account=""),
        "account-not-set-up",
        {"role": "inventory"},
    ),
    "receipt without counterpart": (
        lambda: first(RECEIPT, grni_account=""),
        "account-not-set-up",
        {"role": "goods received, not invoiced"},
    ),
    "receipt elsewhere": (lambda: with_(RECEIPT, business_id=2), "account-not-set-up", {"role": "clearing"}),
    "landed cost of nothing": (books.landed_cost, "landed-cost-empty"),
    "landed cost of zero": (
        lambda: books.landed_cost((1, 0)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "landed cost of less": (
        lambda: books.landed_cost((1, 7), (2, -2)),
        "amount-out-of-range",
        {"rule": "zero or more"},
    ),
    "landed cost off by one": (lambda: with_(LANDED, total=1_001), "landed-cost-total-wrong"),
    "landed cost on nothing": (lambda: with_(LANDED, receipt_id=0), "landed-cost-of-nothing"),
    "landed cost owed to nobody": (
        lambda: with_(LANDED, accrued_account=""),
        "account-not-set-up",
        {"role": "landed cost"},
    ),
    "landed cost without inventory": (
        lambda: first(LANDED, inventory_account=""),
        "account-not-set-up",
        {"role": "inventory"},
    ),
    "landed cost elsewhere": (
        lambda: with_(LANDED, business_id=2),
        "account-not-set-up",
        {"role": "clearing"},
    ),
}

STOCK: Breakers = {
    "cost negative": (
        lambda: books.opening_count((1, 1_000, -5)),
        "amount-out-of-range",
        {"rule": "zero or more"},
    ),
    "cost absurd": (lambda: books.opening_count((1, 10**12, 10**6)), "counted-value-too-large"),
    "cost in dollars": (lambda: with_(OPENING, rate_micro=DOLLAR), "count-cost-not-base"),
    "cost without inventory": (
        lambda: first(OPENING, inventory_account=""),
        "account-not-set-up",
        {"role": "inventory"},
    ),
    "cost without contra": (
        lambda: first(OPENING, contra_account=""),
        "account-not-set-up",
        {"role": "opening stock"},
    ),
    "cost elsewhere": (lambda: with_(OPENING, business_id=2), "account-not-set-up", {"role": "clearing"}),
    "transfer to the same place": (lambda: with_(SENT, to_location=LOCATION), "transfer-to-same-place"),
    "transfer over where it starts": (lambda: with_(SENT, transit_location=LOCATION), "transit-place-wrong"),
    "transfer over where it ends": (lambda: with_(SENT, transit_location=VEHICLE), "transit-place-wrong"),
    "transfer of nothing": (lambda: with_(SENT, lines=()), "transfer-empty"),
    "transfer of none": (lambda: first(SENT, quantity=0), "quantity-implausible-of"),
    "transfer of less": (lambda: first(SENT, quantity=-5), "transfer-quantity-negative"),
    "transfer of one product twice": (lambda: first(SENT, product_id=2), "product-twice"),
    "transfer received of nothing": (lambda: with_(CAME, lines=()), "transfer-receipt-empty"),
    "transfer received of none sent": (lambda: books.transfer_received((1, 0, 0)), "quantity-implausible-of"),
    "more received than sent": (
        lambda: books.transfer_received((1, 5_000, 5_001)),
        "received-more-than-sent",
    ),
    "less than nothing received": (
        lambda: books.transfer_received((1, 5_000, -1)),
        "transfer-quantity-negative",
    ),
    "received of no transfer": (lambda: with_(CAME, sent_id=0), "received-transfer-not-named"),
    "received in transit": (lambda: with_(CAME, to_location=CAME.transit_location), "transit-place-wrong"),
    "received twice": (lambda: books.transfer_received((1, 1, 1), (1, 1, 1)), "product-twice"),
    "adjustment of nothing": (lambda: with_(DAMAGED, lines=()), "adjustment-empty"),
    "adjustment of none": (lambda: first(DAMAGED, quantity=0), "quantity-implausible-of"),
    "damage that adds": (lambda: first(DAMAGED, quantity=5), "adjustment-sign-wrong", {"way": "takes from"}),
    "loss that adds": (
        lambda: books.stock_adjustment(AdjustmentReason.LOSS, (1, 5)),
        "adjustment-sign-wrong",
        {"way": "takes from"},
    ),
    "use that adds": (
        lambda: books.stock_adjustment(AdjustmentReason.USE, (1, 5)),
        "adjustment-sign-wrong",
        {"way": "takes from"},
    ),
    "found that takes": (
        lambda: books.stock_adjustment(AdjustmentReason.FOUND, (1, -5)),
        "adjustment-sign-wrong",
        {"way": "adds to"},
    ),
    "adjusted twice": (
        lambda: books.stock_adjustment(AdjustmentReason.LOSS, (1, -5), (1, -5)),
        "product-twice",
    ),
    "other without a word": (
        lambda: books.stock_adjustment(AdjustmentReason.OTHER, (1, 5), note=""),
        "adjustment-without-reason",
    ),
    "returnables of nothing": (lambda: with_(GIVEN, lines=()), "no-returnable-named"),
    "returnables of none": (lambda: first(GIVEN, quantity=0), "quantity-implausible-of"),
    "returnables twice": (lambda: books.returnable((5, 1), (5, 1)), "product-twice"),
    "returnables of another": (lambda: with_(GIVEN, party_id=7), "returnables-at-stranger"),
    "returnables to where they are": (
        lambda: with_(GIVEN, location_id=GIVEN.party_location_id),
        "returnables-to-same-place",
    ),
    "valuation of nothing": (lambda: with_(VALUED, lines=()), "valuation-empty"),
    "valuation in dollars": (lambda: with_(VALUED, rate_micro=DOLLAR), "valuation-not-base"),
    "valuation that says nothing": (lambda: first(VALUED, quantity=0, value=0), "valuation-line-empty"),
    "valuation absurd": (lambda: first(VALUED, value=MOST_MINOR + 1), "amount-too-large"),
    "valuation of too many": (lambda: first(VALUED, quantity=10**13), "valued-quantity-implausible"),
    "valuation without inventory": (
        lambda: first(VALUED, inventory_account=""),
        "account-not-set-up",
        {"role": "inventory"},
    ),
    "valuation without cost": (
        lambda: first(VALUED, contra_account=""),
        "account-not-set-up",
        {"role": "cost of goods"},
    ),
    "valuation onto itself": (lambda: first(VALUED, contra_account="1210"), "valuation-accounts-same"),
    "valuation elsewhere": (lambda: with_(VALUED, business_id=2), "account-not-set-up", {"role": "clearing"}),
}

MONEY: Breakers = {
    "party money of nothing": (
        lambda: with_(ADVANCE, total=0),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "party money not tendered": (lambda: with_(ADVANCE, total=4_999), "tenders-not-the-due"),
    "party money on account": (
        lambda: with_(ADVANCE, tenders=(tender(TenderKind.ACCOUNT, 5_000),)),
        "payment-on-account",
    ),
    "party of another role": (
        lambda: with_(ADVANCE, party_role=PartyRole.MEMBER),
        "money-reason-of-other-role",
        {"role": "employee"},
    ),
    "party without account": (
        lambda: with_(ADVANCE, party_account=""),
        "account-not-set-up",
        {"role": "a party as employee"},
    ),
    "party money of negative base": (
        lambda: with_(ADVANCE, base_amount=-1),
        "amount-out-of-range",
        {"what": "The amount in base currency"},
    ),
    "party money without difference": (
        lambda: with_(ADVANCE, base_amount=1),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    "expense of nothing": (books.expense, "no-lines-in", {"name": "expense"}),
    "expense off by one": (lambda: with_(SPENT, total=2_321), "totals-wrong", {"name": "expense"}),
    "expense not paid": (lambda: with_(SPENT, tenders=()), "tenders-not-the-due"),
    "expense rounded by a coin": (
        lambda: with_(SPENT, tenders=(), rounding=-2_320, rounding_account="6910", cash_step=2_320),
        "rounding-too-large",
    ),
    "expense rounded to nowhere": (
        lambda: with_(SPENT, tenders=(), rounding=-2_320, cash_step=5_000),
        "account-not-set-up",
    ),
    "expense on account": (
        lambda: with_(SPENT, tenders=(tender(TenderKind.ACCOUNT, 2_320),)),
        "payment-on-account",
    ),
    "expense of a receipt": (lambda: books.expense(receipt_bill_line(100, 100, 7)), "expense-bills-receipt"),
    "expense elsewhere": (
        lambda: books.expense(bill_line(100, "Z", 2), clearing_account=""),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "transfer of nothing": (
        lambda: with_(MOVED, amount=0),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "transfer to the same place": (
        lambda: with_(MOVED, to_account=MOVED.from_account, to_drawer=MOVED.from_drawer),
        "money-to-same-place",
    ),
    "transfer from nowhere": (
        lambda: with_(MOVED, from_account=""),
        "account-not-set-up",
        {"role": "where the money comes from"},
    ),
    "transfer to nowhere": (
        lambda: with_(MOVED, to_account=""),
        "account-not-set-up",
        {"role": "where the money goes"},
    ),
    "transfer elsewhere": (
        lambda: with_(MOVED, to_business_id=2),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "exchange elsewhere": (
        lambda: with_(EXCHANGED, to_business_id=2, clearing_account="1900"),
        "exchange-between-businesses",
    ),
    "exchange into itself": (lambda: with_(EXCHANGED, to_currency="KES"), "own-currency-exchanged"),
    "exchange into no currency": (lambda: with_(EXCHANGED, to_currency="dollars"), "not-a-currency-code"),
    "exchange for nothing": (
        lambda: with_(EXCHANGED, to_amount=0),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "exchange at nothing": (lambda: with_(EXCHANGED, to_rate_micro=0), "rate-not-positive"),
    "exchange at 10^9": (lambda: with_(EXCHANGED, to_rate_micro=10**15), "rate-implausible"),
    "exchange over nothing": (
        lambda: with_(EXCHANGED, exchange_account=""),
        "account-not-set-up",
        {"role": "exchange"},
    ),
    "exchange without difference": (
        lambda: with_(EXCHANGED, difference_account=""),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
}


def _paid_in_dollars(**changes: Any) -> Document:
    return sale(Item(100), tenders=[with_(foreign_tender(1, 100), **changes)])


_DOLLARS: list[tuple[str, dict[str, Any], str, dict[str, object]]] = [
    ("paid nothing", {"paid": 0}, "amount-out-of-range", {"rule": "more than zero"}),
    ("paid less", {"paid": -1}, "amount-out-of-range", {"rule": "more than zero"}),
    ("paid in our own", {"paid_currency": "KES"}, "own-currency-exchanged", {"currency": "KES"}),
    ("paid in nothing", {"paid_currency": ""}, "not-a-currency-code", {"code": ""}),
    ("paid at nothing", {"paid_rate_micro": 0}, "rate-not-positive", {}),
    ("paid at 10^9", {"paid_rate_micro": 10**15}, "rate-implausible", {}),
    ("paid over nothing", {"exchange_account": ""}, "account-not-set-up", {"role": "exchange"}),
    (
        "paid without difference",
        {"difference_account": ""},
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    ("paid on account", {"kind": TenderKind.VOUCHER}, "foreign-tender-kind", {}),
]
FOREIGN: Breakers = {
    name: (partial(_paid_in_dollars, **changes), code, facts) for name, changes, code, facts in _DOLLARS
}

ENTRIES: Breakers = {
    "of nothing": (books.journal_entry, "entry-too-short"),
    "without a word": (lambda: with_(ENTRY, description=" "), "reason-missing"),
    "off by one": (lambda: first(ENTRY, amount=5_001), "entry-unbalanced"),
    "over businesses": (lambda: first(ENTRY, business_id=2), "entry-unbalanced"),
    "a line of nothing": (lambda: first(ENTRY, amount=0), "entry-line-empty"),
    "without account": (
        lambda: first(ENTRY, account=""),
        "account-not-set-up",
        {"role": "a line of the entry"},
    ),
    "absurd": (
        lambda: books.journal_entry(entry_line("1", MOST_MINOR + 1), entry_line("2", -MOST_MINOR - 1)),
        "amount-too-large",
    ),
    "base on one line": (lambda: first(ENTRY, base_amount=5_000), "entry-base-amounts-mixed"),
    "base off by one": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=101), entry_line("2", -100, base_amount=-100)
        ),
        "entry-unbalanced-in-base",
    ),
    "base the other way": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=-1), entry_line("2", -100, base_amount=1)
        ),
        "entry-line-signs-differ",
    ),
    "another currency without base": (
        lambda: books.journal_entry(entry_line("1", 1, currency="USD"), entry_line("2", -1, currency="USD")),
        "entry-line-needs-base",
    ),
    "two currencies that cancel": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=100), entry_line("2", -100, base_amount=-100, currency="USD")
        ),
        "entry-unbalanced",
    ),
    "no currency": (
        lambda: books.journal_entry(
            entry_line("1", 1, base_amount=1, currency="shilling"), entry_line("2", -1, base_amount=-1)
        ),
        "not-a-currency-code",
    ),
    "a role without a party": (lambda: first(ENTRY, party_role=PartyRole.CUSTOMER), "entry-line-party-half"),
    "a party without a role": (lambda: first(ENTRY, party_id=5), "entry-line-party-half"),
    "due without a party": (lambda: first(ENTRY, due_on=DUE), "due-side-wrong"),
    "due from a vendor": (
        lambda: first(ENTRY, **(OWED | {"party_role": PartyRole.VENDOR})),
        "due-side-wrong",
    ),
    "due from an employee": (
        lambda: first(ENTRY, **(OWED | {"party_role": PartyRole.EMPLOYEE})),
        "due-side-wrong",
    ),
    "due in 1970": (
        lambda: first(ENTRY, **(OWED | {"due_on": 19700101})),
        "year-of-date-implausible",
        {"year": 1970},
    ),
    "due twice": (
        lambda: books.journal_entry(
            entry_line("1", 2, **OWED), entry_line("1", 3, **OWED), entry_line("2", -5)
        ),
        "party-due-twice",
    ),
    "due in another currency": (
        lambda: books.journal_entry(
            entry_line("1", 2, currency="USD", base_amount=2, **OWED),
            entry_line("2", -2, currency="USD", base_amount=-2),
        ),
        "due-in-other-currency",
    ),
}

BREAKERS = {
    f"{family}: {name}": breaker
    for family, breakers in {
        "purchases": PURCHASES,
        "stock": STOCK,
        "money": MONEY,
        "foreign": FOREIGN,
        "entries": ENTRIES,
    }.items()
    for name, breaker in breakers.items()
}


@pytest.mark.parametrize("name", BREAKERS)
def test_a_broken_rule_is_refused(name: str) -> None:
    assert_refused(BREAKERS[name])
