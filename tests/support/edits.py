"""Edits of a database by somebody with its key: drawn, done with the triggers off, and named or not."""

import os
import random
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, text

from pos_app.store.engine import letters
from pos_app.store.tables.tables import PARTS, document
from tests.conftest import TILL_KEY

EDITS: Final = int(os.environ.get("BOHARI_EDITS", "160"))
SEED: Final = int(os.environ.get("BOHARI_EDITS_SEED", "20261129"))
LEDGER: Final = (document, *PARTS)
VERBS: Final = ("change", "change", "change", "delete", "add")


class Edit(NamedTuple):
    """One edit of one row; `row` is as it was, `new` as it becomes (None: it goes)."""

    table: str
    verb: str
    column: str
    row: dict[str, Any]
    new: dict[str, Any] | None

    @property
    def seq(self) -> int | None:
        """The sequence of the document that it is about."""
        key = self.row.get("document_id")
        return None if key is None else int(key) & 0xFFFFFFFF


def another(rng: random.Random, value: Any, *, nullable: bool) -> Any:
    """A value that is not this one, of the same kind."""
    if value is not None and nullable and rng.random() < 0.3:
        return None
    match value:
        case None:
            return rng.randrange(1, 9)
        case bytes():
            bits = bytearray(value or b"\0")
            bits[rng.randrange(len(bits))] ^= 1 << rng.randrange(8)
            return bytes(bits)
        case str():
            return value + rng.choice("xyz7")
        case list():
            return [*value, 9]
        case int():
            return value + rng.choice((-1, 1, 7, 100))
        case _:
            return value.replace(microsecond=(value.microsecond + 1) % 1_000_000)


def drawn(rng: random.Random, tables: Any, rows: dict[str, list[dict[str, Any]]]) -> Edit:
    """An edit of any row, any column."""
    table = rng.choice([one for one in tables if rows[one.name]])
    row = rng.choice(rows[table.name])
    verb = rng.choice(VERBS)
    names = [one for one in table.columns if row[one.name] is not None or str(one.type) != "TEXT"]
    names = [one for one in names if row[one.name] is not None or str(one.type) == "BIGINT"]
    column = rng.choice(names)
    if verb == "delete":
        return Edit(table.name, verb, "", row, None)
    if verb == "add":
        keys = [one.name for one in table.primary_key if one.name not in ("org_id", "year")]
        last = keys[-1]
        new = row | {last: row[last] + 1_000 if isinstance(row[last], int) else row[last] + "x"}
        for name in ("request_id", "number", "seq", "reverses_id"):
            if table is document:
                value = new[name]
                new[name] = value + "x" if isinstance(value, str) else value and value + 1_000
        return Edit(table.name, verb, last, row, new)
    value = another(rng, row[column.name], nullable=bool(column.nullable))
    return Edit(table.name, verb, column.name, row, row | {column.name: value})


def is_named(edit: Edit, problems: list[str]) -> bool:
    """Whether some sentence names the document of an edit; of an added one its own number will do."""
    seqs = {edit.seq, Edit("", "", "", edit.new or edit.row, None).seq}
    return any(re.search(rf"\b{seq}\b", one) for seq in seqs for one in problems)


def raw(path: Path) -> Any:
    """The file as anybody with its key opens it: no foreign keys, no checks."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    letters.register(connection)
    connection.execute(f"PRAGMA key = \"x'{TILL_KEY.hex()}'\"")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return connection


def rows_at_till(path: Path, tables: Any) -> dict[str, list[dict[str, Any]]]:
    connection = raw(path)
    found = {}
    for table in tables:
        cursor = connection.execute(f"SELECT {', '.join(table.columns.keys())} FROM {table.name}")
        found[table.name] = [dict(zip(table.columns.keys(), row, strict=True)) for row in cursor]
    connection.close()
    return found


def edit_till(path: Path, edit: Edit) -> bool:
    """Do it with the triggers off and put them back; false when the file itself refuses."""
    connection = raw(path)
    try:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        where = " AND ".join(f"{name} IS ?" for name in edit.row)
        if edit.verb != "add":
            connection.execute(f"DELETE FROM {edit.table} WHERE {where}", tuple(edit.row.values()))
        if edit.new is not None:
            marks = ", ".join("?" for _ in edit.new)
            connection.execute(
                f"INSERT INTO {edit.table} ({', '.join(edit.new)}) VALUES ({marks})", tuple(edit.new.values())
            )
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
    except sqlcipher.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def edit_centre(connection: Connection, edit: Edit, *, back: bool = False) -> None:
    """Do it, or undo it, as somebody to whom triggers do not happen."""
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    old, new = (edit.new, edit.row) if back else (edit.row, edit.new)
    if edit.verb == "add":
        old, new = (edit.new, None) if back else (None, edit.new)
    if old is not None:
        # An array is bound as one of another type; the rest says which row it is.
        known = [name for name, value in old.items() if name != "body" and not isinstance(value, list)]
        where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM :{name}' for name in known)
        done = connection.execute(text(f"DELETE FROM {edit.table} WHERE {where}"), old)
        assert done.rowcount == 1, edit
    if new is not None:
        marks = ", ".join(f":{name}" for name in new)
        names = ", ".join(f'"{name}"' for name in new)
        connection.execute(
            text(f"INSERT INTO {edit.table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})"), new
        )
