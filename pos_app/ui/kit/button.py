"""Owns the buttons: the one green action of a screen, the quiet ones, and the tiles that offer a choice."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.avatar import draw_avatar
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import fitting_font, font, line_height, shrunk, text_width
from pos_app.ui.kit.paint import (
    CENTRE,
    LEFT,
    draw_key_cap,
    draw_line,
    draw_lines,
    focus_ring,
    key_cap_width,
    mixed,
    rounded_box,
    smooth_painter,
)
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Radius, Size, Space, Tone, Touch, Weight


def key_sequences(key: str) -> list[QKeySequence]:
    """The sequences that the words on a cap stand for; none when they name no key of the keyboard."""
    # "↓ Enter" shows two keys; the last is the one that acts.
    name = key.rpartition(" ")[2]
    if name in ("Enter", "Return"):
        # A keyboard has two of them, and a cashier uses both.
        return [QKeySequence("Return"), QKeySequence("Enter")]
    sequence = QKeySequence(name)
    return [] if sequence.isEmpty() or not sequence.toString() else [sequence]


class PrimaryButton(Pressable):
    """The one green action of a screen, with its key on it. The key presses it while it can be seen."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None, *, bind: bool = True) -> None:
        super().__init__(text, parent)
        self._key = key
        self._tone: Tone = "accent"
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for sequence in key_sequences(key) if bind else []:
            shortcut = QShortcut(sequence, self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.click)
            # The key strip may offer the same action under the same key: one press is still one press.
            shortcut.activatedAmbiguously.connect(self.click)

    def set_text(self, text: str) -> None:
        """Say another action."""
        if text == self.text():
            return
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """`accent`, or `bad` for an action that destroys something."""
        self._tone = tone
        self.update()

    def key(self) -> str:
        """The words on the key cap."""
        return self._key

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), font(Size.LEAD + 1, Weight.BOLD)) + key_cap_width(self._key)
        return QSize(round(width) + px(12) + 2 * Space.XL, Touch.PRIMARY)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), Touch.LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        fill, ink = palette.ink(self._tone), palette.on_accent
        if not self.isEnabled():
            fill, ink = palette.key_cap, palette.muted
        elif self.isDown():
            fill = mixed(fill, palette.text, 0.18)
        elif self.hovered():
            fill = mixed(fill, palette.text, 0.08)
        rounded_box(painter, self.box(), Radius.TILE, fill)
        cap = key_cap_width(self._key)
        gap = px(12) if cap else 0
        room = self.width() - 2 * Space.L - cap - gap
        sizes = (Size.LEAD + 1, Size.LEAD, Size.BODY, Size.SMALL)
        lettering = fitting_font(self.text(), sizes, room, tabular=False)
        natural = text_width(self.text(), lettering) + 1
        width = min(natural, room)
        left = (self.width() - width - gap - cap) / 2
        words = QRectF(left, 0, width, self.height())
        if natural > room + 1:
            # Even the smallest is too long for one line: two lines, and an ellipsis only after those.
            words.adjust(0, self.height() / 2 - line_height(lettering), 0, 0)
            draw_lines(painter, words, self.text(), lettering, ink, most=2)
        else:
            draw_line(painter, words, self.text(), lettering, ink)
        if cap:
            draw_key_cap(
                painter, left + width + gap, self.height() / 2, self._key, on_accent=self.isEnabled()
            )
        if self.hasFocus():
            focus_ring(painter, self.box(), Radius.TILE, palette.on_accent)
        painter.end()


class QuietButton(Pressable):
    """An action that is not the one of the screen: outlined, or bare with `bare=True`."""

    def __init__(
        self,
        text: str,
        key: str = "",
        icon: str = "",
        parent: QWidget | None = None,
        *,
        bare: bool = False,
        accessible_name: str = "",
    ) -> None:
        super().__init__(accessible_name or text, parent)
        self._key, self._icon, self._bare = key, icon, bare
        self._tone: Tone = "text"
        self.setText(text)
        if accessible_name and not text:
            self.setToolTip(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Say another action."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Colour the words, for example `bad` for an action that removes."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), font(Size.BODY, Weight.MEDIUM)) + self._beside()
        return QSize(max(Touch.LEAST, round(width) + 1 + 2 * Space.L), Touch.LEAST)

    def minimumSizeHint(self) -> QSize:
        return QSize(Touch.LEAST, Touch.LEAST)

    def _beside(self) -> float:
        """What stands beside the words: the icon and the cap with their gaps."""
        icon = IconSize.MEDIUM + (Space.S if self.text() else 0) if self._icon else 0
        cap = key_cap_width(self._key) + Space.M if self._key else 0
        return icon + cap

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        fill = None if self._bare else palette.raised
        if self.isDown():
            fill = mixed(palette.surface, palette.text, 0.12)
        elif self.hovered():
            fill = mixed(palette.surface, palette.text, 0.05)
        ink = palette.ink(self._tone) if self.isEnabled() else palette.muted
        border = None if self._bare else palette.line
        rounded_box(painter, self.box(), Radius.TILE, fill, border)
        lettering = font(Size.BODY, Weight.MEDIUM)
        room = self.width() - 2 * min(Space.L, self.width() / 6) - self._beside()
        width = min(text_width(self.text(), lettering) + 1, room) if self.text() else 0
        left = (self.width() - width - self._beside()) / 2
        if self._icon:
            draw_icon(
                painter, self._icon, left, (self.height() - IconSize.MEDIUM) / 2, IconSize.MEDIUM, colour=ink
            )
            left += IconSize.MEDIUM + (Space.S if self.text() else 0)
        draw_line(painter, QRectF(left, 0, width, self.height()), self.text(), lettering, ink)
        if self._key:
            draw_key_cap(painter, left + width + Space.M, self.height() / 2, self._key)
        if self.hasFocus():
            focus_ring(painter, self.box(), Radius.TILE, palette.accent)
        painter.end()


