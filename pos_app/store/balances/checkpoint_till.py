"""Checkpoints on a till: sums of its own documents, which stand on the baselines that the feed brings."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import document_key
from pos_app.store.balances.checkpoint_sums import CURRENT, GROWING, SHADOW, CheckpointSums, Range, marks
from pos_app.store.balances.drift import Key, Values, stacked_sql
from pos_app.store.balances.expected import equal, own_values
from pos_app.store.documents import settings
from pos_app.store.tables.projections import Projection

#: On a till so many documents above the acknowledged one stay out of the checkpoints.
KEEP: Final = 400
_LAST_KEY: Final = 2**63 - 1


class TillSums(CheckpointSums):
    """A till's."""

    def expected(self, connection: Connection, projection: Projection, key: Key) -> Values | None:
        """See `CheckpointSums.expected`."""
        place = _place(connection, key["org_id"])
        if place is None:
            return None
        terminal_no, reach = place
        where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
        names = ", ".join(projection.values)
        base = connection.execute(
            text(f"SELECT mark, {names} FROM {projection.baseline} WHERE {where}"), dict(key)
        ).one_or_none()
        closed = connection.execute(
            text(f"SELECT base_mark, {names} FROM {projection.checkpoint} WHERE {where} AND shadow = 0"),
            dict(key),
        ).one_or_none()
        mark = 0 if base is None else int(base[0])
        start, parts = mark, [] if base is None else [base[1:]]
        if mark < reach and (closed is None or closed[0] == mark):
            start = reach
            parts += [] if closed is None else [closed[1:]]
        ranges = [(document_key(terminal_no, start), _LAST_KEY)]
        if base is None:
            ranges.append((-1, document_key(terminal_no, 0)))
        sums = ", ".join(f"coalesce(SUM({sql}), 0)" for sql in projection.values.values())
        # The plus keeps a stock move from being looked for by any other index than that of documents.
        own = " AND ".join(f"{name} = :{name}" for name in projection.keys)
        for low, high in ranges:
            sql = (
                f"SELECT {sums} FROM {projection.source.name}"
                f" WHERE {own} AND document_id > :low AND document_id <= :high"
            )
            parts.append(connection.execute(text(sql), {**key, "low": low, "high": high}).one())
        return {name: sum(int(part[place]) for part in parts) for place, name in enumerate(projection.values)}

    def expected_sql(
        self, connection: Connection, projection: Projection, org_id: int, limit: Sequence[str]
    ) -> tuple[str, dict[str, Any]] | None:
        """See `CheckpointSums.expected_sql`."""
        place = _place(connection, org_id)
        if place is None:
            return None
        first = document_key(place[0], 0)
        bound = {"first": first, "low": document_key(*place), "reach": place[1]}
        return _sql(projection, limit), bound

    def goals(self, connection: Connection, org_id: int) -> dict[int, int]:
        """See `CheckpointSums.goals`: what the centre acknowledged, as far as `KEEP` lets."""
        terminal_no = int(settings.get(connection, "terminal_no") or 0)
        if not terminal_no:
            return {}
        newest = (
            "SELECT coalesce(max(document_id), 0) FROM document WHERE org_id = :org AND document_id < :end"
        )
        head = connection.scalar(text(newest), {"org": org_id, "end": document_key(terminal_no + 1, 0)})
        last = int(head or 0) - document_key(terminal_no, 0)
        acknowledged = int(settings.get(connection, "acknowledged_seq", "0"))
        goal = max(min(acknowledged, last), last - KEEP)
        return {terminal_no: goal} if goal > 0 else {}

    def take(self, connection: Connection, org_id: int, taken: Sequence[Range], shadow: int) -> None:
        """See `CheckpointSums.take`; a till has one range, its own."""
        for projection in GROWING:
            _add(connection, projection, org_id, taken[0], shadow)

    def compared_sql(self, projection: Projection) -> str:
        """See `CheckpointSums.compared_sql`."""
        # Sums that stand on different baselines are not comparable, and the older one is not used.
        join = f" LEFT JOIN {projection.baseline} AS base ON {equal(projection.keys, 'base', 'k')}"
        sides = []
        for shadow in (SHADOW, CURRENT):
            select, where = self._side(projection, shadow)
            sides.append(f"{select}{join}{where} AND k.base_mark = coalesce(base.mark, 0)")
        return stacked_sql(projection, *sides)


def _place(connection: Connection, org_id: int) -> tuple[int, int] | None:
    """This terminal and its mark; None when it is not enrolled or has no checkpoints."""
    terminal_no = settings.get(connection, "terminal_no")
    reach = marks(connection, org_id).get(int(terminal_no)) if terminal_no else None
    return None if reach is None else (int(terminal_no), reach)


