"""The feed at the centre: what changed since a till last asked, in the order of commits.

Rows carry the id of the transaction that wrote them; a reader takes what is below the oldest
transaction that is still open, so no commit can slip in behind it.  One call of `read` is one
snapshot: the balances and the terminal's mark in it belong together.

Decisions
---------
2026-11-30  What of several kinds is new comes side by side, a share of each answer for each: with one kind
after the other a new till of a large shop had all its products long before the first barcode, and nobody
could sell.  Only what products cost comes whole before them: a price on its way would be charged wrong.
"""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.ledger.travel import Cursor
from pos_app.log import events
from pos_app.store.engine import pepper, privacy
from pos_app.store.feed.intake import plain_name, travelling
from pos_app.store.master import pins
from pos_app.store.tables.fiscal_tables import fiscal_receipt
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.open_order_table import arrival
from pos_app.store.tables.payment_tables import received_payment
from pos_app.store.tables.projections import CACHED, PROJECTIONS
from pos_app.store.tables.used_code_table import used_code

PAGE_ROWS: Final = 500
MOST_PAGES: Final = 20
#: A picture is up to sixty thousand letters long.
_PAGE_PICTURES: Final = 20
#: What a product costs whom stands before it in the feed, and is all there before the first one comes.
_NEEDS_ALL_BEFORE: Final = "product"
#: So many days back a new till hears which M-Pesa codes are used, where nothing else is set.
CODE_DAYS: Final = 180
_MOST_INT: Final = 2**63 - 1


