"""The documents that make a box of a tax return, or all that are on any, as its sheets want them.

Decisions
---------
2026-12-01  The columns are those that KRA's sheets have in common (PIN and name of who bought or sold, date,
number, value, tax); what else they ask (the control unit's number) the fiscal device knows.  The sheet of a
workbook is pasted from the CSV or XLSX: KRA publishes no other form of upload.
"""

from pos_app.language import printed
from pos_app.ledger.errors import Refused
from pos_app.reports.ask.question import Question, kind_words, number_of
from pos_app.reports.ask.tax import converted, rate_text
from pos_app.reports.ask.tax_return import BOXES, Box, Part, treated
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import (
    CellKind,
    Column,
    Leads,
    Report,
    Row,
    RowKind,
    Section,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import tax_documents, tax_treatments
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.tax_documents import TaxDocument


def tax_lines(question: Question) -> Report:
    """Of the period; of one box where the question names one.  Raises `Refused` for a box that is none."""
    box = BOXES.get(question.box)
    if question.box and box is None:
        raise Refused("tax-box-unknown", box=question.box[:20], boxes=", ".join(BOXES))
    meanings = tax_treatments.meanings(question.connection, question.org_id)
    worth = {(one.document_id, one.code, one.rate_bp): taxed for one, taxed in converted(question)}
    rows = []
    for one in tax_documents.by_document(question.connection, question.scope):
        net, tax = worth.get((one.document_id, one.code, one.rate_bp), (one.net, one.tax))
        is_sale = one.kind in SOLD
        how = treated(meanings.get(one.code), one.rate_bp, is_sale=is_sale)
        if box is None or box.holds(Part(is_sale, how, one.rate_bp, net, tax)):
            rows.append(_row(question, one, net, tax))
    width = 7
    whole = summed(rows, (printed("Total"), *("",) * (width - 1)))
    if not rows:
        whole = Row((printed("Total"), *("",) * (width - 1), 0, 0), RowKind.TOTAL)
    section = Section(_title(question.box, box), _columns(question), (*rows, whole))
    return question.report("tax-lines", printed("Documents of a tax return"), [section], subject=question.box)


def _title(name: str, box: Box | None) -> str:
    return "" if box is None else printed("Box {box}", box=name.rsplit("-", 1)[1])


def _columns(question: Question) -> tuple[Column, ...]:
    return (
        Column(printed("Tax number")),
        Column(printed("Name"), grows=True),
        Column(printed("Date"), CellKind.DATE),
        Column(printed("Number")),
        Column(printed("Document")),
        Column(printed("Code")),
        Column(printed("Rate")),
        money(printed("Net"), question.base),
        money(printed("Tax"), question.base),
    )


def _row(question: Question, line: TaxDocument, net: int, tax: int) -> Row:
    number = number_of(line.number_prefix, line.terminal_no, line.series, line.number)
    cells = (
        line.tax_number,
        line.party,
        line.occurred_at.astimezone(zone_of(question.organisation.time_zone)).date(),
        number,
        kind_words(line.kind, is_void=line.is_void),
        line.code or printed("(none)"),
        rate_text(line.rate_bp),
        net,
        tax,
    )
    return Row(cells, opens=opens(Leads.DOCUMENT, {"key": line.document_id}))
