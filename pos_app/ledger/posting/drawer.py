"""Posting rules for the cash drawer: it opens, cash goes in and out, it closes."""

from pos_app.ledger.drawer import CashMovement, CashReason, DrawerClose, DrawerOpen
from pos_app.ledger.posting.lines import PostingLine, lines_of
from pos_app.ledger.posting.posting import Posting


def post_cash_movement(document: CashMovement) -> Posting:
    """Cash into the drawer for a float or a pay-in, out of it for a pay-out, a safe drop or a drawing."""
    into_drawer = document.reason in (CashReason.FLOAT, CashReason.PAY_IN)
    amount = document.amount if into_drawer else -document.amount
    entries = [
        PostingLine(document.business_id, document.cash_account, amount, drawer_id=document.drawer_id),
        PostingLine(document.contra_business_id or document.business_id, document.contra_account, -amount),
    ]
    return Posting(lines_of(document, entries), ())


def post_drawer_open(document: DrawerOpen) -> Posting:
    """The float comes out of the safe."""
    amount = document.float_amount
    entries = [
        PostingLine(document.business_id, document.cash_account, amount, drawer_id=document.drawer_id),
        PostingLine(document.business_id, document.safe_account, -amount),
    ]
    return Posting(lines_of(document, entries), ())


def post_drawer_close(document: DrawerClose) -> Posting:
    """The difference is cash over or short; what was taken out goes to the safe."""
    variance = document.counted - document.expected
    business, cash, drawer = document.business_id, document.cash_account, document.drawer_id
    entries = [
        PostingLine(business, cash, variance, drawer_id=drawer),
        PostingLine(document.over_short_business_id or business, document.over_short_account, -variance),
        PostingLine(business, cash, -document.removed, drawer_id=drawer),
        PostingLine(business, document.safe_account, document.removed),
    ]
    return Posting(lines_of(document, entries), ())
