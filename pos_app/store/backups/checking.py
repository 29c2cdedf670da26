"""Opening a whole copy with the private key and looking at all of it, without putting it anywhere."""

import os
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from pos_app.ledger.errors import BohariError, Damaged
from pos_app.store.backups.place import Place
from pos_app.store.backups.tar_check import TarCheck
from pos_app.store.engine import age_files

_PIECE: Final = 1 << 20
_MOST_AT_ONCE: Final = 1 << 24


def check_base(place: Place, name: str, identity: Path) -> int:
    """How many files are in a whole copy that opens and holds.

    Raises `Refused` (no key), `Damaged` (another key; cut or changed), and what the disk raises.
    """
    check = TarCheck()
    with unpacked(place.folder / name, age_files.identities(identity)) as pieces:
        for piece in pieces:
            check.feed(piece)
    return len(check.end()["Files"])


@contextmanager
def unpacked(path: Path, keys: list[Any]) -> Iterator[Iterator[bytes]]:
    """What is in a file of the backups, a piece at a time; nothing of it touches the disk.

    Raises `Damaged` when no key opens it, or it was cut or changed: the last piece is sound when all came.
    """
    if path.suffix != age_files.SUFFIX:
        with path.open("rb") as file:
            yield _inflated(file, path)
        return
    if not keys:
        raise Damaged("backup-does-not-open", file=path)
    ours, theirs = os.pipe()
    wrong: list[Exception] = []

    def decrypt() -> None:
        try:
            with os.fdopen(theirs, "wb") as out, path.open("rb") as closed:
                pyrage.decrypt_io(closed, out, keys)
        except Exception as error:  # noqa: BLE001 - said by the thread that reads
            wrong.append(error)

    thread = threading.Thread(target=decrypt, name="decrypt", daemon=True)
    thread.start()
    with os.fdopen(ours, "rb") as opened:
        try:
            yield _inflated(opened, path)
        except BohariError as error:
            raise error from (wrong[0] if wrong else None)
        finally:
            opened.close()
            thread.join()
    if wrong:
        raise Damaged("backup-does-not-open", file=path) from wrong[0]


def _inflated(source: IO[bytes], path: Path) -> Iterator[bytes]:
    opener = zlib.decompressobj(wbits=31)
    try:
        while piece := source.read(_PIECE):
            while piece:
                # A little file may stand for an endless one.
                yield opener.decompress(piece, _MOST_AT_ONCE)
                piece = opener.unconsumed_tail
        yield opener.flush()
    except zlib.error as error:
        raise Damaged("backup-does-not-open", file=path) from error
    if not opener.eof:
        raise Damaged("backup-does-not-open", file=path)
