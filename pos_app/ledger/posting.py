"""The posting rules: one pure function for each document type, document to what it does to the books.

Debit is positive, credit negative.  A rule reads nothing but the document, so that it gives the
same lines in ten years.  The lines of every business sum to zero, in every currency and in base
currency.  The rules stand by family in `posting_goods`, `posting_drawer`, `posting_settlement`,
`posting_purchase`, `posting_service`, `posting_stock` and `posting_treasury`; here they are named for
their types.
"""

import hashlib
from functools import singledispatch
from typing import Final

import msgspec

from pos_app.ledger import document as documents
from pos_app.ledger import (
    posting_drawer,
    posting_goods,
    posting_purchasing,
    posting_service_orders,
    posting_settlement,
    posting_stock,
    posting_treasury,
)
from pos_app.ledger.canonical import decode
from pos_app.ledger.head import Head
from pos_app.ledger.posting_lines import Posting

__all__ = ["Posting", "digest", "post"]

_encoder: Final = msgspec.msgpack.Encoder(order="deterministic")


def post(document: Head) -> Posting:
    """What any document posts.  Raises `Refused` for an exchange difference without an account."""
    return _post(document)


def digest(posting: Posting) -> bytes:
    """Sixteen bytes over what a document posted; the till and the server compare theirs.

    Open items and costs count where there are any: a sale's digest is what it was before they were.
    """
    whole = posting if posting.open_items or posting.costs else posting[:2]
    return hashlib.sha256(_encoder.encode(whole)).digest()[:16]


@singledispatch
def _post(document: Head) -> Posting:
    raise TypeError(f"no posting rule for {type(document).__name__}")


def _post_reversal(document: documents.Reversal) -> Posting:
    """The exact opposite of all that the voided document posted."""
    original = post(decode(bytes(document.original)))
    change = msgspec.structs.replace
    return Posting(
        tuple(change(one, amount=-one.amount, base_amount=-one.base_amount) for one in original.lines),
        tuple(change(one, quantity=-one.quantity) for one in original.moves),
        tuple(change(one, amount=-one.amount, base_amount=-one.base_amount) for one in original.open_items),
        tuple(change(one, quantity=-one.quantity, value=-one.value) for one in original.costs),
    )


_post.register(documents.Sale, posting_goods.post_sale)
_post.register(documents.Refund, posting_goods.post_refund)
_post.register(documents.Invoice, posting_goods.post_invoice)
_post.register(documents.CreditNote, posting_goods.post_credit_note)
_post.register(documents.CashMovement, posting_drawer.post_cash_movement)
_post.register(documents.DrawerOpen, posting_drawer.post_drawer_open)
_post.register(documents.DrawerClose, posting_drawer.post_drawer_close)
_post.register(documents.Payment, posting_settlement.post_payment)
_post.register(documents.VendorPayment, posting_settlement.post_vendor_payment)
_post.register(documents.Settlement, posting_settlement.post_settlement)
_post.register(documents.WriteOff, posting_settlement.post_write_off)
_post.register(documents.PurchaseOrder, posting_purchasing.post_purchase_order)
_post.register(documents.GoodsReceipt, posting_purchasing.post_goods_receipt)
_post.register(documents.LandedCost, posting_purchasing.post_landed_cost)
_post.register(documents.Bill, posting_purchasing.post_bill)
_post.register(documents.VendorCredit, posting_purchasing.post_vendor_credit)
_post.register(documents.Expense, posting_purchasing.post_expense)
_post.register(documents.StockCount, posting_stock.post_stock_count)
_post.register(documents.TransferSent, posting_stock.post_transfer_sent)
_post.register(documents.TransferReceived, posting_stock.post_transfer_received)
_post.register(documents.StockAdjustment, posting_stock.post_stock_adjustment)
_post.register(documents.ReturnableMove, posting_stock.post_returnable)
_post.register(documents.StockValuation, posting_stock.post_stock_valuation)
_post.register(documents.PartyMoney, posting_treasury.post_party_money)
_post.register(documents.MoneyTransfer, posting_treasury.post_money_transfer)
_post.register(documents.JournalEntry, posting_treasury.post_journal_entry)
_post.register(documents.ServiceOrder, posting_service_orders.post_service_order)
_post.register(documents.ServiceStep, posting_service_orders.post_service_step)
_post.register(documents.Reversal, _post_reversal)
