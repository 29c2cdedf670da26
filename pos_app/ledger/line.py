"""The parts that documents of several types hold, all frozen: goods lines, returnables, tenders, change."""

from enum import StrEnum

from msgspec import Struct

from pos_app.ledger.quantity import extend
from pos_app.ledger.tax import Taxable


class TenderKind(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    MPESA = "mpesa"
    ACCOUNT = "account"
    BANK = "bank"
    CARD = "card"
    VOUCHER = "voucher"


class PartyRole(StrEnum):
    """In which capacity a party stands in the books; one party can be several.

    `DEPOSITOR` is a customer's deposit, a debt of ours apart from what they owe; `SHAREHOLDER` a
    member's shares, apart from what they have on deposit.
    """

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EMPLOYEE = "employee"
    MEMBER = "member"
    DEPOSITOR = "depositor"
    SHAREHOLDER = "shareholder"


class GoodsLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product on a sale or a refund.

    `quantity` is in thousandths and counts in the direction of its document: given out on a sale,
    taken back on a refund.  `unit_price`, `discount`, `net` and `tax` are in minor units of the
    document's currency; `tax_rate_bp` is in basis points (1600 = 16 %).  `location_id` is where
    the stock moves, absent for a service.  `origin_line` is the index of the line on the original
    receipt that a refund takes back, or on the service order that a sale collects.  `list_price` is
    what the price list said where another price was charged, and `price_approver_id` who allowed
    that price or the discount.  `meter_before` and `meter_after` are readings in thousandths where
    the goods run through a meter: the quantity is their difference.
    """

    product_id: int
    sku: str
    description: str
    quantity: int
    unit: str = "pc"
    unit_price: int
    discount: int = 0
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool = True
    net: int
    tax: int
    business_id: int
    revenue_account: str
    tax_account: str
    location_id: int | None = None
    origin_line: int | None = None
    list_price: int | None = None
    price_approver_id: int | None = None
    meter_before: int | None = None
    meter_after: int | None = None

    @property
    def extended(self) -> int:
        """Price times quantity less discount, in minor units, before tax is split off or added."""
        return extend(self.unit_price, self.quantity) - self.discount

    @property
    def gross(self) -> int:
        """What the customer pays for this line, in minor units."""
        return self.net + self.tax

    def taxable(self) -> Taxable:
        """What `tax.share_out` needs of this line."""
        return Taxable(self.tax_code, self.tax_rate_bp, self.tax_inclusive, self.extended)


class Tender(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money taken (sale, payment) or paid out (refund, expense): always positive, in minor units.

    `reference` is the M-Pesa code, card slip or voucher number.  `drawer_id` is set when the money
    lies in a cash drawer.

    Money in another currency than the document's: `amount` stays what it settles, in the document's
    currency; `paid` minor units of `paid_currency` are what changed hands, worth `paid_rate_micro`
    (as `Head.rate_micro`).  The money account then takes `paid`, with `paid` times that rate as its
    base amount; `exchange_account` closes both currencies, with that same base amount each, so that
    it stands at nothing in base currency.  What `amount` is worth more or less at the document's
    rate goes to `difference_account`, in base currency alone.
    """

    kind: TenderKind
    amount: int
    account: str
    reference: str = ""
    drawer_id: int | None = None
    paid: int = 0
    paid_currency: str = ""
    paid_rate_micro: int = 0
    exchange_account: str = ""
    difference_account: str = ""


class ReturnableLine(Struct, frozen=True, kw_only=True):
    """Cylinders or bottles that change hands beside a trade: stock at the depot or at the party.

    `quantity` in thousandths, positive when they are given to the party and negative when they come
    back.  `location_id` is the depot's, `party_location_id` the party's (see `stock.location_of`).
    """

    product_id: int
    quantity: int
    location_id: int
    party_location_id: int


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Cash handed back out of what was tendered; a line of its own, so cash taken stays known."""

    amount: int
    account: str
    drawer_id: int | None = None


class CashCount(Struct, frozen=True, kw_only=True):
    """How many pieces of one note or coin lay in the drawer; `value` in minor units."""

    value: int
    pieces: int
