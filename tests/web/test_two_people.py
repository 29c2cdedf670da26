"""What two people decide in a browser: quarantine and M-Pesa codes that came twice, proved on one page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.store.documents import audit
from pos_app.store.organisation import founding
from tests.support.worlds.sync_fixtures import drift
from tests.web.unsettled import set_aside, took_twice
from tests.web.world import PASSWORD, PIN, Browser, World

CODE = "SLK4AOI9Z1"
#: How the second person proves themselves.
SECOND = {"with": "SECOND", "pin": PIN, "password": PASSWORD, "one_time": ""}


@pytest.fixture(scope="module")
def decided(world: World) -> World:
    """Two owners, and documents in quarantine: bytes that are none, and a sale out of its chain."""
    with world.database.write() as connection:
        founding.add_person(connection, world.centre.org_id, "SECOND", "Second", role="owner", pin_hash="")
    world.give("SECOND")
    return world


def actions(world: World, action: str) -> list[audit.AuditRecord]:
    with world.database.read() as connection:
        return audit.read(connection, world.centre.org_id, since=None, action=action, most=50)


def open_one(browser: Browser, seq: int) -> str:
    """Open what lies in quarantine by the list, as a person does."""
    browser.get("/work")
    assert 'href="/office/quarantine"' in browser.page.text
    browser.get("/quarantine")
    link = re.search(
        rf'href="/office(/quarantine/one\?document=1%2F{seq}&amp;hash=(\w+))"', browser.page.text
    )
    assert link, browser.text
    assert browser.get(link[1].replace("&amp;", "&")).status_code == 200
    return link[2]


def test_bytes_that_are_no_document_are_kept_out_by_two(decided: World) -> None:
    set_aside(decided, 901)
    browser = decided.signed_in("OWNER")
    told = {"document": "1/901", "hash": open_one(browser, 901), "way": "reject", "reason": "A test"}
    # What they hold is text, never marks.
    assert "&lt;script&gt;no document" in browser.page.text
    wrong = [
        ({"way": ""}, "decision-not-chosen"),
        ({"reason": "  "}, "decision-without-reason"),
        ({"with": "OWNER"}, "two-people-decide"),
        ({"with": "NOBODY"}, "web-sign-in-wrong"),
        ({"with": "CASH"}, "may-not-decide"),
        ({"password": ""}, "web-sign-in-wrong"),
        ({"way": "accept"}, "cannot-stand"),
        ({"way": "rebook"}, "cannot-stand"),
        ({"document": "1/0x"}, "document-name-malformed"),
        ({"hash": "ff"}, "not-in-quarantine"),
    ]
    for change, code in wrong:
        open_one(browser, 901)
        browser.send("/quarantine/decide", **(told | SECOND | change))
        assert (browser.page.status_code in (404, 422), browser.code) == (True, code), browser.text
        if code not in ("document-name-malformed", "not-in-quarantine"):
            assert browser.value("reason") == (told | change)["reason"]
            assert PASSWORD not in browser.page.text
            decided.clock.advance(timedelta(minutes=1))
    assert actions(decided, "quarantine.rejected") == []
    open_one(browser, 901)
    browser.send("/quarantine/decide", **told, **SECOND)
    assert "Decided by both of you" in browser.text, browser.text
    assert "kept out" in browser.text
    assert 'name="way"' not in browser.page.text
    noted = actions(decided, "quarantine.rejected")
    assert [one.after.count("SECOND") for one in noted] == [1]
    assert "testclient" in noted[0].address
    # Sent again it is decided already, and the page says by whom.
    browser.send("/quarantine/decide", token=browser.token, **told, **SECOND)
    assert browser.code == "decided-already"
    assert "OWNER" in browser.text.upper()


def test_a_wrong_second_person_waits_as_at_the_sign_in(decided: World) -> None:
    set_aside(decided, 902)
    browser = decided.signed_in("OWNER")
    told = {"document": "1/902", "hash": open_one(browser, 902), "way": "reject", "reason": "guessed"}
    browser.send("/quarantine/decide", **told, **(SECOND | {"pin": "0001"}))
    assert browser.code == "web-sign-in-wrong"
    browser.send("/quarantine/decide", **told, **SECOND)
    assert browser.code == "pin-locked"


def test_who_may_not_decide_sees_and_does_not_decide(decided: World) -> None:
    hash_ = set_aside(decided, 903)
    auditor = decided.signed_in("AUD")
    open_one(auditor, 903)
    assert 'name="way"' not in auditor.page.text
    auditor.get("/account")
    auditor.send("/quarantine/decide", document="1/903", hash=hash_, way="reject", reason="x", **SECOND)
    assert (auditor.page.status_code, auditor.code) == (403, "person-may-not")
    cashier = decided.signed_in("CASH")
    assert cashier.get(f"/quarantine/one?document=1/903&hash={hash_}").status_code == 403
    for query in ("document=&hash=", "document=1/903&hash=zz", "document=9/9&hash=", "document=%01&hash=%3C"):
        assert auditor.get(f"/quarantine/one?{query}").status_code in (404, 422), query
        assert auditor.code


def test_a_code_of_two_tills_shows_both_documents_and_is_settled(decided: World, tmp_path: Path) -> None:
    first, second = took_twice(decided, CODE, tmp_path)
    browser = decided.signed_in("OWNER")
    browser.get("/today")
    assert 'href="/office/mpesa-twice"' in browser.page.text
    browser.get("/mpesa-twice")
    link = re.search(r'href="/office(/mpesa-twice/one\?[^"]+)"', browser.page.text)
    assert link, browser.text
    assert first in browser.text
    address = link[1].replace("&amp;", "&")
    browser.get(address)
    assert (first in browser.text, second in browser.text) == (True, True)
    assert browser.text.count(CODE) >= 3
    decided.clock.advance(timedelta(minutes=1))
    told = {"key": browser.value("key"), "place": browser.value("place"), "reason": "The statement has one"}
    for change, code in (
        ({"way": ""}, "decision-not-chosen"),
        ({"way": "missing", "booked": ""}, "booked-nowhere"),
        ({"way": "missing", "booked": first}, "booked-otherwise"),
        ({"way": "missing", "booked": "nonsense"}, "not-a-receipt-number"),
        ({"way": "came", "with": "OWNER"}, "two-people-decide"),
    ):
        browser.send("/mpesa-twice/settle", **(told | SECOND | {"booked": ""} | change))
        assert browser.code == code, browser.text
        assert browser.value("reason") == told["reason"]
    # It is taken off again by an entry made here, which the decision names.
    with decided.database.read() as connection:
        price = connection.scalar(text("SELECT amount FROM double_code"))
    browser.get("/journal/new")
    browser.send(
        "/journal/new", request=browser.value("request"), rows="4", description="Came once",
        **{"l0-account": "6100", "l0-debit": f"{price / 100:.2f}", "l1-account": "1140",
           "l1-credit": f"{price / 100:.2f}"},
    )  # fmt: skip
    assert "Recorded." in browser.text, browser.text
    number = re.search(r"<small[^>]*>([\w-]+)</small>", browser.page.text)
    assert number
    browser.get(address)
    browser.send("/mpesa-twice/settle", **told, **SECOND, way="missing", booked=number[1])
    assert "the money is missing" in browser.text, browser.text
    assert (number[1] in browser.text, "The statement has one" in browser.text) == (True, True)
    browser.get("/mpesa-twice")
    assert CODE not in browser.text
    browser.get("/mpesa-twice?show=all")
    assert CODE in browser.text
    noted = actions(decided, "codes.missing")
    assert ["testclient" in one.address for one in noted] == [True]
    assert drift(decided.database) == []
