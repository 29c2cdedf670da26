"""An invoice or a credit note as a PDF: who sends it and to whom, lines, tax, what is paid, what is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection

from pos_app.language import printed
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.money import grouped_text
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.price import price_text
from pos_app.payments import paynow
from pos_app.payments.paynow import Proxy
from pos_app.reports.ask.buyer import buyer_lines
from pos_app.reports.ask.question import number_of
from pos_app.reports.ask.sellers import how_to_pay, seat, tax_number
from pos_app.reports.ask.tax import rate_text
from pos_app.reports.draw.code_picture import code_picture
from pos_app.reports.draw.grid import Grid, page_for
from pos_app.reports.draw.layout import Layout, Sheet
from pos_app.reports.draw.lettering import width_of
from pos_app.reports.draw.page import (
    FOOT_HEIGHT,
    LEADING,
    MARGIN,
    Drawing,
    Painter,
    Size,
    picture_size,
    to_pdf,
    wrapped,
)
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind, Column, Row, RowKind, Section, money
from pos_app.reports.slips.fiscal_block import fiscal_qrs, fiscal_remarks
from pos_app.reports.slips.letterhead import Letterhead, letterhead_of
from pos_app.reports.slips.titles import change_words
from pos_app.reports.slips.trade_slip import counted, described, law_words, sellers_of, tax_words
from pos_app.store.documents import documents
from pos_app.store.master.letterheads import Seller
from pos_app.store.report_queries import invoice_history
from pos_app.store.report_queries.invoice_history import Addressee, Change, Sender

_TITLE: Final = 18.0
_NAME: Final = 13.0
_TEXT: Final = 9.0
#: So high a logo is at most, in points.
_LOGO: Final = 48.0
#: And a QR as wide and as high.
_CODE: Final = 84.0


@dataclass(frozen=True)
class Facts:
    """What the document itself does not say: names, and what happened to it since.

    `open_amount` is what is still to be paid, in minor units of the document's currency.
    """

    sender: Sender
    addressee: Addressee
    changes: tuple[Change, ...] = ()
    open_amount: int = 0
    is_void: bool = False
    #: Who sells, as it was when the document was recorded; what the tax is called.
    letterhead: Letterhead | None = None
    #: 0 is the original.
    copy_no: int = 0


def of_key(connection: Connection, org_id: int, document_id: int, copy_no: int = 0) -> bytes:
    """The PDF of the invoice or credit note with this key.  Raises `Refused` when it is none."""
    document = documents.get(connection, org_id, document_id)
    if not isinstance(document, Invoice | CreditNote):
        raise Refused("not-an-invoice-to-draw")
    sender = invoice_history.sender(connection, org_id, document.business_id, document.depot_id)
    to = invoice_history.addressee(connection, org_id, document.party_id)
    if sender is None or to is None:
        raise Refused("invoice-place-missing")
    changes: tuple[Change, ...] = ()
    if isinstance(document, Invoice):
        changes = tuple(invoice_history.changes(connection, org_id, document_id))
    facts = Facts(
        sender=sender,
        addressee=to,
        changes=changes,
        open_amount=invoice_history.open_amount(connection, org_id, document_id),
        is_void=documents.is_voided(connection, org_id, document_id),
        letterhead=letterhead_of(connection, document),
        copy_no=copy_no,
    )
    return invoice_pdf(document, facts)


def invoice_pdf(document: Invoice | CreditNote, facts: Facts) -> bytes:
    """The document on A4; its totals follow the lines, on the last page."""
    own = currency(document.currency)
    lines = _lines(document, own)
    size, letters = page_for([lines])
    first = _Head(document, facts, size)
    layout = Layout(
        size.height - 2 * MARGIN - FOOT_HEIGHT - first.height,
        size.height - 2 * MARGIN - FOOT_HEIGHT - _TEXT * LEADING,
    )
    layout.add(Grid(lines, letters, size.inner), "")
    half = size.inner * 0.6
    layout.add(Grid(_totals(document, facts, own), letters, half, MARGIN + size.inner - half), "")
    if len(first.sellers) > 1 and facts.letterhead is not None:
        parts = _sellers(document, first.sellers, facts.letterhead, own, facts.addressee.name)
        layout.add(Grid(parts, letters, size.inner), parts.title)
    to_pay = how_to_pay(first.sellers[:1], first.number) if isinstance(document, Invoice) else []
    head = facts.letterhead
    proof = printed("Proof {proof}", proof=head.proof) if head is not None and head.proof else ""
    note = "" if document.note_inside else document.note
    signed = [] if head is None else fiscal_remarks(head.fiscal, is_copy=facts.copy_no > 0)
    for remark in (note, *to_pay, facts.sender.footer, *signed, proof):
        if remark:
            layout.remark(remark, size.inner)

    scanned = _paynow(document, first, facts)
    if scanned:
        layout.remark(printed("PayNow: scan to pay, reference {number}", number=first.number), size.inner)
        layout.picture(code_picture(scanned))

    def painter(place: int, sheet: Sheet) -> Painter:
        def paint(drawing: Drawing) -> None:
            sheet.draw(drawing, first.draw(drawing) if place == 0 else first.draw_short(drawing))

        return paint

    title = f"{first.title} {first.number}"
    return to_pdf(
        [painter(place, sheet) for place, sheet in enumerate(layout.pages)],
        size,
        title=title,
        author=first.name,
        foot=f"{first.name} · {title} · {facts.addressee.name}",
    )


def _paynow(document: Invoice | CreditNote, head: "_Head", facts: Facts) -> str:
    """What a customer's bank reads to pay an invoice; empty where there is nothing to pay so."""
    seller = head.sellers[0] if len(head.sellers) == 1 else None
    if not isinstance(document, Invoice) or facts.is_void or seller is None or not seller.paynow:
        return ""
    if document.currency != paynow.CURRENCY or document.total <= 0:
        return ""
    return paynow.payload(Proxy.of(seller.paynow), document.total, head.number, seller.full_name)


