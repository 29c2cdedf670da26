"""Runs tests, or the simulator, in a copy of the tree: in a process that has the libraries loaded already.

A process of its own for each question, since what is asked about is loaded from the copy; what it stands on
is loaded once, in the server that the processes are forked from.
"""

import contextlib
import multiprocessing
import os
import re
import runpy
import signal
import sys
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final, NamedTuple

SIMULATOR: Final = "simulate "
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_LIBRARIES: Final = (
    "pytest hypothesis sqlalchemy sqlalchemy.dialects.sqlite sqlalchemy.dialects.postgresql alembic.command"
    " psycopg msgspec zstandard cryptography.x509 nacl.signing httpx fastapi uvicorn argon2 typer"
    " PySide6.QtWidgets"
)


class Told(NamedTuple):
    """What came of a question: which test failed first (empty: none), how long it took, its last lines.

    `late` is a question without an answer: none within the limit, or none at all.
    """

    failed: str
    seconds: float
    late: bool
    lines: str


class Asking:
    """Asks in one copy, a question at a time."""

    def __init__(self, copy: Path, *, limit_s: float) -> None:
        self._copy = copy
        self._limit_s = limit_s
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_LIBRARIES.split())

    def about(self, found_by: tuple[str, ...], *, stop_at_first: bool = True) -> Told:
        """Ask all of these until one fails; together they have the limit."""
        began = time.monotonic()
        tests = tuple(f"tests/{one}" for one in found_by if not one.startswith(SIMULATOR))
        rounds = [("pytest", *(["-x"] if stop_at_first else []), *tests)] if tests else []
        rounds += [("simulate", *one.split()[1:]) for one in found_by if one.startswith(SIMULATOR)]
        told = Told("", 0, False, "")
        for arguments in rounds:
            told = self._ask(arguments, began + self._limit_s)
            if told.failed or told.late:
                break
        return told._replace(seconds=time.monotonic() - began)

    def _ask(self, arguments: tuple[str, ...], until: float) -> Told:
        said = self._copy / "said.txt"
        process = self._context.Process(target=answer, args=(str(self._copy), str(said), arguments))
        process.start()
        process.join(max(until - time.monotonic(), 0))
        late = process.is_alive()
        # With all that it started, which may go on after it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
        lines = "\n".join(text.splitlines()[-40:])
        if late:
            return Told("", 0, True, lines)
        if not process.exitcode:
            return Told("", 0, False, lines)
        first = _FAILED.search(text)
        if first is None and arguments[0] == "pytest":
            # A test of that name is gone, or pytest itself came to nothing.
            return Told("", 0, True, lines)
        return Told(first[1] if first else " ".join(arguments), 0, False, lines)


def answer(copy: str, said: str, arguments: tuple[str, ...]) -> None:
    """The forked process: becomes a session of its own, loads all from the copy, ends with its code."""
    os.setsid()
    os.chdir(copy)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(PYTHONPATH=copy, QT_QPA_PLATFORM="offscreen")
    # What is compiled once is there for the next question.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    for name in [one for one in sys.modules if one.partition(".")[0] in ("tests", "pos_app", "sync", "demo")]:
        del sys.modules[name]
    sys.path.insert(0, copy)
    what, *rest = arguments
    if what == "simulate":
        sys.argv = ["tests.simulate", *rest, "--no-shrink"]
        runpy.run_module("tests.simulate", run_name="__main__")
        return
    import pytest

    # Libraries that are plug-ins too were loaded before pytest looked.
    calm = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    # Another run that clears pytest's own folders would take these along.
    own = (f"--basetemp={copy}/tmp", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--tb=short")
    code = pytest.main([*own, *calm, *rest])
    sys.stdout.flush()
    os._exit(int(code))
