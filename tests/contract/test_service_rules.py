"""What only the books can judge of service orders, asked while recording and at ingest, on both engines."""

import msgspec
import pytest

from pos_app.ledger.document import Document, ServiceOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.service_orders import Step
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import journal
from pos_app.store.journal.journal import Journal
from pos_app.store.rules import book_rules
from pos_app.store.tables import master
from tests.support.documents import book_specimens as books
from tests.support.documents import service_specimens as services
from tests.support.documents import specimens
from tests.support.documents.service_specimens import collecting, collecting_items, collecting_sale
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, sale
from tests.support.refused import raises
from tests.support.worlds.books import Store, journal_of, void

OTHER = CUSTOMER + 1


@pytest.fixture
def writer(store: Store) -> Journal:
    """A journal that asks the books."""
    return _writer(store)


def _writer(store: Store) -> Journal:
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


def taken_in(writer: Journal, **changes: object) -> ServiceOrder:
    """Three shirts at 90.00 and two and a half kilograms at 120.00."""
    draft = services.service_order(Item(9_000, 3_000, product_id=3), Item(12_000, 2_500, "X16", 4), **changes)
    document = writer.record_document(draft).document
    assert isinstance(document, ServiceOrder)
    return document


def refused(store: Store, writer: Journal, draft: Document, code: str) -> None:
    """Under this code, and nothing half-written."""
    before = store.fingerprint()
    with raises(Refused, code):
        writer.record_document(draft)
    assert store.fingerprint() == before


def test_an_order_is_collected_once(store: Store, writer: Journal) -> None:
    order = taken_in(writer)
    first = writer.record_document(collecting_sale(order, (0, 1_000)))
    refused(store, writer, collecting_sale(order), "less-left-of-order")
    refused(store, writer, collecting_sale(order, (0, 2_001)), "less-left-of-order")
    last = writer.record_document(collecting_sale(order, (0, 2_000), (1, 2_500)))
    refused(store, writer, collecting_sale(order, (1, 1)), "order-line-gone")
    back = services.service_step(Step.RETURNED, (0, 3, 1), order_id=order.document_id)
    refused(store, writer, back, "order-line-gone")
    ready = services.service_step(Step.READY, order_id=order.document_id)
    refused(store, writer, ready, "nothing-of-order-left")
    # A void opens it again, of the part that it voids.
    writer.record_document(void(first))
    refused(store, writer, collecting_sale(order, (0, 1_001)), "less-left-of-order")
    writer.record_document(collecting_sale(order, (0, 1_000)))
    writer.record_document(void(last))
    invoice = books.invoice(*collecting_items(order, ((1, 2_500),)), party_id=CUSTOMER)
    writer.record_document(collecting(invoice, order, ((1, 2_500),)))
    refused(store, writer, collecting_sale(order, (1, 1)), "order-line-gone")


def test_what_was_given_back_is_not_collected(store: Store, writer: Journal) -> None:
    order = taken_in(writer)
    back = writer.record_document(
        services.service_step(Step.CANCELLED, (0, 3, 3_000), order_id=order.document_id)
    )
    refused(store, writer, collecting_sale(order, (0, 1_000)), "order-line-gone")
    writer.record_document(collecting_sale(order, (1, 2_500)))
    writer.record_document(void(back))
    writer.record_document(collecting_sale(order, (0, 3_000)))


def test_it_is_collected_as_it_was_agreed(store: Store, writer: Journal) -> None:
    order = taken_in(writer)

    def other(place: int = 0, **changes: object) -> Document:
        line = msgspec.structs.replace(order.lines[place], **changes)
        return collecting_sale(msgspec.structs.replace(order, lines=(line, *order.lines[1:])))

    refused(store, writer, other(unit_price=8_999), "order-price-changed")
    refused(store, writer, other(product_id=9), "order-price-changed")
    refused(store, writer, other(tax_code="Z"), "order-price-changed")
    beyond = msgspec.structs.replace(order, lines=(*order.lines, order.lines[0]))
    refused(store, writer, collecting_sale(beyond), "order-line-unknown")
    dollars = collecting_sale(order, currency="USD")
    refused(store, writer, dollars, "order-in-other-currency")


