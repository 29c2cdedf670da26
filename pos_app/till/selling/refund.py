"""Refunds by receipt: take goods back at the price they were sold for, hand the money back.

A receipt is refunded at the terminal that made it, because only there is it known how much of it
was taken back already.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from pos_app.ledger import tax
from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import SERIES, Document, Refund, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, TenderKind
from pos_app.ledger.money import divide_half_up, round_to_cash
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import extend
from pos_app.store.documents import documents
from pos_app.till.selling import tendering
from pos_app.till.selling.basket import TenderEntry
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.done import Done
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Refundable:
    """A receipt and what of each line can still come back, in thousandths."""

    sale: Sale
    number: str
    left: tuple[int, ...]
    request_id: str

    @property
    def on_account(self) -> bool:
        """Whether it was put on the customer's account."""
        return any(tender.kind is TenderKind.ACCOUNT for tender in self.sale.tenders)


class Refunds:
    """Takes goods back against receipts of this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, printed: str) -> Refundable:
        """The receipt with this printed number.  Raises `Refused` with what to do."""
        terminal_no, series, number = parse_printed(printed)
        context = self._context
        if terminal_no != context.terminal.terminal_no:
            raise Refused(f"This receipt is from till {terminal_no}; it is refunded there.")
        if series != SERIES[Sale]:
            raise Refused("Only a receipt of a sale can be refunded; its number has an S.")
        with context.database.read() as connection:
            key = documents.key_of_number(connection, context.org_id, terminal_no, series, number)
            if key is None:
                raise Refused("There is no such receipt at this till; check the number.")
            return self._refundable(connection, key)

    def _refundable(self, connection: Connection, document_id: int) -> Refundable:
        context = self._context
        sale = documents.get(connection, context.org_id, document_id)
        if not isinstance(sale, Sale):
            raise Refused("Only a receipt of a sale can be refunded.")
        if documents.is_voided(connection, context.org_id, document_id):
            raise Refused("This receipt was voided; there is nothing to refund.")
        back = documents.refunded(connection, context.org_id, document_id)
        left = tuple(max(line.quantity - back.get(index, 0), 0) for index, line in enumerate(sale.lines))
        return Refundable(sale, context.printed(sale), left, new_request())

    def amount(self, receipt: Refundable, quantities: dict[int, int]) -> int:
        """What these quantities (line index to thousandths) are worth, in minor units."""
        return sum(line.net + line.tax for line in self._lines(receipt, quantities))

    def tenders_for(self, receipt: Refundable) -> tuple[TenderKind, ...]:
        """How the money may go back: what was on account goes back to the account."""
        if receipt.on_account:
            return (TenderKind.ACCOUNT,)
        if receipt.sale.party_id is not None:
            return (TenderKind.CASH, TenderKind.ACCOUNT)
        return (TenderKind.CASH,)

    def complete(
        self,
        receipt: Refundable,
        quantities: dict[int, int],
        tender: TenderKind,
        reason: str,
        approval: Approval | None = None,
    ) -> Done:
        """Record the refund; pressing twice gives the same one.

        Raises `Refused` or `NeedsApproval`; nothing is recorded then.
        """
        context = self._context
        person = context.need(Permission.SELL)
        approver = require(person, Action.REFUND, approval)
        if tender not in self.tenders_for(receipt):
            raise Refused("The money goes back the way it came; choose another way.")
        if not reason.strip():
            raise Refused("Say why the goods come back.")

        def build(connection: Connection) -> Document:
            # Looked up again inside the transaction: a second refund may have come in between.
            again = self._refundable(connection, receipt.sale.document_id)
            document = self._document(again, quantities, tender, reason, receipt.request_id)
            if tender is TenderKind.CASH:
                context.need_cash(connection, document.total + document.rounding)
            return msgspec.structs.replace(document, approver_id=approver.person_id if approver else None)

        return recording.record(context, receipt.request_id, build, kick=tender is TenderKind.CASH)

    def _lines(self, receipt: Refundable, quantities: dict[int, int]) -> tuple[GoodsLine, ...]:
        chosen = {index: quantity for index, quantity in quantities.items() if quantity}
        if not chosen:
            raise Refused("Choose at least one line to take back.")
        lines = []
        for index, quantity in sorted(chosen.items()):
            if not 0 <= index < len(receipt.left):
                raise Refused("This line is not on the receipt.")
            line = receipt.sale.lines[index]
            if not 0 < quantity <= receipt.left[index]:
                raise Refused(f"No more than what is left of “{line.description}” can come back.")
            before = line.quantity - receipt.left[index]
            whole = extend(line.unit_price, quantity)
            # What was paid for all that is back now, less what went back before: in however many
            # parts a line comes back, the parts add up to what the customer paid for it.
            discount = whole - (_paid(line, before + quantity) - _paid(line, before))
            discount = min(max(discount, -whole), whole)
            lines.append(
                msgspec.structs.replace(line, quantity=quantity, discount=discount, origin_line=index)
            )
        shares = tax.share_out([line.taxable() for line in lines])
        return tuple(
            msgspec.structs.replace(line, net=share.net, tax=share.tax)
            for line, share in zip(lines, shares, strict=True)
        )

    def _document(
        self, receipt: Refundable, quantities: dict[int, int], tender: TenderKind, reason: str, request: str
    ) -> Refund:
        context = self._context
        lines = self._lines(receipt, quantities)
        subtotal, tax_total = sum(line.net for line in lines), sum(line.tax for line in lines)
        total = subtotal + tax_total
        step = context.place.cash_step
        rounding = round_to_cash(total, step) - total if tender is TenderKind.CASH else 0
        entries = [TenderEntry(kind=tender, amount=total + rounding)] if total + rounding else []
        tenders, _ = tendering.as_lines(context, entries, 0, in_drawer=True)
        return Refund(
            **context.head(SERIES[Refund], request_id=request),
            shift=context.open_shift(),
            party_id=receipt.sale.party_id,
            clearing_account=receipt.sale.clearing_account,
            lines=lines,
            subtotal=subtotal,
            tax_total=tax_total,
            total=total,
            rounding=rounding,
            rounding_account=context.account(AccountRole.ROUNDING) if rounding else "",
            cash_step=step,
            tenders=tenders,
            original_id=receipt.sale.document_id,
            reason=reason.strip()[:200],
        )


def _paid(line: GoodsLine, quantity: int) -> int:
    """What was paid for so much of a line, in minor units, before tax on top."""
    return extend(line.unit_price, quantity) - divide_half_up(line.discount * quantity, line.quantity)
