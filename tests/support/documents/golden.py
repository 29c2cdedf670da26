"""The golden documents: one of every type, whose bytes, hash and digest must never change.

    python -m tests.support.documents.golden

writes the file of a type that has none yet, and its lines in `chain.json`.  What stands it never touches: a
type that changed forks the chain of every till in the field, and wants a new version instead.
"""

import json
from pathlib import Path
from typing import Final

import msgspec

from pos_app.ledger import canonical
from pos_app.ledger.document import Document
from pos_app.ledger.posting import rules as posting_rules
from tests.support.documents import specimens

GOLDEN: Final = Path(__file__).parents[2] / "unit" / "ledger" / "golden"
_EVERY: Final = specimens.one_of_each()
#: How many types there were when the first golden files were written: the till's, and the reversal.
TILL_TYPES: Final = 7
#: Their requests and places are fixed; a type that comes later stands behind those before.
FIXED: Final = [
    msgspec.structs.replace(
        document, request_id=f"{place:032x}", terminal_no=specimens.TILL, seq=place, number=place
    )
    for place, document in enumerate(
        [*_EVERY[:TILL_TYPES], _EVERY[-1], *_EVERY[TILL_TYPES:-1]],
        start=1,
    )
]
#: In the reversal lie the bytes of the first.
FIXED[TILL_TYPES] = msgspec.structs.replace(
    FIXED[TILL_TYPES], original_id=FIXED[0].document_id, original=msgspec.Raw(canonical.encode(FIXED[0]))
)


def name_of(document: Document) -> str:
    """The type, and how many of it there were before: "payment", "payment2"."""
    same = [one.seq for one in FIXED if type(one) is type(document)]
    count = same.index(document.seq) + 1
    return type(document).__name__.lower() + (str(count) if count > 1 else "")


def file_of(document: Document) -> Path:
    """Where its bytes stand."""
    return GOLDEN / f"{name_of(document)}.json"


def chain() -> dict[str, str]:
    """The hashes over the golden documents, and the digest of what each posts."""
    previous = canonical.genesis(specimens.ORG, specimens.TILL)
    found = {"genesis": previous.hex()}
    for document in FIXED:
        previous = canonical.chain(previous, canonical.encode(document))
        found[f"{name_of(document)} hash"] = previous.hex()
        found[f"{name_of(document)} digest"] = posting_rules.digest(posting_rules.post(document)).hex()
    return found


def write_new() -> list[str]:
    """Write what is not there yet; gives the names.  Raises `SystemExit` where what stands would change."""
    missing = [document for document in FIXED if not file_of(document).exists()]
    path = GOLDEN / "chain.json"
    stands: dict[str, str] = json.loads(path.read_text())
    found = chain()
    if any(found.get(name) != value for name, value in stands.items()):
        raise SystemExit("A golden document changed: a new one comes last in book_examples.books_of_each().")
    for document in missing:
        file_of(document).write_bytes(canonical.encode(document) + b"\n")
    path.write_text(json.dumps(found, indent=1) + "\n")
    return [name_of(document) for document in missing]


if __name__ == "__main__":
    write_new()
