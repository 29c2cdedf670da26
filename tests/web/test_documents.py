"""Documents in a browser: listed, found by number, opened into what makes them, voided, put on paper."""

import csv
import io
import re
from datetime import timedelta

import pytest

from pos_app.ledger.stock import AdjustmentReason
from pos_app.office import stock
from pos_app.office.office import Office
from pos_app.office.stock import Quantity
from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


def office(world: World, person: str = "OWNER") -> Office:
    """The office with somebody at work."""
    return Office(world.database, world.clock, world.centre.org_id, person)


def found(world: World) -> int:
    """Goods that were found, recorded in the office; gives the document's key."""
    made = stock.adjust(office(world), "MAIN", AdjustmentReason.FOUND, [Quantity("SKU1", 1_000)])
    return made.document_id


def keys(browser: Browser) -> list[int]:
    """The documents of the list that is shown."""
    return [int(one) for one in re.findall(r"/documents/one\?key=(\d+)", browser.page.text)]


def test_a_document_opens_into_all_that_makes_it(world: World, owner: Browser) -> None:
    assert owner.get("/documents").status_code == 200, owner.text
    assert "Sale 2026-11-20 11:00 Main depot" in owner.text, owner.text
    newest = keys(owner)[0]
    owner.get(f"/documents/one?key={newest}")
    assert owner.page.status_code == 200, owner.text
    for part in ("Lines", "Money", "In the books", "Stock", "Total 300.00 KES"):
        assert part in owner.text, owner.text
    # A sale of a till is voided there.
    assert "Void it" not in owner.text
    number = re.search(r"Sale (\S+-S\d+)", owner.text)
    assert number
    for typed in (number[1], number[1].lower(), f"{newest >> 32}/{newest & 0xFFFFFFFF}"):
        owner.get(f"/documents/find?number={typed}")
        assert f"key={newest}" in str(owner.page.url), owner.text


def test_a_list_is_filtered_and_goes_on_by_key(world: World, owner: Browser) -> None:
    for _ in range(60):
        world.till.sell(occurred_at=world.clock.now())
        world.clock.advance(timedelta(seconds=1))
    world.till.drain()
    seen: list[int] = []
    path = "/documents?kind=sale&depot=MAIN&from=2026-11-20&to=2026-11-20"
    while path:
        owner.get(path)
        seen += keys(owner)
        following = re.search(r'class="button" href="/office(/documents\?[^"]*after=[^"]+)"', owner.page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 61
    assert seen == sorted(seen, reverse=True)
    owner.get("/documents?kind=refund")
    assert "Nothing is here." in owner.text
    for asked, code in (
        ("kind=nonsense", "document-kind-unknown"),
        ("depot=NONE", "depot-unknown"),
        ("party=nobody", "party-unknown"),
        ("person=nobody", "person-unknown"),
        ("from=yesterday", "not-a-date"),
        ("from=2026-12-01&to=2026-11-01", "period-ends-before-it-begins"),
    ):
        assert owner.get(f"/documents?{asked}").status_code == 422
        assert owner.code.startswith(code), owner.text
    # Whatever a page says to go on after.
    for after in ("x", "1-", "99999999999999999999-1", "-1--1", "1-99999999999999999999"):
        assert owner.get(f"/documents?after={after}").status_code == 200


def test_the_file_has_what_the_list_shows(owner: Browser) -> None:
    sent = owner.client.get("/office/documents/file?format=csv&kind=sale")
    rows = list(csv.reader(io.StringIO(sent.text)))
    assert rows[0][2:] == [
        "Number", "Kind", "When", "Depot", "Who", "Customer or vendor", "Total KES",
    ]  # fmt: skip
    assert len(rows) > 60
    assert rows[1][-1] == "300.00"
    assert owner.client.get("/office/documents/file?format=xlsx").content.startswith(b"PK")
    assert owner.client.get("/office/documents/file?format=pdf").content.startswith(b"%PDF")
    assert owner.get("/documents/file?format=exe").status_code == 404


def test_what_the_office_made_is_voided_once_and_nothing_typed_is_lost(world: World, owner: Browser) -> None:
    key = found(world)
    owner.get(f"/documents/one?key={key}")
    request = owner.value("request")
    owner.send("/documents/void", key=key, request=request, reason=" ")
    assert (owner.page.status_code, owner.value("request")) == (422, request), owner.text
    for _ in range(2):
        owner.send("/documents/void", key=key, request=request, reason="It was two")
        assert owner.page.status_code == 200, owner.text
        assert "Recorded." in owner.text
        assert "It was two" in owner.text
    owner.get(f"/documents/one?key={key}")
    assert "voided" in owner.text
    assert "What came of it" in owner.text
    assert "Void it" not in owner.text
    owner.send("/documents/void", key=key, request="", reason="Again")
    assert owner.code == "voided-already"


def test_who_may_not_does_not(world: World) -> None:
    key = found(world)
    auditor, cashier = world.signed_in("AUD"), world.signed_in("CASH")
    assert auditor.get(f"/documents/one?key={key}").status_code == 200
    assert "Void it" not in auditor.text
    assert auditor.send("/documents/void", key=key, request="", reason="No").status_code == 403
    assert cashier.get("/documents").status_code == 403
    assert cashier.get(f"/documents/one?key={key}").status_code == 403


def test_paper_is_an_original_once(world: World, owner: Browser) -> None:
    key = found(world)
    owner.get(f"/documents/one?key={key}")
    for _ in range(2):
        sent = owner.client.post("/office/documents/paper", data={"token": owner.token, "key": key})
        assert sent.content.startswith(b"%PDF"), sent.text
    owner.get(f"/documents/one?key={key}")
    assert owner.send_raw("/documents/paper", {"key": str(key)}).status_code == 403


def test_what_is_no_invoice_has_no_xml(world: World, owner: Browser) -> None:
    key = found(world)
    owner.get(f"/documents/one?key={key}")
    assert "E-invoice" not in owner.text
    sent = owner.client.post("/office/documents/peppol", data={"token": owner.token, "key": key})
    assert sent.status_code == 422, sent.text


@pytest.mark.parametrize("key", ["", "x", "-1", "1", "9" * 18, "9" * 30, "²"])
def test_a_link_to_nothing_of_ours_is_told(owner: Browser, key: str) -> None:
    assert (owner.get(f"/documents/one?key={key}").status_code, owner.code) == (404, "document-unknown")
