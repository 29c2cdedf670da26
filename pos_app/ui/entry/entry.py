"""Owns the screen on which goods are entered: scan, number, Enter; at the side what it is for, and F12."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE, quantity_text
from pos_app.ledger.request import new_request
from pos_app.till.selling.catalogue import Product, Scanned
from pos_app.till.session.errors import UnknownBarcode
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import Part, column, line
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import GoodsLines
from pos_app.ui.entry.words import empty_words, recorded_words
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.typed_code import TypedCode, read_typed
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session
from pos_app.ui.sheets.finding import ask_one

#: What a use case does with what was entered, once it is complete.
Write = Callable[[Approval | None], Recorded]

_NARROW, _WIDE = 320, 440
_NOTE_MOST: Final = 200


class EntryScreen(Screen):
    """Lines of goods and one recording of them.

    One request runs from the first line to the recording: pressed twice it is one document.  A use case gives
    `prepare`, and says more where it differs: `line_of`, `take`, `finished`, `more_keys`.
    """

    lines: GoodsLines

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # It takes no focus by a tap: a figure tapped on the pad must not pull the keyboard out of the field.
        self._request, self._last_taken = new_request(), 0
        self.search = SearchField(_("Scan, code or name"), "F2", "scan-barcode")
        self.search.setObjectName("goods-search")
        self.note = QLineEdit()
        self.note.setObjectName("goods-note")
        self.note.setFont(font(Size.BODY))
        limit(self.note, _NOTE_MOST)
        self.title = Label("", Size.TITLE, "text", Weight.BOLD)
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self._pad_digit)
        self.pad.backspace.connect(self._pad_backspace)

    def build(self, title: str, lines: GoodsLines, action: str, side: Sequence[Part], note: str) -> None:
        """Put the screen together; `side` stands above the key pad, `note` is what its field asks."""
        self.lines = lines
        self.title.set_text(title)
        self.note.setPlaceholderText(note)
        self.note.setAccessibleName(note)
        self.finish_button = PrimaryButton(action, "F12", bind=False)
        self.finish_button.setObjectName("record")
        self.finish_button.clicked.connect(self.record)
        panel = Card(padding=Space.M)
        panel.add(lines, 1)
        left = column(self.search, panel, spacing=Space.L)
        left.setStretch(1, 1)
        self._side = QWidget()
        self._side.setLayout(column(*side, self.note, 1, self.pad, self.finish_button, spacing=Space.M))
        body = line(left, self._side, spacing=Space.L)
        body.setStretch(0, 1)
        self.work = QWidget()
        self.work.setLayout(body)
        whole = column(self.title, self.banner, spacing=Space.L)
        whole.addWidget(self.work, 1)
        whole.setContentsMargins(px(22), Space.L, px(22), Space.L)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(max(px(_NARROW), min(px(_WIDE), round(self.width() * 0.3))))

    # -- coming and going ------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("F3", _("Product list"), self.choose_product),
            *self.more_keys(),
            KeyAction("F8", _("Take out"), self.take_out),
            KeyAction("F9", _("Empty the list"), self.ask_clear),
            KeyAction("F12", self.finish_button.text(), self.record),
            self.back_key(),
        ]

    def more_keys(self) -> list[KeyAction]:
        """The keys of this use case, between the product list and the end."""
        return [KeyAction("F5", self.note.placeholderText(), self.note.setFocus)]

    def entered(self) -> None:
        self.search.take_keyboard()

    def busy(self) -> bool:
        return len(self.lines) > 0

    def unfinished(self) -> str:
        return self.title.text() if self.busy() else ""

    # -- what is entered -------------------------------------------------------------------------

    def on_scan(self, text: str) -> None:
        try:
            prefix = self.search.text()
            wanted = read_typed(prefix) if "*" in prefix else TypedCode(ONE, "")
            found = self.session.till.catalogue.scan(text)
            self.take(found.product, self._counted(found, wanted))
        except BohariError as error:
            self.session.refuse(error.sentence)

    def enter_typed(self) -> None:
        """Enter in the search field: a code is taken; words that find several offer them."""
        typed = self.search.text().strip()
        if not typed:
            return
        try:
            wanted = read_typed(typed)
            if not wanted.code:
                self.session.warn(_("Now scan or type what there are {count} of.", count=typed))
                return
            found = self._find(wanted.code)
            if found is None:
                self.choose_product(wanted.code, wanted.quantity)
                return
            self.take(found.product, self._counted(found, wanted))
        except BohariError as error:
            self.session.refuse(error.sentence)
            self.search.selectAll()

    def _counted(self, scanned: Scanned, wanted: TypedCode) -> int:
        """How many of a product are meant.  Raises `Refused`."""
        return self.session.till.catalogue.meant(scanned, wanted.quantity, wanted.unit).quantity

    def _find(self, words: str) -> Scanned | None:
        try:
            return self.session.till.catalogue.scan(words)
        except UnknownBarcode:
            found = self.offered(words)
            if not found:
                raise
            return Scanned(found[0], ONE) if len(found) == 1 else None

    def offered(self, words: str) -> list[Product]:
        """The goods that the words find; services have no stock and are not among them."""
        return [product for product in self.session.till.catalogue.search(words, 80) if product.stocked]

    def product_row(self, product: Product) -> Row:
        """A product in the list to choose from; never its stock, for a count is blind."""
        return Row(product.product_id, product.name, "", f"{product.sku} · {product.category}")

    def choose_product(self, words: str = "", quantity: int = ONE) -> None:
        """Offer the products that the words find."""
        ask_one(
            self.session,
            (_("Which product?"), _("Code or name"), _("Take it")),
            self.offered,
            self.product_row,
            lambda product: lambda: self._take_chosen(product, quantity),
            words=words,
        )

    def _take_chosen(self, product: Product, quantity: int) -> None:
        try:
            self.take(product, quantity)
        except BohariError as error:
            self.session.refuse(error.sentence)

    def take(self, product: Product, quantity: int) -> None:
        """Add so many of a product.  Raises `Refused` for a service and for less than nothing."""
        check_goods(product, quantity)
        key = product.product_id
        if key in self.lines:
            before = self.lines.values()[key] or 0
        else:
            before = 0
            self.lines.put(self.line_of(product))
            self.started(product)
        self.lines.fill(key, min(before + quantity, MOST_ON_A_LINE))
        self.taken(key, before, product.name)

    def taken(self, key: int, before: int, name: str) -> None:
        """The keyboard goes to the figure; who scans again what has a figure is told what it was."""
        self.banner.succeed()
        if before and self._last_taken != key:
            self.session.warn(
                _(
                    "{what}: {count} were entered before; what you type now replaces all of them.",
                    what=name,
                    count=quantity_text(before),
                )
            )
        self._last_taken = key
        self.search.clear()
        self.lines.go(key)

    def started(self, product: Product) -> None:
        """A line was added: fill in what the use case knows of it."""

    def line_of(self, product: Product) -> GoodsLine:
        """How a product stands in the list."""
        return GoodsLine(product.product_id, product.product_id, product.name, product_detail(product))

    def take_out(self) -> None:
        """Take the line at hand out."""
        key = self.lines.current()
        if key is None:
            self.session.refuse(_("Choose a line first."))
            return
        self.lines.remove(key)
        self.search.take_keyboard()

    def ask_clear(self) -> None:
        """Begin anew, once the person says so."""
        if not self.busy():
            self.search.take_keyboard()
            return
        title, explanation = empty_words(len(self.lines))
        sheet = Sheet(
            self.session.overlay_parent(),
            title,
            _("Empty the list"),
            _("Back"),
            explanation=explanation,
            dismiss_name=_("Dismiss"),
            tone="bad",
        )
        self.session.ask(sheet, lambda: self.clear)

    def clear(self) -> None:
        """Nothing is entered any more."""
        self._request, self._last_taken = new_request(), 0
        self.lines.clear()
        self.note.clear()
        self.search.clear()
        self.search.take_keyboard()

    def quantities(self) -> dict[int, int]:
        """Thousandths by line.  Raises `Refused` for an empty list and for a line without a figure."""
        values = self.lines.values()
        if not values:
            raise Refused("nothing-entered")
        for one in self.lines.lines():
            value = values[one.key]
            if value is None:
                self.lines.go(one.key)
                raise Refused("line-without-quantity", what=one.title)
            self.check_most(one, value)
        return {key: value for key, value in values.items() if value is not None}

    def check_most(self, line: GoodsLine, value: int) -> None:
        """Raise `Refused` for more than there can be: a number that was meant for another field."""
        if value > MOST_ON_A_LINE:
            self.lines.go(line.key)
            count = quantity_text(value)
            raise Refused("line-count-implausible", what=line.title, count=count)

    # -- recording -------------------------------------------------------------------------------

    def prepare(self) -> Write:
        """What records the entry.  Raises `Refused` for what is missing."""
        raise NotImplementedError

    @property
    def request_id(self) -> str:
        """The request of this entry."""
        return self._request

    def record(self) -> None:
        """Record what was entered; who may not do it alone is asked for a manager."""
        try:
            write = self.prepare()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self.session.attempt_approved(write, self._recorded, request=self.request_id)

    def _recorded(self, done: Recorded) -> None:
        self.session.recorded()
        words, bad = recorded_words(self.title.text(), done)
        self.finished(done, words)
        if bad:
            self.session.warn(f"{words} {bad}")

    def finished(self, done: Recorded, words: str) -> None:
        """It is recorded: begin anew and say so."""
        self.clear()
        self.session.succeed(words)

    # -- keys and the pad ------------------------------------------------------------------------

    def _pad_digit(self, digit: str) -> None:
        field = self.lines.pad_field()
        if field is not None:
            field.type_digits(digit)

    def _pad_backspace(self) -> None:
        field = self.lines.pad_field()
        if field is not None:
            field.backspace()

    def _enter(self) -> None:
        self._last_taken = 0
        if self.lines.focused() is not None:
            if not self.lines.next_field():
                self.after_field()
        elif self.note.hasFocus():
            self.search.take_keyboard()
        else:
            self.enter_typed()

    def after_field(self) -> None:
        """Enter in the last field of a line: the scanner's field waits for the next."""
        self.search.take_keyboard()

    def _step(self, by: int) -> None:
        if self.lines.focused() is None:
            key = self.lines.current()
            first = next((one.key for one in self.lines.lines()), None)
            if by > 0 and (key or first) is not None:
                self.lines.go(key if key is not None else first or 0)
        elif not self.lines.step(by) and by < 0:
            self.search.take_keyboard()

    def key(self, event: QKeyEvent) -> bool:
        key, text = event.key(), typed_text(event)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif text:
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True


def check_goods(product: Product, quantity: int) -> None:
    """Raise `Refused` for a service, and for a number that is not more than nothing."""
    if not product.stocked:
        raise Refused("service-has-no-stock", name=product.name[:60])
    if quantity <= 0:
        raise Refused("count-with-sign")


def product_detail(product: Product) -> str:
    """What stands below a product's name: its code and its unit."""
    return " · ".join(part for part in (product.sku, product.unit) if part)
