"""Owns the drawer screen: open with a float, cash in and out, count, review, close."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from pos_app.language import _, said
from pos_app.ledger.document import CashReason
from pos_app.ledger.request import new_request
from pos_app.till.drawer.drawer import Beside, Closed, TakingOver
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import column, line
from pos_app.ui.drawer import bag_asks, menu_asks
from pos_app.ui.drawer.amount_sheet import AmountSheet
from pos_app.ui.drawer.close_pages import ClosePages, Stage
from pos_app.ui.drawer.count_page import CountPage
from pos_app.ui.drawer.goods_page import GoodsPage
from pos_app.ui.drawer.hand_over import ask_who_takes_over
from pos_app.ui.drawer.menu_page import MenuPage
from pos_app.ui.drawer.money_page import MoneyPage, way_name
from pos_app.ui.drawer.open_page import OpenPage
from pos_app.ui.drawer.review_page import ReviewPage
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.steps import Steps
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.drawer_limit import warn_of_much
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
        self._hands_over = False
        self._counted_shift: int | None = None
        self._told_to: int | None = None
        self._beside: tuple[Beside, ...] = ()
        self._open_request, self._close_request = new_request(), new_request()
        self.opening, self.menu = OpenPage(session), MenuPage()
        self.review = ReviewPage(session)
        self._expected_of: dict[str, int] = {}
        self.opening.opened.connect(self.open_drawer)
        self.menu.move_asked.connect(self.ask_cash)
        self.menu.close_asked.connect(self.begin_close)
        self.menu.hand_over_asked.connect(self.begin_hand_over)
        self.menu.opening_asked.connect(lambda: menu_asks.ask_opening(self.session))
        self.menu.bag_asked.connect(lambda: bag_asks.ask_bag(self.session))
        self.review.confirmed.connect(self.confirm)
        self._title = Label("", Size.TITLE, "text", Weight.BOLD)
        self._steps = Steps([_("Count"), _("Review"), _("Done")])
        self._pages = QStackedWidget()
        self.pages = ClosePages(session, self._pages, self.fix_count)
        self.counting = self.pages.counting
        for page in (self.opening, self.menu, self.review):
            self._pages.addWidget(page)
        head = line(self._title, 1, self._steps)
        whole = column(head, self.banner, spacing=Space.L)
        whole.addWidget(self._pages, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    @property
    def order(self) -> list[CountPage]:
        """The counts of cash of this close, ours first, then every other currency that lies in the drawer."""
        return self.pages.order

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        drawer = self.session.till.drawer
        if self._expected is not None and not self._holds():
            self._forget_told()
        if not drawer.is_open():
            self.show_opening()
        elif self._expected is not None:
            # A fixed count stays fixed: leaving the review does not make it unseen.
            self._go(self.review)
        else:
            self._go(self.menu)
            self.menu.begin(drawer.shift_number())
            warn_of_much(self.session)
            self.menu.close_button.setFocus()

    def _holds(self) -> bool:
        """Whether what was told is told to who is here, of a drawer in which nothing moved since.

        It was told, and the close was allowed, to one person about one count: whoever else is at the till, or
        sells on, fixes the count anew and asks anew.
        """
        return self._told_to == self._here() and self.session.till.drawer.sealed_count() is not None

    def _here(self) -> int | None:
        person = self.session.till.person
        return None if person is None else person.person_id

    def _forget_told(self) -> None:
        self._expected, self._approval, self._told_to = None, None, None
        self._expected_of, self._beside = {}, ()

    def busy(self) -> bool:
        return self._expected is not None or (self._counting() is not None and self.pages.typed())

    def show_opening(self) -> None:
        """Ask for the float."""
        self._open_request = new_request()
        self._go(self.opening)
        self.opening.begin()

    def show_review(self, expected: int) -> None:
        """Show the fixed count against what was expected."""
        self._steps.set_current(len(self.pages.stages))
        self._go(self.review)
        others = [
            (page.currency, page.total(), self._expected_of.get(page.currency.code, 0))
            for page in self.order[1:]
        ]
        self.review.show_review(self.counting.total(), expected, others, self._beside)
        self.review.confirm.set_text(self._ends_with())
        self.session.keys_changed.emit()

    def _go(self, page: OpenPage | MenuPage | Stage | ReviewPage) -> None:
        closing = page is self.review or self.pages.at(page) is not None
        self._title.setVisible(closing)
        self._steps.setVisible(closing)
        self._pages.setCurrentWidget(page)
        self.session.keys_changed.emit()

    def keys(self) -> list[KeyAction]:
        page = self._pages.currentWidget()
        back = self.back_key()
        # The bag is of the safe: it leaves as well when the drawer is closed.
        bag = KeyAction("F11", _("Bank bag"), lambda: bag_asks.ask_bag(self.session))
        if page is self.opening:
            return [bag, KeyAction("F12", _("Open the drawer"), self.opening.open), back]
        if page is self.menu:
            return [
                KeyAction("F2", _("Cash in"), lambda: self.ask_cash(CashReason.PAY_IN)),
                KeyAction("F3", _("Cash out"), lambda: self.ask_cash(CashReason.PAY_OUT)),
                KeyAction("F4", _("To the safe"), lambda: self.ask_cash(CashReason.SAFE_DROP)),
                KeyAction("F5", _("More float"), lambda: self.ask_cash(CashReason.FLOAT)),
                KeyAction("F6", _("Shift so far"), lambda: menu_asks.show_flows(self.session)),
                KeyAction("F7", _("Owner draws"), lambda: self.ask_cash(CashReason.DRAWING)),
                KeyAction("F8", _("Hand over"), self.begin_hand_over),
                KeyAction("F9", _("X report"), lambda: menu_asks.show_x(self.session)),
                KeyAction("F10", _("Only open it"), lambda: menu_asks.ask_opening(self.session)),
                bag,
                KeyAction("F12", _("Count and close"), self.begin_close),
                back,
            ]
        counting = self._counting()
        if counting is not None:
            return [
                *self._keys_of_count(counting),
                KeyAction("F12", counting.fix_button.text(), self.fix_count),
                KeyAction("Esc", _("Back"), self._back_in_count),
            ]
        if self._recorded:
            return [KeyAction("F12", _("Sign out"), self.confirm)]
        return [
            KeyAction("F4", _("Count again"), self.count_again),
            KeyAction("F8", _("Close the drawer") if self._hands_over else _("Hand over"), self.turn_about),
            KeyAction("F12", self.review.confirm.text(), self.confirm),
            back,
        ]

    def _keys_of_count(self, page: Stage) -> list[KeyAction]:
        if not isinstance(page, MoneyPage):
            return [KeyAction("↓ Enter", _("Next"), lambda: page.step(1), bind=False)]
        return [
            KeyAction("↑ ↓", _("Choose"), lambda: page.step(1), bind=False),
            KeyAction("Enter", _("Tick"), page.tick, bind=False),
            KeyAction("F4", _("Tick all"), page.tick_all),
            KeyAction("F5", _("As a sum"), self.ask_sum),
        ]

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
        menu_asks.ask_cash(self.session, reason, self.entered)

    # -- closing ---------------------------------------------------------------------------------

    def begin_close(self) -> None:
        """Count the drawer, and close it."""
        self._hands_over = False
        self.begin_count()

    def begin_hand_over(self) -> None:
        """Count the drawer, and hand it over to whoever sells from now on."""
        self._hands_over = True
        self.begin_count()

    def begin_count(self) -> None:
        """Count the drawer; a count that was fixed before the till went down stands."""
        drawer = self.session.till.drawer
        self._say_title()
        self._recorded = False
        shift = drawer.shift_number()
        anew = shift != self._counted_shift
        if anew:
            self._close_request = new_request()
        if not self.session.attempt(lambda: self._lay_order(anew=anew)):
            return
        readiness = drawer.readiness()
        self._go(self.counting)
        # Whoever goes back to sell one thing more finds the count as it was left.
        self.counting.begin(readiness, self.session.till.status().sync.waiting, anew=anew)
        self._counted_shift = shift
        standing = drawer.sealed_count() if anew else None
        if standing is not None:
            self.pages.take(standing)
            self._show_count(self.pages.stages[-1])
            self.session.warn(_("The count was fixed before; it goes on from there."))
        if readiness.open_lines:
            self.session.warn(_("A basket is open at this till; finish, park or clear it before the close."))

    def _say_title(self) -> None:
        number = self.session.till.drawer.shift_number() or ""
        self._title.set_text(
            _("Hand over drawer, shift {number}", number=number)
            if self._hands_over
            else _("Close drawer, shift {number}", number=number)
        )

    def turn_about(self) -> None:
        """Who was to take over did not come, or somebody does after all: the same count does for both."""
        self._hands_over = not self._hands_over
        self._say_title()
        self.review.confirm.set_text(self._ends_with())
        self.session.keys_changed.emit()

    def _ends_with(self) -> str:
        return _("Hand the drawer over") if self._hands_over else _("Close the drawer")

    def _counting(self) -> Stage | None:
        """The count in front, of whichever currency or kind."""
        return self.pages.at(self._pages.currentWidget())

    def _lay_order(self, *, anew: bool) -> None:
        """One page for each thing that is counted; how much of it there is is not told."""
        self.pages.lay(anew=anew)
        self._steps.set_texts([*self.pages.step_names(), _("Review"), _("Done")])

    def _show_count(self, page: Stage) -> None:
        self._steps.set_current(self.pages.stages.index(page))
        self._go(page)
        drawer = self.session.till.drawer
        if isinstance(page, CountPage):
            page.begin(drawer.readiness(), self.session.till.status().sync.waiting, anew=False)
        elif isinstance(page, MoneyPage):
            page.begin(drawer.payments_to_tick(), anew=False)
        else:
            page.begin(drawer.goods_to_count(), anew=False)

    def _back_in_count(self) -> None:
        page = self._counting()
        before = None if page is None else self.pages.beside(page, -1)
        if before is None:
            self.entered()
        else:
            self._show_count(before)

    def ask_sum(self) -> None:
        """How much was found of the way that is marked, where nobody ticks each payment?"""
        page = self.pages.money
        kind = page.marked_kind()
        if kind is None:
            return
        sheet = AmountSheet(
            self.session,
            _("{way}: how much is there?", way=way_name(kind)),
            _("What the telephone, the statement or the strip of the terminal says it comes to."),
            _("Take it"),
        )

        def answer() -> Next:
            amount = sheet.amount.minor() or 0
            return lambda: page.count_sum(kind, amount)

        self.session.ask(sheet, answer)

    def fix_count(self) -> None:
        """The person stands by the count: now, and only now, what was expected is shown."""
        page = self._counting()
        after = None if page is None else self.pages.beside(page, 1)
        if after is not None:
            self._show_count(after)
            return
        count = self.pages.count()

        def expected(
            approval: Approval | None,
        ) -> tuple[dict[str, int], tuple[Beside, ...], Approval | None]:
            drawer = self.session.till.drawer
            known = {code: drawer.expected(approval, code) for code in count.cash}
            return known, drawer.beside(count, approval), approval

        drawer = self.session.till.drawer
        if not self.session.attempt(lambda: drawer.fix_count(count.cash, count.money, count.goods)):
            return

        def fixed(counted: tuple[dict[str, int], tuple[Beside, ...], Approval | None]) -> None:
            self._expected_of, self._beside, self._approval = counted
            self._expected = self._expected_of[self.counting.currency.code]
            self._told_to = self._here()
            self.show_review(self._expected)
            approval = self._approval
            self.session.attempt(lambda: self.session.till.drawer.flows(approval), self.review.show_flows)

        self.session.attempt_approved(expected, fixed)

    def count_again(self) -> None:
        """A manager counts anew; the Z names both counts and both people."""

        def allowed(_expected: int) -> None:
            self._forget_told()
            self._lay_order(anew=True)
            self._show_count(self.counting)
            self.counting.clear()
            self.session.warn(_("Count anew. The Z says both counts, and who counted."))

        self.session.attempt_approved(self.session.till.drawer.expected, allowed)

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
            self._show_count(self.pages.foreign(code))
            self.session.warn(said("foreign-cash-not-counted", currency=code).spoken)
            return
        foreign = {page.currency.code: page.counts() for page in self.order[1:]}
        told = self.pages.count()
        request = self._close_request

        def close(business_id: int, taking_over: TakingOver | None = None) -> None:
            closed = self.session.attempt(
                lambda: self.session.till.drawer.close(
                    counts,
                    reason,
                    approval,
                    foreign=foreign,
                    money=told.money,
                    goods=told.goods,
                    business_id=business_id,
                    taking_over=taking_over,
                    request_id=request,
                ),
                self._closed if taking_over is None else lambda done: self._handed_over(done, taking_over),
            )
            if not closed:
                self.review.ask_reason()

        def of_business(business_id: int) -> None:
            if self._hands_over:
                ask_who_takes_over(
                    self.session, self.counting.total(), lambda taking: close(business_id, taking)
                )
            else:
                close(business_id)

        if self._differs():
            ask_business(self.session, _("Whose is what is over or short?"), of_business)
        else:
            of_business(0)

    def _differs(self) -> bool:
        """Whether some count is another than was expected."""
        return any(
            sum(count.value * count.pieces for count in page.counts())
            != self._expected_of.get(page.currency.code)
            for page in self.order
        )

    def _handed_over(self, closed: Closed, taking: TakingOver) -> None:
        """The next one is at the till now, with the float that stayed."""
        self._forget_told()
        self._counted_shift = None
        self.session.recorded()
        self.session.home()
        self.session.succeed(
            _(
                "{number} is recorded. The drawer is {name}'s now, with a float of {amount}.",
                number=closed.done.number,
                name=taking.person.name,
                amount=self.session.money(taking.left),
            )
        )

    def _closed(self, closed: Closed) -> None:
        self._forget_told()
        self._recorded, self._counted_shift = True, None
        self.session.recorded()
        self._steps.set_current(len(self.pages.stages) + 1)
        self.review.show_closed(closed)
        self.session.keys_changed.emit()

    def on_scan(self, text: str) -> None:
        """A voucher or a receipt is ticked, a cylinder is counted; elsewhere a scan is of no use."""
        page = self._counting()
        if isinstance(page, MoneyPage):
            if not page.tick_scanned(text):
                self.session.warn(_("No payment of this shift that is still open has this code."))
        elif isinstance(page, GoodsPage):

            def found(product_id: int) -> None:
                if not page.count_scanned(product_id):
                    self.session.warn(_("It is not counted here."))

            self.session.attempt(lambda: self.session.till.catalogue.scan(text).product.product_id, found)
        else:
            super().on_scan(text)

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key, page, counting = event.key(), self._pages.currentWidget(), self._counting()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if page is self.opening and enter:
            self.opening.open()
        elif isinstance(counting, MoneyPage) and enter:
            counting.tick()
        elif counting is not None and (enter or key in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
            way = -1 if key == Qt.Key.Key_Up else 1
            if not counting.step(way) and way > 0 and not isinstance(counting, MoneyPage):
                counting.fix_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif page is self.review and enter:
            self.review.confirm.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True
