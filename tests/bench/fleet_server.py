"""The server of the fleet bench, in its own process, sampled: where does its time go?

`python -m tests.bench.fleet_server DATABASE_URL WORKERS SAMPLES_FOLDER` prints its URL and runs until
SIGTERM; every serving process then leaves its samples in the folder.  Without one it is not looked at.
"""

import functools
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Final

from pos_app.store.engine import capacity
from pos_app.store.engine.engine import Database, open_postgres
from sync.server import run
from sync.server.admission import MOST_AT_WORK
from sync.server.workers import SPARE_CONNECTIONS, Workers

EVERY_S: Final = 0.01
_OURS: Final = ("sync", "pos_app")
_IDLE: Final = frozenset({"_worker", "select", "wait", "_wait_for_end", "recv", "_recv", "poll"})


def start_sampling(folder: Path) -> None:
    """Look every 10 ms at what each thread does, in a thread; the file is written anew every second."""
    threading.Thread(target=_sample, args=(folder,), name="sampler", daemon=True).start()


def _sample(folder: Path) -> None:
    samples, written_s = Counter[str](), 0.0
    while True:
        time.sleep(EVERY_S)
        samples.update(_labels())
        if time.monotonic() - written_s > 1:
            written_s = time.monotonic()
            (folder / f"{os.getpid()}.json").write_text(json.dumps(samples))


def _labels() -> list[str]:
    """What each other thread does, looked at in one go: a stack that moves on meanwhile is no stack."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1)
    try:
        labels = [
            _label(frame)
            for thread, frame in sys._current_frames().items()
            if thread != threading.get_ident()
        ]
    except AttributeError:
        # A switch that was asked for before came in between: this look is lost.
        labels = []
    finally:
        sys.setswitchinterval(usual_s)
    return [label for label in labels if label]


def _label(frame: FrameType | None) -> str:
    """The innermost function of ours, and whether it waits for Postgres; nothing when it idles."""
    if frame is None or (frame.f_code.co_name in _IDLE and "psycopg" not in frame.f_code.co_filename):
        return ""
    waits = "psycopg" in frame.f_code.co_filename
    # A frame that runs meanwhile may be gone when its caller is asked for: then anything stands there.
    while isinstance(frame, FrameType):
        room = frame.f_globals.get("__name__", "")
        if room.split(".")[0] in _OURS:
            return f"{room.removeprefix('pos_app.')}.{frame.f_code.co_name}{' [postgres]' if waits else ''}"
        frame = frame.f_back
    return "http and event loop"


def _open(url: str, connections: int, folder: Path) -> Database:
    if folder != Path():
        start_sampling(folder)
    return open_postgres(url, pool_size=connections, overflow=0)


def _say(url: str) -> None:
    print(url, flush=True)  # noqa: T201 - the bench reads it


def main(url: str, workers: int, folder: Path) -> None:
    """Serve until SIGTERM."""
    database = open_postgres(url)
    if workers == 1:
        if folder != Path():
            start_sampling(folder)
        run.serve(database, on_ready=_say)
        return
    connections = capacity.connections_each(database, workers, MOST_AT_WORK + SPARE_CONNECTIONS)
    database.close()
    Workers(
        functools.partial(_open, url, connections, folder),
        workers,
        places=connections - SPARE_CONNECTIONS,
        on_ready=_say,
    ).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
