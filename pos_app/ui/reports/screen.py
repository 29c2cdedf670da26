"""Owns the reports on the till's screen: a list, one report with its chart, the thread that asks for it."""

import threading
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pos_app.language import _, current_language, plural
from pos_app.ledger.day_asking import AWAITED_US
from pos_app.ledger.errors import BohariError
from pos_app.reports.model.page import Page, Part
from pos_app.till.paper.reports import AT_TILL
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.reports.bars import BarChart
from pos_app.ui.screen import Screen
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_ROW_HEIGHT: Final = 42
_MOST_SHOWN: Final = 14
#: The report that the centre tells of all tills of the depot; how often its answer is looked for, in ms.
_DAY: Final = "depot-day"
_LOOK_MS: Final = 300


def names() -> dict[str, str]:
    """What each report is called."""
    called = {
        "depot-day": _("Depot day"),
        "sales-totals": _("Sales"),
        "sales-by-product": _("Sales by product"),
        "sales-by-hour": _("Sales by hour"),
        "sales-by-cashier": _("Sales by cashier"),
        "drawer-differences": _("Drawer differences"),
        "mpesa": _("M-Pesa"),
        "meter-consumption": _("Meter readings"),
        "cylinders": _("Cylinders and bottles"),
        "deposits-owed": _("Deposits owed"),
        "tax": _("Tax"),
    }
    return {name: called[name] for name in AT_TILL}


def spans() -> dict[str, tuple[str, int]]:
    """For which days, by so many before today."""
    return {
        "today": (_("Today"), 0),
        "yesterday": (_("Yesterday"), 1),
        "week": (_("The last 7 days"), 6),
        "month": (_("The last 30 days"), 29),
        "year": (_("The last 365 days"), 364),
    }


