"""Documents to break one rule of, and the ways to break it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from pos_app.ledger.document import Document
from pos_app.ledger.line import PartyRole
from pos_app.ledger.rules import rules
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from tests.support.documents import book_specimens as books
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    allocation,
    bill_line,
    entry_line,
    receipt_bill_line,
    valued,
)
from tests.support.documents.specimens import Item
from tests.support.refused import refused

#: A document that breaks one rule, the code of that rule, and the facts that tell it from its siblings.
Breaker = tuple[Callable[[], Document], str] | tuple[Callable[[], Document], str, dict[str, object]]
Breakers = dict[str, Breaker]
DAY = timedelta(days=1)


def assert_refused(breaker: Breaker) -> None:
    """Fails unless the rules refuse the document under that code, in a whole sentence."""
    facts = breaker[2] if len(breaker) == 3 else {}
    with refused(breaker[1], **facts) as caught:
        rules.check(breaker[0]())
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence[0] in "“0123456789"


def with_(document: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(document, **changes)


def first(document: Any, **changes: Any) -> Any:
    """The document with its first line changed."""
    line = msgspec.structs.replace(document.lines[0], **changes)
    return with_(document, lines=(line, *document.lines[1:]))


INVOICE = books.invoice(Item(11_600), Item(5_000))
NOTE = books.credit_note(Item(11_600))
BILL = books.bill(bill_line(10_000), receipt_bill_line(6_500, 6_300, 77))
CREDIT = books.vendor_credit(bill_line(1_000))
PAID = books.allocated_payment(10_000, allocation(7_000, 1), allocation(2_000, 2))
VENDOR_PAID = books.vendor_payment(10_000, allocation(7_000, 1))
SETTLED = books.settlement(allocation(7_000, 1), deposit=True)
LOST = books.write_off(allocation(7_000, 1))
ORDER = books.purchase_order((1, 10_000, 700))
RECEIPT = books.goods_receipt((1, 10_000, 700), (2, 1_000, 50))
LANDED = books.landed_cost((1, 1_000))
OPENING = books.opening_count((1, 2_000, 333))
SENT = books.transfer_sent((1, 5_000), (2, 1_000))
CAME = books.transfer_received((1, 5_000, 4_000))
DAMAGED = books.stock_adjustment(AdjustmentReason.DAMAGE, (1, -1_000))
GIVEN = books.returnable((5, 1_000))
VALUED = books.stock_valuation(valued(1, 1_000, 700))
ADVANCE = books.party_money(PartyReason.EMPLOYEE_ADVANCE, 5_000)
SPENT = books.expense(bill_line(2_320, "V16"))
MOVED = books.money_transfer(5_000)
EXCHANGED = books.money_transfer(
    5_000,
    to_amount=39,
    to_currency="USD",
    to_rate_micro=DOLLAR,
    exchange_account="1910",
    difference_account="6950",
)
ENTRY = books.journal_entry(entry_line("6100", 5_000), entry_line("2120", -5_000))
OWED: dict[str, Any] = {"party_role": PartyRole.CUSTOMER, "party_id": 5, "due_on": DUE}
