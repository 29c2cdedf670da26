"""Settling invoices with money that came earlier: an unallocated payment, or the customer's deposit."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.permission import Permission
from pos_app.store.receivables import open_items
from pos_app.store.receivables.open_items import Free
from pos_app.till.receivables.open_invoices import InvoiceChoice, shared_out
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded


class Settling:
    """Allocates a customer's earlier money to their invoices; no money moves."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def settle(
        self,
        party_id: int,
        invoices: Sequence[InvoiceChoice] | None = None,
        *,
        out_of_deposit: bool = False,
        currency: str = "",
        request_id: str | None = None,
    ) -> Recorded:
        """Pay the chosen invoices, or (None) the open ones due first first, with what came before.

        Raises `Refused` when there is no such money, none is open, or the chosen ones come to more.
        """
        context = self._context
        context.need(Permission.RECEIVE_PAYMENT)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            rate = rate_of(context, connection, currency)
            free = self._free(connection, party_id, rate.currency.code, out_of_deposit=out_of_deposit)
            allocations = shared_out(
                context, connection, party_id, free.amount, chosen=invoices, currency=rate.currency.code
            )
            if not allocations:
                raise Refused("nothing-open-of-customer")
            return making_settlement.settlement(
                context.head_fields(request, currency=rate.currency.code, rate_micro=rate.minor),
                context.accounts,
                party_id=party_id,
                free=free,
                allocations=allocations,
                out_of_deposit=out_of_deposit,
            )

        return recording.record(context, request, build)

    def _free(self, connection: Connection, party_id: int, currency: str, *, out_of_deposit: bool) -> Free:
        org_id = self._context.org_id
        if out_of_deposit:
            free = open_items.deposited(connection, org_id, party_id, currency)
            none = said("no-deposit-here")
        else:
            free = open_items.unallocated(connection, org_id, PartyRole.CUSTOMER, party_id, currency)
            none = said("nothing-unallocated")
        if free.amount <= 0:
            raise Refused(none)
        return free
