"""Owns the groups of parties with whom money goes to and fro beside trade, and the words for it."""

from typing import Final, NamedTuple

from pos_app.language import _
from pos_app.ledger.line import PartyRole
from pos_app.ledger.treasury import PAID_OUT, ROLE_OF, PartyReason
from pos_app.till.till import Till
from pos_app.ui.kit.tokens import Tone
from pos_app.ui.treasury.choice_row import Choice

_R = PartyReason


class PartyGroup(NamedTuple):
    """Parties in one role, what may be recorded with them, and the roles in which they have balances."""

    role: PartyRole
    reasons: tuple[PartyReason, ...]
    balances: tuple[PartyRole, ...]


GROUPS: Final = (
    PartyGroup(PartyRole.EMPLOYEE, (_R.EMPLOYEE_ADVANCE, _R.EMPLOYEE_REPAYMENT), (PartyRole.EMPLOYEE,)),
    PartyGroup(
        PartyRole.MEMBER,
        (_R.MEMBER_DEPOSIT, _R.MEMBER_WITHDRAWAL, _R.MEMBER_SHARE, _R.MEMBER_SHARE_RETURN),
        (PartyRole.MEMBER, PartyRole.SHAREHOLDER),
    ),
    PartyGroup(
        PartyRole.CUSTOMER,
        (_R.CUSTOMER_DEPOSIT, _R.CUSTOMER_DEPOSIT_RETURN, _R.CUSTOMER_CREDIT_RETURN),
        (PartyRole.DEPOSITOR, PartyRole.CUSTOMER),
    ),
    PartyGroup(PartyRole.VENDOR, (_R.VENDOR_PREPAYMENT_RETURN,), (PartyRole.VENDOR,)),
)


class Standing(NamedTuple):
    """What stands between us and a party in one role, in words; `amount` in minor units, never below 0."""

    words: str
    amount: int
    tone: Tone


def group_name(group: PartyGroup) -> str:
    """How a group is called."""
    names = {
        PartyRole.EMPLOYEE: _("Staff"),
        PartyRole.MEMBER: _("Members"),
        PartyRole.CUSTOMER: _("Customers"),
        PartyRole.VENDOR: _("Vendors"),
    }
    return names[group.role]


def reason_name(reason: PartyReason) -> str:
    """What is recorded, as a cashier says it."""
    names = {
        _R.EMPLOYEE_ADVANCE: _("Advance"),
        _R.EMPLOYEE_REPAYMENT: _("Repayment"),
        _R.MEMBER_DEPOSIT: _("Deposit"),
        _R.MEMBER_WITHDRAWAL: _("Withdrawal"),
        _R.MEMBER_SHARE: _("Buys shares"),
        _R.MEMBER_SHARE_RETURN: _("Returns shares"),
        _R.CUSTOMER_DEPOSIT: _("Deposit"),
        _R.CUSTOMER_DEPOSIT_RETURN: _("Deposit back"),
        _R.CUSTOMER_CREDIT_RETURN: _("Credit back"),
        _R.VENDOR_PREPAYMENT_RETURN: _("Money back"),
    }
    return names[reason]


def reason_choices(group: PartyGroup) -> list[Choice]:
    """What may be recorded with a group, each with the way in which the money goes."""
    return [
        Choice(
            reason,
            reason_name(reason),
            "minus" if reason in PAID_OUT else "plus",
            _("we pay") if reason in PAID_OUT else _("we are paid"),
        )
        for reason in group.reasons
    ]


def standing(role: PartyRole, balance: int) -> Standing:
    """A balance (debit positive, minor units) in words."""
    if balance == 0:
        return Standing(_nothing(role), 0, "muted")
    if role in (PartyRole.MEMBER, PartyRole.DEPOSITOR, PartyRole.SHAREHOLDER):
        words = _("has shares of") if role is PartyRole.SHAREHOLDER else _("has on deposit")
        return Standing(words, -balance, "ok") if balance < 0 else Standing(_("owes"), balance, "warn")
    if role is PartyRole.VENDOR:
        ahead = Standing(_("was paid ahead"), balance, "ok")
        return ahead if balance > 0 else Standing(_("we owe"), -balance, "warn")
    return Standing(_("owes"), balance, "warn") if balance > 0 else Standing(_("has with us"), -balance, "ok")


def _nothing(role: PartyRole) -> str:
    names = {
        PartyRole.SHAREHOLDER: _("no shares"),
        PartyRole.MEMBER: _("nothing on deposit"),
        PartyRole.DEPOSITOR: _("nothing on deposit"),
    }
    return names.get(role, _("owes nothing"))


def balance_after(till: Till, reason: PartyReason, party_id: int, amount: int) -> tuple[int, int]:
    """What stands between us and the party now and after `amount` for this reason, debit positive."""
    now = till.party_money.balance(ROLE_OF[reason], party_id)
    return now, now + (amount if reason in PAID_OUT else -amount)
