"""Nobody takes more from a voucher or deposit slip than is left on it, nor from one that nobody issued."""

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from pos_app.ledger.chart import PARTY_ACCOUNT
from pos_app.ledger.chit import barcode_of
from pos_app.ledger.document import Document, Sale
from pos_app.ledger.line import Chit, PartyRole, Tender, TenderKind
from tests.support.documents import specimens
from tests.support.documents.specimens import ORG, TILL, Item, account
from tests.support.documents.treasury_specimens import chit, deposit_return
from tests.support.worlds.books import Store, issuing, next_sealed, rows, void, write

LEFT = 1_000_00
OVERSPENT = "less is left on it"


def issued(store: Store, role: PartyRole) -> Chit:
    paper = chit(role)
    sealed = store.journal().record_document(issuing(paper, LEFT))
    return replace(paper, document_id=sealed.document.document_id)


def paid_with(paper: Chit, amount: int) -> Sale:
    tender = Tender(
        kind=TenderKind.VOUCHER,
        amount=amount,
        account=account(PARTY_ACCOUNT[paper.role]),
        reference=barcode_of(paper.role, paper.number),
        chit=paper,
    )
    return specimens.sale(Item(amount, stocked=False), tenders=[tender])


def taking(paper: Chit, amount: int) -> Document:
    """A document that takes so much from a chit: pays with it, or pays it out."""
    return paid_with(paper, amount) if paper.role is PartyRole.VOUCHER else deposit_return(amount, slip=paper)


@pytest.fixture(params=[PartyRole.VOUCHER, PartyRole.DEPOSIT_SLIP])
def paper(request: pytest.FixtureRequest, store: Store) -> Chit:
    role: PartyRole = request.param
    return issued(store, role)


def put(store: Store, draft: Document) -> None:
    with store.database.write() as connection:
        write(rows(store, next_sealed(store, draft)))(connection)


def refuses(store: Store, draft: Document) -> None:
    store.refuses(write(rows(store, next_sealed(store, draft))), because=OVERSPENT)


def test_all_that_is_left_and_not_one_more(store: Store, paper: Chit) -> None:
    refuses(store, taking(paper, LEFT + 1))
    put(store, taking(paper, LEFT - 1))
    refuses(store, taking(paper, 2))
    put(store, taking(paper, 1))
    refuses(store, taking(paper, 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"document_id": (TILL << 32) + 77},
        {"number": chit(place=5).number},
        {"expires_on": 20301231},
        {"business_id": 2},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_one_that_nobody_issued_so_pays_nothing(store: Store, paper: Chit, changes: dict[str, int]) -> None:
    refuses(store, taking(replace(paper, **changes), 1))


def test_a_voucher_of_which_something_was_spent_is_not_taken_back_whole(store: Store) -> None:
    paper = chit(PartyRole.VOUCHER)
    sealed = store.journal().record_document(issuing(paper, LEFT))
    put(store, taking(replace(paper, document_id=sealed.document.document_id), 1))
    refuses(store, void(sealed))


def test_what_two_people_accepted_may_leave_less_than_nothing(central_store: Store) -> None:
    paper = issued(central_store, PartyRole.VOUCHER)
    put(central_store, taking(paper, LEFT))
    second = next_sealed(central_store, taking(paper, LEFT))
    with central_store.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO quarantine (org_id, terminal_no, seq, hash, prev_hash, body, reason,"
                " received_at, decision) VALUES (:org, :terminal, :seq, :hash, :hash, :hash, 'spent', now(),"
                " 'accepted')"
            ),
            {"org": ORG, "terminal": TILL, "seq": second.document.seq, "hash": second.hash},
        )
        write(rows(central_store, second))(connection)
    left = "SELECT amount FROM open_invoice WHERE party_role = 'voucher'"
    assert central_store.scalar(left) == -LEFT
    refuses(central_store, taking(paper, 1))
