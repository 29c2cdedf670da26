"""The only place that wires objects together: homes, their keys and settings, a till, the centre.

A till's home holds `till.db`, `till.key`, `terminal.key`; a central home holds `postgres/` or
speaks to the Postgres of BOHARI_DATABASE_URL; both hold `bohari.toml`.  A damaged database is left
exactly as it is: opening says so and touches nothing.
"""

import contextlib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pos_app import VERSION, settings
from pos_app.devices.scanner import ENTER, TAB, WedgeSettings
from pos_app.language import use_paper_language
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.ledger.house_rule import HouseRule
from pos_app.log import setting_up as log
from pos_app.settings import Settings
from pos_app.store.documents import terminal
from pos_app.store.engine import key, own_keys
from pos_app.store.engine.engine import Database, Login, open_application, open_postgres, open_sqlite
from pos_app.store.engine.key_store import make_folder
from pos_app.store.engine.signing import COUNTS, Signing
from pos_app.store.master import organisations, pins
from pos_app.store.master.organisations import Organisation
from pos_app.store.medium import backup_rounds, keeper
from pos_app.store.medium.backup_rounds import BackupRounds
from pos_app.store.medium.backup_state import Backups
from pos_app.store.medium.keeper import Chosen
from pos_app.store.medium.medium_state import Keep
from pos_app.store.schema import schema
from pos_app.store.upkeep import start_check

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pos_app.devices.escpos_layout import Mode
    from pos_app.devices.paper import WidthChars
    from pos_app.store.backups.rounds import Chosen as ChosenBackups
    from pos_app.store.backups.rounds import Rounds
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


def make_till_database(home: Path) -> Database:
    """The database of a till's home, made when it is missing; for enrolment."""
    if kind_of(home) is HomeKind.CENTRAL:
        raise Refused("home-is-central", home=home)
    try:
        make_folder(home, 0o700)
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
        database.check_log()
        schema.prepare_till(database, lambda: _before_upgrade(database, home, database_key))
        pins.attach(database, home)
    except BaseException:
        database.close()
        raise
    database.sign_with(till_signing(home))
    return database


def _before_upgrade(database: Database, home: Path, database_key: bytes) -> None:
    from pos_app.store.medium import upgrade_copy

    upgrade_copy.before_upgrade(database, home, database_key)


def till_signing(home: Path) -> Signing:
    """What a till of this home signs its documents with."""

    def load() -> "Ed25519PrivateKey":
        # The cryptography comes with the first document, not with the window.
        return own_keys.load(home)

    return Signing(
        load,
        counts=home / COUNTS,
        keys=lambda: own_keys.read(home),
        stamp=lambda: own_keys.stamp(home),
    )


def open_till(home: Path, clock: Clock | None = None) -> "Till":
    """The till of a home, ready to sign in; its database is `till.database`.

    Raises `Damaged` when its file is damaged or does not forbid any more what it must.
    """
    from pos_app.till.till import Till

    database = till_database(home)
    try:
        check_at_start(database)
        chosen = settings.load(home)
        use_paper_language(chosen.receipt_language)
        labels, cards = chosen.scale_labels, chosen.card_terminal
        return Till(database, clock or SystemClock(), scale_labels=labels, card_terminal=cards)
    except BaseException:
        database.close()
        raise


def check_at_start(database: Database) -> None:
    """Before a till or its daemon works on a database.  Raises `Damaged`."""
    with database.read() as connection:
        own = terminal.load(connection)
    start_check.check_till(database, own.org_id, own.terminal_no)


def medium_of(home: Path) -> Chosen | None:
    """The second medium that a till's settings name; None for none.  Raises what the settings raise."""
    chosen = settings.load(home)
    if not chosen.medium or not chosen.medium_id:
        return None
    keep = Keep(max(chosen.medium_keep_days, 0), max(chosen.medium_keep_mb, 1) * 1024 * 1024)
    return Chosen(Path(chosen.medium), chosen.medium_id, chosen.backup_recipient, keep)


def keeping_medium(database: Database, home: Path) -> AbstractContextManager[None]:
    """The second medium of a till kept up beside whatever the block does, also when it is chosen later."""
    return keeper.kept(database, home, lambda: medium_of(home))


def till_backups_of(home: Path) -> Backups | None:
    """Where a till's settings want backups; None for nowhere.  Raises what the settings raise."""
    chosen = settings.load(home)
    if not chosen.backup_folder:
        return None
    return Backups(Path(chosen.backup_folder), chosen.backup_recipient, chosen.backup_key_tried)


def backup_rounds_of(database: Database, home: Path) -> BackupRounds:
    """What makes the backups of a till where its settings want them."""
    return BackupRounds(database, home, lambda: till_backups_of(home), program=VERSION)


def keeping_backups(database: Database, home: Path) -> AbstractContextManager[None]:
    """The backups of a till made beside whatever the block does, also where they are chosen later."""
    return backup_rounds.kept_up(backup_rounds_of(database, home))


def make_spool(till: "Till", home: Path, chosen: Settings) -> "Spool":
    """The print spool of a till with the printer of its settings; not started yet.

    Without a printer receipts are pictures in the home, so that the first day needs no hardware.
    Raises `Refused` when the settings name a printer, a roll or a mode that is none.
    """
    from pos_app.devices.printer import open_printer

    def render(job: "PrintJob") -> bytes:
        # The layout loads a picture library: with the first receipt, not with the window.
        from pos_app.devices.escpos_layout import to_escpos

        width = own or letters_of(till.place.rules[HouseRule.RECEIPT_WIDTH])
        if job.content and job.what == "label":
            return till.label_bytes(job, width, mode)
        return to_escpos(till.paper_of(job, width), mode)

    own = letters_of(chosen.printer_width) if chosen.printer_width else None
    mode = printer_mode(chosen)
    address = chosen.printer or f"preview://{(home / 'receipts').resolve()}"
    return till.spool(open_printer(address), render)


