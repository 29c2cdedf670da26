"""Forms and lists of work in a browser: each is opened, refused with what was typed kept, recorded once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.chit import barcode_of
from pos_app.ledger.flagging import APPROVAL_UNPROVED, Found
from pos_app.ledger.invoicing import Invoice
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office import booked, invoicing, journal_entries, stock, waiting_work
from pos_app.office.booked import Wanted
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.journal_entries import Row
from pos_app.office.masters import parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.store.journal import flags
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.stock import valuation
from pos_app.web.work.declaration import Line, Sought, laid_out
from pos_app.web.work.registry import FORMS, LISTS
from tests.support.worlds import bags
from tests.web.world import Browser, World

#: What is typed into each form, in an order in which each has what it needs; None is told below.
TYPED: dict[str, dict[str, str]] = {
    "money/party": {"why": "customer_deposit", "party": "C1", "how": "bank", "amount": "50000.00"},
    "orders/new": {"vendor": "GAS", "at": "MAIN", "l0-sku": "SKU1", "l0-quantity": "10", "l0-cost": "100.00"},
    "receipts/new": {"order": "{purchase_order}", "l1-sku": "SKU1", "l1-quantity": "4"},
    "bills/new": {
        "vendor": "GAS", "l0-description": "Rent", "l0-account": "6100", "l0-amount": "900.00",
    },
    "payments/vendor": {"vendor": "GAS", "how": "bank", "amount": "900.00", "invoices": "{bill}"},
    "invoices/new": {"customer": "C1", "l0-sku": "SKU1", "l0-quantity": "2", "l2-sku": "SKU2"},
    "invoices/credit": {"invoice": "{invoice}", "reason": "One broke", "l0-line": "1", "l0-quantity": "1"},
    "payments/customer": {"customer": "C1", "how": "bank", "amount": "100.00"},
    "payments/settle": {"party": "C1", "whose": "deposit", "invoices": "{invoice}"},
    "invoices/write-off": {"customer": "C1", "reason": "They moved away"},
    "expenses/new": {
        "how": "bank", "amount": "50.00",
        "l0-description": "Soap", "l0-account": "6100", "l0-amount": "50.00",
    },
    "money/transfer": {"from": "bank", "to": "safe", "amount": "500.00"},
    "money/draw": {"from": "bank", "amount": "70.00", "note": "School fees"},
    "money/capital": {"to": "safe", "amount": "5000.00"},
    "bags/banked": {"bag": "KCB1"},
    "journal/new": {
        "description": "Rent is owed", "l0-account": "6100", "l0-debit": "30.00",
        "l1-account": "1170", "l1-credit": "30.00",
    },
    "stock/adjust": {"place": "MAIN", "why": "damage", "l0-sku": "SKU1", "l0-quantity": "\u22121"},
    "stock/count": {"place": "MAIN", "l0-sku": "SKU1", "l0-quantity": "7"},
    "stock/send": {"place": "MAIN", "to": "VAN", "l0-sku": "SKU1", "l0-quantity": "2"},
    "stock/receive": {"transfer": "{transfer_sent}"},
    "cylinders/move": {"customer": "C1", "place": "MAIN", "l0-sku": "SKU1", "l0-quantity": "1"},
    "locks/new": {"through": "2026-10-31", "reason": "October is done"},
}  # fmt: skip
#: What needs more than a form: a slip, a flag, a request of a till, a year that is over.
#: What records no document is in tests of its own (`test_money_pages`).
ELSEWHERE = {
    "vouchers/pay-back", "flags/settle", "requests/answer", "year-end", "organisation", "rules",
    "bank/account", "bank/sure", "payments/fetch",
}  # fmt: skip


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner, where there is a vendor and a vehicle."""
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    with office.change(Permission.EDIT_MASTER) as books:
        parties.add_in(books, "GAS", "Gas Ltd", [RoleTerms(PartyRole.VENDOR)])

    stock.add_location(office, "VAN", "Van", "vehicle")
    return world.signed_in("OWNER")


def filled(world: World, typed: dict[str, str]) -> dict[str, str]:
    """With the numbers of documents that were made before."""
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")

    def number(match: re.Match[str]) -> str:
        return booked.listed(office, Wanted(kind=match[1]))[0].number

    return {name: re.sub(r"\{(\w+)\}", number, text) for name, text in typed.items()}


