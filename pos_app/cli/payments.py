"""`bohari pay` and `settle`: money from customers, to vendors, with other parties, and what it settles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.options import Details, InvoiceChoices, PartyCode, Tenders
from pos_app.cli.recorded import recorded
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.treasury import PartyReason
from pos_app.office import payments, treasury
from pos_app.office.office import Office
from pos_app.store.stock.recorded import Recorded

app: Final = noun()
pay_app: Final = group(app, "pay", "Money from customers, to vendors, with parties.")

Posted = Annotated[Details, Only("on", "business", "currency", "rate", "note")]

_REASONS: Final = tuple(one.value.replace("_", "-") for one in PartyReason)


@dataclass(frozen=True)
class How:
    """With what is paid, for what, and whether more than that stays to their credit."""

    paid: Tenders = None
    named: InvoiceChoices = None
    prepay: Annotated[
        bool, typer.Option("--prepay", help="What is more than open stays to their credit.")
    ] = False


@command(pay_app, "customer", AT_WORK, somewhere(Permission.RECEIVE_PAYMENT))
def pay_customer(
    office: Office,
    customer: PartyCode,
    *,
    how: How,
    said: Posted,
) -> Answer:
    """A customer pays what is named, or what is due first."""
    return _pay(payments.receive, office, customer, how, said)


@command(pay_app, "vendor", AT_WORK, somewhere(Permission.PAY_VENDOR))
def pay_vendor(
    office: Office,
    vendor: PartyCode,
    *,
    how: How,
    said: Posted,
) -> Answer:
    """We pay a vendor what is named, or what is due first."""
    return _pay(payments.pay_vendor, office, vendor, how, said)


def _pay(
    record: Callable[..., Recorded],
    office: Office,
    party: str,
    how: How,
    said: Details,
) -> Answer:
    own = said.money(office)
    chosen = parsing.invoice_choices(office, how.named, own)
    tenders = parsing.paid(how.paid or (), own)
    return recorded(record(office, party, tenders, chosen, said.occasion(), prepay=how.prepay))


@command(pay_app, "party", AT_WORK, somewhere(Permission.PARTY_MONEY, Permission.RECEIVE_PAYMENT))
def pay_party(
    office: Office,
    reason: Annotated[str, typer.Argument(metavar="REASON", help="employee-advance, member-deposit, ...")],
    party: PartyCode,
    *,
    paid: Tenders = None,
    said: Posted,
) -> Answer:
    """Advances, deposits, shares and their return; the reason says which way the money goes."""
    if reason not in _REASONS:
        raise Refused("money-reason-unknown", reason=reason[:40], reasons=", ".join(_REASONS))
    tenders = parsing.paid(paid or (), said.money(office))
    chosen = PartyReason(reason.replace("-", "_"))
    return recorded(treasury.party_money(office, chosen, party, tenders, said.occasion()))


@command(app, "settle", AT_WORK, somewhere(Permission.RECEIVE_PAYMENT))
def settle(
    office: Office,
    party: PartyCode,
    *,
    named: InvoiceChoices = None,
    vendor: Annotated[
        bool, typer.Option("--vendor", help="Our prepayment to a vendor, and their bills.")
    ] = False,
    deposit: Annotated[bool, typer.Option("--deposit", help="Out of the customer's deposit.")] = False,
    said: Annotated[Details, Only("on", "business", "currency")],
) -> Answer:
    """Money that came before goes to invoices: what is named, or as far as it goes."""
    made = payments.settle(
        office,
        party,
        parsing.invoice_choices(office, named, said.money(office)),
        said.occasion(),
        role=PartyRole.VENDOR if vendor else PartyRole.CUSTOMER,
        from_deposit=deposit,
    )
    return recorded(made)
