"""What this till asked the centre for, and what stands in for it here until the answer comes.

Until then the till sells by rows of its own in the tables that the feed fills: a customer without credit, a
product at the price that was typed, a list of prices of this depot that ends at midnight.  So everything that
finds, prices and prints finds them as any other.  Their stamp says that they are ours.

Decisions
---------
2026-11-30  The rows stand in the feed's own tables, under the key that the centre will use (`ledger.asking`).
When it accepts, its row comes under the same key and takes their place, stamp and all.  What still has our
stamp when the answer is there was not confirmed (a barcode that is another product's, the list of a day) and
goes.  A row of ours counts only while its request waits: everything else that the centre does not know is
somebody's edit, whatever stamp it has (`upkeep.comparison`).

2026-11-30  A request is sent with each greeting until it is answered, so that a centre that was put back from
a backup hears of it again; sent twice it is the same.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Table, text

from pos_app.language import Sentence, said
from pos_app.ledger.asking import (
    MOST,
    MOST_BODY,
    MOST_US,
    Content,
    CustomerAsked,
    PriceAsked,
    ProductAsked,
    Request,
    State,
    is_of_till,
)
from pos_app.ledger.document import Document, kind_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.payment_asking import KIND
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import signing
from pos_app.store.engine.engine import quick
from pos_app.store.tables import master
from pos_app.store.tables.local import request_out

#: The stamp of a row that stands in for what was asked for; the feed writes 0.
OURS: Final = -2
#: Somebody else's hand may have been in the file: what no request can be is passed over.
_KNOWN: Final = (
    "SELECT request_no, kind, person_id, at_us, body, signature FROM request_out WHERE org_id = ?"
    f" AND request_no BETWEEN 1 AND {MOST} AND length(body) <= {MOST_BODY}"
    f" AND at_us BETWEEN 0 AND {MOST_US} AND person_id >= 0"
)

#: What leaves nothing open with whom it names, unless a tender does.
_FOR_CASH: Final = frozenset({"sale", "refund", "reversal"})

Row = dict[str, Any]


class Asked(NamedTuple):
    """A request of this till with its answer: `state` None is not heard of yet, `code` what it is now."""

    request: Request
    state: State | None
    code: str
    said: Sentence | None


def next_no(connection: Connection, who: Terminal) -> int:
    """The number of the next request: above all that were asked here, or answered to this till."""
    found = connection.execute(
        text(
            "SELECT coalesce(max(request_no), 0) + 1 FROM (SELECT request_no FROM request_out"
            " WHERE org_id = :org UNION ALL SELECT request_no FROM request_answer"
            " WHERE org_id = :org AND terminal_no = :terminal)"
        ),
        {"org": who.org_id, "terminal": who.terminal_no},
    )
    return int(found.scalar_one())


def put(connection: Connection, who: Terminal, request: Request, content: Content, at_depot: int) -> None:
    """Keep a request, signed, and lay what stands in for it, in the caller's transaction."""
    put_plain(connection, who, request)
    lay(connection, who.org_id, content, request.at_us, at_depot)


def put_plain(connection: Connection, who: Terminal, request: Request) -> None:
    """Keep a request, signed, for which nothing stands in."""
    signer = signing.of(connection.engine)
    signature = b"" if signer is None else signer.sign(request.signed_text(who.org_id))
    told = request._asdict() | {"signature": signature}
    del told["terminal_no"]
    connection.execute(request_out.insert().values(org_id=who.org_id, **told))


def lay(connection: Connection, org_id: int, content: Content, at_us: int, depot_id: int) -> None:
    """Put the rows that stand in for a request where none is."""
    for table, row in rows_of(content, at_us, depot_id):
        told = {"org_id": org_id, **row, "stamp": OURS}
        names = ", ".join(told)
        connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({', '.join('?' for _ in told)})",
            tuple(told.values()),
        )


