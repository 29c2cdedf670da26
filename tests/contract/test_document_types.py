"""A type of document is declared in one place: a toy, declared in this file alone, does what all types do."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args

import pytest
from sqlalchemy import text

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger import canonical, needs, rights
from pos_app.ledger import document as every_type
from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import SERIES, TYPES, Document, Sale
from pos_app.ledger.document_figures import only
from pos_app.ledger.errors import Damaged, Refused
from pos_app.ledger.head import Head
from pos_app.ledger.line import Tender, TenderKind
from pos_app.ledger.permission import Need, Permission
from pos_app.ledger.posting.lines import PostingLine, lines_of, tender_entries
from pos_app.ledger.posting.posting import Posting, StockMove
from pos_app.ledger.rules import rules
from pos_app.ledger.types.document_type import DocumentLine, DocumentType, always
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from pos_app.store.documents import documents
from pos_app.store.engine.engine import Database
from pos_app.store.tables.projections import DRAWER_CASH, STOCK_LEVEL
from pos_app.till.receivables.customer import describe
from tests.contract.test_seal import CHANGES, SEALED
from tests.support.documents import specimens
from tests.support.documents.specimens import DRAWER, LOCATION, ORG, account, tender
from tests.support.refused import refused
from tests.support.worlds.books import Store, void
from tests.support.worlds.sync_fixtures import Centre
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop

GIFT: Final = 40_00


class Donation(Head, frozen=True, kw_only=True, omit_defaults=True, tag="donation"):
    """Goods and cash that a depot gives away."""

    product_id: int
    quantity: int
    location_id: int
    given_account: str
    amount: int
    tenders: tuple[Tender, ...]
    after_id: int | None = None


def _check(document: Donation) -> None:
    if document.amount <= 0:
        raise Refused("gift-of-nothing")


def _post(document: Donation) -> Posting:
    entries = [
        PostingLine(document.business_id, document.given_account, document.amount),
        *tender_entries(document, document.tenders, None, None, -1),
    ]
    return Posting(
        lines_of(document, entries),
        (StockMove(location_id=document.location_id, product_id=1, quantity=-document.quantity),),
    )


def _lines(document: Donation) -> Iterable[DocumentLine]:
    yield DocumentLine(document.business_id, document.product_id, "a gift", document.quantity)


DONATION: Final = DocumentType(
    struct=Donation,
    series="DN",
    check=_check,
    post=_post,
    needs=needs.just(Permission.EXPENSE),
    totals=only("amount"),
    lines=_lines,
    pays_out=always,
    continues="after_id",
    describe=lambda document: f"{document.quantity} given away",
    voidable_without_shift=True,
    has_receipt=True,
)


@pytest.fixture
def toy() -> Iterator[None]:
    """The toy is a type of document for as long as the test lasts."""
    with TYPES.holding(DONATION):
        yield


declared = pytest.mark.usefixtures("toy")


def donation(**changes: Any) -> Any:
    """A gift of two pieces and of 40.00."""
    fields: dict[str, Any] = {
        "product_id": 1,
        "quantity": 2_000,
        "location_id": LOCATION,
        "given_account": account(AccountRole.PETTY_CASH),
        "amount": GIFT,
        "tenders": (tender(TenderKind.CASH, GIFT),),
    }
    return Donation(**(specimens.head(Donation) | fields | changes))


# --- by itself ------------------------------------------------------------------------------------


def test_the_union_for_the_checker_is_the_register() -> None:
    assert isinstance(Document, UnionType)
    assert set(get_args(Document)) == {one.struct for one in TYPES}
    assert all(getattr(every_type, one.__name__) is one for one in get_args(Document))


@declared
def test_no_two_types_share_a_struct_a_kind_or_a_series() -> None:
    with pytest.raises(ValueError, match="is there already"):
        TYPES.add(DONATION)
    assert SERIES[Donation] == "DN"


@declared
def test_its_rules_and_its_series_are_checked() -> None:
    rules.check(donation())
    with refused("gift-of-nothing"):
        rules.check(donation(amount=0))
    with pytest.raises(Refused):
        rules.check(donation(series="S"))


def test_it_is_unknown_once_it_is_not_declared() -> None:
    with TYPES.holding(DONATION):
        draft = donation()
        assert canonical.decode(canonical.encode(draft)) == draft
    with pytest.raises(Damaged):
        canonical.decode(canonical.encode(draft))
    with pytest.raises(TypeError, match="Donation"):
        rights.needs(draft)


@declared
def test_who_may_make_and_void_it() -> None:
    draft = donation(terminal_no=1, seq=1, number=1)
    assert rights.needs(draft) == (Need(Permission.EXPENSE, None),)
    # Made in the office or at the till alike: its void needs what making it needs.
    assert rights.needs(specimens.reversal(draft)) == (Need(Permission.EXPENSE, None),)
    assert rights.lacking(draft, lambda *_: False) == Need(Permission.EXPENSE, None)


@declared
def test_it_has_paper() -> None:
    head = Letterhead("Bohari Depots", "Kilimani", "K", "Ngong Road", "", "Asante", "Africa/Nairobi")
    paper = receipt(donation(), head, Names("Wanjiru"), width=42)
    assert any("DONATION" in piece.text for piece in typeset(paper) if isinstance(piece, Line))


# --- in the books of both engines -----------------------------------------------------------------


@declared
def test_it_is_recorded_read_back_and_voided(store: Store) -> None:
    journal = store.journal()
    first = journal.record_document(specimens.sale(specimens.Item(100)))
    sealed = journal.record_document(donation(after_id=first.document.document_id))
    key = sealed.document.document_id
    with store.database.read() as connection:
        assert documents.get(connection, ORG, key) == sealed.document
        (entry,) = documents.latest(connection, ORG, ("donation",), 5)
        assert (entry.document_id, entry.total) == (key, GIFT)
        row = connection.execute(
            text("SELECT original_id FROM document WHERE document_id = :key"), {"key": key}
        ).one()
        line = connection.execute(
            text("SELECT description, quantity FROM document_line WHERE document_id = :key"), {"key": key}
        ).one()
        paid = connection.execute(
            text("SELECT amount FROM tender WHERE document_id = :key"), {"key": key}
        ).one()
    assert (row[0], tuple(line), paid[0]) == (first.document.document_id, ("a gift", 2_000), -GIFT)
    assert store.cached(STOCK_LEVEL)[ORG, LOCATION, 1] == (-3_000,)
    assert store.cached(DRAWER_CASH)[ORG, DRAWER, "KES"] == (100 - GIFT,)
    assert store.drifts() == []
    journal.record_document(void(sealed))
    assert store.cached(STOCK_LEVEL)[ORG, LOCATION, 1] == (-1_000,)
    assert store.cached(DRAWER_CASH)[ORG, DRAWER, "KES"] == (100,)
    assert store.scalar("SELECT sum(quantity) FROM document_line WHERE description = 'a gift'") == 0
    assert store.drifts() == []


@declared
def test_it_is_sealed(store: Store) -> None:
    store.journal().record_document(donation())
    for table, change in CHANGES.items():
        if store.scalar(f"SELECT count(*) FROM {table}"):
            store.refuses(f"UPDATE {table} SET {change}", because=SEALED)
            store.refuses(f"DELETE FROM {table}")


# --- at a till, and on its way --------------------------------------------------------------------


@declared
def test_a_till_lists_it_says_what_it_was_and_voids_it(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    with refused("beyond-rights"):
        _given_at(shop)
    shop.be(MANAGER)
    gift = _given_at(shop)
    assert [one.kind for one in shop.till.receipts.latest()] == ["donation"]
    assert describe(shop.document(gift)) == "2000 given away"
    cash = shop.cash()
    shop.till.voids.void(gift, "a mistake")
    assert shop.cash() == cash + GIFT
    assert shop.drifts() == []
    shop.database.close()


def _given_at(shop: Shop) -> int:
    context = shop.till._context
    head: dict[str, Any] = {**context.head_fields(), "series": SERIES[Donation]}
    head |= {"location_id": context.location_id}
    draft = donation(**head)
    return context.journal.record_document(draft).document.document_id


@declared
def test_it_travels_to_the_centre(central: Database, tmp_path: Path) -> None:
    centre = Centre(central)
    till = centre.till(tmp_path / "till")
    sold = till.sell()
    fields = {name: getattr(sold.document, name) for name in Head.__struct_fields__}
    own = {"request_id": "7" * 32, "series": "DN", "business_id": centre.founded.business_id}
    assert isinstance(sold.document, Sale)
    cash = sold.document.tenders[0]
    given = till.journal.record_document(
        donation(**(fields | own), tenders=(Tender(kind=cash.kind, amount=GIFT, account=cash.account),))
    )
    till.drain()
    assert centre.quarantine() == []
    with central.read() as connection:
        assert documents.get(connection, centre.org_id, given.document.document_id) == given.document
    centre.close()
