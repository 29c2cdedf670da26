"""Cylinders that come back partly full: the gas that is left is credited, the cylinder is an empty again.

    left = gas_left(gross_g=21_400, tare_g=14_900, content_g=13_000)      # 500: half a fill
    till.half_returns.take_back([Half(gas, cylinder, left)], party_id=hotel, tender=TenderKind.ACCOUNT)

Decisions
---------
2026-11-21  One document does it, a refund without a receipt: its lines are the gas, at the price that the
customer pays today (by contract, or the list's), its returnables the cylinder.  The gas has no place in
stock: what is left in an opened cylinder is sold to nobody as it is, and counted as stock it would be a part
of a full one that nobody finds on the shelf.  The cylinder comes back under the product that the depot keeps
such ones under: the empty one, or one of its own for partly full ones.

2026-11-21  At the supplier's depot it goes the other way by documents that there are: `Returnables.move` with
the vendor takes cylinders there, empty and partly full, `Receiving` brings the full ones back, and the
vendor's credit for the gas (`office.bills.credit`) lowers a bill.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, PartyRole, ReturnableLine, TenderKind, Weighed
from pos_app.ledger.making import selling as making_selling
from pos_app.ledger.making.stock import need_stocked
from pos_app.ledger.making.tenders import tender_reference
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, price_fields
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.store.master.catalogue import Product
from pos_app.till.selling import tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.parties import party_in
from pos_app.till.session.prices import Priced, listed
from pos_app.till.session.products import goods_of, product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

_TENDERS = (TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK, TenderKind.ACCOUNT)


class Half(NamedTuple):
    """One cylinder that came back partly full.

    `left` of a fill of `gas_id`, in thousandths (see `ledger.cylinder.gas_left`); the cylinder itself is kept
    under `cylinder_id`.  `weighed` is what the scale showed, where it was weighed here.
    """

    gas_id: int
    cylinder_id: int
    left: int
    weighed: Weighed | None = None


class HalfReturns:
    """Takes partly full cylinders back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def worth(self, halves: Sequence[Half], party_id: int | None = None) -> int:
        """What is credited for them, in minor units, tax included.  Raises `Refused` as `take_back`."""
        with self._context.database.read() as connection:
            return totals_of(self._lines(connection, halves, party_id)).total

    def take_back(
        self,
        halves: Sequence[Half],
        *,
        party_id: int | None = None,
        tender: TenderKind = TenderKind.CASH,
        reference: str = "",
        reason: str = "partly full",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what came back and hand its worth out: in cash, by M-Pesa or bank, or on the account.

        `reference` is the code of the M-Pesa message that sends it, or the slip of the bank.  Needs a
        manager, as any refund.  More cylinders may come back than the books say the customer held: the
        answer's `short` says so.  Raises `NeedsApproval`, or `Refused`.
        """
        context = self._context
        person = context.need(Permission.SELL)
        with context.database.read() as known:
            worth = totals_of(self._lines(known, halves, party_id)).total
        approver = require(person, Action.REFUND, approval, worth)
        if tender not in _TENDERS:
            raise Refused("half-return-tender")
        if tender is TenderKind.ACCOUNT and party_id is None:
            raise Refused("half-return-without-customer")
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            if party_id is not None:
                party_in(context, connection, party_id, PartyRole.CUSTOMER)
            lines = self._lines(connection, halves, party_id)
            totals = totals_of(lines)
            step = context.place.cash_step
            in_cash = tender is TenderKind.CASH
            rounding = round_to_cash(totals.total, step) - totals.total if in_cash else 0
            due = totals.total + rounding
            proof = tender_reference(tender, reference) if due else ""
            entries = [TenderEntry(kind=tender, amount=due, reference=proof)] if due else []
            tendering.need_to_pay(context, connection, entries)
            tenders, change = tendering.as_lines(context, entries, 0, in_drawer=True)
            return making_selling.refund(
                context.head_fields(request, approver=approver, in_shift=True),
                context.accounts,
                lines,
                {"tenders": tenders, "change": change, "rounding": rounding, "cash_step": step},
                party_id=party_id,
                returnables=self._cylinders(connection, halves, party_id),
                reason=reason,
            )

        return recording.record(context, request, build, kick=tender is TenderKind.CASH)

    # --- parts -------------------------------------------------------------------------------------

    def _lines(
        self, connection: Connection, halves: Sequence[Half], party_id: int | None
    ) -> tuple[GoodsLine, ...]:
        if not halves:
            raise Refused("half-return-empty")
        context = self._context
        gases = [product_in(context, connection, half.gas_id) for half in halves]
        lines = [
            Priced(gas.product_id, half.left, gas.price) for gas, half in zip(gases, halves, strict=True)
        ]
        prices = listed(context, connection, party_id, lines)
        return with_tax(
            [self._line(half, gas, one.price) for half, gas, one in zip(halves, gases, prices, strict=True)]
        )

    def _line(self, half: Half, product: Product, price: Price) -> GoodsLine:
        context = self._context
        if not 0 < half.left < ONE:
            raise Refused("left-is-part-of-fill", name=product.name[:60])
        return GoodsLine(
            product_id=product.product_id,
            sku=product.sku,
            description=product.name,
            quantity=half.left,
            unit=product.unit,
            **price_fields(price),
            tax_code=product.tax_code,
            tax_rate_bp=product.tax_rate_bp,
            tax_inclusive=product.tax_inclusive,
            net=0,
            tax=0,
            business_id=product.business_id,
            revenue_account=context.accounts.sold(product.tax_code, product.business_id),
            weighed=half.weighed,
            tax_account=context.account(AccountRole.TAX_PAYABLE, product.business_id),
        )

    def _cylinders(
        self, connection: Connection, halves: Sequence[Half], party_id: int | None
    ) -> tuple[ReturnableLine, ...]:
        context = self._context
        back: dict[int, int] = {}
        for half in halves:
            back[half.cylinder_id] = back.get(half.cylinder_id, 0) + ONE
        for product, _ in goods_of(context, connection, back):
            need_stocked(product)
        return tuple(
            ReturnableLine(
                product_id=product_id,
                quantity=-quantity,
                location_id=context.location_id,
                party_location_id=location_of(party_id),
            )
            for product_id, quantity in back.items()
        )
