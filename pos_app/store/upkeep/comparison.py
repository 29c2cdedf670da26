"""What a till has of the centre, held against what the centre sends once more; the centre's takes its place.

Rows of the feed come again from its beginning (`sync.client.compare`).  A page whose rows this till has all
heard of before must find them here as they are: what differs was written by another hand than the daemon's.

Decisions
---------
2026-11-30  Prices, people, rights and the centre's balances are not signed where they lie: a digest over them
would have to be kept by whoever writes here, with a key that lies beside the file, and would say that
something differs and not what.  The centre has the rows anyway, and its answers are signed.  So a daemon asks
for all of them again once a day, names what differs row by row, and puts back what the centre has.  What was
done meanwhile the centre judges by its own rows (`sync.server.ingest`).
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table

from pos_app.ledger.document import split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cell
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import pepper
from pos_app.store.feed import baseline, intake
from pos_app.store.master import asked_here, pins
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.fiscal_tables import fiscal_receipt
from pos_app.store.tables.master import person
from pos_app.store.tables.open_order_table import OPEN, arrival
from pos_app.store.tables.payment_tables import received_payment
from pos_app.store.tables.projections import BASELINES, BY_NAME, Projection
from pos_app.store.tables.used_code_table import used_code

#: What the feed brings as rows: one here that it does not bring is nobody's (see `strangers`).
WHOLE: Final = frozenset(intake.TABLES)
_SECRET: Final = "***"  # noqa: S105 - what stands for a secret in the audit log
#: What a till counts up by itself.
_OWN: Final = frozenset({"came", "mark", "stamp"})

Row = dict[str, Any]


class Difference(NamedTuple):
    """A row that is not the centre's: what stood here and what the centre has, only what differs.

    An empty `before` is a row that was gone, an empty `after` one that the centre does not know.
    """

    kind: str
    key: str
    before: Row
    after: Row


class Sent(NamedTuple):
    """Rows of a kind as the centre sent them; `mark` is our last sequence that is in them."""

    kind: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    mark: int

    def places(self, names: Sequence[str]) -> list[int]:
        """Where columns stand in a row."""
        return [list(self.columns).index(name) for name in names]


def compare(connection: Connection, terminal: Terminal, sent: Sent) -> list[Difference]:
    """Hold rows that the till has heard of against what lies here, and put them in their place, in the
    caller's transaction.  Raises `Damaged` for rows that do not belong here.
    """
    if sent.kind in BASELINES:
        return _balances(connection, terminal, sent)
    table = intake.TABLES[sent.kind]
    names = [name for name in sent.columns if name in table.columns and name not in _OWN]
    found, wrong = [], []
    for cells in sent.rows:
        row = dict(zip(sent.columns, cells, strict=True))
        if table is used_code and split_key(int(row["document_id"] or 0))[0] == terminal.terminal_no:
            # What it knows of its own documents may be newer than what the centre does.
            continue
        here = _here(connection, table, row)
        if table is person and here:
            here |= {name: _opened(connection, here, name) for name in pins.COLUMNS}
        here = {name: here[name] for name in names} if here else {}
        should = {name: row[name] for name in names}
        if here != should:
            found.append(_difference(sent.kind, table, here, should))
            wrong.append(cells)
    if table is arrival:
        return found + _came(connection, terminal, sent)
    if wrong:
        intake.upsert(connection, sent.kind, terminal.org_id, sent.columns, wrong)
    return found


def keys_of(sent: Sent) -> set[tuple[Cell, ...]]:
    """The keys of rows of one of `WHOLE`, or of balances."""
    is_balance = sent.kind in BASELINES
    places = sent.places(BY_NAME[sent.kind].keys if is_balance else _keys(intake.TABLES[sent.kind]))
    return {tuple(row[place] for place in places) for row in sent.rows}


def strangers(
    connection: Connection, terminal: Terminal, kind: str, known: set[tuple[Cell, ...]]
) -> list[Difference]:
    """Take out the rows of a kind that the centre does not know, in the caller's transaction.

    Of balances: the baselines.  What is shown goes with them, but for what this till's own documents posted.
    """
    if kind in BASELINES:
        return _invented(connection, terminal, BY_NAME[kind], known)
    table = intake.TABLES[kind]
    keys = _keys(table)
    rows = [dict(row._mapping) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}")]
    # What stands in for what this till asked for, the centre cannot know yet.
    known = known | asked_here.ours(connection, terminal, kind)
    unknown = [row for row in rows if tuple(row[name] for name in keys) not in known]
    if table is arrival:
        # What is done is news only to who had it open.
        unknown = [row for row in unknown if row["state"] == OPEN]
    if table is fiscal_receipt:
        # The oldest ones are not sent again here either.
        days = [int(row["day"]) for row in rows if tuple(row[name] for name in keys) in known]
        unknown = [row for row in unknown if row["day"] >= min(days, default=0)]
    if table is used_code:
        # The oldest ones are not sent again, and the centre may not have heard yet of our own.
        days = [int(row["day"]) for row in rows if tuple(row[name] for name in keys) in known]
        oldest = min(days, default=0)
        unknown = [
            row
            for row in unknown
            if row["day"] >= oldest and split_key(row["document_id"])[0] != terminal.terminal_no
        ]
    if table is received_payment:
        days = [int(row["day"]) for row in rows if tuple(row[name] for name in keys) in known]
        oldest = min(days, default=0)
        unknown = [row for row in unknown if row["day"] >= oldest]
    where = " AND ".join(f"{name} = ?" for name in keys)
    for row in unknown:
        connection.exec_driver_sql(
            f"DELETE FROM {table.name} WHERE {where}", tuple(row[name] for name in keys)
        )
    return [_difference(kind, table, row, {}) for row in unknown]


def gone(kind: str, row: Row) -> Difference:
    """A row that the centre does not have since it began a new life (`feed.replacing`)."""
    return _difference(kind, intake.TABLES[kind], row, {})


def tell(
    connection: Connection,
    terminal: Terminal,
    differences: Sequence[Difference],
    at: datetime,
    *,
    is_edit: bool = True,
) -> None:
    """Write what differed to the audit log, in the caller's transaction; an edit to the log as well."""
    for one in differences:
        audit.write(
            connection,
            org_id=terminal.org_id,
            at=at,
            terminal_no=terminal.terminal_no,
            action="feed.mended",
            subject=f"{one.kind} {one.key}",
            before=_told(one.before),
            after=_told(one.after),
        )
        if is_edit:
            events.FEED_DIFFERED.log(kind=one.kind, key=one.key, columns=sorted({*one.before, *one.after}))


