"""Drafts: totals follow every change, imported rows are judged and filled, posting happens once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pos_app.ledger.document import Bill, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.store.documents import documents
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft, Poster, Totals
from pos_app.store.master import party_terms
from pos_app.store.tables import master
from pos_app.store.tables.projections import OPEN_INVOICE
from tests.support.documents import specimens
from tests.support.documents.book_specimens import VENDOR
from tests.support.documents.specimens import BUSINESS, CASHIER, CHART, CUSTOMER, DEPOT, MOMENT, ORG
from tests.support.refused import refused
from tests.support.worlds.books import Store

POSTER = Poster(CASHIER, DEPOT, MOMENT)


@pytest.fixture
def shop(store: Store) -> Store:
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
        for (role, business_id), code in CHART._by_role.items():
            connection.execute(
                text(
                    "INSERT INTO account (org_id, code, name, type, role, business_id)"
                    " VALUES (1, :code, :code, 'asset', :role, :business) ON CONFLICT DO NOTHING"
                ),
                {"code": code, "role": role.value, "business": business_id},
            )
        party_terms.put_role(connection, ORG, CUSTOMER, PartyRole.CUSTOMER, terms_days=30)
        party_terms.put_role(connection, ORG, VENDOR, PartyRole.VENDOR)
    return store


def line(price: int, quantity: int = 1_000, **changes: object) -> DraftLine:
    fields: dict[str, object] = {
        "description": "Gas 13 kg",
        "business_id": BUSINESS,
        "account": "4100",
        "tax_code": "A",
        "tax_rate_bp": 1600,
        "tax_account": "2200",
        "product_id": 1,
        "quantity": quantity,
        "unit_price": price,
    }
    return DraftLine(**(fields | changes))  # type: ignore[arg-type]


def draft(*lines: DraftLine, **changes: object) -> Draft:
    fields: dict[str, object] = {
        "request_id": specimens.request(),
        "kind": "invoice",
        "party_id": CUSTOMER,
        "business_id": BUSINESS,
        "currency": "KES",
        "dated_on": 20261120,
        "terms_days": 30,
        "lines": lines,
        "person_id": CASHIER,
    }
    return Draft(**(fields | changes))  # type: ignore[arg-type]


def stored(store: Store, one: Draft) -> tuple[object, ...]:
    with store.database.read() as connection:
        row = connection.execute(
            text("SELECT subtotal, tax_total, total FROM invoice_draft WHERE request_id = :request"),
            {"request": one.request_id},
        ).one()
    return tuple(row)


def save(store: Store, one: Draft) -> Draft:
    with store.database.write() as connection:
        return invoice_drafts.save(connection, ORG, one, MOMENT)


def problems(store: Store) -> list[str]:
    with store.database.read() as connection:
        return [one.sentence for one in invoice_drafts.validate(connection, ORG)]


def test_the_totals_follow_every_change(shop: Store) -> None:
    one = draft(line(11_600))
    save(shop, one)
    assert stored(shop, one) == (10_000, 1_600, 11_600)
    import dataclasses

    more = dataclasses.replace(one, lines=(line(11_600), line(5_800, 2_000), line(100, tax_inclusive=False)))
    save(shop, more)
    assert stored(shop, one) == (20_100, 3_216, 23_316)
    with shop.database.read() as connection:
        again = invoice_drafts.get(connection, ORG, one.request_id)
    assert again == dataclasses.replace(more, totals=Totals(20_100, 3_216, 23_316))


def test_posting_makes_the_document_once(shop: Store) -> None:
    one = save(shop, draft(line(11_600), reference="LPO 7"))
    sealed = invoice_drafts.post(shop.journal(), one.request_id, POSTER)
    document = sealed.document
    assert isinstance(document, Invoice)
    assert (document.total, document.due_on, document.reference) == (11_600, 20261220, "LPO 7")
    key = (ORG, "customer", CUSTOMER, document.business_id, document.document_id, 20261220, "KES")
    assert shop.cached(OPEN_INVOICE) == {key: (11_600, 11_600)}
    assert invoice_drafts.post(shop.journal(), one.request_id, POSTER) == sealed
    with refused("draft-posted-already"):
        save(shop, one)
    with shop.database.read() as connection:
        again = invoice_drafts.get(connection, ORG, one.request_id)
        assert again is not None
        assert again.document_id == document.document_id
        assert invoice_drafts.waiting(connection, ORG) == []
        assert documents.key_of_request(connection, ORG, one.request_id) == document.document_id


def test_a_bill_of_last_month_is_dated_then(shop: Store) -> None:
    made = draft(
        line(5_000, account="6100", product_id=None, tax_account="2210", description="Rent"),
        kind="bill",
        party_id=VENDOR,
        dated_on=20261031,
        terms_days=0,
        due_on=20261130,
    )
    save(shop, made)
    document = invoice_drafts.post(shop.journal(), made.request_id, POSTER).document
    assert isinstance(document, Bill)
    assert document.occurred_at < MOMENT - timedelta(days=19)
    assert document.due_on == 20261130
    assert list(shop.cached(OPEN_INVOICE).values()) == [(5_000, 5_000)]


def test_imported_rows_are_judged_and_filled_and_never_changed(shop: Store) -> None:
    none = draft(line(11_600), number="OLD-1")
    wrong = draft(line(11_600), number="OLD-2", totals=Totals(None, None, 11_700))
    part = draft(line(11_600), number="OLD-3", totals=Totals(None, None, 11_600))
    empty = draft(number="OLD-4", totals=Totals(0, 0, 0))
    stranger = draft(line(11_600), number="OLD-5", party_id=999, totals=Totals(10_000, 1_600, 11_600))
    early = draft(line(100), number="OLD-6", due_on=20261101)
    absurd = draft(line(10**15), number="OLD-7")
    with shop.database.write() as connection:
        for one in (none, wrong, part, empty, stranger, early, absurd):
            invoice_drafts.put_imported(connection, ORG, one, MOMENT)
    assert stored(shop, none) == (None, None, None)
    said = " ".join(problems(shop))
    for sentence in (
        "has no totals",
        "? + ? = 11700 should be 10000 + 1600 = 11600",
        "has no lines",
        "no customer",
        "due before it is dated",
        "cannot be right",
    ):
        assert sentence in said
    with refused("draft-totals-wrong"):
        invoice_drafts.post(shop.journal(), wrong.request_id, POSTER)

    with shop.database.write() as connection:
        filled = invoice_drafts.populate(connection, ORG, MOMENT)
    assert {one.number for one in filled} == {"OLD-1", "OLD-3", "OLD-6"}
    assert stored(shop, none) == stored(shop, part) == (10_000, 1_600, 11_600)
    assert stored(shop, wrong) == (None, None, 11_700)
    assert stored(shop, absurd) == (None, None, None)
    with shop.database.write() as connection:
        assert invoice_drafts.populate(connection, ORG, MOMENT) == []
    for one in (wrong, empty, stranger, early, absurd):
        before = shop.fingerprint()
        with pytest.raises(Refused):
            invoice_drafts.post(shop.journal(), one.request_id, POSTER)
        assert shop.fingerprint() == before
    invoice_drafts.post(shop.journal(), none.request_id, POSTER)


def test_a_draft_that_is_given_up_is_not_posted(shop: Store) -> None:
    one = save(shop, draft(line(11_600)))
    with shop.database.write() as connection:
        invoice_drafts.give_up(connection, ORG, one.request_id, MOMENT)
    with refused("draft-gone"):
        invoice_drafts.post(shop.journal(), one.request_id, POSTER)
    with shop.database.read() as connection:
        assert invoice_drafts.waiting(connection, ORG) == []
