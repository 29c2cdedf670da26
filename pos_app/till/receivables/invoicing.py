"""Invoices on credit: from a basket or from a draft, due by the customer's terms or on a day of their own."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.day import later, to_date
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.head import reference_of
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making.invoicing import Due
from pos_app.ledger.permission import Permission
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts, invoice_drafts
from pos_app.store.journal.invoice_drafts import Draft, DraftLine, Limit, Poster
from pos_app.store.master.people import Party, Person
from pos_app.store.stock.stock_levels import Level
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.credit import check_limit
from pos_app.till.selling.goods import approver_of, goods_lines, returnable_lines
from pos_app.till.session import recording
from pos_app.till.session.context import Context
from pos_app.till.session.parties import party_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The window speaks of drafts as the till does, without knowing the store.
__all__ = ["Draft", "Invoicing"]


class Invoicing:
    """Writes invoices at the till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def issue(
        self,
        basket: Basket,
        *,
        due_on: int | None = None,
        terms_days: int | None = None,
        reference: str = "",
        approval: Approval | None = None,
    ) -> Recorded:
        """Record an invoice of a basket with a customer; pressing twice gives the same one.

        It is due on `due_on` (YYYYMMDD), or after `terms_days`, or by the customer's terms.  What goes
        beyond the credit limit needs a manager.  Raises `Refused` or `NeedsApproval`; the basket stays then.
        """
        context = self._context
        party_id = self._ready(basket)
        person = context.need(Permission.INVOICE)
        approver = self._credits(basket, person, approval)
        basket.price_again(approval)
        totals = basket.totals()

        def build(connection: Connection) -> Document:
            party = party_in(context, connection, party_id, PartyRole.CUSTOMER)
            over, limit_by = check_limit(
                context,
                connection,
                party_id=party_id,
                on_account=totals.total,
                person=person,
                approval=approval,
            )
            head = context.head_fields(basket.state.request_id)
            head["approver_id"] = approver_of(context, basket, limit_by or approver)
            days, due = self._due(party, due_on, terms_days)
            return making_invoicing.invoice(
                head,
                context.accounts,
                goods_lines(context, basket, 1),
                party_id=party_id,
                due=Due(due, days, reference),
                returnables=returnable_lines(context, basket),
                over_limit=over,
                order_id=basket.state.order_id,
            )

        def forget(connection: Connection, sealed: Sealed) -> None:
            drafts.delete(connection, context.org_id, basket.state.request_id)

        done = recording.record(context, basket.state.request_id, build, also=forget)
        basket.close()
        return done

    # --- drafts ------------------------------------------------------------------------------------

    def save_draft(
        self,
        basket: Basket,
        *,
        due_on: int | None = None,
        terms_days: int | None = None,
        reference: str = "",
    ) -> Draft:
        """Keep a basket as the draft of an invoice, under its own request; again changes it.

        The basket itself is put away.  Raises `Refused` when it is posted already.
        """
        context = self._context
        party_id = self._ready(basket)
        person = context.need(Permission.INVOICE)
        with context.database.write() as connection:
            party = party_in(context, connection, party_id, PartyRole.CUSTOMER)
            days, due = self._due(party, due_on, terms_days)
            draft = Draft(
                request_id=basket.state.request_id,
                kind="invoice",
                party_id=party_id,
                business_id=context.place.business.business_id,
                currency=context.place.currency.code,
                dated_on=context.today,
                due_on=due,
                terms_days=days,
                reference=reference_of(reference),
                lines=self._draft_lines(basket),
                person_id=person.person_id,
            )
            saved = invoice_drafts.save(connection, context.org_id, draft, context.clock.now())
            drafts.delete(connection, context.org_id, basket.state.request_id)
        basket.close()
        return saved

    def change_draft(self, draft: Draft, **changes: Any) -> Draft:
        """Keep a draft with some fields changed; its totals are made anew.  Raises `Refused`."""
        context = self._context
        context.need(Permission.INVOICE)
        with context.database.write() as connection:
            changed = replace(draft, **changes)
            return invoice_drafts.save(connection, context.org_id, changed, context.clock.now())

    def drafts(self) -> list[Draft]:
        """The drafts that wait at this till, newest first."""
        with self._context.database.read() as connection:
            return invoice_drafts.waiting(connection, self._context.org_id, "invoice")

    def give_up_draft(self, request_id: str) -> None:
        """Put a draft away.  Raises `Refused` when it is posted or not there."""
        context = self._context
        context.need(Permission.INVOICE)
        with context.database.write() as connection:
            invoice_drafts.give_up(connection, context.org_id, request_id, context.clock.now())

    def issue_draft(self, request_id: str, approval: Approval | None = None) -> Recorded:
        """Record the invoice of a draft, as it is dated and due; twice gives the same one.

        Raises `Refused` or `NeedsApproval`; the draft stays then.
        """
        context = self._context
        person = context.need(Permission.INVOICE)
        short: list[Level] = []

        def settled(connection: Connection, draft: Draft) -> Limit:
            total = draft.totals.total or 0
            over, allowed_by = check_limit(
                context,
                connection,
                party_id=draft.party_id,
                on_account=worth_of(total, draft.rate_micro),
                person=person,
                approval=approval,
            )
            return Limit(over, allowed_by.person_id if allowed_by else None)

        def finish(connection: Connection, sealed: Sealed) -> None:
            short.extend(recording.shortages(connection, context, sealed))
            recording.queue(connection, context, sealed, paper=True, kick=False)

        poster = Poster(
            person.person_id, context.terminal.depot_id, context.clock.now(), shift=context.shift_id
        )
        sealed = invoice_drafts.post(context.journal, request_id, poster, settled=settled, also=finish)
        return recording.done_of(context, sealed.document, tuple(short))

    # --- parts -------------------------------------------------------------------------------------

    def _ready(self, basket: Basket) -> int:
        """The customer of a basket that can be invoiced."""
        if not basket.lines:
            raise Refused("invoice-empty")
        if basket.state.party_id is None:
            raise Refused("invoice-without-customer")
        if basket.tenders:
            raise Refused("invoice-with-tenders")
        if basket.totals().total <= 0:
            raise Refused("invoice-not-positive")
        return basket.state.party_id

    def _credits(self, basket: Basket, person: Person, approval: Approval | None) -> Person | None:
        """Who allowed goods taken back on an invoice, which lowers what is owed as a credit note does."""
        if any(line.quantity < 0 for line in basket.lines):
            return require(person, Action.CREDIT_NOTE, approval)
        return None

    def _due(self, party: Party, due_on: int | None, terms_days: int | None) -> tuple[int, int]:
        """Terms in days and the day on which it is due."""
        today = self._context.today
        days = party.terms_days if terms_days is None else terms_days
        if not 0 <= days <= 3650:
            raise Refused("terms-implausible")
        if due_on is None:
            return days, later(today, days)
        if due_on < today:
            raise Refused("due-date-past", day=to_date(due_on).isoformat())
        to_date(due_on)
        return days, due_on

    def _draft_lines(self, basket: Basket) -> tuple[DraftLine, ...]:
        context = self._context
        if basket.state.returnables:
            raise Refused("draft-with-returnables")
        if basket.state.order_id is not None:
            raise Refused("draft-collects-order")
        if any(line.changed for line in basket.lines):
            raise Refused("draft-with-changed-prices")
        return tuple(
            DraftLine(
                description=line.description,
                business_id=line.business_id,
                account=context.account(AccountRole.REVENUE, line.business_id),
                quantity=line.quantity,
                unit_price=line.unit_price,
                unit=line.unit,
                tax_code=line.tax_code,
                tax_rate_bp=line.tax_rate_bp,
                tax_inclusive=line.tax_inclusive,
                tax_account=context.account(AccountRole.TAX_PAYABLE, line.business_id),
                product_id=line.product_id,
                sku=line.sku,
                location_id=context.location_id if line.stocked else None,
            )
            for line in basket.lines
        )
