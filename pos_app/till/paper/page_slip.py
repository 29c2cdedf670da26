"""A report as it is printed at a till: the texts that were shown, on a roll."""

from typing import Final

import msgspec

from pos_app.devices.paper import Block, Columns, Cut, Paper, Rule, Text, WidthChars
from pos_app.language import printed
from pos_app.reports.model.page import Line, Page, Part
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.session.context import Context

#: What the print job of a page is called; its content is the page.
PAGE: Final = "page"
#: What says nothing on a narrow paper.
_NOTHING: Final = ("", "—", "0", "0.00")


def page_paper(context: Context, job: PrintJob, width: WidthChars) -> Paper:
    """The slip of a page: under each line's name its figures, each with its head, for a roll is narrow."""
    page = msgspec.json.decode(job.content, type=Page)
    blocks: list[Block] = [
        Text(context.place.depot_name, align="centre"),
        Text(page.title, align="centre", bold=True, size=2),
        Text(" · ".join(one for one in (page.scope, page.days) if one), align="centre"),
    ]
    for finding in page.findings:
        blocks += [Rule(), Text(f"! {finding}", bold=True)]
    for part in page.parts:
        blocks.append(Rule())
        if part.title:
            blocks.append(Text(part.title, bold=True))
        blocks += [block for one in part.lines for block in _on_slip(part, one)]
        if part.more:
            blocks.append(Text(printed("More lines in the office: {count}", count=part.more)))
    blocks += [Rule(), *(Text(note) for note in page.notes), Cut()]
    return Paper(width, tuple(blocks))


def _on_slip(part: Part, line: Line) -> list[Block]:
    name, *cells = line.cells
    pairs = list(zip(part.heads[1:], cells, strict=True))
    told = [(head, cell) for head, cell in pairs if cell not in _NOTHING]
    if len(told) == 1 and len(pairs) == 1:
        return [Columns(name, told[0][1], bold=line.strong)]
    return [Text(name, bold=True), *(Columns(f"  {head}", cell, bold=line.strong) for head, cell in told)]
