"""Owns the question for which business something is, where no goods say it."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet


def ask_business(session: Session, explanation: str, then: Callable[[int], object]) -> None:
    """Ask it, with the depot's own business marked; who has one business is not asked."""
    place = session.till.place
    own = place.business
    others = [one for one in place.at_work if one.business_id != own.business_id]
    if not others:
        then(0)
        return
    rows = [Row(one.business_id, one.name, one.code, icon="store") for one in (own, *others)]
    sheet = ChoiceSheet(session, _("For which business?"), explanation, _("Choose"), rows)
    sheet.list.select(own.business_id)

    def answer() -> Next:
        key = sheet.value()
        return lambda: then(key if isinstance(key, int) else 0)

    session.ask(sheet, answer)
