"""The first start: an empty centre is founded in a browser, once, by who has the printed code."""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from pos_app import bootstrap, settings
from pos_app.cli import first_start, founding
from pos_app.cli.first_start import FirstStart
from pos_app.office.front_door import FrontDoor
from pos_app.store.master import organisations
from pos_app.web import application
from sync.server.app import create_app
from sync.server.run import Serving
from sync.server.subdomain import Subdomains
from tests.web.chromium import CHROMIUM, LAPTOP, PHONE
from tests.web.test_browser import violations
from tests.web.world import Browser

PIN: Final = "804713"
PASSWORD: Final = "a kettle that whistles at dawn"
NAMES: Final = {
    "organisation": "Mama Njeri Gas",
    "business_name": "",
    "depot_name": "Kilimani",
    "owner": "Njeri Wanjiku",
    "pin": PIN,
    "pin_again": PIN,
    "password": PASSWORD,
    "password_again": PASSWORD,
}


class Empty:
    """A centre that has nothing yet, its first start and its pages."""

    def __init__(self, centre: bootstrap.Central) -> None:
        self.centre = centre
        self.first = FirstStart(centre)
        door = FrontDoor(centre.database, centre.clock, Subdomains(centre.database).organisation)
        self.beside = {application.PATH: application.create(door, self.first)}
        self.app: Any = create_app(centre.database, centre.clock, beside=lambda _: self.beside)

    def browser(self) -> Browser:
        """A browser that has never been here."""
        return Browser(TestClient(self.app, base_url="https://office.test"))

    def at_names(self, template: str = "depots-kenya") -> Browser:
        """A browser at the second step."""
        browser = self.browser()
        browser.get("/")
        assert browser.page.url.path == "/office/first"
        browser.send("/first/names", code=self.first.code.lower(), template=template)
        assert browser.page.status_code == 200, browser.text
        return browser

    def found(self, browser: Browser, **other: str) -> None:
        """Send the second step."""
        code, template = browser.value("code"), browser.value("template")
        browser.send("/first/found", code=code, template=template, **NAMES | other)


@pytest.fixture
def empty(tmp_path: Path, central_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Empty]:
    """An empty home over a database of its own."""
    monkeypatch.setenv("BOHARI_DATABASE_URL", central_url)
    home = first_start.prepared(tmp_path / "server")
    with bootstrap.central(home) as centre:
        yield Empty(centre)


def test_a_shop_is_founded_and_the_owner_stands_before_today(empty: Empty) -> None:
    browser = empty.at_names()
    empty.found(browser)
    assert browser.page.status_code == 200, browser.text
    key = re.search(r'id="recovery-key">([\w-]+)<', browser.page.text)
    assert key
    assert len(key[1]) > 30
    assert browser.get("/today").status_code == 200
    assert "Mama Njeri Gas" in browser.text
    assert "Water refill" in browser.get("/businesses").text
    assert "Westlands depot" in browser.get("/depots").text
    assert browser.get("/products?words=water").text.count("WAT-") > 1
    # Another browser signs in with what was chosen; the first start is over for everybody.
    other = empty.browser()
    assert other.sign_in("OWNER", password=PASSWORD, pin=PIN).url.path == "/office/today", other.text
    assert other.get("/first").url.path == "/office/today"
    kept = settings.load(empty.centre.home)
    assert (kept.org_id, kept.founding) == (1, "")
    assert first_start.begun(empty.centre) is None


def test_what_is_wrong_is_told_and_what_was_typed_stays(empty: Empty) -> None:
    browser = empty.browser()
    browser.get("/first")
    browser.send("/first/names", code="WRONG", template="empty")
    assert browser.code == "first-start-code-wrong"
    browser.send("/first/names", code=empty.first.code, template="no such")
    assert browser.code == "first-start-template"
    browser = empty.at_names("empty")
    for other, code in (
        ({"organisation": "  "}, "organisation-needs-name"),
        ({"organisation": "a\x07b"}, "party-text-unusable"),
        ({"pin": "123456", "pin_again": "123456"}, "new-pin-trivial"),
        ({"pin_again": "1"}, "new-pin-differs"),
        ({"password": "short", "password_again": "short"}, "password-short"),
        ({"currency": "Euros"}, "not-a-currency-code"),
        ({"time_zone": "Kenya time"}, "time-zone-none"),
        ({"owner": "x" * 500}, "coded-text-unusable"),
    ):
        empty.found(browser, **{"currency": "KES", "time_zone": "Africa/Nairobi"} | other)
        assert (browser.page.status_code, browser.code) == (422, code), browser.text
        assert browser.value("depot_name") == "Kilimani"
        assert PIN not in browser.page.text
    assert empty.first.is_open()
    assert not empty.centre.has_organisations()


