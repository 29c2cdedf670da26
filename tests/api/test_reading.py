"""What a program reads: every list by pages, each thing by itself, with marks, and as the books have it."""

from decimal import Decimal

import pytest
from openapi_spec_validator import validate

from pos_app.web.api import operations
from pos_app.web.api.operation import Operation
from tests.api.program import Program

#: What belongs to a thing is read with it: such a list has a key in its address.
LISTS = [one for one in operations.every() if one.pages and "{" not in one.path]


def test_the_document_is_valid_openapi(owner: Program) -> None:
    document = owner.client.get("/api/v1/openapi.json")
    validate(document.json())
    assert document.json()["openapi"] == "3.1.0"
    named = {(path, method.upper()) for path, ways in document.json()["paths"].items() for method in ways}
    assert named == {(one.path, one.method) for one in operations.every()}


@pytest.mark.parametrize("operation", LISTS, ids=lambda one: one.name)
def test_a_list_is_the_same_in_pages_of_one_and_at_once(owner: Program, operation: Operation) -> None:
    whole = owner.every(operation.path)
    assert owner.every(operation.path, limit=1) == whole
    if len(whole) > 1:
        owner.get(f"{operation.path}?limit=1")
        link = owner.answer.headers["link"]
        assert link.endswith('; rel="next"')
        following = link[1 : link.index(">")].removeprefix("/api/v1")
        assert owner.get(following)["items"] == [whole[1]]


@pytest.mark.parametrize("operation", LISTS, ids=lambda one: one.name)
def test_a_thing_by_itself_is_the_one_of_the_list(owner: Program, operation: Operation) -> None:
    by_itself = [one for one in operations.every() if one.path.startswith(f"{operation.path}/{{")]
    if not any(one.method == "GET" for one in by_itself):
        return
    for thing in owner.every(operation.path)[:3]:
        assert owner.get(f"{operation.path}/{thing.get('id') or thing['code']}") == thing


def test_an_invoice_or_sale_has_its_stored_totals_and_both_currencies(owner: Program) -> None:
    sales = owner.every("/sales")
    assert len(sales) == 2
    for one in sales:
        assert Decimal(one["subtotal"]) + Decimal(one["tax_amount"]) == Decimal(one["total"])
        assert sum(Decimal(line["total"]) for line in one["lines"]) == Decimal(one["total"])
        assert (one["currency"], one["base_currency"], one["exchange_rate"]) == ("KES", "KES", "1.00")
        assert one["base_currency_total"] == one["total"]
        assert sum(Decimal(money["amount"]) for money in one["money"]) == Decimal(one["total"]) + Decimal(
            one["rounding"]
        )
        assert all(one[name] for name in ("number", "business", "depot", "person"))


