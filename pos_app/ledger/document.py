"""The document types: everything that can happen at a depot, each a frozen typed value.

A document is recorded once, on the terminal where it happened, and never changes.  Its key is the
terminal's number and a gapless sequence; its totals and every account that it posts to stand in it.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Raw, Struct

from pos_app.ledger.line import CashCount, Change, GoodsLine, PartyRole, Tender

SEQUENCE_BITS = 32

#: The centre's own chain; far above the tills, so that tills are 1, 2, 3 to the people who read them.
SERVER_TERMINAL_NO = 1_000_000


def document_key(terminal_no: int, seq: int) -> int:
    """The key of a document: `terminal_no << 32 | seq`, unique without asking anyone."""
    return terminal_no << SEQUENCE_BITS | seq


def split_key(document_id: int) -> tuple[int, int]:
    """The terminal's number and the sequence of a key."""
    return document_id >> SEQUENCE_BITS, document_id & (1 << SEQUENCE_BITS) - 1


class Head(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every document says of itself.

    `terminal_no`, `seq`, `number` and `recorded_at` are given by the journal when it records;
    before that they are 0 and the moment of the draft.  `request_id` is 32 hex digits, drawn when
    the basket was opened.  `rate_micro` is base currency per document currency in millionths.
    `shift` is the document key of the `DrawerOpen` that the document belongs to.
    """

    org_id: int
    terminal_no: int = 0
    seq: int = 0
    request_id: str
    series: str
    number: int = 0
    occurred_at: datetime
    recorded_at: datetime
    person_id: int
    approver_id: int | None = None
    business_id: int
    depot_id: int
    shift: int | None = None
    currency: str
    rate_micro: int = 1_000_000
    clearing_account: str = ""
    note: str = ""

    @property
    def document_id(self) -> int:
        """The key: see `document_key`."""
        return document_key(self.terminal_no, self.seq)

    @property
    def year(self) -> int:
        """The UTC year of `occurred_at`, by which lines and moves are partitioned."""
        return self.occurred_at.year


class Trade(Head, frozen=True, kw_only=True, omit_defaults=True):
    """What a sale and a refund share: lines, stored totals, tenders.

    All amounts are in minor units and positive in the document's own direction: `total` is what
    the customer pays on a sale and what the shop hands back on a refund.  `rounding` is what cash
    rounding adds to the total; tenders less change are `total + rounding`.
    """

    party_id: int | None = None
    lines: tuple[GoodsLine, ...]
    subtotal: int
    tax_total: int
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    change: Change | None = None


class Sale(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="sale"):
    """Goods or services given out, and the money taken for them.

    `over_limit` is by how much, in minor units, it took the customer beyond their credit limit as the
    till knew it.
    """

    over_limit: int = 0


class Refund(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="refund"):
    """Goods taken back and money handed back; `original_id` is the sale's key where it is known."""

    original_id: int | None = None
    reason: str = ""


class Payment(Head, frozen=True, kw_only=True, omit_defaults=True, tag="payment"):
    """Money received from a customer against what they owe; `total` is tenders less change."""

    party_id: int
    party_role: PartyRole = PartyRole.CUSTOMER
    receivable_account: str
    total: int
    tenders: tuple[Tender, ...]
    change: Change | None = None


class CashReason(StrEnum):
    """Why cash went in or out of a drawer without a sale."""

    FLOAT = "float"
    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    SAFE_DROP = "safe_drop"


class CashMovement(Head, frozen=True, kw_only=True, omit_defaults=True, tag="cash_movement"):
    """Cash put into (float, pay-in) or taken out of (pay-out, safe drop) a drawer."""

    reason: CashReason
    drawer_id: int
    amount: int
    cash_account: str
    contra_account: str


class DrawerOpen(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_open"):
    """A shift begins: `float_amount` comes out of the safe into the drawer."""

    drawer_id: int
    float_amount: int
    cash_account: str
    safe_account: str


class DrawerClose(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_close"):
    """A shift ends: what was counted, what the books expected, and what went to the safe.

    The difference between `counted` and `expected` is posted to over/short, never argued away.
    """

    drawer_id: int
    counted: int
    expected: int
    removed: int
    counts: tuple[CashCount, ...] = ()
    cash_account: str
    safe_account: str
    over_short_account: str
    reason: str = ""


class CountedLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product of a stock count, in thousandths: what the books expected and what was there."""

    product_id: int
    expected: int = 0
    counted: int


class StockCount(Head, frozen=True, kw_only=True, omit_defaults=True, tag="stock_count"):
    """What was counted at a location; the difference moves the stock (its value is posted later)."""

    location_id: int
    lines: tuple[CountedLine, ...]


class Reversal(Head, frozen=True, kw_only=True, omit_defaults=True, tag="reversal"):
    """Voids another document: posts the opposite of all that it posted.

    `original` is the voided document, byte for byte as it was sealed, so that posting stays a
    function of this document alone.
    """

    original_id: int
    original_hash: str
    original: Raw
    reason: str


Document = Sale | Refund | Payment | CashMovement | DrawerOpen | DrawerClose | StockCount | Reversal

#: The series of the printed number of each type: receipts, credit notes, payments, and the rest.
SERIES: dict[type[Head], str] = {
    Sale: "S",
    Refund: "C",
    Payment: "P",
    CashMovement: "M",
    DrawerOpen: "O",
    DrawerClose: "Z",
    StockCount: "N",
    Reversal: "V",
}


def kind_of(document: Head) -> str:
    """The tag of the document's type as it stands in the tables: "sale", "drawer_close", ..."""
    return str(type(document).__struct_config__.tag)
