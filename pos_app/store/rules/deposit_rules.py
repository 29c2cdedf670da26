"""What only the books can judge of a deposit that pays a sale: whether the customer has as much.

Decisions
---------
2026-12-01  A deposit is judged where it pays, by what the till knows of it, and not at the centre: two tills
that were offline may each have paid with the customer's last hundred, and both did so rightly.  The goods
are gone and the customer is known by name; the centre takes both, what they have lies below nothing, which
every till shows, and a flag tells the owner (`deposit_judge`).
"""

from pos_app.language import said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.store.receivables import open_items
from pos_app.store.rules.books import Books


def refusal(books: Books, document: Document) -> str:
    """Why a deposit does not pay, in a sentence: less is left; else empty."""
    if not isinstance(document, Sale) or document.party_id is None:
        return ""
    amount = sum(one.amount for one in document.tenders if one.kind is TenderKind.DEPOSIT)
    if not amount:
        return ""
    left = open_items.deposited(books.connection, books.org_id, document.party_id, document.currency).amount
    if amount <= left:
        return ""
    return said("deposit-left-less", left=grouped_text(max(left, 0), find_currency(document.currency)))
