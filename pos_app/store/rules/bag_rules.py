"""What only the books can judge of a bag for the bank: that it is one, and arrives once.

Asked by `book_rules`.  A rule of identity where it speaks of another bag than there is; that a bag arrived
before is judged at the centre as well: nothing at the bank shows a second one.
"""

from pos_app.language import said
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.document import Document, Reversal
from pos_app.store.documents import bank_bags
from pos_app.store.documents.document_rows import content_of
from pos_app.store.rules.books import Books, sum_upon


def identity(books: Books, document: BagBanked) -> str:
    """Why an arrival is of no bag that left; else empty."""
    bag = books.document(document.bag_id)
    if bag is None:
        return books.missing(said("bag-not-in-books", bag=document.bag))
    told = (document.bag, document.amount, document.transit_account)
    place = (document.business_id, document.currency, document.rate_micro)
    if not isinstance(bag, BankBag) or told != (bag.bag, bag.amount, bag.transit_account):
        return said("bag-not-in-books", bag=document.bag)
    return "" if place == (bag.business_id, bag.currency, bag.rate_micro) else said("bag-of-other-money")


def refusal(books: Books, document: Document) -> str:
    """Why a bag cannot arrive, or a bag that arrived not be voided; else empty."""
    if isinstance(document, BagBanked):
        if books.is_voided(document.bag_id):
            return said("bag-voided", bag=document.bag)
        return said("bag-banked-before", bag=document.bag) if _has_arrived(books, document.bag_id) else ""
    if isinstance(document, Reversal):
        original = content_of(document).of
        if isinstance(original, BankBag) and _has_arrived(books, original.document_id):
            return said("bag-banked-before", bag=original.bag)
    return ""


def known(books: Books, document: BankBag) -> str:
    """Why a bag cannot leave: another with its number is on its way.  Asked where it is recorded: the money
    of a bag that a till sealed is gone, whatever its number.
    """
    waiting = bank_bags.on_their_way(books.connection, books.org_id)
    if any(one.bag.bag == document.bag for one in waiting):
        return said("bag-number-on-its-way", bag=document.bag)
    return ""


def _has_arrived(books: Books, bag_id: int) -> bool:
    voided = {one.original_id for one in books.here.values() if isinstance(one, Reversal)}
    for one in books.here.values():
        if isinstance(one, BagBanked) and one.bag_id == bag_id and one.document_id not in voided:
            return True
    return bool(sum_upon(books, "1", bag_id, ("bag_banked",)))
