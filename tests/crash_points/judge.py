"""What a till that lost its power is asked: whether it opens as the product opens it, and has everything.

Nothing of which somebody was told or has the paper may be missing, nothing may be there that nobody made, no
paper comes out a second time by itself, all of it verifies, and the till sells on.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.ledger.clock import SetClock
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import signed_end
from pos_app.store.engine import own_keys
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.page_check import PAGE_BYTES
from pos_app.store.engine.signing import COUNTS
from pos_app.store.medium import reading
from pos_app.store.upkeep import start_check, verification
from pos_app.till.till import Till
from tests.crash_points.disk import Image, State
from tests.crash_points.recording import Call, Said
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.worlds.prepared import write_private
from tests.support.worlds.till_fixture import CASHIER, KEY, Shop

#: The folder of the till, of its second medium and of its copies.
HOME, MEDIUM, COPIES = "till", "stick", "copies"
#: Of the write-ahead log: its head, and a page with its own.
_LOG_HEAD, _FRAME = 32, 24 + PAGE_BYTES
#: A count of this age is not one of a till at work.
_OLD_S: Final = 1_000_000_000


class Document(NamedTuple):
    """A document as it was recorded."""

    document_id: int
    hash: bytes


@dataclass
class Told:
    """What people know when the power goes: they are right to find it again."""

    #: Documents that the window confirmed, and those whose paper came out of the printer, by key.
    done: list[int] = field(default_factory=list)
    paper: list[int] = field(default_factory=list)
    #: Up to where all lies on the second medium, which copies were made, and that a medium was chosen.
    brought: int = 0
    copies: list[str] = field(default_factory=list)
    has_chosen: bool = False
    #: The keys of the till that the centre knows, when it was told any.
    keys: list[bytes] = field(default_factory=list)


def told_by(calls: Sequence[Call], point: int) -> Told:
    """What had been said when the power went after this call."""
    told = Told()
    for call in calls[: point + 1]:
        match call:
            case Said(what="done", fact=document_id):
                told.done.append(document_id)
            case Said(what="paper", fact=document_id):
                told.paper.append(document_id)
            case Said(what="brought", fact=seq):
                told.brought = seq
            case Said(what="copied", fact=name):
                told.copies.append(name)
            case Said(what="keys", fact=keys):
                told.keys = keys
            case Said(what="chosen"):
                told.has_chosen = True
    return told


class Judge:
    """Looks at one state after the other; `known` is every document that was ever recorded, in order."""

    def __init__(self, folder: Path, known: Sequence[Document], identity: Path) -> None:
        """`folder` is for its own use; `identity` opens what was closed to the shop's key."""
        self._folder = folder
        self._known = {one.document_id: one.hash for one in known}
        self._identity = identity
        #: Recovered databases that were found well: most tears of one transaction end in the same one.
        self._well: set[bytes] = set()

    def faults(self, state: State, calls: Sequence[Call]) -> list[str]:
        """What is wrong with what is left, in words; empty when all is well."""
        shutil.rmtree(self._folder, ignore_errors=True)
        put(self._folder, state.image)
        told = told_by(calls, state.point)
        found = list(self._copies(told))
        found += self._medium(told)
        try:
            found += self._till(told)
        except BohariError as error:
            found.append(f"does not open: {error.code}: {error.sentence}")
        return found

    # --- the till ---------------------------------------------------------------------------------

    def _till(self, told: Told) -> Iterator[str]:
        home = self._folder / HOME
        till = bootstrap.open_till(home, SetClock(MOMENT))
        try:
            start_check.check_pages(till.database)
            yield from self._documents(till.database, told)
            key = _recovered(till.database, home) + repr(told.paper).encode()
            if key not in self._well:
                whole = [*self._whole(till.database), *self._paper(till, told), *self._goes_on(till)]
                yield from whole
                if not whole:
                    self._well.add(key)
        finally:
            till.close()
        if told.keys and told.keys[-1] not in _keys(home):
            yield "lost: the key that the centre knows"
        if told.has_chosen and not settings.load(home).medium:
            yield "the choice of a medium is lost"

    def _documents(self, database: Database, told: Told) -> Iterator[str]:
        held = _held(database)
        for document_id in dict.fromkeys((*told.done, *told.paper)):
            if document_id not in held:
                yield f"lost: document {document_id & 0xFFFFFFFF}"
        for document_id, hash_ in held.items():
            if self._known.get(document_id) != hash_:
                yield f"made by nobody: document {document_id & 0xFFFFFFFF}"

    def _whole(self, database: Database) -> Iterator[str]:
        with database.read() as connection:
            frozen = signed_end.problem(connection, ORG, TILL)
        if frozen:
            yield f"frozen: {frozen}"
        verdict = verification.verify(database, ORG, TILL)
        if not verdict.ok:
            yield f"verify: {verdict.problems[0]}"

    def _paper(self, till: Till, told: Told) -> Iterator[str]:
        """Started again, the spool prints what waits and leaves to a person what may be on paper."""
        again = _Paper()
        spool = till.spool(again, lambda job: str(job.document_id).encode())
        spool.leave_interrupted()
        spool.work_off()
        for document_id in again.printed:
            if document_id in told.paper:
                yield f"printed twice: document {document_id & 0xFFFFFFFF}"

    def _goes_on(self, till: Till) -> Iterator[str]:
        """Somebody comes in the morning and sells."""
        till._context.person = CASHIER
        before = max(_held(till.database), default=TILL << 32)
        shop = Shop(self._folder / HOME / bootstrap.TILL_DATABASE, SetClock(MOMENT), till.database, till)
        done = shop.sell("SOAP") if till.drawer.is_open() else shop.open_drawer()
        if done.document_id != before + 1:
            yield f"the next is {done.document_id}, not {before + 1}"

    # --- beside it --------------------------------------------------------------------------------

    def _copies(self, told: Told) -> Iterator[str]:
        folder = self._folder / COPIES
        for name in told.copies:
            if not (folder / name).exists():
                yield f"lost: the copy {name}"
        if not folder.exists():
            return
        for path in sorted(folder.iterdir()):
            # What is being made is no copy yet.
            key = path.read_bytes()
            if path.suffix == ".db" and key not in self._well:
                found = list(_of_copy(path))
                yield from found
                if not found:
                    self._well.add(key)

    def _medium(self, told: Told) -> Iterator[str]:
        if not told.brought:
            return
        try:
            (held,) = reading.read(self._folder / MEDIUM, self._identity)
        except BohariError as error:
            yield f"the medium: {error.sentence}"
            return
        there = {packet.seq for packet in held.packets}
        missing = set(range(1, told.brought + 1)) - there
        if missing:
            yield f"lost on the medium: {sorted(missing)}"


