"""The rules that only the books can judge, asked inside the recording transaction, on both engines."""

import pytest
from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.invoicing import Bill
from pos_app.ledger.treasury import PartyReason
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal.journal import Journal
from pos_app.store.master import periods
from pos_app.store.rules import book_rules
from pos_app.store.tables import master
from pos_app.store.tables.projections import OPEN_INVOICE
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, sale
from tests.support.refused import raises
from tests.support.worlds.books import Store, journal_of, void


@pytest.fixture
def journal(store: Store) -> Journal:
    """A journal that asks the books."""
    with store.database.write() as connection:
        connection.execute(
            master.organisation.insert().values(
                org_id=ORG,
                organisation_id=ORG,
                name="Depot",
                base_currency="KES",
                time_zone="Africa/Nairobi",
                cash_step=100,
            )
        )
    store.journal()
    return journal_of(store.database, ORG, TILL, store.clock, book_rules.guard)


@pytest.fixture
def invoice(journal: Journal) -> Sealed:
    return journal.record_document(books.invoice(Item(11_600)))


def refused(store: Store, journal: Journal, draft: Document, code: str, **facts: object) -> None:
    """Under this code, and nothing half-written."""
    before = store.fingerprint()
    with raises(Refused, code, **facts):
        journal.record_document(draft)
    assert store.fingerprint() == before


def paying(sealed: Sealed, amount: int, **changes: object) -> Document:
    return books.allocated_payment(
        amount, books.allocation(amount, sealed.document.document_id, due_on=books.DUE), **changes
    )


def open_of(store: Store, sealed: Sealed) -> int:
    found = {key[4]: value[0] for key, value in store.cached(OPEN_INVOICE).items()}
    return found.get(sealed.document.document_id, 0)


def test_an_allocation_says_the_business_that_is_owed(store: Store, journal: Journal) -> None:
    """Otherwise its receivable would stay, and another one's go below nothing."""
    clearing = specimens.account(books.R.CLEARING)
    made = journal.record_document(books.invoice(Item(11_600), business_id=2, clearing_account=clearing))
    refused(store, journal, paying(made, 5_000), "named-of-other-business")
    wrong = books.allocation(5_000, made.document.document_id, business_id=3)
    draft = books.allocated_payment(5_000, wrong, clearing_account=clearing)
    refused(store, journal, draft, "named-of-other-business")
    right = books.allocation(5_000, made.document.document_id, business_id=2)
    journal.record_document(books.allocated_payment(5_000, right, clearing_account=clearing))
    assert open_of(store, made) == 6_600
    credit = books.credit_note(Item(100), invoice_id=made.document.document_id)
    refused(store, journal, credit, "named-of-other-business")


def test_a_payment_larger_than_what_is_open(store: Store, journal: Journal, invoice: Sealed) -> None:
    refused(store, journal, paying(invoice, 11_601), "allocated-more-than-open-of")
    journal.record_document(paying(invoice, 5_000))
    refused(store, journal, paying(invoice, 6_601), "allocated-more-than-open-of")
    journal.record_document(paying(invoice, 6_600))
    assert open_of(store, invoice) == 0
    refused(store, journal, paying(invoice, 1), "nothing-open-of-kind")
    lost = books.write_off(books.allocation(1, invoice.document.document_id))
    refused(store, journal, lost, "nothing-open-of-kind")


def test_an_allocation_to_somebody_elses_invoice(store: Store, journal: Journal, invoice: Sealed) -> None:
    refused(store, journal, paying(invoice, 100, party_id=CUSTOMER + 1), "named-of-other-party")
    nobody = books.allocation(100, invoice.document.document_id + 77)
    refused(store, journal, books.allocated_payment(100, nobody), "named-not-in-books")
    vendor = books.allocation(100, invoice.document.document_id)
    refused(store, journal, books.vendor_payment(100, vendor, party_id=CUSTOMER), "named-of-other-party")
    other_day = books.allocation(100, invoice.document.document_id, due_on=20270101)
    refused(store, journal, books.allocated_payment(100, other_day), "named-due-otherwise")
    refused(store, journal, paying(invoice, 100, currency="USD"), "named-in-other-currency", theirs="KES")