def test_what_has_not_changed_is_not_sent_again(owner: Program) -> None:
    owner.get("/today")
    mark = owner.answer.headers["etag"]
    again = owner.ask("GET", "/today", if_none_match=f'"other", W/{mark}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == mark
    assert owner.ask("GET", "/today", if_none_match='"other"').status_code == 200


def test_a_report_is_what_the_page_says(owner: Program) -> None:
    names = [one["name"] for one in owner.get("/reports")["items"]]
    report = owner.get("/reports/sales-totals?from=2026-11-20&to=2026-11-20")
    assert report["report"] == "sales-totals"
    assert "sales-totals" in names
    assert (report["from"], report["to"]) == ("2026-11-20", "2026-11-20")
    assert any(row["kind"] == "total" for part in report["sections"] for row in part["rows"])
    assert owner.problem("GET", "/reports/no-such") == (404, "report-unknown")
    assert owner.problem("GET", "/reports/tax?from=2026-11-20&to=2026-11-19")[0] == 400


def test_stock_and_balances_say_what_the_till_moved(owner: Program) -> None:
    assert any(one["quantity"].startswith("-") for one in owner.every("/stock"))
    cash = owner.every("/balances/drawers")
    assert cash
    assert all(one["currency"] == "KES" for one in cash)
    assert sum(Decimal(one["base_amount"]) for one in owner.every("/balances/accounts")) == 0


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/products?limit=0", 400, "api-parameter-wrong"),
        ("/products?limit=201", 400, "api-parameter-wrong"),
        ("/products?limit=1&limit=2", 400, "api-parameter-wrong"),
        ("/products?limit=%D9%A3", 400, "api-parameter-wrong"),
        ("/products?page=2", 400, "api-parameter-unknown"),
        ("/products?cursor=abc", 400, "api-cursor-wrong"),
        ("/products?cursor=%FF", 400, "api-address-unreadable"),
        ("/products?words=%00", 400, "api-parameter-wrong"),
        ("/sales?party=NOBODY", 400, "party-unknown"),
        ("/documents?kind=nonsense", 400, "api-parameter-wrong"),
        ("/reports/tax?from=yesterday", 400, "api-parameter-wrong"),
        ("/products/%FF", 404, "api-address-unknown"),
        ("/products/%00", 404, "api-address-unknown"),
        ("/products/NO%2FSUCH", 404, "product-unknown"),
        ("/sales/12345678901234567890", 404, "document-unknown"),
        ("/sales/-1", 404, "document-unknown"),
        ("/nothing", 404, "api-address-unknown"),
        ("/", 404, "api-address-unknown"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_its_code(
    owner: Program, path: str, status: int, code: str
) -> None:
    assert owner.problem("GET", path) == (status, code)


def test_a_cursor_of_another_list_is_none_of_this(owner: Program) -> None:
    cursor = owner.get("/documents?limit=1")["next"]
    assert owner.problem("GET", f"/sales?cursor={cursor}") == (400, "api-cursor-wrong")


def test_the_sentence_is_in_the_language_that_was_asked_for(owner: Program) -> None:
    owner.ask("GET", "/nothing", accept_language="sw-KE, en;q=0.5")
    assert owner.answer.json()["detail"].startswith("Hakuna anwani")
    owner.ask("GET", "/nothing", accept_language="fr")
    assert owner.answer.json()["detail"].startswith("There is no")


def test_another_method_says_which_there_are(owner: Program) -> None:
    assert owner.problem("DELETE", "/today") == (405, "api-method-unknown")
    assert set(owner.answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "path", ["/products/A%0AB", "/products/%0A", "/nowhere%0Ahere", "/products/A%0D%0AB/archive"]
)
def test_an_address_with_a_line_feed_in_it_is_answered_as_every_other(owner: Program, path: str) -> None:
    method = "POST" if path.endswith("archive") else "GET"
    answer = owner.ask(method, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_waits_is_listed_and_read_by_itself_as_the_page_has_it(owner: Program) -> None:
    """Drafts in two currencies, a lock, and the log of it: each under its id, amounts with their currency."""
    sku = owner.every("/products")[0]["code"]
    line = {"sku": sku, "quantity": "2", "unit_price": "1000.00"}
    for number, more in enumerate(({}, {"currency": "USD", "exchange_rate": "129.55"})):
        body = {"customer": "C1", "lines": [line], "reference": f"LIST {number}", **more}
        made = owner.ask("POST", "/invoice-drafts", body, idempotency_key=f"list-of-drafts-{number}")
        assert made.status_code == 201, made.text
    found = owner.every("/drafts?words=LIST", limit=1)
    assert [(one["kind"], one["total"], one["currency"]) for one in found] == [
        ("Invoice", "2000.00", "USD"),
        ("Invoice", "2000.00", "KES"),
    ]
    assert owner.ask("POST", "/locks", {"through": "2026-09-30", "reason": "September"}).status_code == 200
    for path in ("/drafts", "/locks", "/audit", "/vouchers", "/requests?show=all", "/quarantine?show=all"):
        for one in owner.every(path)[:2]:
            assert owner.get(f"{path.partition('?')[0]}/{one['id']}") == one
    audit = owner.every("/audit?action=period_lock") or owner.every("/audit")
    assert all(one["at"] and one["action"] for one in audit)
    # In the words of a program whatever language it reads sentences in.
    owner.get(f"/drafts/{found[0]['id']}", accept_language="sw")
    assert owner.answer.json()["kind"] == "Invoice"
    mark = owner.answer.headers["etag"]
    assert owner.ask("GET", f"/drafts/{found[0]['id']}", if_none_match=mark).status_code == 304
    for path in ("/drafts/nothing", "/audit/99999999", "/audit/x", "/locks/WATER-9", "/vouchers/DS-1"):
        assert owner.problem("GET", path) == (404, "work-row-unknown"), path
    assert owner.problem("GET", "/quarantine?show=some") == (400, "api-parameter-wrong")
    assert owner.problem("GET", "/audit?since=yesterday") == (400, "api-parameter-wrong")
