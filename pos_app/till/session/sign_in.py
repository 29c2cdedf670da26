"""Sign-in by PIN, with a growing delay, a lockout that survives a restart, and approvals.

What a person may do comes from the rights that the feed brought (`store.rights`): `Context` gives who is
signed in together with it, so `require` needs nothing but the person.

Decisions
---------
2026-11-29  Whoever approves types their PIN and nothing else; whose it is, the hashes tell.  So a wrong PIN
is nobody's, and what is locked after too many is approving at this terminal, never a person who was not
named.  All who may approve are tried, also after the first that fits, and so is who is at the till: a PIN
that two of them have approves nothing, for the books must name one.  That is one slow hash for each, about
50 ms on an old till: the window asks for it beside its own thread.
"""

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import kept_code
from pos_app.ledger import permission, remote_approval
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import FromAfar
from pos_app.ledger.permission import Permission
from pos_app.ledger.remote_approval import Asked
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.master import people, pins
from pos_app.store.master.attempts import Attempts
from pos_app.store.master.people import Person
from pos_app.store.master.pin_hash import hash_pin, is_pin
from pos_app.till.session.context import Context
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.proving import Answer, Secret

#: Stands for all who may approve at this terminal, where failures are counted; no person has this key.
_APPROVALS: Final = 0
#: What is said of an answer from afar that is nobody's.
_CODE_WRONG: Final = kept_code("remote-code-wrong", "wait")


__all__ = ["SELLERS_OWN", "Action", "Approval", "Person", "Proved", "SignIn", "hash_pin", "is_pin", "require"]


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
    BACKDATE = "backdate"


#: What nobody approves for themselves at the till, where the house has that rule.
SELLERS_OWN: Final = frozenset(Action(one.value) for one in permission.SELLERS_OWN)


@dataclass(frozen=True)
class Approval:
    """Somebody who may do it themselves and may approve agreed to one action, with their PIN.

    One deed may need two (an invoice beyond the limit, of goods past their day): `others` were given before.
    """

    person: Person
    action: Action
    others: tuple["Approval", ...] = ()
    #: What proves it; nothing where their PIN was given before there were secrets.
    secret: Secret | Answer | None = field(default=None, compare=False, repr=False)

    def of(self, action: Action) -> "Approval | None":
        """The one for an action, among all that were given."""
        return next((one for one in (self, *self.others) if one.action is action), None)


@dataclass(frozen=True)
class Proved:
    """Somebody who typed their PIN without being signed in yet."""

    person: Person
    secret: Secret | None = field(default=None, compare=False, repr=False)


class Question(NamedTuple):
    """What somebody is asked from afar: about which request, and the challenge in figures."""

    request_id: str
    salt: int
    challenge: str


