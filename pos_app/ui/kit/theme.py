"""Owns the theme in force: fonts, palette and style sheet, and the word that it changed."""

from functools import lru_cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from pos_app.ui.kit import tokens
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Palette, Radius, Size
from resources import resource

FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
)


class ThemeNotice(QObject):
    """Holds the palette in force and says when it is another, to whatever keeps a colour it once read."""

    theme_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = tokens.LIGHT


theme_notice = ThemeNotice()


def current_palette() -> Palette:
    """The colours in force. Widgets ask while they paint, so a change needs no more than a repaint."""
    return theme_notice.palette


def apply_theme(app: QApplication, mode: tokens.Mode) -> None:
    """Put a theme, at the scale in force, on the whole application; may be called again at any time."""
    _load_fonts()
    palette = tokens.PALETTES[mode]
    theme_notice.palette = palette
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font(Size.BODY))
    app.setPalette(_qt_palette(palette))
    app.setStyleSheet(style_sheet(palette))
    theme_notice.theme_changed.emit()


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for name in FONT_FILES:
        path = resource("fonts", name)
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(f"font not usable: {path}")


def _qt_palette(palette: Palette) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for colour_role, colour in (
        (role.Window, palette.background),
        (role.WindowText, palette.text),
        (role.Base, palette.surface),
        (role.AlternateBase, palette.background),
        (role.Text, palette.text),
        (role.Button, palette.key_cap),
        (role.ButtonText, palette.text),
        (role.PlaceholderText, palette.muted),
        (role.ToolTipBase, palette.text),
        (role.ToolTipText, palette.surface),
        (role.Highlight, palette.accent),
        (role.HighlightedText, palette.on_accent),
        (role.Link, palette.accent),
    ):
        made.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(palette.muted))
    return made


def style_sheet(palette: Palette) -> str:
    """The one style sheet, made from the tokens.

    It names no fonts: a font in a style sheet would drop the tabular figures set on the widget.
    """
    edge = palette.edge
    return f"""
QToolTip {{
    background: {palette.text}; color: {palette.surface}; border: none;
    border-radius: {Radius.KEY}px; padding: {px(4)}px {px(8)}px;
}}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDateEdit {{
    background: {palette.surface}; color: {palette.text};
    border: {edge}px solid {palette.line}; border-radius: {Radius.FIELD}px;
    padding: 1px {px(10) + 1}px; min-height: {px(48) - 4}px;
    selection-background-color: {palette.accent}; selection-color: {palette.on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus {{
    border: {edge + 1}px solid {palette.accent}; padding: 0 {px(10)}px;
}}
QLineEdit:disabled {{ background: {palette.background}; color: {palette.muted}; }}
QLineEdit[state="bad"] {{ border: {edge + 1}px solid {palette.bad}; padding: 0 {px(10)}px; }}
QScrollArea, QAbstractScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QAbstractItemView {{ outline: none; }}
QHeaderView {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; margin: 0; }}
QScrollBar::handle {{ background: {palette.line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: {px(48)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(48)}px; }}
QScrollBar::handle:hover {{ background: {palette.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
