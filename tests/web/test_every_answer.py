"""What holds for every page and every answer of the back office and the API, whatever it is about."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import quote

import pytest
from sqlalchemy import text
from starlette.routing import Mount
from starlette.testclient import TestClient

from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.web.application import PATH
from pos_app.web.asked import SESSION
from pos_app.web.fiscal import OPEN
from pos_app.web.messages import MESSAGES
from pos_app.web.tills import TILLS
from pos_app.web.visit import SECURITY
from pos_app.web.webhooks import HOOKS
from pos_app.web.work.registry import LISTS
from tests.web.world import Browser, World

#: A name that is a page of its own where it is not shown as text.
HOSTILE: Final = "<b onmouseover=alert(1)>\"'&{{7*7}}</b>"
#: What a browser runs or fetches by itself.
_RUNS: Final = {"script", "object", "embed", "applet", "iframe", "frame", "base", "meta"}


#: Bytes of a page with all that it fetches, before any is packed.
_MOST_WEIGHT: Final = 100_000


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner, in a shop where a product and a customer have a hostile name."""
    browser = world.signed_in("OWNER")
    browser.get("/products/add")
    browser.send("/products/add", code="HOSTILE", name=HOSTILE, price="1.00")
    assert browser.page.status_code == 200, browser.text
    browser.get("/customers/add")
    browser.send("/customers/add", code="HOSTILE", name=HOSTILE, days="1", limit="1.00")
    assert browser.page.status_code == 200, browser.text
    return browser


def ways(world: World) -> list[tuple[str, str]]:
    """Every way into the back office that is served: method and path."""
    offices: list[Any] = [
        one.app for one in world.app.router.routes if isinstance(one, Mount) and one.path == PATH
    ]
    return [
        ("POST" if "POST" in one.methods else "GET", one.path)
        for one in offices[0].router.routes
        if "{" not in one.path
    ]


def addresses(world: World) -> list[str]:
    """Every address that is asked for by GET, of the things that there are."""
    told = {
        "/products": "SKU1",
        "/customers": "C1",
        "/people": "OWNER",
        "/depots": "MAIN",
        "/businesses": "MAIN",
    }
    found = []
    for method, path in ways(world):
        if method != "GET":
            continue
        code = next((code for begins, code in told.items() if path.startswith(f"{begins}/")), "HOSTILE")
        found.append(path)
        found.append(f"{path}?code={code}&words=HOSTILE&name=sales-totals&kind=products&till=1")
    return found