#: From the size of a body down to the smallest that is read at an arm's length.
_ROW_SIZES = (Size.BODY, Size.BODY - 1, Size.BODY - 2, Size.SMALL, Size.CAPTION)


class OptionTile(Pressable):
    """One of several choices: icon or initials, words, key cap; selected shows in border and surface."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        key: str = "",
        parent: QWidget | None = None,
        *,
        detail: str = "",
        initials_of: str = "",
        centred: bool = False,
        height: int = 0,
    ) -> None:
        super().__init__(text, parent)
        self._icon, self._key, self._detail = icon, key, detail
        self._initials_of, self._centred, self._height = initials_of, centred, height or Touch.TILE
        self.setText(text)
        self.setToolTip(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, detail: str = "") -> None:
        """Say another choice."""
        self.setText(text)
        self._detail = detail
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Mark this choice as the one taken; emits nothing but `toggled`."""
        self.setChecked(selected)

    def sizeHint(self) -> QSize:
        # The same for all, so that choices side by side are equally wide whatever their words.
        return QSize(px(96 if self._centred else 180), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(Touch.TILE, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        chosen = self.isChecked()
        fill = palette.accent_soft if chosen and not self._centred else palette.surface
        if self.isDown() or (self.hovered() and not chosen):
            fill = mixed(fill, palette.text, 0.1 if self.isDown() else 0.04)
        rounded_box(
            painter,
            self.box(),
            Radius.TILE,
            fill,
            palette.accent if chosen else palette.line,
            width=2.0 if chosen else 1.0,
        )
        ink = palette.text if self.isEnabled() else palette.muted
        if self._centred:
            inner = self.box().adjusted(Space.S, 0, -Space.S, 0)
            sizes = (Size.LEAD, Size.SMALL, Size.CAPTION, Size.KEY)
            lettering = fitting_font(self.text(), sizes, inner.width(), Weight.SEMIBOLD)
            self._paint_words(painter, inner, lettering, ink, align=CENTRE)
        else:
            self._paint_row(painter, ink)
        if self.hasFocus():
            focus_ring(painter, self.box(), Radius.TILE, palette.accent)
        painter.end()

    def _paint_row(self, painter: QPainter, ink: str) -> None:
        left, middle = float(Space.XL), self.height() / 2
        right = self.width() - Space.XL - key_cap_width(self._key)
        if self._initials_of:
            draw_avatar(painter, left - 2, middle - px(36) / 2, px(36), self._initials_of)
            left += px(36) + Space.M
        elif self._icon:
            draw_icon(painter, self._icon, left, middle - IconSize.TOUCH / 2, IconSize.TOUCH, colour=ink)
            left += IconSize.TOUCH + Space.M + 2
        if self._key:
            draw_key_cap(painter, right, middle, self._key)
        room = right - left - (Space.S if self._key else 0)
        # A word of Swahili may be twice as long as the English: it is smaller before it is cut.
        lettering = fitting_font(self.text(), _ROW_SIZES, room, Weight.SEMIBOLD, tabular=False)
        if not self._detail:
            self._paint_words(painter, QRectF(left, 0, room, self.height()), lettering, ink)
            return
        muted, below = current_palette().muted, shrunk(self._detail, Size.CAPTION, room)
        # Two lines below where one is too short: then all three move up.
        lines = 1 if text_width(self._detail, below) <= room else 2
        long = text_width(self.text(), lettering) > room + 1
        high = 2 * line_height(lettering) if long else px(22)
        top = middle - (high + lines * line_height(below)) / 2
        title = QRectF(left, top, room, high)
        if long:
            draw_lines(painter, title, self.text(), lettering, ink, most=2)
        else:
            draw_line(painter, title, self.text(), lettering, ink)
        draw_lines(painter, QRectF(left, top + high, room, px(36)), self._detail, below, muted, most=lines)

    def _paint_words(
        self, painter: QPainter, box: QRectF, lettering: QFont, ink: str, *, align: Qt.AlignmentFlag = LEFT
    ) -> None:
        """The words on one line, or on two where even the smallest are too long for one."""
        if text_width(self.text(), lettering) <= box.width() + 1:
            draw_line(painter, box, self.text(), lettering, ink, align=align)
            return
        words = box.adjusted(0, self.height() / 2 - line_height(lettering), 0, 0)
        draw_lines(painter, words, self.text(), lettering, ink, most=2)
