"""What is saved of a basket at every change: its lines, what was tendered, returnables beside the goods."""

from typing import Final

import msgspec
from msgspec import Struct

from pos_app.ledger import tax
from pos_app.ledger.errors import Damaged
from pos_app.ledger.line import TenderKind
from pos_app.ledger.line_parts import Agreed, part_of, up_to
from pos_app.ledger.quantity import extend
from pos_app.store.journal.drafts import Draft


class BasketLine(Struct, kw_only=True):
    """One line as it stands now; `quantity` in thousandths (negative: a return), money in minor units."""

    product_id: int
    sku: str
    description: str
    quantity: int
    unit: str
    list_price: int
    unit_price: int
    discount: int = 0
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool
    business_id: int
    stocked: bool
    price_approver: int | None = None
    #: What everybody pays, where the list price is this customer's by contract.
    shelf_price: int | None = None
    meter_before: int | None = None
    meter_after: int | None = None
    #: The line of the service order that this one collects, and how much of it is left there.
    order_line: int | None = None
    order_left: int = 0
    #: That line of the order, of which this one is a part.
    agreed: Agreed | None = None

    @property
    def changed(self) -> bool:
        """Whether another price than the list's is charged, or a discount given."""
        return bool(self.discount) or self.unit_price != self.list_price

    @property
    def extended(self) -> int:
        """Price times quantity less discount, in minor units; of a part of an order, its share of it."""
        part = self.part()
        if part is None:
            return extend(self.unit_price, self.quantity) - self.discount
        return part.net + part.tax if self.tax_inclusive else part.net

    @property
    def reduction(self) -> int:
        """What it comes to less than price times quantity: a discount, or the rounding of a part."""
        if self.agreed is None:
            return self.discount
        return extend(self.unit_price, self.quantity) - self.extended

    def part(self) -> tax.Taxed | None:
        """Net and tax of a part of an order at what was agreed; None for all that is priced by itself."""
        whole = self.agreed
        if whole is None or self.discount:
            return None
        return part_of(whole, up_to(whole, whole.quantity - self.order_left), self.quantity)

    def taxable(self) -> tax.Taxable:
        """What `tax.share_out` needs of this line."""
        return tax.Taxable(self.tax_code, self.tax_rate_bp, self.tax_inclusive, self.extended)


class TenderEntry(Struct, kw_only=True):
    """Money that changed hands so far, in minor units.

    `amount` is what it settles of the document.  Money of another currency says what it was too: `paid` of
    `paid_currency` at `paid_rate_micro` (as on a `ledger.line.Tender`).
    """

    kind: TenderKind
    amount: int
    reference: str = ""
    paid: int = 0
    paid_currency: str = ""
    paid_rate_micro: int = 0


class ReturnableEntry(Struct, kw_only=True):
    """Cylinders or bottles beside the goods, in thousandths: positive are given, negative come back."""

    product_id: int
    description: str
    quantity: int


class BasketState(Struct, kw_only=True):
    """What is saved of a basket; `order_id` is the service order that it collects, `order_party` whose."""

    request_id: str
    party_id: int | None = None
    order_id: int | None = None
    order_party: int | None = None
    lines: list[BasketLine] = msgspec.field(default_factory=list)
    tenders: list[TenderEntry] = msgspec.field(default_factory=list)
    returnables: list[ReturnableEntry] = msgspec.field(default_factory=list)


_decoder: Final = msgspec.msgpack.Decoder(BasketState)


def decoded(draft: Draft) -> BasketState:
    """What was saved of a basket.  Raises `Damaged` when it cannot be read."""
    try:
        return _decoder.decode(draft.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged("saved-basket-unreadable") from error
