"""The pages that bring a file in: choose a kind, send a file, match its columns, look, and import it.

Decisions
---------
2026-12-01  What a person looks at before they say yes is the import itself, done in a transaction that is
taken back: so what is said of new, changed and refused rows is what will be.  When it would come otherwise by
then, since somebody changed something meanwhile, nothing is done and they look again.
"""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, Response

from pos_app.files.refused_rows import causes
from pos_app.files.uploads import Upload, Uploads
from pos_app.language import Sentence, web_said
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.office.bringing import kinds, refused_file
from pos_app.office.bringing.kinds import File, Kind
from pos_app.office.bringing.outcome import Outcome, never
from pos_app.web.imports import reading, template_file, words
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_NEEDS: Final = (
    Permission.EDIT_MASTER,
    Permission.INVOICE,
    Permission.STOCK_COUNT,
    Permission.MOVE_MONEY,
)
#: So many rows does a page take; the command takes any number.
MOST_ROWS: Final = 200_000
#: Files that one process reads at once: each holds its organisation's masters meanwhile.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_REFUSED: Final = "refused.csv"


class ImportPages:
    """Those of one server's uploads."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    def ways(self) -> list[Way]:
        """Its pages."""
        return [
            Way("/import", self._kinds, needs=_NEEDS),
            Way("/import/kind", self._kind, needs=_NEEDS),
            Way("/import/template", self._template, needs=_NEEDS),
            Way("/import/send", self._send, "POST", _NEEDS, takes_file=True),
            Way("/import/match", self._match, needs=_NEEDS),
            Way("/import/look", self._look, "POST", _NEEDS),
            Way("/import/do", self._do, "POST", _NEEDS),
            Way("/import/done", self._done, needs=_NEEDS),
            Way("/import/refused", self._refused, needs=_NEEDS),
        ]

    # --- choosing -------------------------------------------------------------------------------------

    def _kinds(self, visit: Visit) -> Response:
        shown = [(name, told) for name, told in words.KINDS.items() if visit.may(kinds.kind(name).needs)]
        return visit.page("import.html", kinds=shown)

    def _kind(self, visit: Visit) -> Response:
        return self._one(visit, _kind(visit, visit.asked.query.get("kind")))

    def _one(self, visit: Visit, kind: Kind, error: BohariError | None = None) -> Response:
        rows = [
            (name, words.of_column(kind.name, name), name in kind.needed)
            for name in kind.columns(visit.office)
        ]
        return visit.page(
            "import_kind.html",
            status=200 if error is None else 422,
            error=error,
            kind=kind,
            words=words.KINDS[kind.name],
            columns=rows,
            of=visit.asked.form.get("of") or visit.asked.query.get("of"),
            choices=[] if kind.of is None else kind.of(visit.office),
            most=MOST_ROWS,
        )

    def _template(self, visit: Visit) -> Response:
        kind = _kind(visit, visit.asked.query.get("kind"))
        ending = "xlsx" if visit.asked.query.get("form") == "xlsx" else "csv"
        content, media = template_file.of(kind.columns(visit.office), ending)
        return visit.file(content, media, f"{kind.name}.{ending}")

    def _send(self, visit: Visit) -> Response:
        form, sent = visit.asked.form, visit.asked.sent
        kind = _kind(visit, form.get("kind"))
        try:
            if sent is None or not sent.name:
                raise Refused("upload-none")
            if not sent.size:
                raise Refused("csv-empty", file=sent.name[:80])
            of = kind.checked_of(visit.office, form.get("of").strip())
            who = visit.person
            upload = self._uploads.keep(sent.path, sent.name, (who.org_id, who.person_id), kind.name, of)
            reading.columns(self._file(upload), kind.columns(visit.office))
        except (Refused, Unavailable) as error:
            return self._one(visit, kind, error)
        return visit.go("/import/match", file=upload.key)

    # --- matching -------------------------------------------------------------------------------------

    def _found(self, visit: Visit, key: str) -> tuple[Upload, Kind]:
        who = visit.person
        upload = self._uploads.find(key, who.org_id, who.person_id)
        return upload, _kind(visit, upload.kind)

    def _file(self, upload: Upload) -> File:
        chosen = reading.chosen(upload.fields, upload.mark, upload.order, upload.sheet)
        return File(self._uploads.path(upload), chosen, upload.of)

    def _match(self, visit: Visit) -> Response:
        query = visit.asked.query
        upload, kind = self._found(visit, query.get("file"))
        if upload.done:
            return visit.go("/import/done", file=upload.key)
        if query.has("sheet") and query.get("sheet") != upload.sheet:
            upload.sheet, upload.fields = query.get("sheet")[:100], []
        return self._matching(visit, upload, kind)

    def _matching(
        self, visit: Visit, upload: Upload, kind: Kind, error: BohariError | None = None
    ) -> Response:
        file, fields = self._file(upload), kind.columns(visit.office)
        columns, sheets = reading.columns(file, fields)
        guessed = reading.chosen([one.field for one in columns], upload.mark, upload.order, upload.sheet)
        number, day = reading.doubtful(visit.office, kind.name, file._replace(chosen=guessed))
        return visit.page(
            "import_match.html",
            status=200 if error is None else 422,
            error=error,
            upload=upload,
            kind=kind,
            words=words.KINDS[kind.name],
            columns=columns,
            fields=[(name, words.of_column(kind.name, name)) for name in fields],
            sheets=sheets,
            number=number,
            day=day,
        )

    # --- looking and doing ------------------------------------------------------------------------------

    def _look(self, visit: Visit) -> Response:
        form = visit.asked.form
        upload, kind = self._found(visit, form.get("file"))
        if upload.done:
            return visit.go("/import/done", file=upload.key)
        known = set(kind.columns(visit.office))
        told = [value for name, value in form if name.startswith("column-")]
        upload.fields = [one if one in known else "" for one in told]
        upload.sheet = form.get("sheet")[:100]
        upload.mark, upload.order = form.get("mark")[:8], form.get("order")[:8]
        self._uploads.note(upload)
        try:
            return self._looked(visit, upload, kind)
        except (Refused, Unavailable) as error:
            return self._matching(visit, upload, kind, error)

    def _looked(self, visit: Visit, upload: Upload, kind: Kind, error: Refused | None = None) -> Response:
        file = self._file(upload)
        source = kinds.opened(visit.office, kind.name, file)
        number, day = reading.two_ways(source)
        for name, one, first, second in (
            ("number-ambiguous", number, "whole", "fraction"),
            ("day-ambiguous", day, "day", "month"),
        ):
            if one is not None:
                raise Refused(name, text=one.text, **{first: one.first, second: one.second})
        if sum(1 for _ in source.cells()) > MOST_ROWS:
            raise Refused("import-too-many-rows", most=MOST_ROWS, file=upload.name)
        outcome = _busy(lambda: kind.bring(visit.office, file, never))
        rows = reading.understood(source, outcome)
        refused_file.write(self._beside(upload), source, outcome)
        is_empty = not outcome.imported or (kind.is_whole and bool(outcome.refused))
        return visit.page(
            "import_look.html",
            status=200 if error is None else 409,
            error=error,
            upload=upload,
            kind=kind,
            words=words.KINDS[kind.name],
            outcome=outcome,
            seen=_seen(upload, outcome),
            notes=[_spoken(one) for one in outcome.notes],
            causes=_told(outcome),
            ours=[name for name in source.header if name in source.wanted],
            rows=rows,
            can_do=not is_empty,
        )

    def _do(self, visit: Visit) -> Response:
        form = visit.asked.form
        upload, kind = self._found(visit, form.get("file"))
        if upload.done:
            return visit.go("/import/done", file=upload.key)
        with self._uploads.at_work(upload):
            # Whoever pressed at the same moment in another process may have done it.
            upload, kind = self._found(visit, upload.key)
            if not upload.done:
                file, seen = self._file(upload), form.get("seen")
                outcome = _busy(
                    lambda: kind.bring(visit.office, file, lambda one: _seen(upload, one) == seen)
                )
                if not outcome.is_kept:
                    return self._looked(visit, upload, kind, Refused("import-changed-meanwhile"))
                upload.done = _figures(outcome)
                self._uploads.note(upload)
                self._uploads.forget_content(upload)
        return visit.go("/import/done", file=upload.key)

    # --- afterwards -------------------------------------------------------------------------------------

    def _done(self, visit: Visit) -> Response:
        upload, kind = self._found(visit, visit.asked.query.get("file"))
        if not upload.done:
            return visit.go("/import/match", file=upload.key)
        return visit.page(
            "import_done.html", upload=upload, kind=kind, words=words.KINDS[kind.name], done=upload.done
        )

    def _refused(self, visit: Visit) -> Response:
        upload, _ = self._found(visit, visit.asked.query.get("file"))
        path = self._beside(upload)
        if not path.exists():
            raise Refused("upload-gone")
        return visit.finished(
            FileResponse(path, media_type="text/csv", filename=f"{upload.kind}-refused.csv")
        )

    def _beside(self, upload: Upload) -> Path:
        return self._uploads.folder(upload) / _REFUSED


def _kind(visit: Visit, name: str) -> Kind:
    kind = kinds.kind(name)
    visit.need(kind.needs)
    return kind


def _seen(upload: Upload, outcome: Outcome) -> str:
    """What stands for a look: how the file was read, and what would become of it.

    Read by other columns it may come to as many new rows, with other prices.
    """
    how = repr((upload.fields, upload.mark, upload.order, upload.sheet, upload.of))
    return f"{outcome.mark}-{hashlib.sha256(how.encode()).hexdigest()[:16]}"


def _busy(bring: Callable[[], Outcome]) -> Outcome:
    """Raises `Unavailable` while others bring large files in."""
    if not _AT_ONCE.acquire(timeout=5):
        raise Unavailable("import-busy")
    try:
        return bring()
    finally:
        _AT_ONCE.release()


def _spoken(text: str) -> str:
    return text.spoken if isinstance(text, Sentence) else web_said(text)


def _told(outcome: Outcome) -> list[dict[str, Any]]:
    """Every cause of a refusal once: its sentence and code, how many rows, and the first of them."""
    return [
        {
            "reason": _spoken(one.reason),
            "code": one.reason.code if isinstance(one.reason, Sentence) else "",
            "count": one.count,
            "rows": one.rows,
        }
        for one in causes(outcome.refused)
    ]


def _figures(outcome: Outcome) -> dict[str, Any]:
    return {
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": len(outcome.refused),
        "causes": _told(outcome),
    }