class _Marks(HTMLParser):
    """The marks of a page with what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def marks(page: str) -> list[tuple[str, dict[str, str]]]:
    """The marks of a page."""
    parser = _Marks()
    parser.feed(page)
    return parser.found


def pages(world: World, owner: Browser) -> Iterator[tuple[str, Any]]:
    """Every page of the back office."""
    for address in addresses(world):
        answer = owner.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            yield address, answer


def test_names_are_shown_as_text_and_no_page_runs_or_fetches_anything(world: World, owner: Browser) -> None:
    seen = count = 0
    for address, answer in pages(world, owner):
        count += 1
        assert answer.status_code < 500, address
        assert "<b onmouseover" not in answer.text, address
        seen += "&lt;b onmouseover=alert(1)&gt;" in answer.text
        # What a template is made of is no template again.
        assert "{{7*7}}" in answer.text or "49" not in answer.text.partition("onmouseover")[2][:60], address
        for tag, told in marks(answer.text):
            assert not any(name.startswith("on") for name in told), (address, tag, told)
            assert "style" not in told, (address, tag)
            if tag in _RUNS:
                assert tag in ("script", "meta"), (address, tag)
                assert tag != "script" or told.get("src", "").startswith(f"{PATH}/"), (address, told)
                assert "http-equiv" not in told, (address, told)
            for name in ("href", "src", "action", "formaction"):
                where = told.get(name, "")
                assert where == "" or where.startswith((f"{PATH}/", "#", "?")), (address, tag, where)
        # No value stands in a script: what scripts read is in attributes, which are escaped.
        assert not re.search(r"<script[^>]*>[^<]", answer.text), address
    assert count > 100
    assert seen >= 2


def test_a_page_and_what_it_fetches_weigh_less_than_a_hundred_kilobytes(world: World, owner: Browser) -> None:
    """Full pages of long names too: a phone on a slow line has one in a moment."""
    org_id = world.centre.org_id
    rows = [
        ProductRow(number, f"WEIGHT-{number:03}", (), f"{number} {'very long name ' * 5}", 1_00)
        for number in range(1, 121)
    ]
    with world.database.for_org(org_id).write() as connection:
        assert put_products(connection, org_id, rows).refusals == []
    beside = sum(len(owner.client.get(where).content) for where in statics(owner))
    heavy = [
        "/products",
        "/products?words=WEIGHT",
        "/stock",
        "/together?words=WEIGHT",
        "/labels?words=WEIGHT",
    ]
    for address, answer in [*((one, owner.get(one)) for one in heavy), *pages(world, owner)]:
        assert beside + len(answer.content) < _MOST_WEIGHT, (address, beside, len(answer.content))


def test_every_answer_says_how_it_may_be_shown(world: World, owner: Browser) -> None:
    other = {"origin": "https://elsewhere.test"}
    answers = [owner.client.get(f"{PATH}{address}", headers=other) for address in addresses(world)]
    answers += [
        owner.client.get(f"{PATH}/none", headers=other),
        owner.client.post(f"{PATH}/products/add", headers=other),
        owner.client.put(f"{PATH}/products", headers=other),
        owner.client.options(f"{PATH}/products", headers=other),
        world.browser().client.get(f"{PATH}/products", headers=other),
        *(owner.client.get(where) for where in statics(owner)),
    ]
    for answer in answers:
        for hop in (*answer.history, answer):
            where = str(hop.url)
            assert hop.status_code < 500, where
            for name in ("x-content-type-options", "referrer-policy", "content-security-policy"):
                assert hop.headers.get(name) == SECURITY[name], (where, name, hop.status_code)
            assert "frame-ancestors 'none'" in hop.headers["content-security-policy"]
            # No other origin may read anything of it.
            assert not [name for name in hop.headers if name.startswith("access-control")], where


#: Pages with a table that is no list of things: figures of a question, what a form is about, or one thing.
_NO_LISTS: Final = frozenset(
    {"/today", "/today/figures", "/reports/one", "/account", "/together", "/labels", "/import/kind",
     "/webhooks/one", "/documents/one"}
)  # fmt: skip
#: Lists that go one way alone, and why.
_ONE_WAY: Final = {"audit": "the log is read back from its end, a month at a time"}


def test_every_list_is_filtered_sorted_paged_by_key_and_a_file(world: World, owner: Browser) -> None:
    """Whatever stands on a page as a table of things: named here is what it lacks."""
    paths = [path for method, path in ways(world) if method == "GET"]
    lists = [path for path in paths if f"{path}/file" in paths and path not in ("/labels", "/reports")]
    lacking: dict[str, list[str]] = {}
    for path in paths:
        answer = owner.get(path)
        is_here = answer.status_code == 200 and answer.url.path == f"{PATH}{path}"
        has_table = is_here and "<table" in answer.text
        if "No business has a device." in answer.text:
            # Its list stands there with the first device.
            continue
        if path in _NO_LISTS or path.endswith("/thing") or not (has_table or path in lists):
            continue
        wanted = {"a filter": 'class="filter" method="get"', "pages": 'aria-label="Pages of the list"'}
        if has_table:
            wanted |= {f"a file as {form}": f"/file?format={form}" for form in ("csv", "xlsx", "pdf")}
            if path[1:] not in _ONE_WAY:
                wanted["an order"] = "sort="
        lacks = [what for what, mark in wanted.items() if mark not in answer.text]
        if path not in lists:
            lacks.append("an address of its file")
        if lacks:
            lacking[path] = lacks
    assert lacking == {}
    assert len(lists) > 35, lists
    for path in lists:
        sent = owner.client.get(f"/office{path}/file?format=csv")
        assert (sent.status_code, sent.headers["content-type"]) == (200, "text/csv; charset=utf-8"), path
    for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert owner.client.get(f"/office/products/file?format={form}").content.startswith(begins)
        assert owner.client.get(f"/office/tills/file?format={form}").content.startswith(begins)
    assert owner.get("/products/file?format=doc").status_code == 404
    # The file is the list as it is filtered and sorted.
    owner.get("/products/add")
    owner.send("/products/add", code="LIST-1", name="Listed one", price="1.00", business="MAIN")
    owner.get("/products/add")
    owner.send("/products/add", code="LIST-2", name="Listed two", price="2.00", business="MAIN")
    told = owner.client.get("/office/products/file?format=csv&words=listed&sort=-code").text
    assert [one for one in ("LIST-2", "LIST-1", "SKU1") if one in told] == ["LIST-2", "LIST-1"]
    assert told.index("LIST-2") < told.index("LIST-1")
    for work in (*LISTS, TILLS, HOOKS, MESSAGES, OPEN):
        assert any(one.sorts for one in work.headings) is not (work.path in _ONE_WAY), work.path
        assert work.filters, work.path


def statics(owner: Browser) -> list[str]:
    """What pages fetch beside themselves."""
    found = {
        told.get("src") or told.get("href", "")
        for tag, told in marks(owner.get("/products").text)
        if tag in ("script", "link")
    }
    assert found
    return sorted(found)


def test_nothing_is_changed_by_looking(world: World, owner: Browser) -> None:
    def standing() -> Any:
        with world.database.read() as connection:
            tables = ("audit_log", "document", "product", "party", "person_role", "flag")
            return [connection.scalar(text(f"SELECT count(*) FROM {one}")) for one in tables]

    before = standing()
    for address in addresses(world):
        owner.get(address)
    assert standing() == before
    # And what changes something is not done by a GET of the same address.
    asked = {path for method, path in ways(world) if method == "GET"}
    for method, path in ways(world):
        if method == "POST" and path not in asked:
            assert owner.client.get(f"{PATH}{path}").status_code in (404, 405), path


def test_a_form_of_elsewhere_is_sent_by_nobody(world: World, owner: Browser) -> None:
    """No request that a browser sends without asking first (a simple request of Fetch) changes anything."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        for method, path in ways(world):
            if method != "POST":
                continue
            answer = owner.client.post(
                f"{PATH}{path}",
                content=b"code=SKU1&name=Theirs",
                headers={"content-type": kind, "origin": "https://elsewhere.test"},
                follow_redirects=False,
            )
            assert answer.status_code in (400, 403, 409, 415, 422), (path, kind, answer.status_code)
    assert "Theirs" not in owner.get("/products").text


