"""The page of every form of work: what is typed stays whatever is refused, and sent twice it is one document.

Decisions
---------
2026-11-30  A form carries the request of the document that it makes, from when it is opened: sent again,
after a sign-in or by an impatient hand, it leads to the document that is there.

2026-12-01  A form that was recorded and is sent again leads to its document and says so: what was typed anew
meanwhile (by the browser's way back) is not in it, and nobody must believe that it is.

2026-11-30  Lines stand in rows of fields, and a button gives more of them: what a form can hold does not
depend on scripts.
"""

import dataclasses
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import booked
from pos_app.web.masters.asking import Asking, asked_for, typed
from pos_app.web.masters.declaration import Field, Values
from pos_app.web.told import request_of
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import GIVE_UP, Told, WorkForm
from pos_app.web.work.documents import ONE

#: So many rows a form begins with and is given more of, and has at most.
_ROWS: Final = 4
_MOST_ROWS: Final = 200
_MORE: Final = "more"
_MEANWHILE: Final = "draft-changed-meanwhile"


class FormPages:
    """Those of one form."""

    def __init__(self, form: WorkForm) -> None:
        self._form = form

    def ways(self) -> list[Way]:
        """Its pages."""
        path = f"/{self._form.path}"
        return [
            Way(path, self._look, needs=self._form.needs),
            Way(path, self._send, "POST", self._form.needs),
        ]

    def _look(self, visit: Visit) -> Response:
        # An address fills in fields and no more: the request of a form is its own.
        known = {one.name for one in self._form.fields} | ({"draft"} & set(self._form.keeps))
        asked = {name: text[:200] for name, text in visit.asked.query if name in known}
        values: Values = asked
        lines: Sequence[Values] = ()
        error = None
        if self._form.begins is not None:
            try:
                values, lines = self._form.begins(visit.office, asked)
            except Refused as refused:
                error = refused
        if len(lines) > _MOST_ROWS:
            raise Refused("form-lines-too-many", count=len(lines), most=_MOST_ROWS)
        rows = min(max(_ROWS, len(lines) + 1), _MOST_ROWS)
        return self._page(visit, values, lines, rows, error=error)

    def _send(self, visit: Visit) -> Response:
        form = visit.asked.form
        rows = _rows(form.get("rows"))
        values = {**dict(form), **typed(form, self._form.fields), "request": request_of(form)}
        lines = [self._line(visit, number) for number in range(rows)]
        if form.get("act") == _MORE:
            return self._page(visit, values, lines, min(rows + _ROWS, _MOST_ROWS))
        told = Told(values, [one for one in lines if any(one.values())], values["request"], form.get("act"))
        try:
            if any(_row_of(name) >= rows and text.strip() for name, text in form):
                raise Refused("form-lines-too-many", count=rows + 1, most=rows)
            before = booked.of_request(visit.office, told.request_id)
            done = self._form.do(visit.office, told)
            if before is not None and done.said == "recorded":
                done = done._replace(said="recorded-before")
        except Refused as error:
            if error.code == _MEANWHILE:
                # Sent once more, it counts.
                values["seen"] = str(error.facts["seen"])
            return self._page(visit, values, lines, rows, error=error)
        if done.to.path == ONE and not visit.may(Permission.SEE_REPORTS):
            # Who may record and sees no documents is told so at the beginning of their work.
            return visit.go("/work", said=done.said)
        return visit.go(done.to.path, said=done.said, **done.to.query)

    def _line(self, visit: Visit, number: int) -> dict[str, str]:
        """What was typed into a row."""
        if self._form.lines is None:
            return {}
        form = visit.asked.form
        return {one.name: form.get(f"l{number}-{one.name}").strip() for one in self._form.lines.fields}

    def _page(
        self,
        visit: Visit,
        values: Values,
        lines: Sequence[Values],
        rows: int,
        *,
        error: Refused | None = None,
    ) -> Response:
        form = self._form
        asked = asked_for(visit.office, form.fields, values, error)
        hidden = [
            (name, text)
            for name, text in values.items()
            if name in form.keeps and not any(one.name == name for one in form.fields)
        ]
        return visit.page(
            "work_form.html",
            status=200 if error is None else 409 if error.code == _MEANWHILE else 422,
            form=form,
            acts=[one for one in form.acts if one[0] != GIVE_UP or values.get("draft")],
            fields=asked,
            hidden=hidden,
            rows=[self._row(visit, number, lines) for number in range(rows)] if form.lines else [],
            count=rows,
            request=values.get("request") or request_of(visit.asked.form),
            error=error,
            wrong=next((one.field.name for one in asked if one.is_wrong), ""),
        )

    def _row(self, visit: Visit, number: int, lines: Sequence[Values]) -> list[Asking]:
        fields: tuple[Field, ...] = () if self._form.lines is None else self._form.lines.fields
        held = lines[number] if number < len(lines) else {}
        named = [dataclasses.replace(one, name=f"l{number}-{one.name}", needed=False) for one in fields]
        values = {f"l{number}-{name}": text for name, text in held.items()}
        return asked_for(visit.office, named, values, None)


def _row_of(name: str) -> int:
    """The row in which a field of a line stands; before all of them for any other field."""
    number = name.partition("-")[0].removeprefix("l")
    return int(number) if name.startswith("l") and "-" in name and number.isdecimal() else -1


def _rows(told: str) -> int:
    """How many rows a form says that it has."""
    count = int(told) if told.isascii() and told.isdecimal() and len(told) < 4 else 0
    return min(count, _MOST_ROWS)