class _Head:
    """The letterhead: the sender on the left, what the paper is on the right, below whom it is for."""

    def __init__(self, document: Invoice | CreditNote, facts: Facts, size: Size) -> None:
        sender, head = facts.sender, facts.letterhead
        self.sellers = sellers_of(document, head) if head is not None else []
        self.title = printed("Invoice") if isinstance(document, Invoice) else printed("Credit note")
        self._titles = [self.title]
        if head is not None and len(self.sellers) == 1:
            words = law_words(document, self.sellers[0], head, facts.addressee.name).capitalize()
            # "Tax invoice" says "invoice" too; a title in another language stands below the law's words.
            same = self.title.lower() in words.lower()
            self._titles = [each for each in (words, "" if same else self.title) if each]
        if facts.copy_no:
            self._titles.append(printed("*** COPY {number} ***", number=facts.copy_no).strip("* "))
        if facts.is_void:
            self._titles.append(printed("VOID"))
        self.number = number_of(sender.number_prefix, document.terminal_no, document.series, document.number)
        self._right = _facts_lines(document, sender, self.number)
        half = size.inner / 2 - 8
        self.name = self.sellers[0].full_name if self.sellers else sender.business
        names = [(one, _NAME, True) for one in wrapped(self.name, half, _NAME, bold=True)]
        lines = [] if sender.organisation == self.name else [sender.organisation]
        lines += seat(self.sellers[0]) if self.sellers else []
        lines += [sender.depot, *sender.address.split("\n"), sender.phone]
        self._left = names + [
            (line, _TEXT, False) for each in lines if each for line in wrapped(each, half, _TEXT)
        ]
        to = facts.addressee
        self._to = [(printed("Invoice to"), _TEXT, False)]
        self._to += [(line, 11.0, True) for line in wrapped(to.name, size.inner, 11.0, bold=True)]
        self._to += [
            (line, _TEXT, False) for each in buyer_lines(to) for line in wrapped(each, size.inner, _TEXT)
        ]
        if isinstance(document, Invoice) and document.reference:
            reference = printed("Your reference: {reference}", reference=document.reference)
            self._to += [(line, _TEXT, False) for line in wrapped(reference, size.inner, _TEXT)]
        if isinstance(document, CreditNote):
            reason = printed(
                "Takes from invoice {number}: {reason}",
                number=document.invoice_number,
                reason=document.reason,
            ).replace(" :", ":")
            self._to += [(line, _TEXT, False) for line in wrapped(reason, size.inner, _TEXT)]
        right_height = _TITLE * LEADING * len(self._titles) + len(self._right) * _TEXT * LEADING
        # What a telephone opens, below what the paper is.
        codes = [] if head is None else fiscal_qrs(head.fiscal)
        self._codes = [code_picture(code) for code in codes]
        right_height += len(codes) * (_CODE + 4)
        self._logo = b"" if head is None else head.logo_of(self.sellers)
        self._room = (half, _LOGO)
        # Below the logo what says who sends it.
        self._logo_height = picture_size(self._logo, self._room)[1] + 6 if self._logo else 0.0
        self._top_height = max(self._logo_height + _height(self._left), right_height)
        self.height = self._top_height + 12 + _height(self._to)

    def draw(self, drawing: Drawing) -> float:
        """On the first page; gives where the lines begin."""
        edge = drawing.size.width - MARGIN
        top = MARGIN
        for title in self._titles:
            drawing.text(title, edge, top + _TITLE, _TITLE, bold=True, right=True)
            top += _TITLE * LEADING
        for name, value in self._right:
            drawing.text(value, edge, top + _TEXT, _TEXT, bold=True, right=True)
            drawing.text(
                name, edge - width_of(value, _TEXT, bold=True) - 6, top + _TEXT, _TEXT, right=True, grey=True
            )
            top += _TEXT * LEADING
        for code in self._codes:
            drawing.picture(code, edge - _CODE, top + 4, (_CODE, _CODE))
            top += _CODE + 4
        if self._logo:
            drawing.picture(self._logo, MARGIN, MARGIN, self._room)
        _draw_lines(drawing, self._left, MARGIN + self._logo_height)
        return _draw_lines(drawing, self._to, MARGIN + self._top_height + 12)

    def draw_short(self, drawing: Drawing) -> float:
        """On the other pages."""
        drawing.text(f"{self.title} {self.number}", MARGIN, MARGIN + _TEXT, _TEXT, bold=True)
        return MARGIN + _TEXT * LEADING


