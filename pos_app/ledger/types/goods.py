"""The types of documents over goods and services sold: sales, refunds, invoices, credit notes."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import document_words as words
from pos_app.ledger import needs
from pos_app.ledger.invoicing import CreditNote, Invoice
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import goods as posting_goods
from pos_app.ledger.rules import goods as rules_goods
from pos_app.ledger.trade import Refund, Sale
from pos_app.ledger.types.document_type import DocumentType, always

SALE: Final = DocumentType(
    struct=Sale,
    series="S",
    check=rules_goods.check_sale,
    post=posting_goods.post_sale,
    needs=needs.sale,
    totals=figures.taxed_and_rounded,
    lines=figures.goods,
    continues="order_id",
    describe=words.goods,
    at_the_till=True,
    has_receipt=True,
    sells=True,
)
REFUND: Final = DocumentType(
    struct=Refund,
    series="C",
    check=rules_goods.check_refund,
    post=posting_goods.post_refund,
    needs=needs.refund,
    totals=figures.taxed_and_rounded,
    lines=figures.goods,
    takes_back=True,
    pays_out=always,
    continues="original_id",
    describe=words.goods,
    at_the_till=True,
    has_receipt=True,
    sells=True,
)
INVOICE: Final = DocumentType(
    struct=Invoice,
    series="I",
    check=rules_goods.check_invoice,
    post=posting_goods.post_invoice,
    needs=needs.invoice,
    totals=figures.taxed,
    lines=figures.goods,
    continues="order_id",
    describe=words.goods,
    has_receipt=True,
    sells=True,
)
CREDIT_NOTE: Final = DocumentType(
    struct=CreditNote,
    series="K",
    check=rules_goods.check_credit_note,
    post=posting_goods.post_credit_note,
    # What it credits was charged: the prices are the invoice's.
    needs=needs.just(Permission.CREDIT_NOTE),
    totals=figures.taxed,
    lines=figures.goods,
    takes_back=True,
    continues="invoice_id",
    describe=words.reason,
    has_receipt=True,
    sells=True,
)

FAMILY: Final = (SALE, REFUND, INVOICE, CREDIT_NOTE)
