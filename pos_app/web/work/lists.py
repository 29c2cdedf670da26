"""The page of every list of work: filtered by its address, page by page, and the same as a file."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from pos_app.language import ENGLISH, speaking, web_said, web_text
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.reports.draw.comma_separated import comma_separated
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.workbook import workbook
from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.period import Period, zone_of
from pos_app.reports.model.report import Align, CellKind, Column, Report, Row, Section
from pos_app.web.masters.asking import asked_for
from pos_app.web.reports import FILES
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import MOST_IN_FILE, PAGE, Line, Page, Sought, WorkForm, WorkList

_MOST_ASKED: Final = 100
_SORTS: Final = 3
_PLACES: Final = 7


class ListPages:
    """Those of one list."""

    def __init__(self, work: WorkList, forms: Sequence[WorkForm | Page] = ()) -> None:
        """`forms` are offered above it, to who may send them; of those that it names, these alone."""
        self._work = work
        self._forms = [one for one in forms if not work.forms or one.path in work.forms]

    def ways(self) -> list[Way]:
        """Its pages."""
        path = f"/{self._work.path}"
        return [
            Way(path, self._look, needs=self._work.sees),
            Way(f"{path}/file", self._file, needs=self._work.sees),
        ]

    def _look(self, visit: Visit) -> Response:
        sought, error, lines = self._sought(visit), None, []
        try:
            lines = self._work.read(visit.office, sought)
        except Refused as refused:
            error = refused
        columns = self._columns(visit)
        return visit.page(
            "work_list.html",
            status=200 if error is None else 422,
            work=self._work,
            filters=asked_for(visit.office, self._work.filters, sought.values, error),
            error=error,
            lines=lines[:PAGE],
            columns=list(zip(self._work.headings, columns, strict=True)),
            sought=sought,
            query={name: text for name, text in sought.values.items() if text},
            next=lines[PAGE - 1].key if len(lines) > PAGE else "",
            seen=sought.seen + PAGE,
            forms=[one for one in self._forms if visit.may(*one.needs)],
            shown=shown,
            title=title,
            right=Align.RIGHT,
        )

    def _sought(self, visit: Visit, most: int = PAGE + 1) -> Sought:
        query = visit.asked.query
        values = {one.name: query.get(one.name).strip()[:_MOST_ASKED] for one in self._work.filters}
        told = query.get("sort").removeprefix("-")
        place = int(told) if told.isascii() and told.isdecimal() and len(told) < _SORTS else 0
        if not 0 < place <= len(self._work.headings) or not self._work.headings[place - 1].sorts:
            place = 0
        sort = -place if query.get("sort").startswith("-") else place
        seen = query.get("seen")
        is_place = seen.isascii() and seen.isdecimal() and len(seen) < _PLACES
        return Sought(values, sort, query.get("after")[:_MOST_ASKED], int(seen) if is_place else 0, most)

    def _columns(self, visit: Visit) -> list[Column]:
        money = visit.office.organisation.currency
        return [
            Column(
                web_said(one.words),
                one.kind,
                money if one.kind is CellKind.MONEY else None,
                grows=one.kind is CellKind.TEXT,
            )
            for one in self._work.headings
        ]

    def _file(self, visit: Visit) -> Response:
        form = visit.asked.query.get("format")
        if form not in FILES:
            raise Refused("report-format-unknown", form=form[:20], forms=", ".join(FILES))
        if form == "csv":
            with speaking(ENGLISH):
                content = comma_separated(self._report(visit)).encode()
        else:
            report = self._report(visit)
            content = workbook(report) if form == "xlsx" else report_pdf(report)
        name = self._work.path.replace("/", "-")
        return visit.file(content, FILES[form], f"{name}-{to_date(visit.office.today)}.{form}")

    def _report(self, visit: Visit) -> Report:
        """The list as a report of one section, as far as a file goes."""
        office = visit.office
        sought = self._sought(visit, MOST_IN_FILE + 1)
        lines = self._work.read(office, dataclasses.replace(sought, after="", seen=0))
        more = len(lines) > MOST_IN_FILE
        rows = tuple(_row(one) for one in lines[:MOST_IN_FILE])
        return Report(
            name=self._work.path,
            title=web_said(self._work.words),
            organisation=office.organisation.name,
            scope=", ".join(text for text in sought.values.values() if text),
            period=Period(None, to_date(office.today), zone_of(office.organisation.time_zone)),
            sections=(Section("", tuple(self._columns(visit)), rows),),
            notes=(web_text("The first {count} rows.", count=MOST_IN_FILE),) if more else (),
        )


def _row(line: Line) -> Row:
    return Row(line.cells)
