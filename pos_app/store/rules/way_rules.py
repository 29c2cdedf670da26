"""What only the books can judge of a refund: that no way brings back more than came by it.

A rule of amount (see `book_rules`); a receipt is refunded where it was made, so nobody else comes between.
"""

from pos_app.language import said
from pos_app.ledger.document import Refund, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.ways_back import Purse, came_by, cash_instead, left_by, most_cash, purse_of
from pos_app.store.documents import documents
from pos_app.store.rules.books import Books


def refund_refusal(books: Books, document: Refund) -> str:
    """Why the money of a refund cannot go back so; empty when it can, and where no receipt is known."""
    if document.original_id is None:
        return ""
    original = books.document(document.original_id)
    if not isinstance(original, Sale):
        return ""
    gone = documents.handed_back_by(books.connection, books.org_id, document.original_id)
    left = left_by(came_by(original), gone)
    asked: dict[Purse, int] = {}
    for one in document.tenders:
        purse = purse_of(one.kind, one.account, one.reference)
        asked[purse] = asked.get(purse, 0) + one.amount
    coins = sum(amount for purse, amount in asked.items() if purse.kind is TenderKind.CASH)
    for purse, amount in asked.items():
        # A customer may have on their account what came by any way.
        if purse.kind not in (TenderKind.CASH, TenderKind.ACCOUNT) and amount > left.get(purse, 0):
            return said("refund-more-than-came")
    # Less than a coin more than came otherwise: coins are rounded.
    beyond = coins - most_cash(left) >= max(document.cash_step, 1)
    if beyond or cash_instead(left, coins) > document.cash_instead:
        return said("refund-by-other-way")
    return ""
