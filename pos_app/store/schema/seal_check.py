"""Whether the triggers that stand in a database are those that this version declares."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.store.schema import seals, tenancy_check
from pos_app.store.side import on_till
from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.tables import BY_YEAR, PARTS, audit_log, document

_TRIGGER: Final = re.compile(
    r"CREATE (?:CONSTRAINT )?TRIGGER (\w+) .*? ON (\w+) .*EXECUTE FUNCTION (\w+)", re.S
)
_FUNCTION: Final = re.compile(r"CREATE FUNCTION (\w+)\(\).*?AS \$\$(.*)\$\$", re.S)


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each seal that is missing, changed, switched off or not ours."""
    if on_till(connection):
        yield from _sqlite(connection)
    else:
        yield from _postgres(connection)
        yield from tenancy_check.problems(connection)


def _compare(what: str, wanted: dict[str, str], standing: dict[str, str]) -> Iterator[str]:
    for name in sorted(wanted.keys() - standing.keys()):
        yield said("seal-missing", what=what, name=name)
    for name in sorted(standing.keys() - wanted.keys()):
        yield said("seal-not-ours", what=what, name=name)
    for name in sorted(wanted.keys() & standing.keys()):
        if wanted[name] != standing[name]:
            yield said("seal-changed", what=what, name=name)


def _sqlite(connection: Connection) -> Iterator[str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    wanted = {statement.split()[2]: " ".join(statement.split()) for statement in seals.sqlite_statements()}
    yield from _compare("trigger", wanted, {row[0]: " ".join(str(row[1]).split()) for row in rows})


def _postgres(connection: Connection) -> Iterator[str]:
    functions: dict[str, str] = {}
    triggers: dict[str, str] = {}
    for statement in seals.postgres_statements():
        function, trigger = _FUNCTION.search(statement), _TRIGGER.search(statement)
        if function is not None:
            functions[function[1]] = function[2].strip()
        elif trigger is not None:
            triggers[trigger[1]] = f"{trigger[2]} {trigger[3]}"
    rows = connection.execute(
        text(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (proname LIKE 'seal\\_%' OR proname = 'stamp_row')"
        )
    )
    yield from _compare("function", functions, {row[0]: str(row[1]).strip() for row in rows})
    tables = [table.name for table in (*PARTS, *FED, document, audit_log)] + ["unsealed"]
    standing = connection.execute(
        text(
            "SELECT t.tgname, c.relname, p.proname, t.tgenabled FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relname = ANY (:tables)"
        ),
        {"tables": tables},
    ).all()
    yield from _compare("trigger", triggers, {row[0]: f"{row[1]} {row[2]}" for row in standing})
    for row in standing:
        if row[3] != "O":
            yield said("trigger-switched-off", name=row[0])
    yield from _partitions(connection)


def _partitions(connection: Connection) -> Iterator[str]:
    """Every partition refuses rows that do not come through its parent, and changes."""
    rows = connection.execute(
        text(
            "SELECT i.inhrelid::regclass::text, i.inhparent::regclass::text,"
            " count(*) FILTER (WHERE t.tgname LIKE '%\\_direct' AND t.tgenabled = 'O'),"
            " count(*) FILTER (WHERE t.tgname LIKE '%\\_change' AND t.tgenabled = 'O')"
            " FROM pg_inherits i LEFT JOIN pg_trigger t ON t.tgrelid = i.inhrelid"
            " WHERE i.inhparent::regclass::text = ANY (:parts) GROUP BY 1, 2 ORDER BY 1"
        ),
        {"parts": [table.name for table in BY_YEAR]},
    )
    for partition, parent, direct, change in rows:
        if direct != 1 or change != 1:
            yield said("partition-unprotected", partition=partition, table=parent)