def _sql(projection: Projection, limit: Sequence[str]) -> str:
    keys, names = ", ".join(projection.keys), ", ".join(projection.values)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in projection.values)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    own_sums = ", ".join(own_values(projection).values())
    source = (
        f"FROM {projection.source.name} AS own LEFT JOIN {projection.baseline} AS base"
        f" ON {equal(projection.keys, 'base', 'own')}"
    )
    own_limit = [f"own.{one}" for one in limit]
    closed_limit = " AND ".join(f"closed.{one}" for one in limit)
    closed = (
        f"FROM {projection.checkpoint} AS closed LEFT JOIN {projection.baseline} AS base"
        f" ON {equal(projection.keys, 'base', 'closed')}"
    )
    closed_keys = ", ".join(f"closed.{name}" for name in projection.keys)
    closed_names = ", ".join(f"closed.{name}" for name in projection.values)
    mark = "coalesce(base.mark, 0)"
    parts = (
        f"SELECT {keys}, {names} FROM {projection.baseline} WHERE {' AND '.join(limit)}",
        f"SELECT {closed_keys}, {closed_names} {closed} WHERE {closed_limit} AND closed.shadow = 0"
        f" AND closed.base_mark = {mark} AND {mark} < :reach",
        f"SELECT {own_keys}, {own_sums} {source}"
        + projection.where(
            *own_limit, "own.document_id > :low", f"own.document_id > :first + {mark}", alias="own."
        ),
        f"SELECT {own_keys}, {own_sums} {source}"
        + projection.where(*own_limit, "own.document_id <= :first", "base.mark IS NULL", alias="own."),
        # A baseline below the checkpoint that is not the one it stands on: the lines themselves.
        f"SELECT {own_keys}, {own_sums} {closed} CROSS JOIN {projection.source.name} AS own"
        f" WHERE {closed_limit} AND closed.shadow = 0 AND closed.base_mark <> {mark} AND {mark} < :reach"
        f" AND {equal(projection.keys, 'own', 'closed')}"
        f" AND own.document_id > :first + {mark} AND own.document_id <= :low",
    )
    return f"SELECT {keys}, {sums} FROM ({' UNION ALL '.join(parts)}) GROUP BY {keys}"


def _add(connection: Connection, projection: Projection, org_id: int, taken: Range, shadow: int) -> None:
    keys = ", ".join(projection.keys)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    sums = ", ".join(f"SUM({sql})" for sql in own_values(projection).values())
    table = projection.checkpoint
    same = f"{table}.base_mark = excluded.base_mark"
    changes = ", ".join(
        f"{name} = excluded.{name} + CASE WHEN {same} THEN {table}.{name} ELSE 0 END"
        for name in projection.values
    )
    where = projection.where(
        "own.org_id = :org",
        "own.document_id > :low",
        "own.document_id <= :high",
        "own.document_id > :first + coalesce(base.mark, 0)",
        alias="own.",
    )
    bound = {
        "org": org_id,
        "shadow": shadow,
        "first": document_key(taken.terminal_no, 0),
        "low": document_key(taken.terminal_no, taken.low),
        "high": document_key(taken.terminal_no, taken.high),
        "reach": taken.low,
    }
    connection.execute(
        text(
            f"INSERT INTO {table} ({keys}, shadow, {', '.join(projection.values)}, base_mark)"
            f" SELECT {own_keys}, :shadow, {sums}, coalesce(base.mark, 0)"
            f" FROM {projection.source.name} AS own LEFT JOIN {projection.baseline} AS base"
            f" ON {equal(projection.keys, 'base', 'own')}"
            f"{where} GROUP BY {own_keys}"
            f" ON CONFLICT ({keys}, shadow) DO UPDATE SET {changes}, base_mark ="
            # Another baseline below the old mark: part of the lines is not in, and -1 fits no baseline.
            f" CASE WHEN {same} OR excluded.base_mark >= :reach THEN excluded.base_mark ELSE -1 END"
        ),
        bound,
    )
    # A newer baseline, and no own document after it: nothing stands on it yet.
    zeros = ", ".join(f"{name} = 0" for name in projection.values)
    connection.execute(
        text(
            f"UPDATE {table} SET {zeros}, base_mark = base.mark FROM {projection.baseline} AS base"
            f" WHERE {equal(projection.keys, 'base', table)} AND {table}.org_id = :org"
            f" AND {table}.shadow = :shadow AND {table}.base_mark <> base.mark AND base.mark >= :reach"
        ),
        bound,
    )
