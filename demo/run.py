"""The demo from curtain to curtain."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.comparison import Pair, compare
from demo.paper import write_receipts
from demo.stage import Stage, stage
from pos_app import bootstrap
from pos_app.ledger.errors import Unavailable

_DEPOT = "MAIN"
_DRAIN_S = 30


def run(*, headless: bool, output: Path, as_json: bool = False) -> bool:
    """Play the demo into `output`; true when till and centre agree on every balance.

    Without `headless` and with a display the till's window is opened for the person.  The table of
    balances goes to standard output, or to standard error when that is kept for JSON.
    """
    console = Console(stderr=True, highlight=False)
    output = output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    watched = not headless and (sys.platform in ("win32", "darwin") or bool(display))
    with stage(output / "depot") as set_:
        _set_up(set_, console)
        if watched:
            _show_pins(set_, console)
            return set_.open_window() == 0
        return _play(set_, console, output, Console(stderr=as_json, highlight=False))


def _set_up(set_: Stage, console: Console) -> None:
    console.print("Founding the demo organisation on an embedded Postgres …")
    set_.found()
    set_.start_server()
    console.print(f"The centre answers at {set_.url}; enrolling a till for depot {_DEPOT} …")
    set_.enrol(_DEPOT)
    set_.start_daemon()


def _show_pins(set_: Stage, console: Console) -> None:
    table = Table(title="Who may sign in")
    for heading in ("name", "role", "PIN"):
        table.add_column(heading)
    for person in set_.organisation["people"]:
        if person["depot"] in ("", _DEPOT):
            table.add_row(person["name"], person["role"], person["pin"])
    console.print(table)
    console.print("The till's window is yours; close it to end the demo.")


def _play(set_: Stage, console: Console, output: Path, table: Console) -> bool:
    printed = output / "printed"
    for folder in (printed, output / "screens", output / "receipts"):
        # What an earlier demo drew would be taken for this one's.
        shutil.rmtree(folder, ignore_errors=True)
    os.environ["BOHARI_PRINTER"] = f"preview://{printed}"
    act = set_.open_act(str(set_.till), str(output), "morning")
    console.print(f"Cashier: {_hear(act)}.")
    set_.stop_server()
    console.print("The server is stopped; the till sells on.")
    _go_on(act)
    console.print(f"Cashier: {_hear(act)}; killing the till.")
    act.send_signal(signal.SIGKILL)
    act.wait()
    act = set_.open_act(str(set_.till), str(output), "after-the-kill")
    console.print(f"Cashier: {_hear(act)}.")
    set_.start_server()
    console.print("The server is back; the daemon drains.")
    _go_on(act)
    console.print(f"Cashier: {_hear(act)}.")
    if act.wait(timeout=_DRAIN_S) != 0:
        raise Unavailable("demo-till-ended-badly", log=set_.folder / "cashier.log")
    _drain(set_)
    count = write_receipts(set_.till, output / "receipts")
    pairs = compare(set_.till, set_.centre)
    _show(pairs, table)
    console.print(
        f"{count} receipts in {output / 'receipts'}, screens in {output / 'screens'}, "
        f"raw printer bytes in {printed}."
    )
    return bool(pairs) and all(pair.equal for pair in pairs)


def _hear(act: "subprocess.Popen[str]") -> str:
    """What the cashier reached.  Raises `Unavailable` when the till ended instead."""
    line = act.stdout.readline().strip() if act.stdout else ""
    if not line:
        raise Unavailable("demo-cashier-stopped")
    return line


def _go_on(act: "subprocess.Popen[str]") -> None:
    if act.stdin:
        act.stdin.write("go on\n")
        act.stdin.flush()


def _drain(set_: Stage) -> None:
    """Wait until the daemon has brought everything to the centre and the balances back."""
    till = bootstrap.open_till(set_.till)
    end = time.monotonic() + _DRAIN_S
    try:
        while till.status().sync.waiting or not _settled(set_):
            if time.monotonic() > end:
                return
            time.sleep(0.1)
    finally:
        till.close()


def _settled(set_: Stage) -> bool:
    return all(pair.equal for pair in compare(set_.till, set_.centre))


def _show(pairs: list[Pair], console: Console) -> None:
    table = Table(title="Till against centre")
    table.add_column("what")
    table.add_column("which", overflow="fold")
    for side in ("till", "centre"):
        table.add_column(side, justify="right")
    table.add_column("")
    for pair in pairs:
        verdict = "equal" if pair.equal else "[bold red]NOT EQUAL"
        table.add_row(pair.what, pair.name, pair.till, pair.centre, verdict)
    console.print(table)
