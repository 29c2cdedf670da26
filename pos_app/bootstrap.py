"""The only place that wires objects together: homes, their keys and settings, a till, the centre.

A till's home holds `till.db`, `till.key`, `terminal.key`; a central home holds `postgres/` or
speaks to the Postgres of BOHARI_DATABASE_URL; both hold `bohari.toml`.  A damaged database is left
exactly as it is: opening says so and touches nothing.
"""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pos_app import settings
from pos_app.devices.scanner import ENTER, TAB, WedgeSettings
from pos_app.language import use_paper_language
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.log import setting_up as log
from pos_app.settings import Settings
from pos_app.store.engine import key
from pos_app.store.engine.engine import Database, open_postgres, open_sqlite
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.schema import schema

if TYPE_CHECKING:
    from pos_app.devices.escpos_layout import Mode
    from pos_app.devices.paper import WidthChars
    from pos_app.store.engine.embedded import EmbeddedPostgres
    from pos_app.store.journal.print_jobs import PrintJob
    from pos_app.till.paper.spool import Spool
    from pos_app.till.till import Till

TILL_DATABASE: Final = "till.db"
TERMINAL_KEY: Final = "terminal.key"
POSTGRES_FOLDER: Final = "postgres"
#: What may end a label, by the words of the settings.
_ENDS_OF_SCAN: Final = {"enter": frozenset({ENTER, "\n"}), "tab": frozenset({TAB})}
_MOST_GAP_MS: Final = 250


class HomeKind(StrEnum):
    """What a home holds."""

    TILL = "till"
    CENTRAL = "central"


def kind_of(home: Path) -> HomeKind | None:
    """What lies in this folder; None when it is no home (yet).

    Raises `Unavailable` when we may not look.
    """
    try:
        if (home / TILL_DATABASE).exists() or (home / key.FILE).exists():
            return HomeKind.TILL
        if (home / POSTGRES_FOLDER).exists():
            return HomeKind.CENTRAL
    except OSError as error:
        raise Unavailable("path-unreadable", path=home, why=error.strerror) from error
    kind = settings.load(home, {}).kind
    return HomeKind(kind) if kind in tuple(HomeKind) else None


def expect(home: Path, wanted: HomeKind) -> None:
    """Raise `Refused` with a sentence when the folder is another kind of home, or none."""
    found = kind_of(home)
    if found is wanted:
        return
    if found is None:
        how = "bohari enrol" if wanted is HomeKind.TILL else "bohari init"
        raise Refused("home-missing", kind=wanted.value, home=home, how=how)
    raise Refused("home-of-other-kind", home=home, found=found.value, wanted=wanted.value)


# --- a till -----------------------------------------------------------------------------------------


def make_till_database(home: Path) -> Database:
    """The database of a till's home, made when it is missing; for enrolment."""
    if kind_of(home) is HomeKind.CENTRAL:
        raise Refused("home-is-central", home=home)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        database_key = key.make(home)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    settings.write(home, kind=HomeKind.TILL.value)
    return _prepared_till(home, database_key)


def till_database(home: Path) -> Database:
    """The database of a till that exists.

    Raises `Refused` when this is no till's home, `Damaged` when the file fails its check.
    """
    expect(home, HomeKind.TILL)
    if not (home / TILL_DATABASE).exists():
        raise Refused("till-database-missing", home=home)
    if (home / TILL_DATABASE).stat().st_size == 0:
        raise Damaged("till-database-empty", home=home)
    return _prepared_till(home, key.load(home))


def _prepared_till(home: Path, database_key: bytes) -> Database:
    database = open_sqlite(home / TILL_DATABASE, database_key)
    try:
        schema.prepare_till(database)
    except BaseException:
        database.close()
        raise
    return database


def open_till(home: Path, clock: Clock | None = None) -> "Till":
    """The till of a home, ready to sign in; its database is `till.database`."""
    from pos_app.till.till import Till

    database = till_database(home)
    try:
        chosen = settings.load(home)
        use_paper_language(chosen.receipt_language)
        return Till(database, clock or SystemClock(), scale_labels=chosen.scale_labels)
    except BaseException:
        database.close()
        raise


def make_spool(till: "Till", home: Path, chosen: Settings) -> "Spool":
    """The print spool of a till with the printer of its settings; not started yet.

    Without a printer receipts are pictures in the home, so that the first day needs no hardware.
    Raises `Refused` when the settings name a printer, a roll or a mode that is none.
    """
    from pos_app.devices.printer import open_printer

    def render(job: "PrintJob") -> bytes:
        # The layout loads a picture library: with the first receipt, not with the window.
        from pos_app.devices.escpos_layout import to_escpos

        return to_escpos(till.paper_of(job, width), mode)

    width, mode = _roll(chosen), _printer_mode(chosen)
    address = chosen.printer or f"preview://{(home / 'receipts').resolve()}"
    return till.spool(open_printer(address), render)


def _roll(chosen: Settings) -> "WidthChars":
    """How many letters stand in a line of the printer's roll.  Raises `Refused`."""
    match chosen.printer_width:
        case 80:
            return 42
        case 58:
            return 32
        case other:
            raise Refused("printer-width-unknown", width=other)