def test_every_form_is_tried() -> None:
    assert {one.path for one in FORMS} == TYPED.keys() | ELSEWHERE


@pytest.mark.parametrize("path", TYPED)
def test_a_form_keeps_what_was_typed_and_records_once(world: World, owner: Browser, path: str) -> None:
    world.clock.advance(timedelta(seconds=1))
    if path == "invoices/write-off":
        office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
        invoicing.invoice(office, "C1", [Goods("SKU1", 1_000)])
    if path == "bags/banked":
        bags.leave(Office(world.database, world.clock, world.centre.org_id, "OWNER"), "KCB1")
    typed = filled(world, TYPED[path])
    assert owner.get(f"/{path}").status_code == 200, owner.text
    rows, request = owner.value("rows"), owner.value("request")
    # What is wrong is said, and all that was typed is there, the request too.
    wrong = dict.fromkeys(typed, "\U0001f9ef<b>"[:3]) | {"on": "soon", "through": "soon"}
    owner.send(f"/{path}", request=request, rows=rows, act="", **wrong)
    assert owner.page.status_code == 422, owner.text
    assert owner.value("request") == request
    for name in typed:
        if "<select" not in owner.page.text.partition(f'name="{name}"')[0].rpartition("\n")[2]:
            assert owner.value(name) == wrong[name], name
    # Sent twice it is one document.
    seen = []
    for _ in range(2):
        owner.send(f"/{path}", request=request, rows=rows, act="issue", **typed)
        assert owner.page.status_code == 200, owner.text
        seen.append(str(owner.page.url))
    assert "said=recorded&" in seen[0] or "said=locked" in seen[0]
    # The second time it says that this was recorded before.
    assert seen[1] == seen[0].replace("said=recorded&", "said=recorded-before&")


def test_a_form_that_was_recorded_says_so_when_it_comes_again_with_other_fields(owner: Browser) -> None:
    owner.get("/expenses/new")
    request, rows = owner.value("request"), owner.value("rows")
    typed = TYPED["expenses/new"]
    owner.send("/expenses/new", request=request, rows=rows, act="", **typed)
    assert "Recorded." in owner.text
    changed = typed | {"amount": "75.00", "l0-amount": "75.00"}
    owner.send("/expenses/new", request=request, rows=rows, act="", **changed)
    assert "This form was recorded before" in owner.text, owner.text
    assert "75.00" not in owner.text


def test_a_deposit_is_paid_back_by_its_slip(world: World, owner: Browser) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    with world.database.write() as connection:
        deposit = ProductRow(1, "DEP", name="Deposit 13 kg", price=2_500_00)
        assert not put_products(connection, world.centre.org_id, [deposit]).refusals
    sold = invoicing.invoice(office, "C1", [Goods("DEP", 1_000)]).document
    assert isinstance(sold, Invoice)
    chit = sold.lines[0].chit
    assert chit is not None
    slip = barcode_of(chit.role, chit.number)
    owner.get("/vouchers/pay-back")
    request = owner.value("request")
    typed = {"slip": slip, "how": "bank", "amount": "1000.00", "reference": "slip 7"}
    for change, code in (
        ({"slip": "D111111111111"}, "chit-number-wrong"),
        ({"amount": "2500.01"}, "chit-too-small"),
        ({"amount": "many"}, "not-a-number"),
        ({"how": ""}, "payment-not-said"),
    ):
        owner.send("/vouchers/pay-back", request=request, rows="0", **(typed | change))
        assert (owner.page.status_code, owner.code) == (422, code), owner.text
        assert owner.value("reference") == "slip 7"
    owner.send("/vouchers/pay-back", request=request, rows="0", **typed)
    assert "Recorded." in owner.text, owner.text
    assert "1,000.00" in owner.text
    owner.get("/vouchers")
    assert "1,500.00" in owner.text