def _sellers(
    document: Invoice | CreditNote, sellers: Sequence[Seller], head: Letterhead, own: Currency, customer: str
) -> Section:
    """The part of each business: who sells it, under which tax number, and what the law calls it."""
    columns = (
        Column(printed("Seller"), grows=True),
        Column(printed("Tax number")),
        Column(printed("Document")),
        money(printed("Net"), own),
        money(printed("Tax"), own),
        money(printed("Total"), own),
    )
    rows = []
    for seller in sellers:
        lines = [line for line in document.lines if line.business_id == seller.business_id]
        seat = ", ".join([seller.full_name, *(part for part in seller.address.split("\n") if part)])
        words = law_words(document, seller, head, customer).capitalize()
        number = tax_number(seller) if seller.tax_number else ""
        sums = [sum(getattr(line, name) for line in lines) for name in ("net", "tax", "gross")]
        rows.append(Row((seat, number, words, *sums)))
    return Section(printed("Sellers"), columns, tuple(rows))


def _height(lines: list[tuple[str, float, bool]]) -> float:
    return sum(letters * LEADING for _, letters, _ in lines)


def _draw_lines(drawing: Drawing, lines: list[tuple[str, float, bool]], top: float) -> float:
    for text, letters, bold in lines:
        drawing.text(text, MARGIN, top + letters, letters, bold=bold)
        top += letters * LEADING
    return top


def _facts_lines(document: Invoice | CreditNote, sender: Sender, number: str) -> list[tuple[str, str]]:
    found = [(printed("Number"), number), (printed("Date"), _day(document.occurred_at, sender))]
    if isinstance(document, Invoice):
        found.append((printed("Due"), to_date(document.due_on).isoformat()))
        if document.terms_days:
            found.append((printed("Terms"), printed("{count} days", count=document.terms_days)))
    return found


