"""Webhooks: what ends and what does not: a button pressed twice, a program that starts anew, one put away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.store.hooks import deliveries
from sync.server import hook_sender
from tests.support import receiver as receivers
from tests.support.receiver import Receiver, wait_for
from tests.support.worlds.sync_fixtures import Centre, Till
from tests.unit.sync.test_webhooks import sending, states


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receivers.running() as made:
        yield made


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "1")


@pytest.fixture
def office(centre: Centre) -> Office:
    made = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    made.tells_this_machine = True
    return made


def test_a_button_that_is_pressed_twice_does_not_end_the_secret_that_the_other_side_has(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    kept_there = webhooks.add(office, "Shop", receiver.url, ["sales"]).secret
    lost, shown = webhooks.rotate(office, 1).secret, webhooks.rotate(office, 1).secret
    for _ in range(6):
        pressed = webhooks.rotate(office, 1).secret
    till.sell()
    till.drain()
    with sending(centre):
        wait_for(lambda: len(receiver.found) == 1)
    (came,) = receiver.found
    assert came.is_signed(pressed)
    assert len(came.headers["webhook-signature"].split()) == 5
    assert not came.is_signed(lost)
    assert not came.is_signed(shown)
    assert came.is_signed(kept_there)


def test_what_is_sent_at_the_same_moment_fails_once(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    """A program that starts anew misses a second, not half an hour."""
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    for _ in range(4):
        till.sell()
    till.drain()
    receiver.answer = lambda _: 503
    with sending(centre) as clock:
        wait_for(lambda: len(receiver.found) >= 4 and webhooks.one(office, 1).hook.rests_until is not None)
        hook, now = webhooks.one(office, 1).hook, clock.now()
    assert hook.failures == 1
    assert hook.rests_until is not None
    assert hook.rests_until - now < timedelta(seconds=30)


def test_of_an_address_that_was_put_away_nothing_is_kept_for_ever(
    centre: Centre,
    office: Office,
    till: Till,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hook_sender, "_FORGETS_EVERY_S", 0.0)
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    with sending(centre) as clock:
        wait_for(lambda: states(office) == ["done"])
        webhooks.test(office, 1)
        webhooks.archive(office, 1)
        clock.by = deliveries.KEPT + timedelta(days=1)
        wait_for(lambda: states(office) == [])
