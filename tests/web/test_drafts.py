"""Drafts in a browser: opened and saved they are the same, two people do not write over each other, and who
may not make such a paper changes none.
"""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office import bills, booked, drafts, invoicing, stock, waiting_work
from pos_app.office.bills import Cost
from pos_app.office.booked import Wanted
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Goods
from pos_app.office.masters import exchange_rates, packs, parties
from pos_app.office.masters.packs import Said
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.store.journal.invoice_drafts import Draft, due_of
from tests.web.world import Browser, World

_HEAD = ("customer", "vendor", "on", "due", "business", "depot", "at", "currency", "reference")
_SHOWN = (*_HEAD, "draft", "seen")
_LINE = ("sku", "quantity", "price", "discount", "description", "tax", "account", "amount")


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    """The owner's, where there is a vendor, a vehicle, and a rate of the dollar."""
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    with office.change(Permission.EDIT_MASTER) as books:
        parties.add_in(books, "GAS", "Gas Ltd", [RoleTerms(PartyRole.VENDOR)])
    stock.add_location(office, "VAN", "Van", "vehicle")
    exchange_rates.set_rate(office, "USD", 129_550_000)
    return office


@pytest.fixture
def owner(world: World) -> Browser:
    """A browser of the owner."""
    world.clock.advance(timedelta(seconds=1))
    return world.signed_in("OWNER")


def shown(browser: Browser, rows: int = 4) -> dict[str, Any]:
    """What stands in the form that a browser shows, as it sends it."""
    names = [name for name in _SHOWN if f'name="{name}"' in browser.page.text]
    names += [
        f"l{number}-{name}"
        for number in range(rows)
        for name in _LINE
        if f'name="l{number}-{name}"' in browser.page.text
    ]
    return {name: browser.value(name) for name in (*names, "rows", "request")}


def saved(office: Office, made: Draft) -> Draft:
    """The draft as it stands now."""
    return next(one.draft for one in waiting_work.drafts(office) if one.draft.request_id == made.request_id)


def test_an_invoice_is_the_same_after_it_was_opened_and_saved(office: Office, owner: Browser) -> None:
    made = invoicing.draft(
        office,
        "C1",
        [Goods("SKU1", 2_000, 1_000), Goods("SKU2", 1_000, 500, description="As agreed")],
        PostingDetails(currency="USD"),
        terms=Terms(None, 45, "PO 7"),
        location="VAN",
    )
    owner.get(f"/invoices/new?draft={made.request_id}")
    assert owner.value("currency") == "USD", owner.text
    assert owner.value("at") == "VAN"
    owner.send("/invoices/new", act="draft", **shown(owner))
    assert "The draft is saved." in owner.text, owner.text
    now = saved(office, made)
    assert (now.currency, now.totals, now.lines) == ("USD", made.totals, made.lines)
    assert due_of(now) == due_of(made)
    # And issued it is what was drafted.
    owner.get(f"/invoices/new?draft={made.request_id}")
    owner.send("/invoices/new", act="issue", **shown(owner))
    assert "Recorded." in owner.text, owner.text
    issued = booked.listed(office, Wanted(kind="invoice"))[0]
    assert (issued.currency, issued.total) == ("USD", made.totals.total)


def test_a_bill_is_the_same_after_it_was_opened_and_saved(office: Office, owner: Browser) -> None:
    made = bills.draft(
        office, "GAS", [Cost("", 900, sku="SKU1", quantity=3_000)], PostingDetails(), location="VAN"
    )
    owner.get(f"/bills/new?draft={made.request_id}")
    owner.send("/bills/new", act="draft", **shown(owner))
    assert "The draft is saved." in owner.text, owner.text
    assert saved(office, made).lines == made.lines


def test_a_bill_by_the_case_is_typed_and_opened_in_cases(office: Office, owner: Browser) -> None:
    packs.add(office, "SKU1", "cs", Said("12"))
    owner.get("/bills/new")
    typed = {"l0-sku": "SKU1", "l0-quantity": "2cs", "l0-amount": "250.00"}
    owner.send("/bills/new", act="draft", **shown(owner) | {"vendor": "GAS", **typed})
    made = waiting_work.drafts(office)[0].draft
    assert [(one.quantity, one.extended) for one in made.lines] == [(24_000, 500_00)]
    owner.get(f"/bills/new?draft={made.request_id}")
    assert (owner.value("l0-quantity"), owner.value("l0-amount")) == ("2cs", "250.00")
    owner.send("/bills/new", act="draft", **shown(owner))
    assert saved(office, made).lines == made.lines
    for quantity in ("1.5cs", "3cs"):
        owner.get("/orders/new")
        goods = {"l0-sku": "SKU1", "l0-quantity": quantity, "l0-cost": "250.00"}
        owner.send("/orders/new", **shown(owner) | {"vendor": "GAS", "at": "MAIN", **goods})
        assert owner.code == ("pack-not-whole" if quantity == "1.5cs" else ""), owner.text
    assert "750.00" in owner.text, owner.text
    assert "Recorded." in owner.text


