"""Owns the panel behind F1: every key of the screen, the theme, the language, sounds, and going away."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.language import LANGUAGES, _, current_language
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.button import OptionTile, QuietButton
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.keycap import KeyCap
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Space, Touch
from pos_app.ui.session import Session

#: The keys that do the same wherever a person is, beside F1.
LOCK_KEY: Final = "Ctrl+L"
SIGN_OUT_KEY: Final = "Ctrl+Q"


class Leaving(NamedTuple):
    """The two ways to go away from the till: for a moment, and for good."""

    lock: Callable[[], object]
    sign_out: Callable[[], object]


class Choice(NamedTuple):
    """Something that is on or off; `act` makes it the other, or the next of what there is."""

    words: str
    icon: str
    on: bool
    act: Callable[[], object]


class Choices(NamedTuple):
    """What can be chosen of how the till looks and sounds."""

    set_mode: Callable[[str], object]
    set_language: Callable[[str], object]
    others: Sequence[Choice]


class KeysSheet(Sheet):
    """The manual of the screen, and the settings of the till."""

    def __init__(
        self,
        session: Session,
        actions: Sequence[KeyAction],
        choices: "Choices",
        leaving: "Leaving | None",
    ) -> None:
        body = QWidget()
        super().__init__(
            session.overlay_parent(),
            _("Keys"),
            _("Done"),
            _("Back"),
            body=body,
            dismiss_name=_("Dismiss"),
            width=px(560),
        )
        self.modes: dict[str, OptionTile] = {}
        self.languages: dict[str, OptionTile] = {}
        for mode, words, icon in (
            ("light", _("Light"), "sun"),
            ("dark", _("Dark"), "moon"),
            ("contrast", _("High contrast"), "contrast"),
        ):
            tile = OptionTile(words, icon, height=Touch.LEAST)
            tile.set_selected(current_palette().mode == mode)
            tile.clicked.connect(lambda _checked=False, to=mode: self._go(choices.set_mode, to))
            self.modes[mode] = tile
        for code, name in LANGUAGES.items():
            tile = OptionTile(name, height=Touch.LEAST)
            tile.set_selected(current_language() == code)
            tile.clicked.connect(lambda _checked=False, to=code: self._go(choices.set_language, to))
            self.languages[code] = tile
        self.others: list[OptionTile] = []
        for choice in choices.others:
            tile = OptionTile(choice.words, choice.icon, height=Touch.LEAST)
            tile.set_selected(choice.on)
            tile.clicked.connect(lambda _checked=False, act=choice.act: self._leave(act))
            self.others.append(tile)
        self.lock = QuietButton(_("Lock"), LOCK_KEY, "lock")
        self.lock.setObjectName("lock")
        self.sign_out = QuietButton(_("Sign out"), SIGN_OUT_KEY, "log-out")
        self.sign_out.setObjectName("sign-out")
        self.lock.clicked.connect(lambda: self._leave(leaving and leaving.lock))
        self.sign_out.clicked.connect(lambda: self._leave(leaving and leaving.sign_out))
        body.setLayout(
            column(
                _manual(actions),
                line(*self.modes.values()),
                line(*self.languages.values()),
                line(*self.others),
                line(self.lock, self.sign_out),
                spacing=Space.M,
            )
        )
        # Shown before it had its place, it would be a window of its own for a moment.
        for way in (self.lock, self.sign_out):
            way.setVisible(leaving is not None)
        self.accepted.connect(self.close_sheet)

    def _leave(self, way: Callable[[], object] | None) -> None:
        self.close_sheet()
        if way is not None:
            way()

    def _go(self, change: Callable[[str], object], to: str) -> None:
        self.close_sheet()
        change(to)


def _manual(actions: Sequence[KeyAction]) -> QGridLayout:
    """Every key of the screen with its words, whole, in two columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    shown = [(action.key, action.label) for action in actions]
    shown += [("Tab", _("Next field")), ("Enter", _("Take what is marked"))]
    rows = -(-len(shown) // 2)
    for number, (key, label) in enumerate(shown):
        entry = line(KeyCap(key), Label(label, Size.BODY), 1)
        grid.addLayout(entry, number % rows, number // rows)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid
