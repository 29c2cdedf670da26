"""Invoices at the till: due by terms, within the limit, from a basket or a draft; and their credit notes."""

from dataclasses import replace
from typing import Any

import pytest

from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.store.stock.stock_levels import Level
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import LOCATION
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import (
    CASH,
    EMPTY13,
    GAS13,
    HOTEL,
    VENDOR,
    between,
    invoiced,
    open_of,
    stock_at,
)
from tests.support.worlds.till_fixture import CASHIER, GONE, GOOD, MANAGER, NO_CREDIT, Shop

TODAY = 20261120


def test_an_invoice_is_due_by_the_customers_terms_and_owed(depot: Shop) -> None:
    basket = depot.basket("REG", "WASH")
    basket.set_customer(HOTEL)
    done = depot.till.invoicing.issue(basket, reference=" LPO 77 ")
    invoice = depot.document(done.document_id)
    assert isinstance(invoice, Invoice)
    assert (invoice.terms_days, invoice.due_on, invoice.reference) == (30, 20261220, "LPO 77")
    assert (invoice.total, done.total) == (850_00 + 290_00, 850_00 + 290_00)
    assert done.number == "K3-I000001"
    assert between(depot, PartyRole.CUSTOMER, HOTEL.party_id) == (1_140_00, 1_140_00)
    assert open_of(depot, HOTEL) == {done.document_id: 1_140_00}
    assert depot.stock("REG") == -ONE
    assert [job.what for job in depot.print_jobs()][-1] == "receipt"
    # The basket is gone with it: nothing is taken up again after a restart.
    depot.restart()
    depot.be(MANAGER)
    assert depot.till.baskets.resume().lines == []


def test_pressing_twice_is_one_invoice(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    first = depot.till.invoicing.issue(basket)
    assert depot.till.invoicing.issue(basket) == first
    assert open_of(depot, HOTEL) == {first.document_id: 850_00}


@pytest.mark.parametrize(("terms", "due"), [({"due_on": 20270115}, 20270115), ({"terms_days": 0}, TODAY)])
def test_other_terms_than_the_customers(depot: Shop, terms: dict[str, int], due: int) -> None:
    assert depot.document(invoiced(depot, HOTEL, "REG", **terms)).due_on == due


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"due_on": 20261119}, "due-date-past"),
        ({"due_on": 19700101}, "due-date-past"),
        ({"due_on": 20990101}, "year-of-date-implausible"),
        ({"due_on": 20261340}, "not-a-day"),
        ({"terms_days": -1}, "terms-implausible"),
        ({"terms_days": 99_999}, "terms-implausible"),
    ],
)
def test_absurd_terms(depot: Shop, terms: dict[str, int], code: str) -> None:
    with refused(code):
        invoiced(depot, HOTEL, "REG", **terms)
    assert open_of(depot, HOTEL) == {}


def test_what_cannot_be_invoiced(depot: Shop) -> None:
    issue = depot.till.invoicing.issue
    with refused("invoice-empty"):
        issue(depot.till.baskets.new())
    with refused("invoice-without-customer"):
        issue(depot.basket("REG"))
    for party, code in ((GONE, "party-inactive"), (replace(HOTEL, party_id=VENDOR), "party-not-in-role")):
        basket = depot.basket("REG")
        basket.set_customer(party)
        with refused(code):
            issue(basket)
    assert depot.count("open_item") == 0


def test_beyond_the_limit_a_manager_is_asked(depot: Shop) -> None:
    depot.be(CASHIER)
    basket = depot.basket("REG")
    basket.set_customer(NO_CREDIT)
    with pytest.raises(NeedsApproval) as needs:
        depot.till.invoicing.issue(basket)
    assert needs.value.action == Action.OVER_LIMIT.value
    done = depot.till.invoicing.issue(basket, approval=depot.approval(Action.OVER_LIMIT))
    invoice = depot.document(done.document_id)
    assert (invoice.over_limit, invoice.approver_id) == (850_00, MANAGER.person_id)


