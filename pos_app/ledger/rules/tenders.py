"""Rules about money that changes hands: tenders, change, and what is exchanged."""

from typing import Final

from pos_app.language import kept_code
from pos_app.ledger.chit import barcode_of
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import MOST_REFERENCE, Head
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.rules.amounts import check_amount, check_day, check_rate, need, need_clearing
from pos_app.ledger.rules.chits import check_chit_taken

#: Out of what change is given: a card is charged what is due, and an account or a voucher holds no more.
GIVES_CHANGE: Final = frozenset({TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK})
#: What may be of another currency than its document's.
FOREIGN: Final = GIVES_CHANGE | {TenderKind.CARD}


def check_money(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Tenders as `check_tenders`, of money only: nothing is paid on account, by voucher, points, deposit."""
    for tender in tenders:
        if tender.kind is TenderKind.ACCOUNT:
            raise Refused("payment-on-account")
        if tender.kind is TenderKind.VOUCHER:
            raise Refused("voucher-for-goods-only")
        if tender.kind is TenderKind.POINTS:
            raise Refused("points-for-goods-only")
        if tender.kind is TenderKind.DEPOSIT:
            raise Refused("deposit-for-sales-only")
    check_tenders(document, tenders, change, due)


def check_tenders(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Each tender by itself; together, less the change, they are what is `due`."""
    giving = 0
    for tender in tenders:
        check_amount(tender.amount, "The amount tendered", at_least=1)
        need(tender.account, tender.kind.value)
        if tender.paid_currency or tender.paid or tender.paid_rate_micro:
            _check_foreign(document, tender)
        if tender.business_id:
            _check_business(document, tender)
        if tender.chit is not None or tender.kind is TenderKind.VOUCHER:
            _check_voucher(document, tender)
        if tender.cheque is not None or tender.kind is TenderKind.CHEQUE:
            _check_cheque(tender)
        if tender.kind in GIVES_CHANGE:
            giving += tender.amount
    back = 0
    if change is not None:
        check_amount(change.amount, "The change")
        need(change.account, "cash")
        back = change.amount
    if back > giving:
        raise Refused("change-not-of-cash")
    if sum(tender.amount for tender in tenders) - back != due:
        raise Refused("tenders-not-the-due")


def _check_business(document: Head, tender: Tender) -> None:
    """Money on another business's account: on none of its customers', in no drawer, in the one currency."""
    if tender.kind is TenderKind.ACCOUNT or tender.drawer_id is not None or tender.paid_currency:
        raise Refused("tender-of-other-business")
    need_clearing(document, [tender.business_id])


def _check_voucher(document: Head, tender: Tender) -> None:
    """What is paid by voucher is paid by one that was issued."""
    chit = tender.chit
    if chit is None or tender.kind is not TenderKind.VOUCHER:
        raise Refused("voucher-not-issued")
    owing = tender.business_id or document.business_id
    if owing != chit.business_id or tender.reference != barcode_of(chit.role, chit.number):
        raise Refused("chit-malformed")
    check_chit_taken(document, chit)


def _check_cheque(tender: Tender) -> None:
    """A cheque says its number, its bank and its day; it is in our currency, and no cash of a drawer."""
    cheque = tender.cheque
    if cheque is None or tender.kind is not TenderKind.CHEQUE:
        raise Refused("cheque-malformed")
    is_plain = not (tender.business_id or tender.paid_currency) and tender.drawer_id is None
    if not (is_plain and tender.reference and 0 < len(cheque.bank) <= MOST_REFERENCE):
        raise Refused("cheque-malformed")
    check_day(cheque.dated_on, "The day on the cheque")


def check_deposit_tender(tender: Tender, party_id: int | None) -> None:
    """Whose deposit pays is known; it lies with the business of the document, and in no drawer."""
    if party_id is None:
        raise Refused("deposit-without-customer")
    is_plain = not (tender.reference or tender.business_id or tender.paid_to or tender.chit)
    if tender.drawer_id is not None or not is_plain:
        raise Refused("deposit-malformed")


def _check_foreign(document: Head, tender: Tender) -> None:
    if tender.kind not in FOREIGN:
        raise Refused("foreign-tender-kind")
    check_exchange(
        document,
        tender.paid,
        tender.paid_currency,
        tender.paid_rate_micro,
        (tender.exchange_account, tender.difference_account),
    )


def check_exchange(
    document: Head, amount: int, currency: str, rate_micro: int, accounts: tuple[str, str]
) -> None:
    """Money in another currency than the document's: how much, of what, at which rate, over what."""
    find_currency(currency)
    if currency == document.currency:
        raise Refused("own-currency-exchanged", currency=currency)
    check_amount(amount, kept_code("amount-in", "of"), at_least=1, of=currency)
    check_rate(rate_micro)
    need(accounts[0], "exchange")
    need(accounts[1], "exchange differences")
