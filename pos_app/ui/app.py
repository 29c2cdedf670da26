"""Owns the start of the window: the application, its theme and language, and what happens to a bug."""

import signal
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.language import _, use_language
from pos_app.log import events
from pos_app.till.till import Till
from pos_app.ui.garbage import collect_here, keep_what_is_loaded
from pos_app.ui.kit.accessible import tell_roles
from pos_app.ui.kit.scale import DESIGN_HEIGHT, DESIGN_WIDTH, scale_for, set_scale
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.tokens import Mode
from pos_app.ui.window import MainWindow, Settings

if TYPE_CHECKING:
    from pos_app.till.paper.spool import Spool
    from pos_app.ui.first_start.deeds import Deeds
    from pos_app.ui.first_start.window import FirstStartWindow

_TITLE_BAR_HEIGHT = 48
_HEART_MS = 500


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    made = QApplication(["bohari"])
    made.setApplicationName("Bohari POS")
    made.setDesktopFileName("bohari-pos")
    return made


def build_window(
    till: Till,
    spool: "Spool | None" = None,
    settings: Settings | None = None,
    *,
    size: tuple[int, int] = (DESIGN_WIDTH, DESIGN_HEIGHT),
) -> MainWindow:
    """The window, not yet shown, made for a size in pixels; needs `application()` first."""
    chosen = settings or Settings()
    collect_here(application())
    use_language(chosen.language)
    tell_roles()
    set_scale(chosen.scale or scale_for(*size))
    apply_theme(application(), chosen.mode)
    window = MainWindow(till, spool, chosen)
    window.resize(*size)
    return window


def build_first_start(
    deeds: "Deeds",
    settings: Settings | None = None,
    *,
    size: tuple[int, int] = (DESIGN_WIDTH, DESIGN_HEIGHT),
) -> "FirstStartWindow":
    """The window of the first start, not yet shown, made for a size; needs `application()` first."""
    # A till that is at work never shows it.
    from pos_app.ui.first_start.window import FirstStartWindow

    chosen = settings or Settings()
    collect_here(application())
    use_language(chosen.language)
    set_scale(chosen.scale or scale_for(*size))
    apply_theme(application(), chosen.mode)
    window = FirstStartWindow(deeds, scanner=chosen.scanner)
    window.resize(*size)
    return window


def run_first_start(deeds: "Deeds", *, full_screen: bool = False, settings: Settings | None = None) -> bool:
    """Show the first start until it is done or closed; says whether it was done."""
    qInstallMessageHandler(_qt_says)
    app = application()
    size, is_small = _room(app, full_screen=full_screen)
    window = build_first_start(deeds, settings, size=size)
    window.finished.connect(app.quit)
    _show(window, full_screen=full_screen, is_small=is_small)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: app.quit())
    # Python looks at signals between its own steps; a window in which nothing happens makes none.
    heart = QTimer()
    heart.timeout.connect(lambda: None)
    heart.start(_HEART_MS)
    app.exec()
    window.close()
    return window.is_finished


def _room(app: QApplication, *, full_screen: bool) -> tuple[tuple[int, int], bool]:
    """The size for which a window is made, and whether the screen has no more than that."""
    screen = app.primaryScreen()
    # On a 1366 × 768 screen the foot of a window of the design's size would lie below the edge.
    is_small = screen.availableSize().height() < DESIGN_HEIGHT + _TITLE_BAR_HEIGHT
    # Made for the size it will have: what is made for another is made twice before the first picture.
    room = screen.size() if full_screen else screen.availableSize() if is_small else None
    return (DESIGN_WIDTH, DESIGN_HEIGHT) if room is None else (room.width(), room.height()), is_small


def _show(window: QWidget, *, full_screen: bool, is_small: bool) -> None:
    if full_screen:
        window.showFullScreen()
    elif is_small:
        window.showMaximized()
    else:
        window.show()


def run(
    till: Till,
    spool: "Spool | None" = None,
    *,
    mode: Mode = "light",
    language: str = "en",
    full_screen: bool = False,
    settings: Settings | None = None,
) -> int:
    """Show the window until it is closed; starts and stops the spool.  Gives the exit code."""
    qInstallMessageHandler(_qt_says)
    app = application()
    size, is_small = _room(app, full_screen=full_screen)
    window = build_window(till, spool, settings or Settings(mode, language), size=size)
    watch_for_bugs(window)
    window.ready.connect(till.warm)
    window.ready.connect(keep_what_is_loaded)
    if spool is not None:
        window.ready.connect(spool.start)
    _show(window, full_screen=full_screen, is_small=is_small)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Python looks at signals between its own steps; the window's poll makes one every second.
        signal.signal(number, lambda _number, _frame: app.quit())
    try:
        return app.exec()
    finally:
        if spool is not None:
            spool.stop()


def watch_for_bugs(window: MainWindow) -> None:
    """What is no known error goes into the log with its traceback; the window says so and stays."""

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logged(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            window.session.refuse(
                _("Something went wrong; the sale is safe. Try again, or start the till anew.")
            )

    # PySide gives an exception of a slot to this hook; the one before writes it into the log.
    logged, sys.excepthook = sys.excepthook, crashed


def _qt_says(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
        events.QT.log(kind=kind.name, category=context.category or "", text=text)