def rows_of(content: Content, at_us: int, depot_id: int) -> list[tuple[Table, Row]]:
    """What stands in for a request: its rows without organisation and stamp."""
    match content:
        case CustomerAsked():
            return [
                (
                    master.party,
                    {
                        "party_id": content.key,
                        "code": content.code,
                        "name": content.name,
                        "phone": content.phone,
                    },
                ),
                (master.party_role, {"party_id": content.key, "role": PartyRole.CUSTOMER.value}),
            ]
        case ProductAsked():
            row = msgspec.structs.asdict(content)
            row["product_id"], barcode = row.pop("key"), row.pop("barcode")
            found: list[tuple[Table, Row]] = [(master.product, row)]
            if barcode:
                found.append((master.product_barcode, {"barcode": barcode, "product_id": content.key}))
            return found
        case PriceAsked():
            return _rows_of_price(content, at_us, depot_id)


def _rows_of_price(content: PriceAsked, at_us: int, depot_id: int) -> list[tuple[Table, Row]]:
    span = {"valid_from_us": at_us, "valid_to_us": content.until_us}
    return [
        (master.price_list, {"price_list_id": content.key, "code": f"~{content.key}", "name": "~"}),
        (
            master.price_list_scope,
            {
                "scope_id": content.key,
                "price_list_id": content.key,
                "kind": ScopeKind.DEPOT.value,
                "of_id": depot_id,
                **span,
            },
        ),
        (
            master.price_list_item,
            {
                "item_id": content.key,
                "price_list_id": content.key,
                "product_id": content.product_id,
                "price": content.price,
                "price_fine": content.price_fine,
                **span,
            },
        ),
    ]


def waiting(connection: Connection, who: Terminal) -> list[Request]:
    """What the centre has not decided yet, oldest first."""
    # The daemon asks at every look, several times a second.
    rows = quick(
        connection,
        f"{_KNOWN} AND NOT EXISTS (SELECT 1 FROM request_answer AS a WHERE a.org_id = request_out.org_id"
        " AND a.terminal_no = ? AND a.request_no = request_out.request_no AND a.state <> ?)"
        " ORDER BY request_no",
        who.org_id,
        who.terminal_no,
        State.WAITING.value,
    )
    return [_request(who, row) for row in rows.fetchall()]


def of_kind(connection: Connection, who: Terminal, kind: str) -> list[Request]:
    """What waits of one kind, oldest first."""
    return [one for one in waiting(connection, who) if one.kind == kind]


def answer_to(connection: Connection, who: Terminal, request_no: int) -> Asked | None:
    """A request of this till with its answer; None where there is none of the number."""
    return next(
        (one for one in listed(connection, who, kind="") if one.request.request_no == request_no), None
    )


def open_count(connection: Connection, who: Terminal) -> int:
    """How many the centre has not decided yet."""
    rows = connection.exec_driver_sql(
        "SELECT count(*) FROM request_out AS o LEFT JOIN request_answer AS a ON a.org_id = o.org_id"
        " AND a.terminal_no = ? AND a.request_no = o.request_no"
        " WHERE o.org_id = ? AND coalesce(a.state, ?) = ?",
        (who.terminal_no, who.org_id, State.WAITING.value, State.WAITING.value),
    )
    return int(rows.scalar_one())


def _request(who: Terminal, row: Any) -> Request:
    return Request(who.terminal_no, int(row[0]), row[1], int(row[2]), int(row[3]), row[4], row[5])


def listed(connection: Connection, who: Terminal, most: int = 200, kind: str = KIND) -> list[Asked]:
    """The requests of this till with their answers, the newest first, but for those of a kind."""
    rows = connection.exec_driver_sql(
        "SELECT o.request_no, o.kind, o.person_id, o.at_us, o.body, o.signature, a.state, a.code, a.said"
        " FROM request_out AS o LEFT JOIN request_answer AS a ON a.org_id = o.org_id AND a.terminal_no = ?"
        " AND a.request_no = o.request_no WHERE o.org_id = ? AND o.kind <> ?"
        " ORDER BY o.request_no DESC LIMIT ?",
        (who.terminal_no, who.org_id, kind, most),
    )
    return [
        Asked(
            _request(who, row),
            None if row[6] is None else state_of(row[6]),
            row[7] or "",
            sentence_of(row[8] or ""),
        )
        for row in rows
    ]


def state_of(kept: str) -> State:
    """A state as an answer keeps it; one of a newer version is none that we could obey."""
    try:
        return State(kept)
    except ValueError:
        return State.WAITING


