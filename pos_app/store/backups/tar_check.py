"""Whether a base backup is what Postgres says it is, looked at while it passes: each file of the tar against
the manifest that comes at its end.

What is closed to a public key cannot be looked at afterwards on the machine that closed it.  The format is
what `pg_basebackup` writes (POSIX ustar, sizes in octal or base 256).

Decision 2026-11-30: not by `pg_verifybackup`.  It wants the copy open on a disk, and the one that comes with
the embedded Postgres ends with a segmentation fault.  What it compares (path, size and SHA-256 of every file
of the manifest) is compared here, when the copy is made and again when it is put back.
"""

import hashlib
import json
from typing import Any, Final

from pos_app.ledger.errors import Damaged

_BLOCK: Final = 512
MANIFEST: Final = "backup_manifest"
#: A manifest of a thousand tables for each of a hundred years is smaller.
_MOST_MANIFEST: Final = 64_000_000


class TarCheck:
    """Is fed a tar piece by piece; `end` gives its manifest when every file was as it says."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._left = self._padding = 0
        self._hash: Any = None
        self._manifest = bytearray()
        self._found: dict[str, tuple[int, str]] = {}
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """The next bytes.  Raises `Damaged` for what is no tar."""
        data = memoryview(self._rest + piece)
        at = 0
        while at < len(data):
            if self._left:
                part = data[at : at + self._left]
                at += len(part)
                self._left -= len(part)
                self._take(part)
                if not self._left:
                    self._finish()
                continue
            if self._padding:
                step = min(self._padding, len(data) - at)
                at += step
                self._padding -= step
                continue
            if len(data) - at < _BLOCK:
                break
            self._head(bytes(data[at : at + _BLOCK]))
            at += _BLOCK
        self._rest = bytes(data[at:])

    def end(self) -> dict[str, Any]:
        """The manifest.  Raises `Damaged` when a file is missing, cut or another one."""
        if self._left or self._rest.strip(b"\0") or not self._manifest:
            raise Damaged("backup-base-cut")
        try:
            manifest: dict[str, Any] = json.loads(bytes(self._manifest))
            files = {str(one["Path"]): (int(one["Size"]), str(one["Checksum"])) for one in manifest["Files"]}
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged("backup-base-cut") from error
        for path, what in files.items():
            if self._found.get(path) != what:
                raise Damaged("backup-base-differs", file=path)
        return manifest

    def _head(self, head: bytes) -> None:
        if not head.strip(b"\0"):
            return
        if head[257:262] != b"ustar":
            raise Damaged("backup-base-cut")
        name, prefix = (part.split(b"\0")[0].decode(errors="replace") for part in (head[:100], head[345:500]))
        size = _number(head[124:136])
        if head[156:157] not in (b"0", b"\0"):
            # A folder or a link: nothing follows.
            return
        self._name = f"{prefix}/{name}" if prefix else name
        self._name = self._name.removeprefix("./")
        self._left = self._size = size
        self._padding = -size % _BLOCK
        self._hash = hashlib.sha256()
        if not size:
            self._finish()

    def _take(self, part: memoryview) -> None:
        self._hash.update(part)
        if self._name == MANIFEST:
            self._manifest += part
            if len(self._manifest) > _MOST_MANIFEST:
                raise Damaged("backup-base-cut")

    def _finish(self) -> None:
        self._found[self._name] = (self._size, self._hash.hexdigest())


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:])
    try:
        return int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError as error:
        raise Damaged("backup-base-cut") from error
