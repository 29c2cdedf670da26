"""Owns the question who buys, asked in front of the money: what goes on an account needs a name.

Decisions
---------
2026-12-01  On account without a customer asks for one at once instead of refusing: name and two Enters are
the sale.  The customer's own prices hold from then on, so the total is shown anew before the last Enter.
"""

from collections.abc import Callable

from pos_app.till.receivables.customer import Party
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.finding import ask_customer


def ask_buyer(session: Session, chosen: Callable[[], object]) -> None:
    """Ask for a customer; the basket at hand is theirs when `chosen` is called.

    What the sheet refuses (a basket with another's meter) is said in it.
    """

    def bought_by(party: Party) -> Next:
        session.basket.set_customer(party)
        return chosen

    ask_customer(session, bought_by)
