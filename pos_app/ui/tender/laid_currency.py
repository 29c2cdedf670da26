"""Owns the question in which currency money is laid down: the one that is taken today, or one of several."""

from collections.abc import Callable

from pos_app.language import _, said
from pos_app.ledger.errors import BohariError
from pos_app.till.session.exchange import Rate
from pos_app.ui.parts.foreign_money import choices
from pos_app.ui.parts.foreign_money import rows as currency_rows
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.tender_job import TenderJob


class LaidCurrency:
    """Asks; `laid` is told the rate of what lies on the counter (None: the currency that is paid)."""

    def __init__(self, session: Session, laid: Callable[[Rate | None], object]) -> None:
        self._session, self._laid = session, laid

    def ask(self, job: TenderJob, now: Rate | None) -> None:
        """In which currency, where `now` is the one in the field?"""
        home = self._session.till.currency.code
        if job.takings.hands_back:
            self._session.refuse(
                said("refund-in-own-currency", currency=job.takings.rate.currency.code).spoken
            )
            return
        try:
            others = choices(self._session, job.takings.rate)
        except BohariError as error:
            self._session.refuse(error.sentence)
            return
        if not others:
            self._session.refuse(
                _("No other currency has a rate today; take {currency}, or ask the office.", currency=home)
            )
        elif len(others) == 1:
            self._laid(others[0] if now is None else None)
        else:
            self._ask_which(job, others, now)

    def _ask_which(self, job: TenderJob, others: list[Rate], now: Rate | None) -> None:
        rows = currency_rows(job.takings.rate, others)
        explanation = _(
            "One unit in {currency}, as the office set it", currency=self._session.till.currency.code
        )
        sheet = ChoiceSheet(self._session, _("In which currency?"), explanation, _("Set"), rows)
        # Whoever presses the key means another than the one in the field.
        sheet.list.select(others[0].currency.code if now is None else rows[0].key)
        known = {rate.currency.code: rate for rate in others}

        def answer() -> Next:
            code = sheet.value()
            return lambda: self._laid(known.get(str(code)))

        self._session.ask(sheet, answer)
