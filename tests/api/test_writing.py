"""What a program changes and records: every master by its declaration, invoices and payments, each once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office import bills, drafts, invoicing
from pos_app.office.bills import Cost
from pos_app.office.invoicing import Goods
from pos_app.office.masters import exchange_rates, parties, tax_codes
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.web.masters.declaration import Kind
from pos_app.web.masters.registry import MASTERS
from tests.api import program
from tests.api.program import Program
from tests.web.test_masters import TYPED
from tests.web.world import World

KEYS: Iterator[str] = (f"key-{number:08d}" for number in range(10_000))


def sent(master: Any, typed: dict[str, str]) -> dict[str, Any]:
    """What is typed into a form, as a program sends it."""
    yes = {one.name for one in master.fields if one.kind is Kind.YES_NO}
    return {name: text == "yes" if name in yes else text for name, text in typed.items()}


def added(master: Any, typed: dict[str, str]) -> dict[str, Any]:
    """The same of those fields that are asked for when a thing is added."""
    asked = {one.name for one in master.fields if one.adds}
    return {name: value for name, value in sent(master, typed).items() if name in asked}


def product(owner: Program, code: str, **more: str) -> dict[str, Any]:
    """A product of the first business, whatever others were added."""
    businesses = [one["code"] for one in owner.every("/businesses")]
    business = next(one for one in businesses if one != "WASH")
    return {"code": code, "name": code.title(), "price": "1.00", "business": business, **more}


@pytest.mark.parametrize("master", MASTERS, ids=lambda master: str(master.path))
def test_a_thing_is_added_changed_put_away_and_brought_back(owner: Program, master: Any) -> None:
    path, (typed, changed) = f"/{master.path}", TYPED[master.path]
    told = added(master, typed)
    answer = owner.ask("POST", path, told)
    assert answer.status_code == 201, answer.text
    at = answer.headers["location"].removeprefix("/api/v1")
    made = owner.get(at)
    assert made == answer.json()
    assert {name: value for name, value in told.items() if name in made and made[name] != value} == {}
    # The same once more is told to be there.
    assert owner.problem("POST", path, told)[0] in (409, 422)
    if master.edit is not None and changed:
        mark = owner.answer.headers.get("etag", "") or owner.ask("GET", at).headers["etag"]
        assert owner.problem("PATCH", at, sent(master, changed)) == (428, "api-if-match-missing")
        edited = owner.ask("PATCH", at, sent(master, changed), if_match=mark)
        assert edited.status_code == 200, edited.text
        # Who comes second with what they had seen before is told so, and nothing changes.
        assert owner.problem("PATCH", at, sent(master, changed), if_match=mark) == (
            412,
            "api-changed-meanwhile",
        )
        at = f"{path}/{edited.json()['code']}"
        assert owner.get(at) == edited.json()
    if master.archive is not None:
        for deed, is_archived in (("archive", True), ("restore", False)):
            put = owner.ask("POST", f"{at}/{deed}")
            assert put.status_code == 200, put.text
            assert put.json()["is_archived"] is is_archived


def test_who_added_it_stands_in_the_audit_log(world: World, owner: Program) -> None:
    assert owner.ask("POST", "/products", product(owner, "LOGGED")).status_code == 201, owner.answer.text
    with world.database.for_org(world.centre.org_id).read() as connection:
        entries = [
            one for one in audit.read(connection, world.centre.org_id, most=20) if "LOGGED" in one.subject
        ]
    assert entries
    assert all(one.address.startswith("api ") for one in entries)


def test_nobody_is_told_the_pin_of_who_was_added(owner: Program) -> None:
    answer = owner.ask("POST", "/people", {"code": "PINLESS", "name": "Pinless", "role": "cashier"})
    assert answer.status_code == 201
    assert "pin" not in answer.text.lower().replace("pinless", "")
    assert owner.problem("POST", "/people/PINLESS/pin")[0] == 404


def test_who_may_only_look_changes_nothing(world: World, owner: Program) -> None:
    reader = Program(owner.client, program.token(world, "OWNER", "see_reports"))
    assert reader.problem("POST", "/products", product(owner, "NOT")) == (403, "api-token-may-not")
    assert reader.problem("POST", "/invoices", {}) == (403, "api-token-may-not")
    assert owner.problem("GET", "/products/NOT")[0] == 404


@pytest.fixture(scope="module")
def customer(owner: Program) -> str:
    """A customer on account and a product that is no stock."""
    told = {"code": "ACME", "name": "Acme", "days": "30", "limit": "500000.00"}
    assert owner.ask("POST", "/customers", told).status_code == 201, owner.answer.text
    served = product(owner, "VISIT", price="1160.00", type="service")
    assert owner.ask("POST", "/products", served).status_code == 201, owner.answer.text
    return "ACME"


def invoice(customer: str, quantity: str = "1") -> dict[str, Any]:
    """A small invoice."""
    return {"customer": customer, "lines": [{"sku": "VISIT", "quantity": quantity}]}


def test_the_same_key_is_the_same_invoice_and_another_body_is_refused(owner: Program, customer: str) -> None:
    key = next(KEYS)
    first = owner.ask("POST", "/invoices", invoice(customer), idempotency_key=key)
    assert first.status_code == 201, first.text
    again = owner.ask("POST", "/invoices", invoice(customer), idempotency_key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert owner.problem("POST", "/invoices", invoice(customer, "2"), idempotency_key=key) == (
        422,
        "api-key-used",
    )
    assert owner.problem("POST", "/invoices", invoice(customer)) == (400, "api-key-missing")
    assert owner.problem("POST", "/invoices", invoice(customer), idempotency_key="short") == (
        400,
        "api-key-missing",
    )
    other = owner.ask("POST", "/invoices", invoice(customer), idempotency_key=next(KEYS))
    assert other.json()["id"] != first.json()["id"]


def test_eight_at_once_with_one_key_are_one_invoice(owner: Program, customer: str) -> None:
    key = next(KEYS)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda _: Program(owner.client, owner.token).ask(
                    "POST", "/invoices", invoice(customer), idempotency_key=key
                ),
                range(8),
            )
        )
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 1


def test_an_invoice_is_drafted_issued_and_paid(owner: Program, customer: str) -> None:
    draft = owner.ask("POST", "/invoice-drafts", invoice(customer, "2"), idempotency_key=next(KEYS))
    assert draft.status_code == 201, draft.text
    assert draft.json()["total"] == "2320.00"
    at = f"/invoice-drafts/{draft.json()['id']}/issue"
    issued = owner.ask("POST", at)
    assert issued.status_code == 201, issued.text
    assert owner.ask("POST", at).json() == issued.json()
    assert owner.problem("POST", f"/invoice-drafts/{'0' * 32}/issue") == (404, "draft-gone")
    told = issued.json()
    assert (told["total"], told["open"], told["base_currency_total"]) == ("2320.00", "2320.00", "2320.00")
    assert Decimal(told["subtotal"]) + Decimal(told["tax_amount"]) == Decimal(told["total"])
    paid = {
        "customer": customer,
        "money": [{"kind": "bank", "amount": "1000.00", "reference": "TRF1"}],
        "invoices": [{"id": told["id"], "amount": "1000.00"}],
    }
    payment = owner.ask("POST", "/payments", paid, idempotency_key=next(KEYS))
    assert payment.status_code == 201, payment.text
    assert payment.json()["kind"] == "payment"
    assert owner.get(f"/invoices/{told['id']}")["open"] == "1320.00"


def test_the_same_key_again_leaves_a_draft_as_somebody_changed_it(
    world: World, owner: Program, customer: str
) -> None:
    key = next(KEYS)
    draft = owner.ask("POST", "/invoice-drafts", invoice(customer), idempotency_key=key)
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    invoicing.draft(office, customer, [Goods("VISIT", 5_000)], replaces=draft.json()["id"])
    again = owner.ask("POST", "/invoice-drafts", invoice(customer), idempotency_key=key)
    assert (again.status_code, again.json()["id"]) == (201, draft.json()["id"])
    assert again.json()["total"] == "5800.00"
    issued = owner.ask("POST", f"/invoice-drafts/{draft.json()['id']}/issue")
    assert issued.json()["total"] == "5800.00", issued.text
    # Issued, or given up: it is what it was, and does not come back.
    late = owner.ask("POST", "/invoice-drafts", invoice(customer), idempotency_key=key)
    assert (late.status_code, late.json()["id"]) == (201, draft.json()["id"])


def test_a_token_records_nothing_that_it_was_not_given(world: World, owner: Program, customer: str) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    with office.change(Permission.EDIT_MASTER) as books:
        parties.add_in(books, "GAS", "Gas Ltd", [RoleTerms(PartyRole.VENDOR)])
    bill = bills.draft(office, "GAS", [Cost("Rent", 90_000, "6100")])
    seller = Program(owner.client, program.token(world, "OWNER", "invoice"))
    # A bill's draft is no invoice's, whoever has its key.
    assert seller.problem("POST", f"/invoice-drafts/{bill.request_id}/issue") == (404, "draft-gone")
    # And no service of the office records by a token what it was not given, whatever the person may.
    limited = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    limited.limits = frozenset({"invoice"})
    with pytest.raises(Refused) as caught:
        drafts.post(limited, bill.request_id)
    assert caught.value.code == "person-may-not-here"
    assert drafts.post(office, bill.request_id).document.document_id


def test_an_invoice_in_another_currency_keeps_its_rate(owner: Program, customer: str) -> None:
    told = invoice(customer) | {"currency": "USD", "exchange_rate": "129.55"}
    assert owner.problem("POST", "/invoices", told, idempotency_key=next(KEYS)) == (
        422,
        "price-not-in-currency",
    )
    told["lines"][0]["unit_price"] = "10.00"
    issued = owner.ask("POST", "/invoices", told, idempotency_key=next(KEYS))
    assert issued.status_code == 201, issued.text
    made = issued.json()
    assert (made["currency"], made["exchange_rate"]) == ("USD", "129.55")
    assert made["base_currency"] == "KES"
    assert Decimal(made["base_currency_total"]) == Decimal(made["total"]) * Decimal("129.55")


#: An invoice or bill of 1,000.00 with 15 % on top, in another currency: what is stored of it and served,
#: field by field, at the rate of its posting.
STORED = {
    "subtotal": "1000.00",
    "tax_amount": "150.00",
    "total": "1150.00",
    "currency": "USD",
    "exchange_rate": "129.55",
    "base_currency": "KES",
    "base_currency_total": "148982.50",
}


def test_totals_in_both_currencies_are_stored_and_served_field_by_field(
    world: World, owner: Program, customer: str
) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    tax_codes.add_tax(office, "V15", "VAT 15", 15_00, treatment="exclusive")
    exchange_rates.set_rate(office, "USD", 129_550_000)
    line = {"sku": "VISIT", "quantity": "10", "unit_price": "100.00", "tax_code": "V15"}
    asked = {"customer": customer, "currency": "USD", "lines": [line]}
    draft = owner.ask("POST", "/invoice-drafts", asked, idempotency_key=next(KEYS)).json()
    names = ("subtotal", "tax_amount", "total", "currency")
    assert {name: draft[name] for name in names} == {name: STORED[name] for name in names}
    issued = owner.ask("POST", f"/invoice-drafts/{draft['id']}/issue").json()
    cost = {"description": "Cages", "account": "6100", "amount": "1000.00", "tax": "V15"}
    owner.ask("POST", "/vendors", {"code": "STORED", "name": "Stored Ltd", "days": "30"})
    bill = {"vendor": "STORED", "currency": "USD", "reference": "INV-001", "lines": [cost]}
    entered = owner.ask("POST", "/bills", bill, idempotency_key=next(KEYS))
    assert entered.status_code == 201, entered.text
    # What the currency is worth today changes nothing of what was.
    exchange_rates.set_rate(office, "USD", 140_000_000)
    for path, made in (("invoices", issued), ("bills", entered.json())):
        served = owner.get(f"/{path}/{made['id']}")
        assert {name: served[name] for name in STORED} == STORED, path
        assert served == made
        listed = next(one for one in owner.every(f"/{path}") if one["id"] == made["id"])
        assert {name: listed[name] for name in STORED} == STORED
        (told,) = served["lines"]
        assert (told["net"], told["tax"], told["total"]) == ("1000.00", "150.00", "1150.00")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "api-body-wrong"),
        ([], 422, "api-body-wrong"),
        ({"customer": "ACME", "lines": []}, 422, "api-body-wrong"),
        ({"customer": "ACME", "lines": [{"sku": "VISIT", "quantity": 1}]}, 422, "api-body-wrong"),
        ({"customer": "ACME", "lines": [{"sku": "VISIT", "quantity": "1"}], "x": 1}, 422, "api-body-wrong"),
        ({"customer": "ACME", "lines": [{"sku": "VISIT", "quantity": "NaN"}]}, 422, "not-a-number"),
        ({"customer": "ACME", "lines": [{"sku": "VISIT", "quantity": "1\u0000"}]}, 422, "api-body-wrong"),
        ({"customer": "NOBODY", "lines": [{"sku": "VISIT", "quantity": "1"}]}, 422, "party-unknown"),
        ({"customer": "ACME", "lines": [{"sku": "NO", "quantity": "1"}]}, 422, "product-unknown"),
        ({"customer": "ACME", "lines": [{"sku": "VISIT", "quantity": "1"}] * 501}, 422, "api-body-wrong"),
    ],
)  # fmt: skip
def test_a_body_that_is_wrong_is_told_and_nothing_is_recorded(
    owner: Program, customer: str, body: Any, status: int, code: str
) -> None:
    before = len(owner.every("/invoices"))
    assert owner.problem("POST", "/invoices", body, idempotency_key=next(KEYS)) == (status, code)
    assert len(owner.every("/invoices")) == before


def test_what_is_no_json_or_too_much_is_told(owner: Program) -> None:
    head = {"authorization": f"Bearer {owner.token}", "content-type": "application/json"}
    for content, kind, status in (
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'"\\ud800"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"code=X", "application/x-www-form-urlencoded", 415),
        (b" " * 300_000, "application/json", 413),
    ):
        answer = owner.client.post("/api/v1/products", content=content, headers=head | {"content-type": kind})
        assert answer.status_code in (status, 422), (content[:20], answer.text)
        assert answer.json()["code"]
