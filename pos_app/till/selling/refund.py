"""Refunds by receipt: take goods back at the price they were sold for, hand the money back.

A receipt is refunded at the terminal that made it, because only there is it known how much of it
was taken back already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs
from sqlalchemy import Connection

from pos_app.ledger.document import SERIES, Document, Refund, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.handing_back import Handed, Receipt, smallest
from pos_app.ledger.line import GoodsLine, Tender, TenderKind
from pos_app.ledger.line_parts import Gone, left_of, parts_of
from pos_app.ledger.making import selling as making_selling
from pos_app.ledger.making.tenders import tender_reference
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.totals import totals_of
from pos_app.ledger.ways_back import Part, Purse, came_by, cash_instead, exact_parts, left_by, open_ways
from pos_app.store.documents import documents
from pos_app.store.master.people import Person
from pos_app.till.selling import cylinders_back, points, tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Refundable:
    """A receipt, what of each line came back already, and what was handed back for that."""

    sale: Sale
    number: str
    gone: dict[int, Gone]
    handed: Handed
    gone_by: dict[Purse, int]
    request_id: str

    @property
    def left(self) -> tuple[int, ...]:
        """What of each line can still come back, in thousandths."""
        return tuple(max(one, 0) for one in left_of(self.sale.lines, self.gone))

    @property
    def left_by(self) -> dict[Purse, int]:
        """What of its money can still go back by each way."""
        return left_by(came_by(self.sale), self.gone_by)


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
        handed = documents.handed_back(connection, context.org_id, document_id)
        gone_by = documents.handed_back_by(connection, context.org_id, document_id)
        return Refundable(sale, context.printed(sale), back, handed, gone_by, new_request())

    def amount(
        self, receipt: Refundable, quantities: dict[int, int], tender: TenderKind = TenderKind.CASH
    ) -> int:
        """What is handed back in this way for these quantities (index to thousandths), in minor units."""
        return sum(part.amount for part in self.parts(receipt, quantities, tender))

    def parts(
        self, receipt: Refundable, quantities: dict[int, int], tender: TenderKind = TenderKind.CASH
    ) -> list[Part]:
        """What goes back by which way: by the one that is chosen as far as it goes, then by the others."""
        return self._parts(receipt, totals_of(_lines(receipt, quantities)).total, tender)

    def _parts(self, receipt: Refundable, goods: int, tender: TenderKind) -> list[Part]:
        """One split for screen, slip and books, of goods that cost so much."""
        sale, step, left = receipt.sale, self._step(receipt), receipt.left_by
        # What came back in the same basket was no money: all that was given out can come back.
        cost = sum(line.gross for line in sale.lines if line.quantity > 0)
        coin = smallest(step, self._context.place.currency)
        money = Receipt(Handed(cost, sale.rounding), receipt.handed, step, coin)
        counter = Purse(TenderKind.CASH, self._context.tender_account(TenderKind.CASH))
        if tender is TenderKind.CASH:
            parts = [Part(counter, money.coins_back(goods))]
        elif not any(purse.kind is tender for purse, amount in left.items() if amount):
            # A customer has on their account what came otherwise.
            parts = [Part(Purse(tender, self._context.tender_account(tender)), money.exact_back(goods))]
        else:
            parts = exact_parts(left, goods, tender)
            exact = sum(part.amount for part in parts)
            if exact < goods:
                parts.append(Part(counter, money.coins_back(goods, exact)))
        return [part for part in parts if part.amount]

    def cash_instead(
        self, receipt: Refundable, quantities: dict[int, int], tender: TenderKind = TenderKind.CASH
    ) -> int:
        """How much of that goes back in cash for what came another way, in minor units."""
        return _instead(receipt, self.parts(receipt, quantities, tender))

    def _step(self, receipt: Refundable) -> int:
        """To what the cash of a receipt and of its refunds is rounded, in minor units."""
        return max(self._context.place.cash_step, receipt.sale.cash_step)

    def tenders_for(self, receipt: Refundable) -> tuple[TenderKind, ...]:
        """How the money may go back, the way it came first (see `ledger.ways_back`)."""
        has_party = receipt.sale.party_id is not None
        ways = open_ways(receipt.left_by, has_party=has_party)
        return ways or open_ways(came_by(receipt.sale), has_party=has_party) or (TenderKind.CASH,)

    def complete(
        self,
        receipt: Refundable,
        quantities: dict[int, int],
        tender: TenderKind,
        reason: str,
        approval: Approval | None = None,
        *,
        references: Mapping[TenderKind, str] | None = None,
    ) -> Recorded:
        """Record the refund; pressing twice gives the same one.

        `tender` is the way that goes first, `references` the codes and slips of what is sent: M-Pesa needs
        the code of the message that sends it, several with commas where several tills send.  Cash for what
        came another way needs who may take cash out.  Raises `Refused` or `NeedsApproval`; nothing is
        recorded then.
        """
        context = self._context
        person = context.need(Permission.SELL)
        if tender not in self.tenders_for(receipt):
            raise Refused("refund-by-other-way")
        worth = totals_of(_lines(receipt, quantities)).total
        approver = self._approver(person, approval, worth, instead=False)
        if not reason.strip():
            raise Refused("refund-without-reason")
        if self.cash_instead(receipt, quantities, tender):
            approver = self._approver(person, approval, worth, instead=True)

        def build(connection: Connection) -> Document:
            # Looked up again inside the transaction: a second refund may have come in between.
            again = self._refundable(connection, receipt.sale.document_id)
            again = replace(again, request_id=receipt.request_id)
            document = self._document(
                again,
                quantities,
                tender,
                reason=reason,
                approver=approver,
                references=references or {},
                connection=connection,
            )
            cash = sum(one.amount for one in document.tenders if one.kind is TenderKind.CASH)
            if cash:
                context.need_cash(connection, cash)
            return document

        kick = any(part.purse.kind is TenderKind.CASH for part in self.parts(receipt, quantities, tender))
        return recording.record(context, receipt.request_id, build, kick=kick)

    def _approver(
        self, person: Person, approval: Approval | None, worth: int, *, instead: bool
    ) -> Person | None:
        """Who allowed it, where the person may not by themselves.  Raises `NeedsApproval`.

        One approval is for both: goods taken back, and cash out of the drawer for what came another way.
        """
        needed = [Action.REFUND, Action.CASH_OUT] if instead else [Action.REFUND]
        lacking = [action for action in needed if action.value not in person.may]
        if approval is not None and approval.action in (Action.REFUND, Action.CASH_OUT):
            allows, who = self._context.allows, approval.person.person_id
            if all(allows(who, action.value) for action in lacking):
                return approval.person
        if lacking and instead:
            raise NeedsApproval("refund-in-cash-needs-approval", Action.CASH_OUT.value, worth)
        return require(person, Action.REFUND, approval, worth)

    def _document(
        self,
        receipt: Refundable,
        quantities: dict[int, int],
        tender: TenderKind,
        *,
        reason: str,
        approver: Person | None,
        references: Mapping[TenderKind, str],
        connection: Connection,
    ) -> Refund:
        context, sale = self._context, receipt.sale
        lines = _lines(receipt, quantities)
        total = totals_of(lines).total
        parts = self._parts(receipt, total, tender)
        entries = _entries(sale, parts, references)
        tenders, change = tendering.as_lines(context, entries, 0, in_drawer=True, goes_out=True)
        tenders += _onto_vouchers(sale, parts)
        return making_selling.refund(
            context.head_fields(receipt.request_id, approver=approver, in_shift=True),
            context.accounts,
            lines,
            {
                "tenders": tenders,
                "change": change,
                "rounding": sum(part.amount for part in parts) - total,
                "cash_step": self._step(receipt),
            },
            party_id=sale.party_id,
            returnables=cylinders_back.back(connection, context.org_id, sale, receipt.gone, quantities),
            original_id=sale.document_id,
            cash_instead=_instead(receipt, parts),
            reason=reason,
            points=points.back(context, connection, sale, points.TakenBack(lines, tenders, receipt.gone)),
        )


def _instead(receipt: Refundable, parts: Sequence[Part]) -> int:
    coins = sum(part.amount for part in parts if part.purse.kind is TenderKind.CASH)
    return cash_instead(receipt.left_by, coins)


def _entries(sale: Sale, parts: Sequence[Part], references: Mapping[TenderKind, str]) -> list[TenderEntry]:
    """The parts as tenders, out of the accounts to which they came, with their codes.  Raises `Refused`."""
    of = {Purse(one.kind, one.account): one.business_id for one in sale.tenders}
    waiting = {kind: [one for one in typed.split(",") if one.strip()] for kind, typed in references.items()}
    entries = []
    for part in parts:
        kind = part.purse.kind
        if kind is TenderKind.VOUCHER:
            continue
        typed = waiting[kind].pop(0) if waiting.get(kind) else ""
        entries.append(
            TenderEntry(
                kind=kind,
                amount=part.amount,
                reference=tender_reference(kind, typed),
                business_id=of.get(part.purse, 0),
            )
        )
    return entries


def _onto_vouchers(sale: Sale, parts: Sequence[Part]) -> tuple[Tender, ...]:
    """What goes back onto the vouchers that paid."""
    paid = {one.reference: one for one in sale.tenders if one.kind is TenderKind.VOUCHER}
    return tuple(
        [
            structs.replace(paid[part.purse.account], amount=part.amount)
            for part in parts
            if part.purse.kind is TenderKind.VOUCHER
        ]
    )


def _lines(receipt: Refundable, quantities: dict[int, int]) -> tuple[GoodsLine, ...]:
    return tuple(parts_of(receipt.sale.lines, receipt.gone, quantities, "receipt"))
