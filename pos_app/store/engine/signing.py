"""With which key this side signs what it records, and where it counts what it signed.

The key is the terminal's at a till (`terminal_key`), at the centre one that is derived from the key of its
personal fields (`vault`).  It is loaded when it is asked for: a till's window starts without cryptography.

Decisions
---------
2026-11-29  The centre's signing key comes from `privacy.key`: every process and machine that serves the
centre has that already, it lies outside the database, and a wrong one is refused at the start.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Connection, Engine

from pos_app.ledger.errors import BohariError
from pos_app.store.engine.signed_count import CountFile

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from nacl.signing import SigningKey

#: The engine's option that holds its signing.
OPTION: Final = "signing"
#: The folder of a home in which the counts lie.
COUNTS: Final = "counts"


class KeyFrom(NamedTuple):
    """A public key (32 raw bytes), and the first sequence of its terminal that it signs."""

    seq: int
    public_key: bytes


class Handed(NamedTuple):
    """A public key, the first sequence that it signs, and the signature of the key before it under both.

    The first key was handed over by nobody.
    """

    seq: int
    public_key: bytes
    handover: bytes = b""


class Signing:
    """Signs for the terminal of this database.  Used by many threads at once."""

    def __init__(
        self,
        load: Callable[[], "Ed25519PrivateKey"],
        *,
        counts: Path | None = None,
        keys: Callable[[], Sequence[Handed]] = tuple,
        stamp: Callable[[], object] | None = None,
    ) -> None:
        """`load` gives the private key; `counts` is the folder of the counts.

        `keys` are all public keys of this terminal, once it had several, and `stamp` is another one as soon
        as there is one more, whichever program made it.
        """
        self._load = load
        self._keys = keys
        self._stamp = stamp
        self._seen: object = None if stamp is None else stamp()
        self._own: list[Handed] = []
        self._counts_folder = counts
        self._key: Ed25519PrivateKey | None = None
        #: The same key in the hands of what signs faster (see `signatures`).
        self._signer: SigningKey | None = None
        self._files: dict[str, CountFile] = {}
        self._lock = threading.Lock()

    def sign(self, text: bytes) -> bytes:
        """The signature under a text.  Raises `Damaged` when the key is gone."""
        self._look()
        signer = self._signer
        if signer is None:
            signer = self._signer = _signer_of(self._loaded())
        return signer.sign(text).signature

    def public_key(self) -> bytes:
        """The key with which others check what is signed here."""
        return self.private_key().public_key().public_bytes_raw()

    def private_key(self) -> "Ed25519PrivateKey":
        """The key that signs now."""
        self._look()
        return self._key or self._loaded()

    def own_keys(self) -> list[KeyFrom]:
        """The keys of this terminal, in the order of their documents."""
        return [KeyFrom(one.seq, one.public_key) for one in self.handed()]

    def handed(self) -> list[Handed]:
        """The same, each as it was handed over by the one before it."""
        self._look()
        if not self._own:
            self._own = list(self._keys()) or [Handed(0, self.public_key())]
        return list(self._own)

    def forget(self) -> None:
        """Load the key anew with the next signature: it was changed."""
        self._key = self._signer = None
        self._own = []

    def _look(self) -> None:
        """A glance at whether another program changed the key."""
        if self._stamp is not None and (seen := self._stamp()) != self._seen:
            self.forget()
            self._seen = seen

    def warm(self) -> None:
        """Load the key now, beside whatever else is done: the first sale does not wait for it."""

        def load() -> None:
            # What is wrong with it is told when it is used.
            with contextlib.suppress(BohariError):
                self.sign(b"")

        threading.Thread(target=load, name="signing key", daemon=True).start()

    def count(self, name: str) -> CountFile | None:
        """The count of a chain of this home; None where no home was said."""
        if self._counts_folder is None:
            return None
        # Found without a lock and without a path: this line runs with every recording.
        found = self._files.get(name)
        if found is None:
            with self._lock:
                found = self._files.setdefault(name, CountFile(self._counts_folder / name))
        return found

    def beside(self, name: str) -> Path | None:
        """A file beside the counts of this home; None where no home was said."""
        return None if self._counts_folder is None else self._counts_folder / name

    def close(self) -> None:
        """Give the files of the counts back."""
        for file in self._files.values():
            file.close()

    def _loaded(self) -> "Ed25519PrivateKey":
        with self._lock:
            if self._key is None:
                self._key = self._load()
            return self._key


def _signer_of(key: "Ed25519PrivateKey") -> "SigningKey":
    # The window loads nothing of this before somebody sells.
    from nacl.signing import SigningKey

    return SigningKey(key.private_bytes_raw())


def of(at: Connection | Engine) -> Signing | None:
    """What signs at the database that this leads to; None where nothing does."""
    # The engine's: a thread's own connection may be older than what signs.
    found: Signing | None = at.engine.get_execution_options().get(OPTION)
    return found