class SignIn:
    """Who is at the till."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._attempts = Attempts(context.database, context.org_id, context.clock)

    def people(self) -> list[Person]:
        """Who may sign in here, by name: those who may do anything at this till."""
        context = self._context
        with context.database.read() as connection:
            known = people.people(connection, context.org_id)
        standing = ((person, context.standing(person.person_id).may) for person in known)
        return [dataclasses.replace(person, may=may) for person, may in standing if may]

    def sign_in(self, person_id: int, pin: str) -> Person:
        """Sign a person in.  Raises `WrongPin` with how long to wait, `Refused` for a stranger."""
        person = self._check(person_id, pin)
        self._context.person = person
        self._context.proving.signed_in(person_id, self._secret_of(person_id, pin))
        return person

    def prove(self, person_id: int, pin: str) -> "Proved":
        """Somebody who is not at the till says who they are; who is at it stays.

        Raises `WrongPin` with how long to wait, `Refused` for a stranger.
        """
        return Proved(self._check(person_id, pin), self._secret_of(person_id, pin))

    def proved(self, person_id: int) -> Person:
        """Sign in whoever proved who they are another way.  Raises `Refused` for who may do nothing here."""
        here = next((person for person in self.people() if person.person_id == person_id), None)
        if here is None:
            raise Refused("cannot-sign-in")
        self._context.person = here
        return here

    def sign_out(self) -> None:
        """Nobody is at the till any more; the open basket stays saved."""
        self._context.person = None

    def approve(self, pin: str, action: Action) -> Approval:
        """The agreement of whoever has this PIN and may approve; takes a slow hash for each of them.

        Raises `WrongPin`, and `Refused` when nobody here approves, when the PIN is that of several, or when
        its owner may not approve this.
        """
        state = self._attempts.state(_APPROVALS)
        asked = self._asked_for_approval()
        owners = [person for person, pin_hash in asked if is_pin(pin_hash, pin)]
        if not owners:
            raise self._attempts.failed(
                _APPROVALS,
                state,
                lambda connection, failures: self._note(
                    connection, "approval_failed", f"approval of {action.value}", failures
                ),
                events.APPROVAL_REFUSED,
            )
        if len(owners) > 1:
            whose = ", ".join(f"person {one.person_id}" for one in owners)
            with self._context.database.write() as connection:
                self._note(connection, "pin_of_several", whose)
            raise Refused("pin-of-several")
        owner = owners[0]
        self._need_approver(owner, action)
        self._attempts.forgive(_APPROVALS, state)
        secret = self._secret_of(owner.person_id, pin)
        if secret is not None:
            self._context.proving.give(owner.person_id, secret)
        return Approval(owner, action, secret=secret)

    def ask_from_afar(self, action: Action, worth: int, request_id: str) -> "Question":
        """What somebody who is not here is asked about one request, `worth` in minor units (0: no sum).

        Raises `Refused` when nobody here approves, and for what does not fit into a challenge.
        """
        context, salt = self._context, remote_approval.new_salt()
        self._asked_for_approval()
        asked = Asked(
            action.value,
            context.terminal.terminal_no,
            context.signed_in().person_id,
            worth,
            remote_approval.tag_of(request_id, salt),
        )
        return Question(request_id, salt, remote_approval.written(asked))

    def approve_from_afar(self, question: "Question", code: str) -> Approval:
        """The agreement of whoever answered a question with this code.

        A wrong code counts as a wrong PIN does, and is nobody's.  Raises `WrongPin`, and `Refused` when who
        answered may not approve this.
        """
        state = self._attempts.state(_APPROVALS)
        asked = remote_approval.read(question.challenge)
        action = Action(asked.action)
        found = self._answers(question.challenge, code)
        if len(found) != 1:
            raise self._attempts.failed(
                _APPROVALS,
                state,
                lambda connection, failures: self._note(
                    connection, "approval_failed", f"approval of {action.value} from afar", failures
                ),
                events.APPROVAL_REFUSED,
                _CODE_WRONG,
            )
        owner, answer = found[0]
        self._need_approver(owner, action)
        self._attempts.forgive(_APPROVALS, state)
        amount = asked.amount
        given = FromAfar(owner.person_id, action.value, amount, question.salt, asked.tag, answer)
        kept = Answer(question.request_id, given)
        self._context.proving.answered(kept)
        return Approval(owner, action, secret=kept)

    def _answers(self, challenge: str, code: str) -> list[tuple[Person, str]]:
        """Whose answer a code is, and the half of it that only they could make."""
        context, found = self._context, []
        everybody = self.people()
        with context.database.read() as connection:
            for person in everybody:
                wrap = pins.wrap_of(connection, context.org_id, person.person_id)
                shared = remote_approval.shared_of(wrap)
                answer = remote_approval.answer_in(shared, challenge, code) if wrap else None
                if answer is not None:
                    found.append((person, answer))
        return found

    def _need_approver(self, owner: Person, action: Action) -> None:
        """Raise `Refused` for who may not approve this here."""
        at_till = self._context.person
        if at_till is not None and at_till.asks and owner == at_till and action in SELLERS_OWN:
            raise Refused("approver-is-seller", name=owner.name)
        if not {Permission.APPROVE.value, action.value} <= owner.may:
            raise Refused("may-not-approve", name=owner.name)

    def _secret_of(self, person_id: int, pin: str) -> Secret | None:
        context = self._context
        with context.database.read() as connection:
            found = pins.secret_of(connection, context.org_id, person_id, pin)
        return None if found is None else Secret(found)

    def _asked_for_approval(self) -> list[tuple[Person, str]]:
        """Who may approve here, and who is at the till, with the hashes of their PINs."""
        context, found = self._context, self.people()
        if not any(Permission.APPROVE.value in person.may for person in found):
            raise Refused("nobody-approves")
        at_till = 0 if context.person is None else context.person.person_id
        asked = []
        with context.database.read() as connection:
            for person in found:
                if Permission.APPROVE.value in person.may or person.person_id == at_till:
                    known = people.person(connection, context.org_id, person.person_id)
                    asked.append((person, "" if known is None else known[1]))
        return asked

    def _check(self, person_id: int, pin: str) -> Person:
        context = self._context
        with context.database.read() as connection:
            found = people.person(connection, context.org_id, person_id)
        here = next((person for person in self.people() if person.person_id == person_id), None)
        if found is None or here is None:
            raise Refused("cannot-sign-in")
        state = self._attempts.state(person_id)
        if not is_pin(found[1], pin):
            raise self._attempts.failed(
                person_id,
                state,
                lambda connection, failures: self._note(
                    connection, "sign_in_failed", f"person {person_id}", failures, person_id=person_id
                ),
                events.SIGN_IN_REFUSED,
            )
        self._attempts.forgive(person_id, state)
        return here

    def _note(
        self,
        connection: Connection,
        action: str,
        subject: str,
        after: str = "",
        person_id: int | None = None,
    ) -> None:
        """Write into the audit log; an approval is asked for by who is at the till."""
        context = self._context
        if person_id is None and context.person is not None:
            person_id = context.person.person_id
        audit.write(
            connection,
            org_id=context.org_id,
            at=context.clock.now(),
            terminal_no=context.terminal.terminal_no,
            person_id=person_id,
            action=action,
            subject=subject,
            after=after,
        )


def require(person: Person, action: Action, approval: Approval | None, worth: int = 0) -> Person | None:
    """Who approved the action: nobody is needed for who may do it; everybody else needs an `Approval`.

    Where the house says so, who is at the till needs another for what is `SELLERS_OWN`.  `worth` is the sum
    that they are asked about, in minor units.  Raises `NeedsApproval` naming the action.
    """
    given = None if approval is None else approval.of(action)
    if given is not None:
        return given.person
    if action.value in person.may and not (person.asks and action in SELLERS_OWN):
        return None
    raise NeedsApproval("needs-approval", action.value, worth)
