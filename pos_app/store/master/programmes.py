"""Loyalty programmes as tables have them: rows that begin and end, and never change.

Moments are microseconds since 1970.  Who writes checks first that none lies in the past.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.loyalty import Programme, reaches, tiers_of, tiers_text
from pos_app.ledger.pricing.rules import ENDLESS_US
from pos_app.store.engine.engine import quick
from pos_app.store.master import master_edit, price_rules
from pos_app.store.tables.loyalty_table import loyalty_programme

_COLUMNS: Final = (
    "programme_id, code, name, points, per_amount, worth, group_id, tiers, valid_from_us, valid_to_us,"
    " ended_us"
)
_ALL: Final = f"SELECT {_COLUMNS} FROM loyalty_programme WHERE org_id = ?"


class ProgrammeRow(NamedTuple):
    """A programme as its row has it.  Of its two ends, planned and come before that, the first counts."""

    programme: Programme
    planned_to_us: int
    ended_us: int | None


def _row_of(row: Any) -> ProgrammeRow | None:
    """None of what cannot be counted by, as a newer centre or an edited file may say it."""
    key, code, name, points, per_amount, worth, group_id, tiers, from_us, to_us, ended_us = row
    planned = ENDLESS_US if to_us is None else int(to_us)
    try:
        climbing = tiers_of(tiers)
    except Refused:
        return None
    if per_amount <= 0 or worth <= 0 or points <= 0:
        return None
    found = Programme(
        int(key),
        code,
        name,
        int(points),
        int(per_amount),
        int(worth),
        int(group_id),
        climbing,
        int(from_us),
        planned if ended_us is None else min(planned, int(ended_us)),
    )
    return ProgrammeRow(found, planned, None if ended_us is None else int(ended_us))


def _rows(rows: Iterable[Any]) -> list[ProgrammeRow]:
    return [one for row in rows if (one := _row_of(row)) is not None]


def every(connection: Connection, org_id: int) -> list[Programme]:
    """All that was ever promised, by key: a row for each edit."""
    rows = quick(connection, f"{_ALL} ORDER BY programme_id", org_id).fetchall()
    return [one.programme for one in _rows(rows)]


def open_to(connection: Connection, org_id: int, party_id: int, at_us: int) -> list[Programme]:
    """The programmes that give points to a customer at a moment."""
    running = [one for one in every(connection, org_id) if one.from_us <= at_us < one.to_us]
    if not running:
        return []
    groups: tuple[int, ...] = ()
    if any(one.group_id for one in running):
        groups = price_rules.groups_at(price_rules.members(connection, org_id, party_id), at_us)
    return [one for one in running if reaches(one, groups, at_us)]


def worth_now(programmes: Iterable[Programme], at_us: int) -> int:
    """What a point is worth at a moment, in minor units, by the latest programme that has begun; else 0.

    What is owed can be paid with although nothing more is given.
    """
    begun = [one for one in programmes if one.from_us <= at_us]
    running = [one for one in begun if at_us < one.to_us]
    latest = max(running or begun, key=lambda one: one.programme_id, default=None)
    return 0 if latest is None else latest.worth


def latest(connection: Connection, org_id: int) -> list[ProgrammeRow]:
    """Of each code what was said last, by code."""
    rows = connection.execute(
        text(
            f"SELECT DISTINCT ON (lower(code)) {_COLUMNS} FROM loyalty_programme WHERE org_id = :org"
            " ORDER BY lower(code), programme_id DESC"
        ),
        {"org": org_id},
    )
    return _rows(rows)


def by_code(connection: Connection, org_id: int, code: str) -> ProgrammeRow | None:
    """What was said last under a code, however that is typed."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM loyalty_programme WHERE org_id = :org AND lower(code) = lower(:code)"
            " ORDER BY programme_id DESC LIMIT 1"
        ),
        {"org": org_id, "code": code},
    )
    return next(iter(_rows(rows)), None)


def named(connection: Connection, org_id: int, keys: Collection[int]) -> dict[int, Programme]:
    """Programmes by their keys."""
    if not keys:
        return {}
    wanted = sorted(keys)
    marks = ", ".join("?" for _ in wanted)
    rows = quick(connection, f"{_ALL} AND programme_id IN ({marks})", org_id, *wanted).fetchall()
    return {one.programme.programme_id: one.programme for one in _rows(rows)}


def add(connection: Connection, org_id: int, said: Programme) -> int:
    """A programme from its moment on; its key is made here, and given back."""
    key = master_edit.next_id(connection, org_id, loyalty_programme)
    connection.execute(
        loyalty_programme.insert().values(
            org_id=org_id,
            programme_id=key,
            code=said.code,
            name=said.name,
            points=said.points,
            per_amount=said.per_amount,
            worth=said.worth,
            group_id=said.group_id,
            tiers=tiers_text(said.tiers),
            valid_from_us=said.from_us,
            valid_to_us=None if said.to_us >= ENDLESS_US else said.to_us,
        )
    )
    return key


def end(connection: Connection, org_id: int, programme_id: int, at_us: int) -> None:
    """It is over from a moment on; one that has not begun by then never was."""
    master_edit.change(connection, loyalty_programme, org_id, programme_id, ended_us=at_us)
