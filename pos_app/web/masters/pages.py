"""The pages of every master: its list, one thing with its history, its forms, and what is done to it.

Decisions
---------
2026-11-30  A form says which revision of the thing its editor had seen.  Who comes second is told what the
first one changed, what they typed stands in the form, and sent once more it counts.

2026-12-01  What is told once (the PIN of somebody new) is told again to the form that was sent twice, for a
minute: the second press of an impatient hand found the code taken, and the PIN was lost.
"""

import threading
import time
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pos_app.language import web_said, web_text
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import history
from pos_app.reports.model.report import CellKind, Column, Report, Row
from pos_app.web import list_file
from pos_app.web.masters.asking import asked_for, typed
from pos_app.web.masters.declaration import CODE, Deed, Field, Master, Values, Wanted
from pos_app.web.told import request_of
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import MOST_IN_FILE

#: So many things stand on a page.
_PAGE: Final = 50
#: So many changes are told of a thing, the newest.
_CHANGES: Final = 30
_MEANWHILE: Final = "edited-meanwhile"
#: So long, and so many times, what is told once (a PIN) is told again to who pressed twice.
_SHOWN_S: Final = 60.0
_MOST_SHOWN: Final = 100


class MasterPages:
    """Those of one master."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._adding_one = threading.Lock()
        #: What was told once, by the browser and the form that it was told to, and when.
        self._shown: dict[str, tuple[str, float]] = {}

    def ways(self) -> list[Way]:
        """Its pages."""
        master, path = self._master, f"/{self._master.path}"
        ways = [
            Way(path, self._list, needs=master.sees),
            Way(f"{path}/file", self._file, needs=master.sees),
            Way(f"{path}/thing", self._show, needs=master.sees),
            Way(f"{path}/add", self._adding, needs=master.changes),
            Way(f"{path}/add", self._add, "POST", master.changes),
        ]
        if master.edit is not None:
            ways += [
                Way(f"{path}/edit", self._editing, needs=master.changes),
                Way(f"{path}/edit", self._edit, "POST", master.changes),
            ]
        if master.archive is not None:
            ways.append(Way(f"{path}/archive", self._archive, "POST", master.changes))
        if master.restore is not None:
            ways.append(Way(f"{path}/restore", self._restore, "POST", master.changes))
        ways += [
            Way(f"{path}/{deed.name}", self._doing(deed), "POST", master.changes) for deed in master.deeds
        ]
        return ways

    # --- looking --------------------------------------------------------------------------------------

    def _wanted(self, visit: Visit, after: str, most: int) -> Wanted:
        query, master = visit.asked.query, self._master
        sort = query.get("sort")
        by = [one.name for one in master.columns] if master.sorts else [CODE]
        sort = sort if sort.removeprefix("-") in by else ""
        return Wanted(query.get("words")[:100], query.get("archived") == "yes", after, sort, most)

    def _file(self, visit: Visit) -> Response:
        return list_file.sent(visit, self._master.path, lambda: self._report(visit))

    def _report(self, visit: Visit) -> Report:
        """The list as it is filtered and sorted, with the columns that it shows."""
        master, wanted = self._master, self._wanted(visit, "", MOST_IN_FILE + 1)
        columns = [Column(web_said(one.words), CellKind.TEXT, grows=True) for one in master.columns]
        rows = [
            Row(tuple(row[one.name] for one in master.columns)) for row in master.listed(visit.office, wanted)
        ]
        archived = web_text("the archived") if wanted.archived else ""
        scope = ", ".join(one for one in (wanted.words, archived) if one)
        return list_file.listing(visit, (master.path, master.words), columns, rows, scope)

    def _list(self, visit: Visit) -> Response:
        wanted = self._wanted(visit, visit.asked.query.get("after")[:100], _PAGE + 1)
        rows = self._master.listed(visit.office, wanted)
        more = len(rows) > _PAGE
        return visit.page(
            "list.html",
            master=self._master,
            rows=rows[:_PAGE],
            wanted=wanted,
            next=rows[_PAGE - 1]["code"] if more else "",
            may_change=visit.may(*self._master.changes),
        )

    def _show(self, visit: Visit) -> Response:
        return self._thing(visit, visit.asked.query.get("code"))

    def _thing(
        self,
        visit: Visit,
        code: str,
        *,
        error: Refused | None = None,
        doing: Deed | None = None,
        told: str = "",
    ) -> Response:
        master = self._master
        thing = master.show(visit.office, code)
        may_change = visit.may(*master.changes)
        changes = []
        if visit.may(Permission.SEE_AUDIT, Permission.EDIT_MASTER, Permission.EDIT_PEOPLE) and master.noun:
            changes = history.told(visit.office, master.noun, thing.code)[-_CHANGES:][::-1]
        form = visit.asked.form
        deeds = [
            (deed, asked_for(visit.office, deed.fields, dict(form) if deed is doing else {}, error))
            for deed in master.deeds
            if may_change and not thing.is_archived
        ]
        return visit.page(
            "thing.html",
            status=200 if error is None else 422,
            master=master,
            thing=thing,
            error=error,
            told=told,
            deeds=deeds,
            done="" if doing is None else doing.name,
            changes=changes,
            zone=visit.office.organisation.time_zone,
            may_change=may_change,
        )

    # --- forms ----------------------------------------------------------------------------------------

    def _adding(self, visit: Visit) -> Response:
        return self._form(visit, {}, "")

    def _add(self, visit: Visit) -> Response:
        # A second press waits for what the first one made.
        with self._adding_one:
            return self._add_once(visit)

    def _add_once(self, visit: Visit) -> Response:
        form = visit.asked.form
        code = form.get("code").strip()
        pressed = f"{visit.secret} {form.get('request')} {code}"
        shown = self._shown.get(pressed)
        if shown is not None and time.monotonic() - shown[1] < _SHOWN_S:
            return self._thing(visit, code, told=shown[0])
        try:
            told = self._master.add(visit.office, typed(form, self._adds()))
        except Refused as error:
            return self._form(visit, dict(form), "", error=error)
        if told:
            if len(self._shown) >= _MOST_SHOWN:
                self._shown.clear()
            if form.get("request"):
                self._shown[pressed] = told, time.monotonic()
            return self._thing(visit, code, told=told)
        return visit.go(f"/{self._master.path}/thing", code=code, said="added")

    def _editing(self, visit: Visit) -> Response:
        thing = self._master.show(visit.office, visit.asked.query.get("code"))
        seen = history.revision(visit.office, self._master.noun, thing.code)
        return self._form(visit, {**thing.values, "seen": str(seen)}, thing.code)

    def _edit(self, visit: Visit) -> Response:
        form, edit = visit.asked.form, self._master.edit
        code, seen = form.get("code"), form.get("seen")
        thing = self._master.show(visit.office, code)
        told = typed(form, [one for one in self._master.fields if one.edits])
        changed = {name: text for name, text in told.items() if text != thing.values.get(name, "")}
        if not changed or edit is None:
            return visit.go(f"/{self._master.path}/thing", code=thing.code, said="unchanged")
        revision = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 18 else 0
        try:
            with history.as_seen(visit.office, self._master.noun, thing.code, revision):
                made = edit(visit.office, thing.code, changed)
        except Refused as error:
            values = dict(form)
            if error.code == _MEANWHILE:
                values["seen"] = str(error.facts["revision"])
            return self._form(visit, values, thing.code, error=error)
        code = made if isinstance(made, str) else thing.code
        # Some things cannot be nothing (a product has some tax code): who emptied one is not told “changed”.
        now = self._master.show(visit.office, code).values
        stays = any(not text and now.get(name) == thing.values.get(name) for name, text in changed.items())
        return visit.go(f"/{self._master.path}/thing", code=code, said="stays" if stays else "changed")

    def _form(self, visit: Visit, values: Values, code: str, *, error: Refused | None = None) -> Response:
        fields = [one for one in self._master.fields if one.edits] if code else self._adds()
        asked = asked_for(visit.office, fields, values, error)
        wrong = next((one.field.name for one in asked if one.is_wrong), "")
        status = 200 if error is None else 409 if error.code == _MEANWHILE else 422
        return visit.page(
            "form.html",
            status=status,
            master=self._master,
            fields=asked,
            code=code,
            seen=values.get("seen", ""),
            request=request_of(visit.asked.form),
            error=error,
            wrong=wrong,
        )

    def _adds(self) -> list[Field]:
        return [one for one in self._master.fields if one.adds]

    # --- deeds ----------------------------------------------------------------------------------------

    def _archive(self, visit: Visit) -> Response:
        return self._put_away(visit, "archived")

    def _restore(self, visit: Visit) -> Response:
        return self._put_away(visit, "restored")

    def _put_away(self, visit: Visit, said: str) -> Response:
        code = visit.asked.form.get("code")
        do = self._master.archive if said == "archived" else self._master.restore
        try:
            if do is not None:
                do(visit.office, code)
        except Refused as error:
            return self._thing(visit, code, error=error)
        return visit.go(f"/{self._master.path}/thing", code=code, said=said)

    def _doing(self, deed: Deed) -> "_Do":
        return _Do(self, deed)

    def do(self, visit: Visit, deed: Deed) -> Response:
        """Do something to a thing, and show it again."""
        form = visit.asked.form
        code = form.get("code")
        try:
            told = deed.do(visit.office, code, typed(form, deed.fields))
        except Refused as error:
            return self._thing(visit, code, error=error, doing=deed)
        if told:
            return self._thing(visit, code, told=told)
        return visit.go(f"/{self._master.path}/thing", code=code, said="changed")


@dataclass(frozen=True)
class _Do:
    """What answers the form of a deed."""

    pages: MasterPages
    deed: Deed

    def __call__(self, visit: Visit) -> Response:
        return self.pages.do(visit, self.deed)
