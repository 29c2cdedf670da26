"""Invoices in the office: drafted and issued, credited, written off; what waits and what is open."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from pos_app.language import web_text, web_words
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, plain_price
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import booked, drafts, invoicing, waiting_work
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.office import Office
from pos_app.office.waiting_work import DraftRow, OpenRow
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    GIVE_UP,
    Done,
    Heading,
    Line,
    Lines,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
    worth,
)
from pos_app.web.work.documents import to

ISSUE: Final = "issue"
DRAFT: Final = "draft"
WORDS: Final = Field("words", web_words("Number, code or name"))
DUE: Final = Field("due", web_words("Due"), Kind.DAY, hint=web_words("Nothing is as agreed with them."))
CUSTOMER: Final = Field(
    "customer",
    web_words("Customer"),
    hint=web_words("Their code."),
    needed=True,
    codes=("party-unknown", "party-not-in-role-office", "party-inactive-office"),
)
#: The buttons of what may be a draft first.
ACTS: Final = ((ISSUE, web_words("Issue it")), (DRAFT, web_words("Save the draft")))


# --- making -----------------------------------------------------------------------------------------------


def _invoice(office: Office, told: Told) -> Done:
    if told.act == GIVE_UP:
        drafts.give_up(office, told.request_id)
        return Done(To("/drafts", {}), "given-up")
    money = reading.money(office, told)
    goods, occasion = reading.lines(told, lambda one: _goods(money, one)), reading.occasion(office, told)
    occasion = dataclasses.replace(occasion, currency=money.code)
    terms, customer, place = reading.terms(told), told.get("customer"), told.get("at")
    if told.act == DRAFT:
        invoicing.draft(office, customer, goods, occasion, terms=terms, location=place)
        return Done(To("/drafts", {}), "saved")
    made = invoicing.invoice(office, customer, goods, occasion, terms=terms, location=place)
    return reading.made(made.document_id)


def as_opened(do: Callable[[Office, Told], Done]) -> Callable[[Office, Told], Done]:
    """The same; of a draft that was opened, only as it was seen then (see `drafts.as_seen`)."""

    def done(office: Office, told: Told) -> Done:
        if not told.get("draft"):
            return do(office, told)
        with drafts.as_seen(office, told.request_id, told.get("seen")):
            return do(office, told)

    return done


def _goods(money: Currency, line: Values) -> Goods:
    discount = line.get("discount", "")
    return Goods(
        line.get("sku", ""),
        reading.quantity(line.get("quantity", "")),
        reading.price(line.get("price", ""), money),
        reading.amount(discount, money, "The discount") if discount else 0,
        line.get("description", ""),
        line.get("tax", ""),
    )


def _begun(office: Office, asked: Values) -> tuple[Values, Sequence[Values]]:
    """A draft as it was saved, where the address names one."""
    if not asked.get("draft"):
        return asked, ()
    row = waiting_work.draft(office, "invoice", asked["draft"])
    return draft_values(office, row), [
        {
            "sku": one.sku,
            "quantity": plain_quantity(one.quantity),
            **_price(one, currency(row.draft.currency)),
            "description": one.description,
            "tax": one.tax_code,
        }
        for one in row.draft.lines
    ]


class _Line(Protocol):
    """As much of a draft's line as its price asks."""

    @property
    def price(self) -> Price: ...
    @property
    def discount(self) -> int: ...
    @property
    def promotion_id(self) -> int | None: ...


def _price(line: _Line, money: Currency) -> dict[str, str]:
    """What a person said that it costs: of what a promotion takes something off, nothing, as it was typed."""
    if line.promotion_id is not None:
        return {"price": "", "discount": ""}
    discount = decimal_text(line.discount, money) if line.discount else ""
    return {"price": plain_price(line.price, money), "discount": discount}