def test_flags_of_a_document_are_settled_by_a_person(world: World, owner: Browser) -> None:
    with world.database.write() as connection:
        key = connection.scalar(text("SELECT min(document_id) FROM document WHERE kind = 'sale'"))
        odd = Found(int(key or 0), APPROVAL_UNPROVED, {"approver": "Nobody"}, 0)
        flags.put(connection, world.centre.org_id, [odd])
    owner.get("/flags")
    lead = re.search(r'href="/office(/documents/one\?key=\d+)"', owner.page.text)
    assert lead, owner.text
    owner.get(lead[1])
    lead = re.search(r'href="/office(/flags/settle\?document=[^"]+)"', owner.page.text)
    assert lead, owner.text
    owner.get(lead[1])
    number, request = owner.value("document"), owner.value("request")
    owner.send("/flags/settle", request=request, rows="0", document=number, reason=" ")
    assert (owner.code, owner.value("document")) == ("decision-without-reason", number)
    owner.send("/flags/settle", request=request, rows="0", document="M9-S000099", reason="Seen")
    assert owner.code == "document-unknown"
    owner.send("/flags/settle", request=request, rows="0", document=number, reason="She was asked")
    assert "Settled" in owner.text, owner.text
    assert "She was asked" in owner.text
    owner.send("/flags/settle", request=request, rows="0", document=number, reason="She was asked")
    assert owner.code == "flag-not-waiting"
    auditor = world.signed_in("AUD")
    assert auditor.get(lead[1]).status_code == 403


def test_a_year_is_closed_once_it_is_locked(world: World, owner: Browser) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    office.allows_dates = True
    # The forms above locked October; an earlier day opens the rest again.
    for through, reason in (("2024-12-31", "A bill came late"), ("2025-12-31", "Done")):
        owner.get("/locks/new")
        lock = {"request": owner.value("request"), "rows": "0", "through": through, "reason": reason}
        if through.startswith("2025"):
            for year, code in (("", "not-a-number"), ("26", "not-a-number"), ("2026", "year-not-over")):
                owner.get("/year-end")
                owner.send("/year-end", request=owner.value("request"), rows="0", year=year)
                assert (owner.page.status_code, owner.code) == (422, code), owner.text
                assert owner.value("year") == year
            owner.get("/year-end")
            owner.send("/year-end", request=owner.value("request"), rows="0", year="2025")
            assert owner.code == "books-not-locked", owner.text
            owner.get("/locks/new")
        owner.send("/locks/new", **lock)
        assert "said=locked" in str(owner.page.url), owner.text
        if through.startswith("2024"):
            rent = [Row("6100", 90_00), Row("3100", -90_00)]
            journal_entries.entry(office, "Rent of last year", rent, PostingDetails(on=20251130))
            valuation.Valuation(world.database, world.clock, world.centre.org_id).run()
    owner.get("/year-end")
    request = owner.value("request")
    owner.send("/year-end", request=request, rows="0", year="2025")
    assert "Recorded." in owner.text, owner.text
    assert "Journal entry" in owner.text, owner.text
    owner.send("/year-end", request=request, rows="0", year="2025")
    assert owner.code == "year-closed-already", owner.text
    # The books of October are locked again, as the other tests left them.
    owner.get("/locks/new")
    owner.send("/locks/new", request=owner.value("request"), rows="0", **TYPED["locks/new"])
    assert "said=locked" in str(owner.page.url), owner.text


def test_what_an_order_says_is_not_typed_beside_it_for_nothing(owner: Browser) -> None:
    owner.get("/orders/new")
    owner.send("/orders/new", rows=owner.value("rows"), request=owner.value("request"), act="",
               **TYPED["orders/new"])  # fmt: skip
    order = re.search(r"<small[^>]*>([\w-]+)</small>", owner.page.text)
    assert order, owner.text
    for beside in ({"at": "VAN"}, {"vendor": "GAS"}, {"l0-sku": "SKU1", "l0-cost": "90.00"}):
        owner.get("/receipts/new")
        owner.send("/receipts/new", rows="4", request=owner.value("request"), order=order[1], **beside)
        assert (owner.page.status_code, owner.code) == (422, "receipt-order-says-it"), beside
        assert owner.value("order") == order[1]
    owner.send("/receipts/new", rows="4", request=owner.value("request"), order=order[1])
    assert "Recorded." in owner.text, owner.text


def test_more_lines_lose_nothing(owner: Browser) -> None:
    owner.get("/invoices/new")
    request = owner.value("request")
    owner.send("/invoices/new", request=request, rows="4", act="more", customer="C1", **{"l3-sku": "SKU3"})
    assert owner.page.status_code == 200
    assert (owner.value("rows"), owner.value("l3-sku"), owner.value("request")) == ("8", "SKU3", request)
    assert owner.value("customer") == "C1"
    for rows in ("", "-1", "9999999", "x"):
        owner.send("/invoices/new", request=request, rows=rows, act="more", customer="C1")
        assert owner.page.status_code == 200
        assert int(owner.value("rows")) <= 200


