"""Owns the drawer screen: open with a float, cash in and out, count, review, close."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from pos_app.language import _, said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import CashReason
from pos_app.ledger.line import CashCount
from pos_app.ledger.request import new_request
from pos_app.till.drawer.drawer import Closed
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.x_report import Shown
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import column, line
from pos_app.ui.drawer.cash_sheet import CashSheet
from pos_app.ui.drawer.count_page import CountPage
from pos_app.ui.drawer.flow_card import FlowCard
from pos_app.ui.drawer.menu_page import MenuPage
from pos_app.ui.drawer.open_page import OpenPage
from pos_app.ui.drawer.review_page import ReviewPage
from pos_app.ui.drawer.x_sheet import XSheet
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.steps import Steps
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.screen import Screen
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.business import ask_business


class DrawerScreen(Screen):
    """The page follows from the drawer: closed, open, being counted, counted, recorded."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("drawer")
        self._expected: int | None = None
        self._approval: Approval | None = None
        self._recorded = False
        self._counted_shift: int | None = None
        self._open_request, self._close_request = new_request(), new_request()
        self.opening, self.menu = OpenPage(session), MenuPage()
        self.counting, self.review = CountPage(session), ReviewPage(session)
        # The pages of this close, ours first, then every other currency that lies in the drawer.
        self._foreign: dict[str, CountPage] = {}
        self.order: list[CountPage] = [self.counting]
        self._expected_of: dict[str, int] = {}
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
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        drawer = self.session.till.drawer
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
            self._pages.currentWidget() in self.order and any(page.total() > 0 for page in self.order)
        )

    def show_opening(self) -> None:
        """Ask for the float."""
        self._open_request = new_request()
        self._go(self.opening)
        self.opening.begin()

    def show_review(self, expected: int) -> None:
        """Show the fixed count against what was expected."""
        self._steps.set_current(len(self.order))
        self._go(self.review)
        others = [
            (page.currency, page.total(), self._expected_of.get(page.currency.code, 0))
            for page in self.order[1:]
        ]
        self.review.show_review(self.counting.total(), expected, others)

    def _go(self, page: OpenPage | MenuPage | CountPage | ReviewPage) -> None:
        closing = page is self.review or page in self.order
        self._title.setVisible(closing)
        self._steps.setVisible(closing)
        self._pages.setCurrentWidget(page)
        self.session.keys_changed.emit()

    def keys(self) -> list[KeyAction]:
        page = self._pages.currentWidget()
        back = self.back_key()
        if page is self.opening:
            return [KeyAction("F12", _("Open the drawer"), self.opening.open), back]
        if page is self.menu:
            return [
                KeyAction("F2", _("Cash in"), lambda: self.ask_cash(CashReason.PAY_IN)),
                KeyAction("F3", _("Cash out"), lambda: self.ask_cash(CashReason.PAY_OUT)),
                KeyAction("F4", _("To the safe"), lambda: self.ask_cash(CashReason.SAFE_DROP)),
                KeyAction("F5", _("More float"), lambda: self.ask_cash(CashReason.FLOAT)),
                KeyAction("F6", _("Shift so far"), self.show_flows),
                KeyAction("F7", _("Owner draws"), lambda: self.ask_cash(CashReason.DRAWING)),
                KeyAction("F9", _("X report"), self.show_x),
                KeyAction("F12", _("Count and close"), self.begin_count),
                back,
            ]
        counting = self._counting()
        if counting is not None:
            return [
                KeyAction("↓ Enter", _("Next"), lambda: counting.step(1), bind=False),
                KeyAction("F12", counting.fix_button.text(), self.fix_count),
                KeyAction("Esc", _("Back"), self._back_in_count),
            ]
        if self._recorded:
            return [KeyAction("F12", _("Sign out"), self.confirm)]
        return [KeyAction("F12", _("Close the drawer"), self.confirm), back]

    # -- opening, cash in and out ----------------------------------------------------------------

    def open_drawer(self, float_amount: int) -> None:
        """Begin the shift with this float."""

        def opened(done: Recorded) -> None:
            self.session.recorded()
            self.session.home()

        request = self._open_request
        self.session.attempt(lambda: self.session.till.drawer.open(float_amount, request_id=request), opened)

    def ask_cash(self, reason: CashReason) -> None:
        """How much goes in or out, what for, and, where it is paid in or out, for which business?"""
        words = {
            CashReason.PAY_IN: _("Whose money comes in?"),
            CashReason.PAY_OUT: _("For whom is it paid out?"),
            CashReason.DRAWING: _("Out of which business is it drawn?"),
        }
        if reason in words:
            ask_business(self.session, words[reason], lambda key: self._ask_cash(reason, key))
        else:
            self._ask_cash(reason, 0)

    def _ask_cash(self, reason: CashReason, business_id: int) -> None:
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
            CashReason.DRAWING: (
                _("Owner draws"),
                _("Money that the owner takes; it is no cost"),
                _("Who takes it?"),
            ),
        }
        title, explanation, hint = titles[reason]
        sheet, request = CashSheet(self.session, title, explanation, hint), new_request()

        def recorded(done: Recorded) -> None:
            self.session.recorded()
            self.entered()
            amount = self.session.money(done.total)
            self.session.succeed(_("{what}: {amount} is recorded.", what=title, amount=amount))

        def answer() -> Next:
            amount, note = sheet.amount.minor() or 0, sheet.note.text()
            return lambda: self.session.attempt_approved(
                lambda approval: self.session.till.drawer.move(
                    reason, amount, note, approval, business_id=business_id, request_id=request
                ),
                recorded,
            )

        self.session.ask(sheet, answer)

    def show_flows(self) -> None:
        """What came into the drawer and left it so far: for who may close, as it says what is expected."""

        def show(flows: tuple[Flow, ...]) -> None:
            card = FlowCard(self.session)
            card.show_flows(flows)
            name = _("Shift so far")
            sheet = Sheet(
                self.session.overlay_parent(),
                name,
                _("Done"),
                _("Back"),
                body=card,
                dismiss_name=_("Dismiss"),
            )
            sheet.accepted.connect(sheet.close_sheet)
            self.session.show_sheet(sheet)

        self.session.attempt_approved(self.session.till.drawer.flows, show)

    def show_x(self) -> None:
        """The figures of the shift so far, on the screen and, if wanted, on paper."""

        def show(shown: tuple[list[Shown], Approval | None]) -> None:
            lines, approval = shown
            sheet = XSheet(self.session, lines)

            def printed(_done: None) -> None:
                self.session.recorded()
                self.session.succeed(_("The X report is being printed."))

            def answer() -> Next:
                return lambda: self.session.attempt(
                    lambda: self.session.till.drawer.print_x(approval), printed
                )

            self.session.ask(sheet, answer)

        self.session.attempt_approved(
            lambda approval: (self.session.till.drawer.x_report(approval), approval), show
        )

    # -- closing ---------------------------------------------------------------------------------

    def begin_count(self) -> None:
        """Count the drawer."""
        drawer = self.session.till.drawer
        self._title.set_text(_("Close drawer, shift {number}", number=drawer.shift_number() or ""))
        self._recorded = False
        readiness = drawer.readiness()
        shift = drawer.shift_number()
        if shift != self._counted_shift:
            self._close_request = new_request()
        self._lay_order(anew=shift != self._counted_shift)
        self._go(self.counting)
        # Whoever goes back to sell one thing more finds the count as it was left.
        self.counting.begin(
            readiness, self.session.till.status().sync.waiting, anew=shift != self._counted_shift
        )
        self._counted_shift = shift
        if readiness.open_lines:
            self.session.warn(_("A basket is open at this till; finish, park or clear it before the close."))

    def _counting(self) -> CountPage | None:
        """The count in front, of whichever currency."""
        page = self._pages.currentWidget()
        return next((one for one in self.order if one is page), None)

    def _lay_order(self, *, anew: bool) -> None:
        """One count for each currency that lies in the drawer; how much of it lies there is not told."""
        codes = self.session.till.drawer.foreign_currencies()
        for code in codes:
            if code not in self._foreign:
                page = CountPage(self.session, find_currency(code))
                page.fixed.connect(self.fix_count)
                self._pages.addWidget(page)
                self._foreign[code] = page
            elif anew:
                self._foreign[code].clear()
        self.order = [self.counting, *(self._foreign[code] for code in codes)]
        for page, after in zip(self.order, [*codes, ""], strict=True):
            page.say_next(after)
        counts = [_("Count {currency}", currency=page.currency.code) for page in self.order]
        self._steps.set_texts([*(counts if codes else [_("Count")]), _("Review"), _("Done")])

    def _show_count(self, page: CountPage) -> None:
        self._steps.set_current(self.order.index(page))
        self._go(page)
        waiting = self.session.till.status().sync.waiting
        page.begin(self.session.till.drawer.readiness(), waiting, anew=False)

    def _back_in_count(self) -> None:
        page = self._counting()
        if page is None or page is self.counting:
            self.entered()
        else:
            self._show_count(self.order[self.order.index(page) - 1])

    def fix_count(self) -> None:
        """The person stands by the count: now, and only now, what was expected is shown."""
        page = self._counting()
        if page is not None and page is not self.order[-1]:
            self._show_count(self.order[self.order.index(page) + 1])
            return

        def expected(approval: Approval | None) -> tuple[dict[str, int], Approval | None]:
            drawer = self.session.till.drawer
            codes = [one.currency.code for one in self.order]
            return {code: drawer.expected(approval, code) for code in codes}, approval

        if not self.session.attempt(lambda: self.session.till.drawer.fix_count(self._counts())):
            return

        def fixed(counted: tuple[dict[str, int], Approval | None]) -> None:
            self._expected_of, self._approval = counted
            self._expected = self._expected_of[self.counting.currency.code]
            self.show_review(self._expected)
            approval = self._approval
            self.session.attempt(lambda: self.session.till.drawer.flows(approval), self.review.show_flows)

        self.session.attempt_approved(expected, fixed)

    def _counts(self) -> dict[str, tuple[CashCount, ...]]:
        """What was counted, by currency."""
        return {page.currency.code: page.counts() for page in self.order}

    def confirm(self) -> None:
        """Record the close; once it is recorded, sign out."""
        if self._recorded:
            self._recorded = False
            self.session.till.sign_in.sign_out()
            self.session.home()
            return
        counts, reason, approval = self.counting.counts(), self.review.reason.text(), self._approval
        missing = set(self.session.till.drawer.foreign_currencies()) - self._expected_of.keys()
        if missing:
            # It was taken in after the count was fixed: what is fixed stays, this one is counted still.
            code = min(missing)
            self._lay_order(anew=False)
            self._show_count(self._foreign[code])
            self.session.warn(said("foreign-cash-not-counted", currency=code).spoken)
            return
        foreign = {page.currency.code: page.counts() for page in self.order[1:]}
        request = self._close_request

        def close(business_id: int) -> None:
            closed = self.session.attempt(
                lambda: self.session.till.drawer.close(
                    counts,
                    reason,
                    approval,
                    foreign=foreign,
                    business_id=business_id,
                    request_id=request,
                ),
                self._closed,
            )
            if not closed:
                self.review.ask_reason()

        if self._differs():
            ask_business(self.session, _("Whose is what is over or short?"), close)
        else:
            close(0)

    def _differs(self) -> bool:
        """Whether some count is another than was expected."""
        return any(
            sum(count.value * count.pieces for count in page.counts())
            != self._expected_of.get(page.currency.code)
            for page in self.order
        )

    def _closed(self, closed: Closed) -> None:
        self._expected, self._approval, self._recorded = None, None, True
        self._counted_shift = None
        self.session.recorded()
        self._steps.set_current(len(self.order) + 1)
        self.review.show_closed(closed)
        self.session.keys_changed.emit()

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key, page, counting = event.key(), self._pages.currentWidget(), self._counting()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if page is self.opening and enter:
            self.opening.open()
        elif counting is not None and (enter or key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
            if not counting.step(-1 if key == Qt.Key.Key_Up else 1) and key != Qt.Key.Key_Up:
                counting.fix_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif page is self.review and enter:
            self.review.confirm.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True
