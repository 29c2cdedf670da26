"""Files closed to a public key in the format age (age-encryption.org/v1): who has the file cannot read it.

The public key may lie on the machine that makes the copies; the private one belongs elsewhere.  A copy
is read by the program `age` as well.

Decision 2026-11-29: pyrage, a binding of the Rust implementation with types and wheels for the three
systems.  What it gave before it found a file cut or changed is thrown away: a file gets its name when all
of it has been read and its last seal held.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final, Protocol, TypeAlias

import pyrage
from pyrage import x25519

from pos_app.ledger.errors import Damaged, Refused

#: A public key.
Recipient: TypeAlias = Any

SUFFIX: Final = ".age"
#: How a private key begins.
_PRIVATE: Final = "AGE-SECRET-KEY-"
_MOST_KEY_BYTES: Final = 65_536


def recipients(given: str) -> list[Recipient]:
    """The public keys of a text with spaces or commas between them.  Raises `Refused` for what is none."""
    found = []
    for one in given.replace(",", " ").split():
        try:
            found.append(x25519.Recipient.from_str(one))
        except (pyrage.RecipientError, ValueError) as error:
            # A private key that was typed here must not come back in a sentence or a log.
            shown = one[:16] if not one.upper().startswith(_PRIVATE) else _PRIVATE + "…"
            raise Refused("backup-recipient-malformed", recipient=shown) from error
    return found


class Readable(Protocol):
    """What gives bytes, a piece at a time."""

    def read(self, count: int = -1, /) -> bytes:
        """At most so many; none at the end."""
        ...


class Writable(Protocol):
    """What takes bytes, a piece at a time."""

    def write(self, chunk: bytes, /) -> int:
        """Take all of them."""
        ...


def close(source: Readable, target: Writable, to: Sequence[Recipient]) -> None:
    """Write all that comes from `source` to `target`, closed to these keys.  Raises what the disk raises."""
    pyrage.encrypt_io(source, target, list(to))


def open_file(closed: Path, identity_file: Path, target: Path) -> None:
    """Open a file with the private keys of another; `target` stands whole or not at all, 0600.

    Raises `Refused` when the keys are no keys, `target` is there already, or a file cannot be read; `Damaged`
    when no key opens it, or it was cut or changed.
    """
    keys = identities(identity_file)
    if target.exists():
        raise Refused("file-exists", path=target)
    making = target.with_name(target.name + ".making")
    making.unlink(missing_ok=True)
    try:
        with closed.open("rb") as source, private(making) as opened:
            try:
                pyrage.decrypt_io(source, opened, keys)
            # A cut file is an OSError of its own, without a number.
            except (pyrage.DecryptError, ValueError) as error:
                raise Damaged("backup-does-not-open", file=closed) from error
            except OSError as error:
                if error.errno is not None:
                    raise
                raise Damaged("backup-does-not-open", file=closed) from error
            opened.flush()
            os.fsync(opened.fileno())
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)


def opened(closed: bytes, keys: Sequence[Any]) -> bytes | None:
    """What is in these bytes; None when no key opens them, or they were changed."""
    try:
        return bytes(pyrage.decrypt(closed, list(keys)))
    except (pyrage.DecryptError, ValueError, OSError):
        return None


def private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def make_key(path: Path) -> str:
    """Draw a key pair; the private key lies in a new file of its owner's, the public one comes back.

    Raises `Refused` when the file is there already.
    """
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        with private(path) as file:
            file.write(f"# public key: {public}\n{identity}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise Refused("file-exists", path=path) from error
    return public


def identities(path: Path) -> list[Any]:
    """The private keys of a file: a line each, as `make_key` and `age-keygen` write them.

    Raises `Refused` when there are none.
    """
    try:
        with path.open("rb") as file:
            lines = file.read(_MOST_KEY_BYTES).decode("ascii", errors="replace").splitlines()
    except OSError as error:
        raise Refused("path-unreadable", path=path, why=error.strerror) from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        found = [x25519.Identity.from_str(one) for one in keys]
    except (pyrage.IdentityError, ValueError) as error:
        raise Refused("backup-key-malformed", file=path) from error
    if not found:
        raise Refused("backup-key-malformed", file=path)
    return found