def test_a_draft_waits_as_it_was_typed_and_is_issued_later(world: World, owner: Browser) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    for kind, typed in (
        ("invoices", {"customer": "C1", "reference": "PO 9", "l0-sku": "SKU1", "l0-price": "111.00"}),
        ("bills", {"vendor": "GAS", "l0-description": "Rent", "l0-account": "6100", "l0-amount": "12.00"}),
    ):  # fmt: skip
        owner.get(f"/{kind}/new")
        request = owner.value("request")
        owner.send(f"/{kind}/new", request=request, rows="4", act="draft", **typed)
        assert "The draft is saved." in owner.text, owner.text
        assert f"draft={request}" in owner.page.text
        owner.get(f"/{kind}/new?draft={request}")
        assert owner.value("request") == request
        assert {name: owner.value(name) for name in typed} == typed
        changed = {name: owner.value(name) for name in (*typed, "on", "due", "business", "l0-quantity")}
        assert changed["l0-quantity"] == "1"
        owner.send(f"/{kind}/new", request=request, rows="4", act="draft", **changed | {"l0-quantity": "4"})
        owner.send(f"/{kind}/new", request=request, rows="4", act="issue", **changed | {"l0-quantity": "4"})
        assert "Recorded." in owner.text, owner.text
        assert all(one.draft.request_id != request for one in waiting_work.drafts(office))
        assert owner.get(f"/{kind}/new?draft={request}").status_code == 422
        assert owner.code == "draft-gone"
        owner.get(f"/{kind}/new")
        request = owner.value("request")
        owner.send(f"/{kind}/new", request=request, rows="4", act="draft", **typed)
        owner.send(f"/{kind}/new", request=request, rows="4", act="give-up", **typed)
        assert "The draft is put away." in owner.text, owner.text


@pytest.mark.parametrize("work", LISTS, ids=lambda one: str(one.path))
def test_every_list_is_a_page_and_three_files(owner: Browser, work: Any) -> None:
    assert owner.get(f"/{work.path}").status_code == 200, owner.text
    for sort in ("1", "-1", "2", "99", "x", "--1", "²"):
        assert owner.get(f"/{work.path}?sort={sort}&after=nothing&words=%F0%9F%A7%AF").status_code == 200
    for form, beginning in {"csv": b"section,row", "xlsx": b"PK", "pdf": b"%PDF"}.items():
        sent = owner.client.get(f"/office/{work.path}/file?format={form}")
        assert sent.content.startswith(beginning), sent.text


def test_a_page_goes_on_where_it_stood_when_its_last_row_went_away() -> None:
    lines = [Line((number,), None, str(number)) for number in range(9)]
    for gone in (None, 3):
        left = [one for one in lines if one.key != str(gone)]
        found = laid_out(left, Sought({}, after="3", seen=4, most=3))
        assert [one.key for one in found] == ["4", "5", "6"], gone


def test_lists_show_what_was_recorded(owner: Browser) -> None:
    owner.get("/stock?place=VAN")
    assert "SKU1" in owner.text
    owner.get("/cylinders")
    assert "SKU1" in owner.text
    owner.get("/audit?words=locked")
    assert owner.page.status_code == 200
    owner.get("/locks")
    assert "all businesses 2026-10-31" in owner.text
    for asked in ("/stock?place=NOWHERE", "/audit?since=soon"):
        assert owner.get(asked).status_code == 422


def test_work_is_what_one_may_do(world: World) -> None:
    auditor, cashier = world.signed_in("AUD"), world.signed_in("CASH")
    auditor.get("/work")
    assert "Audit log" in auditor.text
    assert "Make an invoice" not in auditor.text
    for one in FORMS:
        assert auditor.get(f"/{one.path}").status_code == 403, one.path
    cashier.get("/work")
    assert "Make an invoice" in cashier.text
    assert "Audit log" not in cashier.text
    assert cashier.get("/audit").status_code == 403
    # Who sees no documents makes them all the same.
    cashier.get("/invoices/new")
    cashier.send("/invoices/new", rows="4", act="issue", customer="C1", **{"l0-sku": "SKU1"})
    assert (cashier.page.status_code, cashier.page.url.path) == (200, "/office/work"), cashier.text
    assert "Recorded." in cashier.text
    cashier.get("/work")
    assert cashier.send("/expenses/new", request="", rows="0").status_code == 403
