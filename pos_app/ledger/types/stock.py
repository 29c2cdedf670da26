"""The types of documents by which stock is moved, counted, adjusted and valued."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import needs
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import stock as posting_stock
from pos_app.ledger.rules import stock as rules_stock
from pos_app.ledger.stock import (
    ReturnableMove,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.types.document_type import DocumentType

STOCK_COUNT: Final = DocumentType(
    struct=StockCount,
    series="N",
    check=rules_stock.check_stock_count,
    post=posting_stock.post_stock_count,
    needs=needs.just(Permission.STOCK_COUNT),
    at_the_till=True,
    voidable_without_shift=True,
)
TRANSFER_SENT: Final = DocumentType(
    struct=TransferSent,
    series="T",
    check=rules_stock.check_transfer_sent,
    post=posting_stock.post_transfer_sent,
    needs=needs.just(Permission.TRANSFER_STOCK),
    lines=figures.sent,
    voidable_without_shift=True,
    has_receipt=True,
)
TRANSFER_RECEIVED: Final = DocumentType(
    struct=TransferReceived,
    series="E",
    check=rules_stock.check_transfer_received,
    post=posting_stock.post_transfer_received,
    needs=needs.just(Permission.TRANSFER_STOCK),
    lines=figures.arrived,
    continues="sent_id",
    voidable_without_shift=True,
    has_receipt=True,
)
STOCK_ADJUSTMENT: Final = DocumentType(
    struct=StockAdjustment,
    series="D",
    check=rules_stock.check_stock_adjustment,
    post=posting_stock.post_stock_adjustment,
    needs=needs.just(Permission.ADJUST_STOCK),
    voidable_without_shift=True,
)
RETURNABLE_MOVE: Final = DocumentType(
    struct=ReturnableMove,
    series="H",
    check=rules_stock.check_returnable,
    post=posting_stock.post_returnable,
    needs=needs.just(Permission.RETURNABLES),
    voidable_without_shift=True,
    has_receipt=True,
)
STOCK_VALUATION: Final = DocumentType(
    struct=StockValuation,
    series="F",
    check=rules_stock.check_stock_valuation,
    post=posting_stock.post_stock_valuation,
    needs=needs.just(Permission.VALUE_STOCK),
    sells=True,
)

FAMILY: Final = (
    STOCK_COUNT,
    TRANSFER_SENT,
    TRANSFER_RECEIVED,
    STOCK_ADJUSTMENT,
    RETURNABLE_MOVE,
    STOCK_VALUATION,
)
