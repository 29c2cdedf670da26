"""Any document as a PDF: invoices and goods on A4, everything else as its slip."""

from dataclasses import replace

from sqlalchemy import Connection

from pos_app.devices.pdf import to_pdf
from pos_app.ledger.document import (
    CreditNote,
    GoodsReceipt,
    Invoice,
    PurchaseOrder,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.errors import Refused
from pos_app.reports.slips import invoice_pdf
from pos_app.reports.slips.goods_pdf import goods_pdf
from pos_app.reports.slips.letterhead import letterhead_of, names_of
from pos_app.reports.slips.receipt import receipt
from pos_app.store.documents import documents
from pos_app.store.master import locations
from pos_app.store.report_queries import invoice_history


def of_key(
    connection: Connection, org_id: int, document_id: int, copy_no: int = 0, *, delivery_note: bool = False
) -> bytes:
    """The PDF of the document with this key; with `delivery_note` the one of an invoice's goods.

    Raises `Refused` for a document that is not there, and for a delivery note of what is no invoice.
    """
    document = documents.get(connection, org_id, document_id)
    if document is None:
        raise Refused("document-not-in-books")
    if delivery_note and not isinstance(document, Invoice):
        raise Refused("not-an-invoice-to-draw")
    if isinstance(document, Invoice | CreditNote) and not delivery_note:
        return invoice_pdf.of_key(connection, org_id, document_id, copy_no)
    head, names = letterhead_of(connection, document), names_of(connection, document)
    if isinstance(document, PurchaseOrder | GoodsReceipt | TransferSent | TransferReceived | Invoice):
        if isinstance(document, TransferReceived):
            sent = documents.get(connection, org_id, document.sent_id)
            if isinstance(sent, TransferSent):
                place = locations.name_of(connection, org_id, sent.from_location)
                names = replace(names, came_from=place)
        party_id: int | None = getattr(document, "party_id", None)
        to = invoice_history.addressee(connection, org_id, party_id) if party_id else None
        return goods_pdf(document, head, names, to, copy_no)
    return to_pdf(receipt(document, head, names, copy_no=copy_no))
