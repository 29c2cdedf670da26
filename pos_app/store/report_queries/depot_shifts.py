"""The shifts of a day: each opening and close of each till, and what has not arrived of it yet."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.drawer import DrawerClose, DrawerOpen
from pos_app.ledger.head import SERVER_TERMINAL_NO
from pos_app.store.documents.documents import not_voided
from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run
from pos_app.store.side import on_till

#: As the index of shifts has it, so that each engine sees that it serves.
_SHIFTS: Final = "d.kind IN ('drawer_open', 'drawer_close')"
_TILLS: Final = (
    "SELECT terminal_no, name, depot_id, greatest(told_seq - last_seq, 0), last_seen_at"
    " FROM terminal WHERE org_id = :org AND active = 1 AND terminal_no <> :server ORDER BY terminal_no"
)
#: A till has documents of itself alone, or of one that it stands in for.
_AT_TILL: Final = (
    f"SELECT d.terminal_no, max(d.depot_id) FROM document AS d WHERE d.org_id = :org AND {_SHIFTS}"
    " GROUP BY d.terminal_no ORDER BY d.terminal_no"
)


class Till(NamedTuple):
    """A till of a depot: `missing` documents it had when it last greeted and that have not arrived; heard
    last at `seen_at`.  A till knows of itself alone, and that nothing of its own is missing to it.
    """

    terminal_no: int
    name: str
    depot_id: int
    missing: int = 0
    seen_at: datetime | None = None


#: What opens and what ends a shift, as it was recorded.
Turned = DrawerOpen | DrawerClose


def tills(connection: Connection, org_id: int) -> list[Till]:
    """The tills in use by number; where a till is asked, itself, once it was ever opened."""
    if on_till(connection):
        rows = run(connection, _AT_TILL, {"org": org_id})
        return [Till(int(row[0]), "", int(row[1])) for row in rows]
    rows = run(connection, _TILLS, {"org": org_id, "server": SERVER_TERMINAL_NO})
    return [Till(int(row[0]), str(row[1]), int(row[2]), int(row[3]), row[4]) for row in rows]


def turned(connection: Connection, scope: Scope, terminal_no: int) -> list[Turned]:
    """The openings and closes of one till within a scope, oldest first; the voided ones are none."""
    return _read(connection, scope, terminal_no, f"AND {not_voided()} ORDER BY d.document_id")


def standing(connection: Connection, scope: Scope, terminal_no: int) -> Turned | None:
    """The last of them before the scope's end, also of a day before."""
    found = _read(
        connection, scope.upto(), terminal_no, f"AND {not_voided()} ORDER BY d.document_id DESC LIMIT 1"
    )
    return found[0] if found else None


def cash_now(connection: Connection, org_id: int, opened: DrawerOpen) -> int | None:
    """What the books have in the drawer of a shift that is open now, in minor units of its currency; None of
    a shift that was closed since.
    """
    rows = run(
        connection,
        "SELECT c.amount FROM drawer_cash AS c WHERE c.org_id = :org AND c.drawer_id = :drawer"
        " AND c.currency = :currency AND NOT EXISTS (SELECT 1 FROM document AS d WHERE d.org_id = c.org_id"
        f" AND d.terminal_no = :till AND {_SHIFTS} AND d.document_id > :opened)",
        {
            "org": org_id,
            "drawer": opened.drawer_id,
            "currency": opened.currency,
            "till": opened.terminal_no,
            "opened": opened.document_id,
        },
    )
    return int(rows[0][0]) if rows else None


def _read(connection: Connection, scope: Scope, terminal_no: int, ending: str) -> list[Turned]:
    rows = run(
        connection,
        f"SELECT d.body FROM document AS d WHERE {scope.documents()} AND d.terminal_no = :till"
        f" AND {_SHIFTS} {ending}",
        scope.bound(connection, till=terminal_no),
    )
    private = privacy.of(connection)
    found = []
    for (body,) in rows:
        document = canonical.decode(private.decrypt_bytes(scope.org_id, bytes(body)))
        if isinstance(document, DrawerOpen | DrawerClose):
            found.append(document)
    return found


class SafeMove(NamedTuple):
    """What documents of one kind did to the safe: minor units of the base currency, into it positive."""

    kind: str
    amount: int
    times: int


def safe(connection: Connection, scope: Scope) -> list[SafeMove]:
    """What came into the safe and went out of it, by the kind of document; a void counts with its own."""
    rows = run(
        connection,
        f"SELECT {KIND}, sum(l.base_amount), count(DISTINCT l.document_id) FROM journal_line AS l"
        f"{JOIN_DOCUMENT}{JOIN_REVERSED} WHERE {scope.lines()} AND l.account_code IN"
        f" (SELECT code FROM account WHERE org_id = :org AND role = 'safe') GROUP BY {KIND} ORDER BY 1",
        scope.bound(connection),
    )
    return [SafeMove(str(kind), int(amount), int(times)) for kind, amount, times in rows]
