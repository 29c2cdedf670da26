"""Owns the list of M-Pesa that came and no sale took, and the question to a customer's phone beside it."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.till.selling.came_in import Came
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.tender.phone_payment import PhonePayment
from pos_app.ui.tender_job import TenderJob

#: In minutes: so lately it came just now.
_JUST_NOW = 3
_PHONE = "phone"


class MpesaCame:
    """Shows what came; `taken` is called once it is a tender, `left` when none was chosen."""

    def __init__(self, session: Session, taken: Callable[[], object], left: Callable[[], object]) -> None:
        self._session, self._taken, self._left = session, taken, left
        self._phone = PhonePayment(session, taken, left)

    def keys(self, job: TenderJob | None) -> list[KeyAction]:
        """Its key, where payments are confirmed and money comes in."""
        if job is None or job.takings.hands_back or not self._session.till.came_in.is_told():
            return []
        return [KeyAction("F8", _("M-Pesa that came"), lambda: self.ask(job))]

    def ask(self, job: TenderJob) -> None:
        """Which of them is it?"""
        came = self._session.till.came_in.offered(job.takings)
        if not came:
            self._phone.ask(job)
            return
        due = self._session.money(job.takings.exact_due())
        phone = Row(
            _PHONE, _("Ask the customer's phone"), due, _("They type their PIN there"), icon="smartphone"
        )
        sheet = ChoiceSheet(
            self._session,
            _("M-Pesa that came"),
            _("Nobody took these yet. Enter takes the one that this customer paid."),
            _("Take"),
            [*(self._row(one) for one in came), phone],
        )
        sheet.setObjectName("mpesa-came")
        sheet.rejected.connect(self._left)
        known = {one.code: one for one in came}

        def answer() -> Next:
            if sheet.value() == _PHONE:
                return lambda: self._phone.ask(job)
            chosen = known.get(str(sheet.value()))
            return lambda: self._take(job, chosen)

        self._session.ask(sheet, answer)

    def _take(self, job: TenderJob, came: Came | None) -> None:
        if came is None:
            return
        took = self._session.attempt(lambda: self._session.till.came_in.take(job.takings, came))
        (self._taken if took else self._left)()

    def _row(self, came: Came) -> Row:
        fits = (Badge(_("What is due"), "ok"),) if came.fits else ()
        detail = " · ".join(part for part in (came.code, came.number, self._when(came)) if part)
        who = came.who or _("M-Pesa")
        return Row(came.code, who, self._session.money(came.amount), detail, fits, icon="smartphone")

    def _when(self, came: Came) -> str:
        minutes = int((self._session.till.now() - came.paid_at).total_seconds() // 60)
        if 0 <= minutes < _JUST_NOW:
            return _("just now")
        local = self._session.local(came.paid_at)
        if local.date() == self._session.local(self._session.till.now()).date():
            return self._session.clock_time(came.paid_at)
        return f"{local:%d %b %H:%M}"
