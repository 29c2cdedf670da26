"""The same request twice is one document: what an Idempotency-Key stands for.

Decisions
---------
2026-12-01  The key becomes the request of the document itself, which the books keep unique for ever: nothing
expires, and no second table can disagree with them.  Its other half is what was sent, so that the same key
with something else is known for a mistake of the caller, and refused.
"""

import contextlib
import hashlib
import re
import threading
from collections.abc import Iterator
from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.office import documents
from pos_app.web.api.operation import Call
from pos_app.web.api.problem import Failed

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HALF: Final = 16
_LOCKS: Final = 64


class Once:
    """Used by many threads at once."""

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    @contextlib.contextmanager
    def held(self, call: Call, sent: bytes) -> Iterator[str]:
        """The request of a document, 32 hex digits, while nobody else of this process works on its key.

        Raises `Failed` without a key, and for one that something else was sent with.
        """
        key = call.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise Failed(Refused("api-key-missing"), 400)
        head = _hashed(f"{call.caller.token_id} {key}".encode())
        request = head + _hashed(f"{call.operation.name} {sorted(call.path.items())} ".encode() + sent)
        with self._locks[int(head, 16) % _LOCKS]:
            used = documents.request_begun(call.office, head)
            if used not in ("", request):
                raise Failed(Refused("api-key-used"), 422)
            yield request


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HALF]
