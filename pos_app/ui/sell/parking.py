"""Owns putting a basket aside and taking one up again."""

from collections.abc import Callable

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.words import WordsSheet


class Parking:
    """The parked baskets of this till; `entered` is told that another basket is at hand."""

    def __init__(self, session: Session, entered: Callable[[], object]) -> None:
        self._session, self._entered = session, entered

    def rows(self) -> list[Row]:
        """The parked baskets, newest first."""
        try:
            drafts = self._session.till.baskets.parked()
        except BohariError:
            return []
        local = self._session.clock_time
        return [
            Row(
                draft.request_id,
                draft.label or _("Basket of {time}", time=local(draft.updated_at)),
                local(draft.updated_at),
                icon="pause",
            )
            for draft in drafts
        ]

    def park(self) -> None:
        """Put the basket aside, or, with an empty one, take a parked one up."""
        session = self._session
        if not session.basket.lines:
            self._choose()
            return
        explanation = plural(len(session.basket.lines), "{count} line", "{count} lines")
        sheet = WordsSheet(session, _("Park this basket"), explanation, _("Park"), _("Under which name?"))

        def answer() -> Next:
            session.basket.park(sheet.value())
            session.renew_basket()
            return self._entered

        session.ask(sheet, answer)

    def _choose(self) -> None:
        rows = self.rows()
        if not rows:
            self._session.warn(_("No basket is parked."))
            return
        sheet = ChoiceSheet(self._session, _("Parked baskets"), "", _("Take up"), rows)

        def answer() -> Next:
            self._take(str(sheet.value()))
            return self._taken_up

        self._session.ask(sheet, answer)

    def take_up(self, request_id: str) -> None:
        """Take this one up; the basket at hand must be empty."""
        self._session.attempt(lambda: self._take(request_id), lambda _done: self._taken_up())

    def _take(self, request_id: str) -> None:
        self._session.basket = self._session.till.baskets.take_up(request_id)

    def _taken_up(self) -> None:
        """What passed its last day while it was parked is asked about now, not in front of the money."""
        self._entered()
        basket = self._session.basket
        self._session.attempt_approved(
            basket.allow_past, lambda _done: self._entered(), request=basket.state.request_id
        )
