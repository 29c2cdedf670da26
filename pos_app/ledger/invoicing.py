"""Invoices to customers and bills of vendors, and the notes that take from them again.

Each opens an item (who, which invoice, due when) that payments, credit notes and write-offs lower
until it is closed.  Amounts are positive in the document's own direction, in minor units of its
currency.
"""

from msgspec import Struct

from pos_app.ledger.head import Head
from pos_app.ledger.line import GoodsLine, ReturnableLine
from pos_app.ledger.priced import SettledLine


class Invoice(Head, frozen=True, kw_only=True, omit_defaults=True, tag="invoice"):
    """Goods or services given to a customer, to be paid later.

    `due_on` is YYYYMMDD in the depot's own time, `terms_days` how many days of payment were agreed,
    `reference` what the customer calls it (their order number).  `over_limit` and `order_id` as on a `Sale`.
    """

    party_id: int
    receivable_account: str
    lines: tuple[GoodsLine, ...]
    subtotal: int
    tax_total: int
    total: int
    due_on: int
    terms_days: int = 0
    reference: str = ""
    returnables: tuple[ReturnableLine, ...] = ()
    over_limit: int = 0
    order_id: int | None = None


class CreditNote(Head, frozen=True, kw_only=True, omit_defaults=True, tag="credit_note"):
    """Takes from an invoice: goods that came back (their lines name a location), or a price too high.

    `base_amount` is by how much it lowers the invoice in base currency, at the invoice's rate (see
    `settlement.base_of`); a difference to its own rate goes to `difference_account`.
    `invoice_business_id` is the invoice's business where it is another (0: the same).
    """

    party_id: int
    receivable_account: str
    lines: tuple[GoodsLine, ...]
    subtotal: int
    tax_total: int
    total: int
    invoice_id: int
    invoice_number: str = ""
    invoice_due_on: int
    invoice_business_id: int = 0
    base_amount: int
    reason: str
    returnables: tuple[ReturnableLine, ...] = ()
    difference_account: str = ""


class BillLine(Struct, SettledLine, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a vendor's bill or an expense: `net` goes to `account`, `tax` to `tax_account`.

    With `tax_inclusive` the price on the vendor's paper was net and tax together.
    A line that bills a receipt names it (`receipt_id`, `receipt_line` as an index); its `account` is
    then that of goods received not invoiced and takes `received_net`, what the goods were received
    at in the bill's currency (with `received_base`, the receipt's base amount, where its rate was
    another), and the difference of `net` goes to `price_variance_account`.
    A line with a `location_id` brings (on a vendor's credit: takes back) `quantity` thousandths of
    `product_id` there, and `account` is the business's inventory.
    """

    description: str
    account: str
    business_id: int
    net: int
    tax: int = 0
    tax_code: str = ""
    tax_rate_bp: int = 0
    tax_inclusive: bool = True
    tax_account: str = ""
    product_id: int | None = None
    quantity: int | None = None
    location_id: int | None = None
    receipt_id: int | None = None
    receipt_line: int | None = None
    received_net: int | None = None
    received_base: int | None = None
    price_variance_account: str = ""

    @property
    def extended(self) -> int:
        """The price on the vendor's paper, before tax is split off or added, in minor units."""
        return self.net + self.tax if self.tax_inclusive else self.net


class Bill(Head, frozen=True, kw_only=True, omit_defaults=True, tag="bill"):
    """A vendor's invoice to us; `vendor_reference` is the number on their paper."""

    party_id: int
    payable_account: str
    vendor_reference: str = ""
    lines: tuple[BillLine, ...]
    subtotal: int
    tax_total: int
    total: int
    due_on: int
    terms_days: int = 0
    difference_account: str = ""


class VendorCredit(Head, frozen=True, kw_only=True, omit_defaults=True, tag="vendor_credit"):
    """A vendor takes from a bill of theirs: goods that went back, or a price too high.

    `base_amount` is by how much it lowers the bill in base currency, as on a `CreditNote`.
    """

    party_id: int
    payable_account: str
    vendor_reference: str = ""
    lines: tuple[BillLine, ...]
    subtotal: int
    tax_total: int
    total: int
    bill_id: int
    bill_number: str = ""
    bill_due_on: int
    bill_business_id: int = 0
    base_amount: int
    reason: str
    difference_account: str = ""
