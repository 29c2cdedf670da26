"""Owns what is said once an invoice is written, from the basket or from a draft."""

from pos_app.language import _
from pos_app.till.session.recorded import Recorded
from pos_app.ui.parts.due import day_words
from pos_app.ui.session import Session


def show_invoice(session: Session, done: Recorded, due_on: int) -> None:
    """Say that an invoice is written, how much it is and when it is due."""
    words = _("Invoice, due {date}", date=day_words(due_on))
    session.ways.done(words, done.total, done)
