"""The places of the demo month: a central home that serves on loopback, and four tills enrolled at it.

Everything is what a depot runs, in one process: the server's own socket and threads, the tills' encrypted
files, their daemons.  Only the clocks are set by hand, one for the centre and one for each till.
"""

import contextlib
import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pos_app import bootstrap, settings
from pos_app.bootstrap import Central
from pos_app.cli.init import prepare
from pos_app.ledger.clock import SetClock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.request import Reproducible
from pos_app.store.documents import outbox, terminal
from pos_app.store.engine.terminal_key import load
from pos_app.store.master import enrolment
from pos_app.till.till import Till
from resources import resource
from sync.client.daemon import Daemon
from sync.client.enrol import enrol
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport
from sync.protocol import fingerprint
from sync.protocol.signature import terminal_id
from sync.server import server_key
from sync.server.run import Serving

#: Folder, depot, who works there, who approves.
SEATS: Final = (
    ("till-1", "MAIN", ("AW", "JM"), "M-K"),
    ("till-2", "MAIN", ("GO",), "M-K"),
    ("till-3", "WEST", ("PK",), "M-W"),
    ("till-4", "WEST", ("LN",), "M-W"),
)
_PINS: Final = {"LN": "5555"}
_READY_S: Final = 60


@dataclass
class Seat:
    """A till with its people: codes of the cashiers and of the manager."""

    folder: Path
    depot: str
    cashiers: tuple[str, ...]
    manager: str
    clock: SetClock
    requests: Reproducible
    till: Till
    daemon: Daemon
    transport: HttpTransport
    #: Days on which its line is down.
    offline: set[int] = field(default_factory=set)

    @property
    def terminal_no(self) -> int:
        """Its number at the centre."""
        return self.till.terminal_no

    @property
    def documents(self) -> int:
        """How many documents it recorded so far."""
        with self.till.database.read() as connection:
            return outbox.last(connection, self.till.place.terminal)[0]

    def drain(self) -> None:
        """Both sides agree; what the feed brought is known here."""
        self.daemon.drain()
        self.till.refresh()

    def close(self) -> None:
        """Let go of the file and of the line."""
        self.transport.close()
        self.till.close()


def move_to(clock: SetClock, moment: datetime) -> None:
    """Set a clock on; it never goes back."""
    clock.advance(max(moment - clock.now(), timedelta()))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of a day (YYYYMMDD) in Nairobi, which is three hours ahead of UTC all the year."""
    return datetime(day // 10_000, day // 100 % 100, day % 100, hour - 3, minute, tzinfo=UTC)


@contextlib.contextmanager
def made(home: Path, clock: SetClock) -> Iterator[Central]:
    """A fresh central home, open.  Raises `Refused` when there is a home in the folder already."""
    if bootstrap.kind_of(home) is not None:
        raise Refused("demo-home-exists", home=home)
    prepare(home, another=False)
    with bootstrap.central(home, clock, make=True) as centre:
        if centre.has_organisations():
            raise Refused("demo-database-not-empty")
        yield centre


@contextlib.contextmanager
def serving(centre: Central, clock: SetClock) -> Iterator[str]:
    """The real server, on a port of loopback, while the block lasts; gives its URL."""
    server = Serving(centre.database, clock=clock, keys=server_key.load_or_make(centre.home))
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    if not server.wait_ready(_READY_S):
        raise Unavailable("demo-server-did-not-start")
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(_READY_S)


@contextlib.contextmanager
def seats(centre: Central, org_id: int, url: str, now: datetime, seed: int) -> Iterator[list[Seat]]:
    """The four tills, enrolled and with everything that the centre has for them."""
    with contextlib.ExitStack() as stack:
        found = []
        for name, depot, cashiers, manager in SEATS:
            folder = centre.home / "tills" / name
            code = enrolment.new_code(centre.database.for_org(org_id), org_id, depot, centre.clock)
            code = fingerprint.with_code(code, server_key.load_or_make(centre.home).public)
            seat = _seated(folder, url, code, now, f"{seed} {name}")
            stack.callback(seat.close)
            seat.depot, seat.cashiers, seat.manager = depot, cashiers, manager
            found.append(seat)
        yield found


def _seated(folder: Path, url: str, code: str, now: datetime, name: str) -> Seat:
    clock = SetClock(now)
    database = bootstrap.make_till_database(folder)
    try:
        who = enrol(database, folder / bootstrap.TERMINAL_KEY, url, code)
        key = load(folder / bootstrap.TERMINAL_KEY)
        known = KnownCentre(database)
        transport = HttpTransport(url, key, terminal_id(who.org_id, who.terminal_no), known)
        Daemon(database, who, transport, clock=clock).drain()
    finally:
        database.close()
    till = bootstrap.open_till(folder, clock)
    database = till.database
    with database.read() as connection:
        who = terminal.load(connection)
    daemon = Daemon(database, who, transport, clock=clock)
    return Seat(folder, "", (), "", clock, Reproducible(name), till, daemon, transport)


def pins() -> dict[str, str]:
    """The PINs of the people by their code."""
    with resource("demo", "people.csv").open(newline="", encoding="utf-8") as file:
        return {row["code"]: row["pin"] for row in csv.DictReader(file)} | _PINS


def opening_stock() -> dict[str, tuple[int, int]]:
    """What lies at MAIN and at WEST on the first day by product, in whole units."""
    with resource("demo", "stock.csv").open(newline="", encoding="utf-8") as file:
        return {row["sku"]: (int(row["MAIN"]), int(row["WEST"])) for row in csv.DictReader(file)}


def settle(home: Path, org_id: int) -> None:
    """Keep in the home which organisation it is of."""
    settings.write(home, org_id=org_id)
