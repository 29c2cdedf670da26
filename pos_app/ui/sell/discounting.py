"""Owns what takes something off a line or all: by an amount, per cent, or what it shall come to."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.typed_discount import How, TypedDiscount, typed_discount
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.words import WordsSheet


class Discounting:
    """The question, and what it does; `changed` is told which line was touched (None: all)."""

    def __init__(self, session: Session, changed: Callable[[int | None], object]) -> None:
        self._session, self._changed = session, changed

    def ask_target(self, number: int | None) -> None:
        """What shall the line, or (None) the basket, come to?  With keys to tap."""
        session = self._session
        title = _("What it comes to") if number is not None else _("What all comes to")
        places = session.till.currency.exponent
        sheet = AmountSheet(session, title, _("The rest is taken off"), _("Set"), places=places)

        def answer() -> Next:
            return self._taking_off(number, TypedDiscount(How.TARGET, sheet.value()))

        session.ask(sheet, answer)

    def ask(self, number: int) -> None:
        """How much off this line?"""
        session = self._session
        what = session.basket.lines[number].description
        hint = _("50 off, 10% off, =900 is what it comes to")
        sheet = WordsSheet(session, _("Discount"), what, _("Set"), hint)

        def answer() -> Next:
            return self._taking_off(number, typed_discount(sheet.value(), session.till.currency))

        session.ask(sheet, answer)

    def _taking_off(self, number: int | None, typed: TypedDiscount) -> Callable[[], object]:
        """What takes it off, with somebody's leave where it is needed.  Raises `Refused`."""
        session = self._session
        if number is None:
            off = session.basket.off_all(typed)
            return lambda: session.attempt_approved(
                lambda approval: session.basket.discount_order(off, approval),
                lambda _none: self._changed(None),
                request=session.basket.state.request_id,
            )
        off = session.basket.off_line(number, typed)
        return lambda: session.attempt_approved(
            lambda approval: session.basket.set_discount(number, off, approval),
            lambda _none: self._changed(number),
            request=session.basket.state.request_id,
        )
