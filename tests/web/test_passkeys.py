"""Passkeys in Chromium with its virtual authenticator: added, named, signed in with, refused, taken away."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.office.passkeys import Site
from pos_app.store.documents import audit
from pos_app.web import site
from pos_app.web.asked import Asked, Form
from tests.support.refused import refused
from tests.web.chromium import CHROMIUM, signed_in
from tests.web.world import PASSWORD, PIN, World

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's Chromium is not installed")
SAID = '[data-passkey] [role="alert"]'


def authenticator(page: Any) -> tuple[Any, str]:
    """A machine with a finger on it, as the browser's developers' protocol lends one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip
    return session, made["authenticatorId"]


def add(page: Any, served: str, name: str) -> None:
    page.goto(f"{served}/account")
    page.locator("#passkey-name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def leave(page: Any, served: str) -> None:
    page.goto(f"{served}/account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")


def use(page: Any, served: str) -> None:
    page.goto(f"{served}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()


def code(page: Any) -> str:
    return str(page.locator(".problem .code").inner_text())


def change(world: World, sql: str) -> None:
    with world.database.write() as connection:
        connection.execute(text(sql))


@pytest.fixture
def page(chromium: Any, served: str, world: World) -> Any:
    """The owner's, with a passkey called “My phone” of a machine of their own."""
    change(world, "DELETE FROM passkey")
    page = signed_in(chromium, served)
    page.machine = authenticator(page)
    add(page, served, "My phone")
    page.get_by_text("The passkey is yours").wait_for()
    yield page
    page.context.close()


def test_a_passkey_signs_in_alone_and_is_named_and_taken_away(page: Any, served: str, world: World) -> None:
    # The same machine makes no second one for the same person.
    add(page, served, "Again")
    page.locator(SAID).wait_for(state="visible")
    page.locator("summary", has_text="Call it something else").click()
    page.locator("[id^=named-]").fill("The telephone")
    page.get_by_role("button", name="Call it so").click()
    assert page.get_by_role("heading", name="The telephone").is_visible()
    leave(page, served)
    world.clock.advance(timedelta(seconds=1))
    # It leads to where somebody wanted to go, as the other ways do.
    page.goto(f"{served}/documents?kind=sale")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/documents?kind=sale")
    page.goto(f"{served}/account")
    assert page.get_by_text("used last").is_visible()
    page.locator("summary", has_text="Take it away").click()
    page.get_by_role("button", name="Take The telephone away").click()
    page.wait_for_url("**/sign-in*")
    assert page.get_by_text("The passkey is taken away").is_visible()
    world.clock.advance(timedelta(seconds=1))
    use(page, served)
    page.locator(".problem").wait_for()
    assert code(page) == "passkey-unknown"
    assert [one for one in page.complaints if "422" not in one] == []
    with world.database.read() as connection:
        told = audit.read(connection, world.centre.org_id, since=None, action="passkey", most=20)
    assert told
    assert all("Chrome" in one.address for one in told)
    # What closes and opens it is in no log.
    assert not any("a5010203" in one.before + one.after for one in told)


def test_a_counter_that_goes_back_lets_nobody_in_and_is_told(page: Any, served: str, world: World) -> None:
    leave(page, served)
    world.clock.advance(timedelta(seconds=1))
    change(world, "UPDATE passkey SET sign_count = 1000")
    use(page, served)
    page.locator(".problem").wait_for()
    assert code(page) == "passkey-counter-back"
    with world.database.read() as connection:
        told = audit.read(connection, world.centre.org_id, since=None, action="passkey.counter_back", most=9)
    assert [(one.after, "Chrome" in one.address) for one in told] == [("My phone", True)]


def test_an_answer_counts_once_and_for_five_minutes(page: Any, served: str, world: World) -> None:
    leave(page, served)
    world.clock.advance(timedelta(seconds=1))
    page.goto(f"{served}/sign-in")
    # A copy of what the machine answers, sent once more by the same browser.
    sent: list[str] = []

    def copied(asked: Any) -> None:
        if asked.url.endswith("/sign-in/passkey"):
            sent.append(asked.post_data)

    page.on("request", copied)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/office/today")
    stolen = page.context.cookies()
    leave(page, served)
    again = page.context.request.post(
        f"{served}/sign-in/passkey", data=sent[0], max_redirects=0,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    # Its browser's own number is gone with the sign-in, so it is not even a form of ours.
    assert again.status == 403
    assert stolen

    # What is answered too late is refused too, whatever the machine signed.
    def later(route: Any) -> None:
        answer = route.fetch()
        world.clock.advance(timedelta(minutes=6))
        route.fulfill(response=answer)

    page.route("**/sign-in/passkey/asked", later)
    use(page, served)
    page.locator(".problem").wait_for()
    assert code(page) == "passkey-too-late"
    page.unroute("**/sign-in/passkey/asked")
    # A challenge of before the last one that was answered is none any more.
    change(world, "UPDATE passkey SET answered_us = 9000000000000000")
    use(page, served)
    page.locator(".problem").wait_for()
    assert code(page) == "passkey-too-late"


def test_a_machine_that_does_not_know_who_holds_it_is_none(page: Any, served: str, world: World) -> None:
    session, machine = page.machine
    leave(page, served)
    world.clock.advance(timedelta(seconds=1))
    session.send("WebAuthn.setUserVerified", {"authenticatorId": machine, "isUserVerified": False})
    use(page, served)
    page.locator(SAID).wait_for(state="visible")
    assert page.url.endswith("/sign-in")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": machine, "isUserVerified": True})
    use(page, served)
    page.wait_for_url("**/office/today")


def test_hostile_answers_get_a_sentence(page: Any, served: str, world: World) -> None:
    leave(page, served)
    asked = page.evaluate(
        """async address => {
            const token = document.querySelector('[data-passkey] [name=token]').value;
            const body = new URLSearchParams({token});
            const sent = await fetch(`${address}/asked`, {method: 'POST', body});
            return [token, (await sent.json()).challenge];
        }""",
        f"{served}/sign-in/passkey",
    )
    token, challenge = asked

    def answered(answer: str) -> Any:
        form = {"token": token, "answer": answer}
        return page.context.request.post(f"{served}/sign-in/passkey", form=form, max_redirects=0)

    import base64

    client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": served})
    told = base64.urlsafe_b64encode(client.encode()).decode().rstrip("=")
    wrong = [
        "", "[]", "{}", "null", '{"response": 1}', "[" * 5_000, "x" * 30_000, "\u0001\uffff",
        json.dumps({"response": {"clientDataJSON": "!!!"}}),
        json.dumps({"response": {"clientDataJSON": told}}),
        json.dumps({"rawId": "x" * 9_000, "response": {"clientDataJSON": told}}),
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
            "clientDataJSON": told, "authenticatorData": "AA", "signature": "AA"}}),
    ]  # fmt: skip
    for answer in wrong:
        got = answered(answer)
        assert got.status == 422, answer[:40]
        assert "passkey-un" in got.text(), answer[:40]


