"""Owns what a customer is shown: a value, so that nothing reaches their window that does not stand in it.

No name of a customer, no balance, no limit, no price of purchase, and nothing of a screen that is not theirs.
"""

from dataclasses import dataclass
from typing import Final

from pos_app.ledger.quantity import quantity_text
from pos_app.ui.session import Session


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it stands on the receipt too: what, how many at how much, what it comes to."""

    what: str
    how_many: str
    amount: str


@dataclass(frozen=True, slots=True)
class CustomerView:
    """What stands there now; any of it may be empty.  `figure` is large, `code` is what the QR says."""

    lines: tuple[ShownLine, ...] = ()
    words: str = ""
    figure: str = ""
    detail: str = ""
    code: str = ""


#: As the choice of a screen: whichever is not the till's own.
ANY_OTHER: Final = "other"
#: Nobody is being served: the shop's own picture.
IDLE = CustomerView()


def basket_view(session: Session, words: str) -> CustomerView:
    """The basket at hand, as who pays it may see it; `words` stand above its total."""
    basket = session.basket
    if not basket.lines:
        return IDLE
    lines = tuple(
        ShownLine(
            entry.description,
            f"{quantity_text(entry.quantity)} × {session.price(entry.price)}",
            session.money(entry.extended),
        )
        for entry in basket.lines
    )
    return CustomerView(lines, words, session.money(basket.totals().total))
