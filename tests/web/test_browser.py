"""The back office in a real browser: Chromium signs in, adds a product, and axe-core looks at every page.

BOHARI_WEB_PICTURES names a folder for pictures of every page: laptop, phone, light, dark, two languages.
"""

import os
from pathlib import Path
from typing import Any, Final

import pytest

from pos_app.ledger import remote_approval
from pos_app.ledger.remote_approval import Asked
from pos_app.office import remote_approval as approving
from pos_app.office.office import Office
from tests.web.chromium import CHROMIUM, LAPTOP, PHONE, signed_in
from tests.web.world import World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's Chromium is not installed")
AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"
#: WCAG 2.2 at AA; by itself axe would leave out the newest rules.
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES: Final = (
    "today",
    "work",
    "invoices/new",
    "invoices/credit?invoice=nothing",
    "payments/customer",
    "expenses/new",
    "requests/answer",
    "open-invoices?sort=-3",
    "flags",
    "quarantine",
    "quarantine/one?document=1/900&hash=",
    "mpesa-twice",
    "mpesa-twice/one?key=8589934594&place=0",
    "money/draw",
    "money/capital",
    "journal/new",
    "stock",
    "audit",
    "documents",
    "documents?from=2026-12-01&to=2026-11-01",
    "documents/one?key=4294967297",
    "reports",
    "reports/one?name=sales-by-product&from=2026-11-01&to=2026-11-30",
    "reports/one?name=balance-sheet",
    "reports/one?name=sales-totals&from=2026-11-01&to=2026-11-30",
    "reports/one?name=cashiers&from=2026-11-01&to=2026-11-30",
    "reports/one?name=drawer-differences&till=1",
    "reports/one?name=slow-stock&days=1",
    "reports/one?name=vat&from=2026-11-01&to=2026-11-30",
    "reports/one?name=account-ledger",
    "products",
    "products/add",
    "products/thing?code=SKU1",
    "products/edit?code=SKU1",
    "products?words=nothing+of+this+name",
    "price-lists",
    "price-lists/add",
    "customers/thing?code=C1",
    "vendors/add",
    "members",
    "employees",
    "people",
    "people/thing?code=MGR",
    "roles",
    "roles/edit?code=cashier",
    "rules",
    "depots/edit?code=MAIN",
    "businesses/thing?code=MAIN",
    "tax-codes/thing?code=A",
    "shop",
    "categories",
    "promotions/add",
    "loyalty/add",
    "currencies/add",
    "units",
    "units/edit?code=KGM",
    "customer-groups/add",
    "places",
    "accounts",
    "accounts/thing?code=1150",
    "papers",
    "approve",
    "approve/offline",
    "prices?code=SKU1&customer=C1&quantity=3",
    "labels?words=SKU",
    "together?words=SKU",
    "import",
    "import/kind?kind=products",
    "webhooks",
    "tills",
    "tills/one?till=1",
    "account",
    "nowhere",
)


