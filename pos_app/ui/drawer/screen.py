"""Owns the drawer screen: open with a float, cash in and out, count, review, close."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from pos_app.ledger.document import CashReason
from pos_app.till.checkout import Done
from pos_app.till.drawer import Closed
from pos_app.till.sign_in import Approval
from pos_app.ui.arrange import column, line
from pos_app.ui.desk import Desk, Next
from pos_app.ui.drawer.cash_sheet import CashSheet
from pos_app.ui.drawer.count_page import CountPage
from pos_app.ui.drawer.menu_page import MenuPage
from pos_app.ui.drawer.open_page import OpenPage
from pos_app.ui.drawer.review_page import ReviewPage
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.steps import Steps
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.language import _
from pos_app.ui.screen import Screen


class DrawerScreen(Screen):
    """The page follows from the drawer: closed, open, being counted, counted, recorded."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setObjectName("drawer")
        self._expected: int | None = None
        self._approval: Approval | None = None
        self._recorded = False
        self._counted_shift: int | None = None
        self.opening, self.menu = OpenPage(desk), MenuPage()
        self.counting, self.review = CountPage(desk), ReviewPage(desk)
        self.opening.opened.connect(self.open_drawer)
        self.menu.move_asked.connect(self.ask_cash)
        self.menu.close_asked.connect(self.begin_count)
        self.counting.fixed.connect(self.fix_count)
        self.review.confirmed.connect(self.confirm)
        self._title = Label("", Size.TITLE, "text", Weight.BOLD)
        self._steps = Steps([_("Count"), _("Review"), _("Done")])
        self._pages = QStackedWidget()
        for page in (self.opening, self.menu, self.counting, self.review):
            self._pages.addWidget(page)
        head = line(self._title, 1, self._steps)
        whole = column(head, self.banner, spacing=Space.L)
        whole.addWidget(self._pages, 1)
        whole.setContentsMargins(22, Space.XL, 22, Space.XL)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        drawer = self.desk.till.drawer
        if not drawer.is_open():
            self._expected = None
            self.show_opening()
        elif self._expected is not None:
            # A fixed count stays fixed: leaving the review does not make it unseen.
            self._go(self.review)
        else:
            self._go(self.menu)
            self.menu.begin(drawer.shift_number())
            self.menu.close_button.setFocus()

    def busy(self) -> bool:
        return self._expected is not None or (
            self._pages.currentWidget() is self.counting and self.counting.total() > 0
        )

    def show_opening(self) -> None:
        """Ask for the float."""
        self._go(self.opening)
        self.opening.begin()

    def show_review(self, expected: int) -> None:
        """Show the fixed count against what was expected."""
        self._steps.set_current(1)
        self._go(self.review)
        self.review.show_review(self.counting.total(), expected)

    def _go(self, page: OpenPage | MenuPage | CountPage | ReviewPage) -> None:
        closing = page in (self.counting, self.review)
        self._title.setVisible(closing)
        self._steps.setVisible(closing)
        self._pages.setCurrentWidget(page)
        self.desk.keys_changed.emit()

    def keys(self) -> list[KeyAction]:
        page = self._pages.currentWidget()
        back = KeyAction("Esc", _("Back to basket"), self.desk.home)
        if page is self.opening:
            return [KeyAction("F12", _("Open the drawer"), self.opening.open), back]
        if page is self.menu:
            return [
                KeyAction("F2", _("Cash in"), lambda: self.ask_cash(CashReason.PAY_IN)),
                KeyAction("F3", _("Cash out"), lambda: self.ask_cash(CashReason.PAY_OUT)),
                KeyAction("F4", _("To the safe"), lambda: self.ask_cash(CashReason.SAFE_DROP)),
                KeyAction("F5", _("More float"), lambda: self.ask_cash(CashReason.FLOAT)),
                KeyAction("F12", _("Count and close"), self.begin_count),
                back,
            ]
        if page is self.counting:
            return [
                KeyAction("↓ Enter", _("Next"), lambda: self.counting.step(1), bind=False),
                KeyAction("F12", _("Fix the count"), self.fix_count),
                KeyAction("Esc", _("Back"), self.entered),
            ]
        if self._recorded:
            return [KeyAction("F12", _("Sign out"), self.confirm)]
        return [KeyAction("F12", _("Close the drawer"), self.confirm), back]

    # -- opening, cash in and out ----------------------------------------------------------------

    def open_drawer(self, float_amount: int) -> None:
        """Begin the shift with this float."""

        def opened(done: Done) -> None:
            self.desk.recorded()
            self.desk.home()

        self.desk.attempt(lambda: self.desk.till.drawer.open(float_amount), opened)

    def ask_cash(self, reason: CashReason) -> None:
        """How much goes in or out, and what for?"""
        note = _("A note, if you like")
        titles = {
            CashReason.PAY_IN: (_("Cash in"), _("Money that is no sale"), _("What is it for?")),
            CashReason.PAY_OUT: (_("Cash out"), _("Petty cash"), _("What is it for?")),
            CashReason.SAFE_DROP: (
                _("To the safe"),
                _("Large notes into the safe"),
                note,
            ),
            CashReason.FLOAT: (_("More float"), _("Change out of the safe"), note),
        }
        title, explanation, hint = titles[reason]
        sheet = CashSheet(self.desk, title, explanation, hint)

        def recorded(done: Done) -> None:
            self.desk.recorded()
            self.entered()
            amount = self.desk.money(done.total)
            self.desk.succeed(_("{what}: {amount} is recorded.", what=title, amount=amount))

        def answer() -> Next:
            amount, note = sheet.amount.minor() or 0, sheet.note.text()
            return lambda: self.desk.attempt_approved(
                lambda approval: self.desk.till.drawer.move(reason, amount, note, approval), recorded
            )

        self.desk.ask(sheet, answer)

    # -- closing ---------------------------------------------------------------------------------

    def begin_count(self) -> None:
        """Count the drawer."""
        drawer = self.desk.till.drawer
        self._title.set_text(_("Close drawer, shift {number}", number=drawer.shift_number() or ""))
        self._steps.set_current(0)
        self._recorded = False
        readiness = drawer.readiness()
        self._go(self.counting)
        shift = drawer.shift_number()
        # Whoever goes back to sell one thing more finds the count as it was left.
        self.counting.begin(
            readiness, self.desk.till.status().sync.waiting, anew=shift != self._counted_shift
        )
        self._counted_shift = shift
        if readiness.open_lines:
            self.desk.warn(_("A basket is open at this till; finish, park or clear it before the close."))

    def fix_count(self) -> None:
        """The person stands by the count: now, and only now, what was expected is shown."""

        def fixed(found: tuple[int, Approval | None]) -> None:
            self._expected, self._approval = found
            self.show_review(self._expected)

        self.desk.attempt_approved(
            lambda approval: (self.desk.till.drawer.expected(approval), approval), fixed
        )

    def confirm(self) -> None:
        """Record the close; once it is recorded, sign out."""
        if self._recorded:
            self._recorded = False
            self.desk.till.sign_in.sign_out()
            self.desk.home()
            return
        counts, reason, approval = self.counting.counts(), self.review.reason.text(), self._approval
        self.desk.attempt(lambda: self.desk.till.drawer.close(counts, reason, approval), self._closed)

    def _closed(self, closed: Closed) -> None:
        self._expected, self._approval, self._recorded = None, None, True
        self._counted_shift = None
        self.desk.recorded()
        self._steps.set_current(2)
        self.review.show_closed(closed)
        self.desk.keys_changed.emit()

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key, page = event.key(), self._pages.currentWidget()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if page is self.opening and enter:
            self.opening.open()
        elif page is self.counting and (enter or key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
            if not self.counting.step(-1 if key == Qt.Key.Key_Up else 1) and key != Qt.Key.Key_Up:
                self.counting.fix_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif page is self.review and enter:
            self.review.confirm.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True
