"""Whether the pages of a till's file are those that SQLCipher wrote, read beside the database at work.

Each page ends with 16 bytes of nonce and a HMAC-SHA512 over its closed content, the nonce and its number,
with a key derived from the file's (https://www.zetetic.net/sqlcipher/design/, "Page Level HMAC").
SQLCipher looks at a page's when that page is read; this looks at those that nobody reads.

Decisions
---------
2026-11-29  By ourselves and not by `PRAGMA cipher_integrity_check`: that knows no ranges, takes 80
microseconds for a page, ours 10, and a check that can stop after a tenth of a second can stand before the
window opens.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from pos_app.ledger.errors import Unavailable

#: SQLCipher 4 as it is when nothing is said: https://www.zetetic.net/sqlcipher/sqlcipher-api/
PAGE_BYTES: Final = 4096
_SALT_BYTES: Final = 16
_CODE_BYTES: Final = 64
_SALT_MASK: Final = 0x3A
_ROUNDS: Final = 2
#: A page may be read while a checkpoint writes it: what is wrong is read again after so long.
_AGAIN_AFTER_S: Final = 0.1
_TRIES: Final = 3


class PageCheck:
    """Looks at the pages of one closed file by number, the first is 1."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises `Unavailable` when the file cannot be read."""
        self._path = path
        with self._open() as file:
            salt = file.read(_SALT_BYTES)
        mask = bytes(one ^ _SALT_MASK for one in salt)
        self._key = hashlib.pbkdf2_hmac("sha512", key, mask, _ROUNDS, len(key))

    def count(self) -> int:
        """How many whole pages the file has now; a file that ends in a part of one has that one too."""
        return -(-self._path.stat().st_size // PAGE_BYTES)

    def bad(self, first: int, upto: int) -> list[int]:
        """The pages from `first` up to `upto` that are not as they were written."""
        found = list(self._bad(range(first, upto + 1)))
        for _ in range(_TRIES - 1):
            if not found:
                break
            time.sleep(_AGAIN_AFTER_S)
            found = list(self._bad(found))
        return found

    def _bad(self, pages: list[int] | range) -> Iterator[int]:
        with self._open() as file:
            at = 0
            for page in pages:
                if page != at:
                    file.seek((page - 1) * PAGE_BYTES)
                content = file.read(PAGE_BYTES)
                at = page + 1
                if content and not self._is_whole(page, content):
                    yield page

    def _is_whole(self, page: int, content: bytes) -> bool:
        begin = _SALT_BYTES if page == 1 else 0
        body, code = content[begin:-_CODE_BYTES], content[-_CODE_BYTES:]
        wanted = hmac.digest(self._key, body + page.to_bytes(4, "little"), "sha512")
        # A page that was never written is empty; SQLCipher takes it so.
        return wanted == code or not any(content)

    def _open(self) -> IO[bytes]:
        try:
            return self._path.open("rb")
        except OSError as error:
            raise Unavailable("path-unreadable", path=self._path, why=error.strerror) from error
