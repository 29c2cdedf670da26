"""Owns the list of what a count found against the books, before it is booked."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.language import _, plural
from pos_app.ledger.quantity import quantity_text
from pos_app.till.stock.stock_count import Difference
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight


class DifferencePage(QWidget):
    """Each product that was counted, what differs first; `book` is the button that books it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Difference] = []
        self.table = Table(
            _("Differences"),
            [
                Column(_("product"), stretch=True),
                Column(_("counted"), right=True),
                Column(_("books have"), right=True, tone="muted"),
                Column(_("difference"), right=True, weight=Weight.SEMIBOLD),
                Column(_("what it means")),
            ],
        )
        self.table.setObjectName("differences")
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.book = PrimaryButton(_("Book the count"), "F12", bind=False)
        self.book.setObjectName("count-book")
        self._summary = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self._summary.setObjectName("count-summary")
        hint = Paragraph(_("Nothing is booked yet. Count again what differs, or book what was counted."))
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        whole = column(self._summary, hint, panel, self.book, spacing=Space.L)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def show_found(self, differences: Sequence[Difference], names: Callable[[int], str], areas: int) -> None:
        """Show these; `names` says what a product is called, and where it lay."""
        self.found = sorted(differences, key=lambda one: not one.quantity)
        self.table.set_lines([_line(one, names(one.product_id)) for one in self.found])
        wrong = len(self.differing())
        parts = [
            plural(
                len(differences) - wrong,
                "{count} product as in the books",
                "{count} products as in the books",
            ),
            plural(wrong, "{count} product differs", "{count} products differ"),
        ]
        if areas:
            parts.append(plural(areas, "{count} area", "{count} areas"))
        self._summary.set_text(" · ".join(parts))

    def differing(self) -> set[int]:
        """The products that differ."""
        return {one.product_id for one in self.found if one.quantity}


def _line(counted: Difference, name: str) -> list[str | Cell]:
    difference = counted.quantity
    sign = "+" if difference > 0 else ""
    meaning = (
        Cell(_("as in the books"), "ok")
        if not difference
        else Cell(_("more than the books have"), "warn")
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
