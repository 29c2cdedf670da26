"""Webhooks: what is told, signed, once for each event, again until it arrives, and lost by nobody."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger import event_types
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.flagging import APPROVAL_UNPROVED
from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.store.hooks import deliveries, gathering, marks
from pos_app.store.hooks import webhooks as kept
from pos_app.store.journal import flags
from pos_app.store.organisation import founding
from sync.server import hook_sender
from sync.server.hook_sender import Choices, HookSender
from tests.support import receiver as receivers
from tests.support.receiver import Receiver, wait_for
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, Till


class Later(SystemClock):
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


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


@pytest.fixture
def selling(office: Office, till: Till) -> tuple[Office, Till]:
    return office, till


@contextmanager
def sending(
    centre: Centre, tell: Callable[[dict[str, Any]], None] = lambda _: None, **choices: Any
) -> Iterator[Later]:
    """The sender, as the server runs it, while the block lasts."""
    clock, stop = Later(), threading.Event()
    sender = HookSender(centre.database, clock, tell, Choices(True, **choices))
    thread = threading.Thread(target=sender.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield clock
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def states(office: Office, key: int = 1) -> list[str]:
    return [one.state for one in webhooks.page(office, key, most=500)]


def has_tried(office: Office, times: int) -> bool:
    return [one.attempts for one in webhooks.page(office, 1, most=1)] == [times]


def test_a_sale_is_told_once_signed_and_small(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    till.sell()
    till.drain()
    secret = webhooks.add(office, "Web shop", receiver.url, ["sales"]).secret
    sold = till.sell(customer=1)
    till.drain()
    with sending(centre):
        wait_for(lambda: states(office) == ["done"])
    (came,) = receiver.found
    assert came.is_signed(secret)
    assert not came.is_signed("whsec_" + "A" * 43 + "=")
    assert came.headers["content-type"] == "application/json"
    told = came.told
    assert (told["type"], told["data"]["id"]) == ("sale.recorded", str(sold.document.document_id))
    assert set(told["data"]) == {
        "id", "kind", "number", "terminal", "business", "depot", "occurred_at", "recorded_at", "currency",
        "subtotal", "tax_amount", "total", "due_on", "original_id", "reverses_id",
    }  # fmt: skip
    assert told["data"]["number"].endswith("-S000002")
    assert b"Customer" not in came.body
    assert b"Owner" not in came.body
    assert len(came.body) < 1_000


def test_what_was_not_chosen_is_not_told_and_a_void_is(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Closes", receiver.url, ["closes", "alert.flag"])
    webhooks.add(office, "Sales", receiver.url + "/sales", ["sales"])
    till.void(till.sell())
    till.drain()
    with sending(centre):
        wait_for(lambda: states(office, 2) == ["done", "done"])
    assert {one.told["type"] for one in receiver.found} == {"sale.recorded", "reversal.recorded"}
    assert states(office, 1) == []


def test_stock_and_alerts_are_told(centre: Centre, office: Office, till: Till, receiver: Receiver) -> None:
    webhooks.add(office, "All", receiver.url, ["stock.changed", "alerts"])
    sold = till.sell()
    till.drain()
    with centre.database.for_org(centre.org_id).write() as connection:
        flags.flag(connection, sold.document, APPROVAL_UNPROVED, {"approver": "Wanjiru"})
    with sending(centre):
        wait_for(lambda: len(receiver.found) >= 2)
    by_type = {one.told["type"]: one.told["data"] for one in receiver.found}
    assert set(by_type) == {"stock.changed", "alert.flag"}
    assert by_type["alert.flag"] == {
        "document_id": str(sold.document.document_id),
        "flag": APPROVAL_UNPROVED.code,
        "line": None,
    }
    assert by_type["stock.changed"]["levels"]
    assert all(
        set(one) == {"place", "product", "product_id", "quantity"}
        for one in by_type["stock.changed"]["levels"]
    )
    assert not any(b"Wanjiru" in one.body for one in receiver.found)


def test_both_secrets_sign_for_a_day_and_then_the_new_one_alone(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    first = webhooks.add(office, "Shop", receiver.url, ["sales"]).secret
    second = webhooks.rotate(office, 1).secret
    till.sell()
    till.drain()
    with sending(centre) as clock:
        wait_for(lambda: len(receiver.found) == 1)
        clock.by = kept.OVERLAP + timedelta(minutes=1)
        webhooks.test(office, 1)
        wait_for(lambda: len(receiver.found) == 2)
    before, after = receiver.found
    assert before.is_signed(first)
    assert before.is_signed(second)
    assert after.is_signed(second)
    assert not after.is_signed(first)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: 500, "status"),
        (lambda _: 404, "status"),
        (receivers.nonsense, "no-answer"),
        (receivers.dripping, "timeout"),
        (lambda _: 302, "redirect"),
    ],
    ids=["wrong", "unknown", "no HTTP", "never done", "elsewhere"],
)
def test_what_does_not_arrive_is_sent_again_under_the_same_id(
    centre: Centre, selling: tuple[Office, Till], receiver: Receiver, answer: receivers.Answer, error: str
) -> None:
    office, till = selling
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    receiver.answer, receiver.location = answer, receiver.url + "/elsewhere"
    with sending(centre, total_s=1.0) as clock:
        wait_for(lambda: [one.error for one in webhooks.page(office, 1, most=5)] == [error])
        (failed,) = webhooks.page(office, 1, most=5)
        assert (failed.state, failed.attempts) == ("waiting", 1)
        wait_s = (failed.due_at - (failed.tried_at or failed.due_at)).total_seconds()
        assert 4.0 <= wait_s <= 6.1
        receiver.answer, receiver.location = receivers.taken, ""
        clock.by = timedelta(seconds=10)
        wait_for(lambda: states(office) == ["done"])
    assert len(set(receiver.ids)) == 1
    assert [one.attempts for one in webhooks.page(office, 1, most=5)] == [2]


def test_a_body_without_an_end_is_cut_and_counts_as_taken(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    receiver.answer = receivers.endless
    with sending(centre):
        wait_for(lambda: states(office) == ["done"])


def test_the_other_side_may_ask_for_more_time(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    receiver.answer, receiver.retry_after = lambda _: 503, "3600"
    with sending(centre):
        wait_for(lambda: [one.status for one in webhooks.page(office, 1, most=5)] == [503])
    (failed,) = webhooks.page(office, 1, most=5)
    assert failed.due_at - (failed.tried_at or failed.due_at) >= timedelta(minutes=59)


def test_who_never_answers_holds_up_nobody(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    with receivers.running() as silent:
        silent.answer = receivers.dripping
        webhooks.add(office, "Silent", silent.url, ["sales"])
        webhooks.add(office, "Shop", receiver.url, ["sales"])
        for _ in range(3):
            till.sell()
        with sending(centre):
            till.drain()
            wait_for(lambda: states(office, 2) == ["done"] * 3, 10)
        assert len(silent.found) <= 4


def test_after_the_last_wait_it_is_stopped_somebody_is_called_and_nothing_is_lost(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    called: list[dict[str, Any]] = []
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    with receivers.running() as other:
        webhooks.add(office, "Watch", other.url, ["alert.webhook_stopped"])
        first = till.sell()
        till.drain()
        receiver.answer = lambda _: 500
        with sending(centre, called.append) as clock:
            for tries in range(1, len(hook_sender.WAITS_S) + 2):
                wait_for(partial(has_tried, office, tries))
                clock.by += timedelta(days=2)
            wait_for(lambda: webhooks.one(office, 1).state == "stopped")
            wait_for(lambda: len(other.found) == 1)
            assert other.found[0].told["data"] == {"webhook": 1, "because": "failed"}
            second = till.sell()
            till.drain()
            with refused("webhook-told-nothing"):
                webhooks.test(office, 1)
            receiver.answer = receivers.taken
            receiver.found.clear()
            webhooks.resume(office, 1)
            wait_for(lambda: states(office) == ["done", "done"])
    assert {one.told["data"]["id"] for one in receiver.found} == {
        str(one.document.document_id) for one in (first, second)
    }
    assert called == [{"alert": "webhook stopped", "org_id": centre.org_id, "webhook": 1}]


def test_gone_stops_it_at_once(centre: Centre, office: Office, till: Till, receiver: Receiver) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    receiver.answer = lambda _: 410
    with sending(centre):
        wait_for(lambda: webhooks.one(office, 1).state == "stopped")
    assert webhooks.one(office, 1).hook.stopped_because == "gone"


def test_what_arrived_is_sent_again_when_somebody_asks(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    with sending(centre):
        wait_for(lambda: states(office) == ["done"])
        webhooks.again(office, 1, receiver.ids[0])
        wait_for(lambda: len(receiver.found) == 2)
    assert len(set(receiver.ids)) == 1
    with refused("webhook-delivery-unknown"):
        webhooks.again(office, 1, "doc_nothing")


def test_a_paused_one_goes_on_where_it_stopped(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    webhooks.edit(office, 1, active=False)
    sold = [till.sell() for _ in range(3)]
    till.drain()
    with sending(centre):
        webhooks.edit(office, 1, active=True)
        wait_for(lambda: states(office) == ["done"] * 3)
    assert {one.told["data"]["id"] for one in receiver.found} == {
        str(one.document.document_id) for one in sold
    }


def test_what_commits_late_is_told_and_nothing_twice(
    centre: Centre, office: Office, till: Till, receiver: Receiver, tmp_path: Path
) -> None:
    """A push that is under way while another one commits: neither is passed over."""
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    other = centre.till(tmp_path / "2")
    slow, fast = till.sell(), other.sell()
    held = threading.Event()
    inside = threading.Event()

    def late() -> None:
        with centre.database.write() as connection:
            # The terminal's row: the push waits for it, and everything that it would write.
            connection.execute(
                text("SELECT 1 FROM terminal WHERE terminal_no = :no FOR UPDATE"),
                {"no": till.who.terminal_no},
            )
            inside.set()
            held.wait(20)

    blocker = threading.Thread(target=late)
    blocker.start()
    inside.wait(10)
    pusher = threading.Thread(target=till.drain)
    pusher.start()
    other.drain()
    with sending(centre):
        wait_for(lambda: len(receiver.found) == 1)
        assert receiver.found[0].told["data"]["id"] == str(fast.document.document_id)
        held.set()
        pusher.join(20)
        blocker.join(20)
        wait_for(lambda: len(receiver.found) == 2)
    assert receiver.found[1].told["data"]["id"] == str(slow.document.document_id)


def test_ten_thousand_that_wait_are_the_most_and_the_rest_stays_above_the_mark(
    centre: Centre, office: Office, till: Till, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_WAITING", 4)
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    for _ in range(10):
        till.sell()
    till.drain()
    with centre.database.for_org(centre.org_id).write() as connection:
        for _ in range(4):
            gathering.gather(connection, centre.org_id, 1, centre.clock.now())
        assert deliveries.waiting(connection, centre.org_id, 1) == 4
        assert [one.last - one.told for one in marks.behind(connection, centre.org_id, 1)] == [6]
    with sending(centre):
        wait_for(lambda: states(office) == ["done"] * 10)
    assert len(receiver.found) == len(set(receiver.ids)) == 10


def test_where_nobody_is_told_a_push_writes_nothing_for_it(centre: Centre, till: Till) -> None:
    till.sell()
    till.drain()
    with centre.database.read() as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("webhook", "webhook_mark", "webhook_delivery")
        ]
    assert counts == [0, 0, 0]


def test_what_arrived_is_forgotten_after_a_month_and_what_waits_is_not(
    centre: Centre, office: Office, till: Till, receiver: Receiver
) -> None:
    webhooks.add(office, "Shop", receiver.url, ["sales"])
    till.sell()
    till.drain()
    with sending(centre):
        wait_for(lambda: states(office) == ["done"])
    till.sell()
    till.drain()
    later = centre.clock.now() + deliveries.KEPT + timedelta(days=1)
    with centre.database.write() as connection:
        gathering.gather(connection, centre.org_id, 1, centre.clock.now())
        assert deliveries.forget(connection, centre.org_id, 1, later) == 1
    assert states(office) == ["waiting"]


# --- who may, and what is typed --------------------------------------------------------------------------


def test_only_who_looks_after_the_machines_may(centre: Centre) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "ACC", "Accountant", role="accountant", pin_hash="x")
    accountant = Office(centre.database, centre.clock, centre.org_id, "ACC")
    for deed in (
        lambda: webhooks.listed(accountant),
        lambda: webhooks.add(accountant, "x", "https://example.com/", ["sales"]),
        lambda: webhooks.rotate(accountant, 1),
        lambda: webhooks.page(accountant, 1, most=5),
    ):
        with refused("person-may-not-here"):
            deed()


def test_another_organisations_webhook_is_none(centre: Centre, office: Office) -> None:
    webhooks.add(office, "Shop", "https://example.com/", ["sales"])
    theirs = Centre(centre.database)
    other = Office(theirs.database, theirs.clock, theirs.org_id, "OWNER")
    assert webhooks.listed(other) == []
    for deed in (
        lambda: webhooks.one(other, 1),
        lambda: webhooks.edit(other, 1, name="mine"),
        lambda: webhooks.rotate(other, 1),
        lambda: webhooks.archive(other, 1),
        lambda: webhooks.again(other, 1, "doc_x"),
        lambda: webhooks.one(other, 2**70),
        lambda: webhooks.one(other, -1),
    ):
        with refused("webhook-unknown"):
            deed()


def test_secrets_and_addresses_lie_closed_and_stand_in_no_log(centre: Centre, office: Office) -> None:
    secret = webhooks.add(office, "Shop", "https://example.com/t0ken", ["sales"]).secret
    again = webhooks.rotate(office, 1).secret
    with centre.database.write() as connection:
        rows = connection.execute(text("SELECT w::text FROM webhook AS w")).scalars().all()
        told = (
            connection.execute(
                text(
                    "SELECT before || after FROM audit_log"
                    " UNION ALL SELECT before || after FROM audit_waiting"
                )
            )
            .scalars()
            .all()
        )
    for text_ in (*rows, *told):
        assert not any(one in text_ for one in (secret, again, "t0ken", secret.removeprefix("whsec_")))


@pytest.mark.parametrize(
    ("events", "code"),
    [([], "webhook-event-missing"), (["sale"], "webhook-event-unknown"), (["  "], "webhook-event-missing"),
     (["sales", "x" * 5000], "webhook-event-unknown")],
)  # fmt: skip
def test_a_type_that_there_is_not_is_refused(office: Office, events: list[str], code: str) -> None:
    with refused(code):
        webhooks.add(office, "Shop", "https://example.com/", events)


def test_there_is_an_end_to_how_many(office: Office) -> None:
    for number in range(kept.MOST):
        webhooks.add(office, f"n{number}", f"https://example.com/{number}", ["all"])
    with refused("webhook-too-many"):
        webhooks.add(office, "one more", "https://example.com/", ["all"])
    webhooks.archive(office, 1)
    webhooks.archive(office, 1)
    webhooks.add(office, "one more", "https://example.com/", ["all"])
    with refused("webhook-archived"):
        webhooks.edit(office, 1, name="again")


def test_an_address_is_told_once(office: Office) -> None:
    webhooks.add(office, "Shop", "https://example.com/a", ["sales"])
    webhooks.add(office, "Books", "https://example.com/b", ["sales"])
    for deed in (
        lambda: webhooks.add(office, "Shop", " https://example.com/a ", ["sales"]),
        lambda: webhooks.edit(office, 2, url="https://example.com/a"),
    ):
        with refused("webhook-url-taken"):
            deed()
    assert webhooks.edit(office, 1, url="https://example.com/a", name="Shop 2").hook.name == "Shop 2"
    webhooks.archive(office, 1)
    webhooks.edit(office, 2, url="https://example.com/a")


def test_every_kind_of_document_can_be_told_of() -> None:
    assert set(event_types.WORDS["documents"]) < event_types.meant(["all"])
    for word, types in event_types.WORDS.items():
        assert set(types) <= set(event_types.EVERY), word
