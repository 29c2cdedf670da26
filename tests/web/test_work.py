"""Forms and lists of work in a browser: each is opened, refused with what was typed kept, recorded once."""

import re
from datetime import timedelta
from typing import Any

import pytest

from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office import booked, invoicing, stock, waiting_work
from pos_app.office.booked import Wanted
from pos_app.office.invoicing import Goods
from pos_app.office.masters import parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.web.work.declaration import Line, Sought, laid_out
from pos_app.web.work.registry import FORMS, LISTS
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
ELSEWHERE = {"vouchers/pay-back", "flags/settle", "requests/answer", "year-end"}


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
    assert seen[0] == seen[1]
    assert "said=recorded" in seen[0] or "said=locked" in seen[0]


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
