"""Invoices on credit: from a basket or from a draft, due by the customer's terms or on a day of their own."""

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.currency import currency
from pos_app.ledger.day import later, to_date
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.head import reference_of
from pos_app.ledger.line import PartyRole
from pos_app.ledger.lot import is_past
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making.invoicing import Due
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, exact, list_price_fields, price_fields
from pos_app.ledger.quantity import extend
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import draft_rates, drafts, invoice_drafts
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft, Limit, Poster
from pos_app.store.master import catalogue, packs
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Party, Person
from pos_app.store.stock.stock_levels import Level
from pos_app.till.selling import allowed, refills
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.concession import Conceded, conceding, who_sells_past
from pos_app.till.selling.credit import check_limit
from pos_app.till.selling.goods import approver_of, goods_lines, returnable_lines
from pos_app.till.session import prices, recording
from pos_app.till.session.context import Context
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.parties import party_in
from pos_app.till.session.prices import Priced
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
        basket.allow_past(approval)
        totals = basket.totals()

        def build(connection: Connection) -> Document:
            head = context.head_fields(basket.state.request_id, note=basket.state.note)
            head["note_inside"] = basket.state.note_inside
            basket.need_current(connection, head["occurred_at"])
            party = party_in(context, connection, party_id, PartyRole.CUSTOMER)
            over, limit_by = check_limit(
                context,
                connection,
                party_id=party_id,
                on_account=totals.total,
                person=person,
                approval=approval,
            )
            head["approver_id"] = approver_of(context, basket, limit_by or approver)
            days, due = self._due(party, due_on, terms_days)
            return making_invoicing.invoice(
                head,
                context.accounts,
                goods_lines(context, basket, basket.taxed(), 1),
                party_id=party_id,
                due=Due(due, days, reference),
                returnables=returnable_lines(context, basket),
                over_limit=over,
                order_id=basket.state.order_id,
            )

        def forget(connection: Connection, sealed: Sealed) -> None:
            drafts.delete(connection, context.org_id, basket.state.request_id)

        context.proving.lend(basket.state.request_id, allowed.keys(context, basket.state))
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
            basket.need_current(connection, context.clock.now())
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
        """Keep a draft with some fields changed; dated anew it has the rates of that day.

        Its totals are made anew.  Raises `Refused`, also for a line that is cheaper than by the list where
        the person may not change prices.
        """
        context = self._context
        context.need(Permission.INVOICE)
        with context.database.write() as connection:
            changed = replace(draft, **changes)
            if changed.dated_on != draft.dated_on:
                changed = draft_rates.rated(connection, context.org_id, changed)
            if (changed.lines, changed.currency) != (draft.lines, draft.currency):
                lines = tuple(self._allowed(connection, changed, line) for line in changed.lines)
                changed = replace(changed, lines=lines)
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

        Raises `Refused` (also once where the rates of its day make another total, which the draft has from
        then on) or `NeedsApproval`; the draft stays then.
        """
        context = self._context
        person = context.need(Permission.INVOICE)
        self._rate_draft(request_id)
        self._price_draft(request_id, person, approval)
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
            # They may have passed their last day since the draft was kept.
            given = [line for line in draft.lines if line.quantity > 0]
            past = [line for line in given if is_past(line.expires_on, draft.dated_on)]
            sold_by = who_sells_past(past, person, approval) if past else None
            approver = next((one for one in (allowed_by, sold_by) if one not in (None, person)), None)
            return Limit(over, approver.person_id if approver else None)

        def finish(connection: Connection, sealed: Sealed) -> None:
            short.extend(recording.shortages(connection, context, sealed))
            recording.queue(connection, context, sealed, paper=True, kick=False)

        poster = Poster(
            person.person_id, context.terminal.depot_id, context.clock.now(), shift=context.shift_id
        )
        sealed = invoice_drafts.post(context.journal, request_id, poster, settled=settled, also=finish)
        context.leave_used()
        return recording.done_of(context, sealed.document, tuple(short))

    def _rate_draft(self, request_id: str) -> None:
        context = self._context
        with context.database.write() as connection:
            before = invoice_drafts.get(connection, context.org_id, request_id)
            now = draft_rates.rate_again(connection, context.org_id, request_id, context.clock.now())
        if before is not None and now is not None and now.totals != before.totals:
            money = currency(now.currency)
            raise Refused(
                "draft-total-changed",
                day=to_date(now.dated_on).isoformat(),
                before=grouped_text(before.totals.total or 0, money),
                now=grouped_text(now.totals.total or 0, money),
            )

    def _price_draft(self, request_id: str, person: Person, approval: Approval | None) -> None:
        """Have leave for prices that another allowed when the draft was kept: a name alone proves nothing.

        Who issues it takes them upon themselves where they may.  Raises `NeedsApproval`.
        """
        context = self._context
        with context.database.write() as connection:
            draft = invoice_drafts.get(connection, context.org_id, request_id)
            if draft is None or draft.document_id is not None:
                return
            others = [one for one in draft.lines if one.price_approver_id not in (None, person.person_id)]
            if not others:
                return
            try:
                allowed_by = require(person, Action.PRICE, approval) or person
            except NeedsApproval:
                asked = [_conceded(line) for line in others]
                raise conceding(asked, currency(draft.currency)) from None
            lines = tuple(
                msgspec.structs.replace(line, price_approver_id=allowed_by.person_id)
                if line in others
                else line
                for line in draft.lines
            )
            changed = replace(draft, lines=lines)
            invoice_drafts.save(connection, context.org_id, changed, context.clock.now())

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

    def _allowed(self, connection: Connection, draft: Draft, line: DraftLine) -> DraftLine:
        """A line of a draft, with who allows it where it is cheaper than by the list."""
        context, key = self._context, line.product_id
        product = None if key is None else catalogue.by_id(connection, context.shop(), key)
        if product is None:
            return line
        lines = [line, *(one for one in draft.lines if one.product_id == key and one is not line)]
        wanted = [
            Priced(product.product_id, one.quantity, _own_price(context, connection, product, one))
            for one in lines
        ]
        listed = prices.listed(context, connection, draft.party_id, wanted)[0].price
        if draft.rate_micro != RATE_ONE:
            listed = int(listed * RATE_ONE) // draft.rate_micro
        promised = line.discount if line.promotion_id is not None else 0
        if extend(listed, line.quantity) <= line.extended + promised:
            return line
        return msgspec.structs.replace(
            line,
            promotion_id=None,
            promotion="",
            **list_price_fields(None if line.price == listed else listed),
            price_approver_id=context.need(Permission.PRICE).person_id,
        )

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
        if basket.state.returnables or refills.lends(basket.state):
            raise Refused("draft-with-returnables")
        if basket.state.order_id is not None:
            raise Refused("draft-collects-order")
        if basket.state.note:
            # A draft has no place for it; a note that is lost without a word is worse than one written again.
            raise Refused("draft-with-note")
        if any(line.changed for line in basket.lines):
            raise Refused("draft-with-changed-prices")
        if any(line.meter_after is not None for line in basket.lines):
            # Until it is issued the next reading would begin where this one did.
            raise Refused("draft-with-readings")
        return tuple(
            DraftLine(
                description=line.description,
                business_id=line.business_id,
                account=context.accounts.sold(line.tax_code, line.business_id),
                quantity=line.quantity,
                **price_fields(line.price),
                unit=line.unit,
                tax_code=line.tax_code,
                tax_rate_bp=line.tax_rate_bp,
                tax_inclusive=line.tax_inclusive,
                tax_account=context.account(AccountRole.TAX_PAYABLE, line.business_id),
                product_id=line.product_id,
                sku=line.sku,
                location_id=context.location_id if line.stocked else None,
                batch=line.batch,
                expires_on=line.expires_on,
                # What was promised at the counter is kept, however long the invoice waits.
                discount=line.discount,
                promotion_id=line.promotion_id,
                promotion=line.promotion,
                pack=line.packed,
                note=line.note,
                note_inside=line.note_inside,
            )
            for line in basket.lines
        )


def _own_price(context: Context, connection: Connection, product: Product, line: DraftLine) -> Price:
    """What the product itself says that a line costs, in its packs where it is packed so still."""
    if line.pack is None:
        return product.price
    pack = packs.of_unit(connection, context.org_id, product.product_id, line.pack.unit)
    is_same = pack is not None and pack.packed.size == line.pack.size
    return pack.base(product.price) if pack is not None and is_same else product.price


def _conceded(line: DraftLine) -> Conceded:
    listed = line.price if line.list_price is None else exact(line.list_price, line.list_price_fine)
    return Conceded(line.description, line.quantity, listed, line.price, line.discount)
