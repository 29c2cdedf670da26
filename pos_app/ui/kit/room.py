"""Owns what happens when a field has no room for more: it says so, and never drops what was typed in silence.

Decisions
---------
2026-11-29  A field that is full takes nothing more and says how much it holds; what stood there stays for the
person to see, and a sum is not entered until they looked (see `AmountField`).  The field knows how much it
holds and not whom it tells: the window has the words.
"""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QLineEdit, QWidget


class Room(StrEnum):
    """What a field holds so much of."""

    FIGURES = "figures"
    DECIMALS = "decimals"
    LETTERS = "letters"


@runtime_checkable
class TellsFull(Protocol):
    """A window that can say that a field is full."""

    def tell_full(self, room: Room, most: int) -> None:
        """Say that no more than so many can stand there."""


def say_full(field: QWidget, room: Room, most: int) -> None:
    """Tell the window around a field that it holds no more."""
    around = field.window()
    if isinstance(around, TellsFull):
        around.tell_full(room, most)


def limit(field: QLineEdit, most: int) -> None:
    """Let a line hold so many letters, and say so when more are typed or pasted."""
    field.setMaxLength(most)
    field.inputRejected.connect(lambda: say_full(field, Room.LETTERS, most))