def _printer_mode(chosen: Settings) -> "Mode":
    """How a receipt is sent.  Raises `Refused`."""
    match chosen.printer_mode:
        case "raster" | "text" as mode:
            return mode
        case other:
            raise Refused("printer-mode-unknown", mode=other[:20])


def scanner_settings(chosen: Settings) -> WedgeSettings:
    """How the scanner of a till is set up, from the table `[scanner]`.  Raises `Refused`."""
    scanner = chosen.scanner
    ends = set(scanner.ends_with.split())
    if not ends <= _ENDS_OF_SCAN.keys():
        raise Refused("scanner-ends-unknown", ends=scanner.ends_with[:20])
    if not (scanner.prefix + scanner.suffix).isprintable():
        raise Refused("scanner-signs-invisible")
    if scanner.terminator_gap_ms > _MOST_GAP_MS:
        # Every key that a person types waits as long as this before it shows.
        raise Refused("scanner-gap-too-long", most=_MOST_GAP_MS)
    try:
        return WedgeSettings(
            minimum_length=scanner.minimum_length,
            gap_ms=scanner.gap_ms,
            terminator_gap_ms=scanner.terminator_gap_ms,
            prefix=scanner.prefix,
            suffix=scanner.suffix,
            terminators=frozenset[str]().union(*(_ENDS_OF_SCAN[one] for one in ends)),
        )
    except ValueError as error:
        raise Refused("scanner-setting-wrong", why=error) from error


# --- the centre -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Central:
    """An open central home; `embedded` is None when the Postgres is somebody else's.

    `url` is the database's; it may hold a password.
    """

    home: Path
    settings: Settings
    database: Database
    embedded: "EmbeddedPostgres | None"
    clock: Clock
    url: str = ""

    def organisation(self) -> Organisation:
        """The organisation that a command is for: the one that is named, or else the only one.

        Raises `Refused` when there is none, none of that name, or a choice.
        """
        with self.database.read() as connection:
            if self.settings.org:
                found = organisations.named(connection, self.settings.org)
            else:
                only = 0 if self.settings.several else self.settings.org_id
                ids = [only] if only else organisations.all_ids(connection)
                found = [one for one in (organisations.get(connection, key) for key in ids) if one]
            labels = organisations.labels(connection)
        if len(found) == 1:
            return found[0]
        if found or self.settings.org:
            which = ", ".join(labels[one.org_id] for one in found) or ", ".join(sorted(labels.values()))
            raise Refused("organisation-not-named", labels=which)
        raise Refused("organisation-missing", home=self.home)

    def has_organisations(self) -> bool:
        """Whether there is anything to serve."""
        with self.database.read() as connection:
            return bool(organisations.all_ids(connection))

    def for_org(self, organisation: Organisation) -> Database:
        """The database as the application sees it for this organisation."""
        return self.database.for_org(organisation.org_id)


@contextlib.contextmanager
def central(
    home: Path, clock: Clock | None = None, *, make: bool = False, org: str = ""
) -> Iterator[Central]:
    """Open a central home for as long as the block lasts; `org` names one organisation of several.

    The embedded Postgres is started when it does not run, and stopped by whoever leaves last.
    Raises `Refused` when this is no central home, `Unavailable` when Postgres does not answer.
    """
    if not make:
        expect(home, HomeKind.CENTRAL)
    chosen = settings.load(home, org=org or None)
    use_paper_language(chosen.receipt_language)
    if chosen.database == "url" and not chosen.database_url:
        raise Refused("other-postgres")
    with contextlib.ExitStack() as stack:
        embedded = None
        if chosen.database_url:
            url = chosen.database_url
        else:
            embedded = stack.enter_context(_embedded(home))
            url = embedded.url()
        database = open_postgres(url)
        stack.callback(database.close)
        schema.prepare_central(database)
        # The cryptography is loaded at the centre only.
        from pos_app.store.engine import privacy_key

        privacy_key.attach(database, home)
        yield Central(home, chosen, database, embedded, clock or SystemClock(), url)


def worker_database(home: Path, url: str, connections: int) -> Database:
    """The database of a central home for one more process of its server, which the first one made
    ready; of at most so many connections.
    """
    import multiprocessing

    from pos_app.store.engine import privacy_key

    log.begin(home, "server", multiprocessing.current_process().name)
    log.also_to_standard_error()
    database = open_postgres(url, pool_size=connections, overflow=0)
    privacy_key.attach(database, home)
    return database


@contextlib.contextmanager
def _embedded(home: Path) -> Iterator["EmbeddedPostgres"]:
    from pos_app.store.engine.embedded import EmbeddedPostgres

    home.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(home / POSTGRES_FOLDER)
    with (home / ".postgres.users").open("a") as users:
        _hold(users)
        postgres.start()
        try:
            yield postgres
        finally:
            if _is_last(users) if _can_lock() else postgres.started_here:
                postgres.stop()


def _can_lock() -> bool:
    return sys.platform != "win32"


def _hold(users: IO[str]) -> None:
    """Count as a user of the home's Postgres; the system forgets us even when we are killed."""
    if _can_lock():
        import fcntl

        fcntl.flock(users, fcntl.LOCK_SH)


def _is_last(users: IO[str]) -> bool:
    import fcntl

    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
