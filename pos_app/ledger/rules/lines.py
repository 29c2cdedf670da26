"""Rules about lines: goods sold, what a vendor's paper says, returnables beside a trade, and their sums."""

from collections.abc import Sequence
from typing import Final, Protocol

from pos_app.ledger import tax
from pos_app.ledger.cylinder import gas_left
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import MOST_NOTE
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import GoodsLine, ReturnableLine
from pos_app.ledger.line_parts import MOST_ROUNDED, MOST_TAX_OFF
from pos_app.ledger.lot import MOST_BATCH
from pos_app.ledger.metering import is_read, ran
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.pack import check_packed
from pos_app.ledger.quantity import MOST_ON_A_LINE, MOST_READING
from pos_app.ledger.rules.amounts import check_amount, check_fine, check_quantity, need
from pos_app.ledger.stock import location_of

#: Letters of the code of a customer's meter at most.
MOST_METER: Final = 64
#: No key of master data is as large.
MOST_KEY: Final = 2**62
#: So many letters of what a promotion is called stand on a line.
MOST_PROMOTION: Final = 200
#: By so many minor units another program may have rounded the tax of an invoice's line.
MOST_ISSUED_OFF: Final = 1


class _Totals(Protocol):
    """A document with stored totals."""

    @property
    def subtotal(self) -> int: ...
    @property
    def tax_total(self) -> int: ...
    @property
    def total(self) -> int: ...


# --- goods ----------------------------------------------------------------------------------------


def check_goods(document: _Totals, lines: Sequence[GoodsLine], name: str, *, as_issued: bool = False) -> None:
    """Each line by itself, its tax, and their sums.  One pass: most of the time of a check is here.

    With `as_issued` the tax may be rounded line by line, off by one minor unit in each.
    """
    if not lines:
        raise Refused("no-lines-in", name=name)
    size = subtotal = tax_total = 0
    taxables, in_parts = [], False
    for line in lines:
        extended = line.extended
        _check_goods_line(line, extended)
        net, tax_ = line.net, line.tax
        size += abs(net) + abs(tax_)
        subtotal += net
        tax_total += tax_
        taxables.append((line.tax_code, line.tax_rate_bp, line.tax_inclusive, extended))
        in_parts = in_parts or line.origin_line is not None
    check_amount(size, f"The total of this {name}")
    if in_parts:
        # Where lines are parts of others: see `line_parts`.
        _check_tax_nearly(lines, taxables, MOST_TAX_OFF)
    else:
        for line, taxed in zip(lines, tax.share_out(taxables), strict=True):
            if line.net != taxed[0] or line.tax != taxed[1]:
                # As issued means with the totals that it was issued with.
                if not as_issued or tax_total != document.tax_total:
                    raise Refused("net-and-tax-wrong", line=line.description)
                _check_tax_nearly(lines, taxables, MOST_ISSUED_OFF)
                break
    check_totals(document, subtotal, tax_total, name)


def _check_tax_nearly(
    lines: Sequence[GoodsLine], taxables: Sequence[tuple[str, int, bool, int]], most_off: int
) -> None:
    """What a line comes to is exact, and its tax nearly what its own price gives."""
    for line, one in zip(lines, taxables, strict=True):
        own = tax.share_out([one])[0]
        exact = line.gross == one[3] if line.tax_inclusive else line.net == one[3]
        if not exact or abs(line.tax - own.tax) > (most_off if line.tax_rate_bp else 0):
            raise Refused("net-and-tax-wrong", line=line.description)


def check_totals(document: _Totals, subtotal: int, tax_total: int, name: str) -> None:
    """Raise `Refused` when the stored totals are not what the lines come to."""
    if (
        subtotal != document.subtotal
        or tax_total != document.tax_total
        or subtotal + tax_total != document.total
    ):
        raise Refused("totals-wrong", name=name)


def _check_goods_line(line: GoodsLine, extended: int) -> None:
    if line.quantity == 0 or abs(line.quantity) > MOST_ON_A_LINE:
        raise Refused("quantity-implausible", line=line.description)
    if line.unit_price < 0:
        raise Refused("line-price-negative", line=line.description)
    if line.unit_price > MOST_MINOR:
        raise Refused("line-price-too-large", line=line.description)
    if line.price_fine or line.list_price_fine:
        check_fine(line.price_fine, line.description)
        check_fine(line.list_price_fine, line.description)
    if line.discount or line.promotion_id is not None or line.promotion:
        _check_discount(line, extended)
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused("tax-rate-implausible", line=line.description)
    if line.meter or line.meter_before is not None or line.meter_after is not None or _is_told(line):
        _check_meter(line)
    if line.weighed is not None:
        weighed = line.weighed
        if gas_left(weighed.gross_g, weighed.tare_g, weighed.content_g) != line.quantity:
            raise Refused("weights-not-the-quantity", line=line.description)
    if line.batch or line.expires_on is not None or line.pack is not None or line.note:
        _check_told(line)
    if not line.revenue_account:
        need("", "revenue")
    if line.tax and not line.tax_account:
        need("", "tax")


def _is_told(line: GoodsLine) -> bool:
    """Whether a line says that its meter turned over or was changed."""
    return line.meter_turn != 0 or line.meter_replaced is not None


