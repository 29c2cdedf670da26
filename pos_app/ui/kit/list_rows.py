"""Owns the list of rows: basket, search, parked sales; one painted line each, so hundreds cost nothing."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import fitting_font, font, shrunk, text_width
from pos_app.ui.kit.paint import CENTRE, RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Size, Space, Tone, Weight

ROW_HEIGHT = 56
_BAR = 4
_BADGE_HEIGHT = 17
_BADGE_PADDING = 6

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Badge:
    """A short remark on a row, in words on a soft surface."""

    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says. `key` tells it from the others and comes back in the signals."""

    key: Hashable
    title: str
    amount: str = ""
    detail: str = ""
    badges: tuple[Badge, ...] = ()
    icon: str = ""
    tone: Tone = "text"

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.title, *(badge.text for badge in self.badges), self.detail, self.amount)
        return ", ".join(part for part in parts if part)


def badge_width(badge: Badge) -> float:
    """How wide a badge is drawn."""
    return text_width(badge.text, font(Size.KEY, Weight.SEMIBOLD)) + 2 * px(_BADGE_PADDING)


def draw_badge(painter: QPainter, left: QPointF, badge: Badge) -> None:
    """Draw a badge; `left` is the middle of its left edge."""
    palette, height = current_palette(), px(_BADGE_HEIGHT)
    chip = QRectF(left.x(), left.y() - height / 2, badge_width(badge), height)
    rounded_box(painter, chip, px(4), palette.soft(badge.tone))
    ink = palette.ink(badge.tone)
    draw_line(painter, chip, badge.text, font(Size.KEY, Weight.SEMIBOLD), ink, align=CENTRE)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run of rising numbers, the last run first."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs[::-1]


class RowModel(QAbstractListModel):
    """The rows, as Qt asks for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rows(self) -> Sequence[Row]:
        """All rows in order."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; rows that stay are not touched, so that selection and scrolling hold."""
        new = list(rows)
        new_keys = {row.key for row in new}
        for first, last in _runs([n for n, row in enumerate(self._rows) if row.key not in new_keys]):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        kept = {row.key for row in self._rows}
        if [row.key for row in new if row.key in kept] != [row.key for row in self._rows]:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        for first, last in reversed(_runs([n for n, row in enumerate(new) if row.key not in kept])):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = new[first : last + 1]
            self.endInsertRows()
        changed = [n for n, (old, row) in enumerate(zip(self._rows, new, strict=True)) if old != row]
        self._rows = new
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first), self.index(last))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken()
        if role == Qt.ItemDataRole.UserRole:
            return row
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints one row: bar, title with badges, detail below, the amount at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(200), px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, Row):
            return
        palette = current_palette()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, palette.accent_soft)
            painter.fillRect(QRectF(box.left(), box.top(), px(_BAR), box.height()), palette.accent)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), palette.line)
        inner = box.adjusted(Space.L, 0, -Space.L, -1)
        ink = palette.ink(row.tone)
        if row.icon:
            top = inner.center().y() - IconSize.MEDIUM / 2
            draw_icon(painter, row.icon, inner.left(), top, IconSize.MEDIUM, colour=ink)
            inner.setLeft(inner.left() + IconSize.MEDIUM + Space.M)
        self._paint_words(painter, inner, row, ink)
        painter.restore()

    def _paint_words(self, painter: QPainter, inner: QRectF, row: Row, ink: str) -> None:
        amount_font = fitting_font(
            row.amount, (Size.BODY, Size.SMALL, Size.CAPTION), inner.width() * 0.55, Weight.SEMIBOLD
        )
        amount_width = text_width(row.amount, amount_font) + 1 if row.amount else 0.0
        first = QRectF(inner.left(), inner.top() + px(8), inner.width(), px(22))
        if not row.detail:
            first.moveTop(inner.center().y() - px(22) / 2)
        amount_box = QRectF(first.right() - amount_width, first.top(), amount_width, px(22))
        draw_line(painter, amount_box, row.amount, amount_font, ink, align=RIGHT)
        room = first.width() - amount_width - (Space.M if row.amount else 0)
        self._paint_title(painter, QRectF(first.left(), first.top(), room, px(22)), row, ink)
        if row.detail:
            detail = QRectF(inner.left(), inner.top() + px(29), inner.width(), px(19))
            muted = current_palette().muted
            below = shrunk(row.detail, Size.SMALL, inner.width(), tabular=True)
            draw_line(painter, detail, row.detail, below, muted)

    def _paint_title(self, painter: QPainter, box: QRectF, row: Row, ink: str) -> None:
        title_font = font(Size.BODY)
        # The title keeps at least half of its room; badges that no longer fit are told by the tooltip.
        title_width = text_width(row.title, title_font) + 1
        shown: list[tuple[Badge, float]] = []
        room = box.width() - min(title_width, box.width() * 0.5)
        for badge in row.badges:
            width = badge_width(badge)
            if width + px(_BADGE_PADDING) > room:
                break
            shown.append((badge, width))
            room -= width + px(_BADGE_PADDING)
        taken = sum(width + px(_BADGE_PADDING) for _, width in shown)
        title_width = min(title_width, box.width() - taken)
        draw_line(
            painter, QRectF(box.left(), box.top(), title_width, box.height()), row.title, title_font, ink
        )
        left = box.left() + title_width + px(_BADGE_PADDING)
        for badge, width in shown:
            draw_badge(painter, QPointF(left, box.center().y()), badge)
            left += width + px(_BADGE_PADDING)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        row = index.data(Qt.ItemDataRole.UserRole)
        view.setToolTip(row.spoken() if isinstance(row, Row) else "")
        return super().helpEvent(event, view, option, index)