def draft_values(office: Office, row: DraftRow) -> dict[str, str]:
    """The fields of a draft."""
    one = row.draft
    return {
        "request": one.request_id,
        "draft": one.request_id,
        "seen": drafts.mark(one),
        "currency": "" if one.currency == office.organisation.currency.code else one.currency,
        "at": row.place,
        "depot": row.depot,
        "customer": row.party.code,
        "vendor": row.party.code,
        "on": to_date(one.dated_on).isoformat(),
        "due": to_date(row.due_on).isoformat() if row.due_on else "",
        "business": row.business,
        "reference": one.reference,
    }


INVOICE: Final = WorkForm(
    path="invoices/new",
    words=web_words("Make an invoice"),
    hint=web_words("As a draft it waits as it was typed; issued it stands in the books and changes no more."),
    needs=(Permission.INVOICE,),
    fields=(
        CUSTOMER,
        reading.ON,
        DUE,
        reading.BUSINESS,
        reading.DEPOT,
        reading.AT,
        reading.CURRENCY,
        Field("reference", web_words("Their order")),
        reading.IS_DATED,
    ),
    lines=Lines(
        web_words("What it is for"),
        (
            Field("sku", web_words("Product")),
            Field("quantity", web_words("Quantity"), Kind.NUMBER),
            Field("price", web_words("Price"), Kind.NUMBER),
            Field("discount", web_words("Discount"), Kind.NUMBER),
            Field("description", web_words("Description")),
            Field("tax", web_words("Tax")),
        ),
        web_words("A product's code and how many; without a price it costs what the customer pays for it."),
    ),
    do=as_opened(_invoice),
    begins=_begun,
    keeps=("draft", "seen"),
    acts=(*ACTS, (GIVE_UP, web_words("Give the draft up"))),
)


def _credit(office: Office, told: Told) -> Done:
    key = booked.find(office, told.get("invoice"))
    money = currency(booked.opened(office, key).document.currency)

    def credited(line: Values) -> Credited:
        number = line.get("line", "")
        if not (number.isascii() and number.isdecimal()) or int(number[:9]) < 1:
            raise Refused("credit-line-not-numbered")
        quantity = line.get("quantity", "")
        return Credited(
            int(number[:9]) - 1,
            reading.quantity(quantity) if quantity else None,
            reading.price(line.get("price", ""), money),
        )

    made = invoicing.credit(
        office,
        key,
        told.get("reason"),
        reading.lines(told, credited),
        reading.occasion(office, told),
        restock=told.get("restock"),
    )
    return reading.made(made.document_id)


REASON: Final = Field("reason", web_words("Reason"), needed=True)
NUMBER_OF_INVOICE: Final = Field(
    "invoice",
    web_words("Invoice"),
    hint=web_words("Its number."),
    needed=True,
    codes=("document-unknown", "not-a-receipt-number", "no-such-document"),
)

CREDIT: Final = WorkForm(
    path="invoices/credit",
    words=web_words("Credit an invoice"),
    hint=web_words("All that is left of it; or some of its lines, and then say which."),
    needs=(Permission.CREDIT_NOTE,),
    fields=(
        NUMBER_OF_INVOICE,
        REASON,
        Field(
            "restock",
            web_words("Where goods came back"),
            Kind.CHOICE,
            hint=web_words("Nothing: none came back."),
            choices=reading.places,
        ),
        reading.ON,
        reading.IS_DATED,
    ),
    lines=Lines(
        web_words("Only this of it"),
        (
            Field("line", web_words("Line of the invoice"), Kind.NUMBER),
            Field("quantity", web_words("Quantity"), Kind.NUMBER),
            Field("price", web_words("Only so much of the price"), Kind.NUMBER),
        ),
    ),
    do=_credit,
)


def _write_off(office: Office, told: Told) -> Done:
    made = invoicing.write_off(
        office,
        told.get("customer"),
        told.get("reason"),
        reading.invoices(office, told.get("invoices")) or (),
        reading.occasion(office, told),
    )
    return reading.made(made.document_id)


