"""The page of every list of work: filtered by its address, page by page, and the same as a file."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from starlette.responses import Response

from pos_app.language import web_said
from pos_app.ledger.errors import Refused
from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.report import Align, CellKind, Column, Report, Row
from pos_app.web import list_file
from pos_app.web.masters.asking import asked_for
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import MOST_IN_FILE, PAGE, Line, Page, Sought, WorkForm, WorkList

_MOST_ASKED: Final = 100
_SORTS: Final = 3
_PLACES: Final = 7


class ListPages:
    """Those of one list."""

    def __init__(
        self,
        work: WorkList,
        forms: Sequence[WorkForm | Page] = (),
        *,
        page: str = "work_list.html",
        beside: Callable[[Visit], Mapping[str, object]] = lambda _visit: {},
    ) -> None:
        """`forms` are offered above it, to who may send them; of those that it names, these alone.  A `page`
        of its own shows more `beside` it.
        """
        self._work = work
        self._forms = [one for one in forms if not work.forms or one.path in work.forms]
        self._page = page
        self._beside = beside

    def ways(self) -> list[Way]:
        """Its pages."""
        path = f"/{self._work.path}"
        return [
            Way(path, self._look, needs=self._work.sees),
            Way(f"{path}/file", self._file, needs=self._work.sees),
        ]

    def _look(self, visit: Visit) -> Response:
        return self.drawn(visit, None)

    def drawn(self, visit: Visit, wrong: Refused | None) -> Response:
        """The page; `wrong` is what was refused of a form beside the list."""
        sought, error, lines = self._sought(visit), wrong, []
        try:
            lines = self._work.read(visit.office, sought)
        except Refused as refused:
            error = refused
        columns = self._columns(visit)
        return visit.page(
            self._page,
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
            **self._beside(visit),
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
        return list_file.sent(visit, self._work.path, lambda: self._report(visit))

    def _report(self, visit: Visit) -> Report:
        sought = self._sought(visit, MOST_IN_FILE + 1)
        lines = self._work.read(visit.office, dataclasses.replace(sought, after="", seen=0))
        return list_file.listing(
            visit,
            (self._work.path, self._work.words),
            self._columns(visit),
            [_row(one) for one in lines],
            ", ".join(text for text in sought.values.values() if text),
        )


def _row(line: Line) -> Row:
    return Row(line.cells)
