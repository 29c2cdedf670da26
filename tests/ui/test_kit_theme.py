"""The theme: bundled files are found, both palettes go on at run time, figures are tabular."""

import os
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.kit import tokens
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.icon import IconLabel, draw_icon
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.theme import apply_theme, current_palette, theme_notice
from resources import resource

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

KIT = Path(__file__).parents[2] / "pos_app" / "ui" / "kit"


def luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    seen = QColor(colour)
    return 0.2126 * linear(seen.redF()) + 0.7152 * linear(seen.greenF()) + 0.0722 * linear(seen.blueF())


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_resource_is_found_from_source_and_from_a_bundle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert resource("fonts", "Inter-Regular.otf").is_file()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("icons", "x.svg") == tmp_path / "resources" / "icons" / "x.svg"


def test_fonts_and_icons_come_with_their_licences() -> None:
    assert "SIL OPEN FONT LICENSE" in resource("fonts", "Inter-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in resource("fonts", "JetBrainsMono-LICENSE.txt").read_text("utf-8")
    assert "ISC License" in resource("icons", "LICENSE.txt").read_text(encoding="utf-8")


def test_the_kit_imports_nothing_of_the_store() -> None:
    for path in KIT.glob("*.py"):
        assert not re.search(r"^\s*(from|import) (sqlalchemy|pos_app\.store)", path.read_text("utf-8"), re.M)


@pytest.mark.parametrize("palette", [tokens.LIGHT, tokens.DARK], ids=lambda palette: palette.mode)
def test_all_words_can_be_read_on_their_surface(palette: tokens.Palette) -> None:
    tones: tuple[tokens.Tone, ...] = ("ok", "warn", "bad", "accent", "neutral")
    for tone in tones:
        assert contrast(palette.ink(tone), palette.soft(tone)) >= 4.5
    for surface in (palette.background, palette.surface, palette.raised, palette.accent_soft):
        assert contrast(palette.text, surface) >= 7
        assert contrast(palette.muted, surface) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5


def test_a_theme_goes_on_at_run_time_and_says_so(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "light")
    assert current_palette() is tokens.LIGHT
    label = IconLabel("store", 24, "accent", "depot")
    qtbot.addWidget(label)
    label.resize(24, 24)
    before = label.grab().toImage()
    with qtbot.waitSignal(theme_notice.theme_changed):
        apply_theme(qapp, "dark")
    assert current_palette() is tokens.DARK
    assert label.grab().toImage() != before
    apply_theme(qapp, "light")


def test_words_keep_their_colour_when_they_move_after_a_change_of_theme(
    qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, "dark")
    whole, one, other = QWidget(), QWidget(), QWidget()
    qtbot.addWidget(whole)
    layout = QHBoxLayout(whole)
    places = [QHBoxLayout(place) for place in (one, other)]
    for place in (one, other):
        layout.addWidget(place)
    banner = Banner("Dismiss")
    places[0].addWidget(banner)
    whole.show()
    banner.refuse("No.")
    apply_theme(qapp, "light")
    places[1].addWidget(banner)
    banner.refuse("Still no.")
    (words,) = banner.findChildren(Paragraph)
    assert words.palette().color(QPalette.ColorRole.WindowText) == QColor(tokens.LIGHT.text)


def test_tabular_figures_are_all_equally_wide(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    lettering = font(15, tokens.Weight.SEMIBOLD, tabular=True)
    widths = [text_width(figure * 4, lettering) for figure in "0123456789"]
    assert max(widths) - min(widths) < 0.1


def test_an_icon_is_drawn_in_its_colour_and_as_sharp_as_the_screen(qapp: QApplication) -> None:
    pixmap = QPixmap(40, 40)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_icon(painter, "check", 0, 0, 20, colour="#B42318")
    painter.end()
    image = pixmap.toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#b42318"}


def test_a_large_sum_shrinks_rather_than_lose_a_digit(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "light")
    figure = Figure("999,999,999.00", tokens.Size.HERO)
    qtbot.addWidget(figure)
    for width in (500, 300, 200, 120):
        figure.resize(width, 60)
        assert text_width(figure.text(), figure.lettering()) <= width
