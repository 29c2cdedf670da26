"""A drift that was traced to the documents involved, and how somebody is told of it.

Which documents?  Those since the key was last known to be right cannot be told apart by key (keys
run by terminal, not by time), so a traced drift names the newest `MOST_DOCUMENTS` that touch the key,
newest first, and the moment at which the key was last known good: what is younger is suspect.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import split_key
from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.log import events
from pos_app.store.balances.drift import Drift, Key
from pos_app.store.side import on_till
from pos_app.store.tables.columns import from_micros
from pos_app.store.tables.projections import DOCUMENT_TOTAL, Projection

MOST_DOCUMENTS: Final = 20
MOST_LOGGED: Final = 50


@dataclass
class TracedDrift:
    """A drift with the documents involved; `mended` says whether the cached row was set right."""

    drift: Drift
    documents: list[int] = field(default_factory=list)
    known_good_at: datetime | None = None
    mended: bool = False

    @property
    def names(self) -> list[str]:
        """The documents as terminal/sequence."""
        return ["/".join(map(str, split_key(key))) for key in self.documents]

    def values(self) -> dict[str, Any]:
        """As JSON says it; amounts in minor units and thousandths."""
        return {
            "projection": self.drift.projection,
            "key": self.drift.key,
            "before": self.drift.cached,
            "after": self.drift.expected,
            "documents": self.names,
            "known_good_at": self.known_good_at.isoformat() if self.known_good_at else None,
            "mended": self.mended,
        }

    def subject(self) -> str:
        """What the audit log calls it: the projection, the key, the documents involved."""
        named = f"{self.drift.projection} {json.dumps(self.drift.key, sort_keys=True)}"
        return f"{named} documents {' '.join(self.names)}" if self.documents else named


#: Tells somebody: what happened ("drift found", "drift mended", "checkpoint damaged"), to whom, what.
Alert = Callable[[str, int, Sequence[TracedDrift]], None]


def log_alert(what: str, org_id: int, drifts: Sequence[TracedDrift]) -> None:
    """The alert that is always there: a structured line in the log for each drift.

    Of very many, the first and a count; the audit log has them all.
    """
    for one in drifts[:MOST_LOGGED]:
        events.DRIFT.log(what=what, org_id=org_id, **one.values())
    if len(drifts) > MOST_LOGGED or not drifts:
        events.DRIFT_COUNT.log(what=what, org_id=org_id, count=len(drifts))


def trace(connection: Connection, projection: Projection, drift: Drift) -> TracedDrift:
    """The drift with its documents and the last moment at which its projection was known good."""
    return TracedDrift(
        drift,
        documents_of(connection, projection, drift.key),
        known_good_at(connection, projection, int(drift.key["org_id"])),
    )


def documents_of(connection: Connection, projection: Projection, key: Key) -> list[int]:
    """The newest documents that touch a key, newest first; a short look at the end of an index."""
    if projection is DOCUMENT_TOTAL:
        return [int(key["document_id"])]
    where = " AND ".join(f"s.{name} = :{name}" for name in projection.keys)
    if on_till(connection):
        sql = (
            f"SELECT DISTINCT s.document_id FROM {projection.source.name} AS s"
            f" WHERE {where} ORDER BY s.document_id DESC LIMIT :most"
        )
    else:
        sql = (
            "SELECT d.document_id FROM terminal AS t CROSS JOIN LATERAL ("
            f"SELECT s.document_id FROM {projection.source.name} AS s WHERE {where}"
            f" AND s.document_id > t.terminal_no * {TERMINAL_SPAN}"
            f" AND s.document_id < (t.terminal_no + 1) * {TERMINAL_SPAN}"
            " ORDER BY s.document_id DESC LIMIT :most) AS newest"
            " JOIN document AS d ON d.org_id = :org_id AND d.document_id = newest.document_id"
            " WHERE t.org_id = :org_id GROUP BY d.document_id, d.recorded_at"
            " ORDER BY d.recorded_at DESC, d.document_id DESC LIMIT :most"
        )
    return [int(row[0]) for row in connection.execute(text(sql), {**key, "most": MOST_DOCUMENTS})]


def known_good_at(connection: Connection, projection: Projection, org_id: int) -> datetime | None:
    """When a whole walk over this projection last ended, by a person's command or in the background."""
    row = connection.execute(
        text(
            "SELECT max(at) FROM (SELECT finished_at AS at FROM recalculation"
            " WHERE org_id = :org AND kind = :name UNION ALL"
            " SELECT finished_at FROM reconciliation WHERE org_id = :org AND walk = :name) AS walks"
        ),
        {"org": org_id, "name": projection.name},
    ).scalar()
    return from_micros(row) if isinstance(row, int) else row
