"""Rows of the feed that no till would get: their stamps lie above every transaction of this database.

They were brought from another one, which had counted further (an organisation that moved here, a dump).  Each
stays hidden until this database has counted as far, and then comes in the middle of what is new.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.projections import PROJECTIONS

_NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def stamped() -> Sequence[str]:
    """The tables whose rows carry stamps."""
    return [*(table.name for table in FED), *(one.name for one in PROJECTIONS if one.from_centre)]


def hidden(connection: Connection, org_ids: Sequence[int]) -> list[str]:
    """The tables in which rows of these organisations are hidden; looks at the newest row of each alone."""
    following = int(connection.execute(text(_NEXT)).scalar_one())
    return [
        name
        for name in stamped()
        if any(
            (
                connection.execute(
                    text(f"SELECT max(stamp) FROM {name} WHERE org_id = :org"), {"org": org_id}
                ).scalar()
                or 0
            )
            >= following
            for org_id in org_ids
        )
    ]
