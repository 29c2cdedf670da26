"""Owns the two ways in which things stand on a screen: below one another, and side by side."""

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from pos_app.ui.kit.label import Label
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight

Part = QWidget | QLayout | int


def column(*parts: Part, margin: int = 0, spacing: int = Space.M) -> QVBoxLayout:
    """A column of parts; a number is a stretch."""
    made = QVBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def line(*parts: Part, spacing: int = Space.M) -> QHBoxLayout:
    """A line of parts; a number is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def _fill(box: QHBoxLayout | QVBoxLayout, parts: tuple[Part, ...]) -> None:
    for part in parts:
        if isinstance(part, QWidget):
            box.addWidget(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addStretch(part)


def listing_head(what: str, amount: str) -> QHBoxLayout:
    """What stands above a list of rows: what they are, and what the figures at the right are."""
    made = line(
        Label(what, Size.CAPTION, "muted", Weight.SEMIBOLD),
        1,
        Label(amount, Size.CAPTION, "muted", Weight.SEMIBOLD, right=True),
    )
    made.setContentsMargins(Space.L, Space.S, Space.L, 0)
    return made


class SumLine(QWidget):
    """A quiet line of figures: what at the left, how much at the right."""

    def __init__(self, what: str = "", tone: Tone = "muted", size: float = Size.SMALL) -> None:
        super().__init__()
        self.what = Label(what, size, tone, tabular=True)
        self.amount = Label("", size, tone, tabular=True, right=True)
        self.setLayout(line(self.what, 1, self.amount))

    def say(self, what: str, amount: str) -> None:
        """Show another sum."""
        self.what.set_text(what)
        self.amount.set_text(amount)
