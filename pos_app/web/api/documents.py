"""Documents for programs: sales, invoices and every other kind, with lines, stored totals and currencies.

Amounts are decimal texts in major units, as the books stored them; nothing is computed anew for an answer.
`base_currency_total` and `exchange_rate` are those of the posting, whatever the currency is worth today.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import TYPES
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import major_rate, rate_text, worth_of
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import exact, plain_price
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import documents
from pos_app.office.documents import Whole
from pos_app.office.office import Office
from pos_app.web.api.operation import Answer, Call, Operation, Parameter

_TAG: Final = "Documents"
_SEES: Final = (Permission.SEE_REPORTS,)
#: The kinds whose lines are sales.
SOLD: Final = ("sale", "refund", "invoice", "credit_note")


class Line(Struct, frozen=True, kw_only=True):
    """A line; what takes back counts below nothing."""

    number: int
    sku: str
    description: str
    unit: str
    business: str
    quantity: str
    unit_price: str
    discount: str
    tax_code: str
    tax_percent: str
    net: str
    tax: str
    total: str


class Money(Struct, frozen=True, kw_only=True):
    """Money that changed hands: taken above nothing, handed out below.  `paid` is what it was in another
    currency.
    """

    kind: str
    amount: str
    account: str
    reference: str
    is_change: bool
    paid: str | None
    paid_currency: str | None


class Document(Struct, frozen=True, kw_only=True):
    """A document of the books.  `total` is `subtotal` and `tax_amount`; `rounding` is what coins cannot pay.

    `exchange_rate` is base currency for one of `currency` when it was posted, `base_currency_total` the total
    at that rate.  `open` is what of an invoice or a bill is not paid, null for every other kind.
    """

    id: str
    kind: str
    number: str
    terminal: int
    occurred_at: str
    recorded_at: str
    business: str
    depot: str
    person: str
    party: str
    party_name: str
    currency: str
    subtotal: str
    tax_amount: str
    total: str
    rounding: str
    exchange_rate: str
    base_currency: str
    base_currency_total: str
    due_on: str | None
    open: str | None
    original_id: str | None
    reverses_id: str | None
    is_voided: bool
    lines: list[Line]
    money: list[Money]


class DocumentPage(Struct, frozen=True, kw_only=True):
    """A page, newest first; `next` is the cursor of the page after it."""

    items: list[Document]
    next: str | None


def shown(office: Office, whole: Whole) -> Document:
    """A document as it is answered."""
    row, base = whole.row, office.organisation.currency
    money = currency(row.currency)
    worth = worth_of(row.total, row.rate_micro)
    if row.opened_base is not None:
        worth = row.opened_base if row.total >= 0 else -row.opened_base
    return Document(
        id=str(row.document_id),
        kind=row.kind,
        number=row.number,
        terminal=row.terminal_no,
        occurred_at=row.occurred_at.isoformat(),
        recorded_at=row.recorded_at.isoformat(),
        business=row.business,
        depot=row.depot,
        person=row.person,
        party=row.party,
        party_name=row.party_name,
        currency=row.currency,
        subtotal=decimal_text(row.subtotal, money),
        tax_amount=decimal_text(row.tax_total, money),
        total=decimal_text(row.total, money),
        rounding=decimal_text(row.rounding, money),
        exchange_rate=rate_text(major_rate(row.rate_micro, money, base)),
        base_currency=base.code,
        base_currency_total=decimal_text(worth, base),
        due_on=to_date(row.due_on).isoformat() if row.due_on else None,
        open=None if whole.open is None else decimal_text(whole.open, money),
        original_id=None if row.original_id is None else str(row.original_id),
        reverses_id=None if row.reverses_id is None else str(row.reverses_id),
        is_voided=row.is_voided,
        lines=_lines(whole, money),
        money=_money(whole, money),
    )


def _lines(whole: Whole, money: Currency) -> list[Line]:
    return [
        Line(
            number=one.line_no + 1,
            sku=one.sku,
            description=one.description,
            unit=one.unit,
            business=one.business,
            quantity=plain_quantity(one.quantity),
            unit_price=plain_price(exact(one.unit_price, one.price_fine), money),
            discount=decimal_text(one.discount, money),
            tax_code=one.tax_code,
            # Basis points are hundredths of a per cent, and quantities thousandths of one.
            tax_percent=plain_quantity(one.tax_rate_bp * 10),
            net=decimal_text(one.net, money),
            tax=decimal_text(one.tax, money),
            total=decimal_text(one.net + one.tax, money),
        )
        for one in whole.lines
    ]


def _money(whole: Whole, money: Currency) -> list[Money]:
    return [
        Money(
            kind=one.kind,
            amount=decimal_text(one.amount, money),
            account=one.account,
            reference=one.reference,
            is_change=one.is_change,
            paid=None
            if one.paid is None or one.paid_currency is None
            else decimal_text(one.paid, currency(one.paid_currency)),
            paid_currency=one.paid_currency,
        )
        for one in whole.tenders
    ]


def moment_of(text: str) -> datetime:
    """A moment of a cursor.  Raises `Refused` for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("api-cursor-wrong") from None
    if found.tzinfo is None:
        raise Refused("api-cursor-wrong")
    return found


class _Page:
    """A page of some kinds."""

    def __init__(self, kinds: Sequence[str] = ()) -> None:
        self._kinds = kinds

    def __call__(self, call: Call) -> Answer:
        after = call.after(str, int)
        kind = call.text("kind")
        found, last = documents.page(
            call.office,
            kinds=(kind,) if kind else self._kinds,
            party=call.text("party"),
            after=(moment_of(after[0]), after[1]) if after else None,
            most=call.limit,
        )
        following = "" if last is None else call.at(last[0].isoformat(), last[1])
        items = [shown(call.office, one) for one in found]
        return Answer(DocumentPage(items=items, next=following or None), following)


class _One:
    """One of some kinds."""

    def __init__(self, kinds: Sequence[str] = ()) -> None:
        self._kinds = kinds

    def __call__(self, call: Call) -> Answer:
        text = call.path["id"]
        key = int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
        found = call.found(lambda: documents.one(call.office, key, self._kinds))
        return Answer(shown(call.office, found))


def operations() -> Sequence[Operation]:
    """Every kind together, and by themselves those that others ask for most."""
    party = Parameter("party", "Of this customer or vendor, by code.")
    kind = Parameter("kind", "Of this kind.", {"type": "string", "enum": sorted(one.kind for one in TYPES)})
    made = [
        Operation("GET", "/documents", "listDocuments", "Documents of every kind.", _TAG, _Page(),
                  DocumentPage, needs=_SEES, pages=True, parameters=(kind, party)),
        Operation("GET", "/documents/{id}", "getDocument", "One document.", _TAG, _One(), Document,
                  needs=_SEES),
    ]  # fmt: skip
    for path, name, words, kinds in (
        ("sales", "Sale", "What was sold: receipts, refunds, invoices and credit notes", SOLD),
        ("invoices", "Invoice", "Invoices to customers", ("invoice",)),
        ("bills", "Bill", "Bills of vendors", ("bill",)),
        ("payments", "Payment", "Payments of customers", ("payment",)),
        ("closes", "Close", "Drawers that were closed", ("drawer_close",)),
    ):
        made += [
            Operation("GET", f"/{path}", f"list{name}s", f"{words}.", _TAG, _Page(kinds), DocumentPage,
                      needs=_SEES, pages=True, parameters=(party,)),
            Operation("GET", f"/{path}/{{id}}", f"get{name}", f"{words}: one.", _TAG, _One(kinds), Document,
                      needs=_SEES),
        ]  # fmt: skip
    return made
