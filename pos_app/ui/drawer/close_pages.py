"""Owns the pages of a count, one behind the other: cash of each currency, other money, cylinders."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.language import _
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.line import CashCount
from pos_app.till.drawer.drawer import Count
from pos_app.ui.drawer.count_page import CountPage
from pos_app.ui.drawer.goods_page import GoodsPage
from pos_app.ui.drawer.money_page import MoneyPage
from pos_app.ui.session import Session

Stage = CountPage | MoneyPage | GoodsPage


class ClosePages:
    """What is counted at this close, in its order; what is not there today has no page."""

    def __init__(self, session: Session, stack: QStackedWidget, fixed: Callable[[], None]) -> None:
        self._session, self._stack, self._fixed = session, stack, fixed
        self.counting, self.money, self.goods = CountPage(session), MoneyPage(session), GoodsPage(session)
        self._foreign: dict[str, CountPage] = {}
        #: The counts of cash, ours first, then every other currency that lies in the drawer.
        self.order: list[CountPage] = [self.counting]
        self.stages: list[Stage] = [self.counting]
        for page in (self.counting, self.money, self.goods):
            self._add(page)

    def _add(self, page: Stage) -> None:
        page.fixed.connect(self._fixed)
        self._stack.addWidget(page)

    def lay(self, *, anew: bool) -> None:
        """Find out what is counted; how much of it there is is not told."""
        drawer = self._session.till.drawer
        codes = drawer.foreign_currencies()
        for code in codes:
            if code not in self._foreign:
                page = CountPage(self._session, find_currency(code))
                self._add(page)
                self._foreign[code] = page
            elif anew:
                self._foreign[code].clear()
        self.order = [self.counting, *(self._foreign[code] for code in codes)]
        for page, after in zip(self.order, [*codes, ""], strict=True):
            page.say_next(after)
        payments, goods = drawer.payments_to_tick(), drawer.goods_to_count()
        self.money.begin(payments, anew=anew)
        self.goods.begin(goods, anew=anew)
        self.stages = [*self.order, *([self.money] if payments else []), *([self.goods] if goods else [])]
        for before, after_it in zip(self.stages, self.stages[1:], strict=False):
            if not isinstance(after_it, CountPage):
                before.fix_button.set_text(self._leads_to(after_it))
        self.stages[-1].fix_button.set_text(_("Fix the count"))

    def _leads_to(self, page: Stage) -> str:
        return _("Now the other money") if page is self.money else _("Now cylinders and bottles")

    def step_names(self) -> list[str]:
        """What each page is called in the row of steps."""
        counts = [_("Count {currency}", currency=page.currency.code) for page in self.order]
        if len(self.stages) == 1:
            return [_("Count")]
        more = {self.money: _("Other money"), self.goods: _("Cylinders")}
        return [*counts, *(more[page] for page in self.stages if not isinstance(page, CountPage))]

    def foreign(self, code: str) -> CountPage:
        """The count of another currency."""
        return self._foreign[code]

    def at(self, page: QWidget | None) -> Stage | None:
        """The page of the count that this widget is, if it is one."""
        return next((stage for stage in self.stages if stage is page), None)

    def beside(self, page: Stage, by: int) -> Stage | None:
        """The page so many behind another one; None beyond the first and the last."""
        at = self.stages.index(page) + by
        return self.stages[at] if 0 <= at < len(self.stages) else None

    def typed(self) -> bool:
        """Whether some cash was counted already."""
        return any(page.total() > 0 for page in self.order)

    def cash(self) -> dict[str, tuple[CashCount, ...]]:
        """What was counted of cash, by currency."""
        return {page.currency.code: page.counts() for page in self.order}

    def count(self) -> Count:
        """All that was counted."""
        return Count(
            self.cash(),
            self.money.found() if self.money in self.stages else None,
            self.goods.goods() if self.goods in self.stages else None,
        )

    def take(self, count: Count) -> None:
        """Go on with a count that was fixed before the till went down."""
        for page in self.order:
            page.take(count.cash.get(page.currency.code, ()))
        if count.money is not None:
            self.money.take(count.money)
        if count.goods is not None:
            self.goods.take(count.goods)
