"""Owns the wait for a customer's phone: which one is asked, what it says, and the way on by the code."""

from collections.abc import Callable

from PySide6.QtCore import QTimer

from pos_app.language import _, said
from pos_app.ledger.errors import BohariError
from pos_app.till.selling.phone_asks import PhoneAsked, PhoneHeard
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.words import WordsSheet
from pos_app.ui.tender_job import TenderJob

_LOOK_MS = 300
_WIDTH = 560


class PhoneSheet(Sheet):
    """A phone was asked; `answered` is told what became of it.

    Esc only stops waiting: the sale goes on by the code of the message, or in another way.
    """

    def __init__(
        self, session: Session, asking: PhoneAsked, heard: Callable[[], PhoneHeard],
        answered: Callable[[PhoneHeard], object],
    ) -> None:  # fmt: skip
        self._heard, self._answered = heard, answered
        super().__init__(
            session.overlay_parent(),
            _(
                "{phone} is asked for {amount}",
                phone=asking.asked.phone,
                amount=session.money(asking.asked.amount),
            ),
            _("One moment"),
            _("By the code"),
            explanation=_("The customer types their M-Pesa PIN on their phone. Esc goes on by the code."),
            dismiss_name=_("Dismiss"),
            width=_WIDTH,
        )
        self.setObjectName("phone-payment")
        # The answer is the phone's: no key gives it here.
        self.primary.setEnabled(False)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.looked)
        self._look.start()

    def looked(self) -> None:
        """See whether the centre has told what became of it."""
        if self.isHidden():
            return
        heard = self._heard()
        if heard.waits:
            return
        self._look.stop()
        self.close_sheet()
        self._answered(heard)


class PhonePayment:
    """Asks a phone; `taken` is called once a tender is there, `left` when none is."""

    def __init__(self, session: Session, taken: Callable[[], object], left: Callable[[], object]) -> None:
        self._session, self._taken, self._left = session, taken, left

    def ask(self, job: TenderJob) -> None:
        """Which phone?"""
        title = _("Whose phone?")
        amount = self._session.money(job.takings.exact_due())
        explanation = _("It is asked for {amount}; the customer types their PIN there.", amount=amount)
        sheet = WordsSheet(self._session, title, explanation, _("Ask the phone"), _("0712 345 678"))
        sheet.setObjectName("whose-phone")
        sheet.rejected.connect(self._left)

        def answer() -> Next:
            asking = self._session.till.phone_asks.ask(job.takings, sheet.value(), job.takings.exact_due())
            return lambda: self._wait(job, asking)

        self._session.ask(sheet, answer)

    def _wait(self, job: TenderJob, asking: PhoneAsked) -> None:
        phones = self._session.till.phone_asks
        sheet = PhoneSheet(
            self._session,
            asking,
            lambda: phones.heard(asking),
            lambda heard: self._answered(job, asking, heard),
        )
        sheet.rejected.connect(self._left)
        self._session.show_sheet(sheet)

    def _answered(self, job: TenderJob, asking: PhoneAsked, heard: PhoneHeard) -> None:
        if not heard.code:
            self._left()
            self._session.refuse((heard.said or said("push-no-word")).spoken)
            return
        try:
            self._session.till.phone_asks.take(job.takings, asking, heard.code)
        except BohariError as error:
            self._left()
            self._session.refuse(error.sentence)
            return
        self._taken()
