"""Sign-in by PIN, with a growing delay, a lockout that survives a restart, and approvals.

What a person may do comes from the rights that the feed brought (`store.rights`): `Context` gives who is
signed in together with it, so `require` needs nothing but the person.

Nothing sleeps: an attempt before its time is refused with the seconds to wait, and the state lies
in the database, so that pulling the plug gains a guesser nothing.
"""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

import argon2

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.master import people
from pos_app.store.master.people import Person, SignInState
from pos_app.till.session.context import Context, in_seconds
from pos_app.till.session.errors import NeedsApproval, WrongPin

#: After this many failures in a row the person is locked out for `LOCKOUT`.
FAILURES_BEFORE_LOCKOUT: Final = 5
LOCKOUT: Final = timedelta(minutes=15)
PIN_DIGITS: Final = (4, 8)

#: A PIN has few digits, so its hash must be slow; 50 ms a try on an old till's processor.
_hasher: Final = argon2.PasswordHasher(time_cost=2, memory_cost=32_768, parallelism=1)


class Action(StrEnum):
    """What a person may need somebody's approval for; each is the permission of the same name."""

    REFUND = "refund"
    VOID = "void"
    PRICE = "price"
    OVER_LIMIT = "over_limit"
    CLOSE_DRAWER = "close_drawer"
    CASH_OUT = "cash_out"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PURCHASE = "purchase"
    RECEIVE_GOODS = "receive_goods"
    TRANSFER_STOCK = "transfer_stock"
    ADJUST_STOCK = "adjust_stock"
    STOCK_COUNT = "stock_count"
    EXPENSE = "expense"
    MOVE_MONEY = "move_money"
    PARTY_MONEY = "party_money"


@dataclass(frozen=True)
class Approval:
    """Somebody who may do it themselves and may approve agreed to one action, with their PIN."""

    person: Person
    action: Action


def hash_pin(pin: str) -> str:
    """The argon2id hash of a PIN.  Raises `Refused` when it is not 4 to 8 digits."""
    if not pin.isascii() or not pin.isdigit() or not PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]:
        raise Refused("pin-malformed")
    return _hasher.hash(pin)


class SignIn:
    """Who is at the till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def people(self) -> list[Person]:
        """Who may sign in here, by name: those who may do anything at this till."""
        context = self._context
        with context.database.read() as connection:
            known = people.people(connection, context.org_id, context.terminal.depot_id)
        standing = ((person, context.standing(person.person_id).may) for person in known)
        return [dataclasses.replace(person, may=may) for person, may in standing if may]

    def approvers(self) -> list[Person]:
        """Who may approve what a cashier may not do alone."""
        return [person for person in self.people() if Permission.APPROVE.value in person.may]

    def sign_in(self, person_id: int, pin: str) -> Person:
        """Sign a person in.  Raises `WrongPin` with how long to wait, `Refused` for a stranger."""
        person = self._check(person_id, pin)
        self._context.person = person
        return person

    def sign_out(self) -> None:
        """Nobody is at the till any more; the open basket stays saved."""
        self._context.person = None

    def approve(self, person_id: int, pin: str, action: Action) -> Approval:
        """A manager's agreement.  Raises `WrongPin`, or `Refused` when they may not approve this."""
        person = self._check(person_id, pin)
        if not {Permission.APPROVE.value, action.value} <= person.may:
            raise Refused("may-not-approve", name=person.name)
        return Approval(person, action)

    def _check(self, person_id: int, pin: str) -> Person:
        context = self._context
        now = context.clock.now()
        with context.database.read() as connection:
            found = people.person(connection, context.org_id, person_id)
            state = people.sign_in_state(connection, context.org_id, person_id)
        here = next((person for person in self.people() if person.person_id == person_id), None)
        if found is None or here is None:
            raise Refused("cannot-sign-in")
        if state.locked_until is not None and now < state.locked_until:
            wait = in_seconds(state.locked_until, now)
            raise WrongPin("pin-locked", until=state.locked_until, wait=_span(wait))
        if is_pin(found[1], pin):
            if state.failures:
                with context.database.write() as connection:
                    people.put_sign_in_state(connection, context.org_id, person_id, SignInState(0, None))
            return here
        failures = state.failures + 1
        locked_out = failures % FAILURES_BEFORE_LOCKOUT == 0
        until = now + (
            LOCKOUT if locked_out else timedelta(seconds=2 ** (failures % FAILURES_BEFORE_LOCKOUT - 1))
        )
        with context.database.write() as connection:
            people.put_sign_in_state(connection, context.org_id, person_id, SignInState(failures, until))
            audit.write(
                connection,
                org_id=context.org_id,
                at=now,
                terminal_no=context.terminal.terminal_no,
                person_id=person_id,
                action="sign_in_failed",
                subject=f"person {person_id}",
                after=str(failures),
            )
        events.SIGN_IN_REFUSED.log(person_id=person_id, failures=failures, locked_out=locked_out)
        wait_text = _span(in_seconds(until, now))
        raise WrongPin("pin-wrong", until=until, wait=wait_text)


def is_pin(pin_hash: str, pin: str) -> bool:
    """Whether this is the PIN of that hash; no hash is nobody's."""
    try:
        return _hasher.verify(pin_hash, pin)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    return f"{(seconds + 59) // 60} min"


def require(person: Person, action: Action, approval: Approval | None) -> Person | None:
    """Who approved the action: nobody is needed for who may do it; everybody else needs an `Approval`.

    Raises `NeedsApproval` naming the action.
    """
    if approval is not None and approval.action is action:
        return approval.person
    if action.value in person.may:
        return None
    raise NeedsApproval("needs-approval", action=action.value)
