"""Owns the page of this till's health: each thing that may go wrong, how it is, and what to do about it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.till.session.health import Check, Grade
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import IconSize, Size, Space, Tone, Weight
from pos_app.ui.screen import Screen
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_NAME_WIDTH = 150
_LOOKS: dict[Grade, tuple[str, Tone]] = {
    Grade.OK: ("circle-check", "ok"),
    Grade.NOTE: ("info", "warn"),
    Grade.BAD: ("triangle-alert", "bad"),
}
#: A scan is shown to the person so far: what is longer is no label.
_MOST_SHOWN = 60


def name_of(check: str) -> str:
    """What a line is about."""
    return {
        "sending": _("Sending"),
        "line": _("Line to the centre"),
        "flags": _("At the centre"),
        "printer": _("Printer"),
        "scanner": _("Scanner"),
        "disk": _("Disk"),
        "fiscal": _("Tax authority"),
        "clock": _("Clock"),
        "books": _("Books"),
        "backup": _("Backup"),
        "medium": _("Second medium"),
        "versions": _("Versions"),
    }[check]


class HealthScreen(Screen):
    """Lines with the worst first; a scan on this page shows what the scanner reads."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("health")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._checks: list[Check] = []
        self._scanned = ""
        self._names: list[Label] = []
        self._summary = Label("", Size.SMALL, "muted")
        self._floor = QWidget()
        self._rows = column(spacing=Space.M)
        self._floor.setLayout(self._rows)
        panel = Card(padding=Space.L)
        panel.add(Scroll(self._floor), 1)
        head = line(Label(_("How this till is"), Size.TITLE, "text", Weight.BOLD), self._summary, 1)
        whole = column(head, self.banner, spacing=Space.L)
        whole.addWidget(panel, 1)
        whole.setContentsMargins(22, Space.XL, 22, Space.XL)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        support = [KeyAction("F6", _("File for support"), self.make_support)] if self._gives_support() else []
        return [KeyAction("F5", _("Look again"), self.look), *support, self.back_key()]

    def entered(self) -> None:
        self._scanned = ""
        self.look()
        self.setFocus()

    def refreshed(self) -> None:
        self.look()

    def on_scan(self, text: str) -> None:
        """What the scanner read, as it read it: so a person sees that it works."""
        self._scanned = text
        self._show()

    # -- lines -----------------------------------------------------------------------------------

    def look(self) -> None:
        """Read everything anew."""
        try:
            self._checks = self.session.till.health()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._show()

    def checks(self) -> list[Check]:
        """What is shown, the worst first."""
        order = [Grade.BAD, Grade.NOTE, Grade.OK]
        return sorted(self._checks, key=lambda check: order.index(check.grade))

    def _show(self) -> None:
        _empty(self._rows)
        self._names = []
        for check in self.checks():
            todo = check.todo.spoken if check.todo is not None else ""
            self._add(check.name, check.grade, check.says.spoken, todo)
        self._add("scanner", Grade.OK, *self._scanner_words())
        # In every language one column, as wide as its longest name.
        widest = max(one.sizeHint().width() for one in self._names)
        for one in self._names:
            one.setFixedWidth(max(px(_NAME_WIDTH), widest))
        self._rows.addStretch(1)
        bad = sum(1 for check in self._checks if check.grade is Grade.BAD)
        notes = sum(1 for check in self._checks if check.grade is Grade.NOTE)
        words = [plural(bad, "{count} thing to do now", "{count} things to do now")] if bad else []
        words += [plural(notes, "{count} thing to look at", "{count} things to look at")] if notes else []
        self._summary.set_text(" · ".join(words) or _("All is well."))
        self._summary.set_tone("bad" if bad else "warn" if notes else "ok")

    def _scanner_words(self) -> tuple[str, str]:
        if not self._scanned:
            return _("Nothing was scanned on this page yet."), _("Scan anything: what was read stands here.")
        shown = self._scanned[:_MOST_SHOWN]
        count = len(self._scanned)
        return _("It read: {code}", code=shown), plural(count, "{count} character", "{count} characters")

    def _add(self, name: str, grade: Grade, says: str, todo: str) -> None:
        icon, tone = _LOOKS[grade]
        what = Label(name_of(name), Size.BODY, "text", Weight.SEMIBOLD)
        self._names.append(what)
        words = column(Paragraph(says, Size.BODY, "text"), spacing=Space.XS)
        if todo:
            words.addWidget(Paragraph(todo, Size.SMALL, "muted"))
        row = QWidget()
        row.setObjectName(f"health-{name}")
        row.setAccessibleName(f"{name_of(name)}: {says} {todo}".strip())
        mark = IconLabel(icon, IconSize.SMALL, tone, says)
        shown = line(mark, what, words, spacing=Space.L)
        shown.setStretch(2, 1)
        shown.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        shown.setAlignment(what, Qt.AlignmentFlag.AlignTop)
        row.setLayout(shown)
        self._rows.addWidget(row)

    # -- the file for whoever helps --------------------------------------------------------------

    def _gives_support(self) -> bool:
        return self.session.make_support is not None

    def make_support(self) -> None:
        """Write one file with what is seen here and the logs, without anybody's data."""
        make = self.session.make_support
        if make is None:
            return
        found = {"health": [check.values() for check in self.checks()]}

        def written(path: Path) -> None:
            self.session.succeed(
                _("Written: {path}. It holds no names, no sums and no receipts; send it.", path=path)
            )

        self.session.attempt(lambda: make(found), written)


def _empty(rows: QLayout) -> None:
    while (item := rows.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
