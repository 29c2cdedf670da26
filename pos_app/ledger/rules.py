"""The rules that a document must obey by itself, before any database is asked.

The till checks them before it records and the server checks them again at ingest; a document that
breaks one is refused here and quarantined there.  The rules stand by family in `rules_goods`,
`rules_drawer`, `rules_settlement`, `rules_purchase`, `rules_service`, `rules_stock` and `rules_treasury`;
here is what all documents obey.  What the balances alone know (is that much open, is the period locked)
is asked by the store, inside the transaction that records.

Decisions
---------
2026-11-21  Nothing is dated before 2000 or after 2090: such a year is a clock that lost its battery, and
a till with it would write into periods that were closed or never come.  Nor more than a day after the
moment of recording, the one time of which the terminal's clock gives account: a day, because whoever
writes tomorrow's date by hand at the far side of the date line is not lying.  How far back a document
may be dated no document can know: history is imported, and a bill comes late.  A locked period says so.
"""

from datetime import timedelta
from functools import singledispatch
from typing import Final

from pos_app.ledger import (
    document as documents,
)
from pos_app.ledger import (
    rules_drawer,
    rules_goods,
    rules_purchasing,
    rules_service_orders,
    rules_settlement,
    rules_stock,
    rules_treasury,
)
from pos_app.ledger.canonical import decode
from pos_app.ledger.document import SERIES, Head, Reversal
from pos_app.ledger.errors import Refused
from pos_app.ledger.rules_parts import FIRST_YEAR, LAST_YEAR, check_rate

_AHEAD: Final = timedelta(days=1)


def check(document: Head) -> None:
    """Raise `Refused` with a sentence when the document contradicts itself.

    Raises `Damaged` when a void holds bytes that are no document.
    """
    if document.series != SERIES[type(document)]:
        raise Refused(f"Series “{document.series}” is not the series of such a document.")
    if len(document.request_id) != 32 or not document.request_id.isalnum():
        raise Refused("The document has no request of 32 hex digits; it cannot be told from others.")
    _check_dates(document)
    check_rate(document.rate_micro)
    _check(document)


def _check_dates(document: Head) -> None:
    occurred, recorded = document.occurred_at, document.recorded_at
    if occurred.tzinfo is None or recorded.tzinfo is None:
        raise Refused("The document's time has no time zone.")
    for moment in (occurred, recorded):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Refused(f"The year {moment.year} cannot be right; check the date and the clock.")
    if occurred > recorded + _AHEAD:
        raise Refused("The document is dated after the day on which it is recorded; check the date.")


@singledispatch
def _check(document: Head) -> None:
    raise TypeError(f"no rules for {type(document).__name__}")


def _check_reversal(document: Reversal) -> None:
    if not document.reason.strip():
        raise Refused("Say why the document is voided.")
    original = decode(bytes(document.original))
    if isinstance(original, Reversal):
        raise Refused("A void cannot be voided; record the document again.")
    named = (document.org_id, document.original_id, document.currency, document.rate_micro)
    if named != (original.org_id, original.document_id, original.currency, original.rate_micro):
        raise Refused("The void does not hold the document that it names.")


_check.register(documents.Sale, rules_goods.check_sale)
_check.register(documents.Refund, rules_goods.check_refund)
_check.register(documents.Invoice, rules_goods.check_invoice)
_check.register(documents.CreditNote, rules_goods.check_credit_note)
_check.register(documents.CashMovement, rules_drawer.check_cash_movement)
_check.register(documents.DrawerOpen, rules_drawer.check_drawer_open)
_check.register(documents.DrawerClose, rules_drawer.check_drawer_close)
_check.register(documents.Payment, rules_settlement.check_payment)
_check.register(documents.VendorPayment, rules_settlement.check_vendor_payment)
_check.register(documents.Settlement, rules_settlement.check_settlement)
_check.register(documents.WriteOff, rules_settlement.check_write_off)
_check.register(documents.PurchaseOrder, rules_purchasing.check_purchase_order)
_check.register(documents.GoodsReceipt, rules_purchasing.check_goods_receipt)
_check.register(documents.LandedCost, rules_purchasing.check_landed_cost)
_check.register(documents.Bill, rules_purchasing.check_bill)
_check.register(documents.VendorCredit, rules_purchasing.check_vendor_credit)
_check.register(documents.Expense, rules_purchasing.check_expense)
_check.register(documents.StockCount, rules_stock.check_stock_count)
_check.register(documents.TransferSent, rules_stock.check_transfer_sent)
_check.register(documents.TransferReceived, rules_stock.check_transfer_received)
_check.register(documents.StockAdjustment, rules_stock.check_stock_adjustment)
_check.register(documents.ReturnableMove, rules_stock.check_returnable)
_check.register(documents.StockValuation, rules_stock.check_stock_valuation)
_check.register(documents.PartyMoney, rules_treasury.check_party_money)
_check.register(documents.MoneyTransfer, rules_treasury.check_money_transfer)
_check.register(documents.JournalEntry, rules_treasury.check_journal_entry)
_check.register(documents.ServiceOrder, rules_service_orders.check_service_order)
_check.register(documents.ServiceStep, rules_service_orders.check_service_step)
_check.register(Reversal, _check_reversal)