INVOICES: Final = Field(
    "invoices",
    web_words("Invoices"),
    Kind.LINES,
    hint=web_words("Their numbers, one a line; none: what is due first."),
    codes=("document-unknown", "not-a-receipt-number", "nothing-open-of-number", "invoice-of-other-party"),
)

WRITE_OFF: Final = WorkForm(
    path="invoices/write-off",
    words=web_words("Write off what will not be paid"),
    hint=web_words("Without numbers it is all that the customer owes."),
    needs=(Permission.WRITE_OFF,),
    fields=(CUSTOMER, REASON, INVOICES, reading.ON, reading.BUSINESS, reading.IS_DATED),
    do=_write_off,
)


# --- looking ----------------------------------------------------------------------------------------------


def _drafts(office: Office, sought: Sought) -> list[Line]:
    base = office.organisation.currency
    lines = [
        Line(
            (
                f"{one.party.code} {one.party.name}".strip(),
                web_text("Invoice") if one.draft.kind == "invoice" else web_text("Bill"),
                to_date(one.draft.dated_on),
                one.draft.reference,
                worth(one.draft.totals.total or 0, one.draft.currency, base),
            ),
            To(f"/{one.draft.kind}s/new", {"draft": one.draft.request_id}),
            one.draft.request_id,
        )
        for one in waiting_work.drafts(office)
    ]
    return laid_out(lines, sought)


DRAFTS: Final = WorkList(
    path="drafts",
    words=web_words("Drafts"),
    hint=web_words("Invoices and bills that wait as they were typed."),
    sees=(Permission.SEE_REPORTS, Permission.INVOICE, Permission.BILL),
    headings=(
        Heading(web_words("Whose"), sorts=True),
        Heading(web_words("Kind"), sorts=True),
        Heading(web_words("Dated"), CellKind.DATE, sorts=True),
        Heading(web_words("Reference"), sorts=True),
        Heading(web_words("Total"), CellKind.MONEY, sorts=True),
    ),
    filters=(WORDS,),
    read=_drafts,
)


def _open(role: PartyRole) -> "_Open":
    return _Open(role)


class _Open:
    """What is open of customers, or of vendors."""

    def __init__(self, role: PartyRole) -> None:
        self._role = role

    def __call__(self, office: Office, sought: Sought) -> list[Line]:
        return laid_out([_open_line(office, one) for one in waiting_work.open_of(office, self._role)], sought)


def _open_line(office: Office, row: OpenRow) -> Line:
    one = row.item.open
    return Line(
        (
            one.invoice_number or str(one.invoice_id),
            f"{row.party.code} {row.party.name}".strip(),
            to_date(one.due_on) if one.due_on else None,
            row.overdue or None,
            worth(one.amount, row.item.currency, office.organisation.currency),
        ),
        to(one.invoice_id),
        f"{one.invoice_id}-{one.due_on}-{one.business_id}",
    )


_OPEN_HEADINGS: Final = (
    Heading(web_words("Number"), sorts=True),
    Heading(web_words("Whose"), sorts=True),
    Heading(web_words("Due"), CellKind.DATE, sorts=True),
    Heading(web_words("Days overdue"), CellKind.NUMBER, sorts=True),
    Heading(web_words("Still open"), CellKind.MONEY, sorts=True),
)

OPEN_INVOICES: Final = WorkList(
    path="open-invoices",
    words=web_words("Open invoices"),
    hint=web_words("What customers still have to pay; below zero: what they have with us."),
    sees=(Permission.SEE_REPORTS,),
    headings=_OPEN_HEADINGS,
    filters=(WORDS,),
    read=_open(PartyRole.CUSTOMER),
)
OPEN_BILLS: Final = WorkList(
    path="open-bills",
    words=web_words("Open bills"),
    hint=web_words("What we still have to pay to vendors."),
    sees=(Permission.SEE_REPORTS,),
    headings=_OPEN_HEADINGS,
    filters=(WORDS,),
    read=_open(PartyRole.VENDOR),
)