class RowList(QListView):
    """The list. One row may be selected; it stays selected by its key while rows come and go."""

    row_selected = Signal(object)
    row_activated = Signal(object)

    def __init__(self, accessible_name: str, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self._model = RowModel(self)
        self.setModel(self._model)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(accessible_name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._activate)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. The keys must differ; what was selected stays so, wherever it moved."""
        before = self.selected()
        was_empty = not self._model.rows()
        self._model.set_rows(rows)
        if before is not None and self.selected() is None:
            self.select(before.key)
        if was_empty or not rows:
            # The words of an empty list stand where no row is.
            self.viewport().update()

    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._model.rows()

    def select(self, key: Hashable | None) -> None:
        """Select the row with this key and bring it into view; None selects nothing."""
        for number, row in enumerate(self._model.rows()):
            if row.key == key:
                if self.currentIndex().row() == number:
                    self.scrollTo(self._model.index(number))
                    return
                self.setCurrentIndex(self._model.index(number))
                self.scrollTo(self._model.index(number))
                return
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def select_step(self, step: int) -> None:
        """Move the selection up (-1) or down (1) without taking the keyboard."""
        count = len(self._model.rows())
        if not count:
            return
        now = self.currentIndex().row()
        goal = (0 if step > 0 else count - 1) if now < 0 else max(0, min(count - 1, now + step))
        self.select(self._model.rows()[goal].key)

    def selected(self) -> Row | None:
        """The selected row."""
        number = self.currentIndex().row()
        rows = self._model.rows()
        return rows[number] if 0 <= number < len(rows) else None

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        row = self.selected() if selected.indexes() else None
        if row is not None:
            self.row_selected.emit(row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate()
            return
        if event.text().isprintable() and event.text():
            # Qt would jump to the row that begins so; at a till, typing searches.
            event.ignore()
            return
        super().keyPressEvent(event)

    def _activate(self) -> None:
        row = self.selected()
        if row is not None:
            self.row_activated.emit(row.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._model.rows() or not self._empty_text:
            if self.hasFocus():
                self._paint_focus()
            return
        painter = smooth_painter(self.viewport())
        box = QRectF(self.viewport().rect()).adjusted(Space.L, 0, -Space.L, 0)
        draw_line(painter, box, self._empty_text, font(Size.SMALL), current_palette().muted, align=CENTRE)
        painter.end()

    def _paint_focus(self) -> None:
        painter = smooth_painter(self.viewport())
        box = QRectF(self.viewport().rect())
        rounded_box(painter, box, 2, None, current_palette().accent, width=2.0)
        painter.end()