def test_who_comes_second_to_a_draft_is_told_and_counts_when_they_send_again(
    world: World, office: Office, owner: Browser
) -> None:
    made = invoicing.draft(office, "C1", [Goods("SKU1", 1_000)])
    accountant = world.signed_in("ACC")
    for one in (owner, accountant):
        one.get(f"/invoices/new?draft={made.request_id}")
    mine, theirs = shown(owner), shown(accountant)
    owner.send("/invoices/new", act="draft", **mine | {"l1-sku": "SKU2", "l1-quantity": "3"})
    assert "The draft is saved." in owner.text
    for act in ("draft", "issue", "give-up"):
        accountant.send("/invoices/new", act=act, **theirs | {"l0-quantity": "9"})
        assert (accountant.page.status_code, accountant.code) == (409, "draft-changed-meanwhile"), act
        assert accountant.value("l0-quantity") == "9"
        assert len(saved(office, made).lines) == 2
    accountant.send("/invoices/new", act="draft", **shown(accountant))
    assert "The draft is saved." in accountant.text, accountant.text
    assert [one.quantity for one in saved(office, made).lines] == [9_000]


def test_nobody_is_told_that_theirs_was_recorded_when_another_issued_the_draft(
    world: World, office: Office, owner: Browser
) -> None:
    made = invoicing.draft(office, "C1", [Goods("SKU1", 1_000)])
    accountant = world.signed_in("ACC")
    for one in (owner, accountant):
        one.get(f"/invoices/new?draft={made.request_id}")
    mine, theirs = shown(owner), shown(accountant)
    for told in ("Recorded.", "This form was recorded before"):
        # The impatient hand of who issued it is led to what they made.
        owner.send("/invoices/new", act="issue", **mine)
        assert told in owner.text, owner.text
    accountant.send("/invoices/new", act="issue", **theirs | {"l0-quantity": "50"})
    assert (accountant.page.status_code, accountant.code) == (422, "draft-posted-already")
    assert accountant.value("l0-quantity") == "50"


def test_a_draft_that_was_given_up_does_not_come_back(world: World, office: Office, owner: Browser) -> None:
    made = invoicing.draft(office, "C1", [Goods("SKU1", 1_000)])
    owner.get(f"/invoices/new?draft={made.request_id}")
    held = shown(owner)
    drafts.give_up(office, made.request_id)
    for act in ("draft", "issue"):
        owner.send("/invoices/new", act=act, **held)
        assert (owner.page.status_code, owner.code) == (422, "draft-gone"), act
    assert all(one.draft.request_id != made.request_id for one in waiting_work.drafts(office))


def test_a_bill_is_not_made_an_invoice_nor_changed_by_who_makes_none(world: World, office: Office) -> None:
    made = bills.draft(office, "GAS", [Cost("Rent", 90_000, "6100")])
    cashier = world.signed_in("CASH")
    assert cashier.get(f"/invoices/new?draft={made.request_id}").status_code == 422
    cashier.get("/invoices/new")
    for act in ("draft", "issue"):
        cashier.send(
            "/invoices/new", request=made.request_id, rows="4", act=act, customer="C1", **{"l0-sku": "SKU1"}
        )
        assert cashier.page.status_code == 422, cashier.text
        assert saved(office, made) == made
    owner = world.signed_in("OWNER")
    owner.get("/invoices/new")
    owner.send(
        "/invoices/new", request=made.request_id, rows="4", act="draft", customer="C1", **{"l0-sku": "SKU1"}
    )
    assert (owner.page.status_code, owner.code) == (422, "draft-unknown")
    assert saved(office, made) == made


def test_no_line_of_a_long_draft_is_left_out(office: Office, owner: Browser) -> None:
    long = [Goods("SKU1", 1_000 + number) for number in range(201)]
    made = invoicing.draft(office, "C1", long)
    owner.get(f"/invoices/new?draft={made.request_id}")
    assert (owner.page.status_code, owner.code) == (422, "form-lines-too-many")
    invoicing.draft(office, "C1", long[:200], replaces=made.request_id)
    owner.get(f"/invoices/new?draft={made.request_id}")
    held = shown(owner, 200)
    assert held["rows"] == "200"
    owner.send("/invoices/new", act="draft", **held | {"l200-sku": "SKU2"})
    assert (owner.page.status_code, owner.code) == (422, "form-lines-too-many")
    owner.send("/invoices/new", act="draft", **held)
    assert "The draft is saved." in owner.text, owner.text
    assert saved(office, made).lines == dataclasses.replace(made, lines=made.lines[:200]).lines


def test_an_address_says_no_request(world: World, office: Office, owner: Browser) -> None:
    owner.get("/payments/customer")
    request = owner.value("request")
    paid = {"customer": "C1", "how": "bank", "amount": "5.00", "prepay": "yes"}
    owner.send("/payments/customer", request=request, rows="0", act="", **paid)
    assert "Recorded." in owner.text, owner.text
    owner.get(f"/payments/customer?customer=C1&amount=7.00&request={request}&rows=9&seen=1&token=x")
    assert owner.value("amount") == "7.00"
    assert owner.value("request") not in ("", request)
