"""Rules for what is no sale: the chits that deposits and vouchers are issued as and that tenders take from.

What only the books know (was it issued, is so much left on it) is asked by the store.
"""

from collections.abc import Sequence

from pos_app.ledger import chit as chits
from pos_app.ledger.chart import NO_SALE_ROLE
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import Head
from pos_app.ledger.line import Chit, GoodsLine, PartyRole
from pos_app.ledger.rules.amounts import check_day, need_clearing
from pos_app.ledger.tax import NO_SALE


def check_no_sale(document: Head, lines: Sequence[GoodsLine], direction: int) -> None:
    """The lines that are no sale bear no tax, and each names its chit; `direction` 1 where goods go out.

    Of what was recorded elsewhere (history, without a shift) and what comes back of that there is no chit of
    ours.
    """
    for line in lines:
        chit = line.chit
        if line.tax_code not in NO_SALE:
            if chit is not None:
                raise Refused("chit-on-sale", line=line.description)
            continue
        if line.tax or line.tax_rate_bp:
            raise Refused("no-sale-taxed", line=line.description)
        if chit is None:
            if document.shift is not None and line.origin_line is None and line.net:
                raise Refused("no-sale-without-chit", line=line.description)
            continue
        _check(document, chit, NO_SALE_ROLE[line.tax_code])
        adds = direction * line.net
        # What is issued is of this document, what is taken back of the one that issued it.
        if adds == 0 or (adds > 0) != (chit.document_id == 0) or chit.business_id != line.business_id:
            raise Refused("chit-malformed")


def check_chit_taken(document: Head, chit: Chit) -> None:
    """A tender takes from (on a refund: gives back to) a chit that another document issued."""
    _check(document, chit, chit.role)
    if chit.document_id == 0:
        raise Refused("chit-malformed")
    need_clearing(document, [chit.business_id])


def check_deposit_slip(document: Head, chit: Chit) -> None:
    """Only what was taken as a deposit is paid out in money."""
    if chit.role is not PartyRole.DEPOSIT_SLIP:
        raise Refused("voucher-not-paid-out")
    check_chit_taken(document, chit)


def _check(document: Head, chit: Chit, role: PartyRole) -> None:
    if chit.role is not role or role not in chits.ROLES or not chits.is_number(chit.number):
        raise Refused("chit-malformed")
    if chit.document_id < 0 or chit.business_id <= 0:
        raise Refused("chit-malformed")
    if chit.expires_on:
        check_day(chit.expires_on, "The last day of the voucher")
    if document.rate_micro != RATE_ONE:
        raise Refused("chit-in-own-currency")
