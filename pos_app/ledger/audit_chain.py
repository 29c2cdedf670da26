"""The chain of an audit log: what stands for an entry, for a run of entries, and what is signed of it.

Entries are bound in runs: those that one transaction wrote at a till, some hundred at the centre.  A run
holds the digest of each of its entries and the hash of the run before it, so that what does not fit is told
to the entry; its hash is signed, and speaks for all before it.
"""

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from pos_app.ledger.travel import AuditEntry

DIGEST_BYTES: Final = 32

_encoder: Final = msgspec.json.Encoder()


def genesis(org_id: int, terminal_no: int) -> bytes:
    """What stands before a terminal's first run: no two terminals' chains begin alike."""
    return hashlib.sha256(f"bohari audit chain 1 org {org_id} terminal {terminal_no}".encode()).digest()


def digest(
    org_id: int, number: int, entry: AuditEntry, origin_no: int | None = None, row: Sequence[str] = ()
) -> bytes:
    """What stands for an entry under its number; `origin_no` is the number that its terminal gave it, `row`
    which row of the centre it tells of and the hash of that, where it does.
    """
    return hashlib.sha256(_encoder.encode((org_id, number, *_values(entry), origin_no, *row))).digest()


class Place(NamedTuple):
    """Whose run it is: the terminal, which of its keys signs (counted from 0), its first entry's number."""

    org_id: int
    terminal_no: int
    key_no: int
    first: int


def run_hash(place: Place, previous_hash: bytes, digests: bytes) -> bytes:
    """The hash of a run of entries; `digests` are theirs, one after another."""
    head = "bohari audit run 1\n{}\n{}\n{}\n{}\n".format(*place).encode()
    return hashlib.sha256(head + previous_hash + digests).digest()


def without_count(previous_hash: bytes) -> bytes:
    """What stands before a run when the count outside the database was gone: it fits nothing and so tells."""
    return hashlib.sha256(b"bohari audit without count 1\n" + previous_hash).digest()


def signed_text(hash_: bytes) -> bytes:
    """What is signed of a run; the words in front keep it from being taken for something else."""
    return b"bohari audit 1\n" + hash_


def cut(digests: bytes) -> Sequence[bytes]:
    """The digests of a run, one by one."""
    return [digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES)]


def _values(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.at_us,
        entry.terminal_no,
        entry.person_id,
        entry.address,
        entry.action,
        entry.subject,
        entry.before,
        entry.after,
    )
