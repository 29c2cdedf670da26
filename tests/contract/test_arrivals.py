"""What is on its way as rows at the centre: derived, compared, mended, locked, seen by its organisation."""

import json
import threading
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger.document import Document
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import centre_journal
from pos_app.store.journal import journal as journals
from pos_app.store.journal.journal import Journal
from pos_app.store.orders import open_orders
from pos_app.store.orders.open_orders import Row
from pos_app.store.organisation import founding
from pos_app.store.rules import book_rules
from pos_app.store.tables import master
from pos_app.store.upkeep import verification
from tests.support.documents import book_specimens as books
from tests.support.documents.specimens import DEPOT, LOCATION, MOMENT, ORG, TILL
from tests.support.refused import refused
from tests.support.worlds.books import Store, journal_of, void

VEHICLE, OTHER_DEPOT = books.VEHICLE, DEPOT + 1


def found_organisation(store: Store) -> None:
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


@pytest.fixture
def journal(central_store: Store) -> Journal:
    """A centre with two depots whose terminals it knows; the vehicle is the other depot's."""
    found_organisation(central_store)
    with central_store.database.write() as connection:
        for key, letter, place in ((DEPOT, "K", LOCATION), (OTHER_DEPOT, "W", VEHICLE)):
            put: dict[str, Any] = {"org_id": ORG, "depot_id": key, "code": letter, "name": letter}
            connection.execute(
                master.depot.insert().values(**put, letter=letter, business_id=1, location_id=place)
            )
            put = {"org_id": ORG, "location_id": place, "code": f"P{place}", "name": "", "depot_id": key}
            connection.execute(master.location.insert().values(**put, kind="depot"))
    return central_store.journal()


def rows(store: Store) -> list[Row]:
    with store.database.write() as connection:
        keys = connection.scalars(text("SELECT document_id FROM arrival WHERE org_id = :org"), {"org": ORG})
        return open_orders.lock(connection, ORG, list(keys))


def wrong(store: Store) -> list[int]:
    return [key for key, differs in open_orders.check(store.database, ORG) if differs]


def ordered(journal: Journal) -> Sealed:
    return journal.record_document(books.purchase_order((1, 10_000, 100), (2, 5_000, 70)))


def receipt(order: Sealed, *lines: tuple[int, int, int]) -> Document:
    return books.goods_receipt(*lines, order_id=order.document.document_id)


def test_an_order_from_its_beginning_to_its_end(central_store: Store, journal: Journal) -> None:
    order = ordered(journal)
    (row,) = rows(central_store)
    assert (row.depot_id, row.kind, row.state, row.came) == (DEPOT, "purchase_order", "open", "{}")
    assert (row.location_id, row.number) == (LOCATION, f"K{TILL}-Q000001")
    assert row.body.encode() == order.body
    first = journal.record_document(receipt(order, (1, 10_000, 100)))
    assert json.loads(rows(central_store)[0].came) == {"0": 10_000}
    rest = books.goods_receipt((2, 5_000, 70), order_id=order.document.document_id)
    (line,) = rest.lines
    rest = msgspec.structs.replace(rest, lines=(msgspec.structs.replace(line, order_line=1),))
    last = journal.record_document(rest)
    (row,) = rows(central_store)
    assert (row.state, row.body, json.loads(row.came)) == ("came", "", {"0": 10_000, "1": 5_000})
    journal.record_document(void(last))
    (row,) = rows(central_store)
    assert (row.state, row.body.encode()) == ("open", order.body)
    journal.record_document(void(first))
    journal.record_document(void(order))
    (row,) = rows(central_store)
    assert (row.state, row.body, row.came) == ("voided", "", "{}")
    assert wrong(central_store) == []


def test_a_transfer_stands_with_both_depots(central_store: Store, journal: Journal) -> None:
    sent = journal.record_document(books.transfer_sent((1, 10_000), (2, 500)))
    key = sent.document.document_id
    assert {row.key for row in rows(central_store)} == {(key, DEPOT), (key, OTHER_DEPOT)}
    journal.record_document(books.transfer_received((1, 10_000, 10_000), sent_id=key))
    assert {row.state for row in rows(central_store)} == {"open"}
    journal.record_document(books.transfer_received((2, 500, 500), sent_id=key))
    assert {(row.state, row.came) for row in rows(central_store)} == {("came", '{"1": 10000, "2": 500}')}
    assert wrong(central_store) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE arrival SET came = '{\"0\": 1}'",
        "UPDATE arrival SET state = 'came', body = ''",
        "UPDATE arrival SET body = 'not closed by anybody'",
        "UPDATE arrival SET location_id = 99",
        "UPDATE arrival SET number = 'X'",
        "DELETE FROM arrival",
        "INSERT INTO arrival (org_id, document_id, depot_id, kind, number, location_id, made_at_us, state)"
        f" VALUES ({ORG}, 77, {DEPOT}, 'transfer_sent', 'X', 1, 1, 'came')",
        f"UPDATE arrival SET depot_id = {OTHER_DEPOT}",
    ],
)
def test_what_differs_is_said_and_mended(central_store: Store, journal: Journal, damage: str) -> None:
    ordered(journal)
    before = rows(central_store)
    central_store.execute(damage)
    (said,) = verification.verify(central_store.database, ORG).problems
    assert "is not what its documents say" in said
    assert len(wrong(central_store)) == 1
    mended = [
        key for key, differs in open_orders.check(central_store.database, ORG, mend_at=MOMENT) if differs
    ]
    assert len(mended) == 1
    assert wrong(central_store) == []
    assert [row for row in rows(central_store) if not row.is_gone] == before
    found = central_store.scalar("SELECT subject FROM audit_log WHERE action = 'recalculate'")
    assert found == f"arrival {open_orders.name_of(mended[0])}"
    assert verification.verify(central_store.database, ORG).ok


