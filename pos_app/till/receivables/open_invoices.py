"""What a customer still has to pay, invoice by invoice, and how money is shared out over it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.settlement import Allocation, InvoiceChoice, Open, allocate, allocations_of
from pos_app.store.receivables import open_items
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import rate_of

#: The window speaks of choices as the till does.
__all__ = ["InvoiceChoice", "OpenInvoices"]


class OpenInvoices:
    """The open invoices of customers, of all terminals as the centre told."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, party_id: int, currency: str = "") -> list[Open]:
        """What is open, due first first, in a currency (empty: ours).

        `invoice_number` is empty for an invoice of another terminal.
        """
        with self._context.database.read() as connection:
            return open_of(self._context, connection, party_id, currency)

    def currencies(self, party_id: int) -> list[str]:
        """The currencies in which something stands between the customer and us, ours first."""
        context = self._context
        with context.database.read() as connection:
            found = open_items.currencies(connection, context.org_id, party_id)
        home = context.place.currency.code
        return [home, *sorted(code for code in found if code != home)]

    def credit(self, party_id: int, currency: str = "", role: PartyRole = PartyRole.CUSTOMER) -> int:
        """What a customer has with us (we have with a vendor) beyond what is open, in minor units.

        That is what was credited or paid beyond an invoice, and what no invoice took; a deposit is not in it.
        """
        context = self._context
        money = currency or context.place.currency.code
        with context.database.read() as connection:
            return open_items.credit(connection, context.org_id, role, party_id, money).amount

    def deposited(self, party_id: int, currency: str = "") -> int:
        """What the customer has with us as a deposit, in minor units."""
        context = self._context
        money = currency or context.place.currency.code
        with context.database.read() as connection:
            return open_items.deposited(connection, context.org_id, party_id, money).amount


def open_of(context: Context, connection: Connection, party_id: int, currency: str = "") -> list[Open]:
    """The open invoices of a customer as a transaction sees them."""
    money = currency or context.place.currency.code
    return open_items.to_pay(connection, context.org_id, PartyRole.CUSTOMER, party_id, money)


def shared_out(
    context: Context,
    connection: Connection,
    party_id: int,
    total: int,
    *,
    chosen: Sequence[InvoiceChoice] | None,
    currency: str = "",
) -> tuple[Allocation, ...]:
    """How `total` (minor units) pays invoices: those chosen, or (None) all that are open, due first first.

    Raises `Refused` for an invoice that is not this customer's or not open, for more than is open of one,
    and for more than there is.
    """
    money = rate_of(context, connection, currency).currency
    found = open_of(context, connection, party_id, currency)
    if chosen is None:
        allocations = allocate(total, found)
    else:
        allocations = allocations_of(chosen, found, money)
        asked = sum(one.amount for one in allocations)
        if asked > total:
            raise Refused(
                "chosen-more-than-paid", chosen=grouped_text(asked, money), paid=grouped_text(total, money)
            )
    return allocations
