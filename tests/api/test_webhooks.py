"""Webhooks by the API: set up by a program, shown once, and by nobody else's token."""

import re

import pytest

from tests.api import program
from tests.api.program import Program
from tests.web.world import World

NEW = {"name": "webshop", "url": "https://shop.example/api", "events": ["sales"]}


@pytest.fixture
def key(owner: Program) -> str:
    """A webhook of this test."""
    for known in owner.every("/webhooks"):
        owner.ask("POST", f"/webhooks/{known['key']}/archive")
    answer = owner.ask("POST", "/webhooks", NEW)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/webhooks/{answer.json()['webhook']['key']}")
    return str(answer.json()["webhook"]["key"])


def test_a_program_sets_its_own_up(owner: Program, key: str) -> None:
    whole = owner.get(f"/webhooks/{key}")
    assert (whole["url"], whole["events"], whole["state"]) == (NEW["url"], ["sales"], "active")
    mark = owner.answer.headers["etag"]
    changed = owner.ask("PATCH", f"/webhooks/{key}", {"active": False}, if_match=mark)
    assert changed.json()["state"] == "paused"
    assert owner.problem("PATCH", f"/webhooks/{key}", {"name": "x"}, if_match=mark) == (
        412,
        "api-changed-meanwhile",
    )
    assert owner.problem("POST", f"/webhooks/{key}/test") == (422, "webhook-told-nothing")
    mark = changed.headers["etag"]
    owner.ask(
        "PATCH", f"/webhooks/{key}", {"active": True, "events": ["alerts", "sale.recorded"]}, if_match=mark
    )
    event = owner.ask("POST", f"/webhooks/{key}/test").json()["event"]
    (waits,) = owner.every(f"/webhooks/{key}/deliveries")
    assert (waits["event"], waits["type"], waits["state"]) == (event, "webhook.test", "waiting")
    assert owner.ask("POST", f"/webhooks/{key}/deliveries/{event}/again").json() == {"event": event}
    assert owner.every(f"/webhooks/{key}/deliveries?state=done") == []
    secret = owner.ask("POST", f"/webhooks/{key}/rotate").json()["secret"]
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert secret not in owner.ask("GET", f"/webhooks/{key}").text
    assert owner.ask("POST", f"/webhooks/{key}/archive").json()["state"] == "archived"
    assert owner.problem("POST", f"/webhooks/{key}/rotate") == (422, "webhook-archived")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"url": "http://shop.example/"}, 422, "webhook-url-not-https"),
        ({"url": "https://169.254.169.254/latest"}, 422, "webhook-url-inside"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, 422, "webhook-url-inside"),
        ({"url": "https://u:p@shop.example/"}, 422, "webhook-url-wrong"),
        ({"url": "x" * 501}, 422, "api-body-wrong"),
        ({"url": NEW["url"]}, 409, "webhook-url-taken"),
        ({"events": []}, 422, "webhook-event-missing"),
        ({"events": ["everything"]}, 422, "webhook-event-unknown"),
        ({"events": ["sales"] * 61}, 422, "api-body-wrong"),
        ({"name": ""}, 422, "webhook-name-missing"),
        ({"secret": "mine"}, 422, "api-body-wrong"),
    ],
)
def test_what_cannot_be_told_is_a_problem(
    owner: Program, key: str, change: dict[str, object], status: int, code: str
) -> None:
    body = {**NEW, "url": "https://shop.example/another", **change}
    assert owner.problem("POST", "/webhooks", body) == (status, code)


def test_a_token_without_the_right_sees_nothing(world: World, owner: Program, key: str) -> None:
    other = Program(owner.client, program.token(world, "OWNER", "see_reports", "edit_people"))
    for method, path, body in (
        ("GET", "/webhooks", None),
        ("GET", f"/webhooks/{key}", None),
        ("POST", "/webhooks", NEW),
        ("POST", f"/webhooks/{key}/rotate", None),
        ("GET", f"/webhooks/{key}/deliveries", None),
    ):
        assert other.problem(method, path, body) == (403, "api-token-may-not")


def test_what_is_none_is_not_there(owner: Program, key: str) -> None:
    for wrong in ("0", "999", "x", "9" * 30, "%00"):
        assert owner.ask("GET", f"/webhooks/{wrong}").status_code == 404
    assert owner.problem("POST", f"/webhooks/{key}/deliveries/doc_x/again") == (
        404,
        "webhook-delivery-unknown",
    )
