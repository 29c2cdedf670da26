"""The rules of purchases, stock, money and entries: what breaks one is refused with a sentence."""

from functools import partial
from typing import Any

import pytest

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.rules import rules
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
    first,
    with_,
)

PURCHASES: Breakers = {
    "order of nothing": (books.purchase_order, "nothing in this order"),
    "order of less": (lambda: books.purchase_order((1, -1_000, 5)), "negative"),
    "order of none": (lambda: books.purchase_order((1, 0, 5)), "quantity"),
    "order at less": (lambda: books.purchase_order((1, 1_000, -5)), "zero or more"),
    "order line off by one": (lambda: first(ORDER, net=6_999), "quantity times its price"),
    "order off by one": (lambda: with_(ORDER, total=6_999), "total of this order"),
    "receipt of nothing": (books.goods_receipt, "nothing in this receipt"),
    "receipt of less": (lambda: books.goods_receipt((1, -1_000, 5)), "negative"),
    "receipt line off by one": (lambda: first(RECEIPT, net=6_999), "quantity times its price"),
    "receipt off by one": (lambda: with_(RECEIPT, total=6_999), "total of this receipt"),
    "receipt of no order": (lambda: with_(RECEIPT, order_id=None), "no order"),
    "receipt of one line twice": (lambda: first(RECEIPT, order_line=1), "received twice"),
    "receipt of a line that is none": (lambda: first(RECEIPT, order_line=-1), "no order has"),
    "receipt without inventory": (lambda: first(RECEIPT, inventory_account=""), "inventory"),
    "receipt without counterpart": (lambda: first(RECEIPT, grni_account=""), "not invoiced"),
    "receipt elsewhere": (lambda: with_(RECEIPT, business_id=2), "clearing"),
    "landed cost of nothing": (books.landed_cost, "nothing in this landed cost"),
    "landed cost of zero": (lambda: books.landed_cost((1, 0)), "more than zero"),
    "landed cost of less": (lambda: books.landed_cost((1, 7), (2, -2)), "zero or more"),
    "landed cost off by one": (lambda: with_(LANDED, total=1_001), "total of this landed cost"),
    "landed cost on nothing": (lambda: with_(LANDED, receipt_id=0), "which receipt"),
    "landed cost owed to nobody": (lambda: with_(LANDED, accrued_account=""), "landed cost"),
    "landed cost without inventory": (lambda: first(LANDED, inventory_account=""), "inventory"),
    "landed cost elsewhere": (lambda: with_(LANDED, business_id=2), "clearing"),
}

