"""Owns the question which currency: ours, or one that has a rate today."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.exchange_rate import rate_text
from pos_app.till.session.exchange import Rate
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet


def ask_currency(session: Session, title: str, rates: list[Rate], chosen: Callable[[str], object]) -> None:
    """Ask for one of the currencies; `chosen` is told its code."""
    home = session.till.currency.code
    rows = [Row(home, home, "", _("our own currency"))]
    rows += [
        Row(rate.currency.code, rate.currency.code, rate_text(rate.rate_micro), _("rate of today"))
        for rate in rates
    ]
    sheet = ChoiceSheet(session, title, "", _("Choose"), rows)

    def answer() -> Next:
        code = str(sheet.value() or home)
        return lambda: chosen(code)

    session.ask(sheet, answer)
