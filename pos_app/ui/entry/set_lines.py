"""Owns what receiving an order and receiving a transfer share: lines that stand, and what came of each."""

from PySide6.QtCore import Qt

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import MOST_ON_A_LINE
from pos_app.till.selling.catalogue import Product
from pos_app.ui.entry.entry import EntryScreen, check_goods
from pos_app.ui.kit.key_strip import KeyAction


class SetLinesScreen(EntryScreen):
    """The lines are those of a document; a scan adds one to its line, Enter goes from line to line."""

    #: What is still to come of each line, in thousandths, by the key of the line.
    left: dict[int, int]

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F5", self.note.placeholderText(), self.note.setFocus),
            KeyAction("F6", _("All of it"), self.take_all),
        ]

    def keys(self) -> list[KeyAction]:
        # Lines cannot be taken out here: what did not come stays empty.
        whole = super().keys()
        return [action for action in whole if action.key not in ("F3", "F8")]

    def busy(self) -> bool:
        return any(self.lines.values().values())

    def offered(self, words: str) -> list[Product]:
        here = {one.product_id for one in self.lines.lines()}
        return [product for product in super().offered(words) if product.product_id in here]

    def take(self, product: Product, quantity: int) -> None:
        check_goods(product, quantity)
        keys = [one.key for one in self.lines.lines() if one.product_id == product.product_id]
        if not keys:
            raise Refused(self.stranger_words(product))
        came = self.lines.values()
        # One product may stand on two lines of an order: the first that has not come whole takes it.
        open_keys = [key for key in keys if (came[key] or 0) < self.left[key]]
        key = (open_keys or keys)[0]
        before = came[key] or 0
        self.lines.fill(key, min(before + quantity, MOST_ON_A_LINE))
        self.taken(key, before, product.name)

    def stranger_words(self, product: Product) -> str:
        """Why a product that is on no line is refused."""
        raise NotImplementedError

    def take_all(self) -> None:
        """All that is still to come came."""
        for key, left in self.left.items():
            self.lines.fill(key, left or None)
        self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)

    def clear(self) -> None:
        lines = list(self.lines.lines())
        super().clear()
        self.lines.set_lines(lines)

    def start(self) -> None:
        """The keyboard waits in the first line of which something is to come; a scan goes to its own."""
        first = next((key for key, left in self.left.items() if left), None)
        if first is not None:
            self.lines.go(first)

    def after_field(self) -> None:
        if not self.lines.step(1):
            self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)

    def came(self) -> dict[int, int]:
        """What came of each line.  Raises `Refused` where nothing is entered."""
        values = self.lines.values()
        for one in self.lines.lines():
            self.check_most(one, values[one.key] or 0)
        found = {key: value for key, value in values.items() if value}
        if not found:
            raise Refused("nothing-came")
        return found

    def missing(self, came: dict[int, int]) -> int:
        """Of how many lines something has not come yet, after this."""
        return sum(1 for key, left in self.left.items() if came.get(key, 0) < left)
