"""Checkout: from a basket and its tenders to a recorded sale, in one transaction.

The basket goes and the print job comes in the same transaction; printing and the drawer follow
after the commit, never before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making import selling as making_selling
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules import rules
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts
from pos_app.store.master.people import Person
from pos_app.till.selling import tendering
from pos_app.till.selling.basket import Basket, Totals
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.credit import check_limit
from pos_app.till.selling.goods import approver_of, goods_lines, returnable_lines
from pos_app.till.selling.takings import Takings
from pos_app.till.selling.tendering import Due
from pos_app.till.session import recording
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

__all__ = ["Checkout", "History", "Recorded"]


@dataclass(frozen=True)
class History:
    """How a sale from another system differs: its own moment, no drawer, no credit limit, no paper."""

    occurred_at: datetime
    note: str


class Checkout(Takings):
    """Takes the money for one basket, which keeps the tenders.

    When the customer brings back more than they take (`hands_back`), it is the shop that pays: the same
    figures in the other direction.
    """

    of_basket = True

    def __init__(self, context: Context, basket: Basket) -> None:
        super().__init__(context, Rate(context.place.currency, RATE_ONE, RATE_ONE))
        self.basket = basket
        self.cash_step = context.place.cash_step

    @property
    def total(self) -> int:
        return abs(self.basket.totals().total)

    @property
    def hands_back(self) -> bool:
        """Whether the customer brings back more than they take."""
        return self.basket.totals().total < 0

    @property
    def tenders(self) -> Sequence[TenderEntry]:
        return self.basket.tenders

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        if currency not in ("", self.rate.currency.code) and self.hands_back:
            raise Refused("refund-in-own-currency", currency=self.rate.currency.code)
        return super().add_tender(kind, amount, reference, currency)

    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        kind, reference = tenders[-1].kind, tenders[-1].reference
        if kind is TenderKind.ACCOUNT and self.basket.state.party_id is None:
            raise Refused("account-tender-without-customer")
        if self.hands_back and tendering.due(self.total, tenders, self.cash_step).change:
            raise Refused("refund-not-exact")
        if kind is TenderKind.MPESA and self.reference_used(reference):
            raise Refused("mpesa-code-used", code=reference)

    def _keep(self, tenders: list[TenderEntry]) -> None:
        self.basket.set_tenders(tenders)

    def reference_used(self, reference: str) -> bool:
        """Whether a recorded tender carries this code already."""
        with self._context.database.read() as connection:
            used = documents.reference_used(connection, self._context.org_id, reference.strip().upper())
        return used is not None

    def complete(
        self, approval: Approval | None = None, *, paper: bool = True, history: History | None = None
    ) -> Recorded:
        """Record the sale.  Pressing twice gives the same document.

        Raises `Refused` (nothing in the basket, not all paid, credit limit), `NeedsApproval` (a
        manager may exceed the limit), `Unavailable` (disk).  Nothing is recorded then.
        """
        context = self._context
        if not self.basket.lines:
            raise Refused("basket-empty")
        # What was paid elsewhere was paid exactly: no coin of ours rounds history.
        cash_step = context.place.cash_step if history is None else 1
        totals = self.basket.totals()
        due = tendering.due(abs(totals.total), self.basket.tenders, cash_step)
        if due.still_due:
            raise Refused("still-due", due=grouped_text(due.still_due, context.place.currency))
        if totals.total < 0 and self.basket.state.order_id is not None:
            raise Refused("more-back-than-collected")
        person = context.need(Permission.SELL if history is None else Permission.IMPORT_HISTORY)
        approver = None
        # Goods taken back are a refund however much is bought beside them.
        if history is None and any(line.extended < 0 for line in self.basket.lines):
            approver = require(person, Action.REFUND, approval)
        if history is None:
            self.basket.price_again(approval)

        def build(connection: Connection) -> Document:
            over, allowed_by = 0, approver
            if history is None:
                self._check_drawer(connection, due, is_refund=totals.total < 0)
            if history is None and totals.total >= 0:
                over, limit_by = self._check_limit(connection, person, approval)
                allowed_by = limit_by or approver
            return self._document(totals, due, allowed_by, history, over)

        def forget(connection: Connection, sealed: Sealed) -> None:
            drafts.delete(connection, context.org_id, self.basket.state.request_id)

        cash = any(entry.kind is TenderKind.CASH for entry in self.basket.tenders)
        done = recording.record(
            context,
            self.basket.state.request_id,
            build,
            paper=paper and history is None,
            kick=cash and history is None,
            also=forget,
        )
        self.basket.close()
        return done

    def rehearse(self, history: History) -> None:
        """Raise `Refused` where `complete` would refuse this history; record nothing."""
        totals = self.basket.totals()
        due = tendering.due(abs(totals.total), self.basket.tenders, 1)
        rules.check(self._document(totals, due, None, history, 0))

    def _check_drawer(self, connection: Connection, due: Due, *, is_refund: bool) -> None:
        """Raise `Refused` when the drawer holds less than is handed back."""
        if is_refund:
            tendering.need_to_pay(self._context, connection, self.basket.tenders)
        else:
            tendering.need_change(self._context, connection, self.basket.tenders, due.change)

    def _check_limit(
        self, connection: Connection, person: Person, approval: Approval | None
    ) -> tuple[int, Person | None]:
        """By how much the sale goes beyond the customer's limit, and who approved that, where needed."""
        on_account = sum(entry.amount for entry in self.basket.tenders if entry.kind is TenderKind.ACCOUNT)
        party_id = self.basket.state.party_id
        if not on_account or party_id is None:
            return 0, None
        return check_limit(
            self._context,
            connection,
            party_id=party_id,
            on_account=on_account,
            person=person,
            approval=approval,
        )

    def _document(
        self, totals: Totals, due: Due, approver: Person | None, history: History | None, over_limit: int
    ) -> Document:
        """The sale, or the refund when more comes back than goes out."""
        context, basket = self._context, self.basket
        is_sale, is_history = totals.total >= 0, history is not None
        lines = goods_lines(context, basket, 1 if is_sale else -1, is_history=is_history)
        tenders, change = tendering.as_lines(context, basket.tenders, due.change, in_drawer=not is_history)
        head = context.head_fields(basket.state.request_id, in_shift=not is_history)
        if history is None:
            head["approver_id"] = approver_of(context, basket, approver)
        else:
            head["occurred_at"], head["note"], head["shift"] = history.occurred_at, history.note, None
        taken: making_selling.Taken = {
            "tenders": tenders,
            "change": change,
            "rounding": due.rounding,
            "cash_step": 1 if is_history else context.place.cash_step,
        }
        party_id, returnables = basket.state.party_id, returnable_lines(context, basket)
        if not is_sale:
            return making_selling.refund(
                head, context.accounts, lines, taken, party_id=party_id, returnables=returnables
            )
        return making_selling.sale(
            head,
            context.accounts,
            lines,
            taken,
            party_id=party_id,
            returnables=returnables,
            over_limit=over_limit,
            order_id=basket.state.order_id,
        )