@dataclass(frozen=True)
class Source:
    """One kind of the feed: the table, its travelling columns as SQL, its key, and who may see it."""

    name: str
    columns: dict[str, str]
    keys: tuple[str, ...]
    #: What a value of each key is; a position is read as these and nothing else.
    key_types: tuple[type, ...]
    scope: str = ""
    #: Which rows a terminal gets that has nothing of this kind yet; it gets the last one in any case, so that
    #: it stands at the end and does not ask for all of them again.
    first: str = ""
    #: Whether the terminal's mark belongs to what is in the rows.
    is_marked: bool = False
    #: So many rows are a page: fewer where a row is long.
    page_rows: int = PAGE_ROWS
    #: Columns that are closed at the centre and travel open: the line is encrypted, the till's file too.
    closed: tuple[tuple[str, privacy.Field], ...] = ()
    #: Columns that are closed for the row's person (see `pepper`), and travel open the same way.
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Rows of one kind between two cursors, in the order of the feed."""

    kind: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    before: Cursor
    after: Cursor


@dataclass(frozen=True)
class Reading:
    """What one snapshot gave: the terminal's mark in it, pages, and whether there is more.

    Every transaction below `horizon` is in it.
    """

    mark: int
    pages: list[tuple[Page, bool]]
    more: bool
    held_back: bool
    horizon: int


#: The PIN hashes of people who cannot sign in at this depot stay at the centre.  Who is of no depot signs in
#: at those that are named for them, and where none is, at all.
_WORKS: Final = (
    "active = 1 AND (depot_id = :depot OR EXISTS (SELECT 1 FROM person_depot AS w"
    " WHERE w.org_id = person.org_id AND w.person_id = person.person_id AND w.depot_id = :depot AND"
    " w.active = 1) OR (depot_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM person_depot AS w WHERE w.org_id = person.org_id"
    " AND w.person_id = person.person_id)))"
)

_SCOPES: Final = {
    "drawer_cash": " AND drawer_id = :drawer",
    "stock_level": (
        # The places of parties have no row (`ledger.stock.location_of`): what customers hold.  What is on its
        # way a till touches when it sends and when it receives: its own part of that alone would be a lie.
        f" AND (location_id >= {PARTY_LOCATIONS} OR location_id IN (SELECT location_id FROM location"
        " WHERE org_id = :org AND (depot_id = :depot OR kind IN ('customer', 'transit'))))"
    ),
}


#: What a terminal gets that has nothing of the kind yet (`Source.first`).
#: 2026-11-21  A paid invoice is a row of zeros, which only tells who knows the invoice that it was paid.  To
#: a terminal of which the centre has no document yet it says as much as no row: with nothing of its own in
#: it, a till's balance is its own documents alone, with a baseline of zero as without one.  A terminal that
#: comes back to a restored centre gets them: some of its own documents may be in them.
_FIRSTS: Final = {"open_invoice": "(:mark > 0 OR amount <> 0 OR base_amount <> 0)"}


def _sources() -> Iterator[Source]:
    for table in MASTER:
        columns = {name: name for name in travelling(table)}
        if table.name == "person":
            columns |= {name: f"CASE WHEN {_WORKS} THEN {name} ELSE '' END" for name in pins.COLUMNS}
        keys = [column for column in table.primary_key if column.name != "org_id"]
        yield Source(
            plain_name(table.name),
            columns,
            tuple(plain_name(key.name) for key in keys),
            tuple(key.type.python_type for key in keys),
            closed=tuple(privacy.OF_TABLE.get(table.name, {}).items()),
            proofs=pins.COLUMNS if table.name == "person" else (),
            page_rows=_PAGE_PICTURES if "picture" in columns else PAGE_ROWS,
        )
    yield Source(
        plain_name(arrival.name),
        {name: name for name in travelling(arrival)},
        ("document_id",),
        (int,),
        scope=" AND depot_id = :depot",
        # What is done is news only to who had it open.
        first="state = 'open'",
        is_marked=True,
        closed=(("body", privacy.ARRIVAL),),
    )
    yield Source(
        plain_name(used_code.name),
        {name: name for name in travelling(used_code)},
        ("document_id", "place"),
        (int, int),
        first="day >= :codes_from",
        closed=(("code", privacy.REFERENCE),),
    )
    yield Source(
        plain_name(received_payment.name),
        {name: name for name in travelling(received_payment)},
        ("payment_id",),
        (int,),
        first="day >= :codes_from",
        closed=(
            ("code", privacy.REFERENCE),
            ("written", privacy.REFERENCE),
            ("phone", privacy.PHONE),
            ("payer", privacy.PAYER),
            ("reference", privacy.PAYER),
        ),
    )
    yield _fiscal_receipts()
    for projection in PROJECTIONS:
        if projection.from_centre:
            names = (*projection.keys, *projection.values)
            table = CACHED[projection.name]
            own = tuple(name for name in projection.keys if name != "org_id")
            yield Source(
                projection.name,
                {name: name for name in names},
                own,
                tuple(table.columns[name].type.python_type for name in own),
                scope=_SCOPES.get(projection.name, ""),
                first=_FIRSTS.get(projection.name, ""),
                is_marked=True,
            )


def _fiscal_receipts() -> Source:
    """What an authority made of the documents of a depot."""
    return Source(
        plain_name(fiscal_receipt.name),
        {name: name for name in travelling(fiscal_receipt)},
        ("document_id", "business_id", "part"),
        (int, int, int),
        scope=" AND depot_id = :depot",
        first="day >= :codes_from",
    )


#: Every kind, parents before children, balances last.
SOURCES: Final = {source.name: source for source in _sources()}


def read(
    connection: Connection,
    org_id: int,
    terminal_no: int,
    cursors: Mapping[str, Cursor],
    *,
    codes_from: int = 0,
) -> Reading:
    """The next pages of every kind in `cursors`, for one terminal.

    A terminal that knows no M-Pesa codes yet gets those from the day `codes_from` (YYYYMMDD) on.
    `connection` must be one repeatable-read snapshot.  Raises `Refused` for a cursor that the
    feed never gave, and where rows are hidden (see `ahead`): the till would take what it got for all.
    """
    row = connection.execute(
        text(
            "SELECT last_seq, depot_id, drawer_id, pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " AS horizon, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next"
            " FROM terminal WHERE org_id = :org AND terminal_no = :terminal"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one()
    scope = {"org": org_id, "depot": row.depot_id, "drawer": row.drawer_id, "horizon": row.horizon}
    scope |= {"mark": row.last_seq, "codes_from": codes_from}
    for name, position in cursors.items():
        _check_not_ahead(position, name, int(row.next), terminal_no)
    pages: list[tuple[Page, bool]] = []
    more = held_back = False
    kinds = tuple(name for name in SOURCES if name in cursors)
    newest = _newest(connection, kinds, scope)
    _check_not_hidden(newest, int(row.next))
    # Of all else the till has all there is.
    news = [SOURCES[kind] for kind in kinds if newest.get(kind, cursors[kind]) != cursors[kind]]
    for place, source in enumerate(news):
        if len(pages) >= MOST_PAGES or (more and source.name == _NEEDS_ALL_BEFORE):
            more = True
            break
        end = newest[source.name]
        share = max(1, (MOST_PAGES - len(pages)) // (len(news) - place))
        found, source_more = _read_source(connection, source, (cursors[source.name], end), scope, share)
        pages += [(page, source.is_marked) for page in found]
        more = more or source_more
        if not held_back and end.stamp >= row.horizon:
            held_back = _is_held_back(connection, source, scope)
    return Reading(int(row.last_seq), pages, more, held_back, int(row.horizon))


def _newest(connection: Connection, kinds: tuple[str, ...], scope: Mapping[str, Any]) -> dict[str, Cursor]:
    """Where the feed of each kind ends for this terminal, in one statement; empty kinds are left out.

    2026-11-20  A thousand tills ask every few seconds and mostly for nothing: with two questions for
    each kind that alone kept a server busy.
    """
    if not kinds:
        return {}
    return {
        found.kind: Cursor(int(found.stamp), json.dumps(json.loads(found.key)))
        for found in connection.execute(_newest_sql(kinds), dict(scope))
    }


@functools.cache
def _newest_sql(kinds: tuple[str, ...]) -> TextClause:
    parts = []
    for source in (SOURCES[kind] for kind in kinds):
        order = ", ".join(f"{name} DESC" for name in ("stamp", *source.keys))
        parts.append(
            f"(SELECT '{source.name}' AS kind, stamp, json_build_array({', '.join(source.keys)})::text AS key"
            f" FROM {source.name} WHERE org_id = :org{source.scope} ORDER BY {order} LIMIT 1)"
        )
    return text(" UNION ALL ".join(parts))


def _read_source(
    connection: Connection,
    source: Source,
    from_to: tuple[Cursor, Cursor],
    scope: Mapping[str, Any],
    most_pages: int,
) -> tuple[list[Page], bool]:
    """What lies after a position; the feed's end is the second."""
    position, end = from_to
    _check_stamp(position.stamp, source)
    order = ", ".join(("stamp", *source.keys))
    bound: dict[str, Any] = {**scope, "stamp": position.stamp, "most": most_pages * source.page_rows + 1}
    here = end if source.first and not position.last_key else position
    if here.last_key:
        keys = _parse_key(here.last_key, source)
        bound |= {f"key{number}": value for number, value in enumerate(keys)}
    marks = ", ".join((":at", *(f":key{number}" for number in range(len(source.keys)))))
    bound["at"] = here.stamp
    if position.last_key:
        after = f"({order}) > ({marks})"
    elif here.last_key:
        after = f"stamp >= :stamp AND ({source.first} OR ({order}) = ({marks}))"
    else:
        after = "stamp >= :stamp"
    columns = ", ".join(f"{sql} AS {name}" for name, sql in source.columns.items())
    found = connection.execute(
        text(
            f"SELECT {columns}, stamp FROM {source.name} WHERE org_id = :org AND stamp < :horizon"
            f" AND {after}{source.scope} ORDER BY {order} LIMIT :most"
        ),
        bound,
    ).all()
    most = most_pages * source.page_rows
    more = len(found) > most
    names = tuple(source.columns)
    rows = _opened(connection, source, names, found, scope["org"])
    places = [names.index(name) for name in source.keys]
    pages = []
    before = position
    for start in range(0, min(len(rows), most), source.page_rows):
        part = rows[start : min(start + source.page_rows, most)]
        last = part[-1]
        after_cursor = Cursor(int(last[-1]), json.dumps([last[place] for place in places]))
        pages.append(Page(source.name, names, [tuple(row[:-1]) for row in part], before, after_cursor))
        before = after_cursor
    return pages, more


