"""What lies in a cash drawer, currency by currency."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.document import document_key, split_key


def holdings(connection: Connection, org_id: int, drawer_id: int) -> dict[str, int]:
    """The currencies of which the books have something in a drawer, with the amounts in minor units."""
    rows = connection.execute(
        text(
            "SELECT currency, amount FROM drawer_cash WHERE org_id = :org AND drawer_id = :drawer"
            " AND amount <> 0 ORDER BY currency"
        ),
        {"org": org_id, "drawer": drawer_id},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def everywhere(connection: Connection, org_id: int) -> dict[int, dict[str, int]]:
    """What the books have in each drawer: minor units by currency, by the drawer's key."""
    rows = connection.execute(
        text("SELECT drawer_id, currency, amount FROM drawer_cash WHERE org_id = :org ORDER BY 1, 2"),
        {"org": org_id},
    )
    found: dict[int, dict[str, int]] = {}
    for drawer_id, currency, amount in rows:
        found.setdefault(int(drawer_id), {})[str(currency)] = int(amount)
    return found


class Turn(NamedTuple):
    """The last time that a terminal's drawer was opened or closed; a close's document can be read."""

    terminal_no: int
    drawer_id: int
    is_open: bool
    document_id: int
    at: datetime


def turns(connection: Connection, org_id: int) -> dict[int, Turn]:
    """At the centre: the last turn of each terminal's drawer, by its number; none before the first."""
    rows = connection.execute(
        text(
            "SELECT t.terminal_no, t.drawer_id, d.kind, d.document_id, d.occurred_at FROM terminal AS t"
            " CROSS JOIN LATERAL (SELECT k.kind, k.document_id, k.occurred_at FROM document AS k"
            " WHERE k.org_id = t.org_id AND k.terminal_no = t.terminal_no"
            " AND k.kind IN ('drawer_open', 'drawer_close') ORDER BY k.document_id DESC LIMIT 1) AS d"
            " WHERE t.org_id = :org"
        ),
        {"org": org_id},
    )
    return {
        int(row[0]): Turn(int(row[0]), int(row[1]), row[2] == "drawer_open", int(row[3]), row[4])
        for row in rows
    }


class Moved(NamedTuple):
    """Cash of one kind of document, or of one document (`document_id`), in minor units; into it positive."""

    kind: str
    document_id: int | None
    amount: int
    times: int


def movements(
    connection: Connection,
    org_id: int,
    drawer_id: int,
    currency: str,
    *,
    from_id: int,
    before_id: int | None,
    one_by_one: Sequence[str],
) -> list[Moved]:
    """What a terminal's documents from `from_id` up to `before_id` (None: the last) did to a drawer.

    Summed up by kind, but for the kinds in `one_by_one`, of which each document stands by itself.
    """
    end = document_key(split_key(from_id)[0] + 1, 0) if before_id is None else before_id
    marks = ", ".join(f":kind{at}" for at in range(len(one_by_one)))
    rows = connection.execute(
        text(
            "SELECT kind, one, sum(amount), count(*) FROM"
            f" (SELECT d.kind AS kind, CASE WHEN d.kind IN ({marks}) THEN d.document_id END AS one,"
            " sum(l.amount) AS amount FROM journal_line AS l"
            " JOIN document AS d ON d.org_id = l.org_id AND d.document_id = l.document_id"
            " WHERE l.org_id = :org AND l.drawer_id = :drawer AND l.currency = :currency"
            " AND l.document_id >= :start AND l.document_id < :end GROUP BY d.kind, d.document_id) AS each"
            " GROUP BY kind, one ORDER BY kind, one"
        ),
        {
            "org": org_id,
            "drawer": drawer_id,
            "currency": currency,
            "start": from_id,
            "end": end,
            **{f"kind{at}": kind for at, kind in enumerate(one_by_one)},
        },
    )
    return [
        Moved(str(row[0]), None if row[1] is None else int(row[1]), int(row[2]), int(row[3])) for row in rows
    ]
