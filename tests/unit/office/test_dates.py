"""In the office nothing is dated before what it follows, unless who may says so with the command."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from pos_app.ledger.chit import barcode_of
from pos_app.ledger.document import Invoice
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills, chits, drafts, invoicing, payments, purchasing, stock, treasury, voids
from pos_app.office.bills import Cost
from pos_app.office.invoicing import Goods
from pos_app.office.purchasing import Bought
from pos_app.office.stock import Quantity
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, TODAY, Desk, bank, cash, on

YESTERDAY = 20261119


def asked(desk: Desk, act: Callable[[], Any], why: str) -> None:
    """It is refused with the question, and recorded under the name of who says yes."""
    with refused("date-not-allowed") as caught:
        act()
    assert getattr(caught.value.facts["why"], "code", "") == why
    desk.office.allows_dates = True
    made = act()
    desk.office.allows_dates = False
    document = made.document
    assert document.dated_by == document.person_id == desk.office.person.person_id
    with desk.database.read() as connection:
        who = connection.execute(text("SELECT person_id FROM audit_log WHERE action = 'backdate'")).scalar()
    assert who == document.dated_by


def test_a_credit_note_is_not_dated_before_its_invoice(desk: Desk) -> None:
    made = invoicing.invoice(desk.office, "C1", [Goods("GAS", ONE)])
    asked(
        desk,
        lambda: invoicing.credit(desk.office, made.document_id, "spoilt", (), on(YESTERDAY)),
        "dated-before-origin",
    )


def test_a_payment_is_not_dated_before_its_invoice(desk: Desk) -> None:
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    asked(
        desk,
        lambda: payments.receive(desk.office, "C1", cash(580_00), occasion=on(YESTERDAY)),
        "dated-before-origin",
    )


def test_a_vendor_is_not_paid_before_their_bill(desk: Desk) -> None:
    bills.bill(desk.office, "V1", [Cost("Rent", 500_00, "6100")])
    asked(
        desk,
        lambda: payments.pay_vendor(desk.office, "V1", bank(500_00), occasion=on(YESTERDAY)),
        "dated-before-origin",
    )


def test_goods_do_not_come_before_they_were_ordered(desk: Desk) -> None:
    desk.office = desk.as_("MGR")
    made = purchasing.order(desk.office, "V1", [Bought("GAS", 3 * ONE, 1_500_00)])
    asked(
        desk,
        lambda: purchasing.receive(desk.office, made.document_id, (), on(YESTERDAY)),
        "dated-before-origin",
    )


def test_a_transfer_does_not_come_before_it_was_sent(desk: Desk) -> None:
    desk.office = desk.as_("MGR")
    made = stock.send(desk.office, "", "WEST", [Quantity("GAS", ONE)])
    asked(
        desk,
        lambda: stock.receive(desk.office, made.document_id, (), on(YESTERDAY)),
        "dated-before-origin",
    )


def test_credit_is_not_paid_out_before_its_invoice(desk: Desk) -> None:
    desk.office = desk.as_("OWNER")
    made = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    payments.receive(desk.office, "C1", bank(580_00))
    invoicing.credit(desk.office, made.document_id, "spoilt")
    asked(
        desk,
        lambda: treasury.party_money(
            desk.office, PartyReason.CUSTOMER_CREDIT_RETURN, "C1", bank(580_00), on(YESTERDAY)
        ),
        "dated-before-origin",
    )


def test_credit_does_not_settle_before_its_invoice(desk: Desk) -> None:
    desk.office = desk.as_("OWNER")
    old = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)], on(YESTERDAY - 1))
    made = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    payments.receive(desk.office, "C1", bank(580_00), [InvoiceChoice(made.document_id)])
    invoicing.credit(desk.office, made.document_id, "spoilt")
    wanted = [InvoiceChoice(old.document_id)]
    asked(desk, lambda: payments.settle(desk.office, "C1", wanted, on(YESTERDAY)), "dated-before-origin")


def test_a_deposit_is_not_paid_back_before_it_was_taken(desk: Desk) -> None:
    desk.office = desk.as_("OWNER")
    sold = invoicing.invoice(desk.office, "C1", [Goods("DEP", ONE)]).document
    assert isinstance(sold, Invoice)
    chit = sold.lines[0].chit
    assert chit is not None
    number = barcode_of(chit.role, chit.number)
    asked(
        desk,
        lambda: chits.pay_back(desk.office, number, bank(1_000_00), on(YESTERDAY)),
        "dated-before-origin",
    )


def test_the_same_day_by_hand_is_no_question(desk: Desk) -> None:
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)], on(YESTERDAY))
    made = payments.receive(desk.office, "C1", cash(580_00), occasion=on(YESTERDAY))
    assert made.document.dated_by is None


def test_a_day_in_the_past_is_no_question_by_itself(desk: Desk) -> None:
    made = bills.bill(desk.office, "V1", [Cost("Rent", 500_00, "6100")], on(20260105))
    assert made.document.dated_by is None


def test_the_centres_clock_stands_before_its_last_document(desk: Desk) -> None:
    bills.bill(desk.office, "V1", [Cost("Rent", 500_00, "6100")])
    desk.clock.advance(datetime(2010, 1, 1, tzinfo=UTC) - desk.clock.now())
    asked(desk, lambda: bills.bill(desk.office, "V1", [Cost("Soap", 10_00, "6110")]), "dated-before-last")


def test_a_void_before_its_document_is_asked_about(desk: Desk) -> None:
    made = bills.bill(desk.office, "V1", [Cost("Rent", 500_00, "6100")], on(TODAY + 1))
    asked(desk, lambda: voids.void(desk.office, made.document_id, "twice"), "dated-before-origin")


def test_who_may_not_cannot_allow_it(desk: Desk) -> None:
    made = invoicing.invoice(desk.office, "C1", [Goods("GAS", ONE)])
    with desk.database.write() as connection:
        connection.execute(text("UPDATE role_permission SET valid_to_us = 1 WHERE permission = 'backdate'"))
    office = desk.as_("ACC")
    office.allows_dates = True
    with refused("person-may-not-here", deed="date documents before what they follow"):
        invoicing.credit(office, made.document_id, "spoilt", (), on(YESTERDAY))


def test_an_imported_draft_keeps_its_date(desk: Desk) -> None:
    one = invoicing.draft(desk.office, "C1", [Goods("GAS", ONE)], on(20200304))
    made = drafts.post(desk.office, one.request_id)
    assert (made.document.occurred_at.year, made.document.dated_by) == (2020, None)
