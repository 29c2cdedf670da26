"""Settling invoices with what a customer has with us: their credit, or their deposit."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.party_credit import PartyCredit, without_items
from pos_app.ledger.permission import Permission
from pos_app.store.receivables import open_items
from pos_app.till.receivables.open_invoices import InvoiceChoice, shared_out
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded


class Settling:
    """Allocates a customer's credit to their invoices; no money moves."""

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
        """Pay the chosen invoices, or (None) the open ones due first first, with their credit.

        Raises `Refused` when there is no such money, none is open, or the chosen ones come to more.
        """
        context = self._context
        context.need(Permission.RECEIVE_PAYMENT)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            rate = rate_of(context, connection, currency)
            credit = self._credit(connection, party_id, rate.currency.code, out_of_deposit=out_of_deposit)
            allocations = shared_out(
                context, connection, party_id, credit.amount, chosen=invoices, currency=rate.currency.code
            )
            if not allocations:
                raise Refused("nothing-open-of-customer")
            return making_settlement.settlement(
                context.head_fields(request, currency=rate.currency.code, rate_micro=rate.minor),
                context.accounts,
                party_id=party_id,
                credit=credit,
                allocations=allocations,
                out_of_deposit=out_of_deposit,
            )

        return recording.record(context, request, build)

    def _credit(
        self, connection: Connection, party_id: int, currency: str, *, out_of_deposit: bool
    ) -> PartyCredit:
        context = self._context
        if out_of_deposit:
            role = PartyRole.DEPOSITOR
            credit = without_items(open_items.deposited(connection, context.org_id, party_id, currency))
            none = said("no-deposit-here")
        else:
            role = PartyRole.CUSTOMER
            credit = open_items.credit(connection, context.org_id, role, party_id, currency)
            none = said("nothing-unallocated")
        if not credit.amount:
            raise Refused(none)
        own = context.place.business.business_id
        lies = open_items.lying(connection, context.org_id, role, party_id, currency, own=own)
        return credit._replace(lies=lies)
