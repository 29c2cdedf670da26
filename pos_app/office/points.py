"""Points in the office: given or taken by hand, with a reason.

Decisions
---------
2026-12-01  An adjustment is an entry by hand between what is owed in points and what bears them: who may
make entries may give points, the entry is on the customer's points and explains them, and no tier is
reached by it.  Nobody's points are taken below nothing by hand.
"""

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.line import PartyRole
from pos_app.ledger.loyalty import MOST_POINTS
from pos_app.ledger.making.journal_entry import journal_entry
from pos_app.ledger.money import grouped_text
from pos_app.ledger.rules.amounts import need_reason
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.master import programmes
from pos_app.store.receivables import points
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.columns import micros


def adjust(
    office: Office, customer: str, count: int, reason: str, occasion: PostingDetails | None = None
) -> Recorded:
    """Give a customer so many points, or take them (below nothing), at what a point pays now.

    Raises `Refused` without a reason, for none, for more than they have, and before any programme began.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        need_reason(reason, "points are given or taken")
        if not 0 < abs(count) <= MOST_POINTS:
            raise Refused("points-none-adjusted")
        party = books.party(customer, PartyRole.CUSTOMER)
        every = programmes.every(books.connection, books.org_id)
        worth = programmes.worth_now(every, micros(books.now))
        if not worth:
            raise Refused("loyalty-never-any")
        head = books.head_fields(occasion)
        amount, business_id = count * worth, head["business_id"]
        left = points.owed(books.connection, books.org_id, party.party_id, head["currency"])
        if amount < 0 and left + amount < 0:
            money = office.organisation.currency
            raise Refused("points-too-few", left=grouped_text(max(left, 0), money))
        lines = (
            EntryLine(
                business_id=business_id,
                account=books.account(AccountRole.POINTS_GIVEN, business_id),
                amount=amount,
            ),
            EntryLine(
                business_id=business_id,
                account=books.account(AccountRole.POINTS, business_id),
                amount=-amount,
                party_role=PartyRole.POINTS,
                party_id=party.party_id,
            ),
        )
        return journal_entry(head, EntryPurpose.MANUAL, reason, lines)

    return office.record(occasion, build)
