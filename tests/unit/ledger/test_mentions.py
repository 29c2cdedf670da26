"""Every key in a document belongs to something: a field that nobody classified is found here."""

from typing import get_type_hints

import msgspec
import pytest

from pos_app.ledger.document import TYPES, Document, kind_of
from pos_app.ledger.mentions import FIELDS, UNNAMED, mentions
from pos_app.ledger.stock import PARTY_LOCATIONS
from tests.support.documents import specimens


def fields_of(struct: type[msgspec.Struct]) -> set[str]:
    """The names of all fields of a struct and of the structs in it."""
    found: set[str] = set()
    waiting: list[object] = [struct]
    seen: set[object] = set()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            found |= set(each.__struct_fields__)
            waiting += list(get_type_hints(each).values())
        waiting += list(getattr(each, "__args__", ()))
    return found


@pytest.mark.parametrize("kind", [one.kind for one in TYPES])
def test_every_key_is_known_or_is_said_to_have_no_name(kind: str) -> None:
    struct = next(one.struct for one in TYPES if one.kind == kind)
    keys = {name for name in fields_of(struct) if name.endswith(("_id", "_location", "_drawer"))}
    assert keys - FIELDS.keys() - UNNAMED - {"from_drawer", "to_drawer"} == set()


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=kind_of)
def test_what_a_document_mentions_is_found_wherever_it_stands(document: Document) -> None:
    found = mentions(document)
    products = {line.product_id for line in getattr(document, "lines", ()) if getattr(line, "product_id", 0)}
    products |= {line.product_id for line in getattr(document, "returnables", ())}
    assert products <= found.goods
    assert document.person_id in found.people
    assert all(place < PARTY_LOCATIONS for place in found.places)
    party = getattr(document, "party_id", None)
    assert party is None or party in found.parties
