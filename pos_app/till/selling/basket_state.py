"""What is saved of a basket at every change: its lines, what was tendered, returnables beside the goods."""

from typing import Final

import msgspec
from msgspec import Struct

from pos_app.ledger import tax
from pos_app.ledger.errors import Damaged
from pos_app.ledger.head import FromAfar
from pos_app.ledger.line import Cheque, Chit, TenderKind
from pos_app.ledger.line_parts import Agreed, part_of, up_to
from pos_app.ledger.lot import NO_LOT, Lot, is_past
from pos_app.ledger.pack import Pack, Packed, each_of
from pos_app.ledger.price import Price
from pos_app.ledger.priced import PricedLine
from pos_app.ledger.pricing.quoting import Quote
from pos_app.ledger.pricing.rules import Level
from pos_app.ledger.quantity import extend
from pos_app.store.journal.drafts import Draft
from pos_app.store.master.catalogue import Product


class BasketLine(Struct, PricedLine, kw_only=True):
    """One line as it stands now; `quantity` in thousandths (negative: a return), money in minor units."""

    product_id: int
    sku: str
    description: str
    quantity: int
    unit: str
    list_price: Price
    unit_price: Price
    discount: int = 0
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool
    business_id: int
    stocked: bool
    price_approver: int | None = None
    #: By how much the line was cheaper than by the list when that was allowed: no more is covered.
    price_allowed: int = 0
    #: What everybody pays, where the list price is this customer's by contract.
    shelf_price: Price | None = None
    meter_before: int | None = None
    meter_after: int | None = None
    #: The customer's own meter that was read, of several.
    meter: str = ""
    #: Where it began again with nothing, and what an old one showed last (see `ledger.metering`).
    meter_turn: int = 0
    meter_replaced: int | None = None
    #: The line of the service order that this one collects, and how much of it is left there.
    order_line: int | None = None
    order_left: int = 0
    #: That line of the order, of which this one is a part.
    agreed: Agreed | None = None
    #: What the pack says of itself, and who allowed that the goods are sold after their last day.
    batch: str = ""
    expires_on: int | None = None
    expiry_approver: int | None = None
    #: Whose price the list price is (`ledger.pricing.rules.Level`), and from how much on, in thousandths.
    price_level: int = Level.BASE
    price_break: int = 0
    #: The key of the list that says it; 0 where it is no list's.
    price_list_id: int = 0
    #: The promotion whose the discount is, by its key and its name; a person's discount is none's.
    promotion_id: int | None = None
    promotion: str = ""
    #: The packs in which the goods go, and what the whole of one costs (0: as many times the product).
    packed: Packed | None = None
    pack_price: int = 0
    #: What comes back for full ones (`refills.Back`); empty where they are in nothing of ours.
    back: str = ""
    #: The cylinder that each of them is in, and the one of another brand that comes for it.
    cylinder_id: int = 0
    cylinder: str = ""
    other_id: int = 0
    other: str = ""
    #: Full ones and the deposit on them, or the cylinders sold with them, have one number; 0 is none.
    tie: int = 0
    #: What a person wrote on the line, and whether it stays off the paper that goes out.
    note: str = ""
    note_inside: bool = False

    @property
    def pack(self) -> Pack | None:
        """The pack in which the goods go; its price is the product's own of this line."""
        if self.packed is None:
            return None
        each = each_of(self.pack_price, self.packed.size) if self.pack_price else 0
        return Pack(self.packed, self.pack_price, each)

    @property
    def base(self) -> Price:
        """What the product itself costs, whoever buys it."""
        return self.list_price if self.shelf_price is None else self.shelf_price

    @property
    def is_by_lists(self) -> bool:
        """Whether lists say what it costs: not of a part of an order, nor of a voucher."""
        return self.order_line is None and self.tax_code != tax.VOUCHER_CODE

    @property
    def is_fixed(self) -> bool:
        """Whether no promotion takes anything off: what a person set stays, and what is no sale is owed."""
        return self.changed or self.tax_code in tax.NO_SALE

    def take(self, quote: Quote) -> None:
        """Stand at this price and what a promotion takes off; what somebody charges instead stays."""
        base, listed = self.base, quote.listed
        if not self.changed:
            self.unit_price = listed.price
            self.discount = quote.discount
            self.promotion_id, self.promotion = quote.promotion_id, quote.promotion
        self.list_price = listed.price
        self.shelf_price = None if listed.price == base else base
        self.price_level, self.price_break = int(listed.level), listed.from_quantity
        self.price_list_id = listed.list_id

    @property
    def changed(self) -> bool:
        """Whether a person charges another price than the list's, or gives a discount."""
        return self.discount_by_hand != 0 or self.unit_price != self.list_price

    @property
    def discount_by_hand(self) -> int:
        """What a person takes off the line, in minor units; what a promotion does is none of it."""
        return self.discount if self.promotion_id is None else 0

    @property
    def lowered_by(self) -> tuple[int | None, str]:
        """The promotion by which the line is cheaper, by key and name: of a part of an order the one that was
        agreed, while anything of it falls to the part and no person takes off something else.
        """
        if self.agreed is None:
            return self.promotion_id, self.promotion
        if self.discount or self.reduction <= 0:
            return None, ""
        return self.agreed.promotion_id, self.agreed.promotion

    @property
    def taken_off(self) -> int:
        """What a promotion or a person takes off it, in minor units; the rounding of a part is neither."""
        if self.agreed is None or self.lowered_by[0] is None:
            return self.discount
        return self.reduction

    @property
    def lot(self) -> Lot:
        """Batch and last day on the pack."""
        return Lot(self.batch, self.expires_on)

    def joins(self, new: "BasketLine", quote: Quote | None) -> bool:
        """Whether a new line is more of this one, which will cost what the lists say then."""
        price = self.unit_price if self.changed or quote is None else quote.price
        same = (self.product_id, price, self.lot) == (new.product_id, new.unit_price, new.lot)
        same = same and self.packed == new.packed and self.pack_price == new.pack_price
        plain = not self.discount_by_hand and self.meter_after is None and self.order_line is None
        # What comes back for it is said of all of a line; what is tied to full ones is theirs alone.
        plain = plain and self.back == new.back and not (self.tie and not self.cylinder_id)
        # What was noted is of these goods, not of what follows.
        plain = plain and not self.note
        # Each voucher has a number of its own.
        plain = plain and self.tax_code != tax.VOUCHER_CODE
        return same and plain and (self.quantity > 0) == (new.quantity > 0)

    def is_past(self, day: int) -> bool:
        """Whether it gives out goods whose last day is before this one (YYYYMMDD)."""
        return self.quantity > 0 and is_past(self.expires_on, day)

    @property
    def extended(self) -> int:
        """Price times quantity less discount, in minor units; of a part of an order, its share of it."""
        part = None if self.agreed is None else self.part()
        if part is None:
            # As the line it is, written out: it is asked three times a line of each sale.
            return extend(self.price, self.quantity) - self.discount
        return part.net + part.tax if self.tax_inclusive else part.net

    @property
    def reduction(self) -> int:
        """What it comes to less than price times quantity: a discount, or the rounding of a part."""
        if self.agreed is None:
            return self.discount
        return extend(self.price, self.quantity) - self.extended

    def part(self) -> tax.Taxed | None:
        """Net and tax of a part of an order at what was agreed; None for all that is priced by itself."""
        whole = self.agreed
        if whole is None or self.discount:
            return None
        return part_of(whole, up_to(whole, whole.quantity - self.order_left), self.quantity)


