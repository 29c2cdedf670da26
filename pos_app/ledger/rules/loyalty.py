"""Rules for points: who has them, what they are worth, and that they are in the money of the shop.

What only the books know (which programme gave them, how many are left) is asked by the store.
"""

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.goods_only import goods_of, paid_so
from pos_app.ledger.head import Head
from pos_app.ledger.line import Points, Tender, TenderKind
from pos_app.ledger.loyalty import MOST_PERCENT, MOST_POINTS, PLAIN_PERCENT
from pos_app.ledger.rules.amounts import FIRST_YEAR, LAST_YEAR, check_amount, need
from pos_app.ledger.trade import Sale


def check_points(document: Head, points: Points | None, party_id: int | None) -> None:
    """Points are a customer's, of a programme, and no more than a shop can owe."""
    if points is None:
        return
    if party_id is None:
        raise Refused("points-without-customer")
    _check_money(document)
    is_sane = points.programme_id > 0 and FIRST_YEAR <= points.year <= LAST_YEAR
    if not is_sane or not PLAIN_PERCENT <= points.percent <= MOST_PERCENT:
        raise Refused("points-malformed")
    if not 0 <= points.points <= MOST_POINTS or points.worth <= 0:
        raise Refused("points-malformed")
    check_amount(points.amount, "What the points are worth")
    need(points.account, "points")
    need(points.given_account, "points given")


def check_points_tender(document: Head, tender: Tender, party_id: int | None) -> None:
    """Who pays with points is known; they pay in the money of the shop, out of no drawer."""
    if party_id is None:
        raise Refused("points-without-customer")
    is_plain = not (tender.reference or tender.business_id or tender.paid_to or tender.chit)
    if tender.drawer_id is not None or not is_plain:
        raise Refused("points-malformed")
    _check_money(document)


def check_points_pay(document: Sale) -> None:
    """Points pay for goods, and for neither a deposit nor a voucher, which are cash again."""
    spent = [one for one in document.tenders if one.kind is TenderKind.POINTS]
    if spent and paid_so(spent) > goods_of((line.tax_code, line.gross) for line in document.lines):
        raise Refused("points-for-goods-only")


def _check_money(document: Head) -> None:
    if document.rate_micro != RATE_ONE:
        raise Refused("points-in-own-currency")
