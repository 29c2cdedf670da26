"""Signing in: a wrong PIN costs time, more of them lock, and pulling the plug forgives nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.house_rule import HouseRule
from pos_app.log import events
from pos_app.store.master.attempts import FAILURES_BEFORE_LOCKOUT, LOCKOUT, Attempts
from pos_app.till.session.errors import NeedsApproval, WrongPin
from pos_app.till.session.sign_in import Action, Approval, hash_pin, require
from tests.support.refused import raises, refused
from tests.support.worlds.till_fixture import CASHIER, FORMER, MANAGER, OWNER, PINS, STRANGER, Shop


def fail(shop: Shop, pin: str = "0000") -> timedelta:
    """A wrong PIN; gives how long the next attempt must wait."""
    with pytest.raises(WrongPin) as wrong:
        shop.till.sign_in.sign_in(CASHIER.person_id, pin)
    assert wrong.value.until is not None
    return wrong.value.until - shop.clock.now()


def test_the_right_pin_signs_in(closed_shop: Shop) -> None:
    person = closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    assert person == CASHIER
    assert closed_shop.till._context.signed_in() == CASHIER
    closed_shop.till.sign_in.sign_out()
    with refused("nobody-signed-in"):
        closed_shop.till._context.signed_in()


def test_who_may_sign_in_here(closed_shop: Shop) -> None:
    assert closed_shop.till.sign_in.people() == [OWNER, MANAGER, CASHIER]


@pytest.mark.parametrize("person_id", [FORMER.person_id, STRANGER.person_id, 0, -1, 999_999])
def test_a_stranger_is_refused_whatever_the_pin(closed_shop: Shop, person_id: int) -> None:
    with refused("cannot-sign-in"):
        closed_shop.till.sign_in.sign_in(person_id, PINS.get(person_id, "1234"))
    assert closed_shop.count("sign_in_state") == 0


@pytest.mark.parametrize(
    "pin", ["", " ", "424", "42424242424", "４２４２", "4242\x00", "4242 ", "'--", "p" * 10_000]
)
def test_what_is_no_pin_is_a_wrong_pin(closed_shop: Shop, pin: str) -> None:
    assert fail(closed_shop, pin) > timedelta()


def test_the_delay_grows_then_locks(closed_shop: Shop) -> None:
    waits = []
    for _ in range(FAILURES_BEFORE_LOCKOUT):
        waits.append(fail(closed_shop))
        closed_shop.clock.advance(waits[-1])
    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)] + [LOCKOUT]


def test_tries_that_come_at_once_count_each(closed_shop: Shop) -> None:
    context = closed_shop.till._context
    attempts = Attempts(context.database, context.org_id, context.clock)
    found = attempts.state(CASHIER.person_id)
    for _ in range(FAILURES_BEFORE_LOCKOUT):
        wrong = attempts.failed(CASHIER.person_id, found, lambda _, __: None, events.SIGN_IN_REFUSED)
    assert wrong.until is not None
    assert wrong.until - closed_shop.clock.now() == LOCKOUT


def test_before_its_time_even_the_right_pin_is_refused(closed_shop: Shop) -> None:
    wait = fail(closed_shop)
    closed_shop.clock.advance(wait - timedelta(microseconds=1))
    with raises(WrongPin, "pin-locked"):
        closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    closed_shop.clock.advance(timedelta(microseconds=1))
    closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])


def test_an_attempt_before_its_time_does_not_count(closed_shop: Shop) -> None:
    fail(closed_shop)
    for _ in range(20):
        fail(closed_shop)
    assert closed_shop.count("audit_log") == 1


def lock_out(shop: Shop) -> None:
    for _ in range(FAILURES_BEFORE_LOCKOUT - 1):
        shop.clock.advance(fail(shop))
    assert fail(shop) == LOCKOUT


@pytest.mark.parametrize("days", [1, -1, 10_000, -10_000])
def test_setting_the_clock_lifts_no_lockout_and_prolongs_none(closed_shop: Shop, days: int) -> None:
    lock_out(closed_shop)
    closed_shop.clock.put(closed_shop.clock.now() + timedelta(days=days))
    closed_shop.restart()
    with raises(WrongPin, "pin-locked") as wrong:
        closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    assert wrong.value.facts["wait"] == "15 min"
    closed_shop.clock.advance(LOCKOUT)
    assert closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id]) == CASHIER


def test_a_machine_that_was_started_anew_counts_what_was_left_once_more(closed_shop: Shop) -> None:
    lock_out(closed_shop)
    closed_shop.clock.advance(timedelta(minutes=14))
    for boot in ("second", "third"):
        closed_shop.clock.restart(boot)
        closed_shop.restart()
        with raises(WrongPin, "pin-locked"):
            closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
        closed_shop.clock.advance(timedelta(minutes=1))
        with raises(WrongPin, "pin-locked"):
            closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    # A machine without a name for its start, that has run for less than when it was counted.
    closed_shop.clock.advance(LOCKOUT - timedelta(minutes=1))
    assert closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id]) == CASHIER


def test_the_machines_running_time_goes_on_whatever_its_clock_says() -> None:
    clock = SystemClock()
    before = clock.running()
    after = clock.running()
    assert after.boot == before.boot
    assert after.ms >= before.ms > 0


def rule(shop: Shop, which: HouseRule, value: int, depot_id: int = 0) -> None:
    with shop.database.write() as connection:
        connection.execute(
            text("INSERT INTO house_rule (org_id, name, depot_id, value) VALUES (1, :name, :depot, :value)"),
            {"name": which.value, "depot": depot_id, "value": value},
        )


def test_where_the_house_says_so_nobody_approves_what_they_do_themselves(closed_shop: Shop) -> None:
    rule(closed_shop, HouseRule.APPROVER_IS_ANOTHER, 1)
    closed_shop.restart()
    closed_shop.be(MANAGER)
    signed_in = closed_shop.till._context.signed_in()
    with pytest.raises(NeedsApproval):
        require(signed_in, Action.REFUND, None)
    with refused("approver-is-seller"):
        closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.REFUND)
    approval = closed_shop.till.sign_in.approve(PINS[OWNER.person_id], Action.REFUND)
    assert require(signed_in, Action.REFUND, approval) == OWNER
    # What is no matter of the counter they go on to do alone.
    assert require(signed_in, Action.PURCHASE, None) is None


def test_a_depots_own_rule_goes_before_the_houses(closed_shop: Shop) -> None:
    rule(closed_shop, HouseRule.APPROVER_IS_ANOTHER, 1)
    rule(closed_shop, HouseRule.APPROVER_IS_ANOTHER, 0, closed_shop.till.place.terminal.depot_id)
    closed_shop.restart()
    closed_shop.be(MANAGER)
    assert require(closed_shop.till._context.signed_in(), Action.REFUND, None) is None


def test_the_lockout_survives_a_restart(closed_shop: Shop) -> None:
    lock_out(closed_shop)
    closed_shop.clock.advance(LOCKOUT - timedelta(minutes=1))
    closed_shop.restart()
    with raises(WrongPin, "pin-locked") as wrong:
        closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    assert wrong.value.until is not None
    assert wrong.value.facts["wait"] in {"1 min", "60 s"}
    # It is the person that is locked, not the till.
    assert closed_shop.till.sign_in.sign_in(MANAGER.person_id, PINS[MANAGER.person_id]) == MANAGER


def test_the_right_pin_forgives(closed_shop: Shop) -> None:
    closed_shop.clock.advance(fail(closed_shop))
    closed_shop.clock.advance(fail(closed_shop))
    closed_shop.till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    assert fail(closed_shop) == timedelta(seconds=1)


def test_every_wrong_pin_is_in_the_audit_log(closed_shop: Shop) -> None:
    closed_shop.clock.advance(fail(closed_shop))
    fail(closed_shop)
    assert closed_shop.count("audit_log") == 2


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", "12 34", "-1234"])
def test_a_pin_is_four_to_eight_digits(pin: str) -> None:
    with refused("pin-malformed"):
        hash_pin(pin)


def test_whoever_may_approve_does_so_with_their_pin(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    for who in (MANAGER, OWNER):
        approval = closed_shop.till.sign_in.approve(PINS[who.person_id], Action.REFUND)
        assert approval == Approval(who, Action.REFUND)
    assert closed_shop.till._context.signed_in() == CASHIER


def test_a_cashier_approves_nothing(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    with refused("may-not-approve"):
        closed_shop.till.sign_in.approve(PINS[CASHIER.person_id], Action.REFUND)


def test_who_may_approve_one_thing_approves_no_other(closed_shop: Shop) -> None:
    with closed_shop.database.write() as connection:
        connection.execute(
            text("UPDATE role_permission SET valid_to_us = 1 WHERE permission = :one"),
            {"one": Action.VOID.value},
        )
    closed_shop.restart()
    closed_shop.be(CASHIER)
    pin = PINS[MANAGER.person_id]
    assert closed_shop.till.sign_in.approve(pin, Action.REFUND).person.person_id == MANAGER.person_id
    with refused("may-not-approve"):
        closed_shop.till.sign_in.approve(pin, Action.VOID)


def guess(shop: Shop, pin: str = "0000") -> timedelta:
    """A wrong PIN for an approval; gives how long the next attempt must wait."""
    with pytest.raises(WrongPin) as wrong:
        shop.till.sign_in.approve(pin, Action.VOID)
    assert wrong.value.until is not None
    return wrong.value.until - shop.clock.now()


def test_guessing_an_approval_locks_the_terminals_approvals_and_no_person(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    waits = []
    for _ in range(FAILURES_BEFORE_LOCKOUT):
        waits.append(guess(closed_shop))
        closed_shop.clock.advance(waits[-1])
    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)] + [LOCKOUT]
    assert guess(closed_shop) == timedelta(seconds=1)
    closed_shop.restart()
    closed_shop.be(CASHIER)
    with raises(WrongPin, "pin-locked"):
        closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.VOID)
    for who in (MANAGER, OWNER, CASHIER):
        assert closed_shop.till.sign_in.sign_in(who.person_id, PINS[who.person_id]) == who
    closed_shop.clock.advance(timedelta(seconds=1))
    assert closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.VOID).person == MANAGER
    assert guess(closed_shop) == timedelta(seconds=1)
    assert closed_shop.count("audit_log") == FAILURES_BEFORE_LOCKOUT + 2


def give_pin(shop: Shop, person_id: int, pin: str) -> None:
    with shop.database.write() as connection:
        connection.execute(
            text("UPDATE person SET pin_hash = :hash WHERE person_id = :person"),
            {"hash": hash_pin(pin), "person": person_id},
        )


def test_a_pin_of_two_people_approves_nothing(closed_shop: Shop) -> None:
    give_pin(closed_shop, OWNER.person_id, PINS[MANAGER.person_id])
    closed_shop.be(CASHIER)
    with refused("pin-of-several"):
        closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.REFUND)


def test_a_cashier_with_the_managers_pin_approves_nothing(closed_shop: Shop) -> None:
    give_pin(closed_shop, CASHIER.person_id, PINS[MANAGER.person_id])
    closed_shop.be(CASHIER)
    with refused("pin-of-several"):
        closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.REFUND)
    closed_shop.be(OWNER)
    assert closed_shop.till.sign_in.approve(PINS[MANAGER.person_id], Action.REFUND).person == MANAGER


def test_an_approval_is_for_its_action_only(closed_shop: Shop) -> None:
    approval = Approval(MANAGER, Action.REFUND)
    assert require(CASHIER, Action.REFUND, approval) == MANAGER
    closed_shop.be(MANAGER)
    assert require(closed_shop.till._context.signed_in(), Action.VOID, None) is None
    for action in Action:
        with pytest.raises(NeedsApproval) as needs:
            require(CASHIER, action, None)
        assert needs.value.action == action.value
    with pytest.raises(NeedsApproval):
        require(CASHIER, Action.VOID, approval)