def line_of(
    product: Product,
    quantity: int,
    lot: Lot = NO_LOT,
    meter: tuple[int | None, int | None] = (None, None),
    pack: Pack | None = None,
) -> BasketLine:
    """So much of a product at what it costs by itself, or in a pack, before any list was asked."""
    price = product.price if pack is None else pack.base(product.price)
    return BasketLine(
        product_id=product.product_id,
        sku=product.sku,
        description=product.name,
        quantity=quantity,
        unit=product.unit,
        list_price=price,
        unit_price=price,
        tax_code=product.tax_code,
        tax_rate_bp=product.tax_rate_bp,
        tax_inclusive=product.tax_inclusive,
        business_id=product.business_id,
        stocked=product.stocked,
        meter_before=meter[0],
        meter_after=meter[1],
        batch=lot.batch,
        expires_on=lot.expires_on,
        packed=None if pack is None else pack.packed,
        pack_price=0 if pack is None else pack.price,
    )


class TenderEntry(Struct, kw_only=True):
    """Money that changed hands so far, in minor units.

    `amount` is what it settles of the document.  Money of another currency says what it was too: `paid` of
    `paid_currency` at `paid_rate_micro` (as on a `ledger.line.Tender`).  A voucher says which `chit` it is,
    a cheque whose.
    """

    kind: TenderKind
    amount: int
    reference: str = ""
    paid: int = 0
    paid_currency: str = ""
    paid_rate_micro: int = 0
    #: To whose M-Pesa number it went; 0 is the depot's business.
    business_id: int = 0
    chit: Chit | None = None
    cheque: Cheque | None = None
    #: The request by which a card terminal took it; empty where a person typed the slip.
    terminal: str = ""


class CardAsked(Struct, kw_only=True):
    """What a card terminal was asked for and has not answered yet: by which request, minor units."""

    request: str
    amount: int


class ReturnableEntry(Struct, kw_only=True):
    """Cylinders or bottles beside the goods, in thousandths: positive are given, negative come back."""

    product_id: int
    description: str
    quantity: int


class BasketState(Struct, kw_only=True):
    """What is saved of a basket; `order_id` is the service order that it collects, `order_party` whose.

    `proofs` has what proves who allowed something in it (see `allowed`), by person.  `note` is what a person
    wrote on the whole of it; with `note_inside` it stays off the paper that goes out.
    """

    request_id: str
    party_id: int | None = None
    order_id: int | None = None
    order_party: int | None = None
    lines: list[BasketLine] = msgspec.field(default_factory=list)
    tenders: list[TenderEntry] = msgspec.field(default_factory=list)
    returnables: list[ReturnableEntry] = msgspec.field(default_factory=list)
    proofs: dict[int, str] = msgspec.field(default_factory=dict)
    note: str = ""
    note_inside: bool = False
    #: What a card terminal was asked for, until it is known what became of it.
    card: CardAsked | None = None
    #: What was answered from afar for this request.
    from_afar: list[FromAfar] = msgspec.field(default_factory=list)


class Totals(Struct, frozen=True):
    """The basket in figures, minor units; `items` counts lines; tax is included in `total`."""

    items: int
    subtotal: int
    tax_total: int
    total: int
    discount: int


_decoder: Final = msgspec.msgpack.Decoder(BasketState)


def decoded(draft: Draft) -> BasketState:
    """What was saved of a basket.  Raises `Damaged` when it cannot be read."""
    try:
        return _decoder.decode(draft.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged("saved-basket-unreadable") from error