STOCK: Breakers = {
    "cost negative": (lambda: books.opening_count((1, 1_000, -5)), "zero or more"),
    "cost absurd": (lambda: books.opening_count((1, 10**12, 10**6)), "larger than any amount"),
    "cost in dollars": (lambda: with_(OPENING, rate_micro=DOLLAR), "base currency"),
    "cost without inventory": (lambda: first(OPENING, inventory_account=""), "inventory"),
    "cost without contra": (lambda: first(OPENING, contra_account=""), "opening stock"),
    "cost elsewhere": (lambda: with_(OPENING, business_id=2), "clearing"),
    "transfer to the same place": (lambda: with_(SENT, to_location=LOCATION), "place that it comes from"),
    "transfer over where it starts": (lambda: with_(SENT, transit_location=LOCATION), "in transit"),
    "transfer over where it ends": (lambda: with_(SENT, transit_location=VEHICLE), "in transit"),
    "transfer of nothing": (lambda: with_(SENT, lines=()), "nothing in this transfer"),
    "transfer of none": (lambda: first(SENT, quantity=0), "quantity"),
    "transfer of less": (lambda: first(SENT, quantity=-5), "negative"),
    "transfer of one product twice": (lambda: first(SENT, product_id=2), "stands twice"),
    "transfer received of nothing": (lambda: with_(CAME, lines=()), "nothing in this receipt"),
    "transfer received of none sent": (lambda: books.transfer_received((1, 0, 0)), "quantity"),
    "more received than sent": (lambda: books.transfer_received((1, 5_000, 5_001)), "More of a product"),
    "less than nothing received": (lambda: books.transfer_received((1, 5_000, -1)), "negative"),
    "received of no transfer": (lambda: with_(CAME, sent_id=0), "which transfer"),
    "received in transit": (lambda: with_(CAME, to_location=CAME.transit_location), "in transit"),
    "received twice": (lambda: books.transfer_received((1, 1, 1), (1, 1, 1)), "stands twice"),
    "adjustment of nothing": (lambda: with_(DAMAGED, lines=()), "nothing in this adjustment"),
    "adjustment of none": (lambda: first(DAMAGED, quantity=0), "quantity"),
    "damage that adds": (lambda: first(DAMAGED, quantity=5), "takes from"),
    "loss that adds": (lambda: books.stock_adjustment(AdjustmentReason.LOSS, (1, 5)), "takes from"),
    "use that adds": (lambda: books.stock_adjustment(AdjustmentReason.USE, (1, 5)), "takes from"),
    "found that takes": (lambda: books.stock_adjustment(AdjustmentReason.FOUND, (1, -5)), "adds to"),
    "adjusted twice": (
        lambda: books.stock_adjustment(AdjustmentReason.LOSS, (1, -5), (1, -5)),
        "stands twice",
    ),
    "other without a word": (
        lambda: books.stock_adjustment(AdjustmentReason.OTHER, (1, 5), note=""),
        "Say why",
    ),
    "returnables of nothing": (lambda: with_(GIVEN, lines=()), "No returnable"),
    "returnables of none": (lambda: first(GIVEN, quantity=0), "quantity"),
    "returnables twice": (lambda: books.returnable((5, 1), (5, 1)), "stands twice"),
    "returnables of another": (lambda: with_(GIVEN, party_id=7), "somebody else"),
    "returnables to where they are": (
        lambda: with_(GIVEN, location_id=GIVEN.party_location_id),
        "place where they are",
    ),
    "valuation of nothing": (lambda: with_(VALUED, lines=()), "nothing in this valuation"),
    "valuation in dollars": (lambda: with_(VALUED, rate_micro=DOLLAR), "base currency"),
    "valuation that says nothing": (lambda: first(VALUED, quantity=0, value=0), "says nothing"),
    "valuation absurd": (lambda: first(VALUED, value=MOST_MINOR + 1), "larger than any amount"),
    "valuation of too many": (lambda: first(VALUED, quantity=10**13), "quantity"),
    "valuation without inventory": (lambda: first(VALUED, inventory_account=""), "inventory"),
    "valuation without cost": (lambda: first(VALUED, contra_account=""), "cost of goods"),
    "valuation onto itself": (lambda: first(VALUED, contra_account="1210"), "names one twice"),
    "valuation elsewhere": (lambda: with_(VALUED, business_id=2), "clearing"),
}

MONEY: Breakers = {
    "party money of nothing": (lambda: with_(ADVANCE, total=0), "more than zero"),
    "party money not tendered": (lambda: with_(ADVANCE, total=4_999), "what is due"),
    "party money on account": (
        lambda: with_(ADVANCE, tenders=(tender(TenderKind.ACCOUNT, 5_000),)),
        "on account",
    ),
    "party of another role": (lambda: with_(ADVANCE, party_role=PartyRole.MEMBER), "as employee"),
    "party without account": (lambda: with_(ADVANCE, party_account=""), "employee"),
    "party money of negative base": (lambda: with_(ADVANCE, base_amount=-1), "base currency"),
    "party money without difference": (lambda: with_(ADVANCE, base_amount=1), "exchange differences"),
    "expense of nothing": (books.expense, "nothing in this expense"),
    "expense off by one": (lambda: with_(SPENT, total=2_321), "totals of this expense"),
    "expense not paid": (lambda: with_(SPENT, tenders=()), "what is due"),
    "expense on account": (
        lambda: with_(SPENT, tenders=(tender(TenderKind.ACCOUNT, 2_320),)),
        "on account",
    ),
    "expense of a receipt": (lambda: books.expense(receipt_bill_line(100, 100, 7)), "bills no receipt"),
    "expense elsewhere": (lambda: books.expense(bill_line(100, "Z", 2), clearing_account=""), "clearing"),
    "transfer of nothing": (lambda: with_(MOVED, amount=0), "more than zero"),
    "transfer to the same place": (
        lambda: with_(MOVED, to_account=MOVED.from_account, to_drawer=MOVED.from_drawer),
        "place that it comes from",
    ),
    "transfer from nowhere": (lambda: with_(MOVED, from_account=""), "comes from"),
    "transfer to nowhere": (lambda: with_(MOVED, to_account=""), "where the money goes"),
    "transfer elsewhere": (lambda: with_(MOVED, to_business_id=2), "clearing"),
    "exchange elsewhere": (
        lambda: with_(EXCHANGED, to_business_id=2, clearing_account="1900"),
        "within one business",
    ),
    "exchange into itself": (lambda: with_(EXCHANGED, to_currency="KES"), "nothing to exchange"),
    "exchange into no currency": (lambda: with_(EXCHANGED, to_currency="dollars"), "not a currency"),
    "exchange for nothing": (lambda: with_(EXCHANGED, to_amount=0), "more than zero"),
    "exchange at nothing": (lambda: with_(EXCHANGED, to_rate_micro=0), "more than zero"),
    "exchange at 10^9": (lambda: with_(EXCHANGED, to_rate_micro=10**15), "exchange rate"),
    "exchange over nothing": (lambda: with_(EXCHANGED, exchange_account=""), "exchange"),
    "exchange without difference": (lambda: with_(EXCHANGED, difference_account=""), "differences"),
}


