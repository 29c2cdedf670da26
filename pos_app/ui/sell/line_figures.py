"""Owns the questions for the two figures of a line: how many, and at what price."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.price import PRICE_PLACES, fine_parts, of_fine_parts
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE, plain_quantity
from pos_app.till.session.errors import NeedsApproval
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet


class LineFigures:
    """Asks; `changed` is told which line was touched."""

    def __init__(self, session: Session, changed: Callable[[int | None], object]) -> None:
        self._session, self._changed = session, changed

    def ask_quantity(self, number: int) -> None:
        """How many of the line?"""
        entry = self._session.basket.lines[number]
        returned = entry.quantity < 0
        packed = entry.packed
        size = ONE if packed is None else packed.size
        shown = plain_quantity(abs(entry.quantity) * ONE // size)
        what = entry.description if packed is None else f"{entry.description} · {pack_words(packed)}"
        explanation = what + (f" · {_('comes back')}" if returned else "")
        sheet = AmountSheet(self._session, _("Quantity"), explanation, _("Set"), places=3, text=shown)

        def answer() -> Next:
            amount = min(sheet.value(), MOST_ON_A_LINE + 1)
            quantity = (-amount if returned else amount) * size // ONE
            self._session.till.catalogue.counted(entry.unit, quantity)
            try:
                self._session.basket.set_quantity(number, quantity)
            except NeedsApproval:
                # More of what was made cheaper: whoever allowed it did not allow that.
                return lambda: self._session.attempt_approved(
                    lambda approval: self._session.basket.set_quantity(number, quantity, approval),
                    lambda _none: self._changed(number),
                    request=self._session.basket.state.request_id,
                )
            return lambda: self._changed(number)

        self._session.ask(sheet, answer)

    def ask_price(self, number: int) -> None:
        """At what price?  A cashier needs a manager for it."""
        entry = self._session.basket.lines[number]
        sheet = AmountSheet(
            self._session,
            _("Price of one"),
            _(
                "{what}, list price {amount}",
                what=entry.description,
                amount=self._session.price(entry.list_price),
            ),
            _("Set"),
            places=self._session.till.currency.exponent,
            fine=PRICE_PLACES,
            start=fine_parts(entry.price),
        )

        def answer() -> Next:
            price = of_fine_parts(sheet.value())
            return lambda: self._session.attempt_approved(
                lambda approval: self._session.basket.set_price(number, price, approval),
                lambda _none: self._changed(number),
                request=self._session.basket.state.request_id,
            )

        self._session.ask(sheet, answer)
