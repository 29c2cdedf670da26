"""Owns the stock count: blind while it is entered, shelf by shelf; then the differences; only then booked.

Decisions
---------
2026-12-01  Nothing is booked before its differences were seen, by whoever may count: what is wrong there is
as often a shelf that was forgotten as goods that are gone.  What differs can be counted again, and is then
blind again.  A product that lies on two shelves is one line of the books: the shelves are added up, and the
paper says what lay where.
"""

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.quantity import MOST_ON_A_LINE, quantity_text
from pos_app.ledger.stock import MOST_AREA_LETTERS
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.stock_count import Difference
from pos_app.ui.entry.entry import EntryScreen, Write
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.entry.words import product_names
from pos_app.ui.goods.count_areas import CountAreas, Entered
from pos_app.ui.goods.difference_page import DifferencePage
from pos_app.ui.goods.place_choice import own_places
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.room import limit
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.words import WordsSheet


class CountScreen(EntryScreen):
    """Product and number; the books' figure is not on the screen before the count is fixed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("count")
        self._place: int | None = None
        self._areas = CountAreas()
        #: Who let this count be compared; they stand behind its booking too.
        self._approval: Approval | None = None
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
        self.area = OptionTile("", "boxes", "F7")
        self.area.setObjectName("count-area")
        self.area.setCheckable(False)
        self.area.clicked.connect(self.choose_area)
        hint = Paragraph(_("Blind count: what the books have is shown once the count is fixed."))
        self.build(_("Count stock"), lines, _("Compare it"), (self.place, self.area, hint), _("Note"))
        self._show_place()
        self._show_area()
        self.result = DifferencePage()
        self.result.book.clicked.connect(self.book)
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

    def busy(self) -> bool:
        return super().busy() or bool(self._areas.names())

    def entered(self) -> None:
        if self.showing_result():
            self.setFocus()
        else:
            super().entered()

    def keys(self) -> list[KeyAction]:
        if self.showing_result():
            return [
                KeyAction("F6", _("Count these again"), self.count_again),
                KeyAction("F12", _("Book the count"), self.book),
                KeyAction("Esc", _("Back"), self.count_again),
            ]
        return super().keys()

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Place"), self.choose_place),
            *super().more_keys(),
            KeyAction("F7", _("Shelf or area"), self.choose_area),
        ]

    def begin(self, product: Product) -> None:
        """Count this product, among others."""
        self.leave_result()
        if product.product_id not in self.lines:
            self.lines.put(self.line_of(product))
        self.lines.go(product.product_id)

    def on_scan(self, text: str) -> None:
        if self.showing_result():
            self.count_again()
        super().on_scan(text)

    def clear(self) -> None:
        self._areas.clear()
        self._approval = None
        super().clear()
        self._show_area()

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

    def choose_area(self) -> None:
        """Which shelf comes next?  What was counted on the others stays."""
        self._keep()
        known = ", ".join(self._area_name(name) for name in self._areas.names())
        sheet = WordsSheet(
            self.session,
            _("Which shelf or area?"),
            _("Counted already: {names}", names=known)
            if known
            else _("What lies on several is added up; empty is the rest of the place."),
            _("Count it"),
            _("Shelf 3, store room, window"),
        )
        limit(sheet.field, MOST_AREA_LETTERS)

        def answer() -> Next:
            name = sheet.value()
            return lambda: self._go_to(name)

        self.session.ask(sheet, answer)

    def _go_to(self, name: str) -> None:
        entered = self._areas.go(name)
        self._set(entered)
        self._show_area()
        self.search.take_keyboard()

    def _set(self, entered: Sequence[Entered]) -> None:
        self.lines.set_lines([one.line for one in entered])
        for one in entered:
            self.lines.fill(one.line.key, one.value)

    def _keep(self) -> None:
        """What stands on the screen is kept under the area at hand."""
        values = self.lines.values()
        self._areas.keep([Entered(one, values[one.key]) for one in self.lines.lines()])

    def _area_name(self, name: str) -> str:
        return name or _("the rest of the place")

    def _show_area(self) -> None:
        others = [name for name in self._areas.names() if name != self._areas.at]
        if not self._areas.at and not others:
            self.area.set_text(_("Whole place"), _("F7 counts shelf by shelf"))
            return
        detail = plural(len(others), "{count} more is counted", "{count} more are counted") if others else ""
        self.area.set_text(self._area_name(self._areas.at), detail or _("is counted"))

    def quantities(self) -> dict[int, int]:
        self._keep()
        entered = list(self._areas.entered())
        if not entered:
            raise Refused("nothing-entered")
        for name, one in entered:
            if one.value is None:
                self._go_to(name)
                self.lines.go(one.line.key)
                raise Refused("line-without-quantity", what=one.line.title)
            self.check_most(one.line, one.value)
        return self._areas.sums()

    def check_most(self, line: GoodsLine, value: int) -> None:
        if value > MOST_ON_A_LINE:
            area = next((name for name, one in self._areas.entered() if one.line is line), self._areas.at)
            self._go_to(area)
        super().check_most(line, value)

    # -- comparing and recording -----------------------------------------------------------------

    def record(self) -> None:
        """Fix the count and show what differs; nothing is booked yet."""
        if self.showing_result():
            self.book()
            return
        try:
            counted = self.quantities()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return

        def compare(approval: Approval | None) -> list[Difference]:
            self._approval = approval or self._approval
            return self.session.till.stock_counts.compare(
                counted, location_id=self._place, approval=self._approval
            )

        self.session.attempt_approved(compare, self._show_found)

    def _show_found(self, differences: list[Difference]) -> None:
        names = product_names(self.session, [one.product_id for one in differences])
        areas = self._areas.names() if any(self._areas.names()) else []

        def name_of(product_id: int) -> str:
            title = names[product_id][0]
            if not areas:
                return title
            where = self._areas.where(product_id)
            lay = ", ".join(f"{self._area_name(name)} {quantity_text(many)}" for name, many in where)
            return f"{title} · {lay}"

        self.result.show_found(differences, name_of, len(areas))
        self._pages.setCurrentWidget(self.result)
        self.setFocus()
        self.session.keys_changed.emit()

    def book(self) -> None:
        """Book what was counted."""
        super().record()

    def prepare(self) -> Write:
        counted, areas, note = self.quantities(), self._areas.told(), self.note.text()

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.stock_counts.count(
                counted,
                location_id=self._place,
                areas=areas,
                note=note,
                approval=approval or self._approval,
                request_id=self.request_id,
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        shown, booked = self.result.found, self.session.till.stock_counts.differences(done.document_id)
        self.clear()
        self.leave_result()
        if set(shown) != set(booked):
            moved = _("Goods moved since it was compared; the slip says what was booked.")
            self.session.warn(f"{words} {moved}")
        else:
            self.session.succeed(words)

    def count_again(self) -> None:
        """Count what differed once more, blind again; what was right stays."""
        wrong = self.result.differing()
        self._areas.drop(wrong)
        first = next((name for name, one in self._areas.entered() if one.value is None), self._areas.at)
        self._set(self._areas.go(first))
        self._show_area()
        self.leave_result()
        empty = next((key for key, value in self.lines.values().items() if value is None), None)
        if empty is not None:
            self.lines.go(empty)

    def leave_result(self) -> None:
        """Back to counting."""
        self._pages.setCurrentWidget(self.work)
        self.search.take_keyboard()
        self.session.keys_changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        return False if self.showing_result() else super().key(event)
