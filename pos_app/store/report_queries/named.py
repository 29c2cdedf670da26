"""The names of everything that a document names by key, for the paper that says them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, text

from pos_app.ledger.head import Head, split_key
from pos_app.ledger.mentions import mentions
from pos_app.ledger.numbering import printed_number


class GoodsName(NamedTuple):
    """What a product is called and counted in."""

    name: str
    unit: str = "pc"


@dataclass(frozen=True)
class Named:
    """Names by key; what is not known here is not in it.  `documents` are printed numbers."""

    goods: Mapping[int, GoodsName] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    parties: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)


_GOODS: Final = "SELECT product_id, name, unit FROM product WHERE org_id = :org AND product_id IN :keys"
_PLACES: Final = "SELECT location_id, name FROM location WHERE org_id = :org AND location_id IN :keys"
_PARTIES: Final = "SELECT party_id, name FROM party WHERE org_id = :org AND party_id IN :keys"
_PEOPLE: Final = "SELECT person_id, name FROM person WHERE org_id = :org AND person_id IN :keys"
_DOCUMENTS: Final = (
    "SELECT d.document_id, coalesce(p.letter, ''), d.series, d.number FROM document AS d"
    " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
    " WHERE d.org_id = :org AND d.document_id IN :keys"
)
#: What others made and is on its way here, as the feed brought it.
_ARRIVALS: Final = "SELECT document_id, number FROM arrival WHERE org_id = :org AND document_id IN :keys"


def named(connection: Connection, org_id: int, document: Head) -> Named:
    """The names of what a document mentions, as this side's books have them."""
    keys = mentions(document)

    def rows(sql: str, wanted: Iterable[int]) -> list[Any]:
        listed = sorted(wanted)
        if not listed:
            return []
        statement = text(sql).bindparams(bindparam("keys", expanding=True))
        return list(connection.execute(statement, {"org": org_id, "keys": listed}))

    numbers = {int(row[0]): str(row[1]) for row in rows(_ARRIVALS, keys.documents)}
    numbers |= {
        int(row[0]): printed_number(row[1], split_key(int(row[0]))[0], row[2], int(row[3]))
        for row in rows(_DOCUMENTS, keys.documents)
    }
    return Named(
        goods={int(row[0]): GoodsName(row[1], row[2]) for row in rows(_GOODS, keys.goods)},
        places={int(row[0]): str(row[1]) for row in rows(_PLACES, keys.places)},
        parties={int(row[0]): str(row[1]) for row in rows(_PARTIES, keys.parties)},
        people={int(row[0]): str(row[1]) for row in rows(_PEOPLE, keys.people)},
        documents=numbers,
    )
