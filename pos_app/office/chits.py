"""Vouchers and deposit slips in the office: which are outstanding, and deposits that are paid back there."""

from collections.abc import Sequence

from pos_app.ledger import chit as chits
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import TenderInput
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.office.payments import in_coins_of, tenders
from pos_app.store.receivables import chits as standing
from pos_app.store.receivables.chits import Standing
from pos_app.store.stock.recorded import Recorded


def find(books: Books, typed: str) -> Standing:
    """The chit of a number, spent or not.  Raises `Refused` for a mistyped number and an unknown one."""
    wanted = chits.read(typed)
    if wanted is None:
        raise Refused("chit-number-wrong", text=typed.strip()[:24])
    found = standing.find(books.connection, books.org_id, wanted)
    if found is None:
        raise Refused("chit-unknown", number=chits.text_of(*wanted))
    return found


def pay_back(
    office: Office, typed: str, paid: Sequence[TenderInput], occasion: PostingDetails | None = None
) -> Recorded:
    """Pay a deposit back to whoever has the slip: what `paid` comes to.

    Raises `Refused` for a voucher and for more than is left.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found = find(books, typed)
        if found.chit.role is not PartyRole.DEPOSIT_SLIP:
            raise Refused("voucher-not-paid-out")
        head = books.head_fields(occasion)
        own = head["business_id"]
        settles = in_coins_of(books, paid, found.left, head["currency"])
        return making_treasury.deposit_return(
            head,
            books.accounts(own),
            found.chit,
            tenders(books, paid, own, books.day(occasion)),
            rounding=settles.rounding,
            cash_step=books.organisation.cash_step,
        )

    return office.record(occasion, build)