class ReportsScreen(Screen):
    """Enter asks; whatever it takes, keys go on being answered, and Esc gives the question up."""

    _made = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("reports")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._span = "today"
        self._name = ""
        #: What is shown, for who prints it.
        self._page: Page | None = None
        #: Of several questions only the last one's answer is shown.
        self._question = 0
        self._made.connect(self._answered)
        #: When the centre was asked for the day of all tills, in microseconds, and for which.
        self._asked, self._day = 0, 0
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.look_for_day)
        self.list = RowList(_("Reports"), empty_text="")
        self.list.setObjectName("report-list")
        self.list.row_activated.connect(lambda _key: self.ask())
        choice = Card(padding=1)
        choice.add(self.list, 1)
        self._title = Label(_("Reports"), Size.TITLE, "text", Weight.BOLD)
        self._detail = Label("", Size.SMALL, "muted")
        self.chart = BarChart()
        self._floor = QWidget()
        self._parts = column(spacing=Space.M)
        self._floor.setLayout(self._parts)
        shown = Card(padding=Space.M)
        shown.add(Scroll(self._floor), 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(choice)
        self._pages.addWidget(shown)
        whole = column(line(self._title, self._detail, 1), self.banner, spacing=Space.L)
        whole.addWidget(self._pages, 1)
        whole.setContentsMargins(22, Space.XL, 22, Space.XL)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def reading(self) -> bool:
        """Whether a report is shown, and not the list of them."""
        return self._pages.currentIndex() == 1

    def keys(self) -> list[KeyAction]:
        days = KeyAction("F4", _("Days"), self.choose_days)
        if self.reading():
            return [
                days,
                KeyAction("F5", _("Ask again"), self.ask),
                KeyAction("F6", _("Print it"), self.print_shown),
                *([KeyAction("F7", _("All tills"), self.ask_all_tills)] if self._name == _DAY else []),
                KeyAction("Esc", _("Reports"), self.show_list),
            ]
        return [
            KeyAction("↑ ↓", _("Choose"), lambda: self.list.select_step(1), bind=False),
            KeyAction("Enter", _("Show"), self.ask, bind=False),
            days,
            self.back_key(),
        ]

    def entered(self) -> None:
        rows = [Row(name, words, icon="clipboard-list") for name, words in names().items()]
        self.list.set_rows(rows)
        if self.list.selected() is None:
            self.list.select(rows[0].key)
        self.show_list()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever left, or closed the window, waits for no answer."""
        self._question += 1
        self._look.stop()
        super().hideEvent(event)

    def show_list(self) -> None:
        """All reports again; an answer that is still being made is given up."""
        self._question += 1
        self._look.stop()
        self._pages.setCurrentIndex(0)
        self._title.set_text(_("Reports"))
        self._detail.set_text(spans()[self._span][0])
        self.setFocus()
        self.session.keys_changed.emit()

    def choose_days(self) -> None:
        """For which days?"""
        rows = [Row(key, words, icon="clock") for key, (words, _before) in spans().items()]
        sheet = ChoiceSheet(self.session, _("For which days?"), "", _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            self._span = chosen if isinstance(chosen, str) and chosen in spans() else self._span
            return self.ask if self.reading() else self.show_list

        self.session.ask(sheet, answer)

    def _days(self) -> tuple[str, str]:
        today: date = self.session.local(self.session.till.now()).date()
        before = spans()[self._span][1]
        last = today - timedelta(days=1) if self._span == "yesterday" else today
        return (today - timedelta(days=before)).isoformat(), last.isoformat()

    # -- asking ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for the marked report in a thread of its own."""
        if not self.reading():
            marked = self.list.selected()
            self._name = str(marked.key) if marked is not None else ""
        if not self._name:
            return
        self.session.attempt(self.session.till.reports().need, lambda _none: self._begin())

    def _begin(self) -> None:
        self._question += 1
        self._look.stop()
        number, name, (first, last) = self._question, self._name, self._days()
        reports, language = self.session.till.reports(), current_language()
        self._detail.set_text(_("Being made …"))

        def run() -> None:
            answer: Page | BohariError
            try:
                answer = reports.page(name, first, last, language)
            except BohariError as error:
                answer = error
            except Exception:
                if number != self._question:
                    # Given up, and the till may be closed by now.
                    return
                raise
            self._tell(number, answer)

        threading.Thread(target=run, name="report", daemon=True).start()

    def _tell(self, number: int, answer: object) -> None:
        try:
            self._made.emit(number, answer)
        except RuntimeError:
            # The window was closed meanwhile: nobody waits for the answer.
            return

    def _answered(self, number: int, answer: object) -> None:
        if number != self._question:
            return
        if isinstance(answer, BohariError):
            self._detail.set_text("")
            self.session.refuse(answer.sentence)
        elif isinstance(answer, Page):
            self._show(answer)

    # -- the other tills, as the centre tells them -----------------------------------------------

    def ask_all_tills(self) -> None:
        """Ask the centre for the last of the days, all tills of the depot side by side."""
        self._day = int(self._days()[1].replace("-", ""))

        def asked(at_us: int) -> None:
            self._asked = at_us
            self._detail.set_text(_("The centre is asked …"))
            self._look.start()

        self.session.attempt(
            lambda: self.session.till.reports().ask_depot_day(self._day, current_language()), asked
        )

    def look_for_day(self) -> None:
        """Show what the centre answered; where nobody did in time, what it told of that day before."""
        reports = self.session.till.reports()
        try:
            page = reports.depot_day(self._asked)
            before = None if page is not None else reports.depot_day_before(self._day)
        except BohariError as error:
            self._look.stop()
            self._detail.set_text("")
            self.session.refuse(error.sentence)
            return
        now_us = int(self.session.till.now().timestamp() * 1_000_000)
        if page is not None:
            self._look.stop()
            self._show(page)
            self._detail.set_text(_("All tills, as the centre has them · {days}", days=page.days))
        elif now_us - self._asked > AWAITED_US:
            self._look.stop()
            if before is not None:
                self._show(before[0])
                hour = self.session.local(before[1]).strftime("%H:%M")
                self._detail.set_text(_("All tills, as the centre had them at {time}", time=hour))
            self.session.warn(_("The centre did not answer. It is asked again with F7."))

    # -- one report ------------------------------------------------------------------------------

    def print_shown(self) -> None:
        """Print what is shown, as a slip."""
        page = self._page
        if page is None:
            return
        reports = self.session.till.reports()

        def queued(_none: None) -> None:
            self.session.recorded()
            self.session.succeed(_("“{title}” is being printed.", title=page.title))

        self.session.attempt(lambda: reports.print_page(page), queued)

    def _show(self, page: Page) -> None:
        self._page = page
        _empty(self._parts)
        self._title.set_text(page.title)
        self._detail.set_text(" · ".join((page.scope, page.days)))
        for finding in page.findings:
            self._parts.addWidget(Paragraph(finding, Size.BODY, "bad"))
        self.chart = BarChart()
        self.chart.show_bars(page.bars, page.of)
        if page.bars:
            self._parts.addWidget(Label(page.of, Size.CAPTION, "muted", Weight.SEMIBOLD))
            self._parts.addWidget(self.chart)
        for part in page.parts:
            if part.title:
                self._parts.addWidget(Label(part.title, Size.BODY, "text", Weight.SEMIBOLD))
            self._parts.addWidget(_table(part))
            if part.more:
                words = plural(
                    part.more, "{count} more line is in the office.", "{count} more lines are in the office."
                )
                self._parts.addWidget(Paragraph(words))
        for note in page.notes:
            self._parts.addWidget(Paragraph(note))
        self._parts.addStretch(1)
        self._pages.setCurrentIndex(1)
        self.setFocus()
        self.session.keys_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if self.reading():
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True


def _table(part: Part) -> Table:
    columns = [
        Column(head, right=figure, stretch=grows)
        for head, figure, grows in zip(part.heads, part.figures, part.grows, strict=True)
    ]
    table = Table(part.title, columns, empty_text=_("Nothing is here."))
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.set_lines(
        [
            [Cell(cell, weight=Weight.SEMIBOLD) if one.strong else cell for cell in one.cells]
            for one in part.lines
        ]
    )
    table.setFixedHeight(px(_ROW_HEIGHT) * (min(max(len(part.lines), 2), _MOST_SHOWN) + 1))
    return table


def _empty(parts: QLayout) -> None:
    while (item := parts.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
