"""Whether the seals of the central database stand as this version declares them."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.store.schema import seals_centre, tenancy_check
from pos_app.store.schema.seal_differences import differences
from pos_app.store.schema.trailed import TRAILED
from pos_app.store.tables.approval_table import approval_secret
from pos_app.store.tables.audit_run_table import audit_run
from pos_app.store.tables.flag_tables import FLAGS
from pos_app.store.tables.former_table import former_term
from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.tables import BY_YEAR, PARTS, audit_log, document

_TRIGGER: Final = re.compile(
    r"CREATE (?:CONSTRAINT )?TRIGGER (\w+) .*? ON (\w+) .*EXECUTE FUNCTION (\w+)", re.S
)
_FUNCTION: Final = re.compile(r"CREATE FUNCTION (\w+)\([^)]*\).*?AS \$\$(.*)\$\$", re.S)


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each seal of the centre that is missing, changed, switched off or not ours."""
    functions: dict[str, str] = {}
    triggers: dict[str, str] = {}
    for statement in seals_centre.statements():
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
    yield from differences("function", functions, {row[0]: str(row[1]).strip() for row in rows})
    watched = (*PARTS, *FED, *FLAGS, former_term, approval_secret, document, audit_log, audit_run)
    tables = [*(table.name for table in watched), "unsealed", *(one.table.name for one in TRAILED)]
    standing = connection.execute(
        text(
            "SELECT t.tgname, c.relname, p.proname, t.tgenabled FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relname = ANY (:tables)"
        ),
        {"tables": tables},
    ).all()
    yield from differences("trigger", triggers, {row[0]: f"{row[1]} {row[2]}" for row in standing})
    for row in standing:
        if row[3] != "O":
            yield said("trigger-switched-off", name=row[0])
    yield from _partitions(connection)
    yield from tenancy_check.problems(connection)


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
