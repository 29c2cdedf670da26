"""Owns the word that more lies in the drawer than the depot wants there."""

from pos_app.language import _
from pos_app.ui.session import Session


def warn_of_much(session: Session) -> None:
    """Say it, where it is so; how much more lies there is not told."""
    most = session.till.drawer.holds_more_than()
    if most is not None:
        amount = session.money(most)
        session.warn(
            _("More than {amount} lies in the drawer: bring some to the safe, F8, F4.", amount=amount)
        )
