"""Who is let into the back office, for how long, and what becomes of a form that came too late."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from pos_app.ledger import one_time_code
from pos_app.office import stock
from pos_app.office.front_door import IDLE
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.organisation import founding
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.web import sign_in
from tests.web.world import PASSWORD, PIN, World

SECRET = b"12345678901234567890"


def wait(world: World) -> None:
    """Until wrong tries of before are over."""
    world.clock.advance(timedelta(minutes=20))


def test_a_person_signs_in_with_pin_and_password_and_out_again(world: World) -> None:
    browser = world.browser()
    assert browser.get("/today").url.path == "/office/sign-in"
    assert browser.send(
        "/sign-in", code="acc", pin=PIN, password=PASSWORD, after="/office/account"
    ).url.path == ("/office/account")
    assert "Acc" in browser.text
    cookie = browser.client.cookies["__Host-bohari"]
    with world.database.read() as connection:
        rows = connection.execute(
            text("SELECT account, name, secret_hash FROM shell_token WHERE kind = 'web'")
        ).all()
        begun = [
            one
            for one in audit.read(connection, world.centre.org_id, most=50)
            if one.action == "session.begun"
        ]
    assert {(row[0], row[1]) for row in rows} == {("testclient", "testclient")}
    assert cookie.rpartition("_")[2].encode() not in {bytes(row[2]) for row in rows}
    assert begun[-1].address == "testclient testclient"
    assert browser.send("/sign-out").url.path == "/office/sign-in"
    (led,) = browser.page.history
    assert led.headers["clear-site-data"] == '"cache", "storage"'
    # The cookie opens nothing any more, also where somebody kept it.
    browser.client.cookies.set("__Host-bohari", cookie, domain="office.test", path="/")
    assert browser.get("/account").url.path == "/office/sign-in"


@pytest.mark.parametrize(
    "wrong",
    [{"pin": "1234"}, {"password": "a horse that reads no news"}, {"password": ""}, {"code": "NOBODY"}],
)
def test_one_sentence_answers_whatever_is_wrong(world: World, wrong: dict[str, str]) -> None:
    wait(world)
    browser = world.browser()
    browser.get("/sign-in")
    told = {"code": "ACC", "pin": PIN, "password": PASSWORD, "after": "", "kept": ""} | wrong
    assert browser.send("/sign-in", **told).status_code == 422
    assert browser.code == "web-sign-in-wrong"
    assert browser.value("code") == told["code"]
    assert PIN not in browser.page.text
    assert PASSWORD not in browser.page.text


def test_wrong_tries_lock_as_at_a_till_and_one_address_waits(world: World) -> None:
    wait(world)
    browser = world.browser()
    for _ in range(5):
        browser.sign_in("MGR", password="not this one at all")
        world.clock.advance(timedelta(seconds=40))
    assert browser.sign_in("MGR").status_code == 422
    assert browser.code == "pin-locked"
    wait(world)
    assert browser.sign_in("MGR").url.path == "/office/today"
    other = world.browser()
    for _ in range(40):
        other.sign_in("NOBODY")
    assert (other.page.status_code, other.code) == (429, "web-too-many-tries")


def test_nobody_enters_with_a_pin_alone(world: World) -> None:
    world.give("AUD", password="")
    browser = world.browser()
    assert browser.sign_in("AUD", password="").status_code == 422 or browser.code
    assert browser.code in ("web-no-second-proof", "web-too-many-tries")
    world.give("AUD")


def test_a_session_ends_by_itself_and_by_a_new_password(fresh: World) -> None:
    browser = fresh.signed_in("ACC")
    fresh.clock.advance(IDLE - timedelta(minutes=1))
    assert browser.get("/account").url.path == "/office/account"
    # A page that looks by itself keeps nobody signed in.
    fresh.clock.advance(IDLE - timedelta(minutes=1))
    assert browser.get("/today/figures").status_code in (200, 204)
    fresh.clock.advance(timedelta(minutes=2))
    assert browser.get("/today/figures", **{"hx-request": "true"}).status_code == 401
    assert browser.page.headers["hx-redirect"] == "/office/sign-in"
    browser = fresh.signed_in("ACC")
    for _ in range(25):
        fresh.clock.advance(IDLE - timedelta(minutes=1))
        if browser.get("/account").url.path != "/office/account":
            break
    else:
        pytest.fail("twelve hours are the longest")
    first, second = fresh.signed_in("ACC"), fresh.signed_in("ACC")
    first.get("/account")
    first.send("/account/password", password="short", again="short")
    assert first.code == "password-short"
    first.send("/account/password", password="one two three four", again="one two three four")
    assert "Please sign in" in first.text
    assert second.get("/account").url.path == "/office/sign-in"
    assert second.sign_in("ACC", password="one two three four").url.path == "/office/today"
    fresh.give("ACC")


def test_who_left_and_came_back_proves_themselves_anew(fresh: World) -> None:
    browser, owner = fresh.signed_in("AUD"), fresh.signed_in("OWNER")
    owner.get("/people/thing?code=AUD")
    owner.send("/people/archive", code="AUD")
    assert browser.get("/account").url.path == "/office/sign-in"
    owner.send("/people/restore", code="AUD")
    owner.send("/people/give", code="AUD", role="auditor", business="", depot="")
    assert "auditor: everywhere" in owner.text
    assert browser.get("/account").url.path == "/office/sign-in"
    owner.send("/people/pin", code="AUD")
    pin = owner.text.partition("Their PIN is ")[2].partition(";")[0]
    browser.sign_in("AUD", pin=pin)
    assert browser.code == "web-no-second-proof"
    fresh.give("AUD")


def test_one_time_codes_are_set_up_and_taken_once(fresh: World) -> None:
    browser = fresh.signed_in("MGR")
    browser.get("/account")
    browser.send("/account/authenticator")
    secret = browser.value("secret")
    assert '<path d="M4 4h1v1h-1z' in browser.page.text
    browser.send("/account/codes", secret=secret, one_time="000000")
    assert (browser.code, browser.value("secret")) == ("one-time-code-wrong", secret)

    def code() -> str:
        now = int(fresh.clock.now().timestamp()) // one_time_code.STEP_S
        return one_time_code.code_at(one_time_code.read(secret), now)

    browser.send("/account/codes", secret=secret, one_time=code())
    assert browser.page.url.path == "/office/sign-in"
    assert browser.sign_in("MGR").status_code == 422
    fresh.clock.advance(timedelta(minutes=1))
    assert browser.sign_in("MGR", one_time=code()).url.path == "/office/today"
    other = fresh.browser()
    assert other.sign_in("MGR", one_time=code()).status_code == 422
    fresh.give("MGR")


def test_a_form_after_sign_out_is_kept_and_sent_on(fresh: World) -> None:
    browser = fresh.signed_in("OWNER")
    browser.get("/account")
    stale = browser.token
    fresh.clock.advance(IDLE + timedelta(minutes=1))
    browser.send("/account/end", token=stale, key="12345", note="“typed” <b>by hand</b>")
    assert browser.page.status_code == 401
    assert "Nothing that you typed is lost" in browser.text
    kept, after = browser.value("kept"), browser.value("after")
    assert "typed" in kept
    browser.send("/sign-in", code="OWNER", pin=PIN, password=PASSWORD, after=after, kept=kept)
    assert "“typed” <b>by hand</b>" in browser.text
    assert "<b>by hand" not in browser.page.text
    browser.send(after, key=browser.value("key"), note=browser.value("note"))
    assert browser.code == "web-session-gone"


def test_what_is_secret_in_a_form_is_not_kept(fresh: World) -> None:
    browser = fresh.browser()
    browser.sign_in("OWNER")
    browser.send("/sign-out")
    browser.send("/account/password", pin="918273", password="a horse", again="a horse", note="kept")
    kept = browser.value("kept")
    assert "note" in kept
    assert not [secret for secret in ("918273", "a horse") if secret in browser.page.text]


def test_forms_of_elsewhere_are_refused(fresh: World) -> None:
    browser = fresh.signed_in("OWNER")
    browser.get("/account")
    good = browser.token
    for fields, headers in (
        ({"token": ""}, {}),
        ({"token": good[:-1]}, {}),
        ({"token": good}, {"origin": "https://evil.test"}),
        ({"token": good}, {"sec-fetch-site": "cross-site"}),
    ):
        assert browser.send_raw("/account/authenticator", fields, **headers).status_code == 403
        assert browser.code == "web-form-not-ours"
    assert browser.send_raw("/account/authenticator", {"token": good}).status_code == 200
    # Another site's form leaves nothing in the page that signs in.
    stranger = fresh.browser()
    stranger.send_raw("/account/end", {"key": "1"}, origin="https://evil.test")
    assert stranger.value("kept") == ""


def test_nobody_is_led_elsewhere_after_signing_in(fresh: World) -> None:
    for after in ("https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/sign-out"):
        browser = fresh.browser()
        browser.get("/sign-in")
        browser.send("/sign-in", code="OWNER", pin=PIN, password=PASSWORD, after=after, kept="")
        assert str(browser.page.url) == "https://office.test/office/today", after


def test_only_a_safe_line_is_served(fresh: World) -> None:
    assert fresh.browser("http://office.test").get("/sign-in").status_code == 403
    assert fresh.browser("http://localhost:8000").get("/sign-in").status_code == 200
    assert fresh.browser("http://127.0.0.1").get("/sign-in").status_code == 200
    page = fresh.browser().get("/sign-in")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["strict-transport-security"]
    assert page.headers["cache-control"] == "no-store"
    cookie = page.headers["set-cookie"]
    assert re.search(r"__Host-bohari-before=\w+; HttpOnly; Path=/; SameSite=lax; Secure", cookie), cookie


def test_what_is_no_request_of_a_person_is_answered_in_a_sentence(fresh: World) -> None:
    browser = fresh.signed_in("ACC")
    assert (browser.get("/nowhere").status_code, browser.code) == (404, "web-page-unknown")
    assert browser.client.post("/office/today").status_code == 404
    assert browser.client.post("/office/account/end", content=b"\xff\x00=1").status_code == 400
    assert browser.client.post("/office/account/end", content=b"a=%00").status_code == 400
    assert browser.client.post("/office/account/end", content=b"a=" + b"b" * 300_000).status_code == 400
    assert browser.client.post("/office/account/end", json={"key": 1}).status_code == 400
    assert browser.client.get("/office", follow_redirects=False).headers["location"] == "/office/"
    assert browser.get("/static/0000000000000000/office.css").status_code == 404


def test_sessions_are_listed_and_ended_by_who_may(fresh: World) -> None:
    owner, cashier = fresh.signed_in("OWNER"), fresh.signed_in("CASH")
    assert cashier.page.url.path == "/office/work"
    assert (cashier.get("/today").status_code, cashier.code) == (403, "person-may-not")
    assert "Owner" not in cashier.get("/account").text
    owner.get("/account")
    found = re.search(r"Cash\b.*?name=\"key\" value=\"(\d+)\"", owner.page.text, re.S)
    assert found
    owners = re.search(r"this one.*?name=\"key\" value=\"(\d+)\"", owner.page.text, re.S)
    assert owners
    cashier.send("/account/end", key=owners[1])
    assert (cashier.page.status_code, cashier.code) == (403, "person-may-not-here")
    owner.send("/account/end", key=found[1])
    assert "The session is ended." in owner.text
    assert cashier.get("/account").url.path == "/office/sign-in"


def test_the_name_of_the_server_alone_leads_to_the_office(world: World) -> None:
    browser = world.browser()
    assert browser.client.get("/").url.path == "/office/sign-in"
    assert browser.client.post("/").status_code == 405


def test_an_address_in_any_letters_is_led_to_after_the_sign_in(fresh: World) -> None:
    browser = fresh.browser()
    browser.get("/products?words=\u0416\u044b\u043b\u0430+\u6c34")
    assert (
        browser.send(
            "/sign-in",
            code="OWNER",
            pin=PIN,
            password=PASSWORD,
            kept="",
            after="/office/products?words=\u0416\u6c34",
        ).status_code
        == 200
    )
    assert browser.value("words") == "\u0416\u6c34"
    browser.send("/preferences", language="en", theme="auto", back="/office/products?words=\u6c34")
    assert (browser.page.status_code, browser.value("words")) == (200, "\u6c34")


def test_a_line_of_ipv6_waits_as_one_address() -> None:
    one = sign_in._network("2001:db8:1:2::1")
    assert one == sign_in._network("2001:db8:1:2:ffff::9%eth0")
    assert one != sign_in._network("2001:db8:1:3::1")
    assert sign_in._network("::ffff:10.0.0.1") == sign_in._network("10.0.0.1")
    assert sign_in._network("testclient") == "testclient"


def test_who_left_with_a_form_open_sends_nothing(fresh: World) -> None:
    browser, owner = fresh.signed_in("ACC"), fresh.signed_in("OWNER")
    browser.get("/products/add")
    owner.get("/people/thing?code=ACC")
    owner.send("/people/archive", code="ACC")
    browser.send("/products/add", code="LATE", name="Too late", price="1.00")
    # What was typed waits for a sign-in that no longer comes.
    assert 'name="password"' in browser.page.text, browser.text
    browser.sign_in("ACC")
    assert browser.page.status_code == 422, browser.text
    assert owner.get("/products/thing?code=LATE").status_code == 404
    owner.get("/people/thing?code=ACC")
    owner.send("/people/restore", code="ACC")


def test_a_link_of_another_organisation_shows_nothing_of_it(fresh: World) -> None:
    """A product and a document of theirs, by address: told to be none, as what is nobody's."""
    # Last in this file: with two organisations whoever signs in says which one is theirs.
    browser = fresh.signed_in("OWNER")
    other = founding.found(fresh.database, "Elsewhere Ltd", "KES", fresh.clock, owner_pin_hash="")
    theirs = fresh.database.for_org(other.org_id)
    with theirs.write() as connection:
        put_products(connection, other.org_id, [ProductRow(1, "SECRET", (), "Their secret", 1_00)])
    made = stock.count(
        Office(theirs, fresh.clock, other.org_id, "OWNER"), "MAIN", [stock.Quantity("SECRET", 7_000)]
    )
    for path in (
        "/products/thing?code=SECRET",
        "/products/edit?code=SECRET",
        f"/documents/one?key={made.document_id}",
    ):
        page = browser.get(path)
        assert (page.status_code, "Their secret" in browser.text) == (404, False), path
    assert "SECRET" not in browser.get("/products").text
