"""Checkout: from a basket and its tenders to a recorded sale, in one transaction.

With the document the basket is none any more (see `drafts`), and the print job comes in the same transaction;
printing and the drawer follow after the commit, never before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.goods_only import goods_of, paid_so
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import Cheque, TenderKind
from pos_app.ledger.making import selling as making_selling
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules import rules
from pos_app.ledger.tax import Taxed
from pos_app.ledger.totals import totals_of
from pos_app.store.master.people import Person
from pos_app.store.receivables import open_items
from pos_app.till.selling import allowed, points, refills, tendering
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.basket_state import CardAsked, TenderEntry
from pos_app.till.selling.credit import check_limit
from pos_app.till.selling.goods import approver_of, goods_lines, returnable_lines
from pos_app.till.selling.takings import Takings
from pos_app.till.selling.tendering import Due
from pos_app.till.session import recording
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate
from pos_app.till.session.parties import need_dealt_with
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
    def request_id(self) -> str:
        return self.basket.state.request_id

    @property
    def hands_back(self) -> bool:
        """Whether the customer brings back more than they take."""
        return self.basket.totals().total < 0

    @property
    def tenders(self) -> Sequence[TenderEntry]:
        return self.basket.tenders

    def goods_left(self) -> int:
        priced = zip(self.basket.lines, self.basket.taxed(), strict=True)
        goods = goods_of((line.tax_code, net + tax) for line, (net, tax) in priced)
        return max(goods - paid_so(self.basket.tenders), 0)

    def points_left(self) -> int:
        goods = 0 if self.hands_back else self.goods_left()
        if not goods:
            return 0
        with self._context.database.read() as connection:
            found = points.standing(self._context, connection, self.basket.state.party_id)
        used = sum(one.amount for one in self.basket.tenders if one.kind is TenderKind.POINTS)
        return 0 if found is None else min(max(found.owed - used, 0), goods)

    def deposit_left(self) -> int:
        party_id = self.basket.state.party_id
        if party_id is None or self.hands_back:
            return 0
        with self._context.database.read() as connection:
            home = self._context.place.currency.code
            held = open_items.deposited(connection, self._context.org_id, party_id, home).amount
        used = sum(one.amount for one in self.basket.tenders if one.kind is TenderKind.DEPOSIT)
        return min(max(held - used, 0), self.exact_due())

    def by_business(self) -> Mapping[int, int]:
        shares: dict[int, int] = {}
        for line, (net, tax) in zip(self.basket.lines, self.basket.taxed(), strict=True):
            shares[line.business_id] = shares.get(line.business_id, 0) + net + tax
        return {key: -amount for key, amount in shares.items()} if self.hands_back else shares

    def add_tender(
        self,
        kind: TenderKind,
        amount: int,
        reference: str = "",
        currency: str = "",
        business_id: int = 0,
        *,
        cheque: Cheque | None = None,
    ) -> Due:
        if currency not in ("", self.rate.currency.code) and self.hands_back:
            raise Refused("refund-in-own-currency", currency=self.rate.currency.code)
        return super().add_tender(kind, amount, reference, currency, business_id, cheque=cheque)

    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        kind = tenders[-1].kind
        if kind is TenderKind.ACCOUNT and self.basket.state.party_id is None:
            raise Refused("account-tender-without-customer")
        if self.hands_back and tendering.due(self.total, tenders, self.cash_step).change:
            raise Refused("refund-not-exact")
        if kind is TenderKind.MPESA:
            with self._context.database.read() as connection:
                tendering.need_unused(self._context, connection, tenders[-1:])

    def take_card(self, asked: CardAsked, slip: str) -> Due:
        """Take what the card terminal took, with the number of its slip; it is open no more then.

        Raises `Refused` where the basket is not so much any more.
        """
        entry = TenderEntry(kind=TenderKind.CARD, amount=asked.amount, reference=slip, terminal=asked.request)
        tenders = tendering.add_tender(
            self._context, self.total, self.tenders, entry, cash_step=self.cash_step
        )
        before, self.basket.state.card = self.basket.state.card, None
        try:
            self._keep(tenders)
        except BaseException:
            self.basket.state.card = before
            raise
        return self.due()

    def remove_tender(self, index: int) -> Due:
        if 0 <= index < len(self.tenders) and self.tenders[index].terminal:
            raise Refused("card-tender-stays", amount=self._said(self.tenders[index].amount))
        return super().remove_tender(index)

    def _said(self, minor: int) -> str:
        return grouped_text(minor, self._context.place.currency)

    def _keep(self, tenders: list[TenderEntry]) -> None:
        self.basket.set_tenders(tenders)

    def _forget(self, tenders: list[TenderEntry]) -> None:
        self.basket.state.tenders = tenders

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
        if self.basket.state.card is not None:
            raise Refused("card-payment-open", amount=self._said(self.basket.state.card.amount))
        # What was paid elsewhere was paid exactly: no coin of ours rounds history.
        cash_step = context.place.cash_step if history is None else 1
        taxed = self.basket.taxed()
        totals = self.basket.totals(taxed)
        due = tendering.due(abs(totals.total), self.basket.tenders, cash_step)
        if due.still_due:
            raise Refused("still-due", due=self._said(due.still_due))
        if totals.total < 0 and self.basket.state.order_id is not None:
            raise Refused("more-back-than-collected")
        person = context.need(Permission.SELL if history is None else Permission.IMPORT_HISTORY)
        approver = None
        # Goods taken back are a refund however much is bought beside them.
        if history is None and any(line.extended < 0 for line in self.basket.lines):
            back = sum(-(one.net + one.tax) for one in taxed if one.net < 0)
            approver = require(person, Action.REFUND, approval, back)
        if history is None:
            self.basket.follow_merged()
            self.basket.price_again(approval)
            self.basket.allow_past(approval)

        def build(connection: Connection) -> Document:
            over, allowed_by, head, shares = 0, approver, self._head(history), taxed
            if history is None:
                # With the same total only the tax in it may be another.
                if self.basket.need_current(connection, head["occurred_at"]):
                    shares = self.basket.taxed()
                self._use_rates_of(connection)
                self._check_drawer(connection, due, is_refund=totals.total < 0)
            if history is None and totals.total >= 0:
                if refills.lends(self.basket.state):
                    need_dealt_with(context, connection, self.basket.state.party_id)
                over, limit_by = self._check_limit(connection, person, approval)
                allowed_by = limit_by or approver
            return self._document(
                head,
                shares,
                due,
                allowed_by,
                history=history,
                over_limit=over,
                points_of=connection if history is None else None,
            )

        context.proving.lend(self.basket.state.request_id, allowed.keys(context, self.basket.state))
        done = recording.record(
            context,
            self.basket.state.request_id,
            build,
            paper=paper and history is None,
            kick=tendering.moves_cash(self.basket.tenders, due.change) and history is None,
        )
        self.basket.close()
        return done

    def rehearse(self, history: History) -> None:
        """Raise `Refused` where `complete` would refuse this history; record nothing."""
        taxed = self.basket.taxed()
        due = tendering.due(abs(self.basket.totals(taxed).total), self.basket.tenders, 1)
        rules.check(self._document(self._head(history), taxed, due, None, history=history))

    def _head(self, history: History | None) -> HeadFields:
        """What the document says of itself, with the moment that decides its rates."""
        state = self.basket.state
        head = self._context.head_fields(state.request_id, in_shift=history is None, note=state.note)
        head["note_inside"] = state.note_inside
        if history is not None:
            head["occurred_at"], head["note"], head["shift"] = history.occurred_at, history.note, None
        return head

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
        self,
        head: HeadFields,
        taxed: Sequence[Taxed],
        due: Due,
        approver: Person | None,
        *,
        history: History | None,
        over_limit: int = 0,
        points_of: Connection | None = None,
    ) -> Document:
        """The sale, or the refund when more comes back than goes out."""
        context, basket = self._context, self.basket
        is_sale, is_history = totals_of(taxed).total >= 0, history is not None
        lines = goods_lines(context, basket, taxed, 1 if is_sale else -1, is_history=is_history)
        tenders, change = tendering.as_lines(
            context, basket.tenders, due.change, in_drawer=not is_history, goes_out=not is_sale
        )
        if history is None:
            head["approver_id"] = approver_of(context, basket, approver)
        taken: making_selling.Taken = {
            "tenders": tenders,
            "change": change,
            "rounding": due.rounding,
            "cash_step": 1 if is_history else context.place.cash_step,
        }
        chits = making_selling.Chits(
            are_issued=not is_history, expires_on=0 if is_history else context.voucher_expiry()
        )
        party_id, returnables = basket.state.party_id, returnable_lines(context, basket)
        if not is_sale:
            return making_selling.refund(
                head, context.accounts, lines, taken, party_id=party_id, returnables=returnables, chits=chits
            )
        given = None
        if points_of is not None:
            given = points.given(
                context, points_of, points.Sold(party_id, lines, tenders, head["occurred_at"])
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
            chits=chits,
            points=given,
        )
