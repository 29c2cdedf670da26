"""One document: its lines, money, entries and moves, what is done next with it, its void, its paper."""

from typing import Any, Final

from starlette.responses import Response

from pos_app.language import web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.document import (
    SERVER_TERMINAL_NO,
    Bill,
    CreditNote,
    Document,
    Invoice,
    PurchaseOrder,
    Reversal,
    StockValuation,
    TransferSent,
    split_key,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, TenderKind
from pos_app.ledger.money import decimal_text, grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import exact, price_text
from pos_app.ledger.quantity import quantity_text
from pos_app.office import booked, voids
from pos_app.office.booked import Opened
from pos_app.reports.ask.question import kind_words
from pos_app.reports.slips.titles import tender_name
from pos_app.web.told import request_of
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work import close_rows
from pos_app.web.work.documents import ONE as _PATH

#: So many lines of each part stand on a page; all are on the paper.
_MOST: Final = 500


def _find(visit: Visit) -> Response:
    """To the document of a number, wherever it is typed."""
    return visit.go(_PATH, key=booked.find(visit.office, visit.asked.query.get("number")[:40]))


def _key(text: str) -> int:
    """A document's key as an address has it.  Raises `Refused` for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refused("document-unknown", number=text[:24])
    return int(text)


def _look(visit: Visit) -> Response:
    return page(visit, _key(visit.asked.query.get("key")))


def page(visit: Visit, key: int, error: Refused | None = None) -> Response:
    """The page of a document; `error` is what is wrong with what was sent from it."""
    seen = booked.opened(visit.office, key)
    zone = visit.office.organisation.time_zone
    return visit.page(
        "document.html",
        status=200 if error is None else 422,
        seen=seen,
        error=error,
        kind=kind_words(seen.listed.kind),
        kinds=kind_words,
        zone=zone,
        base=visit.office.organisation.currency,
        most=_MOST,
        may_void=_may_void(visit, seen),
        request=request_of(visit.asked.form),
        reason=visit.asked.form.get("reason"),
        ways_on=_ways_on(visit, seen),
        is_invoice=isinstance(seen.document, Invoice | CreditNote),
        counted=close_rows.rows(seen.document, currency(seen.document.currency), seen.closed),
        **_words(seen),
    )


def _words(seen: Opened) -> dict[str, Any]:
    money = currency(seen.document.currency)
    return {
        "money": lambda amount, code="": grouped_text(amount, currency(code) if code else money),
        "price": lambda line: price_text(exact(line.unit_price, line.price_fine), money),
        "pieces": quantity_text,
        "tender": lambda kind: tender_name(TenderKind(kind)),
        "has_prices": any(one.net or one.tax for one in seen.lines),
        "notes": _notes(seen.document),
    }


def _notes(document: Document) -> dict[int, GoodsLine]:
    """The lines of goods on which somebody wrote something, by their place."""
    lines = getattr(document, "lines", ())
    return {at: one for at, one in enumerate(lines) if isinstance(one, GoodsLine) and one.note}


def _may_void(visit: Visit, seen: Opened) -> bool:
    """Whether who looks may void it, as far as a page can say: the rules have the last word."""
    is_ours = split_key(seen.listed.document_id)[0] == SERVER_TERMINAL_NO
    if not is_ours or seen.listed.is_voided or isinstance(seen.document, Reversal | StockValuation):
        return False
    return all(visit.may(one) for one in booked.may_be_voided(seen.document))


#: What is done next with such a document: a form, who may send it, its words, and the field for the number.
_NEXT: Final[tuple[tuple[type[Document], str, Permission, str, str], ...]] = (
    (Invoice, "/payments/customer", Permission.RECEIVE_PAYMENT, web_words("It is paid"), "invoices"),
    (Invoice, "/invoices/credit", Permission.CREDIT_NOTE, web_words("Credit it"), "invoice"),
    (Bill, "/payments/vendor", Permission.PAY_VENDOR, web_words("Pay it"), "invoices"),
    (PurchaseOrder, "/receipts/new", Permission.RECEIVE_GOODS, web_words("It came"), "order"),
    (TransferSent, "/stock/receive", Permission.TRANSFER_STOCK, web_words("It came"), "transfer"),
)
#: What the party of a document is called in forms.
_PARTY_FIELDS: Final = {"/payments/customer": "customer", "/payments/vendor": "vendor"}


def _ways_on(visit: Visit, seen: Opened) -> list[tuple[str, str]]:
    """What is done next with such a document: addresses with their words."""
    listed, found = seen.listed, []
    if not listed.is_voided:
        for struct, path, permission, words, field in _NEXT:
            is_paid = path.startswith("/payments/") and not seen.open_amount
            if isinstance(seen.document, struct) and visit.may(permission) and not is_paid:
                told = {field: listed.number, _PARTY_FIELDS.get(path, ""): listed.party_code}
                if (
                    path in _PARTY_FIELDS
                    and seen.document.currency == visit.office.organisation.currency.code
                ):
                    told["amount"] = decimal_text(seen.open_amount or 0, currency(seen.document.currency))
                found.append((visit.link(path, **{name: text for name, text in told.items() if name}), words))
    if isinstance(seen.document, Invoice | Bill) and listed.party_code:
        link = visit.link("/reports/one", name="party-statement", party=listed.party_code)
        found.append((link, web_words("Statement of the party")))
    if any(not one.looked_by for one in seen.flags) and visit.may(Permission.DECIDE):
        found.append((visit.link("/flags/settle", document=listed.number), web_words("Settle its flags")))
    return found


def _void(visit: Visit) -> Response:
    form = visit.asked.form
    key = _key(form.get("key"))
    seen = booked.opened(visit.office, key)
    for one in booked.may_be_voided(seen.document):
        visit.need(one)
    try:
        made = voids.void(visit.office, key, form.get("reason"), request_id=request_of(form))
    except Refused as error:
        return page(visit, key, error)
    return visit.go(_PATH, key=made.document_id, said="recorded")


def _paper(visit: Visit) -> Response:
    drawn = booked.paper(visit.office, _key(visit.asked.form.get("key")))
    return visit.file(drawn.content, "application/pdf", f"{drawn.number}.pdf")


def _peppol(visit: Visit) -> Response:
    key = _key(visit.asked.form.get("key"))
    try:
        written = booked.peppol(visit.office, key, visit.asked.form.get("buyer_uen").strip())
    except Refused as error:
        return page(visit, key, error)
    return visit.file(written.content, "application/xml", f"{written.number}.xml")


_SEES: Final = (Permission.SEE_REPORTS,)
WAYS: Final = [
    Way("/documents/find", _find, needs=_SEES),
    Way(_PATH, _look, needs=_SEES),
    Way("/documents/void", _void, "POST", _SEES),
    Way("/documents/paper", _paper, "POST", _SEES),
    Way("/documents/peppol", _peppol, "POST", _SEES),
]