def _paid_in_dollars(**changes: Any) -> Document:
    return sale(Item(100), tenders=[with_(foreign_tender(1, 100), **changes)])


_DOLLARS: list[tuple[str, dict[str, Any], str]] = [
    ("paid nothing", {"paid": 0}, "more than zero"),
    ("paid less", {"paid": -1}, "more than zero"),
    ("paid in our own", {"paid_currency": "KES"}, "nothing to exchange"),
    ("paid in nothing", {"paid_currency": ""}, "not a currency"),
    ("paid at nothing", {"paid_rate_micro": 0}, "more than zero"),
    ("paid at 10^9", {"paid_rate_micro": 10**15}, "exchange rate"),
    ("paid over nothing", {"exchange_account": ""}, "exchange"),
    ("paid without difference", {"difference_account": ""}, "differences"),
    ("paid on account", {"kind": TenderKind.VOUCHER}, "Only money"),
]
FOREIGN: Breakers = {name: (partial(_paid_in_dollars, **changes), words) for name, changes, words in _DOLLARS}

ENTRIES: Breakers = {
    "of nothing": (books.journal_entry, "nothing in this entry"),
    "without a word": (lambda: with_(ENTRY, description=" "), "Say why"),
    "off by one": (lambda: first(ENTRY, amount=5_001), "must balance"),
    "over businesses": (lambda: first(ENTRY, business_id=2), "must balance"),
    "a line of nothing": (lambda: first(ENTRY, amount=0), "of nothing"),
    "without account": (lambda: first(ENTRY, account=""), "a line of the entry"),
    "absurd": (
        lambda: books.journal_entry(entry_line("1", MOST_MINOR + 1), entry_line("2", -MOST_MINOR - 1)),
        "larger than any amount",
    ),
    "base on one line": (lambda: first(ENTRY, base_amount=5_000), "all or none"),
    "base off by one": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=101), entry_line("2", -100, base_amount=-100)
        ),
        "base currency",
    ),
    "base the other way": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=-1), entry_line("2", -100, base_amount=1)
        ),
        "check the signs",
    ),
    "another currency without base": (
        lambda: books.journal_entry(entry_line("1", 1, currency="USD"), entry_line("2", -1, currency="USD")),
        "must say its amount",
    ),
    "two currencies that cancel": (
        lambda: books.journal_entry(
            entry_line("1", 100, base_amount=100), entry_line("2", -100, base_amount=-100, currency="USD")
        ),
        "must balance",
    ),
    "no currency": (
        lambda: books.journal_entry(
            entry_line("1", 1, base_amount=1, currency="shilling"), entry_line("2", -1, base_amount=-1)
        ),
        "not a currency",
    ),
    "a role without a party": (lambda: first(ENTRY, party_role=PartyRole.CUSTOMER), "names a party"),
    "a party without a role": (lambda: first(ENTRY, party_id=5), "names a party"),
    "due without a party": (lambda: first(ENTRY, due_on=DUE), "can be due"),
    "due from a vendor": (lambda: first(ENTRY, **(OWED | {"party_role": PartyRole.VENDOR})), "can be due"),
    "due from an employee": (
        lambda: first(ENTRY, **(OWED | {"party_role": PartyRole.EMPLOYEE})),
        "can be due",
    ),
    "due in 1970": (lambda: first(ENTRY, **(OWED | {"due_on": 19700101})), "year 1970"),
    "due twice": (
        lambda: books.journal_entry(
            entry_line("1", 2, **OWED), entry_line("1", 3, **OWED), entry_line("2", -5)
        ),
        "due on one day",
    ),
    "due in another currency": (
        lambda: books.journal_entry(
            entry_line("1", 2, currency="USD", base_amount=2, **OWED),
            entry_line("2", -2, currency="USD", base_amount=-2),
        ),
        "own currency",
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
def test_a_broken_rule_is_refused_with_a_sentence(name: str) -> None:
    make, words = BREAKERS[name]
    with pytest.raises(Refused) as refused:
        rules.check(make())
    sentence = refused.value.sentence
    assert words.lower() in sentence.lower()
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence[0] in "“0123456789"
