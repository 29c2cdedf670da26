"""Where the trail begins: rows that were there before the audit log told of their table are told as they are.

Founding says so of every table; an upgrade says it of tables that are told of from then on.  What was done to
a row before its trail began nobody can tell.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.schema.trailed import TRAILED, Trailed, hash_of, key_of, name_of, words_of

#: The entry that says of which tables the log tells from now on, and the verb of one that tells of a row.
BEGUN: Final = "trail.begun"
STANDS: Final = "stands"
_TABLES: Final = "tables"


def begin_everywhere(connection: Connection) -> None:
    """At the centre, by its owner: begin the trail of every organisation where it has not begun."""
    orgs = connection.scalars(text("SELECT DISTINCT org_id FROM organisation ORDER BY 1")).all()
    for org_id in orgs:
        begin(connection, int(org_id))


def begin(connection: Connection, org_id: int, *, is_new: bool = False) -> None:
    """Tell of the rows of each table of which the trail has not begun; of a new organisation all is told."""
    begun = _begun(connection, org_id)
    fresh = [one for one in TRAILED if one.table.name not in begun]
    if not fresh:
        return
    _lock(connection, org_id)
    _note(connection, org_id, [one.table.name for one in fresh])
    for one in () if is_new else fresh:
        _insert(connection, org_id, _standing(one))


def _note(connection: Connection, org_id: int, names: Sequence[str]) -> None:
    """Of which tables the log tells from now on, and in which life of the centre."""
    epoch = connection.scalar(text("SELECT epoch FROM server_epoch")) or ""
    said = f"'{BEGUN}', 'trail', '', :words, NULL, NULL FROM (SELECT 1 AS nth) AS one"
    _insert(connection, org_id, said, words=json.dumps({_TABLES: sorted(names), "epoch": epoch}))


def _begun(connection: Connection, org_id: int) -> set[str]:
    rows = connection.scalars(
        text("SELECT after FROM audit_log WHERE org_id = :org AND action = :action"),
        {"org": org_id, "action": BEGUN},
    ).all()
    return {str(name) for row in rows for name in json.loads(row)[_TABLES]}


def _standing(trailed: Trailed) -> str:
    keys = ", ".join(f"r.{column.name}" for column in trailed.keys)
    return (
        f"'{trailed.table.name}.{STANDS}', {name_of(trailed, 'r')}, '', {words_of(trailed, 'r')},"
        f" {key_of(trailed, 'r')}, {hash_of(trailed, 'r')} FROM (SELECT *, row_number() OVER (ORDER BY"
        f" {keys}) AS nth FROM {trailed.table.name} AS r WHERE r.{trailed.org} = :org) AS r"
    )


def carry_over(connection: Connection, org_id: int, years: Sequence[int]) -> None:
    """Before these years leave the audit log: tell again what was said last of a row, where that was there.

    What was said, and not what the rows are: an edit does not become right by an archive.
    """
    _lock(connection, org_id)
    if years and (begun := _begun(connection, org_id)):
        _note(connection, org_id, sorted(begun))
    for one in TRAILED:
        _insert(connection, org_id, _carried(one), years=list(years), first=f"{one.table.name}.")


def _carried(trailed: Trailed) -> str:
    """What was said last of rows of a table, with the words of the row where it is still that."""
    stands = (
        f"SELECT {key_of(trailed, 'r')} AS row_key, {hash_of(trailed, 'r')} AS row_hash,"
        f" {words_of(trailed, 'r')} AS words FROM {trailed.table.name} AS r WHERE r.{trailed.org} = :org"
    )
    return (
        f"'{trailed.table.name}.{STANDS}', subject, '', coalesce(words, ''), row_key, row_hash FROM"
        " (SELECT last.*, s.words, row_number() OVER (ORDER BY last.entry_id) AS nth FROM"
        " (SELECT DISTINCT ON (row_key) entry_id, year, subject, row_key, row_hash FROM audit_log"
        " WHERE org_id = :org AND row_key IS NOT NULL AND starts_with(action, :first)"
        " ORDER BY row_key, entry_id DESC) AS last"
        f" LEFT JOIN ({stands}) AS s USING (row_key, row_hash) WHERE last.year = ANY (:years)) AS gone"
    )


def _lock(connection: Connection, org_id: int) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31})


def _insert(connection: Connection, org_id: int, said: str, **bound: Any) -> None:
    connection.execute(
        text(
            "INSERT INTO audit_log (org_id, entry_id, at, year, terminal_no, action, subject, before, after,"
            " row_key, row_hash) SELECT CAST(:org AS bigint), (SELECT coalesce(max(entry_id), 0)"
            " FROM audit_log WHERE org_id = :org) + nth, now(),"
            f" extract(year FROM now() AT TIME ZONE 'UTC'), {SERVER_TERMINAL_NO}, {said}"
        ),
        {"org": org_id, **bound},
    )
