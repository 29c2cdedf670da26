"""What people type into forms of work, read: days, amounts, quantities, prices, money, and what all share."""

from collections.abc import Callable
from typing import Final, TypeVar

from pos_app.language import said, web_words
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import parse_money
from pos_app.ledger.price import Price, parse_price
from pos_app.ledger.quantity import ONE, parse_quantity
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import booked, typed_quantities, waiting_work
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.reports.model.period import parse_day
from pos_app.reports.slips.titles import tender_name
from pos_app.web.masters.declaration import Choices, Field, Kind, Values
from pos_app.web.work.declaration import Done, Told
from pos_app.web.work.documents import to

Read = TypeVar("Read")

#: How money changes hands in the office.
_KINDS: Final = (TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD)


def _how(_: Office) -> Choices:
    return [(one.value, tender_name(one)) for one in _KINDS]


def businesses(office: Office) -> Choices:
    """Every business."""
    return choices.of_businesses(office)


def places(office: Office) -> Choices:
    """Where stock lies."""
    return waiting_work.places(office)


ON: Final = Field(
    "on",
    web_words("Day"),
    Kind.DAY,
    hint=web_words("Nothing is today."),
    codes=("not-a-date", "dated-after-recorded", "date-not-allowed"),
)
#: A date before what is there already is a question to a person (`ledger.dating`).
IS_DATED: Final = Field(
    "dated",
    web_words("The day is right though others were recorded since"),
    Kind.YES_NO,
)
BUSINESS: Final = Field("business", web_words("Business"), Kind.CHOICE, choices=businesses)
DEPOT: Final = Field("depot", web_words("Depot"), Kind.CHOICE, choices=choices.of_depots)
#: Where goods of a document lie; `DEPOT` alone says it too.
AT: Final = Field(
    "at", web_words("Place"), Kind.CHOICE, hint=web_words("Nothing is the centre's depot."), choices=places
)
CURRENCY: Final = Field(
    "currency",
    web_words("Currency"),
    hint=web_words("Three letters; nothing is the shop's own."),
    codes=("not-a-currency-code", "rate-not-set", "price-not-in-currency"),
)
NOTE: Final = Field("note", web_words("Note"))
REFERENCE: Final = Field(
    "reference",
    web_words("Reference"),
    hint=web_words("Their number, a slip, a cheque; of M-Pesa its code."),
    codes=("mpesa-code-malformed", "mpesa-code-used", "mpesa-code-twice"),
)
HOW: Final = Field("how", web_words("How it is paid"), Kind.CHOICE, choices=_how, needed=True)
AMOUNT: Final = Field(
    "amount",
    web_words("Amount"),
    Kind.NUMBER,
    needed=True,
    codes=("not-a-number", "amount-too-fine", "amount-too-large", "paid-more-than-all-open"),
)


def day(told: Values, name: str) -> int | None:
    """A day as YYYYMMDD, None where none was typed.  Raises `Refused`."""
    text = told.get(name, "")
    return from_date(parse_day(text, name)) if text else None


def occasion(office: Office, told: Told) -> PostingDetails:
    """When and where, and the request that makes the form one document."""
    office.allows_dates = told.get("dated") == "yes"
    return PostingDetails(
        business=told.get("business"),
        depot=told.get("depot"),
        on=day(told.values, "on"),
        note=told.get("note"),
        request_id=told.request_id,
    )


def money(office: Office, told: Told) -> Currency:
    """The currency of a form; the organisation's own where none is typed.  Raises `Refused`."""
    code = told.get("currency").strip().upper()
    return currency(code) if code else office.organisation.currency


def terms(told: Told) -> Terms:
    """When it is due and what they call it."""
    return Terms(day(told.values, "due"), None, told.get("reference"))


def amount(text: str, money: Currency, what: str = "The amount") -> int:
    """Minor units.  Raises `Refused`."""
    return parse_money(text, money, what)


def price(text: str, money: Currency) -> Price | None:
    """A price of one; None where nothing was typed.  Raises `Refused`."""
    return parse_price(text, money) if text else None


def quantity(text: str) -> int:
    """Thousandths; one where nothing was typed.  Raises `Refused`."""
    return parse_quantity(text) if text else ONE


def typed_quantity(text: str) -> int | str:
    """Thousandths, or a text where it names a unit ("2cs"); one where nothing was typed.

    Raises `Refused`.
    """
    return typed_quantities.read(text) if text else ONE


def paid(office: Office, told: Told) -> list[TenderInput]:
    """The money of a form.  Raises `Refused`."""
    known = {one.value: one for one in _KINDS}
    if told.get("how") not in known:
        raise Refused("payment-not-said")
    minor = amount(told.get("amount"), office.organisation.currency)
    return [TenderInput(known[told.get("how")], minor, told.get("reference"))]


def invoices(office: Office, text: str) -> list[InvoiceChoice] | None:
    """The invoices or bills of numbers, one a line; None where none is named.  Raises `Refused`."""
    named = text.split()
    return [InvoiceChoice(booked.find(office, one)) for one in named] or None


def lines(told: Told, read: Callable[[Values], Read]) -> list[Read]:
    """The lines of a form, each read; what is refused about one is said to be of it."""
    found = []
    for number, one in enumerate(told.lines, start=1):
        try:
            found.append(read(one))
        except Refused as error:
            raise Refused("at-place", where=said("line-of-command", number=number), why=error.said) from error
    return found


def made(document_id: int) -> Done:
    """To what was recorded."""
    return Done(to(document_id))


def counted(text: str) -> int:
    """Thousandths, below zero behind a minus of keyboards or of print; a count may find none.

    Raises `Refused`.
    """
    plain = text.strip().replace("\u2212", "-").replace("\u2013", "-")
    return 0 if plain == "0" else parse_quantity(plain)
