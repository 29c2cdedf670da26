"""The first start of a till, done for the pages of the window (see `ui.first_start`).

Each deed leaves the home so that the next start goes on: the address before the code, the terminal's key
before the centre hears of it, and in a shop that is one PC the centre's home before anything is founded.
"""

import contextlib
import importlib.util
import socket
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Final

from pos_app import bootstrap, enrolment_link, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli import companions, enrolment
from pos_app.devices import printer_search, trial_page
from pos_app.devices.printer import open_printer
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.documents import settings as facts
from pos_app.store.engine.key_store import make_folder
from pos_app.store.master import codes, organisations
from pos_app.store.master import enrolment as enrolment_codes
from pos_app.store.organisation import recovery
from pos_app.ui.first_start.deeds import (
    Enrolled,
    FoundedShop,
    FoundServer,
    Printer,
    SeenServer,
    ShopWish,
    Stand,
    Step,
    Template,
)
from sync import neighbours
from sync.client import first_look
from sync.protocol import fingerprint
from sync.server import server_key

#: So long the network is listened to for centres, and for printers.
_CENTRES_S: Final = 3.0
_PRINTERS_S: Final = 1.5
#: The port of a centre on the shop's only PC, and how many after it are tried.
_PORT: Final = 8400
_PORTS: Final = 50
#: The code of the owner whom founding makes.
_OWNER: Final = "OWNER"


def _is_enrolled(home: Path) -> bool:
    """Whether a till's home has its number."""
    if not (home / bootstrap.TILL_DATABASE).exists():
        return False
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            return bool(facts.get(connection, "terminal_no"))
    finally:
        database.close()


