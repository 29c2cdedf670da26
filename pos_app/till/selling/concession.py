"""What a manager is asked to give away: which line, how much of it, at which price, and how much that is."""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.discount_limit import right_for
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission, covering
from pos_app.ledger.price import Price, price_text
from pos_app.ledger.quantity import extend, quantity_text
from pos_app.store.master.people import Person
from pos_app.till.selling.basket_state import BasketLine
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval, require

_MOST_NAMED: Final = 3


class Conceded(NamedTuple):
    """A line at another price than the list's: thousandths, and minor units."""

    what: str
    quantity: int
    list_price: Price
    unit_price: Price
    discount: int = 0

    @property
    def given_away(self) -> int:
        """By how much it is cheaper than by the list; below 0 it is dearer.

        Of goods that come back it is by how much more is paid for them.
        """
        return extend(self.list_price, self.quantity) - extend(self.unit_price, self.quantity) + self.discount


def conceding(lines: Sequence[Conceded], money: Currency) -> NeedsApproval:
    """The question for these lines."""
    action = Action.PRICE.value
    worth = sum(max(line.given_away, 0) for line in lines)
    given = grouped_text(worth, money)
    if len(lines) > 1:
        return NeedsApproval("prices-need-approval", action, worth, count=len(lines), given=given)
    line = lines[0]
    what, quantity = line.what[:40], quantity_text(line.quantity)
    price, listed = price_text(line.unit_price, money), price_text(line.list_price, money)
    if not line.discount:
        return NeedsApproval(
            "price-needs-approval",
            action,
            worth,
            what=what,
            quantity=quantity,
            price=price,
            listed=listed,
            given=given,
        )
    return NeedsApproval(
        "discount-needs-approval",
        action,
        worth,
        what=what,
        quantity=quantity,
        price=price,
        listed=listed,
        discount=grouped_text(line.discount, money),
        given=given,
    )


class Packed(Protocol):
    """A line of goods whose pack said when they end."""

    @property
    def description(self) -> str: ...
    @property
    def batch(self) -> str: ...
    @property
    def expires_on(self) -> int | None: ...


def who_sells_past(lines: Sequence[Packed], person: Person, approval: Approval | None) -> Person:
    """Who allows that these goods are sold past their last day.  Raises `NeedsApproval`, which names them."""
    try:
        return require(person, Action.PRICE, approval) or person
    except NeedsApproval:
        raise selling_past(lines) from None


def selling_past(lines: Sequence[Packed]) -> NeedsApproval:
    """The question for goods that are past their last day."""
    goods = [
        f"{line.description[:40]} {line.batch} ({to_date(line.expires_on).isoformat()})".replace("  ", " ")
        for line in lines[:_MOST_NAMED]
        if line.expires_on is not None
    ]
    more = "; …" if len(lines) > _MOST_NAMED else ""
    return NeedsApproval("past-expiry-needs-approval", Action.PRICE.value, goods="; ".join(goods) + more)


def conceded(line: BasketLine) -> Conceded:
    """What is asked of a line of the basket."""
    off = line.discount_by_hand
    return Conceded(line.description, line.quantity, line.list_price, line.unit_price, off)


def within_own(line: BasketLine, may: frozenset[str]) -> bool:
    """Whether what a line of the basket is cheaper than by the list is within somebody's own discount.

    The right to change prices is none: the house may want another person's approval for it.
    """
    right = right_for(line.list_price, line.unit_price, line.quantity, line.discount_by_hand)
    return any(one.value in may for one in covering(right) if one is not Permission.PRICE)


def given_away(line: BasketLine) -> int:
    """By how much a line of the basket is cheaper than by the list, in minor units."""
    return conceded(line).given_away


def price_note(line: BasketLine) -> str:
    """Price and discount for the audit log, in minor units; who allowed them where they are changed."""
    figures: dict[str, object] = {"unit_price": line.unit_price, "discount": line.discount_by_hand}
    if line.changed:
        figures["allowed_by"] = line.price_approver
    return json.dumps(figures, default=str)