# --- rows ---------------------------------------------------------------------------------------------


def _keys(table: Table) -> list[str]:
    return [intake.plain_name(column.name) for column in table.primary_key]


def _here(connection: Connection, table: Table, sent: Row) -> Row:
    keys = _keys(table)
    where = " AND ".join(f"{name} = ?" for name in keys)
    row = connection.exec_driver_sql(
        f"SELECT * FROM {table.name} WHERE {where}", tuple(sent[name] for name in keys)
    ).one_or_none()
    return {} if row is None else dict(row._mapping)


def _opened(connection: Connection, here: Row, name: str) -> str | None:
    """A PIN's hash as the centre sent it; None for what this till did not close."""
    try:
        return pepper.reveal(connection, int(here["org_id"]), int(here["person_id"]), name, here[name])
    except Damaged:
        return None


def _difference(kind: str, table: Table, here: Row, should: Row) -> Difference:
    whole = here or should
    key = " ".join(str(whole[name]) for name in _keys(table) if name != "org_id")
    if not (here and should):
        return Difference(kind, key, here, should)
    names = [name for name in should if here[name] != should[name]]
    return Difference(kind, key, *({name: one[name] for name in names} for one in (here, should)))


def _told(row: Row) -> str:
    shown = {
        name: _SECRET if name in pins.COLUMNS else value for name, value in row.items() if name != "stamp"
    }
    return json.dumps(shown, ensure_ascii=False, sort_keys=True) if shown else ""


# --- what is computed of the centre's and our own -------------------------------------------------------


def _balances(connection: Connection, terminal: Terminal, sent: Sent) -> list[Difference]:
    """What the till shows of each key, before and after the centre's value is put under it."""
    projection = BY_NAME[sent.kind]
    places = sent.places(projection.keys)
    keys = [tuple(row[place] for place in places) for row in sent.rows]
    where = " AND ".join(f"{name} = ?" for name in projection.keys)
    sql = f"SELECT {', '.join(projection.values)} FROM {projection.name} WHERE {where}"

    def shown() -> list[Row]:
        found = (connection.exec_driver_sql(sql, key).one_or_none() for key in keys)
        return [{} if row is None else dict(row._mapping) for row in found]

    def put() -> None:
        baseline.apply(connection, sent.kind, terminal, sent.columns, sent.rows, mark=sent.mark)

    return _changed(sent.kind, keys, shown, put)


def _invented(
    connection: Connection, terminal: Terminal, projection: Projection, known: set[tuple[Cell, ...]]
) -> list[Difference]:
    keys = baseline.unknown(connection, projection, terminal, known)
    where = " AND ".join(f"{name} = ?" for name in projection.keys)
    sql = f"SELECT {', '.join(projection.values)} FROM {projection.name} WHERE {where}"

    def shown() -> list[Row]:
        found = (connection.exec_driver_sql(sql, key).one_or_none() for key in keys)
        return [{} if row is None else dict(row._mapping) for row in found]

    return _changed(projection.name, keys, shown, lambda: baseline.drop(connection, projection, keys))


def _came(connection: Connection, terminal: Terminal, sent: Sent) -> list[Difference]:
    """What came of each, before and after the centre's count is put under it."""
    document, kind = sent.places(("document_id", "kind"))
    keys = [(row[document], row[kind]) for row in sent.rows]

    def came(document_id: Cell, kind: Cell) -> Row:
        by = "product_id" if kind == "transfer_sent" else "origin_line"
        try:
            found = open_orders_till.came_of(connection, terminal.org_id, int(document_id or 0), by)
        except (ValueError, AttributeError):
            # Edited until it was no count any more.
            return {"came": None}
        return {"came": json.dumps(found, sort_keys=True)}

    def put() -> None:
        open_orders_till.take(connection, terminal, sent.columns, sent.rows, mark=sent.mark)

    return _changed(sent.kind, keys, lambda: [came(*key) for key in keys], put)


def _changed(
    kind: str, keys: Sequence[Sequence[Cell]], shown: Callable[[], list[Row]], put: Callable[[], None]
) -> list[Difference]:
    before = shown()
    put()
    return [
        Difference(kind, " ".join(str(part) for part in key), was, now)
        for key, was, now in zip(keys, before, shown(), strict=True)
        if was != now
    ]
