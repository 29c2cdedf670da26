"""Webhooks in a browser: one is added, its secret is shown once, its deliveries are seen and sent again."""

import re
import threading
from collections.abc import Iterator

import pytest

from pos_app.ledger.permission import Permission
from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.web import navigation
from sync.server.hook_sender import Choices, HookSender
from tests.support import receiver as receivers
from tests.support.receiver import Receiver, wait_for
from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    return world.signed_in("OWNER")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receivers.running() as made:
        yield made


def test_one_is_added_changed_and_put_away(owner: Browser) -> None:
    owner.get("/webhooks")
    owner.send(
        "/webhooks/add",
        name="Web shop",
        url="https://shop.example/hooks",
        event="sales",
        types="stock.changed",
    )
    assert owner.page.status_code == 200, owner.text
    (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/]{43}=", owner.text))
    owner.get("/webhooks")
    assert "Web shop" in owner.text
    assert secret not in owner.text
    (key,) = re.findall(r"/webhooks/one\?key=(\d+)", owner.page.text)
    owner.get(f"/webhooks/one?key={key}")
    assert owner.value("url") == "https://shop.example/hooks"
    assert owner.value("types") == "stock.changed"
    owner.send(
        "/webhooks/edit", key=key, name="Sokoni", url="https://shop.example/hooks", event="closes", types=""
    )
    assert "Sokoni" in owner.text
    owner.send("/webhooks/rotate", key=key)
    assert set(re.findall(r"whsec_[A-Za-z0-9+/]{43}=", owner.text)) - {secret}
    owner.send("/webhooks/pause", key=key, active="no")
    assert "paused" in owner.text
    owner.send("/webhooks/pause", key=key, active="yes")
    owner.send("/webhooks/archive", key=key)
    assert "put away" in owner.text
    owner.get("/webhooks")
    assert "Sokoni" not in owner.text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "http://shop.example/"}, "webhook-url-not-https"),
        ({"url": "https://10.0.0.1/"}, "webhook-url-inside"),
        ({"url": "http://127.0.0.1/"}, "webhook-url-not-https"),
        ({"url": "x" * 5_000}, "webhook-url-long"),
        ({"name": " "}, "webhook-name-missing"),
        ({"types": "all of it"}, "webhook-event-unknown"),
    ],
)
def test_what_was_typed_stays_beside_the_sentence(owner: Browser, fields: dict[str, str], code: str) -> None:
    told = {"name": "Shop", "url": "https://shop.example/x", "types": "sale.recorded", **fields}
    owner.get("/webhooks")
    owner.send("/webhooks/add", **told)
    assert (owner.page.status_code, owner.code) == (422, code)
    assert owner.value("url") == told["url"]


def test_deliveries_are_seen_and_sent_again(world: World, owner: Browser, receiver: Receiver) -> None:
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    office.tells_this_machine = True
    key = webhooks.add(office, "Here", receiver.url, ["sales"]).shown.hook.hook_id
    stop = threading.Event()
    sender = HookSender(world.database, world.clock, lambda _: None, Choices(to_this_machine=True))
    thread = threading.Thread(target=sender.run, args=(stop,), daemon=True)
    thread.start()
    try:
        owner.get(f"/webhooks/one?key={key}")
        owner.send("/webhooks/test", key=key)
        wait_for(lambda: len(receiver.found) == 1)
        wait_for(lambda: webhooks.page(office, key, most=1)[0].state == "done")
        owner.get(f"/webhooks/one?key={key}&state=done")
        assert "webhook.test" in owner.text
        assert "arrived" in owner.text
        owner.send("/webhooks/again", key=key, event=receiver.ids[0])
        wait_for(lambda: len(receiver.found) == 2)
        assert len(set(receiver.ids)) == 1
    finally:
        stop.set()
        thread.join(20)
    for query in ("state=nonsense", "after=soon", "after=2026-01-01T00:00:00%2B00:00+x", "state=failed"):
        assert owner.get(f"/webhooks/one?key={key}&{query}").status_code == 200


def test_one_that_is_none_is_a_sentence(owner: Browser) -> None:
    for key in ("99", "0", "x", "9" * 40, ""):
        owner.get(f"/webhooks/one?key={key}")
        assert owner.code == "webhook-unknown"


def test_only_who_looks_after_the_machines_sees_them(world: World) -> None:
    assert "/webhooks" in [one.path for one in navigation.shop(lambda *of: Permission.OPERATE in of)]
    assert "/webhooks" not in [one.path for one in navigation.shop(lambda *of: Permission.SEE_REPORTS in of)]