def test_what_proves_a_person_is_changed_by_who_proves_themselves(
    page: Any, served: str, world: World
) -> None:
    world.clock.advance(timedelta(minutes=11))
    add(page, served, "Of a thief")
    page.locator(".problem, [data-passkey] [role=alert]:not([hidden])").first.wait_for()
    page.goto(f"{served}/account")
    page.locator("summary", has_text="Take it away").click()
    page.get_by_role("button", name="Take My phone away").click()
    assert code(page) == "proof-needed"
    page.goto(f"{served}/account")
    page.get_by_label("New password").fill("a thief has this one now")
    page.get_by_label("The same again").fill("a thief has this one now")
    page.get_by_role("button", name="Change the password").click()
    assert code(page) == "proof-needed"
    page.get_by_label("New password").fill("a thief has this one now")
    page.get_by_label("The same again").fill("a thief has this one now")
    page.locator("#own_pin").fill("0001")
    page.locator("#own_password").fill(PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    assert code(page) == "web-sign-in-wrong"
    world.clock.advance(timedelta(seconds=5))
    page.get_by_role("button", name="Set up an authenticator").click()
    page.wait_for_url("**/account/authenticator")
    page.locator("#own_pin").wait_for()
    page.goto(f"{served}/account")
    page.locator("summary", has_text="Take it away").click()
    page.locator("[id^=gone-][id$=own_pin]").fill(PIN)
    page.locator("[id^=gone-][id$=own_password]").fill(PASSWORD)
    page.get_by_role("button", name="Take My phone away").click()
    page.wait_for_url("**/sign-in*")


def test_without_scripts_the_other_ways_stay(chromium: Any, served: str) -> None:
    page = signed_in(chromium, served, java_script_enabled=False)
    page.goto(f"{served}/account")
    assert page.get_by_text("This browser has none").is_visible()
    assert not page.get_by_role("button", name="Add a passkey").is_visible()
    page.context.close()


def asked_at(host: str, scheme: str = "https") -> Asked:
    nothing: Any = None
    return Asked("GET", "/", "", scheme, host, Form(), Form(), {}, {}, nothing, "en", "auto")


def test_a_passkey_is_bound_to_the_public_address_alone() -> None:
    domain = site.domain_of("https://shop.example.com")
    assert site.of(asked_at("shop.example.com"), domain) == Site(domain, "https://shop.example.com")
    assert site.of(asked_at("acme.shop.example.com:8443"), domain) == Site(
        domain, "https://acme.shop.example.com:8443"
    )
    assert site.of(asked_at("localhost:8000", "http"), domain) == Site("localhost", "http://localhost:8000")
    for host in ("evil.example", "evilshop.example.com", "127.0.0.1:80", "[::1]:80", "[::1", ""):
        assert site.of(asked_at(host), domain) is None, host
    assert site.of(asked_at("shop.example.com", "http"), domain) is None
    assert site.of(asked_at("shop.example.com"), "") is None
    for address in ("http://shop.example.com", "https://10.0.0.1", "shop.example.com", "https://shop", "x"):
        with refused("public-address-unusable"):
            site.domain_of(address)
