"""A till process to measure: starts the window on a home, says when it answers, sells, says its memory.

Run as a process of its own by `window`: `python -m tests.bench.start HOME SALES`.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.simulated_cashier import Hands
    from pos_app.till.till import Till
    from pos_app.ui.window import MainWindow

BEGAN = time.perf_counter()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Start, answer, sell, and print one JSON line after each."""
    from pos_app import bootstrap
    from pos_app.ui.app import application, build_window

    home, sales = Path(sys.argv[1]), int(sys.argv[2])
    app = application()
    till = bootstrap.open_till(home)
    window = build_window(till)
    window.show()
    app.processEvents()
    # The sign-in answers when a key has had its effect on the screen.
    from demo.simulated_cashier import Hands

    hands = Hands(window)
    hands.type("1")
    app.processEvents()
    _say({"ready_s": round(time.perf_counter() - BEGAN, 3)})
    if sales:
        _sell(hands, window, till, sales)
        _say({"memory_mb": round(_resident_mb(), 1), "peak_mb": round(_peak_mb(), 1)})
    till.close()


def _sell(hands: "Hands", window: "MainWindow", till: "Till", sales: int) -> None:
    """So many sales through the window, in its running event loop: scan, pay, change."""
    from PySide6.QtCore import Qt, QTimer

    from pos_app.ui.app import application
    from tests.bench import depot

    till.sign_in.sign_in(depot.MANAGER, depot.PIN)
    if not till.drawer.is_open():
        till.drawer.open(500_000)
    window.home()
    done = 0

    def sell() -> None:
        nonlocal done
        hands.scan(depot.barcode_of(1 + done % 1000))
        hands.press(Qt.Key.Key_F12)
        hands.press(Qt.Key.Key_Return)
        window.home()
        done += 1
        if done == sales:
            application().quit()

    timer = QTimer()
    timer.timeout.connect(sell)
    timer.start(0)
    application().exec()
    recorded = len(till.receipts.latest(sales))
    if recorded != sales:
        raise AssertionError(f"{recorded} of {sales} sales were recorded")


def _resident_mb() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return _peak_mb()
    return pages * resource.getpagesize() / 1_048_576


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(figures: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