def _opened(
    connection: Connection, source: Source, names: tuple[str, ...], rows: Sequence[Any], org_id: int
) -> Sequence[Any]:
    if not (source.closed or source.proofs):
        return rows
    private = privacy.of(connection)
    fields = [(names.index(name), field) for name, field in source.closed]
    opened = [list(row) for row in rows]
    for row in opened:
        for place, field in fields:
            row[place] = private.decrypt_text(org_id, field, row[place])
        for name in source.proofs:
            kept = row[names.index(name)]
            row[names.index(name)] = pepper.reveal(
                connection, org_id, row[names.index("person_id")], name, kept
            )
    return opened


def _is_held_back(connection: Connection, source: Source, scope: Mapping[str, Any]) -> bool:
    """Whether committed rows wait for an older transaction to end."""
    return bool(
        connection.execute(
            text(
                f"SELECT EXISTS (SELECT 1 FROM {source.name}"
                f" WHERE org_id = :org AND stamp >= :horizon{source.scope})"
            ),
            dict(scope),
        ).scalar()
    )


def _check_not_ahead(position: Cursor, kind: str, next_transaction: int, terminal_no: int) -> None:
    """A terminal that heard of a transaction which this database has not begun yet heard of it from a newer
    one: this is a copy of before, put back by hand.  What comes next would slip in below its position.
    """
    source = SOURCES.get(kind)
    if source is not None and position.stamp >= next_transaction:
        events.FEED_BEHIND_TILL.log(terminal_no=terminal_no, kind=kind, stamp=position.stamp)
        raise _never_given(source)