class TillStart:
    """The deeds of one first start; see `ui.first_start.deeds.Deeds`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        #: The centre's process, where this first start had to start it.
        self.centre_process: subprocess.Popen[bytes] | None = None

    # -- where it stands ---------------------------------------------------------------------------

    def stand(self) -> Stand:
        chosen = settings.load(self._home)
        whole = bool(chosen.own_centre)
        step = Step(chosen.first_start) if chosen.first_start in tuple(Step) else Step.BEGIN
        if step in (Step.BEGIN, Step.SERVER, Step.CODE, Step.SHOP, Step.KEY) and _is_enrolled(self._home):
            # The centre took it in, and the power went before that was noted.
            step = Step.PRINTER
        elif step is Step.CODE and not chosen.first_server:
            step = Step.SERVER
        elif whole and step in (Step.BEGIN, Step.SHOP):
            step = Step.KEY
        return Stand(step, chosen.first_server, whole)

    def reached(self, step: Step) -> None:
        self._write(first_start="" if step is Step.DONE else step.value)

    def keep_look(self, mode: str, language: str) -> None:
        self._write(theme=mode, language=language)

    def _write(self, **values: str | int) -> None:
        try:
            make_folder(self._home, 0o700)
            settings.write(self._home, **values)
        except OSError as error:
            raise Unavailable("home-unwritable", home=self._home, why=error.strerror) from error

    # -- a till of a shop that has a server --------------------------------------------------------

    def servers(self) -> list[FoundServer]:
        heard = neighbours.heard(neighbours.CENTRE, _CENTRES_S)
        return [FoundServer(one.name, _url(one)) for one in heard]

    def look(self, typed: str) -> SeenServer:
        link = enrolment_link.parted(typed)
        seen = first_look.look(typed if link is None else link[0])
        return SeenServer(*seen, code="" if link is None else link[1])

    def believe(self, seen: SeenServer) -> None:
        self._write(first_server=seen.url, first_start=Step.CODE.value, own_centre="")
        if seen.certificate:
            enrolment.keep_authority(self._home, seen.certificate.encode())
        else:
            self._write(server_ca="")
        self._write(insecure=int(seen.is_open))

    def enrol(self, code: str) -> Enrolled:
        link = enrolment_link.parted(code)
        server = settings.load(self._home).first_server
        return self._enrolled(server, code if link is None else link[1])

    def _enrolled(self, server: str, code: str) -> Enrolled:
        if not any(one.isalnum() for one in code):
            raise Refused("enrolment-code-empty")
        made, trouble = enrolment.enrolled(self._home, server, code)
        self._write(first_start=Step.PRINTER.value, runs_beside=1)
        return Enrolled(made.terminal_no, trouble)

    # -- this PC is the whole shop -----------------------------------------------------------------

    def templates(self) -> list[Template]:
        return [] if _without_server() else [Template(*one) for one in _first_start().beginnings()]

    def found(self, wish: ShopWish) -> FoundedShop:
        if _without_server():
            raise Refused("own-centre-not-installed")
        from pos_app.web.first_start import Wish

        first_start, home = _first_start(), self._own_centre()
        self._write(own_centre=str(home), first_start=Step.SHOP.value, first_server="")
        first_start.prepared(home)
        with bootstrap.central(home, make=True) as centre:
            if centre.has_organisations():
                raise Refused("first-start-over")
            settings.write(home, port=_free_port(), announce=0)
            made = first_start.found_shop(centre, Wish(*wish), is_password_needed=False)
        self.reached(Step.KEY)
        return FoundedShop(made.recovery_key, str(made.why or ""))

    def founded(self) -> FoundedShop | None:
        home = self._own_centre()
        if bootstrap.kind_of(home) is not HomeKind.CENTRAL:
            return None
        with bootstrap.central(home) as centre:
            if not centre.has_organisations():
                return None
            _first_start().begun(centre)
            org_id = centre.oldest().org_id
            # Whoever saw the one before wrote it down for nothing; whoever did not has one now.
            with centre.database.write() as connection:
                return FoundedShop(recovery.renew(connection, org_id, centre.clock.now()))

    def join_own(self) -> Enrolled:
        home = self._own_centre()
        self.centre_process = companions.bring_up(home) or self.centre_process
        url = settings.load(home, {}).serving
        with bootstrap.central(home) as centre:
            org_id = centre.oldest().org_id
            with centre.database.read() as connection:
                depot = organisations.default_depot(connection, org_id)
                owner = codes.person(connection, org_id, _OWNER)
            by = None if owner is None else owner.person_id
            made = enrolment_codes.new_code(centre.database, org_id, depot, centre.clock, by=by)
            code = fingerprint.with_code(made, server_key.load_or_make(home).public)
        self._write(own_centre=str(home))
        return self._enrolled(url, code)

    def _own_centre(self) -> Path:
        kept = settings.load(self._home).own_centre
        home = self._home.resolve()
        return Path(kept) if kept else home.with_name(f"{home.name}-centre")

    # -- printer and drawer ------------------------------------------------------------------------

    def printers(self) -> list[Printer]:
        heard = neighbours.heard(neighbours.RAW_PRINTER, _PRINTERS_S)
        afar = [printer_search.network(one.name, one.address, one.port) for one in heard]
        return [Printer(*one) for one in [*printer_search.here(), *afar]]

    def print_trial(self, address: str) -> None:
        chosen = settings.load(self._home)
        mode = bootstrap.printer_mode(chosen)
        width = bootstrap.letters_of(chosen.printer_width or 80)
        self._send(address, trial_page.job(address, SystemClock().now(), width, mode))

    def keep_printer(self, address: str) -> None:
        if address:
            open_printer(address).close()
        self._write(printer=address)

    def kick(self) -> None:
        chosen = settings.load(self._home)
        self._send(chosen.printer, trial_page.kick(bootstrap.printer_mode(chosen)))

    def _send(self, address: str, job: bytes) -> None:
        if not address:
            raise Refused("no-printer-chosen")
        with contextlib.closing(open_printer(address)) as printer:
            printer.send(job)


def _without_server() -> bool:
    """Whether only the till is installed here: the centre's Postgres is a package of its own."""
    return importlib.util.find_spec("psycopg_binary.pq") is None


def _first_start() -> ModuleType:
    """What founds, with all of the back office below it: a till of a shop with a server loads none."""
    from pos_app.cli import first_start

    return first_start


def _url(heard: neighbours.Neighbour) -> str:
    """Where a centre says that it answers, or else where it was heard."""
    if heard.told.get("url", "").startswith(("https://", "http://")):
        return heard.told["url"]
    return f"{'https' if heard.told.get('tls') == '1' else 'http'}://{heard.address}:{heard.port}"


def _free_port() -> int:
    """The first port from the usual one on that nobody listens on."""
    for port in range(_PORT, _PORT + _PORTS):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0
