"""A report as a PDF on A4: whose it is on every page, heads repeated, long names wrapped, no number cut."""

from typing import Final

from pos_app.language import printed
from pos_app.reports.draw.grid import Grid, page_for
from pos_app.reports.draw.layout import Layout, Sheet
from pos_app.reports.draw.page import FOOT_HEIGHT, LEADING, MARGIN, Drawing, Painter, Size, to_pdf, wrapped
from pos_app.reports.model.report import Report

_TITLE: Final = 15.0
_TEXT: Final = 9.0


def report_pdf(report: Report) -> bytes:
    """The whole report."""
    size, letters = page_for(report.sections)
    room = size.height - 2 * MARGIN - FOOT_HEIGHT - _head_height(report, size)
    layout = Layout(room, room)
    for section in report.sections:
        layout.add(Grid(section, letters, size.inner), section.title)
    for finding in report.findings:
        layout.remark(printed("Does not agree: {finding}", finding=finding), size.inner, bold=True)
    for note in report.notes:
        layout.remark(note, size.inner)

    def painter(sheet: Sheet) -> Painter:
        return lambda drawing: sheet.draw(drawing, _draw_head(drawing, report))

    facts = (report.organisation, report.title, report.subject, report.scope)
    return to_pdf(
        [painter(sheet) for sheet in layout.pages],
        size,
        title=f"{report.title}, {report.organisation}",
        author=report.organisation,
        foot=" · ".join(fact for fact in facts if fact),
    )


def _head_lines(report: Report, size: Size) -> list[tuple[str, float, bool]]:
    """Text, size and weight of the lines above every page."""
    title = [(line, _TITLE, True) for line in wrapped(report.title, size.inner, _TITLE, bold=True)]
    facts = [report.organisation, report.scope, report.subject, report.period.words()]
    whole = " · ".join(fact for fact in facts if fact)
    texts = [whole, *report.sender]
    return [*title, *((line, _TEXT, False) for text in texts for line in wrapped(text, size.inner, _TEXT))]


def _head_height(report: Report, size: Size) -> float:
    return sum(letters * LEADING for _, letters, _ in _head_lines(report, size)) + 6


def _draw_head(drawing: Drawing, report: Report) -> float:
    top = MARGIN
    for text, letters, bold in _head_lines(report, drawing.size):
        drawing.text(text, MARGIN, top + letters, letters, bold=bold)
        top += letters * LEADING
    return top + 6
