"""The shop of a drill: a centre, its server, a till, a printer; all of it on this machine, and none of it the
shop's own.  Each can be pulled and put back.

Decisions
---------
2026-12-01  A drill has a home of its own, which it throws away, and no copy of the shop's: what it sells is
nobody's money, and a kill can harm no books but its own.  What runs there is the code that sells, its real
server, its real file and its real processes; only the printer is a stand-in, because paper costs.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pos_app import bootstrap, settings
from pos_app.bootstrap import Central
from pos_app.cli import companions, enrolment, founding, syncd
from pos_app.cli.drill_till import DONE, GOODS, READY, SELL, SOLD
from pos_app.cli.founding import Owner
from pos_app.cli.init import prepare
from pos_app.cli.templates import FoundingDetails
from pos_app.devices.printer_stand_in import PrinterStandIn
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.documents import outbox, terminal
from pos_app.store.documents.terminal import SyncState, Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.journal import print_jobs
from pos_app.store.master import enrolment as enrolment_codes
from pos_app.store.master.pin_hash import given_pin
from sync.client.backoff import Backoff
from sync.client.daemon import Daemon
from sync.protocol import fingerprint
from sync.server import server_key
from sync.server.run import Serving

#: What printed numbers of its depot begin with.
LETTER: Final = "D"
_PLAN: Final = FoundingDetails(
    currency="KES", business="DRILL", depot="DRILL", depot_name="Drill", letter=LETTER
)
#: Whole shillings: a coin that rounds is no part of what is proved.
_PRICES: Final = dict(zip(GOODS, ("20.00", "1250.00", "65.00"), strict=True))
_PIN_DIGITS: Final = 6
#: Of the settings in the environment a drill hears these alone: where its books lie is its own affair.
_KEPT: Final = ("BOHARI_PRIVACY_KEY", "BOHARI_SERVER_KEY")
_READY_S: Final = 60.0
#: A word of the till's process is waited for so long; a drill that hangs has failed.
_WORD_S: Final = 180.0
_LOOK_EVERY_S: Final = 0.05
#: A line that is back is found again within so long.
_LONGEST_WAIT_S: Final = 0.5


@contextlib.contextmanager
def own_settings(database_url: str) -> Iterator[None]:
    """The environment without this machine's settings while the block lasts; `database_url` names another
    Postgres for the drill's centre than the one that ships.
    """
    before = {name: value for name, value in os.environ.items() if name.startswith("BOHARI_")}
    for name in before.keys() - set(_KEPT):
        del os.environ[name]
    if database_url:
        os.environ["BOHARI_DATABASE_URL"] = database_url
    try:
        yield
    finally:
        os.environ.pop("BOHARI_DATABASE_URL", None)
        os.environ.update(before)


class Network:
    """The server of the drill's centre, on one port: while it is stopped a till finds nobody there."""

    def __init__(self, centre: Central) -> None:
        self._centre = centre
        self._port = 0
        self._serving: Serving | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def url(self) -> str:
        """Where tills find it."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve, where it served before.  Raises `Unavailable` when it does not answer."""
        keys = server_key.load_or_make(self._centre.home)
        serving = Serving(self._centre.database, port=self._port, keys=keys)
        self._port = int(serving.url.rpartition(":")[2])
        self._thread = threading.Thread(target=serving.run, name="drill-server", daemon=True)
        self._thread.start()
        if not serving.wait_ready(_READY_S):
            raise Unavailable("own-centre-silent", home=self._centre.home)
        self._serving = serving

    def stop(self) -> None:
        """Be gone: the port answers nobody."""
        if self._serving is not None and self._thread is not None:
            self._serving.stop()
            self._thread.join(_READY_S)
            self._serving = None


class Printer:
    """The printer of the drill's till, on one port, with all papers that came out of it."""

    def __init__(self) -> None:
        self._papers: list[str] = []
        self._standing: PrinterStandIn | None = None
        self._port = 0
        self.start()

    @property
    def address(self) -> str:
        """As the settings of a till name it."""
        return f"network://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Take papers, where it took them before."""
        self._standing = PrinterStandIn(port=self._port).__enter__()
        self._port = self._standing.port

    def stop(self) -> None:
        """Its socket is closed; what came out of it is kept."""
        if self._standing is not None:
            self._standing.close()
            self._papers += self._standing.papers()
            self._standing = None

    def papers(self) -> list[str]:
        """The letters of every paper that came out."""
        return self._papers + ([] if self._standing is None else self._standing.papers())


