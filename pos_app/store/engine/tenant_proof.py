"""What proves to Postgres for which organisation a connection works: an HMAC.

Whoever gets a statement of their own into a session can make any setting that the session's user may; so
the database takes an organisation only with an HMAC (RFC 2104, SHA-256) beside it, under a key that lies
in a table on which no role but the owner has a right (`tenancy_enter`, see `store.schema.tenancy`).  The
number of the backend is under it as well: a proof that was read somewhere (other sessions of the same
login are seen in `pg_stat_activity`) is worth nothing on another connection.
"""

import secrets
from hashlib import sha256
from typing import Final, NamedTuple

#: The block of SHA-256: a key is padded to it with zeros, then differs from 0x36 and 0x5C.
_BLOCK_BYTES: Final = 64
_KEY_BYTES: Final = 32
_INNER: Final = 0x36
_OUTER: Final = 0x5C


class TenantKey(NamedTuple):
    """The key as both sides keep it: the two blocks of an HMAC, so that SQL has nothing to pad."""

    inner: bytes
    outer: bytes

    def proof(self, org_id: str, backend: int) -> str:
        """What `tenancy_enter` takes for an organisation on the connection with this backend."""
        inside = sha256(self.inner + f"{org_id}:{backend}".encode()).digest()
        return f"{org_id}:{sha256(self.outer + inside).hexdigest()}"


def draw() -> TenantKey:
    """A new key."""
    key = secrets.token_bytes(_KEY_BYTES).ljust(_BLOCK_BYTES, b"\0")
    return TenantKey(bytes(one ^ _INNER for one in key), bytes(one ^ _OUTER for one in key))
