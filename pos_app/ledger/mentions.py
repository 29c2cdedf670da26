"""Which goods, places, parties, people and documents a document names by key, wherever in it they stand.

Found by the names of the fields, so that a new type of document is read like all others; a field whose name
says nothing that is known here fails a test (`tests/unit/ledger/test_mentions.py`) until somebody says what
it is.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from msgspec import Struct

from pos_app.ledger import canonical
from pos_app.ledger.stock import PARTY_LOCATIONS

#: What the key in a field of this name belongs to.
FIELDS: Final = {
    "product_id": "goods",
    "location_id": "places",
    "from_location": "places",
    "to_location": "places",
    "transit_location": "places",
    "party_location_id": "places",
    "party_id": "parties",
    "person_id": "people",
    "approver_id": "people",
    "price_approver_id": "people",
    "first_person_id": "people",
    "handed_to_id": "people",
    "original_id": "documents",
    "order_id": "documents",
    "sent_id": "documents",
    "receipt_id": "documents",
    "invoice_id": "documents",
    "bill_id": "documents",
    "bag_id": "documents",
}
#: Keys that no paper names: where and by which business is at its head.
UNNAMED: Final = frozenset(
    {"org_id", "depot_id", "business_id", "to_business_id", "invoice_business_id", "bill_business_id"}
    # The receipt itself names these two from its letterhead.
    | {"contra_business_id", "over_short_business_id"}
    | {"drawer_id", "request_id"}
    # A promotion is named on its line in words.
    | {"promotion_id"}
    # A programme too.
    | {"programme_id"}
    # A chit is known by its number.
    | {"document_id"}
)


class Mentions(NamedTuple):
    """The keys by what they belong to; a party's own place is the party."""

    goods: frozenset[int]
    places: frozenset[int]
    parties: frozenset[int]
    people: frozenset[int]
    documents: frozenset[int]


def mentions(document: Struct) -> Mentions:
    """Everything that a document names; of a void, what the voided document names too."""
    found: dict[str, set[int]] = {name: set() for name in Mentions._fields}
    for name, key in _keys(document):
        what = FIELDS.get(name)
        if what is not None and not (what == "places" and key >= PARTY_LOCATIONS):
            found[what].add(key)
    return Mentions(**{name: frozenset(keys) for name, keys in found.items()})


def _keys(value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, tuple):
        for each in value:
            yield from _keys(each)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            held = getattr(value, name)
            if isinstance(held, int) and not isinstance(held, bool):
                yield name, held
            elif name == "original":
                yield from _keys(canonical.decode(bytes(held)))
            else:
                yield from _keys(held)