class TillProcess:
    """The till that sells, in a process of its own; `sold` keeps key and amount of what it says is paid."""

    def __init__(self, home: Path, pin: str, sold: dict[int, int]) -> None:
        self._sold = sold
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("BOHARI_") or name in _KEPT
        }
        self._process = subprocess.Popen(
            companions.command("drill", "--sells", "--home", str(home)),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=sys.platform != "win32",
        )
        self._tell(pin)
        self._hear(READY)

    def do(self, *words: object) -> list[str]:
        """Have it do something, to the end; gives what it said beside its sales."""
        self._tell(" ".join(map(str, words)))
        return self._hear(DONE)

    def pull_the_plug(self, after_s: float) -> None:
        """Have it sell without end, and kill it so long after its first sale."""
        self._tell(f"{SELL} 0")
        self._hear(SOLD)
        killer = threading.Timer(after_s, self._process.kill)
        killer.start()
        self._hear("")
        killer.cancel()
        self.close()

    def close(self) -> None:
        """Let it end, or make it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _tell(self, line: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("no pipe")
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Unavailable("drill-till-ended") from error

    def _hear(self, word: str) -> list[str]:
        """Lines up to one that begins so; with no word to its end.  Raises `Unavailable` at its end."""
        if self._process.stdout is None:
            raise RuntimeError("no pipe")
        heard = []
        killer = threading.Timer(_WORD_S, self._process.kill)
        killer.start()
        try:
            for line in self._process.stdout:
                # What it was saying as it died is half a line, and was not heard.
                if not line.endswith("\n"):
                    break
                first, _, rest = line.strip().partition(" ")
                if first == SOLD:
                    key, amount, _ = rest.split(" ", 2)
                    self._sold[int(key)] = int(amount)
                else:
                    heard.append(line.strip())
                if first == word:
                    return heard
        finally:
            killer.cancel()
        if word:
            raise Unavailable("drill-till-ended")
        return heard


class Till:
    """The drill's till: its home and file, its daemon, and what it said to be sold over all its lives."""

    def __init__(self, home: Path, pin: str) -> None:
        self.home, self._pin = home, pin
        self.sold: dict[int, int] = {}
        self.database: Database = bootstrap.till_database(home)
        with self.database.read() as connection:
            self.who: Terminal = terminal.load(connection)
        self._stop = threading.Event()
        self._daemon = threading.Thread(target=self._keep_in_step, name="drill-daemon", daemon=True)
        self._daemon.start()
        self.process = self.switched_on()

    def switched_on(self) -> TillProcess:
        """Start the program at the till (again)."""
        self.process = TillProcess(self.home, self._pin, self.sold)
        return self.process

    def _keep_in_step(self) -> None:
        with syncd.line(self.database, self.home, self.who) as transport:
            Daemon(
                self.database,
                self.who,
                transport,
                clock=SystemClock(),
                backoff=Backoff(longest_s=_LONGEST_WAIT_S),
                pull_every_s=_LONGEST_WAIT_S,
            ).run(self._stop)

    def sync(self) -> SyncState:
        """How it stands with the centre."""
        with self.database.read() as connection:
            return terminal.sync_state(connection, self.who)

    def unprinted(self) -> int:
        """How many papers wait for the printer."""
        with self.database.read() as connection:
            return sum(one.what == "receipt" for one in print_jobs.unfinished(connection))

    def last(self) -> int:
        """The sequence of its newest document."""
        with self.database.read() as connection:
            return outbox.last(connection, self.who)[0]

    def catch_up(self) -> bool:
        """Wait until the centre has all; gives whether it has, in time."""
        return _until(lambda: not self.sync().waiting)

    def close(self) -> None:
        """End its program, its daemon, and let go of the file."""
        self.process.close()
        self._stop.set()
        self._daemon.join(_READY_S)
        self.database.close()


class DrillShop:
    """All of it, open; closes with the block."""

    def __init__(self, folder: Path) -> None:
        """Raises `Unavailable` without a Postgres here, `Refused` for a database that has books."""
        self._stack = contextlib.ExitStack()
        try:
            self._open(folder)
        except BaseException:
            self._stack.close()
            raise

    def _open(self, folder: Path) -> None:
        centre_home, till_home = folder / "centre", folder / "till"
        prepare(centre_home, another=False)
        self.centre = self._stack.enter_context(bootstrap.central(centre_home, make=True))
        if self.centre.has_organisations():
            raise Refused("drill-database-not-empty")
        pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"
        self.org_id = _found(self.centre, folder, pin)
        self.network = Network(self.centre)
        self._stack.callback(self.network.stop)
        self.printer = Printer()
        self._stack.callback(self.printer.stop)
        database = self.centre.database.for_org(self.org_id)
        code = enrolment_codes.new_code(database, self.org_id, _PLAN.depot, self.centre.clock)
        public = server_key.load_or_make(centre_home).public
        enrolment.enrolled(till_home, self.network.url, fingerprint.with_code(code, public))
        settings.write(till_home, printer=self.printer.address, printer_mode="text", printer_width=80)
        self.till = Till(till_home, pin)
        self._stack.callback(self.till.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def _found(centre: Central, folder: Path, pin: str) -> int:
    org_id = founding.found(centre, "Drill", _PLAN, Owner("Drill", given_pin(pin)), only_first=True)
    settings.write(centre.home, org_id=org_id)
    file = folder / "shop.bohari"
    lines = [
        f"product add {sku} --name {sku} --price {price} --tax A --unit pc --business {_PLAN.business}"
        for sku, price in _PRICES.items()
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    applied = founding.play(centre, org_id, file)
    if applied.failed is not None:
        raise Refused("apply-ended", line=applied.failed.line_no, why=applied.why)
    return org_id


def _until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(_LOOK_EVERY_S)
    return False