def test_returnables_go_with_an_invoice(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    basket.give_returnable(depot.till.catalogue.by_id(EMPTY13), -2 * ONE)
    done = depot.till.invoicing.issue(basket)
    assert stock_at(depot, LOCATION, EMPTY13) == 2 * ONE
    assert [(level.product_id, level.quantity) for level in depot.till.returnables.held(504)] == [
        (EMPTY13, -2 * ONE)
    ]
    # More came back than the hotel held: said, not refused.
    assert _flagged(done.short) == {("REG", -ONE), ("E13", -2 * ONE)}


def _flagged(levels: tuple[Level, ...]) -> set[tuple[str, int]]:
    return {(level.sku, level.quantity) for level in levels}


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_changes_until_it_is_posted(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    draft = depot.till.invoicing.save_draft(basket)
    assert draft.totals.total == 850_00
    assert depot.till.baskets.resume().lines == []
    two = (draft.lines[0], draft.lines[0])
    draft = depot.till.invoicing.change_draft(draft, lines=two, reference="LPO 9")
    assert draft.totals.total == 1_700_00
    assert [one.request_id for one in depot.till.invoicing.drafts()] == [draft.request_id]
    assert open_of(depot, HOTEL) == {}
    done = depot.till.invoicing.issue_draft(draft.request_id)
    assert depot.till.invoicing.issue_draft(draft.request_id) == done
    assert open_of(depot, HOTEL) == {done.document_id: 1_700_00}
    assert depot.till.invoicing.drafts() == []
    with refused("draft-posted-already"):
        depot.till.invoicing.change_draft(draft, reference="too late")


def test_the_draft_of_too_much_asks_a_manager_once(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(NO_CREDIT)
    draft = depot.till.invoicing.save_draft(basket)
    with pytest.raises(NeedsApproval):
        depot.till.invoicing.issue_draft(draft.request_id)
    done = depot.till.invoicing.issue_draft(draft.request_id, depot.approval(Action.OVER_LIMIT))
    assert depot.document(done.document_id).over_limit == 850_00
    # Now the limit is used up by the invoice itself; asked again it is the same one.
    assert depot.till.invoicing.issue_draft(draft.request_id) == done


def test_a_draft_is_given_up(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    depot.till.invoicing.give_up_draft(draft.request_id)
    with refused("draft-gone"):
        depot.till.invoicing.issue_draft(draft.request_id)


# --- credit notes ---------------------------------------------------------------------------------


def _credit(depot: Shop, document_id: int, quantities: dict[int, int], **more: Any) -> CreditNote:
    found = depot.till.credit_notes.find(depot.till.printed(depot.document(document_id)))
    done = depot.till.credit_notes.complete(found, quantities, "dented", **more)
    note = depot.document(done.document_id)
    assert isinstance(note, CreditNote)
    return note


def test_goods_come_back_and_the_invoice_goes_down(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG", quantity=3 * ONE)
    note = _credit(depot, key, {0: ONE})
    assert (note.total, note.invoice_id, note.invoice_number) == (850_00, key, "K3-I000001")
    assert open_of(depot, HOTEL) == {key: 1_700_00}
    assert depot.stock("REG") == -2 * ONE
    with refused("taken-more-than-left"):
        _credit(depot, key, {0: 3 * ONE})
    _credit(depot, key, {0: 2 * ONE}, goods_come_back=False)
    assert (open_of(depot, HOTEL), depot.stock("REG")) == ({}, -2 * ONE)
    assert depot.owes(HOTEL) == 0


def test_a_credit_after_the_money_is_the_customers(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG")
    desk = depot.till.receive_payment(HOTEL, 850_00)
    desk.add_tender(CASH, 850_00)
    desk.complete()
    _credit(depot, key, {0: ONE})
    assert depot.owes(HOTEL) == -850_00
    assert open_of(depot, HOTEL) == {}


def test_who_may_credit_and_what(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG")
    depot.be(CASHIER)
    number = depot.till.printed(depot.document(key))
    found = depot.till.credit_notes.find(number)
    with pytest.raises(NeedsApproval):
        depot.till.credit_notes.complete(found, {0: ONE}, "dented")
    allowed = depot.approval(Action.CREDIT_NOTE)
    for quantities, reason, code in (
        ({0: ONE}, " ", "credit-without-reason"),
        ({}, "dented", "no-line-taken"),
        ({7: ONE}, "dented", "line-not-on-document"),
    ):
        with refused(code):
            depot.till.credit_notes.complete(found, quantities, reason, approval=allowed)
    done = depot.till.credit_notes.complete(found, {0: ONE}, "dented", approval=allowed)
    assert depot.till.credit_notes.complete(found, {0: ONE}, "dented", approval=allowed) == done
    for printed, code in (
        ("K3-I000099", "invoice-not-at-till"),
        ("K9-I000001", "invoice-of-other-till"),
        ("K3-S000001", "only-invoices-credited"),
    ):
        with refused(code):
            depot.till.credit_notes.find(printed)


def test_an_invoice_is_voided_only_while_nothing_was_paid(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG")
    _credit(depot, key, {0: ONE})
    with refused("paid-or-credited-already"):
        depot.till.voids.void(key, "wrong customer")
    other = invoiced(depot, HOTEL, "GAS13")
    depot.till.voids.void(other, "wrong customer")
    assert open_of(depot, HOTEL) == {}
    assert stock_at(depot, LOCATION, GAS13) == 0
