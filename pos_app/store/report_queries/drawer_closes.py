"""The last closes of each drawer: the documents themselves, for what was expected stands in them alone."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.drawer import DrawerClose
from pos_app.store.documents.documents import not_voided
from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import Scope, run
from pos_app.store.side import on_till

#: As the index of shifts has it, so that each engine sees that it serves.
_SHIFTS: Final = "d.kind IN ('drawer_open', 'drawer_close')"
_AT_TILL: Final = f"SELECT DISTINCT d.terminal_no FROM document AS d WHERE d.org_id = :org AND {_SHIFTS}"
_AT_CENTRE: Final = "SELECT terminal_no FROM terminal WHERE org_id = :org ORDER BY terminal_no"


class Closed(NamedTuple):
    """A close that stands, and the letters of the depot's numbers."""

    close: DrawerClose
    number_prefix: str


def last_closes(connection: Connection, scope: Scope, most: int) -> list[Closed]:
    """At most so many of each till, newest first, tills by number; the voided ones are none."""
    if scope.terminal_no is not None:
        tills = [scope.terminal_no]
    else:
        every = run(connection, _AT_TILL if on_till(connection) else _AT_CENTRE, {"org": scope.org_id})
        tills = sorted(int(row[0]) for row in every)
    return [one for terminal_no in tills for one in _of_till(connection, scope, terminal_no, most)]


def _of_till(connection: Connection, scope: Scope, terminal_no: int, most: int) -> list[Closed]:
    whose = " AND d.business_id = :business" if scope.business_id is not None else ""
    rows = run(
        connection,
        "SELECT d.body, coalesce(p.letter, '') FROM document AS d"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        f" WHERE {scope.documents()}{whose} AND d.terminal_no = :till AND {_SHIFTS}"
        f" AND d.kind = 'drawer_close' AND {not_voided()} ORDER BY d.document_id DESC LIMIT :most",
        scope.bound(connection, till=terminal_no, most=most),
    )
    private = privacy.of(connection)
    found = []
    for body, prefix in rows:
        close = canonical.decode(private.decrypt_bytes(scope.org_id, bytes(body)))
        if isinstance(close, DrawerClose):
            found.append(Closed(close, str(prefix)))
    return found
