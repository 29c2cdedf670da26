"""Labels with FNC1 in the real window: Ctrl+] is no key of a person, half a scan sells nothing."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key, Mod = Qt.Key, Qt.KeyboardModifier
GS = "\x1d"
#: The laundry by the kilogram, and what else there is.
KILO, HOSE = 13, 7


class Scanner:
    """A wedge scanner that types FNC1 in one of the ways in which scanners do."""

    def __init__(self, window: MainWindow, way: str) -> None:
        self._window, self._way, self._at = window, way, 100_000

    def _send(self, kind: QEvent.Type, key: int, modifiers: Qt.KeyboardModifier, typed: str) -> None:
        goal = QApplication.focusWidget() or self._window
        event = QKeyEvent(kind, key, modifiers, typed)
        event.setTimestamp(self._at)
        QCoreApplication.sendEvent(goal, event)

    def _stroke(self, key: int, modifiers: Qt.KeyboardModifier, typed: str) -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self._send(kind, key, modifiers, typed)

    def type(self, label: str, *, every_ms: int = 4) -> None:
        """Type a label, with its control characters as this scanner types them."""
        for sign in label:
            self._at += every_ms
            if sign == "\r" and self._way != "control":
                self._stroke(Key.Key_Return, Mod.NoModifier, "\r")
            elif sign == "\r":
                self._stroke(Key.Key_M, Mod.ControlModifier, "\r")
            elif sign == GS:
                self._separator()
            else:
                self._stroke(ord(sign), Mod.NoModifier, sign)

    def _separator(self) -> None:
        if self._way == "alt":
            self._send(QEvent.Type.KeyPress, Key.Key_Alt, Mod.AltModifier, "")
            for figure in "0029":
                self._stroke(ord(figure), Mod.AltModifier | Mod.KeypadModifier, "")
            self._send(QEvent.Type.KeyRelease, Key.Key_Alt, Mod.NoModifier, "")
            return
        self._send(QEvent.Type.KeyPress, Key.Key_Control, Mod.ControlModifier, "")
        typed = {"x11": GS, "control": GS, "qtest": "]", "silent": ""}[self._way]
        self._stroke(Key.Key_BracketRight, Mod.ControlModifier, typed)
        self._send(QEvent.Type.KeyRelease, Key.Key_Control, Mod.NoModifier, "")

    def pause(self, ms: int) -> None:
        """Say nothing for so long."""
        self._at += ms


@pytest.fixture(params=["x11", "qtest", "silent", "alt", "control"])
def scanner(request: pytest.FixtureRequest, window: MainWindow, selling: Hands) -> Scanner:
    return Scanner(window, request.param)


@pytest.fixture
def plain(window: MainWindow, selling: Hands) -> Scanner:
    return Scanner(window, "x11")


def settle(window: MainWindow) -> None:
    QTest.qWait(1)
    for _turn in range(500):
        if not window.scans.holding():
            return
        QTest.qWait(2)
    raise AssertionError("keys are held for ever")


def sold(window: MainWindow) -> list[tuple[str, int]]:
    settle(window)
    return [(line.sku, line.quantity) for line in window.session.basket.lines]


@pytest.fixture
def by_weight(till: Till) -> str:
    """The GTIN of a product that is sold by the kilogram."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE product SET unit = 'kg' WHERE product_id = :id"), {"id": KILO})
    return f"0{barcode_of(KILO)}"


@pytest.mark.parametrize("lead", ["", "]C1", "]d2", "]Q3"])
def test_a_label_with_a_separator_is_one_scan(
    window: MainWindow, scanner: Scanner, by_weight: str, lead: str
) -> None:
    scanner.type(f"{lead}01{by_weight}10AB12{GS}3103001255\r")
    assert sold(window) == [("LAU-KG", 1_255)]
    assert window.banner().text() == ""
    scanner.type(f"{lead}{GS if not lead else ''}10AB12{GS}01{by_weight}3103000500\r")
    assert sold(window) in ([("LAU-KG", 1_755)], [("LAU-KG", 1_255), ("LAU-KG", 500)])


