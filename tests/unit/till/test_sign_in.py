"""Signing in: a wrong PIN costs time, more of them lock, and pulling the plug forgives nothing."""

from datetime import timedelta

import pytest

from pos_app.till.session.errors import NeedsApproval, WrongPin
from pos_app.till.session.sign_in import FAILURES_BEFORE_LOCKOUT, LOCKOUT, Action, Approval, hash_pin, require
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
    assert closed_shop.till.sign_in.approvers() == [OWNER, MANAGER]


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


def test_the_lockout_survives_a_restart(closed_shop: Shop) -> None:
    for _ in range(FAILURES_BEFORE_LOCKOUT):
        closed_shop.clock.advance(fail(closed_shop))
    closed_shop.clock.advance(-timedelta(minutes=1))
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


def test_a_manager_approves_with_their_pin(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    approval = closed_shop.till.sign_in.approve(MANAGER.person_id, PINS[MANAGER.person_id], Action.REFUND)
    assert approval == Approval(MANAGER, Action.REFUND)
    assert closed_shop.till._context.signed_in() == CASHIER


def test_a_cashier_approves_nothing(closed_shop: Shop) -> None:
    with refused("may-not-approve"):
        closed_shop.till.sign_in.approve(CASHIER.person_id, PINS[CASHIER.person_id], Action.REFUND)


def test_guessing_an_approval_locks_like_guessing_a_sign_in(closed_shop: Shop) -> None:
    for _ in range(FAILURES_BEFORE_LOCKOUT):
        with pytest.raises(WrongPin) as wrong:
            closed_shop.till.sign_in.approve(MANAGER.person_id, "0000", Action.VOID)
        assert wrong.value.until is not None
        closed_shop.clock.advance(wrong.value.until - closed_shop.clock.now())
    closed_shop.clock.advance(-timedelta(seconds=1))
    with pytest.raises(WrongPin):
        closed_shop.till.sign_in.sign_in(MANAGER.person_id, PINS[MANAGER.person_id])


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
