"""The credit limit: whether what goes on a customer's account stays within it."""

from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.aged_credit import CreditAges, still_given
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.store.documents import terminal
from pos_app.store.master import people
from pos_app.store.master.people import Party, Person
from pos_app.store.receivables import open_items
from pos_app.till.session.context import Context
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval, require


def check_limit(
    context: Context,
    connection: Connection,
    *,
    party_id: int,
    on_account: int,
    person: Person,
    approval: Approval | None,
) -> tuple[int, Person | None]:
    """By how much an amount (home currency) goes beyond the customer's limit, and who approved that.

    What they owe in other currencies counts at what it is worth in the books.
    Raises `Refused` for a customer who is gone, `NeedsApproval` when the limit does not suffice, or what of
    it counts still with a balance that is old (see `ledger.aged_credit`).
    """
    party = people.party(connection, context.org_id, party_id)
    if party is None or not party.active:
        raise Refused("customer-inactive")
    money = context.place.currency
    owes = open_items.in_base(connection, context.org_id, PartyRole.CUSTOMER, party_id)
    over = owes + on_account - party.credit_limit
    left = left_of(context, connection, party, owes)
    if on_account <= left.now:
        return 0, None
    # Whoever may exceed the limit is asked all the same: it must not happen by a slip.
    if approval is None or approval.of(Action.OVER_LIMIT) is None:
        now, amount = grouped_text(left.now, money), grouped_text(on_account, money)
        if not left.shrunk:
            raise NeedsApproval(
                "credit-limit-exceeded",
                Action.OVER_LIMIT.value,
                on_account,
                name=party.name,
                left=now,
                amount=amount,
            )
        raise NeedsApproval(
            "credit-aged",
            Action.OVER_LIMIT.value,
            on_account,
            name=party.name,
            whole=grouped_text(left.known, money),
            hours=left.hours,
            left=now,
            amount=amount,
        )
    # Within the limit itself only the age of the balance stood in the way: nothing goes beyond it.
    return max(over, 0), require(person, Action.OVER_LIMIT, approval)


class Left(NamedTuple):
    """What of a limit may still be sold on, in minor units: as known, and now, with the balance so old."""

    known: int
    now: int
    age_s: int | None

    @property
    def shrunk(self) -> bool:
        """Whether it is less for the age of the balance."""
        return self.now < self.known

    @property
    def hours(self) -> str:
        """How old the balance is, in whole hours; "?" where the centre was never heard of."""
        return _hours(self.age_s)


def left_of(context: Context, connection: Connection, party: Party, owes: int) -> Left:
    """What a customer who owes so much may still be sold on account."""
    known = max(party.credit_limit - owes, 0)
    rules = context.place.rules
    ages = CreditAges(rules[HouseRule.CREDIT_WHOLE_HOURS], rules[HouseRule.CREDIT_NONE_HOURS])
    known_at = terminal.balances_at(connection)
    # A clock that was set back makes nothing younger than now.
    age_s = None if known_at is None else max(int((context.clock.now() - known_at).total_seconds()), 0)
    return Left(known, still_given(known, age_s, ages), age_s)


def _hours(age_s: int | None) -> str:
    return "?" if age_s is None else str(age_s // 3_600)
