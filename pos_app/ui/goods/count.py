"""Owns the stock count: blind while it is entered, then recorded, then the differences."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pos_app.language import _, plural
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.stock_count import Difference
from pos_app.ui.arrange import column
from pos_app.ui.entry.entry import EntryScreen, Write
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.entry.words import product_names
from pos_app.ui.goods.place_choice import own_places
from pos_app.ui.kit.button import OptionTile, PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet


class CountScreen(EntryScreen):
    """Product and number; the books' figure is not on the screen before it is recorded."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("count")
        self._place: int | None = None
        self._found: list[Difference] = []
        lines = GoodsLines(
            _("product"),
            (),
            (FieldHead(_("counted")),),
            _("Scan what you count, type how many there are, Enter."),
            remove_words=_("Take out"),
        )
        self.place = OptionTile("", "warehouse", "F4")
        self.place.setObjectName("count-place")
        self.place.setCheckable(False)
        self.place.clicked.connect(self.choose_place)
        hint = Paragraph(_("Blind count: what the books have is shown once the count is recorded."))
        self.build(_("Count stock"), lines, _("Record the count"), (self.place, hint), _("Note"))
        self._show_place()
        self._stack_result()

    def _stack_result(self) -> None:
        self.table = Table(
            _("Differences"),
            [
                Column(_("product"), stretch=True),
                Column(_("counted"), right=True),
                Column(_("books had"), right=True, tone="muted"),
                Column(_("difference"), right=True, weight=Weight.SEMIBOLD),
                Column(_("what it means")),
            ],
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.again = PrimaryButton(_("Done"), "Enter", bind=False)
        self.again.setObjectName("count-done")
        self.again.clicked.connect(self.leave_result)
        self._summary = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        self.result = QWidget()
        whole = column(self._summary, panel, self.again, spacing=Space.L)
        whole.setStretch(1, 1)
        self.result.setLayout(whole)
        self._pages = QStackedWidget()
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.removeWidget(self.work)
            self._pages.addWidget(self.work)
            self._pages.addWidget(self.result)
            layout.addWidget(self._pages, 1)

    # -- coming and going ------------------------------------------------------------------------

    def showing_result(self) -> bool:
        """Whether the differences are shown."""
        return self._pages.currentWidget() is self.result

    def entered(self) -> None:
        if self.showing_result():
            self.setFocus()
        else:
            super().entered()

    def keys(self) -> list[KeyAction]:
        if self.showing_result():
            return [
                KeyAction("F6", _("Count these again"), self.count_again),
                KeyAction("Enter", _("Done"), self.leave_result, bind=False),
                KeyAction("Esc", _("Back"), self.leave_result),
            ]
        return super().keys()

    def more_keys(self) -> list[KeyAction]:
        return [KeyAction("F4", _("Place"), self.choose_place), *super().more_keys()]

    def begin(self, product: Product) -> None:
        """Count this product, among others."""
        self.leave_result()
        if product.product_id not in self.lines:
            self.lines.put(self.line_of(product))
        self.lines.go(product.product_id)

    def on_scan(self, text: str) -> None:
        if self.showing_result():
            self.leave_result()
        super().on_scan(text)

    # -- where -----------------------------------------------------------------------------------

    def choose_place(self) -> None:
        """This depot, or one of its vehicles."""
        places = own_places(self.session)
        rows = [Row(key, name, icon="warehouse") for key, name in places.items()]
        sheet = ChoiceSheet(self.session, _("What is counted?"), "", _("Choose"), rows)

        def answer() -> Next:
            self._place = chosen if isinstance(chosen := sheet.value(), int) else None
            return self._show_place

        self.session.ask(sheet, answer)

    def _show_place(self) -> None:
        places = own_places(self.session)
        here = self.session.till.location_id
        self.place.set_text(places.get(here if self._place is None else self._place, ""), _("is counted"))

    # -- recording -------------------------------------------------------------------------------

    def prepare(self) -> Write:
        counted, note = self.quantities(), self.note.text()

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.stock_counts.count(
                counted,
                location_id=self._place,
                note=note,
                approval=approval,
                request_id=self.request_id,
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        names = product_names(self.session, [one.product_id for one in self.lines.lines()])
        self._found = self.session.till.stock_counts.differences(done.document_id)
        self.clear()
        self.table.set_lines([self._line(one, names[one.product_id][0]) for one in self._found])
        wrong = sum(1 for one in self._found if one.quantity)
        right = len(self._found) - wrong
        parts = [
            plural(right, "{count} product as in the books", "{count} products as in the books"),
            plural(wrong, "{count} product differs", "{count} products differ"),
        ]
        self._summary.set_text(" · ".join(parts))
        self._pages.setCurrentWidget(self.result)
        self.setFocus()
        self.session.keys_changed.emit()
        self.session.succeed(words)

    def _line(self, counted: Difference, name: str) -> list[str | Cell]:
        difference = counted.quantity
        sign = "+" if difference > 0 else ""
        meaning = (
            Cell(_("as in the books"), "ok")
            if not difference
            else Cell(_("more than the books had"), "warn")
            if difference > 0
            else Cell(_("missing"), "bad", Weight.SEMIBOLD)
        )
        tone: Tone = "muted" if not difference else "warn" if difference > 0 else "bad"
        return [
            name,
            quantity_text(counted.counted),
            quantity_text(counted.expected),
            Cell(f"{sign}{quantity_text(difference)}", tone),
            meaning,
        ]

    def count_again(self) -> None:
        """Begin a count of what differed, blind again."""
        wrong = [one.product_id for one in self._found if one.quantity]
        self.leave_result()
        for product_id in reversed(wrong):
            self.lines.put(self.line_of(self.session.till.catalogue.by_id(product_id)))
        if wrong:
            self.lines.go(wrong[0])

    def leave_result(self) -> None:
        """Back to counting."""
        self._pages.setCurrentWidget(self.work)
        self.search.take_keyboard()
        self.session.keys_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        if not self.showing_result():
            return super().key(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave_result()
            return True
        return False
