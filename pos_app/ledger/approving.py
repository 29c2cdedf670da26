"""Proving that whoever a document names as its approver did approve it: a MAC by a secret of their own.

Decisions
---------
2026-11-30  The proof stands in the document, under its hash and its signature: nobody takes it away from
there, and it travels, is archived and kept wherever the document is. It is made over the hash that the
document has with every proof in it blank, so that it speaks for all of the document and all before it. The
bytes are blanked, not written anew: what a newer till says besides stays under the proof.

2026-11-30  A PIN is typed before the document is there, for a basket sometimes hours before. So a person's
secret makes a key for the one request that is approved, and that key the proof: what a parked basket keeps is
good for one document, and a request is recorded once in an organisation.

2026-11-30  Who records a document needs no proof of it: it says that they were signed in, as every document
does.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import msgspec

from pos_app.ledger import canonical, remote_approval
from pos_app.ledger.document import Document
from pos_app.ledger.head import FromAfar, Head, Proof
from pos_app.ledger.judging import FOREVER_US, GRACE_US, Fit

SECRET_BYTES: Final = 32
#: HMAC-SHA256 (RFC 2104).
MAC_BYTES: Final = 32
_NOTHING: Final = bytes(MAC_BYTES)
_BLANK: Final = base64.b64encode(_NOTHING)
#: What proves a person's approval: a key for the request, or what they answered from afar.
Key: TypeAlias = bytes | tuple[FromAfar, ...]


class Secret(NamedTuple):
    """A person's from a moment until another, in microseconds since 1970; empty bytes where it is damaged."""

    secret: bytes
    since_us: int
    until_us: int = FOREVER_US


def named(document: Head) -> tuple[int, ...]:
    """Whose approval a document names beside its maker: of itself, of its prices, of its date."""
    lines = getattr(document, "lines", ())
    found = [document.approver_id, document.dated_by]
    found += [getattr(line, "price_approver_id", None) for line in lines]
    if found.count(None) == len(found):
        return ()
    return tuple(dict.fromkeys(one for one in found if one not in (None, document.person_id)))


def key_of(secret: bytes, request_id: str) -> bytes:
    """What a person's secret makes for one request."""
    return hmac.digest(secret, b"bohari approval key 1\n" + request_id.encode(), "sha256")


def proved(document: Document, prev_hash: bytes, keys: Mapping[int, Key]) -> Document:
    """A document at its place with a proof of everybody who is named and has a key here.

    `keys` are made for its request.
    """
    known = {one: keys[one] for one in named(document) if one in keys}
    if not known:
        return document
    afar = [one for key in known.values() if isinstance(key, tuple) for one in key]
    by_pin = {one: key for one, key in known.items() if isinstance(key, bytes)}
    blank: Document = msgspec.structs.replace(
        document, proofs=tuple([Proof(one, _NOTHING) for one in by_pin]), from_afar=tuple(afar)
    )
    hash_ = canonical.chain(prev_hash, canonical.encode(blank))
    proofs = tuple([Proof(one, _mac(key, hash_)) for one, key in by_pin.items()])
    done: Document = msgspec.structs.replace(blank, proofs=proofs)
    return done


class Told(NamedTuple):
    """A document as it arrives: what it says, what stands before it, its bytes, when it was recorded."""

    document: Head
    prev_hash: bytes
    body: bytes
    at_us: int


def is_proved(told: Told, person_id: int, secret: bytes) -> bool:
    """Whether this person with this secret approved it: at the till, or from afar."""
    return _is_by_pin(told, person_id, secret) or remote_approval.is_answered(
        told.document, person_id, secret
    )


def claims(document: Head, person_id: int) -> bool:
    """Whether anything in a document wants to prove a person's approval."""
    by_pin = any(one.person_id == person_id for one in document.proofs)
    return by_pin or any(one.person_id == person_id for one in document.from_afar)


def _is_by_pin(told: Told, person_id: int, secret: bytes) -> bool:
    document = told.document
    mine = [one.mac for one in document.proofs if one.person_id == person_id]
    if not mine or not _is_plausible(document):
        return False
    hash_ = _hash_without(told.prev_hash, told.body, document.proofs)
    wanted = _mac(key_of(secret, document.request_id), hash_)
    return any(hmac.compare_digest(mac, wanted) for mac in mine)


def fit(told: Told, person_id: int, known: Sequence[Secret]) -> Fit:
    """How what proves a person's approval fits the secrets that they had, the first one first.

    Who had none until an hour before the document was recorded need not prove anything.
    """
    for one in reversed(known):
        if one.secret and is_proved(told, person_id, one.secret):
            return Fit.FITS if one.until_us > told.at_us - GRACE_US else Fit.OLD
    return Fit.FITS if not known or told.at_us < known[0].since_us + GRACE_US else Fit.NEVER


def _is_plausible(document: Head) -> bool:
    """No more proofs than people, each as long as one is: else blanking them is work without an end."""
    whole = all(len(one.mac) == MAC_BYTES for one in document.proofs)
    return whole and len(document.proofs) <= len(named(document))


def _hash_without(prev_hash: bytes, body: bytes, proofs: Sequence[Proof]) -> bytes:
    for one in proofs:
        body = body.replace(base64.b64encode(one.mac), _BLANK)
    return canonical.chain(prev_hash, body)


def _mac(key: bytes, hash_: bytes) -> bytes:
    return hmac.digest(key, b"bohari approval 1\n" + hash_, "sha256")
