"""Recording: a document goes in whole or not at all, and comes back as it was, on both engines."""

from typing import NoReturn

import msgspec
import pytest

from pos_app.ledger import canonical
from pos_app.ledger.document import Document, document_key, kind_of
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.request import part_of
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Rows, rows_of
from pos_app.store.journal.journal import Journal
from pos_app.store.tables.tables import ledger_metadata
from tests.support.documents import specimens
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, sale
from tests.support.oracle.model import Model
from tests.support.refused import refused
from tests.support.worlds.books import SEALED_TABLES, Store, record_each, void


def test_every_type_is_recorded_and_read_back(store: Store) -> None:
    sealed = record_each(store.journal())
    with store.database.read() as connection:
        for place, one in enumerate(sealed, start=1):
            key = document_key(TILL, place)
            assert one.document.document_id == key
            assert documents.get(connection, ORG, key) == one.document
            assert documents.body(connection, ORG, key) == one.body == canonical.encode(one.document)
            assert documents.hash_of(connection, ORG, key) == one.hash
            assert documents.key_of_request(connection, ORG, one.document.request_id) == key
            head = one.document
            assert documents.key_of_number(connection, ORG, TILL, head.series, head.number) == key
            assert one.posting == posting_rules.post(head)
            assert documents.get(connection, ORG + 1, key) is None
        entries = documents.latest(connection, ORG, tuple({kind_of(one.document) for one in sealed}), 50)
        assert [entry.document_id for entry in entries] == [
            one.document.document_id for one in reversed(sealed)
        ]
        assert {entry.occurred_at for entry in entries} == {specimens.MOMENT}
        assert documents.is_voided(connection, ORG, sealed[0].document.document_id)
        assert not documents.is_voided(connection, ORG, sealed[1].document.document_id)
        assert documents.refunded(connection, ORG, sealed[0].document.document_id) == {}
    assert store.drifts() == []


def test_what_is_empty_in_a_document_is_null_in_its_rows(store: Store) -> None:
    sealed = record_each(store.journal())
    empty = 0
    with store.database.read() as connection:
        for one in sealed:
            made = rows_of(one, lambda moment: moment)
            for name in Rows._fields:
                table = ledger_metadata.tables[name]
                rows = [made.document] if name == "document" else getattr(made, name)
                key = table.c.document_id == one.document.document_id
                order = list(table.primary_key)
                stored = connection.execute(table.select().where(table.c.org_id == ORG, key).order_by(*order))
                found = [[value is None for value in row] for row in stored]
                assert found == [[value is None for value in row] for row in rows], name
                empty += sum(map(sum, found))
    assert empty


def test_the_chain_begins_at_the_genesis_and_has_no_gap(store: Store) -> None:
    previous = canonical.genesis(ORG, TILL)
    for place, one in enumerate(record_each(store.journal()), start=1):
        assert one.document.seq == place
        assert one.prev_hash == previous
        previous = canonical.chain(previous, one.body)
        assert one.hash == previous


def test_printed_numbers_run_on_in_their_own_series(store: Store) -> None:
    journal = store.journal()
    numbers = [
        (one.document.series, one.document.number)
        for one in (
            journal.record_document(sale(Item(100))),
            journal.record_document(specimens.payment(100)),
            journal.record_document(sale(Item(100))),
            store.journal(terminal_no=TILL + 1).record_document(sale(Item(100))),
            store.journal(org_id=ORG + 1).record_document(sale(Item(100))),
        )
    ]
    assert numbers == [("S", 1), ("P", 1), ("S", 2), ("S", 1), ("S", 1)]


def test_printed_numbers_run_on_whoever_records_and_whatever_is_taken_back(store: Store) -> None:
    """A till's window and a command of the same till each have a journal, which remembers the numbers."""
    window, command = store.journal(), store.journal()

    def number(journal: Journal, document: Document) -> tuple[str, int]:
        sealed = journal.record_document(document)
        return sealed.document.series, sealed.document.number

    assert number(window, sale(Item(100))) == ("S", 1)
    assert number(window, specimens.payment(100)) == ("P", 1)
    assert number(command, sale(Item(100))) == ("S", 2)
    with pytest.raises(AssertionError):
        window.record_document(sale(Item(100)), _must_not_be_called)
    assert number(window, specimens.payment(100)) == ("P", 2)
    assert number(window, sale(Item(100))) == ("S", 3)
    with pytest.raises(AssertionError):
        window.record_all("7" * 32, lambda _: [sale(Item(100)), specimens.payment(100)], _must_not_be_called)
    assert number(window, sale(Item(100))) == ("S", 4)
    assert number(command, sale(Item(100))) == ("S", 5)
    assert number(command, specimens.payment(100)) == ("P", 3)


def test_the_same_request_is_recorded_once(store: Store) -> None:
    journal, draft = store.journal(), sale(Item(11_600))
    first = journal.record_document(draft)
    before = store.fingerprint()
    assert journal.record_document(draft) == first
    assert journal.record(draft.request_id, _must_not_be_called, _must_not_be_called) == first
    assert store.fingerprint() == before


def _must_not_be_called(*_: object) -> NoReturn:
    raise AssertionError("a request that is a document makes nothing")