def test_a_label_that_only_its_symbology_tells(window: MainWindow, plain: Scanner, by_weight: str) -> None:
    plain.type(f"]C13103001255{GS}01{by_weight}\r")
    assert sold(window) == [("LAU-KG", 1_255)]


@pytest.mark.parametrize("lead", ["", "]Q1", "]d1"])
@pytest.mark.parametrize(
    "label",
    [
        ("https://id.gs1.org/01/{kilo}?3103=001255", 1_255),
        ("HTTPS://ID.GS1.ORG/01/{kilo}?3103=001255", 1_255),
        ("https://shop.example/goods/01/{kilo}/10/AB%2F12?17=301231&3103=001255&linkType=gs1:pip", 1_255),
        ("https://shop.example/goods/01/{kilo}/21/7712", 1_000),
        ("https://shop.example/gtin/{kilo}/?3103=001255#top", 1_255),
    ],
)
def test_a_digital_link_is_its_product(
    window: MainWindow, plain: Scanner, by_weight: str, lead: str, label: tuple[str, int]
) -> None:
    link, quantity = label
    plain.type(f"{lead}{link.format(kilo=by_weight)}\r")
    assert sold(window) == [("LAU-KG", quantity)]
    assert window.banner().text() == ""


def test_a_long_digital_link_is_not_read_in_part(window: MainWindow, plain: Scanner, by_weight: str) -> None:
    """Cut in the middle of a number it would be another number."""
    said = {}
    for letters in (120, 400):
        plain.type(f"https://id.gs1.org/{'a' * letters}/01/{by_weight}?x={'a' * 30}&3103=001255\r")
        settle(window)
        said[letters] = window.banner().text()
        window.banner().dismiss()
    assert sold(window) == [("LAU-KG", 1_255)]
    assert not said[120]
    assert "long" in said[400]


def test_the_separator_of_a_label_whose_second_half_is_a_product(
    window: MainWindow, scanner: Scanner, by_weight: str
) -> None:
    """The half behind the separator is the code of a hose; it was sold."""
    scanner.type(f"01{by_weight}21{barcode_of(HOSE)}{GS}240{barcode_of(HOSE)}\r")
    assert [sku for sku, _quantity in sold(window)] == ["LAU-KG"]


def test_a_scanner_that_pauses_inside_a_label_goes_on_to_its_end(
    window: MainWindow, plain: Scanner, by_weight: str
) -> None:
    plain.type(f"01{by_weight}10AB12{GS}31")
    plain.pause(120)
    plain.type("03001255\r")
    assert sold(window) == [("LAU-KG", 1_255)]


@pytest.mark.parametrize("cut", ["}01{kilo}10AB{gs}", "{hose}", "01{kilo}3103"])
def test_a_scan_that_was_cut_off_sells_nothing_and_says_so(
    window: MainWindow, plain: Scanner, by_weight: str, cut: str
) -> None:
    plain.type(f"{barcode_of(1)}\r")
    before = sold(window)
    plain.type(cut.lstrip("}").format(kilo=by_weight, gs=GS, hose=barcode_of(HOSE)))
    settle(window)
    assert "cut off" in window.banner().text()
    # Its rest comes at once and would be a code of its own.
    plain.pause(400)
    plain.type(f"{barcode_of(HOSE)}\r")
    settle(window)
    assert "cut off" in window.banner().text()
    assert sold(window) == before
    plain.pause(1_000)
    plain.type(f"{barcode_of(HOSE)}\r")
    assert len(sold(window)) == len(before) + 1


def test_a_measure_that_the_product_has_not_sells_nothing(window: MainWindow, plain: Scanner) -> None:
    plain.type(f"010{barcode_of(HOSE)}3103001255\r")
    assert sold(window) == []
    assert window.banner().text()


def test_a_persons_control_keys_stay_theirs(window: MainWindow, selling: Hands) -> None:
    selling.type("hose")
    selling.press(Key.Key_A, Mod.ControlModifier)
    selling.type("lpg")
    assert window.current().search.text() == "lpg"  # type: ignore[attr-defined]
