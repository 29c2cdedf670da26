"""The credit limit: whether what goes on a customer's account stays within it."""

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.store.master import people
from pos_app.store.master.people import Person
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
    Raises `Refused` for a customer who is gone, `NeedsApproval` when the limit does not suffice.
    """
    party = people.party(connection, context.org_id, party_id)
    if party is None or not party.active:
        raise Refused("customer-inactive")
    money = context.place.currency
    owes = open_items.in_base(connection, context.org_id, PartyRole.CUSTOMER, party_id)
    over = owes + on_account - party.credit_limit
    if over <= 0:
        return 0, None
    # Whoever may exceed the limit is asked all the same: it must not happen by a slip.
    if approval is None or approval.of(Action.OVER_LIMIT) is None:
        left = max(party.credit_limit - owes, 0)
        raise NeedsApproval(
            "credit-limit-exceeded",
            action=Action.OVER_LIMIT.value,
            name=party.name,
            left=grouped_text(left, money),
            amount=grouped_text(on_account, money),
        )
    return over, require(person, Action.OVER_LIMIT, approval)
