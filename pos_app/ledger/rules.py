"""The rules that a document must obey by itself, before any database is asked.

The till checks them before it records and the server checks them again at ingest; a document that
breaks one is refused here and quarantined there.
"""

from functools import singledispatch
from typing import Final

from pos_app.ledger import tax
from pos_app.ledger.canonical import decode
from pos_app.ledger.document import (
    SERIES,
    CashMovement,
    DrawerClose,
    DrawerOpen,
    Head,
    Payment,
    Refund,
    Reversal,
    Sale,
    StockCount,
    Trade,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, GoodsLine, Tender, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.quantity import MOST_ON_A_LINE

#: Ten thousand to one; with it the largest amount stays within 64 bits in base currency too.
_MOST_RATE_MICRO: Final = 10**10


def check(document: Head) -> None:
    """Raise `Refused` with a sentence when the document contradicts itself.

    Raises `Damaged` when a void holds bytes that are no document.
    """
    if document.series != SERIES[type(document)]:
        raise Refused(f"Series “{document.series}” is not the series of such a document.")
    if len(document.request_id) != 32 or not document.request_id.isalnum():
        raise Refused("The document has no request of 32 hex digits; it cannot be told from others.")
    if document.occurred_at.tzinfo is None or document.recorded_at.tzinfo is None:
        raise Refused("The document's time has no time zone.")
    if not 1970 <= document.occurred_at.year <= 2200:
        raise Refused(f"The year {document.occurred_at.year} cannot be right; check the date.")
    if document.rate_micro <= 0:
        raise Refused("The exchange rate must be more than zero.")
    if document.rate_micro > _MOST_RATE_MICRO:
        raise Refused("The exchange rate cannot be right; check the digits.")
    _check(document)


@singledispatch
def _check(document: Head) -> None:
    raise TypeError(f"no rules for {type(document).__name__}")


@_check.register
def _(document: Sale) -> None:
    _check_trade(document, "sale")


@_check.register
def _(document: Refund) -> None:
    _check_trade(document, "refund")


@_check.register
def _(document: Payment) -> None:
    if document.total <= 0:
        raise Refused("A payment must be more than zero; enter what the customer gives.")
    if any(tender.kind is TenderKind.ACCOUNT for tender in document.tenders):
        raise Refused("A payment cannot be made on account; take cash, M-Pesa or bank.")
    _check_tenders(document.tenders, document.change, document.total)
    _need(document.receivable_account, "receivable")


@_check.register
def _(document: CashMovement) -> None:
    _check_amount(document.amount, "The cash amount", at_least=1)
    _need(document.cash_account, "cash")
    _need(document.contra_account, "contra")


@_check.register
def _(document: DrawerOpen) -> None:
    _check_amount(document.float_amount, "The float")
    _need(document.cash_account, "cash")
    _need(document.safe_account, "safe")


@_check.register
def _(document: DrawerClose) -> None:
    _check_amount(document.counted, "The counted cash")
    _check_amount(abs(document.expected), "The expected cash")
    _check_amount(document.removed, "The cash taken out")
    if document.removed > document.counted:
        raise Refused("More cash was taken out of the drawer than was counted in it.")
    if document.counts:
        if any(count.pieces < 0 or count.value <= 0 for count in document.counts):
            raise Refused("A count of notes cannot be negative.")
        if sum(count.value * count.pieces for count in document.counts) != document.counted:
            raise Refused("The notes and coins do not add up to the counted amount.")
    if document.shift is None:
        raise Refused("A drawer is closed for a shift; open one first.")
    _need(document.cash_account, "cash")
    _need(document.safe_account, "safe")
    _need(document.over_short_account, "over/short")


@_check.register
def _(document: StockCount) -> None:
    if not document.lines:
        raise Refused("The count has no lines; count at least one product.")
    for line in document.lines:
        if abs(line.counted) > MOST_ON_A_LINE * 1000 or abs(line.expected) > MOST_ON_A_LINE * 1000:
            raise Refused("A counted quantity cannot be right; check the digits.")


@_check.register
def _(document: Reversal) -> None:
    if not document.reason.strip():
        raise Refused("Say why the document is voided.")
    original = decode(bytes(document.original))
    if isinstance(original, Reversal):
        raise Refused("A void cannot be voided; record the document again.")
    named = (document.org_id, document.original_id, document.currency, document.rate_micro)
    if named != (original.org_id, original.document_id, original.currency, original.rate_micro):
        raise Refused("The void does not hold the document that it names.")


def _check_trade(document: Trade, name: str) -> None:
    if not document.lines:
        raise Refused(f"There is nothing in this {name}; add at least one line.")
    _check_lines(document, name)
    if document.total < 0:
        other = "refund" if name == "sale" else "sale"
        raise Refused(f"This {name} comes out negative; make it a {other}.")
    if abs(document.rounding) >= max(document.cash_step, 1):
        raise Refused("The cash rounding is larger than the smallest coin.")
    if document.rounding:
        _need(document.rounding_account, "rounding")
    on_account = any(tender.kind is TenderKind.ACCOUNT for tender in document.tenders)
    if on_account and document.party_id is None:
        raise Refused("Choose a customer before putting a sale on account.")
    if not document.clearing_account:
        for line in document.lines:
            if line.business_id != document.business_id:
                _need("", "clearing")
    _check_tenders(document.tenders, document.change, document.total + document.rounding)


def _check_lines(document: Trade, name: str) -> None:
    """Each line by itself, its tax, and their sums.  One pass: most of the time of a check is here."""
    size = subtotal = tax_total = 0
    taxables = []
    for line in document.lines:
        extended = line.extended
        _check_line(line, extended)
        net, tax_ = line.net, line.tax
        size += abs(net) + abs(tax_)
        subtotal += net
        tax_total += tax_
        taxables.append((line.tax_code, line.tax_rate_bp, line.tax_inclusive, extended))
    _check_amount(size, f"The total of this {name}")
    for line, taxed in zip(document.lines, tax.share_out(taxables), strict=True):
        if line.net != taxed[0] or line.tax != taxed[1]:
            raise Refused(f"Net and tax of “{line.description}” do not follow from its price.")
    if (
        subtotal != document.subtotal
        or tax_total != document.tax_total
        or subtotal + tax_total != document.total
    ):
        raise Refused(f"The totals of this {name} are not the sum of its lines.")


def _check_line(line: GoodsLine, extended: int) -> None:
    if line.quantity == 0 or abs(line.quantity) > MOST_ON_A_LINE:
        raise Refused(f"The quantity of “{line.description}” cannot be right; check the digits.")
    if line.unit_price < 0:
        raise Refused(f"The price of “{line.description}” is negative; use a return instead.")
    if line.unit_price > MOST_MINOR:
        raise Refused(f"The price of “{line.description}” is larger than any amount; check the digits.")
    if line.discount and abs(line.discount) > abs(extended + line.discount):
        raise Refused(f"The discount on “{line.description}” is larger than its price.")
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused(f"The tax rate of “{line.description}” cannot be right.")
    if not line.revenue_account:
        _need("", "revenue")
    if line.tax and not line.tax_account:
        _need("", "tax")


def _check_tenders(tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    cash = 0
    for tender in tenders:
        _check_amount(tender.amount, "The amount tendered", at_least=1)
        _need(tender.account, tender.kind.value)
        if tender.kind is TenderKind.CASH:
            cash += tender.amount
    back = 0
    if change is not None:
        _check_amount(change.amount, "The change")
        _need(change.account, "cash")
        back = change.amount
    if back > cash:
        raise Refused("Change is given out of cash only; correct the other tender's amount.")
    if sum(tender.amount for tender in tenders) - back != due:
        raise Refused("What was tendered less the change is not what is due.")


def _check_amount(amount: int, what: str, at_least: int = 0) -> None:
    if amount < at_least:
        raise Refused(f"{what} must be {'more than zero' if at_least else 'zero or more'}.")
    if amount > MOST_MINOR:
        raise Refused(f"{what} is larger than any amount; check the digits.")


def _need(account: str, name: str) -> None:
    if not account:
        raise Refused(f"No account for {name} is set up; the owner adds one to the chart of accounts.")
