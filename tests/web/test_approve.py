"""Approving from afar in a browser: what is asked is seen before a code is, and only who may sees one."""

import pytest

from pos_app.ledger import remote_approval
from pos_app.ledger.remote_approval import Asked
from pos_app.office import remote_approval as approving
from pos_app.office.office import Office
from pos_app.store.documents import audit
from tests.web.world import World

TILL, CASHIER = 1, 2
ASKED = Asked("refund", TILL, CASHIER, 1_234_500, 12_345_678)


def test_what_is_asked_is_seen_first_and_then_the_code(world: World) -> None:
    owner, challenge = world.signed_in("OWNER"), remote_approval.written(ASKED)
    owner.send("/approve", challenge=remote_approval.grouped(challenge))
    assert owner.page.status_code == 200, owner.text
    assert "A refund" in owner.text
    assert "12,345.00" in owner.text
    assert 'id="code"' not in owner.page.text
    owner.send("/approve", challenge=challenge, deed="approve")
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    code = remote_approval.answered(approving.phone(office).keys, challenge)
    assert remote_approval.grouped(code) in owner.text
    with world.database.read() as connection:
        actions = [one.action for one in audit.read(connection, world.centre.org_id, most=20)]
    assert "approval.answered" in actions


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "remote-challenge-unreadable"),
        ("1" * 9_000, "remote-challenge-unreadable"),
        (remote_approval.written(ASKED)[:-1] + "x", "remote-challenge-unreadable"),
        (remote_approval.written(ASKED._replace(terminal_no=999)), "no-such-terminal"),
    ],
)
def test_what_is_no_challenge_is_said(world: World, typed: str, code: str) -> None:
    owner = world.signed_in("OWNER")
    owner.send("/approve", challenge=typed, deed="approve")
    assert (owner.page.status_code, owner.code) == (422, code)


def test_who_may_not_approve_gets_neither_a_code_nor_keys(world: World) -> None:
    clerk = world.signed_in("ACC")
    clerk.send("/approve", challenge=remote_approval.written(ASKED._replace(person_id=99)), deed="approve")
    assert (clerk.page.status_code, clerk.code) == (422, "person-may-not-here")
    clerk.send("/approve/phone")
    assert (clerk.page.status_code, clerk.code) == (422, "may-not-approve")


def test_a_phone_that_answers_stays_able_to_when_its_owner_signs_out(world: World) -> None:
    owner = world.signed_in("OWNER")
    owner.send("/approve/phone")
    assert "data-kept=" in owner.page.text
    owner.send("/sign-out")
    (led,) = owner.page.history
    assert led.headers["clear-site-data"] == '"cache"'
    assert owner.get("/approve/offline").status_code == 200
    assert owner.get("/approve/worker.js").headers["content-type"].startswith("text/javascript")
