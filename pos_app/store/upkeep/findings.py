"""Open findings: drift that the walk in the background found and nobody has mended yet."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.store.balances.drift import Drift, Key
from pos_app.store.tables.upkeep_tables import balance_finding as table
from pos_app.store.upkeep.traced_drift import TracedDrift


@dataclass(frozen=True)
class Finding:
    """What was found, and when."""

    traced: TracedDrift
    found_at: datetime


def key_text(key: Key) -> str:
    """A key as findings keep it."""
    return json.dumps(dict(key), sort_keys=True)


def put(connection: Connection, org_id: int, traced: TracedDrift, now: datetime) -> None:
    """Keep a new finding."""
    connection.execute(
        table.insert().values(
            org_id=org_id,
            projection=traced.drift.projection,
            key=key_text(traced.drift.key),
            found_at=now,
            cached=json.dumps(traced.drift.cached),
            truth=json.dumps(traced.drift.expected),
            documents=json.dumps(traced.documents),
        )
    )


def found_at(connection: Connection, projection: str, key: Key) -> datetime | None:
    """Since when the drift of this key is known; None when it is not."""
    return connection.execute(
        table.select()
        .with_only_columns(table.c.found_at)
        .where(
            table.c.org_id == key["org_id"],
            table.c.projection == projection,
            table.c.key == key_text(key),
        )
    ).scalar_one_or_none()


def all_of(connection: Connection, org_id: int, projection: str = "") -> list[Finding]:
    """The open findings of an organisation, or of one of its projections."""
    wanted = table.select().where(table.c.org_id == org_id)
    if projection:
        wanted = wanted.where(table.c.projection == projection)
    return [
        Finding(
            TracedDrift(
                Drift(row.projection, json.loads(row.key), json.loads(row.cached), json.loads(row.truth)),
                json.loads(row.documents),
            ),
            row.found_at,
        )
        for row in connection.execute(wanted.order_by(table.c.projection, table.c.key))
    ]


def forget(connection: Connection, projection: str, key: Key) -> None:
    """The finding about this key is settled."""
    connection.execute(
        table.delete().where(
            table.c.org_id == key["org_id"],
            table.c.projection == projection,
            table.c.key == key_text(key),
        )
    )