def _check_not_hidden(newest: Mapping[str, Cursor], next_transaction: int) -> None:
    """A row with a stamp that this database has not given yet was brought from another one."""
    for kind, end in newest.items():
        if end.stamp >= next_transaction:
            events.FEED_AHEAD.log(kinds=[kind])
            raise Refused("feed-stamps-ahead", source=kind)


def _check_stamp(stamp: int, source: Source) -> None:
    if not 0 <= stamp <= _MOST_INT:
        raise _never_given(source)


def _parse_key(text_: str, source: Source) -> list[int | str]:
    """The key of a position.  A terminal may send anything: what Postgres would choke on stops here."""
    try:
        keys = json.loads(text_)
    except (ValueError, RecursionError):
        keys = None
    if (
        not isinstance(keys, list)
        or len(keys) != len(source.keys)
        or not all(_is_value(key, type_) for key, type_ in zip(keys, source.key_types, strict=True))
    ):
        raise _never_given(source)
    return keys


def _is_value(value: object, type_: type) -> bool:
    """Whether a column of this type could hold the value."""
    # Not isinstance: to Python true is a number.
    if type(value) is not type_:
        return False
    if isinstance(value, int):
        return -_MOST_INT - 1 <= value <= _MOST_INT
    # Half a surrogate pair is text to JSON and none to Postgres.
    return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in str(value))


def _never_given(source: Source) -> Refused:
    return Refused("feed-position-unknown", source=source.name)


def signs_in_at(connection: Connection, org_id: int, person_id: int, depot_id: int) -> bool:
    """Whether a person's PIN is brought to the tills of a depot."""
    found = connection.execute(
        text(f"SELECT 1 FROM person WHERE org_id = :org AND person_id = :person AND {_WORKS}"),
        {"org": org_id, "person": person_id, "depot": depot_id},
    )
    return found.first() is not None
