"""Rules for the cash drawer: it opens, cash goes in and out, it closes."""

from pos_app.ledger.drawer import CashMovement, DrawerClose, DrawerOpen, Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.rules.amounts import check_amount, need, need_clearing


def check_cash_movement(document: CashMovement) -> None:
    """Cash that moves is more than nothing."""
    check_amount(document.amount, "The cash amount", at_least=1)
    need(document.cash_account, "cash")
    need(document.contra_account, "contra")
    if document.contra_business_id:
        need_clearing(document, [document.contra_business_id])


def check_drawer_open(document: DrawerOpen) -> None:
    """A float may be nothing."""
    check_amount(document.float_amount, "The float")
    need(document.cash_account, "cash")
    need(document.safe_account, "safe")


def check_drawer_close(document: DrawerClose) -> None:
    """What was counted adds up, and no more was taken out."""
    check_amount(document.counted, "The counted cash")
    check_amount(abs(document.expected), "The expected cash")
    check_amount(document.removed, "The cash taken out")
    if document.removed > document.counted:
        raise Refused("removed-more-than-counted")
    if document.counts:
        if any(count.pieces < 0 or count.value <= 0 for count in document.counts):
            raise Refused("notes-negative")
        if sum(count.value * count.pieces for count in document.counts) != document.counted:
            raise Refused("notes-not-the-count")
    if document.shift is None:
        raise Refused("close-without-shift")
    need(document.cash_account, "cash")
    need(document.safe_account, "safe")
    need(document.over_short_account, "over/short")
    if document.over_short_business_id:
        need_clearing(document, [document.over_short_business_id])
    if document.stretch is not None:
        _check_stretch(document.stretch, document.seq)


def _check_stretch(stretch: Stretch, seq: int) -> None:
    """A Z closes what lies before it, and its grand total holds at least its own sales."""
    counts = (stretch.sales, stretch.grand_total, stretch.confirmed_seq, stretch.openings, stretch.copies)
    # A draft has no place yet.
    is_behind = seq and (stretch.first_seq > seq or stretch.confirmed_seq >= seq)
    if stretch.first_seq <= 0 or min(counts) < 0 or stretch.grand_total < stretch.sales or is_behind:
        raise Refused("stretch-impossible")
