"""Rules for the cash drawer: it opens, cash goes in and out, it closes."""

from collections.abc import Sequence

from pos_app.ledger.closing import OTHER_MONEY, MoneyCount
from pos_app.ledger.drawer import CashMovement, DrawerClose, DrawerOpen, Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import CashCount
from pos_app.ledger.rules.amounts import MOST_AT_A_PLACE, check_amount, check_day, need, need_clearing


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


def check_count(counts: Sequence[CashCount]) -> None:
    """Notes and coins are some or none of each, and come to a sum that there is."""
    if any(count.pieces < 0 or count.value <= 0 for count in counts):
        raise Refused("notes-negative")
    check_amount(sum(count.value * count.pieces for count in counts), "The counted cash")


def check_drawer_close(document: DrawerClose) -> None:
    """What was counted adds up, and no more was taken out."""
    check_amount(document.counted, "The counted cash")
    check_amount(abs(document.expected), "The expected cash")
    check_amount(document.removed, "The cash taken out")
    if document.removed > document.counted:
        raise Refused("removed-more-than-counted")
    if document.counts:
        check_count(document.counts)
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
    _check_told(document)


def _check_stretch(stretch: Stretch, seq: int) -> None:
    """A Z closes what lies before it, and its grand total holds at least its own sales."""
    counts = (stretch.sales, stretch.grand_total, stretch.confirmed_seq, stretch.openings, stretch.copies)
    # A draft has no place yet.
    is_behind = seq and (stretch.first_seq > seq or stretch.confirmed_seq >= seq)
    if stretch.first_seq <= 0 or min(counts) < 0 or stretch.grand_total < stretch.sales or is_behind:
        raise Refused("stretch-impossible")
    if stretch.business_day:
        check_day(stretch.business_day, "The day")


def _check_told(document: DrawerClose) -> None:
    """What a Z tells beside the cash is told once of each, and does not contradict itself."""
    kinds = [one.kind for one in document.other_money]
    pieces = [one.product_id for one in document.pieces]
    # Each currency says itself that it was counted again.
    is_more = kinds or pieces or document.handed_to_id is not None or document.left
    if document.stretch is None and is_more:
        raise Refused("close-tells-no-z")
    if len({*kinds}) < len(kinds) or not {*kinds} <= {*OTHER_MONEY}:
        raise Refused("close-money-impossible")
    for money in document.other_money:
        _check_money(money)
    if len({*pieces}) < len(pieces):
        raise Refused("close-pieces-impossible")
    for count in document.pieces:
        if not 0 <= count.counted <= MOST_AT_A_PLACE or abs(count.expected) > MOST_AT_A_PLACE:
            raise Refused("close-pieces-impossible")
    if document.recount is not None:
        check_amount(document.recount.first, "The counted cash")
        if document.recount.person_id not in (document.person_id, document.approver_id):
            raise Refused("close-recount-by-another")
    check_amount(document.left, "The cash taken out")
    if document.left > document.removed or document.handed_to_id == document.person_id:
        raise Refused("close-handover-impossible")


def _check_money(count: MoneyCount) -> None:
    check_amount(abs(count.expected), "The expected cash")
    check_amount(abs(count.counted), "The counted cash")
    places = {(each.receipt_id, each.place) for each in count.missing}
    if len(places) < len(count.missing) or len(places) > count.times or count.times < 1:
        raise Refused("close-money-impossible")
    if count.missing and sum(each.amount for each in count.missing) != count.expected - count.counted:
        raise Refused("close-money-impossible")
