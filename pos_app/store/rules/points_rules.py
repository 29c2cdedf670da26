"""What only the books can judge of points: whether a customer has as many as they pay with.

Decisions
---------
2026-12-01  Points that pay are judged where they pay and not at the centre, unlike a voucher: two tills that
were offline each took the customer's last points, and both did so rightly by what they knew.  The customer
is known by name; the centre takes both, what they have lies below nothing, which every till shows, and what
they earn next fills it.  A flag tells the owner (`points_judge`).
"""

from pos_app.language import said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.store.receivables import points
from pos_app.store.rules.books import Books


def spent(document: Document) -> int:
    """What is paid with points, in minor units."""
    if not isinstance(document, Sale):
        return 0
    return sum(one.amount for one in document.tenders if one.kind is TenderKind.POINTS)


def refusal(books: Books, document: Document) -> str:
    """Why points do not pay, in a sentence: fewer are left; else empty."""
    amount, party_id = spent(document), getattr(document, "party_id", None)
    if not amount or party_id is None:
        return ""
    left = points.owed(books.connection, books.org_id, party_id, document.currency)
    if amount <= left:
        return ""
    return said("points-too-few", left=grouped_text(max(left, 0), find_currency(document.currency)))
