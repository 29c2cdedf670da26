"""Owns icons: bundled Lucide drawings rendered in a colour of the theme, sharp on every screen."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Tone
from resources import resource

#: From so many pixels on an icon has the finer line.
_FINE = 24


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _rendered(name: str, size: int, colour: str, pixel_ratio: float) -> QPixmap:
    # The drawings are 24 wide; strokes of 2 there would turn heavy when the icon grows, so large icons
    # get a finer line and small ones keep at least about 1.5 px on the screen.
    stroke = "1.75" if size >= _FINE else "2"
    source = _drawing(name).replace("currentColor", colour)
    source = source.replace('stroke-width="2"', f'stroke-width="{stroke}"', 1)
    pixmap = QPixmap(round(size * pixel_ratio), round(size * pixel_ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


def draw_icon(painter: QPainter, name: str, left: float, top: float, size: int, *, colour: str) -> None:
    """Paint an icon, `size` logical pixels wide and `#RRGGBB`, its top left corner at the given point."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(
        QRectF(round(left), round(top), size, size),
        _rendered(name, size, colour, ratio),
        QRectF(0, 0, round(size * ratio), round(size * ratio)),
    )


class IconLabel(QWidget):
    """One icon that follows the theme. Its meaning is said in `accessible_name` and in the tooltip."""

    accessible_role = Role.Graphic

    def __init__(
        self,
        name: str,
        size: int = 0,
        tone: Tone = "text",
        accessible_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._size, self._tone = name, size or IconSize.MEDIUM, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_icon(name, tone, accessible_name)

    def set_icon(self, name: str, tone: Tone, accessible_name: str) -> None:
        """Show another icon with its tone and its words."""
        self._name, self._tone = name, tone
        self.setAccessibleName(accessible_name)
        self.setToolTip(accessible_name)
        self.update()

    def name(self) -> str:
        """The name of the icon shown."""
        return self._name

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, top = (self.width() - self._size) / 2, (self.height() - self._size) / 2
        draw_icon(painter, self._name, left, top, self._size, colour=current_palette().ink(self._tone))
