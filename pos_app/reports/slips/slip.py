"""The body of a receipt for the documents of the books: what was bought, moved or written by hand.

A till prints it when it records one; the office prints A4 (`invoice_pdf`).  Money that moves beside trade has
its own (`money_slip`).
"""

from pos_app.devices.paper import Block, Columns, Rule, Text
from pos_app.language import printed
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import (
    Bill,
    GoodsReceipt,
    Head,
    JournalEntry,
    PurchaseOrder,
    ServiceOrder,
    ServiceStep,
    StockAdjustment,
    TransferReceived,
    TransferSent,
    VendorCredit,
)
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.slips.service_slip import service_slip
from pos_app.reports.slips.titles import reason_words


def slip(document: Head, money: Currency) -> list[Block]:
    """Lines, and the total where there is one."""
    if isinstance(document, ServiceOrder | ServiceStep):
        return service_slip(document, money)
    blocks = _lines(document, money)
    total = getattr(document, "total", getattr(document, "amount", None))
    if isinstance(total, int):
        blocks += [Rule()] if blocks else []
        blocks.append(
            Columns(
                printed("Total {currency}", currency=money.code),
                grouped_text(total, money),
                bold=True,
                size=2,
            )
        )
    for allocation in getattr(document, "allocations", ()):
        number = allocation.invoice_number or printed("an invoice")
        blocks.append(Columns(printed("For {number}", number=number), grouped_text(allocation.amount, money)))
    reason = getattr(document, "reason", "")
    if reason:
        blocks.append(Text(printed("Reason: {reason}", reason=reason_words(str(reason)))))
    return [*blocks, *([Text(document.note)] if document.note else [])]


def _lines(document: Head, money: Currency) -> list[Block]:
    match document:
        case Bill() | VendorCredit():
            return [Columns(line.description, grouped_text(line.gross, money)) for line in document.lines]
        case PurchaseOrder() | GoodsReceipt():
            return [
                Columns(
                    f"{quantity_text(line.quantity)} × {line.description or _product(line.product_id)}",
                    grouped_text(line.net, money),
                )
                for line in document.lines
            ]
        case TransferSent() | StockAdjustment():
            return [
                Columns(_product(line.product_id), quantity_text(line.quantity)) for line in document.lines
            ]
        case TransferReceived():
            return [
                Columns(
                    _product(line.product_id),
                    printed(
                        "{count} of {all}", count=quantity_text(line.received), all=quantity_text(line.sent)
                    ),
                )
                for line in document.lines
            ]
        case JournalEntry():
            return [Text(document.description), *_entry(document, money)]
        case _:
            lines = getattr(document, "lines", ())
            return [Columns(printed("Lines"), str(len(lines)))] if lines else []


def _product(product_id: int) -> str:
    return printed("Product {number}", number=product_id)


def _part(received: str, sent: str) -> str:
    return printed("{count} of {all}", count=received, all=sent)


def _entry(document: JournalEntry, money: Currency) -> list[Block]:
    return [
        Columns(line.account, grouped_text(line.amount, currency(line.currency) if line.currency else money))
        for line in document.lines
    ]
