"""The files of an archive: lines of JSON, compressed, and a manifest that says what must be in them.

A folder holds `manifest.json` and, for each organisation, `org-N/documents.jsonl.zst` and
`org-N/audit.jsonl.zst`.  A document's line is `{"terminal", "seq", "prev_hash", "hash",
"posting_digest", "body"}`, hashes in hex; `body` is the text of the canonical bytes, or `body_base64`
where they are no UTF-8.  Any program that knows JSON, zstd and SHA-256 can read and check it: what is
kept for years must not need us.  The manifest is written last: a folder without one is no archive.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import zstandard

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.store.archive import archive_signature
from pos_app.store.engine.key_store import sync_folder
from pos_app.store.engine.signing import Signing

FORMAT: Final = "bohari archive 1"
MANIFEST: Final = "manifest.json"
_LEVEL: Final = 9


class Writer:
    """One file of an archive on its way; a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def __enter__(self) -> "Writer":
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._stream: Any = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(
            self._file, closefd=False
        )
        return self

    def write(self, record: dict[str, Any]) -> None:
        """Add one line."""
        self._stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        # A file that its folder does not name yet is lost with the power.
        sync_folder(self.path.parent)


def document_record(
    terminal_no: int, seq: int, hashes: tuple[bytes, bytes, bytes], body: bytes
) -> dict[str, Any]:
    """A document's line; `hashes` are the one before it, its own, and the digest of what it posts."""
    prev_hash, hash_, digest = hashes
    record = {
        "terminal": terminal_no,
        "seq": seq,
        "prev_hash": prev_hash.hex(),
        "hash": hash_.hex(),
        "posting_digest": digest.hex(),
    }
    try:
        return record | {"body": body.decode()}
    except UnicodeDecodeError:
        return record | {"body_base64": base64.b64encode(body).decode()}


def body_of(record: dict[str, Any]) -> bytes:
    """The canonical bytes in a document's line."""
    if "body_base64" in record:
        return base64.b64decode(record["body_base64"])
    return str(record["body"]).encode()


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file.  Raises `Damaged` when it ends early or is not ours."""
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield from (json.loads(line) for line in _lines(stream))
    except (OSError, ValueError, zstandard.ZstdError) as error:
        raise Damaged("archive-unreadable", file=path.name, why=error) from error


def _lines(stream: IO[bytes] | Any) -> Iterator[bytes]:
    left = b""
    while part := stream.read(1 << 20):
        *lines, left = (left + part).split(b"\n")
        yield from lines
    if left:
        raise ValueError("it ends in the middle of a line")


def sha256(path: Path) -> str:
    """The digest of a file as it lies on the disk.  Raises `Damaged` when it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Damaged("archive-unreadable", file=path.name, why=error.strerror) from error


def begin(folder: Path) -> None:
    """Make the folder.  Raises `Refused` when something lies there, `Unavailable` when it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused("archive-folder-not-empty", folder=folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error


def write_manifest(folder: Path, manifest: dict[str, Any], signer: Signing | None = None) -> None:
    """Write the manifest, whole or not at all: now the folder is an archive, and signed where one signs."""
    written = json.dumps({"format": FORMAT, **manifest}, indent=2, ensure_ascii=False).encode() + b"\n"
    if signer is not None:
        archive_signature.write(folder, written, signer)
    making = folder / f"{MANIFEST}.making"
    with making.open("wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    making.replace(folder / MANIFEST)
    sync_folder(folder)


def signed_by(folder: Path) -> bytes | None:
    """Whose key signed the manifest: see `archive_signature.signed_by`."""
    try:
        return archive_signature.signed_by(folder, (folder / MANIFEST).read_bytes())
    except OSError as error:
        raise Damaged("manifest-unreadable", file=MANIFEST, folder=folder, why=error) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest.  Raises `Refused` when the folder is no archive, `Damaged` when it is broken."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused("not-an-archive", folder=folder, file=MANIFEST) from None
    except (OSError, ValueError) as error:
        raise Damaged("manifest-unreadable", file=MANIFEST, folder=folder, why=error) from error
    if manifest.get("format") != FORMAT:
        raise Refused("archive-of-other-version", folder=folder, format=manifest.get("format"))
    return manifest
