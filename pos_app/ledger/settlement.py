"""Settling what is open: payments, payments to vendors, allocations of earlier money, write-offs.

An allocation takes an amount off one open invoice or bill at the invoice's own rate; what the money
was worth more or less than that is a realised exchange difference, posted in base currency alone.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.head import Head
from pos_app.ledger.line import Change, PartyRole, Tender
from pos_app.ledger.money import divide_half_up, grouped_text


class Allocation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is taken off one open invoice or bill.

    `invoice_id` and `due_on` name it as on its open item; `invoice_number` is as printed, for paper.
    `amount` in minor units of the document's currency, which is the invoice's, and `base_amount` in
    base currency at the invoice's rate (see `base_of`): both more than nothing lowers what is open.
    `business_id` is the invoice's where it is another than the document's (0: the same): the
    receivable goes down in that business, over the clearing account.
    """

    invoice_id: int
    invoice_number: str = ""
    due_on: int
    amount: int
    base_amount: int
    business_id: int = 0


class Share(Struct, frozen=True, kw_only=True):
    """What of a party's money without an invoice lies in another business than the document's.

    In minor units of the document's currency, and what that was worth in base currency when it came.
    """

    business_id: int
    amount: int
    base_amount: int


class Payment(Head, frozen=True, kw_only=True, omit_defaults=True, tag="payment"):
    """Money received from a customer against what they owe; `total` is what it settles.

    What is not allocated stays to the customer's credit on the receivable account, at the payment's
    rate, until a `Settlement` allocates it.  `rounding` is what its coins pay more than they settle
    (`cash_step` is the smallest): tenders less change are `total + rounding`, in minor units.
    """

    party_id: int
    party_role: PartyRole = PartyRole.CUSTOMER
    receivable_account: str
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    change: Change | None = None
    allocations: tuple[Allocation, ...] = ()
    difference_account: str = ""


class VendorPayment(Head, frozen=True, kw_only=True, omit_defaults=True, tag="vendor_payment"):
    """Money paid to a vendor; what is not allocated to bills is a prepayment on the payable account.

    `rounding` is as in a `Payment`.
    """

    party_id: int
    payable_account: str
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    allocations: tuple[Allocation, ...] = ()
    difference_account: str = ""


class Settlement(Head, frozen=True, kw_only=True, omit_defaults=True, tag="settlement"):
    """Allocates a party's earlier money to their invoices or bills; no money moves.

    `party_role` is customer or vendor and `account` their receivable or payable.  The money lies
    there unallocated, or, where `deposit_account` is named, as the customer's deposit (role
    `depositor`), out of which it then goes.  `total` is the sum of the allocations, `base_amount`
    what that money was worth in base currency when it came.  `credits` name what of it was credited or
    paid on an invoice beyond what was open: those items go up by what is used (see `party_credit`).
    `shares` say what of the rest other businesses hold: it leaves them, over the clearing account.
    """

    party_id: int
    party_role: PartyRole = PartyRole.CUSTOMER
    account: str
    deposit_account: str = ""
    total: int
    base_amount: int
    allocations: tuple[Allocation, ...]
    credits: tuple[Allocation, ...] = ()
    difference_account: str = ""
    shares: tuple[Share, ...] = ()


class WriteOff(Head, frozen=True, kw_only=True, omit_defaults=True, tag="write_off"):
    """A customer will not pay: `total`, the sum of the allocations, becomes a bad debt.

    The loss is what the invoices stand at in base currency, in the business that each is of.
    """

    party_id: int
    receivable_account: str
    bad_debt_account: str
    total: int
    allocations: tuple[Allocation, ...]
    reason: str


class Open(NamedTuple):
    """An open invoice or bill as the balances have it; amounts in minor units."""

    invoice_id: int
    invoice_number: str
    due_on: int
    amount: int
    base_amount: int
    business_id: int = 0


class InvoiceChoice(NamedTuple):
    """An invoice (or a bill) that somebody chose, and how much of it in minor units (None: all that is open).

    `due_on` tells apart what one document opened (None: it opened one item).
    """

    invoice_id: int
    amount: int | None = None
    due_on: int | None = None


def base_of(amount: int, open_amount: int, open_base: int) -> int:
    """By how much an allocation of `amount` lowers an invoice in base currency.

    In proportion, rounded half away from zero: all that is left when it closes the invoice, so that a
    closed invoice is closed in both currencies.
    """
    return divide_half_up(open_base * amount, open_amount)


def lowered_base(amount: int, open_amount: int, open_base: int, rate_micro: int) -> int:
    """By how much something that may go beyond what is open lowers it in base currency.

    What is open goes in proportion (see `base_of`), anything beyond at `rate_micro`: a credit of what was
    paid already, an advance that is paid back with more than was lent.
    """
    inside = max(min(amount, open_amount), 0)
    at_its_own = base_of(inside, open_amount, open_base) if inside else 0
    return at_its_own + worth_of(amount - inside, rate_micro)


def may_differ(rate_micro: int, allocations: Iterable[Allocation]) -> bool:
    """Whether the invoices can stand at another rate than the money that pays them."""
    allocations = tuple(allocations)
    if not allocations:
        return False
    return rate_micro != RATE_ONE or any(one.base_amount != one.amount for one in allocations)


def allocations_of(
    choices: Iterable[InvoiceChoice], opens: Iterable[Open], money: Currency
) -> tuple[Allocation, ...]:
    """What is chosen of what is open in a currency.

    Raises `Refused` for what is not open, for nothing, and for more than is open.
    """
    opens = list(opens)
    return tuple([_allocation(one, opens, money) for one in choices])


def _allocation(choice: InvoiceChoice, opens: Iterable[Open], money: Currency) -> Allocation:
    found = [one for one in opens if one.invoice_id == choice.invoice_id]
    found = [one for one in found if choice.due_on in (None, one.due_on)]
    if not found:
        raise Refused("not-an-open-invoice-in", currency=money.code)
    if len({one.due_on for one in found}) > 1:
        raise Refused("several-items-open")
    one = found[0]
    amount = one.amount if choice.amount is None else choice.amount
    if amount <= 0:
        raise Refused("paid-of-invoice-not-positive")
    if amount > one.amount:
        left, name = f"{grouped_text(one.amount, money)} {money.code}", one.invoice_number or "the invoice"
        raise Refused("paid-more-than-open", open=left, number=name)
    return _take(one, amount)


def _take(item: Open, amount: int) -> Allocation:
    return Allocation(
        invoice_id=item.invoice_id,
        invoice_number=item.invoice_number,
        due_on=item.due_on,
        amount=amount,
        base_amount=base_of(amount, item.amount, item.base_amount),
        business_id=item.business_id,
    )


def allocate(total: int, invoices: Iterable[Open]) -> tuple[Allocation, ...]:
    """Share a payment of `total` out over open invoices, those due first first; in minor units.

    What is left over when all are closed is not allocated.  Invoices with nothing open are passed by.
    """
    found = []
    for one in sorted(invoices, key=lambda each: (each.due_on, each.invoice_id)):
        amount = min(total, one.amount)
        if amount <= 0:
            continue
        total -= amount
        found.append(_take(one, amount))
    return tuple(found)