def test_a_credit_beyond_the_invoice(store: Store, journal: Journal, invoice: Sealed) -> None:
    key = invoice.document.document_id
    journal.record_document(paying(invoice, 11_600))
    # Paid goods may come back: the open amount is then the customer's.
    journal.record_document(books.credit_note(Item(5_000), invoice_id=key))
    assert open_of(store, invoice) == -5_000
    refused(store, journal, books.credit_note(Item(6_601), invoice_id=key), "credit-more-than-document")
    last = journal.record_document(books.credit_note(Item(6_600), invoice_id=key))
    journal.record_document(void(last))
    journal.record_document(books.credit_note(Item(6_600), invoice_id=key))
    refused(store, journal, books.credit_note(Item(1), invoice_id=key), "credit-more-than-document")
    refused(store, journal, books.credit_note(Item(1), invoice_id=key, party_id=7), "named-of-other-party")


def test_a_bill_and_the_vendors_credit(store: Store, journal: Journal) -> None:
    bill = journal.record_document(books.bill(books.bill_line(10_000)))
    assert isinstance(bill.document, Bill)
    total, key = bill.document.total, bill.document.document_id
    refused(
        store,
        journal,
        books.vendor_payment(total + 1, books.allocation(total + 1, key)),
        "allocated-more-than-open-of",
    )
    journal.record_document(books.vendor_credit(books.bill_line(4_000), bill_id=key))
    refused(
        store, journal, books.vendor_credit(books.bill_line(7_000), bill_id=key), "credit-more-than-document"
    )
    refused(
        store,
        journal,
        books.vendor_payment(total, books.allocation(total, key)),
        "allocated-more-than-open-of",
    )


def test_a_receipt_of_more_than_was_ordered(store: Store, journal: Journal) -> None:
    order = journal.record_document(
        books.purchase_order((1, 10_000, 100), (2, 5_000, 70))
    ).document.document_id
    journal.record_document(books.goods_receipt((1, 6_000, 100), order_id=order))
    refused(store, journal, books.goods_receipt((1, 4_001, 100), order_id=order), "more-came-than-ordered")
    second = journal.record_document(books.goods_receipt((1, 4_000, 100), (2, 5_000, 70), order_id=order))
    refused(store, journal, books.goods_receipt((1, 1, 100), order_id=order), "more-came-than-ordered")
    journal.record_document(void(second))
    journal.record_document(books.goods_receipt((1, 4_000, 100), order_id=order))
    refused(store, journal, books.goods_receipt((3, 1, 1), order_id=order), "order-line-other-product")
    refused(
        store, journal, books.goods_receipt((1, 1, 1), order_id=order, party_id=9), "order-of-other-vendor"
    )
    refused(store, journal, books.landed_cost((1, 50), receipt_id=order), "receipt-named-is-none")


def test_a_transfer_received_twice_or_more_than_was_sent(store: Store, journal: Journal) -> None:
    sent = journal.record_document(books.transfer_sent((1, 10_000))).document.document_id
    journal.record_document(books.transfer_received((1, 10_000, 7_000), sent_id=sent))
    refused(
        store, journal, books.transfer_received((1, 10_000, 4_000), sent_id=sent), "received-more-than-sent"
    )
    journal.record_document(books.transfer_received((1, 3_000, 3_000), sent_id=sent))
    refused(store, journal, books.transfer_received((1, 10_000, 1), sent_id=sent), "received-more-than-sent")
    refused(
        store, journal, books.transfer_received((2, 1_000, 1_000), sent_id=sent), "product-not-of-transfer"
    )
    elsewhere = books.transfer_received((1, 1_000, 1_000), sent_id=sent, to_location=99)
    refused(store, journal, elsewhere, "transfer-went-elsewhere")