def test_a_part_has_its_share_of_what_was_off_and_no_more(store: Store, writer: Journal) -> None:
    """Of three at 90.00 a tenth is off; a till that was tampered with says another share, or none."""
    line = services.service_line(
        Item(9_000, 3_000, product_id=3), discount=2_700, promotion_id=7, promotion="M"
    )
    order = writer.record_document(services.service_order(line)).document
    assert isinstance(order, ServiceOrder)

    def part(off: int, promotion_id: int | None = 7, **changes: object) -> Document:
        name = "" if promotion_id is None else "M"
        priced = specimens.sale(Item(9_000, 1_000, product_id=3, stocked=False, discount=off))
        changes |= {"promotion_id": promotion_id, "promotion": name, "origin_line": 0, "business_id": 1}
        named = msgspec.structs.replace(priced.lines[0], **changes)
        return msgspec.structs.replace(priced, lines=(named,), order_id=order.document_id)

    for wrong in (part(4_500), part(903), part(897), part(900, 8), part(0, None)):
        refused(store, writer, wrong, "order-price-changed")
    writer.record_document(part(901))
    # What a person takes off instead is theirs to answer for.
    writer.record_document(part(4_500, None, price_approver_id=1))
    writer.record_document(part(900))


def test_it_is_collected_by_whoever_brought_it(store: Store, writer: Journal) -> None:
    order = taken_in(writer, party_id=CUSTOMER, customer_name="")
    for party in (None, OTHER):
        draft = msgspec.structs.replace(collecting_sale(order), party_id=party)
        refused(store, writer, draft, "order-of-other-customer")
    writer.record_document(collecting_sale(order))
    # Who left a name only may have an account by now.
    writer.record_document(collecting_sale(taken_in(writer), party_id=OTHER))


def test_what_is_no_order(store: Store, writer: Journal) -> None:
    order = taken_in(writer)
    writer.record_document(sale(Item(500)))
    wrong = msgspec.structs.replace(collecting_sale(order), order_id=order.document_id + 1)
    refused(store, writer, wrong, "order-named-is-none")
    step = services.service_step(Step.RETURNED, (0, 9, 1_000), order_id=order.document_id)
    refused(store, writer, step, "order-line-other-service")
    step = services.service_step(Step.RETURNED, (7, 3, 1_000), order_id=order.document_id)
    refused(store, writer, step, "order-line-unknown")


def test_the_void_of_an_order(store: Store, writer: Journal) -> None:
    order = taken_in(writer)
    sealed = _sealed(store, order)
    ready = writer.record_document(services.service_step(Step.READY, order_id=order.document_id))
    refused(store, writer, void(sealed), "built-upon-already")
    writer.record_document(void(ready))
    collected = writer.record_document(collecting_sale(order))
    refused(store, writer, void(sealed), "built-upon-already")
    writer.record_document(void(collected))
    writer.record_document(void(sealed))
    refused(store, writer, collecting_sale(order), "service-order-voided")
    step = services.service_step(Step.READY, order_id=order.document_id)
    refused(store, writer, step, "service-order-voided")


def _sealed(store: Store, document: Document) -> Sealed:
    return journal.seal(document, bytes(32))


# --- at ingest ------------------------------------------------------------------------------------


def test_the_centre_judges_what_tills_collected(central_store: Store) -> None:
    """Things exist once: of two sales that both gave them out the second is told to somebody."""
    writer = _writer(central_store)
    order = taken_in(writer)
    key = order.document_id

    def judged(*drafts: Document) -> str:
        place = {"org_id": ORG, "terminal_no": TILL, "number": 1}
        sealed = [
            journal.seal(msgspec.structs.replace(one, seq=10 + number, **place), b"")
            for number, one in enumerate(drafts)
        ]
        with central_store.database.write() as connection:
            return book_rules.refusal_at_centre(connection, ORG, sealed)

    back = services.service_step(Step.RETURNED, (0, 3, 3_000), order_id=key)
    rest = collecting_sale(order, (1, 2_500))
    assert judged(collecting_sale(order)) == ""
    assert "already" in judged(collecting_sale(order), collecting_sale(order))
    assert judged(back, rest) == ""
    assert "already" in judged(back, collecting_sale(order))
    assert "not in the books" in judged(services.service_step(Step.READY, order_id=12345))
    unknown = msgspec.structs.replace(collecting_sale(order), order_id=12345)
    assert "not in the books" in judged(unknown)

    # In one batch: taken in, collected, voided and collected again.
    placed = {"org_id": ORG, "terminal_no": TILL, "number": 1}
    own = msgspec.structs.replace(services.service_order(Item(500, 2_000)), seq=10, **placed)
    first = msgspec.structs.replace(collecting_sale(own), seq=11, **placed)
    again = collecting_sale(own)
    assert "already" in judged(own, first, again)
    assert judged(own, first, specimens.reversal(first), again) == ""
    assert "voided" in judged(own, specimens.reversal(own), again)

    # A void of what is in the books already counts before it is written.
    recorded = writer.record_document(collecting_sale(order))
    assert "already" in judged(collecting_sale(order))
    assert judged(void(recorded), collecting_sale(order)) == ""
