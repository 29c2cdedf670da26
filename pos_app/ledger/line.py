"""The parts that documents of several types hold, all frozen: goods lines, chits, tenders, change, ..."""

from enum import StrEnum

from msgspec import Struct

from pos_app.ledger.pack import Packed
from pos_app.ledger.priced import PricedLine, SettledLine


class TenderKind(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    MPESA = "mpesa"
    ACCOUNT = "account"
    BANK = "bank"
    CARD = "card"
    VOUCHER = "voucher"
    POINTS = "points"
    DEPOSIT = "deposit"
    CHEQUE = "cheque"


class PartyRole(StrEnum):
    """In which capacity a party stands in the books; one party can be several.

    `DEPOSITOR` is a customer's deposit, a debt of ours apart from what they owe; `SHAREHOLDER` a
    member's shares, apart from what they have on deposit.  Who holds a voucher or a deposit slip is known by
    nothing but the number on it (see `chit`): that number is their party.  `POINTS` is what a customer may
    pay with points (see `loyalty`).
    """

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EMPLOYEE = "employee"
    MEMBER = "member"
    DEPOSITOR = "depositor"
    SHAREHOLDER = "shareholder"
    VOUCHER = "voucher"
    DEPOSIT_SLIP = "deposit_slip"
    POINTS = "points"


class Chit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A voucher or a deposit slip, as the documents name it that issue it and take from it.

    `role` says which of the two, `number` is what is printed on it (see `chit`).  `document_id` is the key
    of the document that issued it (0: the one in which this stands), `business_id` the business that took
    the money for it and owes it, `expires_on` its last day as YYYYMMDD (0: never).
    """

    role: PartyRole
    number: int
    business_id: int
    document_id: int = 0
    expires_on: int = 0


class Points(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points that a sale gives its customer, or a refund takes back (see `loyalty`).

    `programme` and `tier` are what they were called then, `percent` what the tier gave; a point is `worth`
    minor units of the document's currency, which `account` owes and `given_account` bears.  They count
    towards the tiers of `year`.  `left` is how many the customer has after it, as the till knew it.
    """

    programme_id: int
    programme: str
    points: int
    worth: int
    account: str
    given_account: str
    year: int
    percent: int = 100
    tier: str = ""
    left: int = 0

    @property
    def amount(self) -> int:
        """What they can pay, in minor units."""
        return self.points * self.worth


class Cheque(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cheque that was taken: which bank pays it, and the day that is written on it (YYYYMMDD).

    Its number is the reference of its tender.
    """

    bank: str
    dated_on: int


class Weighed(Struct, frozen=True, kw_only=True):
    """A cylinder that came back partly full, in grams: with what is in it, empty, and what a fill weighs."""

    gross_g: int
    tare_g: int
    content_g: int


class GoodsLine(Struct, PricedLine, SettledLine, frozen=True, kw_only=True, omit_defaults=True):
    """One product on a sale or a refund.

    `quantity` is in thousandths and counts in the direction of its document: given out on a sale,
    taken back on a refund.  `unit_price`, `discount`, `net` and `tax` are in minor units of the
    document's currency; `tax_rate_bp` is in basis points (1600 = 16 %).  `location_id` is where
    the stock moves, absent for a service.  `origin_line` is the index of the line on the original
    receipt that a refund takes back, or on the service order that a sale collects.  `list_price` is
    what the price list said where another price was charged, and `price_approver_id` who allowed
    that price or the discount.  `meter_before` and `meter_after` are readings in thousandths where
    the goods run through a meter: the quantity is their difference (backwards on a refund, where goods go
    out beside more that comes back).  A `chit` is on a line that is no sale: the voucher or deposit slip that
    is issued for its money, or that the money comes back of.  `price_fine` and `list_price_fine` are what the
    two prices have beside their minor units, in ten-thousandths of one (see `ledger.price`).  `batch` and
    `expires_on` (YYYYMMDD) are what the pack says of itself where its code told (see `ledger.lot`).  `meter`
    is the code of the customer's own meter that was read.  With a `promotion_id` the discount is that
    promotion's, named as it was then, and nobody's leave is needed.  `meter_turn` is where the
    meter began again with nothing between its readings (see `ledger.metering`), `meter_replaced` what an old
    meter showed last in whose place a new one began with `meter_before`; both in thousandths.
    Goods that go in whole packs say in
    which (`pack`); the quantity counts what is in them, and the price is of one of that (see `ledger.pack`).
    `note` is what a person wrote on the line (see `head.MOST_NOTE`); `note_inside` keeps it off the paper
    that the customer gets.
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
    chit: Chit | None = None
    weighed: Weighed | None = None
    price_fine: int = 0
    list_price_fine: int = 0
    batch: str = ""
    expires_on: int | None = None
    meter: str = ""
    promotion_id: int | None = None
    promotion: str = ""
    meter_turn: int = 0
    meter_replaced: int | None = None
    pack: Packed | None = None
    note: str = ""
    note_inside: bool = False


class Tender(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money taken (sale, payment) or paid out (refund, expense): always positive, in minor units.

    `reference` is the M-Pesa code, card slip or voucher number.  `drawer_id` is set when the money
    lies in a cash drawer.  `business_id` is whose account it lies on where that is another business
    than the document's, `paid_to` the till or paybill number that it was paid to.  A tender by voucher
    says of which `chit`: of one that was issued; one by cheque, which `cheque`.  Of what a customer has on
    deposit (`DEPOSIT`) the tender takes from the party of its document.

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
    business_id: int = 0
    paid_to: str = ""
    paid: int = 0
    paid_currency: str = ""
    paid_rate_micro: int = 0
    exchange_account: str = ""
    difference_account: str = ""
    chit: Chit | None = None
    cheque: Cheque | None = None


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
