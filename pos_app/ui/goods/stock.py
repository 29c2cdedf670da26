"""Owns the stock of this depot: what lies here, what is below nothing, what to order again, and why."""

from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.ledger.letters import holds
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import extend, quantity_text
from pos_app.ui.arrange import column, line
from pos_app.ui.goods.why_page import WhyPage
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session

_SEARCH_MS = 140
_MOST = 300


class Item(NamedTuple):
    """A product here; `minimum` is its reorder level where it has one, both in thousandths."""

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: int
    minimum: int | None

    def is_short(self) -> bool:
        """Whether it is to be ordered again."""
        return self.minimum is not None and self.quantity <= self.minimum


class StockScreen(Screen):
    """Levels, the negative ones first; Enter tells why."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("stock")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._all: list[Item] = []
        self._shown: list[Item] = []
        self._sees_cost = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)
        self.search = SearchField(_("Code or name"), "F2")
        self.search.setObjectName("stock-search")
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self._summary = Label("", Size.SMALL, "muted")
        self.why_button = PrimaryButton(_("Why is it so?"), "Enter", bind=False)
        self.why_button.setObjectName("stock-why")
        self.why_button.setFixedWidth(max(px(240), self.why_button.sizeHint().width()))
        self.why_button.clicked.connect(self.explain)
        self._panel = Card(padding=Space.M)
        self.table = self._make_table()
        self._panel.add(self.table, 1)
        self._levels = QWidget()
        head = line(Label(_("Stock"), Size.TITLE, "text", Weight.BOLD), self._summary, 1, self.why_button)
        page = column(head, self.search, spacing=Space.L)
        page.addWidget(self._panel, 1)
        self._levels.setLayout(page)
        self.why = WhyPage(session)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._levels)
        self._pages.addWidget(self.why)
        whole = column(self.banner, spacing=Space.L)
        whole.addWidget(self._pages, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    def _make_table(self) -> Table:
        code = self.session.till.currency.code
        columns = [
            Column(_("product"), stretch=True),
            Column(_("code"), tone="muted"),
            Column(_("here"), right=True, weight=Weight.SEMIBOLD),
            Column(_("order at"), right=True, tone="muted"),
            Column(_("state")),
        ]
        if self._sees_cost:
            columns += [
                Column(_("cost {currency}", currency=code), right=True, tone="muted"),
                Column(_("value {currency}", currency=code), right=True),
            ]
        table = Table(_("Stock"), columns, empty_text=_("Nothing lies here by these words"))
        table.setObjectName("stock-table")
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.line_activated.connect(lambda _line: self.explain())
        return table

    # -- coming and going ------------------------------------------------------------------------

    def explaining(self) -> bool:
        """Whether one product is explained."""
        return self._pages.currentWidget() is self.why

    def keys(self) -> list[KeyAction]:
        if self.explaining():
            return [
                KeyAction("↑ ↓", _("Look through"), lambda: self.why.step(1), bind=False),
                KeyAction("F6", _("Count it"), self.count),
                KeyAction("Esc", _("All products"), self.show_levels),
            ]
        return [
            KeyAction("↑ ↓", _("Choose"), lambda: self._step(1), bind=False),
            KeyAction("Enter", _("Why is it so?"), self.explain, bind=False),
            KeyAction("F6", _("Count it"), self.count),
            self.back_key(),
        ]

    def entered(self) -> None:
        person = self.session.till.person
        sees = person is not None and Permission.SEE_REPORTS.value in person.may
        if sees != self._sees_cost:
            self._sees_cost = sees
            old, self.table = self.table, self._make_table()
            self._panel.body.replaceWidget(old, self.table)
            self._panel.body.setStretchFactor(self.table, 1)
            old.hide()
            old.deleteLater()
        self.search.clear()
        self._read()
        self.show_levels()

    def returned(self) -> None:
        # From the count of a product: it is still marked, with what lies here now.
        self._read()
        self.show_levels()

    def refreshed(self) -> None:
        self._read()
        self.look_up()

    def show_levels(self) -> None:
        """All products again."""
        self._pages.setCurrentWidget(self._levels)
        self.look_up()
        self.search.setFocus()
        self.session.keys_changed.emit()

    # -- levels ----------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            levels = self.session.till.stock.levels()
            short = self.session.till.stock.reorder_list()
            minimums = self.session.till.stock.reorder_levels()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        here = {level.product_id for level in levels}
        items = [
            Item(
                level.product_id,
                level.sku,
                level.name,
                level.unit,
                level.quantity,
                minimums.get(level.product_id),
            )
            for level in levels
        ]
        # What there is none of is no level, but it is the first thing to order.
        items += [
            Item(one.product_id, one.sku, one.name, one.unit, one.quantity, one.minimum)
            for one in short
            if one.product_id not in here
        ]
        self._all = sorted(items, key=lambda item: (item.quantity >= 0, not item.is_short(), item.name))

    def look_up(self) -> None:
        """Show what the words find, now."""
        self._pause.stop()
        wanted = self.search.text()
        found = [item for item in self._all if holds(f"{item.sku} {item.name}", wanted)]
        marked = self._marked()
        self._shown = found[:_MOST]
        try:
            self.table.set_lines([self._line(item) for item in self._shown])
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        below = sum(1 for item in self._all if item.quantity < 0)
        parts = [plural(len(found), "{count} product", "{count} products")]
        if below:
            parts.append(plural(below, "{count} below nothing", "{count} below nothing"))
        self._summary.set_text(" · ".join(parts))
        self._summary.set_tone("bad" if below else "muted")
        if self._shown:
            keys = [item.product_id for item in self._shown]
            self.table.select(keys.index(marked.product_id) if marked and marked.product_id in keys else 0)

    def _line(self, item: Item) -> list[str | Cell]:
        words = f"{quantity_text(item.quantity)} {item.unit}".strip()
        quantity = Cell(words, "bad") if item.quantity < 0 else words
        order_at = "" if item.minimum is None else quantity_text(item.minimum)
        made: list[str | Cell] = [item.name, item.sku, quantity, order_at, self._state(item)]
        if self._sees_cost:
            cost = self.session.till.stock.average_cost(item.product_id)
            made.append("—" if cost is None else self.session.money(cost))
            made.append("—" if cost is None else self.session.money(extend(cost, item.quantity)))
        return made

    def _state(self, item: Item) -> Cell:
        if item.quantity < 0:
            return Cell(_("▼ below nothing"), "bad", Weight.SEMIBOLD)
        if item.is_short():
            return Cell(_("● order again"), "warn")
        return Cell("")

    def _marked(self) -> Item | None:
        at = self.table.selected()
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _step(self, by: int) -> None:
        at = self.table.selected()
        if self._shown:
            self.table.select(max(0, min(len(self._shown) - 1, (-1 if at is None else at) + by)))

    # -- one product -----------------------------------------------------------------------------

    def explain(self) -> None:
        """Why so much of the marked product lies here, document by document."""
        if self._pause.isActive():
            self.look_up()
        item = self._marked()
        if item is None:
            self.session.refuse(_("There is nothing to choose here."))
            return
        product_id, name, unit = item.product_id, item.name, item.unit

        def show(_none: None) -> None:
            self._pages.setCurrentWidget(self.why)
            self.setFocus()
            self.session.keys_changed.emit()

        self.session.attempt(lambda: self.why.show_product(product_id, name, unit), show)

    def count(self) -> None:
        """Count the marked product."""
        item = self._marked()
        if item is None:
            self.session.refuse(_("There is nothing to choose here."))
            return
        product_id = item.product_id
        self.session.attempt(
            lambda: self.session.till.catalogue.by_id(product_id),
            self.session.ways.count_stock,
        )

    def on_scan(self, text: str) -> None:
        def found(product_id: int) -> None:
            keys = [item.product_id for item in self._shown]
            if product_id in keys:
                self.table.select(keys.index(product_id))
            else:
                self.session.warn(_("Nothing of it lies here."))

        self.show_levels()
        self.search.clear()
        self.look_up()
        self.session.attempt(lambda: self.session.till.catalogue.scan(text).product.product_id, found)

    def key(self, event: QKeyEvent) -> bool:
        key, text = event.key(), typed_text(event)
        arrow = key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if arrow:
            by = 1 if key == Qt.Key.Key_Down else -1
            self.why.step(by) if self.explaining() else self._step(by)
        elif self.explaining():
            return False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.explain()
        elif text:
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True
