"""What only the books can judge of M-Pesa codes: whether another document holds one already.

A rule of amount (see `book_rules`): it holds where it is recorded.  At the centre a second document is booked
and told (see `journal.double_codes`): the goods are gone and the receipt was given.
"""

from pos_app.language import said
from pos_app.ledger.document import Document
from pos_app.store.documents import used_codes
from pos_app.store.rules.books import Books


def refusal(books: Books, document: Document) -> str:
    """Why a document may not carry its codes; empty when all are free."""
    found = used_codes.first_used(books.connection, document)
    return "" if found is None else said("mpesa-code-used", code=found[0], number=found[1])
