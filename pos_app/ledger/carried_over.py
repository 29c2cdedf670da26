"""A document that is booked again under another key, because its own is another document's: pure.

What it says stays as it was: who, when, what, how it was paid.  What changes is its place, and the keys of
documents that it names where those were booked again before it.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec import Struct

from pos_app.ledger.document import Document
from pos_app.ledger.head import note_of
from pos_app.ledger.mentions import FIELDS

#: The fields that name another document by its key: those of papers, the shift, and who issued a chit.
_NAMING: Final = frozenset(
    {name for name, what in FIELDS.items() if what == "documents"} | {"shift", "document_id"}
)


def request_of(hash_: bytes) -> str:
    """The request under which a document of this hash is booked again: asked twice it is one document."""
    return sha256(b"bohari booked again 1\n" + hash_).hexdigest()[:32]


def named(document: Document) -> frozenset[int]:
    """The keys of the documents that a document names."""
    return frozenset(_named(document))


def carried(document: Document, request_id: str, keys: Mapping[int, int], note: str) -> Document:
    """The document without its place, naming others by these new keys, its note behind this one.

    The proofs of approvals were made for the old one and go; who approved stays named.
    """
    moved = _moved(document, keys)
    note = note_of(f"{note} {document.note}")
    done: Document = msgspec.structs.replace(
        moved, terminal_no=0, seq=0, number=0, request_id=request_id, note=note, proofs=(), from_afar=()
    )
    return done


def _named(value: Any) -> Iterator[int]:
    if isinstance(value, tuple):
        for each in value:
            yield from _named(each)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            held = getattr(value, name)
            if name in _NAMING and isinstance(held, int) and held:
                yield held
            else:
                yield from _named(held)


def _moved(value: Any, keys: Mapping[int, int]) -> Any:
    if isinstance(value, tuple):
        return tuple([_moved(each, keys) for each in value])
    if not isinstance(value, Struct):
        return value
    changes = {}
    for name in value.__struct_fields__:
        held = getattr(value, name)
        now = keys.get(held, held) if name in _NAMING and isinstance(held, int) else _moved(held, keys)
        if now != held:
            changes[name] = now
    return msgspec.structs.replace(value, **changes) if changes else value