def _check_meter(line: GoodsLine) -> None:
    """The readings give the quantity; where goods go out beside more that comes back, it counts backwards."""
    before, after, turn = line.meter_before, line.meter_after, line.meter_turn
    if len(line.meter) > MOST_METER or not line.meter.isprintable():
        raise Refused("meter-not-the-quantity", line=line.description)
    if before is None or after is None or not is_read(before, after, turn):
        raise Refused("meter-not-the-quantity", line=line.description)
    if ran(before, after, turn) != abs(line.quantity):
        raise Refused("meter-not-the-quantity", line=line.description)
    replaced = line.meter_replaced
    if replaced is not None and (turn or not line.meter or not 0 <= replaced < MOST_READING):
        raise Refused("meter-not-the-quantity", line=line.description)


def _check_discount(line: GoodsLine, extended: int) -> None:
    """It is no more than the price; a promotion lowers the list price, and nothing else does beside it.

    A part of an order has its share of what was off when it was taken in (see `rules.service_orders`).
    """
    rounded = 0 if line.origin_line is None else MOST_ROUNDED
    if abs(line.discount) > abs(extended + line.discount) + rounded:
        raise Refused("discount-above-price", line=line.description)
    if line.promotion_id is None and not line.promotion:
        return
    is_lowered = line.discount * line.quantity > 0
    is_by_itself = line.list_price is None and line.price_approver_id is None and line.chit is None
    if not is_lowered or not is_by_itself or not is_named(line.promotion_id, line.promotion):
        raise Refused("promotion-implausible", line=line.description)


def is_named(promotion_id: int | None, promotion: str) -> bool:
    """Whether a line can say of a promotion that this is its key, and that it was called so."""
    is_known = promotion_id is not None and 0 < promotion_id < MOST_KEY
    return is_known and len(promotion) <= MOST_PROMOTION and promotion.isprintable()


def check_taken_back(lines: Sequence[GoodsLine]) -> None:
    """What comes back of a receipt or an invoice was lowered there: no promotion lowers it again."""
    for line in lines:
        if line.origin_line is not None and line.promotion_id is not None:
            raise Refused("promotion-implausible", line=line.description)


def _check_told(line: GoodsLine) -> None:
    """What stands on a pack, the packs in which the goods go, and what a person wrote."""
    if len(line.note) > MOST_NOTE:
        raise Refused("line-note-too-long", what=line.description)
    if line.pack is not None:
        if line.meter_after is not None or line.chit is not None:
            raise Refused("pack-implausible", line=line.description)
        check_packed(line.pack, line.quantity, line.description)
    if len(line.batch) > MOST_BATCH or not line.batch.isprintable():
        raise Refused("batch-implausible", line=line.description)
    if line.expires_on is not None:
        to_date(line.expires_on)


def check_returnables(returnables: Sequence[ReturnableLine], party_id: int | None) -> None:
    """What is given and taken back beside a trade, at the depot and at the party."""
    for one in returnables:
        check_quantity(one.quantity, "a returnable")
        check_party_location(one.location_id, one.party_location_id, party_id)


def check_party_location(location_id: int, party_location_id: int, party_id: int | None) -> None:
    """Raise `Refused` when returnables would lie at somebody else, or move to where they are."""
    if party_location_id != location_of(party_id):
        raise Refused("returnables-at-stranger")
    if location_id == party_location_id:
        raise Refused("returnables-to-same-place")


# --- what a vendor's paper says -------------------------------------------------------------------


def check_bill_lines(document: _Totals, lines: Sequence[BillLine], name: str) -> None:
    """The lines of a bill, a vendor's credit or an expense, and their sums.

    The tax on a vendor's paper is rounded in the vendor's own way: it may differ from ours by one minor
    unit for each line, and no more.
    """
    if not lines:
        raise Refused("no-lines-in", name=name)
    for line in lines:
        _check_bill_line(line)
    size = sum(abs(line.net) + abs(line.tax) for line in lines)
    check_amount(size, f"The total of this {name}")
    for line, taxed in zip(lines, tax.share_out([line.taxable() for line in lines]), strict=True):
        if abs(line.tax - taxed.tax) > (len(lines) if line.tax_rate_bp else 0):
            raise Refused("line-tax-wrong", line=line.description)
    check_totals(document, sum(line.net for line in lines), sum(line.tax for line in lines), name)
    check_amount(document.total, f"The total of this {name}", at_least=1)


def _check_bill_line(line: BillLine) -> None:
    if not line.description.strip():
        raise Refused("line-undescribed")
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused("tax-rate-implausible", line=line.description)
    need(line.account, "purchases")
    if line.tax:
        need(line.tax_account, "tax on purchases")
    if line.quantity is not None and not 0 < line.quantity <= MOST_ON_A_LINE:
        raise Refused("quantity-implausible", line=line.description)
    if line.location_id is not None and (line.product_id is None or line.quantity is None):
        raise Refused("stock-line-incomplete", line=line.description)
    if line.receipt_id is None:
        if (line.receipt_line, line.received_net, line.received_base) != (None, None, None):
            raise Refused("billed-receipt-not-named", line=line.description)
        return
    if line.receipt_line is None or line.received_net is None:
        raise Refused("billed-line-not-named", line=line.description)
    if line.location_id is not None:
        raise Refused("came-with-receipt", line=line.description)
    if line.net < 0 or line.received_net < 0 or (line.received_base or 0) < 0:
        raise Refused("bill-price-negative", line=line.description)
    check_amount(line.received_net, "What the goods were received at")
    check_amount(line.received_base or 0, "What the goods were received at")
    if line.net != line.received_net:
        need(line.price_variance_account, "price differences")
