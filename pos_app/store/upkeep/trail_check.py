"""Whether the rows of the centre are what its audit log last said of them.

The log is signed and chained (`audit_check`), so a row that somebody edited beside the triggers is not what
the log says: it differs, it is gone, or it was never told of.  Who adds an entry at the end of the log as
well, before the next one is signed, is not found by this (see `SECURITY.md`).
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.schema.trail_begin import BEGUN
from pos_app.store.schema.trailed import SECRET, TRAILED, Trailed, hash_of, key_of, name_of, words_of
from pos_app.store.upkeep.verdict import MOST_PROBLEMS, Verdict

#: The note of a new life (see `life`).
RESTORED: Final = "centre.restored"
_TABLES: Final = {one.table.name: one for one in TRAILED}
#: What was said last of each row: what waits for its number comes after all that has one.
_SAID: Final = (
    "SELECT DISTINCT ON (of_table, row_key) of_table, row_key, row_hash, subject, entry_id FROM ("
    "SELECT split_part(action, '.', 1) AS of_table, row_key, row_hash, subject, entry_id, 0 AS waiting_no"
    " FROM audit_log WHERE org_id = :org AND row_key IS NOT NULL"
    " UNION ALL SELECT split_part(action, '.', 1), row_key, row_hash, subject, NULL, waiting_no"
    " FROM audit_waiting WHERE org_id = :org) AS told"
    " ORDER BY of_table, row_key, waiting_no DESC, entry_id DESC"
)


class _Odd(NamedTuple):
    """A row that is not as it was said: its hash then and now (None: no such row), and the entry."""

    table: str
    key: str
    name: str
    said: str | None
    stands: str | None
    entry_id: int | None


def check(database: Database, org_id: int, verdict: Verdict) -> None:
    """Complain of every row that differs, is gone, or was never told of, and of a life nobody told of."""
    with database.read() as connection:
        _check_life(connection, org_id, verdict)
        odd = list(_odd(connection, org_id))
        differing = [one for one in odd if one.said and one.stands][:MOST_PROBLEMS]
        columns = dict(_columns(connection, org_id, differing))
        for one in odd:
            row = one.name.removeprefix(f"{one.table} ")
            if one.said is None:
                verdict.complain(said("row-untold", table=one.table, row=row))
            elif one.stands is None:
                verdict.complain(said("row-gone", table=one.table, row=row, entry=one.entry_id or 0))
            else:
                what = ", ".join(columns.get(one, ()))
                verdict.complain(
                    said("row-differs", table=one.table, row=row, what=what, entry=one.entry_id or 0)
                )


def _check_life(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """The life of the centre is the one that the log last told of: the counts outside belong to it."""
    begun = audit.read(connection, org_id, action=BEGUN, most=1)
    restored = audit.read(connection, org_id, action=RESTORED, most=1)
    told = max((*begun, *restored), key=lambda entry: entry.entry_id, default=None)
    if told is None:
        return
    known = told.after.split(" ")[0] if told.action == RESTORED else _object(told.after).get("epoch")
    lives = connection.scalars(text("SELECT epoch FROM server_epoch ORDER BY epoch")).all()
    if lives != [known]:
        verdict.complain(said("life-untold", epoch=", ".join(lives) or "-", entry=told.entry_id))


def _odd(connection: Connection, org_id: int) -> Iterator[_Odd]:
    standing = " UNION ALL ".join(
        f"SELECT '{one.table.name}' AS of_table, {key_of(one, 'r')} AS row_key,"
        f" {hash_of(one, 'r')} AS row_hash, {name_of(one, 'r')} AS name"
        f" FROM {one.source} AS r WHERE r.{one.org} = :org"
        for one in TRAILED
    )
    rows = connection.execute(
        text(
            f"WITH said AS ({_SAID}) SELECT of_table, row_key, coalesce(s.name, said.subject) AS name,"
            " said.row_hash AS said, s.row_hash AS stands, said.entry_id"
            f" FROM said FULL JOIN ({standing}) AS s USING (of_table, row_key)"
            " WHERE said.row_hash IS DISTINCT FROM s.row_hash ORDER BY 1, 2"
        ),
        {"org": org_id},
    )
    for row in rows:
        yield _Odd(row[0], row[1], row[2], row[3], row[4], row[5])


# --- which columns --------------------------------------------------------------------------------------


def _columns(connection: Connection, org_id: int, differing: list[_Odd]) -> Iterator[tuple[_Odd, list[str]]]:
    """For each of these rows the columns that are not what was said; where the words of the log do not tell,
    those that it has no words for.
    """
    told = _told(connection, org_id, {one.key for one in differing}) if differing else {}
    for one in differing:
        trailed = _TABLES[one.table]
        stands = _stands(connection, org_id, trailed, one.key)
        known = told.get((one.table, one.key), {})
        found = [
            column.name
            for column in trailed.told
            if column.name in known
            and known[column.name] != SECRET
            and known[column.name] != stands.get(column.name)
        ]
        yield one, found or sorted(trailed.quiet | trailed.secret) or [one.key]


def _told(connection: Connection, org_id: int, keys: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the words of the log come to, for each of these rows."""
    rows = connection.execute(
        text(
            "SELECT split_part(action, '.', 1), row_key, before, after FROM audit_log"
            " WHERE org_id = :org AND row_key = ANY (:keys) ORDER BY entry_id"
        ),
        {"org": org_id, "keys": sorted(keys)},
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for table, key, before, after in rows:
        state = found.setdefault((table, key), {})
        # A value that became empty stands in what was before alone.
        state |= dict.fromkeys(_object(before)) | _object(after)
    return found


def _object(words: str) -> dict[str, Any]:
    try:
        value = json.loads(words) if words else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _stands(connection: Connection, org_id: int, trailed: Trailed, key: str) -> dict[str, Any]:
    row = connection.execute(
        text(
            f"SELECT {words_of(trailed, 'r')} FROM {trailed.source} AS r"
            f" WHERE r.{trailed.org} = :org AND {key_of(trailed, 'r')} = :key"
        ),
        {"org": org_id, "key": key},
    ).scalar_one_or_none()
    return _object(str(row or ""))
