"""Documents that programs record: invoices with drafts, and payments; each once for its Idempotency-Key."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price
from pos_app.ledger.quantity import parse_quantity
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import documents, drafts, invoicing, payments, written
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Goods
from pos_app.web.api.documents import Document, shown
from pos_app.web.api.operation import Answer, Call, Operation
from pos_app.web.api.problem import missing

_TAG: Final = "Recording"
Code = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=200)]
Amount = Annotated[str, Meta(max_length=24, description="A decimal text in major units.")]


class InvoiceLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line: without a price, what the customer pays for it; without a tax code, that of the product."""

    sku: Code
    quantity: Amount
    unit_price: Amount = ""
    discount: Amount = ""
    description: Text = ""
    tax_code: Code = ""


class NewInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice; what is left out is that of the customer, of the day and of the depot of the centre."""

    customer: Code
    lines: Annotated[list[InvoiceLine], Meta(min_length=1, max_length=500)]
    dated_on: date | None = None
    due_on: date | None = None
    terms_days: Annotated[int, Meta(ge=0, le=3650)] | None = None
    reference: Annotated[str, Meta(max_length=100)] = ""
    currency: Annotated[str, Meta(max_length=3)] = ""
    exchange_rate: Amount = ""
    business: Code = ""
    depot: Code = ""
    place: Code = ""


class Draft(Struct, frozen=True, kw_only=True):
    """An invoice that is not issued yet; it has no number and stands in no books."""

    id: str
    currency: str
    subtotal: str | None
    tax_amount: str | None
    total: str | None


class PaidMoney(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that came: `reference` is the M-Pesa code, which mobile money needs, or the bank's words."""

    kind: Literal["cash", "mpesa", "bank", "card"]
    amount: Amount
    reference: Annotated[str, Meta(max_length=100)] = ""
    account: Code = ""


class PaidInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice that is paid, by its id, and how much of it; all that is open where nothing is said."""

    id: Annotated[str, Meta(max_length=18)]
    amount: Amount = ""


class NewPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer pays: the invoices named, or (none) what is due first.  `prepay`: what is more than is open
    stays to their credit.
    """

    customer: Code
    money: Annotated[list[PaidMoney], Meta(min_length=1, max_length=20)]
    invoices: Annotated[list[PaidInvoice], Meta(max_length=200)] = []
    prepay: bool = False
    dated_on: date | None = None
    currency: Annotated[str, Meta(max_length=3)] = ""
    exchange_rate: Amount = ""
    business: Code = ""
    note: Text = ""


def _money(call: Call, code: str) -> Currency:
    return currency(code) if code else call.office.organisation.currency


def _goods(call: Call, body: NewInvoice) -> list[Goods]:
    money = _money(call, body.currency)
    return [
        Goods(
            one.sku,
            parse_quantity(one.quantity),
            parse_price(one.unit_price, money) if one.unit_price else None,
            parse_money(one.discount, money, "The discount") if one.discount else 0,
            one.description,
            one.tax_code,
        )
        for one in body.lines
    ]


def _day(day: date | None) -> int | None:
    return None if day is None else from_date(day)


def _occasion(call: Call, body: NewInvoice) -> PostingDetails:
    return PostingDetails(
        business=body.business,
        depot=body.depot,
        on=_day(body.dated_on),
        currency=body.currency,
        rate_micro=written.rate(body.exchange_rate) if body.exchange_rate else None,
        request_id=call.request_id,
    )


def _terms(body: NewInvoice) -> Terms:
    return Terms(_day(body.due_on), body.terms_days, body.reference)


def recorded(call: Call, document_id: int, path: str) -> Answer:
    """What was recorded, and where it is asked for again."""
    whole = documents.made(call.office, document_id)
    return Answer(shown(call.office, whole), location=call.link(path, str(document_id)))


def _issue(call: Call) -> Answer:
    body: NewInvoice = call.body
    made = invoicing.invoice(
        call.office,
        body.customer,
        _goods(call, body),
        _occasion(call, body),
        terms=_terms(body),
        location=body.place,
    )
    return recorded(call, made.document.document_id, "invoices")


def _draft(call: Call) -> Answer:
    body: NewInvoice = call.body
    # Its own request once more: whatever became of the draft since, it is not as it was sent again.
    made = drafts.of_request(call.office, call.request_id) or invoicing.draft(
        call.office,
        body.customer,
        _goods(call, body),
        _occasion(call, body),
        terms=_terms(body),
        location=body.place,
    )
    money = currency(made.currency)

    def told(amount: int | None) -> str | None:
        return None if amount is None else decimal_text(amount, money)

    totals = made.totals
    answer = Draft(
        id=made.request_id,
        currency=made.currency,
        subtotal=told(totals.subtotal),
        tax_amount=told(totals.tax_total),
        total=told(totals.total),
    )
    return Answer(answer)


def _issue_draft(call: Call) -> Answer:
    key = call.path["id"]
    try:
        made = drafts.post(call.office, key, kind="invoice")
    except Refused as error:
        if error.code == "draft-gone":
            raise missing(error) from error
        raise
    return recorded(call, made.document.document_id, "invoices")


def _pay(call: Call) -> Answer:
    body: NewPayment = call.body
    money = _money(call, body.currency)
    paid = [
        TenderInput(
            TenderKind(one.kind),
            parse_money(one.amount, money, "The amount paid"),
            one.reference.strip(),
            account=one.account.strip(),
        )
        for one in body.money
    ]
    wanted = [
        InvoiceChoice(_key(one.id), parse_money(one.amount, money) if one.amount else None)
        for one in body.invoices
    ]
    occasion = PostingDetails(
        business=body.business,
        on=_day(body.dated_on),
        currency=body.currency,
        rate_micro=written.rate(body.exchange_rate) if body.exchange_rate else None,
        note=body.note,
        request_id=call.request_id,
    )
    made = payments.receive(call.office, body.customer, paid, wanted or None, occasion, prepay=body.prepay)
    return recorded(call, made.document.document_id, "payments")


def _key(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Refused("document-unknown", number=text)
    return int(text)


def operations() -> Sequence[Operation]:
    """What is recorded."""
    bills = (Permission.INVOICE,)
    return [
        Operation("POST", "/invoices", "issueInvoice", "Issue an invoice at once.", _TAG, _issue, Document,
                  needs=bills, body=NewInvoice, status=201, once=True),
        Operation("POST", "/invoice-drafts", "draftInvoice", "Draft an invoice.", _TAG, _draft, Draft,
                  needs=bills, body=NewInvoice, status=201, once=True),
        Operation("POST", "/invoice-drafts/{id}/issue", "issueDraft",
                  "Issue a draft; twice is the same invoice.", _TAG, _issue_draft, Document, needs=bills,
                  status=201),
        Operation("POST", "/payments", "receivePayment", "A customer pays.", _TAG, _pay, Document,
                  needs=(Permission.RECEIVE_PAYMENT,), body=NewPayment, status=201, once=True),
    ]  # fmt: skip
