"""Rules about money that changes hands: tenders, change, and what is exchanged."""

from pos_app.language import kept_code
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.rules.amounts import check_amount, check_rate, need


def check_money(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Tenders as `check_tenders`, of money only: nothing is paid on account."""
    if any(tender.kind is TenderKind.ACCOUNT for tender in tenders):
        raise Refused("payment-on-account")
    check_tenders(document, tenders, change, due)


def check_tenders(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Each tender by itself; together, less the change, they are what is `due`."""
    cash = 0
    for tender in tenders:
        check_amount(tender.amount, "The amount tendered", at_least=1)
        need(tender.account, tender.kind.value)
        if tender.paid_currency or tender.paid or tender.paid_rate_micro:
            _check_foreign(document, tender)
        if tender.kind is TenderKind.CASH:
            cash += tender.amount
    back = 0
    if change is not None:
        check_amount(change.amount, "The change")
        need(change.account, "cash")
        back = change.amount
    if back > cash:
        raise Refused("change-not-of-cash")
    if sum(tender.amount for tender in tenders) - back != due:
        raise Refused("tenders-not-the-due")


def _check_foreign(document: Head, tender: Tender) -> None:
    if tender.kind in (TenderKind.ACCOUNT, TenderKind.VOUCHER):
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
