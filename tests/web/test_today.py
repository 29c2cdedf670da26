"""The page of today: its figures are the books', it looks by itself, and it calls for a person."""

import re
from datetime import timedelta

from pos_app.ledger.document import DrawerClose
from tests.support.worlds.sync_fixtures import closing, opening
from tests.web.world import NOON, World

#: What the world's till sold a week ago and today, tax included.
SOLD = "300.00"


def test_the_figures_are_those_of_the_books(world: World) -> None:
    browser = world.signed_in("OWNER")
    assert browser.get("/today").status_code == 200
    assert f"Sold {SOLD} KES one sale" in browser.text
    assert f"A week ago until now {SOLD} KES Today: 0 %" in browser.text
    # Eleven in Nairobi, said to who cannot see the chart as well.
    assert f"11 {SOLD} {SOLD}" in browser.text
    assert f"Main depot {SOLD}" in browser.text
    # The whole week ago only counts until the same minute.
    world.clock.advance(timedelta(hours=-2))
    assert "A week ago until now 0.00" in world.signed_in("OWNER").text
    world.clock.advance(timedelta(hours=2))


def test_it_looks_by_itself_and_draws_what_is_new(world: World) -> None:
    browser = world.signed_in("OWNER")
    browser.get("/today")
    found = re.search(r'hx-get="/office(/today/figures\?seen=[\w-]+)"', browser.page.text)
    assert found
    assert browser.get(found[1]).status_code == 204
    sealed = world.till.sell(occurred_at=NOON)
    world.till.drain()
    assert browser.get(found[1]).status_code == 200
    assert "600.00" in browser.text
    assert "<html" not in browser.page.text
    world.till.void(sealed)
    world.till.drain()
    assert f"Sold {SOLD} KES one sale" in world.signed_in("OWNER").text


def test_drawers_differences_and_quarantine_call_for_a_person(world: World) -> None:
    browser = world.signed_in("OWNER")
    assert "Nothing asks for you." in browser.text
    opened = world.till.journal.record_document(opening(world.till.who))
    world.till.drain()
    browser.get("/today")
    assert "open 2026-11-20 15:00" in browser.text
    assert "is closed since" not in browser.text
    close = closing(world.till.who, opened.document.document_id, 5_300_00)
    told = {name: getattr(close, name) for name in close.__struct_fields__}
    short = told | {"counted": 5_250_00, "removed": 5_250_00}
    world.till.journal.record_document(DrawerClose(**short))
    world.till.drain()
    browser.get("/today")
    assert "closed with a difference of \u221250.00" in browser.text
    # The last till of the depot is closed: the owner sees it, and the day of the depot behind it.
    assert "is closed since 2026-11-20 15:00 : one till, difference \u221250.00" in browser.text, browser.text
    found = re.search(r'href="/office(/reports/one\?name=depot-day[^"]*)"', browser.page.text)
    assert found
    browser.get(found[1].replace("&amp;", "&"))
    assert "closed 15:00 15:00" in browser.text, browser.text
    assert "5,300.00 5,250.00 \u221250.00 5,250.00" in browser.text, browser.text
    for form in ("csv", "xlsx", "pdf"):
        assert browser.get(f"/reports/file?name=depot-day&format={form}").status_code == 200, form


def test_swahili_speaks_everywhere(world: World) -> None:
    browser = world.signed_in("OWNER")
    browser.get("/today")
    browser.send("/preferences", language="sw", theme="dark", back="/office/today")
    assert browser.page.url.path == "/office/today"
    assert 'lang="sw" data-theme="dark"' in browser.page.text
    assert "Leo" in browser.text
    assert "Imeuzwa" in browser.text
    browser.get("/nowhere")
    assert "Hakuna ukurasa kama huo." in browser.text
    assert world.browser().get("/sign-in", **{"accept-language": "sw-KE,en;q=0.5"}).text.count("Ingia") >= 2
