"""The parts of a document: goods lines, tenders, journal lines and stock moves, all frozen."""

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
    """In which capacity a party stands in the books; one party can be several."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EMPLOYEE = "employee"
    MEMBER = "member"


class GoodsLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product on a sale or a refund.

    `quantity` is in thousandths and counts in the direction of its document: given out on a sale,
    taken back on a refund.  `unit_price`, `discount`, `net` and `tax` are in minor units of the
    document's currency; `tax_rate_bp` is in basis points (1600 = 16 %).  `location_id` is where
    the stock moves, absent for a service.  `origin_line` is the index of the line on the original
    receipt that a refund takes back.  `list_price` is what the price list said where another price was
    charged, and `price_approver_id` who allowed that price or the discount.
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
    """Money taken (sale, payment) or handed back (refund): always positive, in minor units.

    `reference` is the M-Pesa code, card slip or voucher number.  `drawer_id` is set when the money
    lies in a cash drawer.
    """

    kind: TenderKind
    amount: int
    account: str
    reference: str = ""
    drawer_id: int | None = None


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Cash handed back out of what was tendered; a line of its own, so cash taken stays known."""

    amount: int
    account: str
    drawer_id: int | None = None


class CashCount(Struct, frozen=True, kw_only=True):
    """How many pieces of one note or coin lay in the drawer; `value` in minor units."""

    value: int
    pieces: int


class JournalLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the double entry: debit positive, credit negative, in minor units.

    `amount` is in the document's currency, `base_amount` in the organisation's.
    """

    business_id: int
    account: str
    amount: int
    base_amount: int
    party_role: PartyRole | None = None
    party_id: int | None = None
    drawer_id: int | None = None


class StockMove(Struct, frozen=True, kw_only=True):
    """Goods that come to (positive) or leave (negative) a location, in thousandths of the unit."""

    location_id: int
    product_id: int
    quantity: int
