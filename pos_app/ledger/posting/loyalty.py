"""What points do to the books: owed to the customer, off revenue, and counted towards the tiers of a year."""

from pos_app.ledger.head import Head
from pos_app.ledger.line import PartyRole, Points
from pos_app.ledger.posting.lines import PostingLine
from pos_app.ledger.posting.posting import OpenItem


def points_entries(
    document: Head, points: Points | None, party_id: int | None, direction: int
) -> list[PostingLine]:
    """Points that are given (`direction` 1) or taken back (-1), at what they can pay."""
    if points is None or not points.points:
        return []
    own, amount = document.business_id, direction * points.amount
    return [
        PostingLine(own, points.given_account, amount),
        PostingLine(own, points.account, -amount, PartyRole.POINTS, party_id),
    ]


def points_items(
    document: Head, points: Points | None, party_id: int | None, direction: int
) -> tuple[OpenItem, ...]:
    """How many points of a programme a customer has of a year, by whose number a tier is reached.

    2026-12-01  A count beside the money, kept as what is open is: by programme and last day of the year.  So
    a till hears of it as of every balance, and it is recomputed, compared and mended as they are.
    """
    if points is None or not points.points or party_id is None:
        return ()
    count = direction * points.points
    return (
        OpenItem(
            business_id=document.business_id,
            party_role=PartyRole.POINTS,
            party_id=party_id,
            invoice_id=points.programme_id,
            due_on=points.year * 10_000 + 1231,
            amount=count,
            base_amount=count,
        ),
    )
