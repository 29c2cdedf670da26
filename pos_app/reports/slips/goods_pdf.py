"""Goods on their way on A4: an order to a vendor, what came, a transfer, and the delivery note of an invoice.

Who sends it, whom or where it is for, the goods with how many of each, and lines to sign.  An order and a
receipt have prices; what goes with a lorry has none.
"""

from collections.abc import Sequence
from typing import Final

from pos_app.devices.paper import Columns, Text
from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.document import GoodsReceipt, Invoice, PurchaseOrder, TransferReceived, TransferSent
from pos_app.ledger.price import price_text
from pos_app.reports.ask.buyer import buyer_lines
from pos_app.reports.ask.sellers import seat
from pos_app.reports.draw.grid import Grid, page_for
from pos_app.reports.draw.layout import Layout, Sheet
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
from pos_app.reports.model.report import CellKind, Column, Row, RowKind, Section, money
from pos_app.reports.slips.letterhead import Letterhead, Names, local, number_of
from pos_app.reports.slips.references import party_label, references, signatures
from pos_app.reports.slips.slip import counted_as_bought
from pos_app.reports.slips.titles import title_of
from pos_app.reports.slips.trade_slip import counted, described
from pos_app.store.report_queries.invoice_history import Addressee

GoodsPaper = PurchaseOrder | GoodsReceipt | TransferSent | TransferReceived | Invoice

_TITLE: Final = 18.0
_NAME: Final = 13.0
_TEXT: Final = 9.0
#: So high a logo is at most, in points.
_LOGO: Final = 48.0
_Line = tuple[str, float, bool]


def goods_pdf(
    document: GoodsPaper, head: Letterhead, names: Names, to: Addressee | None, copy_no: int = 0
) -> bytes:
    """The document on A4; an invoice as its delivery note.  A `copy_no` above 0 marks it COPY."""
    lines = _lines(document, names)
    size, letters = page_for([lines])
    above = _above(document, head, names, to, copy_no=copy_no, size=size)
    own = head.sellers.get(document.business_id)
    logo, most = head.logo_of([own] if own else []), (size.inner / 2, _LOGO)
    logo_height = picture_size(logo, most)[1] + 6 if logo else 0.0
    height = sum(points * LEADING for _, points, _ in above) + 8 + logo_height
    room = size.height - 2 * MARGIN - FOOT_HEIGHT
    layout = Layout(room - height, room)
    layout.add(Grid(lines, letters, size.inner), "")
    note = "" if document.note_inside else document.note
    for remark in (note, *_to_sign(document)):
        if remark:
            layout.remark(remark, size.inner)

    def painter(place: int, sheet: Sheet) -> Painter:
        def paint(drawing: Drawing) -> None:
            if logo and place == 0:
                drawing.picture(logo, MARGIN, MARGIN, most)
            begin = _draw(drawing, above, MARGIN + logo_height) + 8 if place == 0 else MARGIN
            sheet.draw(drawing, begin)

        return paint

    title = f"{_title(document)} {number_of(document, head)}"
    sender = _sender(document, head)
    return to_pdf(
        [painter(place, sheet) for place, sheet in enumerate(layout.pages)],
        size,
        title=title,
        author=sender,
        foot=" · ".join(part for part in (sender, title, names.party) if part),
    )


def _title(document: GoodsPaper) -> str:
    return printed("DELIVERY NOTE") if isinstance(document, Invoice) else title_of(document)


def _sender(document: GoodsPaper, head: Letterhead) -> str:
    own = head.sellers.get(document.business_id)
    return own.full_name if own is not None else head.organisation


def _above(
    document: GoodsPaper,
    head: Letterhead,
    names: Names,
    to: Addressee | None,
    *,
    copy_no: int,
    size: Size,
) -> list[_Line]:
    """What stands above the goods, as lines with their size and weight."""
    sender, own = _sender(document, head), head.sellers.get(document.business_id)
    seats = [head.organisation if head.organisation != sender else "", *(seat(own) if own else [])]
    seats += [head.depot, *head.address.split("\n"), head.phone]
    title = _title(document).capitalize()
    copy = printed("*** COPY {number} ***", number=copy_no).strip("* ") if copy_no else ""
    found: list[_Line] = [(sender, _NAME, True), *((each, _TEXT, False) for each in seats if each)]
    found += [("", _TEXT, False), (f"{title} {number_of(document, head)}", _TITLE, True)]
    found += [(copy, _NAME, True)] if copy else []
    facts = [(printed("Date"), local(document.occurred_at, head)), (printed("Served by"), names.person)]
    facts += [(printed("Approved by"), names.approver)] if names.approver else []
    facts += [
        (block.left, block.right) for block in references(document, names) if isinstance(block, Columns)
    ]
    found += [(f"{label}: {value}", _TEXT, False) for label, value in facts]
    if names.party:
        found += [("", _TEXT, False), (party_label(document), _TEXT, False), (names.party, 11.0, True)]
        found += [(each, _TEXT, False) for each in (buyer_lines(to) if to else [])]
    return [
        (line, points, bold)
        for text, points, bold in found
        for line in (wrapped(text, size.inner, points, bold=bold) if text else [""])
    ]


def _draw(drawing: Drawing, lines: Sequence[_Line], top: float) -> float:
    for text, points, bold in lines:
        drawing.text(text, MARGIN, top + points, points, bold=bold)
        top += points * LEADING
    return top


def _lines(document: GoodsPaper, names: Names) -> Section:
    """The goods: with prices where they are bought, with what was sent where they came."""
    columns = [Column(printed("Goods"), grows=True), Column(printed("Quantity"), CellKind.QUANTITY)]
    columns.append(Column(printed("Unit")))
    rows: list[Row] = []
    match document:
        case PurchaseOrder() | GoodsReceipt():
            own = currency(document.currency)
            columns += [Column(printed("Price"), CellKind.NUMBER, own), money(printed("Total"), own)]
            for bought in document.lines:
                name = names.goods(bought.product_id)
                said = bought.description or name.name
                quantity, unit, cost = counted_as_bought(bought, name.unit)
                rows.append(Row((said, quantity, unit, price_text(cost, own), bought.net)))
            rows.append(Row((printed("Total"), None, "", None, document.total), RowKind.TOTAL))
        case TransferReceived():
            columns.insert(1, Column(printed("Sent"), CellKind.QUANTITY))
            for came in document.lines:
                name = names.goods(came.product_id)
                rows.append(Row((name.name, came.sent, came.received, name.unit)))
        case TransferSent():
            for sent in document.lines:
                name = names.goods(sent.product_id)
                rows.append(Row((name.name, sent.quantity, name.unit)))
        case Invoice():
            for sold in document.lines:
                quantity, unit, _ = counted(sold)
                rows.append(Row((f"{sold.sku} {described(sold)}", quantity, unit)))
            for moved in document.returnables:
                name = names.goods(moved.product_id)
                words = printed("Full out") if moved.quantity > 0 else printed("Empty in")
                rows.append(Row((f"{words}: {name.name}", abs(moved.quantity), name.unit)))
    return Section("", tuple(columns), tuple(rows))


def _to_sign(document: GoodsPaper) -> list[str]:
    """Where who brings and who takes the goods sign."""
    if isinstance(document, PurchaseOrder):
        return [f"\n{printed('Signed')} {'_' * 40}"]
    if isinstance(document, Invoice):
        who = [printed("Brought by"), printed("Received by")]
        return [f"\n{each} {'_' * 40}" for each in who]
    return [f"\n{block.text}{'_' * 22}" for block in signatures(document) if isinstance(block, Text)]