def test_what_was_encoded_twice_is_decoded_once(owner: Browser) -> None:
    owner.get("/products?words=%253Cb%253E")
    assert owner.value("words") == "%3Cb%3E"


def test_a_query_holds_what_was_typed_and_is_no_query_of_its_own(world: World, owner: Browser) -> None:
    for words in (
        "'; DROP TABLE product; --",
        "%' OR '1'='1",
        "\\",
        "SKU1' AND 1=1 --",
        "$1",
        ":org",
        "%(x)s",
    ):
        asked = "&".join(f"{name}={quote(words)}" for name in ("words", "code", "name", "customer"))
        for method, path in ways(world):
            if method == "GET":
                assert owner.get(f"{path}?{asked}").status_code < 500, (path, words)
    assert "SKU1" in owner.get("/products?words=SKU1").text


def test_a_download_has_a_name_that_is_a_name(owner: Browser) -> None:
    for what in (
        "name=sales-totals",
        "name=sales-totals&from=2026-11-01&business=x%22%0D%0Ay",
        "name=../../etc",
    ):
        for kind in ("csv", "xlsx", "pdf"):
            answer = owner.get(f"/reports/file?{what}&format={kind}")
            told = answer.headers.get("content-disposition")
            assert answer.status_code < 500
            if told is not None:
                assert re.fullmatch(r'attachment; filename="[\w.-]+"', told), told
                assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_session_is_another_one_at_each_sign_in_and_can_not_be_guessed(world: World) -> None:
    seen = set()
    for _ in range(5):
        browser = world.signed_in("OWNER")
        seen.add(browser.client.cookies[SESSION])
        before = browser.client.cookies[SESSION]
        browser.sign_in("OWNER")
        assert browser.client.cookies[SESSION] != before
    assert len(seen) == 5
    # 32 letters or more of an alphabet of 32 are 160 bits.
    assert all(len(re.sub(r"[^a-z2-7A-Z0-9]", "", one)) >= 32 for one in seen), seen


def test_secrets_are_typed_hidden(world: World, owner: Browser) -> None:
    for browser, address in (
        (world.browser(), "/sign-in"),
        (owner, "/account"),
        (owner, "/people/thing?code=OWNER"),
    ):
        asked = [told for tag, told in marks(browser.get(address).text) if tag == "input"]
        secret = [one for one in asked if one.get("name") in ("pin", "password", "again", "proof")]
        assert secret, address
        assert {one.get("type") for one in secret} == {"password"}, (address, secret)


def test_a_fault_tells_a_stranger_a_code_and_nothing_of_the_inside(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret inside of /srv/bohari")

    monkeypatch.setattr("pos_app.office.masters.parties.page", broken)
    client = TestClient(world.app, base_url="https://office.test", raise_server_exceptions=False)
    client.cookies = owner.client.cookies
    answer = client.get(f"{PATH}/customers")
    assert answer.status_code == 500
    assert "secret inside" not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in json.dumps(dict(answer.headers))