def test_sent_twice_it_is_founded_once_and_the_key_is_shown_again(empty: Empty) -> None:
    browser = empty.at_names("empty")
    told = {"code": browser.value("code"), "template": "empty", "token": browser.token, **NAMES}
    cookies = dict(browser.client.cookies)
    browser.send_raw("/first/found", told)
    key = re.search(r'id="recovery-key">([\w-]+)<', browser.page.text)
    # The second press left with the cookies of the first.
    again = empty.browser()
    again.client.cookies.update(cookies)
    again.send_raw("/first/found", told)
    assert key
    assert key[1] in again.page.text
    with empty.centre.database.read() as connection:
        assert len(organisations.all_ids(connection)) == 1


def test_a_press_while_the_template_is_played_is_shown_the_same_key(
    empty: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = empty.at_names("empty")
    told = {"code": browser.value("code"), "template": "empty", "token": browser.token, **NAMES}
    again = empty.browser()
    again.client.cookies.update(dict(browser.client.cookies))
    founded, pressed = threading.Event(), threading.Event()
    play = founding.play

    def slowly(*asked: Any) -> Any:
        founded.set()
        pressed.wait(1)
        return play(*asked)

    monkeypatch.setattr(founding, "play", slowly)
    first = threading.Thread(target=browser.send_raw, args=("/first/found", told))
    first.start()
    assert founded.wait(30)
    again.send_raw("/first/found", told)
    pressed.set()
    first.join()
    keys = [
        re.search(r'id="recovery-key">([\w-]+)<', one.page.text).group(1)  # type: ignore[union-attr]
        for one in (browser, again)
    ]
    assert keys[0] == keys[1]
    # Loaded once more, signed in as they are by now, they see it again too.
    browser.send_raw("/first/found", told)
    assert keys[0] in browser.page.text, browser.text


def test_a_second_founder_hears_that_somebody_was_faster(empty: Empty) -> None:
    first, second = empty.at_names("empty"), empty.at_names("lpg-singapore")
    empty.found(first)
    empty.found(second)
    assert second.code == "first-start-over", second.text
    with empty.centre.database.read() as connection:
        assert len(organisations.all_ids(connection)) == 1


def test_the_code_wears_out(empty: Empty) -> None:
    browser = empty.browser()
    browser.get("/first")
    for _ in range(20):
        browser.send("/first/names", code="NOT-IT", template="empty")
    browser.send("/first/names", code=empty.first.code, template="empty")
    assert browser.code == "first-start-code-worn"


def test_power_gone_in_the_middle_is_gone_on_with(empty: Empty, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerGone(BaseException):
        pass

    def gone(*_: object) -> None:
        raise PowerGone

    browser = empty.at_names()
    with monkeypatch.context() as patched:
        patched.setattr("pos_app.cli.first_start._finish", gone)
        with pytest.raises(PowerGone):
            empty.found(browser)
    kept = settings.load(empty.centre.home)
    assert (kept.org_id, kept.founding) == (0, "depots-kenya")
    # The next start of the server finds it half played.
    with bootstrap.central(empty.centre.home) as centre:
        assert first_start.begun(centre) is None
        again = Empty(centre)
        owner = again.browser()
        assert owner.sign_in("OWNER", password=PASSWORD, pin=PIN).url.path == "/office/today", owner.text
        assert "Westlands depot" in owner.get("/depots").text
    assert settings.load(empty.centre.home).founding == ""


def test_a_folder_with_other_things_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    assert first_start.prepared(tmp_path) == tmp_path.resolve()
    assert bootstrap.kind_of(tmp_path) is None


@pytest.mark.skipif(CHROMIUM is None, reason="Debian's Chromium is not installed")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_person_founds_it_in_chromium(empty: Empty, chromium: Any, theme: str) -> None:
    serving = Serving(empty.centre.database, clock=empty.centre.clock, beside=lambda _: empty.beside)
    thread = threading.Thread(target=serving.run, name="served")
    thread.start()
    assert serving.wait_ready(30)
    context = chromium.new_context(viewport=LAPTOP, color_scheme=theme, java_script_enabled=theme == "light")
    page = context.new_page()
    found: list[str] = []

    def look(name: str) -> None:
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            if theme == "light":
                found.extend(f"{name}: {one}" for one in violations(page))
            if folder := os.environ.get("BOHARI_WEB_PICTURES"):
                page.screenshot(path=f"{folder}/first-{name}-{theme}-{size['width']}.png", full_page=True)

    try:
        page.goto(empty.first.told(serving.url)["address"])
        page.get_by_label("Code of the first start").fill(empty.first.code)
        page.get_by_label("LPG in Singapore").check()
        look("begin")
        page.get_by_role("button", name="Go on").click()
        for label, text in (
            ("Name of the organisation", "Kiat Gas"),
            ("Your name", "Tan Kiat"),
            ("A PIN of your own", PIN),
            ("The same PIN again", PIN),
            ("A password of your own", PASSWORD),
            ("The same password again", PASSWORD),
        ):
            page.get_by_label(label, exact=True).fill(text)
        look("names")
        page.get_by_role("button", name="Found it").click()
        assert page.locator("#recovery-key").is_visible()
        look("done")
        page.get_by_role("link", name="I have written it down").click()
        page.wait_for_url("**/office/today")
        assert found == []
    finally:
        context.close()
        serving.stop()
        thread.join()
