"""Owns what stands in the head of the basket: who buys, what they owe, hold of ours and have as deposits."""

from pos_app.language import _
from pos_app.ledger.quantity import quantity_text
from pos_app.till.receivables.customer import Left
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.points_words import points_words
from pos_app.ui.session import Session


def show_customer(session: Session, head: CustomerHead) -> None:
    """Say who buys the basket at hand.  Raises `Unavailable`."""
    party, till = session.basket.customer(), session.till
    if party is None:
        head.say(_("Cash customer"), _("F3 chooses a customer"), known=False)
        return
    owes = till.customers.owes(party)
    points = till.points.standing(party.party_id)
    contact = till.status().sync.balances_at
    parts = [
        _("owes {amount}", amount=session.money(owes)),
        left_words(session, till.customers.credit(party)),
        *_held(session, party.party_id),
    ]
    if points is not None:
        parts.append(points_words(points))
    if contact is not None:
        parts.append(_("as of {time}", time=session.clock_time(contact)))
    head.say(party.name, " · ".join(parts), known=True)


def left_words(session: Session, left: Left) -> str:
    """What is left of the limit, and why it is less than that."""
    if not left.shrunk:
        return _("{amount} left of limit", amount=session.money(left.known))
    return _(
        "{amount} of {whole} left: nothing heard of the centre for {hours} h",
        amount=session.money(left.now),
        whole=session.money(left.known),
        hours=left.hours,
    )


def _held(session: Session, party_id: int) -> list[str]:
    """How many cylinders and bottles of ours they hold, and what we owe them of deposits."""
    held = sum(level.quantity for level in session.till.returnables.held(party_id))
    deposits = session.till.chits.deposits_of(party_id)
    return [
        *([_("holds {count}", count=quantity_text(held))] if held else []),
        *([_("deposits {amount}", amount=session.money(deposits))] if deposits else []),
    ]
