"""Rules for goods that are sold: sales, refunds, invoices, credit notes."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.handing_back import most_rounded
from pos_app.ledger.invoicing import CreditNote, Invoice
from pos_app.ledger.line import TenderKind
from pos_app.ledger.rules.amounts import check_amount, check_day, check_due, need, need_clearing, need_reason
from pos_app.ledger.rules.chits import check_no_sale
from pos_app.ledger.rules.lines import check_goods, check_returnables, check_taken_back
from pos_app.ledger.rules.loyalty import check_points, check_points_pay, check_points_tender
from pos_app.ledger.rules.service_orders import check_collection
from pos_app.ledger.rules.tenders import check_deposit_tender, check_tenders
from pos_app.ledger.trade import Refund, Sale, Trade


def check_sale(document: Sale) -> None:
    """A sale: see `_check_trade`; one that collects an order names its lines."""
    _check_trade(document, "sale")
    check_points_pay(document)
    check_collection(document.order_id, document.lines)


def check_refund(document: Refund) -> None:
    """A refund: see `_check_trade`; cash that stands for another way is a part of its cash."""
    _check_trade(document, "refund")
    check_taken_back(document.lines)
    if document.points is not None and document.original_id is None:
        raise Refused("points-malformed")
    if document.cash_instead:
        check_amount(document.cash_instead, "The cash instead of another way")
        cash = sum(one.amount for one in document.tenders if one.kind is TenderKind.CASH)
        if document.cash_instead > cash or document.original_id is None:
            raise Refused("cash-instead-of-nothing")


def _check_trade(document: Trade, name: str) -> None:
    check_goods(document, document.lines, name)
    if document.total < 0:
        other = "refund" if name == "sale" else "sale"
        raise Refused("trade-negative", name=name, other=other)
    if document.rounding:
        _check_rounding(document)
    on_account = any(tender.kind is TenderKind.ACCOUNT for tender in document.tenders)
    if on_account and document.party_id is None:
        raise Refused("account-sale-without-customer")
    if not document.clearing_account:
        need_clearing(document, [line.business_id for line in document.lines])
    if document.returnables:
        check_returnables(document.returnables, document.party_id)
    check_no_sale(document, document.lines, 1 if name == "sale" else -1)
    check_points(document, document.points, document.party_id)
    for tender in document.tenders:
        if tender.kind is TenderKind.POINTS:
            check_points_tender(document, tender, document.party_id)
        if tender.kind is TenderKind.DEPOSIT:
            check_deposit_tender(tender, document.party_id)
    check_tenders(document, document.tenders, document.change, document.total + document.rounding)


def _check_rounding(document: Trade) -> None:
    """Rounding is less than a coin; a refund of a receipt makes up for what those before it rounded."""
    step = max(document.cash_step, 1)
    of_receipt = isinstance(document, Refund) and document.original_id is not None
    if abs(document.rounding) > (most_rounded(step) if of_receipt else step - 1):
        raise Refused("rounding-too-large")
    need(document.rounding_account, "rounding")


def check_invoice(document: Invoice) -> None:
    """An invoice has lines, comes to something and says when it is due."""
    check_goods(document, document.lines, "invoice", as_issued=True)
    check_amount(document.total, "The total of this invoice", at_least=1)
    check_due(document, document.due_on, document.terms_days)
    check_amount(document.over_limit, "What goes beyond the credit limit")
    need(document.receivable_account, "receivable")
    need_clearing(document, [line.business_id for line in document.lines])
    check_returnables(document.returnables, document.party_id)
    check_no_sale(document, document.lines, 1)
    check_collection(document.order_id, document.lines)


def check_credit_note(document: CreditNote) -> None:
    """A credit note names its invoice, comes to something and says why."""
    check_goods(document, document.lines, "credit note")
    check_taken_back(document.lines)
    check_amount(document.total, "The total of this credit note", at_least=1)
    check_amount(document.base_amount, "What the credit note takes off the invoice in base currency")
    check_day(document.invoice_due_on, "The due date of the invoice")
    if document.invoice_id <= 0:
        raise Refused("credit-note-of-nothing")
    need_reason(document.reason, "the invoice is credited")
    need(document.receivable_account, "receivable")
    other = document.invoice_business_id or document.business_id
    need_clearing(document, [other, *(line.business_id for line in document.lines)])
    check_no_sale(document, document.lines, -1)
    check_returnables(document.returnables, document.party_id)