def _day(moment: datetime, sender: Sender) -> str:
    day: date = moment.astimezone(zone_of(sender.time_zone)).date()
    return day.isoformat()


def _lines(document: Invoice | CreditNote, own: Currency) -> Section:
    has_discount = any(line.discount for line in document.lines)
    columns = [
        Column(printed("Code")),
        Column(printed("Description"), grows=True),
        Column(printed("Quantity"), CellKind.QUANTITY),
        Column(printed("Unit")),
        # As texts that lean right: a price may have more decimals than its currency.
        Column(printed("Price"), CellKind.NUMBER, own),
    ]
    columns += [money(printed("Discount"), own)] if has_discount else []
    columns += [
        Column(printed("Tax rate")),
        money(printed("Net"), own),
        money(printed("Tax"), own),
        money(printed("Total"), own),
    ]
    rows = []
    for line in document.lines:
        discount = (line.discount,) if has_discount else ()
        rate = f"{line.tax_code} {rate_text(line.tax_rate_bp)}" + (
            f" {printed('incl.')}" if line.tax_inclusive and line.tax_rate_bp else ""
        )
        quantity, unit, price = counted(line)
        texts = (line.sku, described(line), quantity, unit, price_text(price, own))
        rows.append(Row((*texts, *discount, rate, line.net, line.tax, line.gross)))
    return Section("", tuple(columns), tuple(rows))


def _totals(document: Invoice | CreditNote, facts: Facts, own: Currency) -> Section:
    """Subtotal, tax by code, total, the same in base currency, what was paid, what is due."""
    columns = (Column(printed("Summary")), money(printed("Amount"), own))
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for line in document.lines:
        both = sums[line.tax_code, line.tax_rate_bp]
        both[0], both[1] = both[0] + line.net, both[1] + line.tax
    rows = [Row((printed("Net"), document.subtotal))]
    for (code, rate), (net, tax) in sorted(sums.items()):
        rows.append(Row((_tax_on(code, rate, grouped_text(net, own), facts.letterhead), tax)))
    rows.append(Row((printed("Total"), document.total), RowKind.TOTAL))
    if document.currency != facts.sender.base_currency:
        rows.append(
            Row((_in_base(document, currency(facts.sender.base_currency), own), None), RowKind.BALANCE)
        )
    if isinstance(document, Invoice):
        known = document.total
        for change in facts.changes:
            number = number_of(change.number_prefix, change.terminal_no, change.series, change.number)
            what = change_words(change.kind, is_void=change.is_void)
            rows.append(
                Row(
                    (
                        printed(
                            "{what} {number} of {day}",
                            what=what,
                            number=number,
                            day=_day(change.occurred_at, facts.sender),
                        ),
                        change.amount,
                    )
                )
            )
            known += change.amount
        due = 0 if facts.is_void else facts.open_amount
        if due != known and not facts.is_void:
            # On a till: what was paid elsewhere came as a balance, not as a document.
            rows.append(Row((printed("Paid elsewhere"), due - known)))
        rows.append(Row((printed("Balance due"), due), RowKind.TOTAL))
    return Section("", columns, tuple(rows))


def _tax_on(code: str, rate_bp: int, net: str, head: Letterhead | None) -> str:
    """The tax by its own name, where the country's is known."""
    if head is None or not (rate_bp or code in head.taxes):
        return printed("Tax {code} {rate} on {net}", code=code, rate=rate_text(rate_bp), net=net)
    return printed("{tax} on {net}", tax=tax_words(code, rate_bp, head), net=net)


def _in_base(document: Invoice | CreditNote, base: Currency, own: Currency) -> str:
    """The total in base currency and the rate, both as at posting."""
    if isinstance(document, Invoice):
        amount = sum(item.base_amount for item in posting_rules.post(document).open_items)
    else:
        amount = worth_of(document.total, document.rate_micro)
    rate = (Decimal(document.rate_micro) * own.scale / base.scale).scaleb(-6).normalize()
    return printed(
        "In {base} {amount}, at {rate} for 1 {currency}",
        base=base.code,
        amount=grouped_text(amount, base),
        rate=f"{rate:f}",
        currency=own.code,
    )
