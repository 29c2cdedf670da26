"""Begins and ends the log of a process, and hears what would otherwise end unheard.

That is: uncaught exceptions of the main thread, of other threads, and of destructors.  What Qt says is
heard where Qt is (`pos_app.ui.app`).
"""

import logging
import platform
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pos_app import VERSION
from pos_app.log import events
from pos_app.log.event import ROOT
from pos_app.log.files import HomeFile
from pos_app.log.lines import JsonLines

#: The programs that run for long have a log each; all other commands share one.
PROGRAMS: Final = frozenset({"till", "syncd", "server"})
COMMANDS: Final = "commands"

# A library that sets up the log of the whole program as it is loaded (python-escpos) does so only where
# nobody has: with somebody there, nothing of ours comes out on standard error between what a command says.
logging.getLogger().addHandler(logging.NullHandler())


class _Running:
    """The log that this process has: its handlers, and the hooks that stood before."""

    def __init__(self, home: Path, name: str) -> None:
        self.home = home
        self.lines = JsonLines(name)
        self.handlers: list[logging.Handler] = []
        self.hooks: tuple[Any, Any, Any] = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self.levels = logging.getLogger().level, logging.getLogger(ROOT).level
        self.add(HomeFile(home, name))
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger(ROOT).setLevel(logging.INFO)
        logging.captureWarnings(True)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable

    def add(self, handler: logging.Handler) -> None:
        handler.setFormatter(self.lines)
        self.handlers.append(handler)
        logging.getLogger().addHandler(handler)

    def end(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self.hooks
        logging.captureWarnings(False)
        logging.getLogger().setLevel(self.levels[0])
        logging.getLogger(ROOT).setLevel(self.levels[1])
        for handler in self.handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            events.FAULT.log(error.with_traceback(trace), during="main thread")
        self.hooks[0](kind, error, trace)

    def _uncaught_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and issubclass(told.exc_type, Exception):
            name = told.thread.name if told.thread is not None else ""
            events.FAULT.log(told.exc_value.with_traceback(told.exc_traceback), during=f"thread {name}")
        self.hooks[1](told)

    def _unraisable(self, told: "sys.UnraisableHookArgs") -> None:
        if told.exc_value is not None:
            # Of the object only the class: its text may hold anything.
            events.FAULT.log(told.exc_value, during=f"end of a {type(told.object).__name__}")
        self.hooks[2](told)


_running: _Running | None = None


def begin(home: Path, command: str, name: str = "") -> None:
    """Log into this home from now on; once for a process and home, more often does nothing.

    `command` is what was called, in words (`import products`); `name` is the file's where it is not the
    program's.  Nothing is written outside a home of ours, and no error is raised: a log that cannot be
    written hurts nobody.
    """
    global _running  # noqa: PLW0603 - a process has one log, as it has one standard error
    name = name or (command if command in PROGRAMS else COMMANDS)
    if _running is not None:
        if (_running.home, _running.handlers[0].name) == (home, name):
            return
        _running.end()
    _running = _Running(home, name)
    _running.handlers[0].name = name
    events.STARTED.log(
        command=command,
        version=VERSION,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
    )


def also_to_standard_error() -> None:
    """For a server, whose standard error whoever runs it collects: the same lines there too."""
    if _running is not None and len(_running.handlers) == 1 and sys.stderr is not None:
        _running.add(logging.StreamHandler(sys.stderr))


def end(exit_code: int) -> None:
    """The process ends by itself."""
    global _running  # noqa: PLW0603 - see `begin`
    if _running is not None:
        events.ENDED.log(exit_code=exit_code)
        _running.end()
        _running = None
