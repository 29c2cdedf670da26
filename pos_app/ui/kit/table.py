"""Owns the quiet table: lines instead of a grid, sums at the right in tabular figures, a modest header."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_app.ui.kit.lettering import elided, fitting_font, font, text_width
from pos_app.ui.kit.paint import CENTRE, LEFT, RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Space, Tone, Weight

LINE_HEIGHT = 40
_HEADER_HEIGHT = 30
_MEASURED_LINES = 200

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, and how its cells are set. Money and counts stand `right`."""

    title: str
    right: bool = False
    tone: Tone = "text"
    weight: int = Weight.REGULAR
    stretch: bool = False
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that differs from its column in tone or weight; a plain str is a cell that does not."""

    text: str
    tone: Tone | None = None
    weight: int | None = None


Line = Sequence[str | Cell]


class TableModel(QAbstractTableModel):
    """The lines, as Qt asks for them."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.lines: list[Line] = []

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def cell(self, line: int, column: int) -> Cell:
        """The cell at a place; empty where the line is too short."""
        cells = self.lines[line]
        found = cells[column] if column < len(cells) else ""
        return found if isinstance(found, Cell) else Cell(found)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(index.row(), index.column()).text
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None


class CellDelegate(QStyledItemDelegate):
    """Paints one cell with the line below it."""

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = current_palette()
        column = self._model.columns[index.column()]
        cell = self._model.cell(index.row(), index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, palette.accent_soft)
            if index.column() == 0:
                painter.fillRect(QRectF(box.left(), box.top(), px(4), box.height()), palette.accent)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), palette.line)
        inner = box.adjusted(Space.M, 0, -Space.M, -1)
        ink = palette.ink(cell.tone or column.tone)
        weight = cell.weight or column.weight
        if column.right:
            # A sum is never cut: it is set smaller instead.
            sizes = (Size.BODY, Size.SMALL, Size.CAPTION, Size.KEY)
            lettering = fitting_font(cell.text, sizes, inner.width(), weight)
            draw_line(painter, inner, cell.text, lettering, ink, align=RIGHT)
        else:
            draw_line(painter, inner, cell.text, font(Size.BODY, weight), ink)
        painter.restore()


class _Header(QHeaderView):
    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = model.columns
        self.setFixedHeight(px(_HEADER_HEIGHT))
        self.setMinimumSectionSize(px(40))
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(px(100), px(_HEADER_HEIGHT))

    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:  # noqa: N803
        box = QRectF(rect)  # type: ignore[call-overload]
        column = self._columns[logicalIndex]
        palette = current_palette()
        painter.save()
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), palette.line)
        inner = box.adjusted(Space.M, 0, -Space.M, -2)
        lettering = font(Size.CAPTION, Weight.SEMIBOLD)
        align = RIGHT if column.right else LEFT
        draw_line(painter, inner, column.title, lettering, palette.muted, align=align)
        painter.restore()


class Table(QTableView):
    """The table. `line_selected` and `line_activated` give the number of the line."""

    line_selected = Signal(int)
    line_activated = Signal(int)

    def __init__(
        self,
        accessible_name: str,
        columns: Sequence[Column],
        parent: QWidget | None = None,
        *,
        empty_text: str = "",
    ) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self._model = TableModel(columns, self)
        self.setHorizontalHeader(_Header(self._model, self))
        self.setModel(self._model)
        self.setItemDelegate(CellDelegate(self._model, self))
        self.setAccessibleName(accessible_name)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(LINE_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setWordWrap(False)
        self.clicked.connect(self._activate)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; nothing is selected."""
        self._model.set_lines(lines)
        self._share_width()
        self.viewport().update()

    def lines(self) -> Sequence[Line]:
        """The lines shown."""
        return self._model.lines

    def select(self, line: int) -> None:
        """Select a line and bring it into view."""
        # `selectRow` of Qt makes no line the current one where the window is laid out from right to left.
        self.setCurrentIndex(self._model.index(line, 0))
        self.scrollTo(self._model.index(line, 0))

    def selected(self) -> int | None:
        """The number of the selected line."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _wanted(self, number: int) -> float:
        column = self._model.columns[number]
        if column.width is not None:
            return float(column.width)
        head = text_width(column.title, font(Size.CAPTION, Weight.SEMIBOLD))
        widest = [head]
        for line in range(min(len(self._model.lines), _MEASURED_LINES)):
            cell = self._model.cell(line, number)
            weight = cell.weight or column.weight
            widest.append(text_width(cell.text, font(Size.BODY, weight, tabular=column.right)))
        return max(widest) + 2 * Space.M + px(4)

    def _share_width(self) -> None:
        """Give each column what it needs; the stretching ones take the rest, and give way first."""
        columns = self._model.columns
        room = float(self.viewport().width())
        widths = [self._wanted(number) for number in range(len(columns))]
        elastic = [number for number, column in enumerate(columns) if column.stretch]
        elastic = elastic or [number for number, column in enumerate(columns) if not column.right][-1:] or [0]
        rest = room - sum(width for number, width in enumerate(widths) if number not in elastic)
        for number in elastic:
            widths[number] = max(float(px(80)), rest / len(elastic))
        if sum(widths) > room:
            words = [n for n, column in enumerate(columns) if not column.right and n not in elastic]
            excess = sum(widths) - room
            total = sum(widths[n] for n in words) or 1.0
            for number in words:
                widths[number] = max(float(px(60)), widths[number] - excess * widths[number] / total)
        for number, width in enumerate(widths):
            self.setColumnWidth(number, int(width))

    def _tell(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.line_selected.emit(current.row())

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
        line = self.selected()
        if line is not None:
            self.line_activated.emit(line)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = smooth_painter(self.viewport())
        box = QRectF(self.viewport().rect())
        if self._empty_text and not self._model.lines:
            words = elided(self._empty_text, font(Size.SMALL), box.width() - 2 * Space.L)
            draw_line(painter, box, words, font(Size.SMALL), current_palette().muted, align=CENTRE)
        if self.hasFocus():
            rounded_box(painter, box, Radius.KEY, None, current_palette().accent, width=2.0)
        painter.end()
