"""Credit notes: an invoice of this till taken back, line by line, or a price that was too high.

An invoice is credited at the terminal that wrote it, because only there its lines are known; of any other
invoice the office writes the credit note.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from pos_app.ledger.document import SERIES, Document, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.line_parts import Gone, left_of, parts_of
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making.invoicing import Known
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.totals import totals_of
from pos_app.store.documents import documents
from pos_app.store.receivables import open_items
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Creditable:
    """An invoice and what of each line was credited already."""

    invoice: Invoice
    number: str
    gone: dict[int, Gone]
    request_id: str

    @property
    def left(self) -> tuple[int, ...]:
        """What of each line was not credited yet, in thousandths."""
        return tuple(max(one, 0) for one in left_of(self.invoice.lines, self.gone))


class CreditNotes:
    """Takes from invoices of this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, printed: str) -> Creditable:
        """The invoice with this printed number.  Raises `Refused` with what to do."""
        terminal_no, series, number = parse_printed(printed)
        context = self._context
        if terminal_no != context.terminal.terminal_no:
            raise Refused("invoice-of-other-till", terminal=terminal_no)
        if series != SERIES[Invoice]:
            raise Refused("only-invoices-credited")
        with context.database.read() as connection:
            key = documents.key_of_number(connection, context.org_id, terminal_no, series, number)
            if key is None:
                raise Refused("invoice-not-at-till")
            return self._creditable(connection, key)

    def amount(self, credited: Creditable, quantities: Mapping[int, int]) -> int:
        """What a credit note of these quantities comes to, in minor units of the invoice's currency.

        Raises `Refused` as `complete` does.
        """
        return totals_of(_lines(credited, quantities, goods_come_back=True)).total

    def complete(
        self,
        credited: Creditable,
        quantities: Mapping[int, int],
        reason: str,
        *,
        goods_come_back: bool = True,
        approval: Approval | None = None,
    ) -> Recorded:
        """Record the credit note of these quantities (line index to thousandths); twice gives the same one.

        Without `goods_come_back` the stock stays as it is: spoilt goods, a price too high.
        Raises `Refused` or `NeedsApproval`; nothing is recorded then.
        """
        context = self._context
        approver = require(context.need(Permission.INVOICE), Action.CREDIT_NOTE, approval)
        if not reason.strip():
            raise Refused("credit-without-reason")

        def build(connection: Connection) -> Document:
            # Looked up again inside the transaction: another credit note may have come in between.
            again = self._creditable(connection, credited.invoice.document_id)
            lines = _lines(again, quantities, goods_come_back=goods_come_back)
            items = open_items.of_invoice(connection, context.org_id, again.invoice.document_id)
            return making_invoicing.credit_note(
                context.head_fields(credited.request_id, approver=approver),
                context.accounts,
                again.invoice,
                Known(again.number, items[0].open if items else None),
                lines,
                reason=reason,
            )

        return recording.record(context, credited.request_id, build)

    def _creditable(self, connection: Connection, document_id: int) -> Creditable:
        context = self._context
        invoice = recording.named(connection, context, Invoice, document_id, "invoice")
        back = documents.refunded(connection, context.org_id, document_id)
        return Creditable(invoice, context.printed(invoice), back, new_request())


def _lines(credited: Creditable, quantities: Mapping[int, int], *, goods_come_back: bool) -> list[GoodsLine]:
    lines = parts_of(credited.invoice.lines, credited.gone, quantities, "invoice")
    return lines if goods_come_back else [msgspec.structs.replace(line, location_id=None) for line in lines]
