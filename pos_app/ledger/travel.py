"""What travels between a terminal and the centre, in the shape that the stores of both sides have it in."""

from msgspec import Struct

#: What a cell of a row of the feed may be.  No float: money and quantities are integers.
Cell = int | str | None


class Packet(Struct, frozen=True, array_like=True):
    """One sealed document: its place in the chain, what it posted in short, its bytes."""

    seq: int
    prev_hash: bytes
    hash: bytes
    posting_digest: bytes
    body: bytes


class Cursor(Struct, frozen=True, array_like=True):
    """Where a terminal stands in the feed of one kind: the last row's stamp at the centre and its key (JSON).

    Zero and empty at the start.
    """

    stamp: int = 0
    last_key: str = ""
