"""Owns a sheet that hears what is painted on it: every text of a window, as a person reads it."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPaintDevice, QPaintEngine, QPainter
from PySide6.QtWidgets import QWidget

_METRIC = QPaintDevice.PaintDeviceMetric
_DOTS = 96


class _Ear(QPaintEngine):
    """Keeps the texts, draws nothing."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.heard: list[str] = []

    def begin(self, pdev: QPaintDevice) -> bool:
        self.setActive(True)
        return True

    def end(self) -> bool:
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, *_: object) -> None:
        pass

    def drawPixmap(self, *_: object) -> None:
        pass

    def drawImage(self, *_: object) -> None:
        pass

    def drawPath(self, *_: object) -> None:
        pass

    def drawPolygon(self, *_: object) -> None:
        pass

    def drawTextItem(self, p: object, textItem: object) -> None:
        self.heard.append(str(textItem.text()))  # type: ignore[attr-defined]


class _Sheet(QPaintDevice):
    def __init__(self, ear: _Ear, widget: QWidget) -> None:
        super().__init__()
        self._ear, self._size = ear, (widget.width(), widget.height())

    def paintEngine(self) -> QPaintEngine:
        return self._ear

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        known = {_METRIC.PdmWidth: self._size[0], _METRIC.PdmHeight: self._size[1], _METRIC.PdmDepth: 32}
        dots = (_METRIC.PdmDpiX, _METRIC.PdmDpiY, _METRIC.PdmPhysicalDpiX, _METRIC.PdmPhysicalDpiY)
        if metric is _METRIC.PdmDevicePixelRatioScaled:
            return 65536
        return _DOTS if metric in dots else known.get(metric, 1)


def painted_texts(widget: QWidget) -> list[str]:
    """Every text that the widget shows, line by line as it is painted."""
    ear = _Ear()
    sheet = _Sheet(ear, widget)
    painter = QPainter(sheet)
    widget.render(painter, QPoint())
    painter.end()
    return ear.heard