def _recovered(database: Database, home: Path) -> bytes:
    """What SQLite made of the file and its log, and the count beside it, in a few bytes."""
    with database.connection() as connection:
        frames = int(connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").one()[1])
    file, whole = home / bootstrap.TILL_DATABASE, hashlib.sha256()
    log = file.with_name(f"{file.name}-wal").read_bytes()[: _LOG_HEAD + max(frames, 0) * _FRAME]
    of_log = {int.from_bytes(log[at : at + 4], "big") for at in range(_LOG_HEAD, len(log), _FRAME)}
    content = file.read_bytes()
    for page in range(1, len(content) // PAGE_BYTES + 1):
        if page not in of_log:
            whole.update(content[(page - 1) * PAGE_BYTES : page * PAGE_BYTES])
    whole.update(log)
    for path in sorted((home / COUNTS).glob("*")):
        whole.update(path.read_bytes())
    return whole.digest()


def _of_copy(path: Path) -> Iterator[str]:
    """What is wrong with a copy, which has no count beside it."""
    try:
        copy = open_sqlite(path, KEY)
        try:
            problems = verification.verify(copy, ORG, TILL).problems
        finally:
            copy.close()
    except BohariError as error:
        problems = [error.said]
    for one in problems:
        if getattr(one, "code", "") != "signed-count-missing":
            yield f"the copy: {one}"


def _keys(home: Path) -> list[bytes]:
    """The public keys of a till; the last one signs, and of that the private one is there."""
    signs = own_keys.load(home).public_key().public_bytes_raw()
    return [*(one.public_key for one in own_keys.read(home)), signs]


class _Paper:
    """Paper that comes out after the power is back."""

    def __init__(self) -> None:
        self.printed: list[int] = []

    def send(self, job: bytes) -> None:
        """A job is on paper."""
        self.printed.append(int(job) if job != b"None" else 0)

    def close(self) -> None:
        """Nothing is held open."""


def _held(database: Database) -> dict[int, bytes]:
    with database.read() as connection:
        rows = connection.execute(text("SELECT document_id, hash FROM document"))
        return {int(row.document_id): bytes(row.hash) for row in rows}


def documents_of(database: Database) -> list[Document]:
    """All documents of a till, in order."""
    return [Document(*one) for one in sorted(_held(database).items())]


def put(folder: Path, image: Image) -> None:
    folder.mkdir(parents=True)
    for name in sorted(image):
        path = folder / name
        if not path.parent.exists():
            # What lies in a folder whose own name is lost is found by nobody.
            continue
        if name.endswith("/"):
            path.mkdir(mode=0o700, exist_ok=True)
            continue
        write_private(path, image[name])
        os.utime(path, (_OLD_S, _OLD_S))
