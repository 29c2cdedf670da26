"""Refunds by receipt: take goods back at the price they were sold for, hand the money back.

A receipt is refunded at the terminal that made it, because only there is it known how much of it
was taken back already.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from pos_app.ledger.document import SERIES, Document, Refund, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, TenderKind
from pos_app.ledger.line_parts import Gone, left_of, parts_of
from pos_app.ledger.making import selling as making_selling
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.totals import totals_of
from pos_app.store.documents import documents
from pos_app.store.master.people import Person
from pos_app.till.selling import tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Refundable:
    """A receipt and what of each line came back already."""

    sale: Sale
    number: str
    gone: dict[int, Gone]
    request_id: str

    @property
    def left(self) -> tuple[int, ...]:
        """What of each line can still come back, in thousandths."""
        return tuple(max(one, 0) for one in left_of(self.sale.lines, self.gone))

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
            raise Refused("receipt-of-other-till", terminal=terminal_no)
        if series != SERIES[Sale]:
            raise Refused("only-sales-refunded")
        with context.database.read() as connection:
            key = documents.key_of_number(connection, context.org_id, terminal_no, series, number)
            if key is None:
                raise Refused("receipt-not-at-till")
            return self._refundable(connection, key)

    def _refundable(self, connection: Connection, document_id: int) -> Refundable:
        context = self._context
        sale = documents.get(connection, context.org_id, document_id)
        if not isinstance(sale, Sale):
            raise Refused("not-a-sale")
        if documents.is_voided(connection, context.org_id, document_id):
            raise Refused("receipt-voided")
        back = documents.refunded(connection, context.org_id, document_id)
        return Refundable(sale, context.printed(sale), back, new_request())

    def amount(self, receipt: Refundable, quantities: dict[int, int]) -> int:
        """What these quantities (line index to thousandths) are worth, in minor units."""
        return totals_of(_lines(receipt, quantities)).total

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
    ) -> Recorded:
        """Record the refund; pressing twice gives the same one.

        Raises `Refused` or `NeedsApproval`; nothing is recorded then.
        """
        context = self._context
        person = context.need(Permission.SELL)
        approver = require(person, Action.REFUND, approval)
        if tender not in self.tenders_for(receipt):
            raise Refused("refund-by-other-way")
        if not reason.strip():
            raise Refused("refund-without-reason")

        def build(connection: Connection) -> Document:
            # Looked up again inside the transaction: a second refund may have come in between.
            again = self._refundable(connection, receipt.sale.document_id)
            again = replace(again, request_id=receipt.request_id)
            document = self._document(again, quantities, tender, reason, approver)
            if tender is TenderKind.CASH:
                context.need_cash(connection, document.total + document.rounding)
            return document

        return recording.record(context, receipt.request_id, build, kick=tender is TenderKind.CASH)

    def _document(
        self,
        receipt: Refundable,
        quantities: dict[int, int],
        tender: TenderKind,
        reason: str,
        approver: Person | None,
    ) -> Refund:
        context, sale = self._context, receipt.sale
        lines = _lines(receipt, quantities)
        total, step = totals_of(lines).total, context.place.cash_step
        rounding = round_to_cash(total, step) - total if tender is TenderKind.CASH else 0
        entries = [TenderEntry(kind=tender, amount=total + rounding)] if total + rounding else []
        tenders, change = tendering.as_lines(context, entries, 0, in_drawer=True)
        return making_selling.refund(
            context.head_fields(receipt.request_id, approver=approver, in_shift=True),
            context.accounts,
            lines,
            {"tenders": tenders, "change": change, "rounding": rounding, "cash_step": step},
            party_id=sale.party_id,
            original_id=sale.document_id,
            reason=reason,
        )


def _lines(receipt: Refundable, quantities: dict[int, int]) -> tuple[GoodsLine, ...]:
    return tuple(parts_of(receipt.sale.lines, receipt.gone, quantities, "receipt"))
