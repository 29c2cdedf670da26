"""The types of documents that pay what is open, or end it otherwise."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import document_words as words
from pos_app.ledger import needs
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import settlement as posting_settlement
from pos_app.ledger.rules import settlement as rules_settlement
from pos_app.ledger.settlement import Payment, Settlement, VendorPayment, WriteOff
from pos_app.ledger.types.document_type import DocumentType, always

PAYMENT: Final = DocumentType(
    struct=Payment,
    series="P",
    check=rules_settlement.check_payment,
    post=posting_settlement.post_payment,
    needs=needs.payment,
    totals=figures.settled,
    describe=words.tenders,
    at_the_till=True,
    has_receipt=True,
)
VENDOR_PAYMENT: Final = DocumentType(
    struct=VendorPayment,
    series="Y",
    check=rules_settlement.check_vendor_payment,
    post=posting_settlement.post_vendor_payment,
    needs=needs.vendor_payment,
    totals=figures.settled,
    pays_out=always,
)
SETTLEMENT: Final = DocumentType(
    struct=Settlement,
    series="A",
    check=rules_settlement.check_settlement,
    post=posting_settlement.post_settlement,
    needs=needs.just(Permission.RECEIVE_PAYMENT),
    totals=figures.only("total"),
    voidable_without_shift=True,
    has_receipt=True,
)
WRITE_OFF: Final = DocumentType(
    struct=WriteOff,
    series="U",
    check=rules_settlement.check_write_off,
    post=posting_settlement.post_write_off,
    needs=needs.just(Permission.WRITE_OFF),
    totals=figures.only("total"),
)

FAMILY: Final = (PAYMENT, VENDOR_PAYMENT, SETTLEMENT, WRITE_OFF)