def test_a_vehicle_that_moves_takes_what_is_on_its_way_along(central_store: Store, journal: Journal) -> None:
    sent = journal.record_document(books.transfer_sent((1, 10_000)))
    third = OTHER_DEPOT + 1
    central_store.execute(f"UPDATE location SET depot_id = {third} WHERE location_id = {VEHICLE}")
    assert wrong(central_store) == [sent.document.document_id]
    assert any(differs for _, differs in open_orders.check(central_store.database, ORG, mend_at=MOMENT))
    assert {row.depot_id: row.state for row in rows(central_store)} == {
        DEPOT: "open",
        OTHER_DEPOT: "gone",
        third: "open",
    }


def test_the_second_of_two_at_once_waits_and_is_judged(central_store: Store, journal: Journal) -> None:
    order = ordered(journal)
    central_store.journal(terminal_no=TILL + 1)
    answers: list[str] = []

    def placed(terminal_no: int, seq: int) -> Sealed:
        draft = receipt(order, (1, 7_000, 100))
        return journals.seal(
            msgspec.structs.replace(draft, org_id=ORG, terminal_no=terminal_no, seq=seq, number=seq), b""
        )

    def other() -> None:
        with central_store.database.write() as connection:
            answers.append(book_rules.refusal_at_centre(connection, ORG, [placed(TILL + 1, 1)]))

    with central_store.database.write() as connection:
        first = msgspec.structs.replace(placed(TILL, 2).document)
        _, hash_ = journals.last(connection, ORG, TILL)[:2]
        sealed = journals.seal(first, hash_)
        assert book_rules.refusal_at_centre(connection, ORG, [sealed]) == ""
        centre_journal.append(connection, [sealed])
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for what is not committed yet"
    thread.join(10)
    assert "came than was ordered" in answers[0]
    assert wrong(central_store) == []


def test_two_people_may_take_more_than_was_ordered(central_store: Store, journal: Journal) -> None:
    order = ordered(journal)
    journal.record_document(receipt(order, (1, 7_000, 100)))
    draft = msgspec.structs.replace(
        receipt(order, (1, 7_000, 100)), org_id=ORG, terminal_no=TILL, seq=9, number=9
    )
    sealed = [journals.seal(draft, b"")]
    with central_store.database.write() as connection:
        assert "than was ordered" in book_rules.refusal_at_centre(connection, ORG, sealed)
        assert book_rules.refusal_at_centre(connection, ORG, sealed, decided=True) == ""


def test_a_batch_is_judged_in_its_order(central_store: Store, journal: Journal) -> None:
    order = ordered(journal)
    first = journal.record_document(receipt(order, (1, 7_000, 100)))

    def judged(*drafts: Document) -> str:
        place = {"org_id": ORG, "terminal_no": TILL}
        batch = [
            journals.seal(msgspec.structs.replace(one, seq=50 + n, number=50 + n, **place), b"")
            for n, one in enumerate(drafts)
        ]
        with central_store.database.write() as connection:
            return book_rules.refusal_at_centre(connection, ORG, batch)

    more = receipt(order, (1, 3_000, 100))
    assert judged(more) == ""
    assert "than was ordered" in judged(more, more)
    # What was voided before in the batch came not.
    assert judged(void(first), receipt(order, (1, 10_000, 100))) == ""
    assert "than was ordered" in judged(receipt(order, (1, 10_000, 100)), void(first))
    assert "recorded upon it" in judged(void(order))
    assert judged(void(first), void(order)) == ""
    assert "was voided" in judged(void(first), void(order), more)


def test_bytes_lie_closed_and_one_organisation_sees_its_own(central_store: Store, journal: Journal) -> None:
    ordered(journal)
    body = central_store.scalar("SELECT body FROM arrival")
    assert "purchase_order" not in body
    assert body
    other = founding.found(central_store.database, "Other", "KES", central_store.clock, owner_pin_hash="")
    with central_store.database.for_org(other.org_id).read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM arrival")) == 0
    with central_store.database.for_org(ORG).read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM arrival")) == 1


def test_on_a_till_the_same_questions_are_asked_of_its_own(till_store: Store) -> None:
    found_organisation(till_store)
    journal = journal_of(till_store.database, ORG, TILL, till_store.clock, book_rules.guard)
    order = journal.record_document(books.purchase_order((1, 10_000, 100)))
    journal.record_document(receipt(order, (1, 6_000, 100)))
    with refused("more-came-than-ordered"):
        journal.record_document(receipt(order, (1, 4_001, 100)))
    with refused("built-upon-already"):
        journal.record_document(void(order))
    assert till_store.scalar("SELECT count(*) FROM arrival") == 0