def letters_of(millimetres: int) -> "WidthChars":
    """How many letters stand in a line of a roll.  Raises `Refused`."""
    match millimetres:
        case 80:
            return 42
        case 58:
            return 32
        case other:
            raise Refused("printer-width-unknown", width=other)


def printer_mode(chosen: Settings) -> "Mode":
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


@dataclass(frozen=True)
class Central:
    """An open central home; `embedded` is None when the Postgres is somebody else's.

    `login` is what the workers of the server log in with; it holds a password.
    """

    home: Path
    settings: Settings
    database: Database
    embedded: "EmbeddedPostgres | None"
    clock: Clock
    login: Login

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

    def oldest(self) -> Organisation:
        """The organisation that the centre was founded with.  Raises `Refused` when there is none."""
        with self.database.read() as connection:
            ids = organisations.all_ids(connection)
            found = organisations.get(connection, min(ids)) if ids else None
        if found is None:
            raise Refused("organisation-missing", home=self.home)
        return found

    def has_organisations(self) -> bool:
        """Whether there is anything to serve."""
        with self.database.read() as connection:
            return bool(organisations.all_ids(connection))

    def for_org(self, organisation: Organisation) -> Database:
        """The database as the application sees it for this organisation."""
        return self.database.for_org(organisation.org_id)


@contextlib.contextmanager
def central(
    home: Path, clock: Clock | None = None, *, make: bool = False, org: str = "", lives_before: int = 0
) -> Iterator[Central]:
    """Open a central home for as long as the block lasts; `org` names one organisation of several.

    A database that was put back begins a new life here, a later one than `lives_before`.

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
        upgraded = schema.prepare_central(database)
        # The cryptography, and what only a centre does at its opening, is loaded at the centre only.
        from pos_app.store.engine import privacy_key
        from pos_app.store.schema import server_login
        from pos_app.store.upkeep import code_check, life

        login = server_login.attach(database, home, url, chosen.database_server_url)
        # Without a URL of its own the server logs in where the owner does, and that is no pool.
        login = login._replace(pooled=bool(chosen.database_pooled and chosen.database_server_url))
        database.log_in(login)
        privacy_key.attach(database, home)
        if upgraded:
            code_check.fill(database)
        life.look(database, home, clock or SystemClock(), lives_before)
        pins.close_all(database)
        yield Central(home, chosen, database, embedded, clock or SystemClock(), login)
        # A Postgres that went away meanwhile is noted at the next opening.
        with contextlib.suppress(Unavailable, OSError):
            life.note(database, home)


def centre_again(home: Path, login: Login, org_id: int) -> Database:
    """The database of a central home that is open, once more in another process, for one organisation."""
    from pos_app.store.engine import privacy_key

    database = open_application(login, pool_size=1, overflow=0)
    privacy_key.lend(database, home)
    return database.for_org(org_id)


def backups_of(centre: Central) -> "Rounds | None":
    """The turns of a centre's backups; None with a Postgres of somebody else, who makes their own."""
    from pos_app.store.backups.rounds import Rounds

    if centre.embedded is None:
        return None

    def chosen() -> "ChosenBackups | None":
        return chosen_backups(centre)

    return Rounds(centre.database, centre.embedded, centre.home, centre.clock, chosen)


def chosen_backups(centre: Central) -> "ChosenBackups | None":
    """Where the settings of a central home say that its backups go, as they are now; None for nowhere."""
    from pos_app.store.backups import kept_keys
    from pos_app.store.backups.rounds import Chosen as ChosenBackups
    from pos_app.store.engine import age_files

    now = settings.load(centre.home)
    if not now.centre_backups:
        return None
    with centre.database.read() as connection:
        org_ids = organisations.all_ids(connection)
    privacy, server = centre_keys(centre.home)
    about = {
        "organisations": org_ids,
        "migrations": sorted(schema.HEADS["central"]),
        "keys": kept_keys.fingerprint(privacy, server),
    }
    return ChosenBackups(
        Path(now.centre_backups),
        age_files.recipients(now.backup_recipient),
        now.centre_backups_keep,
        now.centre_backups_keys,
        str(about["keys"]),
        about,
    )


def centre_keys(home: Path) -> tuple[bytes, bytes]:
    """What must be kept apart from a centre: the key of personal fields, and the file of the server's key."""
    from pos_app.store.engine import privacy_key
    from sync.server import server_key

    privacy = privacy_key.load(home)
    if privacy is None:
        raise Refused("privacy-key-not-in-home", file=privacy_key.FILE, home=home)
    return privacy, server_key.content(server_key.load_or_make(home))


def worker_database(home: Path, login: Login, connections: int) -> Database:
    """The database of a central home for one more process of its server, which the first one made
    ready; of at most so many connections.  It works for one organisation at a time and cannot be the owner.
    """
    import multiprocessing

    from pos_app.store.engine import privacy_key

    log.begin(home, "server", multiprocessing.current_process().name)
    log.also_to_standard_error()
    database = open_application(login, pool_size=connections, overflow=0)
    privacy_key.lend(database, home)
    let_requests_be_decided()
    return database


def let_requests_be_decided() -> None:
    """What tills ask for is decided, and made, by the office, where a server of this process takes it."""
    from pos_app.office import depot_days, requests
    from sync.server import depot_day, request_intake

    request_intake.use(requests.decide)
    depot_day.use(depot_days.page)


@contextlib.contextmanager
def _embedded(home: Path) -> Iterator["EmbeddedPostgres"]:
    from pos_app.store.engine.embedded import EmbeddedPostgres

    make_folder(home)
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
