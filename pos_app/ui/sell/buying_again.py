"""Owns what a customer bought before, one key away: the usual or a basket before, at today's prices."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.till.selling.usual_goods import Again, Before, need_some
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

#: So many goods of a basket are named in its row, the rest are counted.
_NAMED = 3


def again_words(goods: tuple[Again, ...]) -> str:
    """What is in a basket, in short."""
    named = [_of(one) for one in goods[:_NAMED]]
    more = len(goods) - len(named)
    return ", ".join(named) + (f" +{more}" if more else "")


def _of(goods: Again) -> str:
    packed = goods.packed
    if packed is None:
        return f"{quantity_text(goods.quantity)} {goods.description}"
    count = quantity_text(goods.quantity * ONE // packed.size)
    return f"{count} × {pack_words(packed)} {goods.description}"


def ask_again(session: Session, changed: Callable[[int | None], object]) -> None:
    """Which of what the customer bought before?  `changed` is called once it is in the basket."""
    try:
        party = session.basket.customer()
        if party is None:
            session.refuse(_("Choose the customer with F3 first; then what they bought before is here."))
            return
        found = need_some(session.till.usual_goods.of(party.party_id), party.name)
    except BohariError as error:
        session.refuse(error.sentence)
        return
    rows = [_row(session, at, one) for at, one in enumerate(found)]
    sheet = ChoiceSheet(session, _("Buy again"), party.name, _("Into the basket"), rows)

    def answer() -> Next:
        at = sheet.value()
        chosen = found[at if isinstance(at, int) else 0]
        left = session.till.usual_goods.put(session.basket, chosen.goods)
        return lambda: _told(session, left, changed)

    session.ask(sheet, answer)


def _row(session: Session, at: int, before: Before) -> Row:
    if before.at is None:
        return Row(at, _("The usual"), "", again_words(before.goods), icon="shopping-cart")
    day = session.local(before.at).strftime("%d.%m.%y %H:%M")
    return Row(at, _("Of {day}", day=day), "", again_words(before.goods), icon="receipt")


def _told(session: Session, left: list[str], changed: Callable[[int | None], object]) -> None:
    lines = len(session.basket.lines)
    changed(lines - 1 if lines else None)
    if left:
        session.warn(_("Not sold any more: {what}.", what=", ".join(left)))
