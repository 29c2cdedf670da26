"""Flags at the centre: written with the document that they are about, read, and looked at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import Sentence
from pos_app.ledger.flagging import ALERTING, FlagFacts, FlagKind, Found, Weight, kind_of_code, sentence_of
from pos_app.ledger.head import Head, split_key
from pos_app.ledger.numbering import printed_number
from pos_app.log import events


@dataclass(frozen=True)
class Flagged:
    """A flag as it is read, with what it is about; `looked_by` is 0 while nobody has looked."""

    document_id: int
    kind: str
    place: int
    facts: FlagFacts
    found_at: datetime
    #: As printed; the key where the document is not in the books.
    number: str
    business_id: int
    depot_id: int
    person: str
    looked_by: int = 0
    looked_name: str = ""
    looked_at: datetime | None = None
    note: str = ""

    @property
    def sentence(self) -> Sentence:
        """What it says, in the language of whoever reads."""
        return sentence_of(self.kind, self.facts)

    @property
    def weight(self) -> Weight:
        """Whether somebody is called for it."""
        return kind_of_code(self.kind).weight


def flag(connection: Connection, document: Head, kind: FlagKind, facts: FlagFacts, place: int = 0) -> None:
    """Put one flag on a document, in the transaction that books it; the same again changes nothing."""
    put(connection, document.org_id, [Found(document.document_id, kind, facts, place)])


def put(connection: Connection, org_id: int, odd: Sequence[Found]) -> None:
    """Put flags on documents of an organisation, in the transaction that books them."""
    if not odd:
        return
    connection.execute(
        text(
            "INSERT INTO flag (org_id, document_id, kind, place, facts, found_at)"
            " SELECT :org, f.document_id, f.kind, f.place, f.facts, now() FROM unnest("
            "CAST(:documents AS bigint[]), CAST(:kinds AS text[]), CAST(:places AS bigint[]),"
            " CAST(:facts AS text[])) AS f (document_id, kind, place, facts)"
            " ON CONFLICT (org_id, document_id, kind, place) DO NOTHING"
        ),
        {
            "org": org_id,
            "documents": [one.document_id for one in odd],
            "kinds": [one.kind.code for one in odd],
            "places": [one.place for one in odd],
            "facts": [_written(one.facts) for one in odd],
        },
    )
    for one in odd:
        terminal_no, sequence = split_key(one.document_id)
        events.FLAGGED.log(org_id=org_id, terminal_no=terminal_no, sequence=sequence, kind=one.kind.code)


def _written(facts: FlagFacts) -> str:
    # A document may hold anything, and a NUL is the one character that Postgres cannot keep in a text.
    return json.dumps(dict(facts), ensure_ascii=False).replace("\\u0000", "\ufffd")


# --- reading ----------------------------------------------------------------------------------------------

_READ: Final = (
    "SELECT f.*, coalesce(d.series, '') AS series, coalesce(d.number, 0) AS number,"
    " coalesce(d.business_id, 0) AS business_id, coalesce(d.depot_id, 0) AS depot_id,"
    " coalesce(s.letter, '') AS letter, coalesce(p.name, '') AS person,"
    " coalesce(k.person_id, 0) AS looked_by, coalesce(w.name, '') AS looked_name, k.looked_at,"
    " coalesce(k.note, '') AS note FROM flag AS f"
    " LEFT JOIN document AS d ON d.org_id = f.org_id AND d.document_id = f.document_id"
    " LEFT JOIN depot AS s ON s.org_id = f.org_id AND s.depot_id = d.depot_id"
    " LEFT JOIN person AS p ON p.org_id = f.org_id AND p.person_id = d.person_id"
    " LEFT JOIN flag_look AS k ON k.org_id = f.org_id AND k.document_id = f.document_id"
    " AND k.kind = f.kind AND k.place = f.place"
    " LEFT JOIN person AS w ON w.org_id = f.org_id AND w.person_id = k.person_id"
    " WHERE f.org_id = :org"
)
_WAITS: Final = " AND k.person_id IS NULL"
_ORDER: Final = " ORDER BY f.found_at, f.document_id, f.place, f.kind"


def waiting(connection: Connection, org_id: int) -> list[Flagged]:
    """What nobody has looked at, oldest first."""
    return _read(connection, _WAITS, {"org": org_id})


def everything(connection: Connection, org_id: int) -> list[Flagged]:
    """All that was ever flagged, oldest first."""
    return _read(connection, "", {"org": org_id})


def between(
    connection: Connection, org_id: int, start: datetime | None, end: datetime | None
) -> list[Flagged]:
    """What was flagged in a span of time, oldest first."""
    where = (" AND f.found_at >= :start" if start else "") + (" AND f.found_at < :end" if end else "")
    return _read(connection, where, {"org": org_id, "start": start, "end": end})


def of_document(connection: Connection, org_id: int, document_id: int) -> list[Flagged]:
    """The flags on one document."""
    return _read(connection, " AND f.document_id = :document", {"org": org_id, "document": document_id})


def counts(connection: Connection, org_id: int) -> dict[str, int]:
    """How many of each kind nobody has looked at."""
    rows = connection.execute(
        text(
            "SELECT f.kind, count(*) FROM flag AS f WHERE f.org_id = :org AND NOT EXISTS ("
            "SELECT 1 FROM flag_look AS k WHERE k.org_id = f.org_id AND k.document_id = f.document_id"
            " AND k.kind = f.kind AND k.place = f.place) GROUP BY f.kind ORDER BY f.kind"
        ),
        {"org": org_id},
    )
    return {str(kind): int(count) for kind, count in rows}


def _read(connection: Connection, where: str, bound: dict[str, Any]) -> list[Flagged]:
    return [_flagged(row) for row in connection.execute(text(_READ + where + _ORDER), bound)]


def _flagged(row: Any) -> Flagged:
    terminal_no, sequence = split_key(row.document_id)
    number = f"{terminal_no}/{sequence}"
    if row.series:
        number = printed_number(row.letter, terminal_no, row.series, int(row.number))
    return Flagged(
        document_id=int(row.document_id),
        kind=row.kind,
        place=int(row.place),
        facts=json.loads(row.facts),
        found_at=row.found_at,
        number=number,
        business_id=int(row.business_id),
        depot_id=int(row.depot_id),
        person=row.person,
        looked_by=int(row.looked_by),
        looked_name=row.looked_name,
        looked_at=row.looked_at,
        note=row.note,
    )


# --- told, and looked at ------------------------------------------------------------------------------------


def untold(connection: Connection, org_id: int, most: int) -> list[Flagged]:
    """What somebody is still to be called for, oldest first, so many at most."""
    where = (
        f"{_WAITS} AND f.kind = ANY (:kinds) AND NOT EXISTS (SELECT 1 FROM flag_told AS t"
        " WHERE t.org_id = f.org_id AND t.document_id = f.document_id AND t.kind = f.kind"
        " AND t.place = f.place)"
    )
    bound = {"org": org_id, "kinds": list(ALERTING), "most": most}
    rows = connection.execute(text(_READ + where + _ORDER + " LIMIT :most"), bound)
    return [_flagged(row) for row in rows]


def mark_told(connection: Connection, org_id: int, told: Sequence[Flagged], at: datetime) -> None:
    """Somebody was called for these."""
    _add(connection, "flag_told", org_id, told, told_at=at)


def look(
    connection: Connection, org_id: int, seen: Sequence[Flagged], *, person_id: int, note: str, at: datetime
) -> int:
    """Somebody looked at these; gives how many nobody had looked at before."""
    return _add(connection, "flag_look", org_id, seen, person_id=person_id, looked_at=at, note=note)


def _add(connection: Connection, table: str, org_id: int, of: Sequence[Flagged], **values: Any) -> int:
    if not of:
        return 0
    names = ", ".join(values)
    done = connection.execute(
        text(
            f"INSERT INTO {table} (org_id, document_id, kind, place, {names})"
            f" SELECT :org, f.*, {', '.join(f':{name}' for name in values)} FROM unnest("
            "CAST(:documents AS bigint[]), CAST(:kinds AS text[]), CAST(:places AS bigint[]))"
            " AS f (document_id, kind, place) ON CONFLICT (org_id, document_id, kind, place) DO NOTHING"
        ),
        {
            "org": org_id,
            "documents": [one.document_id for one in of],
            "kinds": [one.kind for one in of],
            "places": [one.place for one in of],
            **values,
        },
    )
    return done.rowcount
