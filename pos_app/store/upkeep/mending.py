"""Mending: one cached row set to what the ledger says, beside tills that go on selling.

Decision 2026-11-20: at the centre the *difference* is added, not the sum set, and the database works it
out: `tenancy_mend_*` takes a key and no value.  It reads cached and truth in one snapshot; every document
since then added the same to both, so the difference still holds when the row is locked, for a moment,
and nothing is summed meanwhile.  A row is the only thing locked that a till asks for, one at a
time, so no till waits longer than for one small commit; a wait for it ends after `_LOCK_MS`.

2026-11-21  A missing row is not put there first and summed after: whoever sells to that key would wait
for the sum of all its lines.  It is added like a difference, to whatever stands there by then.

On a till nobody can write while we do, so there the truth is simply looked at again.

No role of the application may write a cached balance.
"""

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pos_app.store.balances import balances
from pos_app.store.balances.drift import Drift, Key, Values
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.schema import tenancy
from pos_app.store.side import on_till
from pos_app.store.tables.projections import Projection
from pos_app.store.upkeep import findings
from pos_app.store.upkeep.traced_drift import TracedDrift

_LOCK_MS: Final = 400
_TRIES: Final = 5
#: What Postgres says of a lock that was not had in time, and of two who wait for one another.
_WAITED: Final = ("55P03", "40P01")
_UPKEEP_LOCK: Final = 21
#: Entries of the audit log in one transaction: some tens of milliseconds.
_NOTED_AT_ONCE: Final = 100


def as_owner(database: Database) -> Database:
    """The database as its owner sees it: the upkeep is nobody's request."""
    return database.as_owner()


@contextlib.contextmanager
def upkeep_lock(database: Database, org_id: int, *, wait: bool = True) -> Iterator[bool]:
    """Hold the upkeep of an organisation at the centre; gives False when another has it.

    Nothing that a till does asks for this lock.  On a till a write holds the whole file anyway.
    """
    if database.on_till:
        yield True
        return
    with as_owner(database).write() as holder:
        # It does nothing while others work, and must not be ended for that.
        holder.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        bound = {"kind": _UPKEEP_LOCK, "org": org_id % 2**31}
        if wait:
            holder.execute(text("SET LOCAL lock_timeout = 0"))
            holder.execute(text("SET LOCAL statement_timeout = 0"))
            holder.execute(text("SELECT pg_advisory_xact_lock(:kind, :org)"), bound)
            yield True
        else:
            yield bool(holder.scalar(text("SELECT pg_try_advisory_xact_lock(:kind, :org)"), bound))


def mend(
    database: Database, projection: Projection, traced: TracedDrift, *, at: datetime, terminal_no: int
) -> bool:
    """Mend one difference and write it to the audit log, in one short transaction.

    The caller holds the upkeep lock since before the difference was read.  `found.drift` becomes
    what was really changed.  Gives False when nothing was left to mend, or when the row was busy
    every time; a later walk finds it again then.
    """
    for attempt in range(_TRIES):
        try:
            with as_owner(database).write() as connection:
                done = _set(connection, projection, traced.drift)
                if done is not None:
                    traced.drift, traced.mended = done, True
                    note(connection, "recalculate", traced, at=at, terminal_no=terminal_no)
                findings.forget(connection, projection.name, traced.drift.key)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in _WAITED:
                raise
            wait_s = 0.05 * 2**attempt
            time.sleep(wait_s)
        else:
            return done is not None
    return False


def _set(connection: Connection, projection: Projection, drift: Drift) -> Drift | None:
    if not on_till(connection):
        return _set_central(connection, projection, drift.key)
    key = drift.key
    columns = ", ".join((*projection.keys, *projection.values))
    marks = ", ".join([*(f":{name}" for name in projection.keys), *("0" for _ in projection.values)])
    added = connection.execute(
        text(
            f"INSERT INTO {projection.name} ({columns}) VALUES ({marks})"
            f" ON CONFLICT ({', '.join(projection.keys)}) DO NOTHING"
        ),
        dict(key),
    ).rowcount
    cached = balances.current(connection, projection, key)
    true = _till_expected(connection, projection, drift)
    if cached == true and not added:
        return None
    where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    settings = ", ".join(f"{name} = :new_{name}" for name in projection.values)
    connection.execute(
        text(f"UPDATE {projection.name} SET {settings} WHERE {where}"),
        {**key, **{f"new_{name}": value for name, value in true.items()}},
    )
    return Drift(projection.name, dict(key), cached, true)


def _set_central(connection: Connection, projection: Projection, key: Key) -> Drift | None:
    connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_MS}"))
    row = connection.execute(text(tenancy.mend_sql(projection)), dict(key)).mappings().one_or_none()
    if row is None:
        return None
    cached, true = ({name: int(row[f"{side}_{name}"]) for name in projection.values} for side in "ct")
    return Drift(projection.name, dict(key), cached, true)


def _till_expected(connection: Connection, projection: Projection, drift: Drift) -> Values:
    """What the lines said a moment ago, when the checkpoint says the same now; else the lines again."""
    quick = balances.expected(connection, projection, drift.key)
    return quick if quick == drift.expected else balances.sum_of_lines(connection, projection, drift.key)


def note_all(
    database: Database, action: str, drifts: Sequence[TracedDrift], *, at: datetime, terminal_no: int
) -> None:
    """Entries of the audit log for many: in short transactions, because others write entries as well."""
    for first in range(0, len(drifts), _NOTED_AT_ONCE):
        with as_owner(database).write() as connection:
            for one in drifts[first : first + _NOTED_AT_ONCE]:
                note(connection, action, one, at=at, terminal_no=terminal_no)


def note(connection: Connection, action: str, traced: TracedDrift, *, at: datetime, terminal_no: int) -> None:
    """One entry of the audit log: before, after and the documents involved."""
    audit.write(
        connection,
        org_id=int(traced.drift.key["org_id"]),
        at=at,
        terminal_no=terminal_no,
        action=action,
        subject=traced.subject(),
        before=json.dumps(traced.drift.cached),
        after=json.dumps(traced.drift.expected),
    )
