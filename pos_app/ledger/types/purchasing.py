"""The types of documents by which goods are bought, and what vendors charge."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import document_words as words
from pos_app.ledger import needs
from pos_app.ledger.invoicing import Bill, VendorCredit
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import purchasing as posting_purchasing
from pos_app.ledger.purchasing import GoodsReceipt, LandedCost, PurchaseOrder
from pos_app.ledger.rules import purchasing as rules_purchasing
from pos_app.ledger.treasury import Expense
from pos_app.ledger.types.document_type import DocumentType, always

PURCHASE_ORDER: Final = DocumentType(
    struct=PurchaseOrder,
    series="Q",
    check=rules_purchasing.check_purchase_order,
    post=posting_purchasing.post_purchase_order,
    needs=needs.just(Permission.PURCHASE),
    totals=figures.untaxed,
    lines=figures.ordered,
    voidable_without_shift=True,
)
GOODS_RECEIPT: Final = DocumentType(
    struct=GoodsReceipt,
    series="R",
    check=rules_purchasing.check_goods_receipt,
    post=posting_purchasing.post_goods_receipt,
    needs=needs.just(Permission.RECEIVE_GOODS),
    totals=figures.untaxed,
    lines=figures.received,
    continues="order_id",
    voidable_without_shift=True,
    has_receipt=True,
)
LANDED_COST: Final = DocumentType(
    struct=LandedCost,
    series="L",
    check=rules_purchasing.check_landed_cost,
    post=posting_purchasing.post_landed_cost,
    needs=needs.just(Permission.PURCHASE),
    totals=figures.only("total"),
    continues="receipt_id",
)
BILL: Final = DocumentType(
    struct=Bill,
    series="B",
    check=rules_purchasing.check_bill,
    post=posting_purchasing.post_bill,
    needs=needs.just(Permission.BILL),
    totals=figures.taxed,
    lines=figures.billed,
)
VENDOR_CREDIT: Final = DocumentType(
    struct=VendorCredit,
    series="W",
    check=rules_purchasing.check_vendor_credit,
    post=posting_purchasing.post_vendor_credit,
    needs=needs.just(Permission.BILL),
    totals=figures.taxed,
    lines=figures.billed,
    takes_back=True,
    continues="bill_id",
)
EXPENSE: Final = DocumentType(
    struct=Expense,
    series="X",
    check=rules_purchasing.check_expense,
    post=posting_purchasing.post_expense,
    needs=needs.expense,
    totals=figures.taxed_and_rounded,
    lines=figures.billed,
    pays_out=always,
    describe=words.spent,
    voidable_without_shift=True,
    has_receipt=True,
)

FAMILY: Final = (PURCHASE_ORDER, GOODS_RECEIPT, LANDED_COST, BILL, VENDOR_CREDIT, EXPENSE)