def test_several_documents_of_one_request_are_recorded_once(store: Store) -> None:
    journal, request = store.journal(), "7" * 32
    drafts: list[Document] = [sale(Item(11_600)), specimens.payment(100), sale(Item(500))]
    first = journal.record_all(request, lambda _: drafts, lambda *_: None)
    assert [one.document.request_id for one in first] == [part_of(request, place) for place in range(3)]
    before = store.fingerprint()
    assert journal.record_all(request, _must_not_be_called, _must_not_be_called) == first
    assert store.fingerprint() == before


def test_a_broken_document_leaves_nothing_behind(store: Store) -> None:
    journal = store.journal()
    before = store.fingerprint()
    whole = sale(Item(11_600))
    with pytest.raises(Refused):
        journal.record_document(msgspec.structs.replace(whole, total=whole.total + 1))
    assert store.fingerprint() == before
    assert journal.record_document(whole).document.seq == 1


def test_what_stands_or_falls_with_a_document_takes_it_along(store: Store) -> None:
    def fails(*_: object) -> None:
        raise Refused("basket-gone")

    journal = store.journal()
    before = store.fingerprint()
    with refused("basket-gone"):
        journal.record_document(sale(Item(11_600), party_id=CUSTOMER), fails)
    assert store.fingerprint() == before
    sealed = journal.record_document(sale(Item(11_600)))
    assert (sealed.document.seq, sealed.document.number) == (1, 1)


def test_a_refund_counts_against_its_receipt_until_it_is_voided(store: Store) -> None:
    journal = store.journal()
    sold = journal.record_document(sale(Item(11_600, 3000), Item(5_000)))
    key = sold.document.document_id
    back = specimens.refund(Item(11_600, 1000), original_id=key)
    lines = (msgspec.structs.replace(back.lines[0], origin_line=0),)
    recorded = journal.record_document(msgspec.structs.replace(back, lines=lines))
    with store.database.read() as connection:
        assert documents.refunded(connection, ORG, key)[0].quantity == 1000
    journal.record_document(void(recorded))
    with store.database.read() as connection:
        assert documents.refunded(connection, ORG, key) == {}


def test_a_code_counts_as_used_until_its_document_is_voided(store: Store) -> None:
    journal = store.journal()
    paid = journal.record_document(specimens.payment(100, TenderKind.MPESA))
    with store.database.read() as connection:
        assert documents.reference_used(connection, ORG, "SLK4AB9Z01") == paid.document.document_id
        assert documents.reference_used(connection, ORG, "") is None
        assert documents.reference_used(connection, ORG + 1, "SLK4AB9Z01") is None
    journal.record_document(void(paid))
    with store.database.read() as connection:
        assert documents.reference_used(connection, ORG, "SLK4AB9Z01") is None


def test_a_voided_opening_is_no_open_shift(store: Store) -> None:
    journal = store.journal()
    opened = journal.record_document(specimens.drawer_open(100))
    with store.database.read() as connection:
        shift = documents.open_shift(connection, ORG, TILL)
        assert shift is not None
        assert shift.document_id == opened.document.document_id
        assert documents.open_shift(connection, ORG, TILL + 1) is None
    journal.record_document(void(opened))
    with store.database.read() as connection:
        assert documents.open_shift(connection, ORG, TILL) is None


def test_one_organisation_does_not_see_another(store: Store) -> None:
    """The same keys, requests and numbers in two organisations; each has its own balances."""
    draft = sale(Item(11_600), party_id=CUSTOMER)
    mine, theirs = store.journal(), store.journal(org_id=ORG + 1)
    first, second = mine.record_document(draft), theirs.record_document(draft)
    assert first.document.document_id == second.document.document_id
    assert first.hash != second.hash
    theirs.record_document(void(second))
    model, other = Model(), Model()
    model.add(first.document)
    other.add(second.document)
    store.equals(model)
    with store.database.read() as connection:
        assert not documents.is_voided(connection, ORG, first.document.document_id)
        assert documents.is_voided(connection, ORG + 1, second.document.document_id)


def test_amounts_at_the_edge_are_kept_or_refused(store: Store) -> None:
    """Nothing wraps around: 64 bits hold what the rules let through, or a sentence comes."""
    journal = store.journal()
    largest = MOST_MINOR
    big = journal.record_document(sale(Item(largest, code="Z")))
    assert store.scalar("SELECT max(amount) FROM journal_line") == largest
    assert big.document.seq == 1
    before = store.fingerprint()
    with pytest.raises(BohariError):
        journal.record_document(sale(Item(largest, code="Z"), rate_micro=10**12))
    assert store.fingerprint() == before


def test_tables_hold_the_counts_they_were_sealed_with(store: Store) -> None:
    record_each(store.journal())
    counts = ("line_count", "move_count", "item_count", "tender_count", "open_count", "cost_count")
    for table, column in zip(SEALED_TABLES[1:], counts, strict=True):
        found = store.scalar(
            f"SELECT count(*) FROM document d WHERE {column} <>"
            f" (SELECT count(*) FROM {table} p WHERE p.org_id = d.org_id AND p.document_id = d.document_id)"
        )
        assert found == 0