def sentence_of(kept: str) -> Sentence | None:
    """A sentence as an answer keeps it: its code and facts as JSON; None where nothing is said."""
    if not kept:
        return None
    try:
        code, facts = msgspec.json.decode(kept, type=tuple[str, dict[str, int | str]])
    except msgspec.DecodeError:
        return None
    return said(code, **facts)


def kept_sentence(sentence: Sentence) -> str:
    """The same for the way."""
    facts = {name: value if type(value) is int else str(value) for name, value in sentence.facts.items()}
    return msgspec.json.encode((sentence.code, facts)).decode()


def keep_up(connection: Connection, who: Terminal, depot_id: int) -> None:
    """Obey answers that came, and lay again what stands in for requests that wait, after each pull."""
    open_ = waiting(connection, who)
    for one in open_:
        content = readable(one)
        if content is not None:
            lay(connection, who.org_id, content, one.at_us, depot_id)
    numbers = [one.request_no for one in open_]
    marks = ", ".join("?" for _ in numbers)
    # A centre that was put back answers once more, and is obeyed once more.
    connection.exec_driver_sql(
        f"UPDATE request_out SET settled = 0 WHERE org_id = ? AND settled = 1 AND request_no IN ({marks})",
        (who.org_id, *numbers),
    )
    answered = connection.exec_driver_sql(
        f"{_KNOWN} AND settled = 0 AND request_no NOT IN ({marks})", (who.org_id, *numbers)
    ).all()
    for row in answered:
        request = _request(who, row)
        content = readable(request)
        for table, keys in () if content is None else _keyed(content, request.at_us, depot_id):
            where = " AND ".join(f"{name} = ?" for name in keys)
            connection.exec_driver_sql(
                f"DELETE FROM {table.name} WHERE org_id = ? AND stamp = ? AND {where}",
                (who.org_id, OURS, *keys.values()),
            )
        connection.exec_driver_sql(
            "UPDATE request_out SET settled = 1 WHERE org_id = ? AND request_no = ?",
            (who.org_id, request.request_no),
        )


def _keyed(content: Content, at_us: int, depot_id: int) -> Iterator[tuple[Table, Row]]:
    """The tables and keys of the rows of a request, children first."""
    for table, row in reversed(rows_of(content, at_us, depot_id)):
        yield (
            table,
            {column.name: row[column.name] for column in table.primary_key if column.name != "org_id"},
        )


def ours(connection: Connection, who: Terminal, kind: str) -> set[tuple[Any, ...]]:
    """The keys of rows of a table that stand in for what waits: the centre cannot know them."""
    return {
        (who.org_id, *keys.values())
        for one in waiting(connection, who)
        if (content := readable(one)) is not None
        for table, keys in _keyed(content, one.at_us, 0)
        if table.name == kind
    }


def is_waiting(connection: Connection, who: Terminal, key: int) -> bool:
    """Whether this customer or product is one that the centre has not answered for yet."""
    contents = (readable(one) for one in waiting(connection, who))
    return any(one is not None and one.key == key for one in contents)


def readable(request: Request) -> Content | None:
    """What a request says; None where it says nothing that could be read."""
    try:
        return request.content()
    except Refused:
        return None


def is_open(connection: Connection, who: Terminal) -> bool:
    """Whether there is a request that was not answered, or whose answer was not obeyed yet."""
    found = quick(
        connection,
        "SELECT 1 FROM request_out AS o LEFT JOIN request_answer AS a ON a.org_id = o.org_id"
        " AND a.terminal_no = ? AND a.request_no = o.request_no"
        " WHERE o.org_id = ? AND (o.settled = 0 OR a.state IS NULL) LIMIT 1",
        who.terminal_no,
        who.org_id,
    )
    return found.fetchone() is not None


def refuse_on_account(connection: Connection, who: Terminal, document: Document) -> None:
    """Raise `Refused` for what would stand on the account, or lie at the place, of a customer whom the centre
    has not answered for: they may turn out to be somebody who is known already.
    """
    party_id = getattr(document, "party_id", None)
    if party_id is None or not is_of_till(party_id):
        return
    lends = bool(getattr(document, "returnables", ()))
    owes = any(one.kind is TenderKind.ACCOUNT for one in getattr(document, "tenders", ()))
    if kind_of(document) in _FOR_CASH and not lends and not owes:
        return
    if is_waiting(connection, who, party_id):
        raise Refused("customer-not-answered")
