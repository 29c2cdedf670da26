"""Credit notes: an invoice of this till taken back, line by line, or a price that was too high.

An invoice is credited at the terminal that wrote it, because only there its lines are known; of any other
invoice the office writes the credit note.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from pos_app.ledger import tax
from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import SERIES, CreditNote, Document, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.line import GoodsLine, PartyRole
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import extend
from pos_app.ledger.settlement import base_of
from pos_app.store.documents import documents
from pos_app.store.receivables import open_items
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.done import Done
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Creditable:
    """An invoice and what of each line was not credited yet, in thousandths."""

    invoice: Invoice
    number: str
    left: tuple[int, ...]
    request_id: str


class CreditNotes:
    """Takes from invoices of this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, printed: str) -> Creditable:
        """The invoice with this printed number.  Raises `Refused` with what to do."""
        terminal_no, series, number = parse_printed(printed)
        context = self._context
        if terminal_no != context.terminal.terminal_no:
            raise Refused(f"This invoice is from till {terminal_no}; it is credited there, or in the office.")
        if series != SERIES[Invoice]:
            raise Refused("Only an invoice can be credited; its number has an I.")
        with context.database.read() as connection:
            key = documents.key_of_number(connection, context.org_id, terminal_no, series, number)
            if key is None:
                raise Refused("There is no such invoice at this till; check the number.")
            return self._creditable(connection, key)

    def amount(self, credited: Creditable, quantities: Mapping[int, int]) -> int:
        """What a credit note of these quantities comes to, in minor units of the invoice's currency.

        Raises `Refused` as `complete` does.
        """
        lines = _lines(credited, quantities, goods_come_back=True)
        return sum(line.net + line.tax for line in lines)

    def complete(
        self,
        credited: Creditable,
        quantities: Mapping[int, int],
        reason: str,
        *,
        goods_come_back: bool = True,
        approval: Approval | None = None,
    ) -> Done:
        """Record the credit note of these quantities (line index to thousandths); twice gives the same one.

        Without `goods_come_back` the stock stays as it is: spoilt goods, a price too high.
        Raises `Refused` or `NeedsApproval`; nothing is recorded then.
        """
        context = self._context
        approver = require(context.need(Permission.INVOICE), Action.CREDIT_NOTE, approval)
        if not reason.strip():
            raise Refused("Say why the invoice is credited.")

        def build(connection: Connection) -> Document:
            # Looked up again inside the transaction: another credit note may have come in between.
            again = self._creditable(connection, credited.invoice.document_id)
            invoice = again.invoice
            lines = _lines(again, quantities, goods_come_back=goods_come_back)
            subtotal, tax_total = sum(line.net for line in lines), sum(line.tax for line in lines)
            total = subtotal + tax_total
            base = self._base(connection, invoice, total)
            differs = invoice.currency != context.place.currency.code
            head = context.head(SERIES[CreditNote], request_id=credited.request_id, approver=approver)
            head |= {"currency": invoice.currency, "rate_micro": invoice.rate_micro}
            other = invoice.business_id != context.place.business.business_id
            return CreditNote(
                **head,
                shift=context.shift_id,
                clearing_account=context.account(AccountRole.CLEARING) if other else invoice.clearing_account,
                party_id=invoice.party_id,
                receivable_account=invoice.receivable_account,
                lines=lines,
                subtotal=subtotal,
                tax_total=tax_total,
                total=total,
                invoice_id=invoice.document_id,
                invoice_number=again.number,
                invoice_due_on=invoice.due_on,
                invoice_business_id=invoice.business_id if other else 0,
                base_amount=base,
                reason=reason.strip()[:200],
                difference_account=context.account(AccountRole.EXCHANGE_DIFFERENCE) if differs else "",
            )

        return recording.record(context, credited.request_id, build)

    def _creditable(self, connection: Connection, document_id: int) -> Creditable:
        context = self._context
        invoice = recording.named(connection, context, Invoice, document_id, "invoice")
        back = documents.refunded(connection, context.org_id, document_id)
        left = tuple(max(line.quantity - back.get(index, 0), 0) for index, line in enumerate(invoice.lines))
        return Creditable(invoice, context.printed(invoice), left, new_request())

    def _base(self, connection: Connection, invoice: Invoice, total: int) -> int:
        """By how much the invoice goes down in base currency: what is open of it in proportion, anything
        beyond (it was paid already) at the invoice's own rate.
        """
        found = open_items.to_pay(
            connection, self._context.org_id, PartyRole.CUSTOMER, invoice.party_id, invoice.currency
        )
        item = next((one for one in found if one.invoice_id == invoice.document_id), None)
        if item is None:
            return worth_of(total, invoice.rate_micro)
        inside = min(total, item.amount)
        return base_of(inside, item.amount, item.base_amount) + worth_of(total - inside, invoice.rate_micro)


def _lines(
    credited: Creditable, quantities: Mapping[int, int], *, goods_come_back: bool
) -> tuple[GoodsLine, ...]:
    chosen = {index: quantity for index, quantity in quantities.items() if quantity}
    if not chosen:
        raise Refused("Choose at least one line to credit.")
    lines = []
    for index, quantity in sorted(chosen.items()):
        if not 0 <= index < len(credited.left):
            raise Refused("This line is not on the invoice.")
        line = credited.invoice.lines[index]
        if not 0 < quantity <= credited.left[index]:
            raise Refused(f"No more than what is left of “{line.description}” can be credited.")
        whole = extend(line.unit_price, quantity)
        before = line.quantity - credited.left[index]
        # In however many parts a line is credited, the parts add up to what was charged for it.
        discount = whole - (_charged(line, before + quantity) - _charged(line, before))
        lines.append(
            msgspec.structs.replace(
                line,
                quantity=quantity,
                discount=min(max(discount, -whole), whole),
                origin_line=index,
                location_id=line.location_id if goods_come_back else None,
                meter_before=None,
                meter_after=None,
            )
        )
    shares = tax.share_out([line.taxable() for line in lines])
    return tuple(
        msgspec.structs.replace(line, net=share.net, tax=share.tax)
        for line, share in zip(lines, shares, strict=True)
    )


def _charged(line: GoodsLine, quantity: int) -> int:
    """What was charged for so much of a line, in minor units, before tax on top."""
    return extend(line.unit_price, quantity) - divide_half_up(line.discount * quantity, line.quantity)
