"""Bags for the bank that left a safe; tills make them, and the centre has them as any document."""

from pos_app.ledger.document import Document
from pos_app.ledger.making import treasury as making_treasury
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.stock.recorded import Recorded


def leave(office: Office, bag: str, amount: int = 500_00) -> Recorded:
    """A bag with so much of the safe is on its way."""

    def build(books: Books) -> Document:
        head = books.head_fields(PostingDetails())
        head["approver_id"] = head["person_id"] + 1
        return making_treasury.bank_bag(head, books.accounts(head["business_id"]), bag=bag, amount=amount)

    return office.record(PostingDetails(), build)