def violations(page: Any) -> list[str]:
    """What axe-core finds wrong with a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def test_a_product_is_added_by_hand(chromium: Any, served: str) -> None:
    page = signed_in(chromium, served)
    page.get_by_role("link", name="Products").click()
    page.get_by_role("link", name="Add a product").click()
    page.get_by_label("Code", exact=True).fill("KETTLE")
    page.get_by_label("Name", exact=True).fill("Kettle 2 l")
    page.get_by_label("Price", exact=True).fill("many")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Name", exact=True).input_value() == "Kettle 2 l"
    page.get_by_label("Price", exact=True).fill("1450.00")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", name="Kettle 2 l").is_visible()
    # 422 is the browser's own line about the answer above.
    assert [one for one in page.complaints if "422" not in one] == []
    page.context.close()


def test_an_invoice_is_made_and_nothing_typed_is_lost(chromium: Any, served: str) -> None:
    page = signed_in(chromium, served, java_script_enabled=False)
    page.get_by_role("link", name="Work", exact=True).click()
    page.get_by_role("link", name="Make an invoice").click()
    page.get_by_label("Customer").fill("C1")
    page.get_by_label("Product").first.fill("SKU9")
    page.get_by_role("button", name="More lines").click()
    page.get_by_role("button", name="Issue it").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Customer").input_value() == "C1"
    page.get_by_label("Product").first.fill("SKU1")
    page.get_by_role("button", name="Issue it").click()
    page.wait_for_url("**/documents/one?*")
    assert page.get_by_text("Recorded.").is_visible()
    assert page.get_by_role("link", name="It is paid").is_visible()
    page.context.close()


def test_a_phone_answers_a_till_without_internet(chromium: Any, served: str, world: World) -> None:
    """What it says is what the centre would have said; wrong figures open nothing."""
    page = signed_in(chromium, served)
    page.goto(f"{served}/approve")
    page.get_by_role("button", name="Let this phone answer").click()
    page.get_by_label("Six figures at least").fill("204060")
    page.get_by_label("The same again").fill("204060")
    page.get_by_role("button", name="Keep it on this phone").click()
    page.wait_for_url("**/approve/offline")
    page.locator("body[data-kept=yes]").wait_for()
    page.context.set_offline(True)
    page.reload()
    challenge = remote_approval.written(Asked("refund", 1, 2, 1_234_500, 87_654_321))
    page.get_by_label("What the till shows").fill(remote_approval.grouped(challenge))
    page.get_by_label("The figures of this phone").fill("999999")
    page.get_by_role("button", name="What is asked?").click()
    page.get_by_text("These are not the figures of this phone.").wait_for()
    page.get_by_label("The figures of this phone").fill("204060")
    page.get_by_role("button", name="What is asked?").click()
    page.get_by_role("heading", name="A refund").wait_for()
    assert "12,345.00" in page.locator("#amount").inner_text()
    page.get_by_role("button", name="Approve").click()
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    assert page.locator("#code").inner_text() == remote_approval.grouped(
        remote_approval.answered(approving.phone(office).keys, challenge)
    )
    page.context.set_offline(False)
    page.context.close()


def test_it_works_with_scripts_off(chromium: Any, served: str) -> None:
    page = signed_in(chromium, served, java_script_enabled=False)
    page.get_by_role("link", name="Reports").click()
    page.get_by_role("link", name="Trial balance").click()
    assert page.get_by_role("table").is_visible()
    page.get_by_label("Look").select_option("dark")
    page.get_by_role("button", name="Choose").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.context.close()


def test_today_looks_by_itself(chromium: Any, served: str, world: World) -> None:
    page = signed_in(chromium, served)
    before = page.locator("#figures").get_attribute("hx-get")
    world.till.sell(occurred_at=world.clock.now())
    world.till.drain()
    page.wait_for_function(
        "seen => document.querySelector('#figures').getAttribute('hx-get') !== seen", arg=before
    )
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium: Any, served: str, theme: str) -> None:
    page = signed_in(chromium, served, color_scheme=theme)
    # An open page would look by itself while axe looks at it.
    page.route("**/today/figures*", lambda route: route.abort())
    found = []
    for path in PAGES:
        page.set_viewport_size(LAPTOP)
        page.goto(f"{served}/{path}")
        found += [f"{path}: {one}" for one in violations(page)]
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            found.append(f"{path}: {wide} pixels wide on a phone")
    assert "\n".join(found) == ""
    page.context.close()
    stranger = chromium.new_context(color_scheme=theme).new_page()
    stranger.goto(f"{served}/sign-in")
    assert violations(stranger) == []
    stranger.context.close()


@pytest.mark.skipif("BOHARI_WEB_PICTURES" not in os.environ, reason="nobody wants pictures")
def test_pictures(chromium: Any, served: str) -> None:
    folder = Path(os.environ["BOHARI_WEB_PICTURES"])
    page = signed_in(chromium, served)
    for language, theme in (("en", "light"), ("en", "dark"), ("sw", "light")):
        page.goto(f"{served}/account")
        page.locator("#language").select_option(language)
        page.locator("#theme").select_option(theme)
        page.locator(".foot button").click()
        for size, words in ((LAPTOP, "laptop"), (PHONE, "phone")):
            page.set_viewport_size(size)
            for path in PAGES:
                page.goto(f"{served}/{path}")
                name = path.partition("?")[0].replace("/", "-")
                name += path.partition("name=")[2].partition("&")[0]
                page.screenshot(path=folder / f"{language}-{theme}-{words}-{name}.png", full_page=True)
