"""The paper of an invoice out of the books: what was paid since, what is due, a void, and what is none."""

from datetime import date
from typing import Any

import pytest

from pos_app.ledger.document import Invoice, document_key
from pos_app.reports.slips import invoice_pdf
from pos_app.store.balances import balances
from pos_app.store.documents import documents
from pos_app.store.report_queries import invoice_history, open_invoices
from pos_app.store.report_queries.scope import Scope
from pos_app.store.tables.projections import OPEN_INVOICE
from tests.support.documents.specimens import CUSTOMER, ORG, TILL
from tests.support.refused import refused
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, at, written


@pytest.fixture
def books(store: Store) -> Books:
    return written(store)


def invoice_due(books: Books, due: int) -> Any:
    return next(
        one.document
        for one in books.sealed
        if isinstance(one.document, Invoice) and one.document.due_on == due
    )


def test_what_was_paid_since(books: Books) -> None:
    paid, credited = invoice_due(books, 20261001), invoice_due(books, 20260910)
    with books.store.database.read() as connection:
        (payment,) = invoice_history.changes(connection, ORG, paid.document_id)
        (note,) = invoice_history.changes(connection, ORG, credited.document_id)
        assert (payment.kind, payment.amount) == ("payment", -5_000)
        assert note.kind == "credit_note"
        for one, change in ((paid, payment), (credited, note)):
            left = invoice_history.open_amount(connection, ORG, one.document_id)
            assert left == one.total + change.amount
            key = {
                "org_id": ORG, "party_role": "customer", "party_id": CUSTOMER,
                "business_id": one.business_id, "invoice_id": one.document_id, "due_on": one.due_on,
                "currency": "KES",
            }  # fmt: skip
            assert balances.current(connection, OPEN_INVOICE, key)["amount"] == left


def test_every_invoice_has_its_paper(books: Books) -> None:
    with books.store.database.read() as connection:
        for one in books.sealed:
            if one.document.series in ("I", "K"):
                drawn = invoice_pdf.of_key(connection, ORG, one.document.document_id)
                assert drawn.startswith(b"%PDF")


def test_the_telephone_is_open_on_paper(books: Books) -> None:
    """At the centre it lies closed in the table."""
    with books.store.database.read() as connection:
        found = invoice_history.addressee(connection, ORG, CUSTOMER)
    assert found is not None
    assert (found.name, found.phone) == ("Mama Njeri Hotel", "0712000501")


def test_a_voided_invoice_is_open_no_more(books: Books) -> None:
    one = invoice_due(books, 20261125)
    books.void(one, **at(2026, 11, 15))
    with books.store.database.read() as connection:
        assert documents.is_voided(connection, ORG, one.document_id)
        assert invoice_history.open_amount(connection, ORG, one.document_id) == 0
        (change,) = invoice_history.changes(connection, ORG, one.document_id)
        assert change.is_void
        assert invoice_pdf.of_key(connection, ORG, one.document_id).startswith(b"%PDF")
        scope = Scope(ORG, None, None, at(2026, 11, 15, 0)["occurred_at"])
        then = {each.invoice_id for each in open_invoices.open_invoices(connection, scope)}
    # Of the day before the void it was.
    assert one.document_id in then
    report = books.ask("ageing", None, date(2026, 11, 14))
    assert report.sections


@pytest.mark.parametrize("document_id", [document_key(TILL, 1), document_key(TILL, 9_999)])
def test_what_is_no_invoice_is_refused(books: Books, document_id: int) -> None:
    with books.store.database.read() as connection, refused("not-an-invoice-to-draw"):
        invoice_pdf.of_key(connection, ORG, document_id)
