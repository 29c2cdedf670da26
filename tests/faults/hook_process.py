"""The sender of webhooks as a process of its own, to be killed: `python -m tests.faults.hook_process URL`."""

import subprocess
import sys
import threading
from pathlib import Path

from pos_app.ledger.clock import SystemClock
from pos_app.store.engine.engine import open_postgres
from sync.server.hook_sender import Choices, HookSender


def start(database_url: str) -> "subprocess.Popen[bytes]":
    """Start it over a database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hook_process", database_url], cwd=Path(__file__).parents[2]
    )


def main() -> None:
    """Send until killed."""
    database = open_postgres(sys.argv[1])
    HookSender(database, SystemClock(), lambda _: None, Choices(to_this_machine=True)).run(threading.Event())


if __name__ == "__main__":
    main()
