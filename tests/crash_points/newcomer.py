"""A new home becomes a till, by the code alone or from the backup of a lost one; and who judges that.

Nothing is receipted yet.  What a power cut may cost is the till itself: a one-time code that is used up for a
key which no disk has any more, or a home that neither works nor lets anybody begin again.
"""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app import bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli import restore_till
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import settings as till_settings
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files, key_store, own_keys
from pos_app.store.medium import backup_file
from pos_app.store.upkeep import start_check
from sync.client.enrol import Replaced, enrol
from sync.protocol.messages import EnrolAnswer, EnrolRequest
from tests.crash_points.disk import State
from tests.crash_points.judge import HOME, put
from tests.crash_points.recording import Call, Recording, Said
from tests.support.documents.specimens import DEPOT, DRAWER, ORG
from tests.support.worlds.till_fixture import CASHIER, KEY, Shop, make_till_database

_NUMBER: Final = 9
_CODE: Final = "AAAA-BBBB-CCCC-DDDD"
_PRINTER: Final = "/dev/usb/lp7"


@dataclass
class _Centre:
    """Gives a code away once: to the key that came first, as often as that asks."""

    record: Recording | None = None
    #: The keys under which somebody asked, in their order.
    heard: list[bytes] = field(default_factory=list)

    def connect(self, _url: str, _key: Ed25519PrivateKey, *_: object) -> Any:
        """A line to it."""
        return self

    def call(self, _path: str, request: EnrolRequest, _answer: object) -> EnrolAnswer:
        """The identity, for the same key again the same."""
        self.heard.append(request.public_key)
        if self.record is not None:
            self.record.say("heard", request.public_key)
        return EnrolAnswer(org_id=ORG, terminal_no=_NUMBER, depot_id=DEPOT, drawer_id=DRAWER, epoch="life 1")

    def close(self) -> None:
        """Nothing is held open."""


def _begin(home: Path, centre: _Centre, backup: tuple[Path, Path] | None) -> None:
    """What `bohari enrol` does, and `bohari restore till` with the file of a backup and the shop's key."""
    with contextlib.ExitStack() as stack:
        lost = None
        if backup is not None:
            opened = stack.enter_context(restore_till._opened(home, *backup))
            if opened is None:
                raise RuntimeError("there is a backup")
            lost = Replaced(opened.manifest.org_id, opened.manifest.terminal_no)
            settings.take_over(home, opened.home / backup_file.SETTINGS)
        database = bootstrap.make_till_database(home)
        try:
            key = home / bootstrap.TERMINAL_KEY
            enrol(database, key, "https://centre", _CODE, connect=centre.connect, replaces=lost)
        finally:
            database.close()


@dataclass(frozen=True)
class Newcomer:
    """A recording of how a home became a till."""

    calls: list[Call]
    first: int
    backup: tuple[Path, Path] | None
    deed: str

    def deeds(self) -> list[tuple[int, str]]:
        """There is one."""
        return [(self.first, self.deed)]

    def judge(self, folder: Path) -> "JudgeOfNewcomer":
        """Who looks at what is left."""
        return JudgeOfNewcomer(folder, self.backup)


def enrolment(folder: Path) -> Newcomer:
    """`bohari enrol` in a home where nothing is."""
    return _recorded(folder / "enrolment", "enrolment", None)


def restore(folder: Path) -> Newcomer:
    """`bohari restore till` from a backup that a shop's key opens, on a new disk."""
    old, identity, stick = folder / "lost", folder / "lost.key", folder / "backups"
    for one in (old, stick):
        one.mkdir()
    key_store.keep(old, key_store.DATABASE_KEY, KEY)
    settings.write(old, kind=HomeKind.TILL.value, printer=_PRINTER)
    make_till_database(old)
    till = bootstrap.open_till(old)
    try:
        shop = Shop.at(old / bootstrap.TILL_DATABASE)
        shop.be(CASHIER)
        shop.open_drawer()
        shop.database.close()
        public = age_files.recipients(age_files.make_key(identity))
        made = backup_file.make(till.database, old, stick, public, program="0").path
    finally:
        till.close()
    return _recorded(folder / "restore", "restore of a till", (made, identity))


def _recorded(root: Path, deed: str, backup: tuple[Path, Path] | None) -> Newcomer:
    root.mkdir()
    record = Recording(root)
    with record.listening():
        _begin(root / HOME, _Centre(record), backup)
        record.say("enrolled")
    return Newcomer(record.calls, record.first, backup, deed)


class JudgeOfNewcomer:
    """Asks whether the home is a till where that was said, and else whether the same word makes it one."""

    def __init__(self, folder: Path, backup: tuple[Path, Path] | None) -> None:
        self._folder, self._backup = folder, backup

    def faults(self, state: State, calls: Sequence[Call]) -> list[str]:
        """What is wrong with what is left, in words; empty when all is well."""
        shutil.rmtree(self._folder, ignore_errors=True)
        put(self._folder, state.image)
        said = [one for one in calls[: state.point + 1] if isinstance(one, Said)]
        heard = [one.fact for one in said if one.what == "heard"]
        try:
            return list(self._home(heard, is_told=any(one.what == "enrolled" for one in said)))
        except BohariError as error:
            return [f"does not open: {error.code}: {error.sentence}"]

    def _home(self, heard: list[bytes], *, is_told: bool) -> Iterator[str]:
        home = self._folder / HOME
        if not _number(home):
            if is_told:
                yield "lost: the till"
            centre = _Centre()
            _begin(home, centre, self._backup)
            if heard and centre.heard[0] != heard[0]:
                yield "lost: the code, the centre knows another key"
            heard = heard or centre.heard
        if _number(home) != str(_NUMBER):
            yield f"is till {_number(home)}"
        if own_keys.load(home).public_key().public_bytes_raw() != heard[0]:
            yield "lost: the key that the centre knows"
        database = bootstrap.till_database(home)
        try:
            start_check.check_pages(database)
            with database.read() as connection:
                if terminal.load(connection).terminal_no != _NUMBER:
                    yield "is somebody else"
        finally:
            database.close()
        if self._backup is not None and settings.load(home).printer != _PRINTER:
            yield "lost: the settings of the place"


def _number(home: Path) -> str:
    """Which till a home is; empty for one that is none yet."""
    if bootstrap.kind_of(home) is not HomeKind.TILL or not (home / bootstrap.TILL_DATABASE).exists():
        return ""
    # What `bohari enrol` asks first, of whatever a kill has left.
    database = bootstrap.make_till_database(home)
    try:
        with database.read() as connection:
            return till_settings.get(connection, "terminal_no")
    finally:
        database.close()