def test_a_locked_period(store: Store, journal: Journal) -> None:
    with store.database.write() as connection:
        connection.execute(
            master.period_lock.insert().values(
                org_id=ORG, lock_id=1, business_id=2, locked_through=20261231, reason="closed"
            )
        )
    journal.record_document(sale(Item(100)))
    refused(
        store,
        journal,
        sale(Item(100), business_id=2, clearing_account="1900"),
        "books-locked",
        day="2026-12-31",
    )
    refused(store, journal, sale(Item(100, business_id=2)), "books-locked")
    with store.database.write() as connection:
        connection.execute(
            master.period_lock.insert().values(
                org_id=ORG, lock_id=2, business_id=None, locked_through=20261119, reason=""
            )
        )
    # 23:30 in Nairobi is the last minute of the locked day, half an hour later the next one begins.
    journal.record_document(sale(Item(100), occurred_at=specimens.MOMENT.replace(day=19, hour=21)))
    late = sale(Item(100), occurred_at=specimens.MOMENT.replace(day=19, hour=20, minute=30))
    refused(store, journal, late, "books-locked", day="2026-11-19")
    with store.database.read() as connection:
        assert periods.locked_through(connection, ORG) == {None: 20261119, 2: 20261231}


def test_money_that_a_party_does_not_have(store: Store, journal: Journal, invoice: Sealed) -> None:
    journal.record_document(books.party_money(PartyReason.CUSTOMER_DEPOSIT, 3_000))
    back = books.party_money(PartyReason.CUSTOMER_DEPOSIT_RETURN, 3_001)
    refused(store, journal, back, "paid-out-more-than-held")
    key = invoice.document.document_id
    refused(store, journal, books.settlement(books.allocation(3_001, key), deposit=True), "deposit-too-small")
    journal.record_document(books.settlement(books.allocation(2_000, key), deposit=True))
    refused(store, journal, books.settlement(books.allocation(1, key)), "not-so-much-unallocated")
    journal.record_document(specimens.payment(500))
    refused(store, journal, books.settlement(books.allocation(501, key)), "not-so-much-unallocated")
    journal.record_document(books.settlement(books.allocation(500, key)))
    assert open_of(store, invoice) == 9_100


def test_what_others_built_upon_is_not_voided(store: Store, journal: Journal, invoice: Sealed) -> None:
    paid = journal.record_document(paying(invoice, 100))
    refused(store, journal, void(invoice), "paid-or-credited-already")
    journal.record_document(void(paid))
    journal.record_document(void(invoice))
    order = journal.record_document(books.purchase_order((1, 10_000, 100)))
    receipt = journal.record_document(
        books.goods_receipt((1, 6_000, 100), order_id=order.document.document_id)
    )
    refused(store, journal, void(order), "built-upon-already")
    journal.record_document(void(receipt))
    journal.record_document(void(order))
    again = books.goods_receipt((1, 6_000, 100), order_id=order.document.document_id)
    refused(store, journal, again, "order-voided")


def test_the_centre_takes_what_two_tills_took(central_store: Store) -> None:
    """A rule of amount holds where it is recorded; one of identity everywhere."""
    invoice = central_store.journal().record_document(books.invoice(Item(11_600)))

    def judged(*drafts: Document) -> str:
        with central_store.database.read() as connection:
            return _foreign(connection, central_store, drafts)

    assert judged(paying(invoice, 11_600), paying(invoice, 11_600)) == ""
    assert "another party's" in judged(paying(invoice, 1), paying(invoice, 1, party_id=77))
    assert "not in the books" in judged(books.goods_receipt((1, 1_000, 1), order_id=12345))
    assert "not in the books" in judged(books.transfer_received((1, 1_000, 1_000), sent_id=12345))
    assert "not in the books" in judged(books.landed_cost((1, 1), receipt_id=12345))


def _foreign(connection: Connection, store: Store, drafts: tuple[Document, ...]) -> str:
    import msgspec

    from pos_app.store.journal import journal as journals

    place = {"org_id": ORG, "terminal_no": TILL, "number": 1}
    sealed = [
        journals.seal(msgspec.structs.replace(one, seq=10 + number, **place), b"")
        for number, one in enumerate(drafts)
    ]
    return book_rules.refusal_at_centre(connection, ORG, sealed)


def test_an_invoice_and_its_payment_may_come_in_one_batch(central_store: Store) -> None:
    import msgspec

    invoice = books.invoice(Item(11_600))
    placed = msgspec.structs.replace(invoice, org_id=ORG, terminal_no=TILL, seq=10, number=1)
    payment = books.allocated_payment(100, books.allocation(100, placed.document_id))
    with central_store.database.read() as connection:
        assert _foreign(connection, central_store, (invoice, payment)) == ""
        assert "not in the books" in _foreign(connection, central_store, (payment, invoice))
