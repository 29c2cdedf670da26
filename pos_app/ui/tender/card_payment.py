"""Owns the wait for the card terminal, and the question to a person when nobody knows what became of it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from PySide6.QtCore import QTimer

from pos_app.language import _
from pos_app.ledger.errors import BohariError, Refused
from pos_app.till.selling.card_desk import CardAnswer, CardAsked, CardResult
from pos_app.till.selling.checkout import Checkout
from pos_app.till.selling.takings import Takings
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.words import WordsSheet

_LOOK_MS = 20
_WIDTH = 560
_AGAIN, _PAID, _NOT_PAID = "again", "paid", "not-paid"


@cache
def _waits() -> ThreadPoolExecutor:
    """Where the terminal is waited for, one payment after the other."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="card")


class CardSheet(Sheet):
    """The terminal has an amount; `answered` is told what it says.

    It is not finished here but there: Esc only stops waiting, and what becomes of it stays to be asked.
    """

    def __init__(
        self,
        session: Session,
        amount: int,
        running: Future[CardAnswer],
        answered: Callable[[CardAnswer], object],
    ) -> None:
        self._running, self._answered = running, answered
        super().__init__(
            session.overlay_parent(),
            _("The card terminal has {amount}", amount=session.money(amount)),
            _("One moment"),
            _("Stop waiting"),
            explanation=_("The customer holds the card to it. To cancel, cancel it there."),
            dismiss_name=_("Dismiss"),
            width=_WIDTH,
        )
        # The answer is the terminal's: no key gives it here.
        self.primary.setEnabled(False)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._looked)
        self._look.start()

    def waiting(self) -> bool:
        """Whether nothing was answered yet."""
        return not self._running.done()

    def _looked(self) -> None:
        if self.waiting() or self.isHidden():
            return
        self._look.stop()
        answer = self._running.result()
        self.close_sheet()
        self._answered(answer)


class CardPayment:
    """Asks the card for what is due; `taken` is called once a tender is there, `left` when none is."""

    def __init__(self, session: Session, taken: Callable[[], object], left: Callable[[], object]) -> None:
        self._session, self._taken, self._left = session, taken, left

    def begin(self, takings: Takings, amount: int) -> bool:
        """Ask for an amount in minor units, but first what became of one that is open; says whether it does.

        Not where there is no terminal, nor for what is no basket: there the number of a slip is typed.
        """
        cards = self._session.till.cards
        if not isinstance(takings, Checkout) or takings.hands_back or not (cards.is_there and amount):
            return False
        if self.resolve(takings):
            return True
        try:
            asked = cards.begin(takings, amount)
        except BohariError as error:
            self._session.refuse(error.sentence)
            return True
        self._wait(takings, asked, lambda: cards.pay(asked))
        return True

    def resolve(self, takings: Takings) -> bool:
        """Ask what became of the payment that is open; says whether one is."""
        asked = takings.basket.state.card if isinstance(takings, Checkout) else None
        if asked is None or not isinstance(takings, Checkout):
            return False
        self._wait(takings, asked, lambda: self._session.till.cards.ask(asked))
        return True

    def _wait(self, checkout: Checkout, asked: CardAsked, act: Callable[[], CardAnswer]) -> None:
        running = _waits().submit(act)
        sheet = CardSheet(
            self._session, asked.amount, running, lambda answer: self._answered(checkout, asked, answer)
        )
        self._session.show_sheet(sheet)

    def _answered(self, checkout: Checkout, asked: CardAsked, answer: CardAnswer) -> None:
        try:
            known = self._session.till.cards.settle(checkout, asked, answer)
        except BohariError as error:
            self._session.refuse(error.sentence)
            self._left()
            return
        if not known:
            self._ask_person(checkout, asked)
        elif answer.result is CardResult.APPROVED:
            self._taken()
        else:
            self._left()
            self._session.refuse(_said(answer))

    # -- nobody knows ----------------------------------------------------------------------------

    def _ask_person(self, checkout: Checkout, asked: CardAsked) -> None:
        rows = [
            Row(_AGAIN, _("Ask the terminal again"), "", _("It may know by now"), icon="rotate-ccw"),
            Row(_PAID, _("It was paid"), "", _("Its slip says so"), icon="circle-check"),
            Row(_NOT_PAID, _("It was not paid"), "", _("Its slip says so, or there is none"), icon="x"),
        ]
        sheet = ChoiceSheet(
            self._session,
            _("Was the card charged {amount}?", amount=self._session.money(asked.amount)),
            _("The terminal did not answer. Look at its slip; nothing is asked of the card a second time."),
            _("Choose"),
            rows,
        )
        sheet.rejected.connect(self._left)

        def answer() -> Next:
            if sheet.value() == _PAID:
                return lambda: self._ask_slip(checkout, asked)
            if sheet.value() == _NOT_PAID:
                return lambda: self._decided(checkout, asked, "")
            return lambda: self.resolve(checkout)

        self._session.ask(sheet, answer)

    def _ask_slip(self, checkout: Checkout, asked: CardAsked) -> None:
        title = _("Number of the slip")
        sheet = WordsSheet(self._session, title, self._session.money(asked.amount), _("It was paid"), title)
        sheet.rejected.connect(self._left)

        def answer() -> Next:
            slip = sheet.value()
            if not slip:
                raise Refused("card-slip-missing")
            return lambda: self._decided(checkout, asked, slip)

        self._session.ask(sheet, answer)

    def _decided(self, checkout: Checkout, asked: CardAsked, slip: str) -> None:
        then = self._taken if slip else self._left
        if not self._session.attempt(
            lambda: self._session.till.cards.decide(checkout, asked, slip), lambda _none: then()
        ):
            self._left()


def _said(answer: CardAnswer) -> str:
    """Why nothing was taken."""
    if answer.result is CardResult.UNSENT:
        return _("The card terminal cannot be reached; nothing was taken. Look at it, or pay another way.")
    if answer.words:
        return _("The card was declined: {words}", words=answer.words)
    return _("The card was declined; nothing was taken.")
