"""An invoice or a credit note of the books as an e-invoice: its facts, found by keys."""

from datetime import date, datetime

from sqlalchemy import Connection

from pos_app.ledger.currency import currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.reports.model.period import zone_of
from pos_app.reports.slips.e_invoice_parts import (
    buyer_side,
    category_of,
    check_whole,
    form_of,
    seller_side,
)
from pos_app.reports.slips.letterhead import Letterhead, letterhead_of, number_of
from pos_app.reports.slips.trade_slip import sellers_of
from pos_app.reports.slips.ubl import Told, ubl
from pos_app.store.documents import documents
from pos_app.store.master import units
from pos_app.store.report_queries import invoice_history, tax_treatments


def of_key(connection: Connection, org_id: int, document_id: int, buyer_uen: str = "") -> bytes:
    """The XML of the invoice or credit note with this key; `buyer_uen` where their tax number is none.

    Raises `Refused` for another document, a voided one, one of several sellers, and for what the form asks
    and nobody said.
    """
    document = documents.get(connection, org_id, document_id)
    if not isinstance(document, Invoice | CreditNote):
        raise Refused("not-an-invoice-to-draw")
    if documents.is_voided(connection, org_id, document_id):
        raise Refused("e-invoice-voided")
    check_whole(document)
    head = letterhead_of(connection, document)
    to = invoice_history.addressee(connection, org_id, document.party_id)
    sellers = sellers_of(document, head)
    if to is None or not sellers:
        raise Refused("invoice-place-missing")
    form, meanings = form_of(head.currency), tax_treatments.meanings(connection, org_id)
    is_registered = bool(sellers[0].tax_number)
    if document.tax_total and not is_registered:
        raise Refused("e-invoice-taxed-unregistered", name=sellers[0].full_name)
    told = Told(
        form=form,
        number=number_of(document, head),
        issued=_day(document.occurred_at, head),
        due=to_date(document.due_on) if isinstance(document, Invoice) else None,
        seller=seller_side(sellers[0], head.address, head.currency),
        buyer=buyer_side(to, head.currency, buyer_uen),
        categories=tuple(
            category_of(line, form, meanings.get(line.tax_code), is_registered=is_registered)
            for line in document.lines
        ),
        units={one.word.lower(): one.code for one in units.all_of(connection, org_id).values()},
        money=currency(document.currency),
        base=currency(head.currency),
        in_base=(
            worth_of(document.total, document.rate_micro),
            worth_of(document.tax_total, document.rate_micro),
        ),
        reference=document.reference if isinstance(document, Invoice) else "",
        original=_original(connection, document, head) if isinstance(document, CreditNote) else None,
    )
    return ubl(document, told)


def _original(connection: Connection, document: CreditNote, head: Letterhead) -> tuple[str, date]:
    """The number and the day of the invoice that a credit note takes from; else its own day."""
    invoice = documents.get(connection, document.org_id, document.invoice_id)
    if invoice is None:
        return document.invoice_number, _day(document.occurred_at, head)
    return document.invoice_number or number_of(invoice, head), _day(invoice.occurred_at, head)


def _day(moment: datetime, head: Letterhead) -> date:
    return moment.astimezone(zone_of(head.time_zone)).date()
