"""Signatures by two libraries that know nothing of each other: the same bytes, and the same is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from pos_app.store.engine import signatures
from pos_app.store.engine.signing import Signing

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
TEXT = b"bohari document 1\n" + bytes(32)
SIGNATURE = KEY.sign(TEXT)


@given(some.binary(min_size=32, max_size=32), some.binary(max_size=300))
def test_what_we_sign_is_what_the_other_library_signs(raw: bytes, text: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(raw)
    signature = Signing(lambda: key).sign(text)
    assert signature == key.sign(text)
    assert signatures.holds(key.public_key().public_bytes_raw(), signature, text)


@pytest.mark.parametrize(
    ("key", "signature", "text"),
    [
        (PUBLIC, SIGNATURE, TEXT + b"x"),
        (PUBLIC, bytes([SIGNATURE[0] ^ 1]) + SIGNATURE[1:], TEXT),
        (PUBLIC, b"", TEXT),
        # Together the same bytes, cut at another place.
        (PUBLIC, SIGNATURE[:63], SIGNATURE[63:] + TEXT),
        (PUBLIC, SIGNATURE + TEXT[:1], TEXT[1:]),
        (PUBLIC[:31], SIGNATURE, TEXT),
        (b"", SIGNATURE, TEXT),
        # A key of small order: anything would be its signature.
        (bytes([1]) + bytes(31), bytes([1]) + bytes(63), TEXT),
    ],
)
def test_what_is_no_signature_of_this_key_does_not_hold(key: bytes, signature: bytes, text: bytes) -> None:
    assert not signatures.holds(key, signature, text)


def test_a_key_that_was_changed_signs_from_then_on() -> None:
    keys = [KEY, Ed25519PrivateKey.from_private_bytes(bytes(32))]
    signing = Signing(lambda: keys[0])
    assert signing.sign(TEXT) == SIGNATURE
    del keys[0]
    assert signing.sign(TEXT) == SIGNATURE
    signing.forget()
    assert signing.sign(TEXT) == keys[0].sign(TEXT)
