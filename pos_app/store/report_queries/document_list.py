"""The documents of an organisation, newest first, page by page: of some kinds, days, places and people.

Decisions
---------
2026-11-30  Each kind is read along its own index and the pages of all kinds are laid together: a page costs
the same at any depth, and a kind of which there are three is found among ten million sales.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.numbering import printed_number


class After(NamedTuple):
    """The last document of the page before."""

    occurred_at: datetime
    document_id: int


@dataclass(frozen=True)
class Filter:
    """Which documents: of these kinds, from a moment to before another, of a depot, party or person (keys;
    None: any), at most so many after those of the page before; the newest first, or the oldest.
    """

    kinds: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    depot_id: int | None = None
    party_id: int | None = None
    person_id: int | None = None
    after: After | None = None
    most: int = 51
    oldest_first: bool = False


class Listed(NamedTuple):
    """A document as a list shows it; `total` is rounded where coins paid, in minor units of `currency`."""

    document_id: int
    kind: str
    number: str
    occurred_at: datetime
    depot: str
    person: str
    party_code: str
    party: str
    currency: str
    total: int
    is_voided: bool


_OWN: Final = {
    "start": "d.occurred_at >= :start",
    "end": "d.occurred_at < :end",
    "depot": "d.depot_id = :depot",
    "party": "d.party_id = :party",
    "person": "d.person_id = :person",
    "at": "(d.occurred_at, d.document_id) < (:at, :key)",
}
#: A party has few documents: theirs are read, and sorted.
_OF_PARTY: Final = (
    "SELECT d.* FROM document AS d WHERE d.org_id = :org AND d.kind = ANY (:kinds){where}"
    " ORDER BY d.occurred_at DESC, d.document_id DESC LIMIT :most"
)
_OF_KINDS: Final = (
    "SELECT d.* FROM unnest(CAST(:kinds AS text[])) AS k (kind) CROSS JOIN LATERAL ("
    "SELECT * FROM document AS d WHERE d.org_id = :org AND d.kind = k.kind{where}"
    " ORDER BY d.occurred_at DESC, d.document_id DESC LIMIT :most) AS d"
    " ORDER BY d.occurred_at DESC, d.document_id DESC LIMIT :most"
)
_PAGE: Final = (
    "SELECT d.document_id, d.kind, coalesce(s.letter, '') AS letter, d.terminal_no, d.series, d.number,"
    " d.occurred_at, coalesce(s.name, '') AS depot, coalesce(w.name, '') AS person,"
    " coalesce(c.code, '') AS party_code, coalesce(c.name, '') AS party, d.currency,"
    " d.total + d.rounding AS total,"
    " EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = d.org_id AND r.reverses_id = d.document_id)"
    " AS is_voided FROM ({chosen}) AS d"
    " LEFT JOIN depot AS s ON s.org_id = d.org_id AND s.depot_id = d.depot_id"
    " LEFT JOIN person AS w ON w.org_id = d.org_id AND w.person_id = d.person_id"
    " LEFT JOIN party AS c ON c.org_id = d.org_id AND c.party_id = d.party_id"
    " ORDER BY d.occurred_at DESC, d.document_id DESC"
)


def page(connection: Connection, org_id: int, wanted: Filter) -> list[Listed]:
    """One page, newest first, or oldest first where it is asked so."""
    bound: dict[str, Any] = {
        "start": wanted.start,
        "end": wanted.end,
        "depot": wanted.depot_id,
        "party": wanted.party_id,
        "person": wanted.person_id,
        "at": None if wanted.after is None else wanted.after.occurred_at,
    }
    told = {name: value for name, value in bound.items() if value is not None}
    where = "".join(f" AND {_OWN[name]}" for name in told)
    if wanted.after is not None:
        told["key"] = wanted.after.document_id
    chosen = (_OF_KINDS if wanted.party_id is None else _OF_PARTY).replace("{where}", where)
    statement = _PAGE.replace("{chosen}", chosen)
    if wanted.oldest_first:
        # The same indexes, read the other way.
        statement = statement.replace(" DESC", "").replace(_OWN["at"], _OWN["at"].replace("<", ">"))
    rows = connection.execute(
        text(statement),
        {"org": org_id, "kinds": list(wanted.kinds), "most": wanted.most, **told},
    )
    return [_listed(row) for row in rows]


def one(connection: Connection, org_id: int, document_id: int) -> Listed | None:
    """One document as the list would show it."""
    chosen = "SELECT * FROM document AS d WHERE d.org_id = :org AND d.document_id = :document"
    row = connection.execute(
        text(_PAGE.replace("{chosen}", chosen)), {"org": org_id, "document": document_id}
    ).one_or_none()
    return None if row is None else _listed(row)


def following(connection: Connection, org_id: int, document_id: int, most: int) -> list[Listed]:
    """What goes on from a document: refunds, credit notes, receipts of an order, and its void."""
    chosen = (
        "SELECT * FROM document AS d WHERE d.org_id = :org AND d.original_id = :document"
        " UNION SELECT * FROM document AS d WHERE d.org_id = :org AND d.reverses_id = :document"
        " UNION SELECT * FROM document AS d WHERE d.org_id = :org AND d.document_id IN ("
        "SELECT i.document_id FROM open_item AS i WHERE i.org_id = :org AND i.invoice_id = :document"
        " AND i.document_id <> :document)"
    )
    statement = _PAGE.replace("{chosen}", chosen) + " LIMIT :most"
    found = connection.execute(text(statement), {"org": org_id, "document": document_id, "most": most})
    return [_listed(row) for row in found]


def _listed(row: Any) -> Listed:
    return Listed(
        int(row.document_id),
        row.kind,
        printed_number(row.letter, int(row.terminal_no), row.series, int(row.number)),
        row.occurred_at,
        row.depot,
        row.person,
        row.party_code,
        row.party,
        row.currency,
        int(row.total),
        bool(row.is_voided),
    )
