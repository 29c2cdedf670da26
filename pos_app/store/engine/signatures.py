"""Whether a signature is that of a key; apart from `signing`, because it loads the cryptography.

Decisions
---------
2026-11-30  Signatures are made and checked by libsodium (PyNaCl): 22 and 55 microseconds where OpenSSL takes
33 and 106, and every byte of a signature is the same.  It checks them one by one, as OpenSSL does: what holds
together in a batch only is not what the centre may take.
"""

from collections.abc import Sequence
from functools import lru_cache

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from pos_app.store.engine.signing import KeyFrom


def holds(public_key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether this is the key's signature under the text; costs a twentieth of a millisecond."""
    try:
        # A signature of another length is an error of its own: never is a part of the text taken for one.
        _key(public_key).verify(text, signature)
    except (CryptoError, ValueError):
        return False
    return True


def key_at(keys: Sequence[KeyFrom], seq: int) -> bytes:
    """The key that signs this sequence: the last one that begins at or before it; empty before the first.

    A key that came later signs nothing of before, and one that was replaced nothing of afterwards.
    """
    found = b""
    for one in keys:
        if one.seq <= seq:
            found = one.public_key
    return found


@lru_cache(maxsize=4096)
def _key(public_key: bytes) -> VerifyKey:
    return VerifyKey(public_key)
