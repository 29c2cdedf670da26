"""What travels between a terminal and the centre, in the shape that the stores of both sides have it in."""

from msgspec import Struct

#: What a cell of a row of the feed may be.  No float: money and quantities are integers.
Cell = int | str | None


class Packet(Struct, frozen=True, array_like=True):
    """One sealed document: its place in the chain, what it posted in short, its bytes.

    `signature` is its terminal's; empty on what an older till recorded.
    """

    seq: int
    prev_hash: bytes
    hash: bytes
    posting_digest: bytes
    body: bytes
    signature: bytes = b""


class Cursor(Struct, frozen=True, array_like=True):
    """Where a terminal stands in the feed of one kind: the last row's stamp at the centre and its key (JSON).

    Zero and empty at the start.
    """

    stamp: int = 0
    last_key: str = ""


class AuditEntry(Struct, frozen=True, array_like=True):
    """What an entry of the audit log says; `at_us` are microseconds since 1970."""

    at_us: int
    terminal_no: int
    person_id: int | None
    address: str
    action: str
    subject: str
    before: str
    after: str


class AuditPacket(Struct, frozen=True, array_like=True):
    """A run of a till's audit entries, numbered `first` to `last`, with its place in the chain, signed.

    `key_no` counts the keys of the terminal from 0.
    """

    first: int
    last: int
    key_no: int
    prev_hash: bytes
    hash: bytes
    signature: bytes
    entries: tuple[AuditEntry, ...]
