"""Valuation of stock at the centre: what went out by moving average, in documents of the centre's own chain.

A turn takes the documents above its marks (`valuation_mark`) in the order in which they were recorded, works
out what their moves cost (`ledger.moving_average`), and writes the `StockValuation` documents, the marks and
the stock that they leave (`valued_stock`) in one transaction: killed in between, nothing happened, and run
again it finds nothing to do.

What a document says of cost itself (a receipt, a counted opening stock, a landed cost) it posts itself; here
only the rest of its moves is valued, so that a transfer, an empty bottle lent out, or a receipt is worth
nothing new.

Decisions
---------
2026-11-21  The order among terminals is that of `recorded_at`, within a terminal that of its chain.  What
comes late (its till was offline) is valued when it comes, at the average of that moment: a valuation is
never made again, because what it posted is sealed.

2026-11-21  A valuation is dated like the last document that it values, one for each month and business: the
cost stands in the month of its sales.  When that period is locked it is dated now.

2026-11-21  The terminal's row of the centre is locked while a turn works, no till's: ingest goes on.  What
ingest takes meanwhile lies above the marks that were read, and the next turn takes it.

2026-11-21  The business of a move is that of the goods line which moved it; a count or an adjustment has
none, there it is the business that sells the product.

2026-11-21  A valuation that is voided puts its cost back, and what it valued is valued again at once.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.chart import AccountRole, Chart
from pos_app.ledger.clock import Clock
from pos_app.ledger.day import day_of
from pos_app.ledger.document import (
    SERVER_TERMINAL_NO,
    TYPES,
    Document,
    StockValuation,
    document_key,
    split_key,
)
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN, HeadFields
from pos_app.ledger.making.stock import stock_valuation
from pos_app.ledger.moving_average import Valued, moved, received
from pos_app.ledger.request import new_request
from pos_app.ledger.stock import ValuationCause, ValuedLine
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.master import periods, place
from pos_app.store.upkeep import mending

#: Documents of one turn: a second's work, and little to do again after a kill.
CHUNK_DOCUMENTS: Final = 2_000
#: Lines of one valuation document.
_MOST_LINES: Final = 500
_LOCK: Final = 24

_CONTRA: Final = {
    ValuationCause.SALE: AccountRole.COST_OF_GOODS,
    ValuationCause.REVALUATION: AccountRole.COST_OF_GOODS,
    ValuationCause.LOSS: AccountRole.STOCK_LOSS,
    ValuationCause.FOUND: AccountRole.STOCK_GAIN,
}


class _Key(NamedTuple):
    business_id: int
    product_id: int


class _Taken(NamedTuple):
    """One document to be valued; `kind` is the voided one's for a void, and `sign` -1 then."""

    document_id: int
    kind: str
    sign: int
    occurred_at: datetime
    is_ours: bool


class _Centre(NamedTuple):
    """As what the centre writes its documents."""

    depot_id: int
    currency: str
    time_zone: str
    person_id: int
    chart: Chart


@dataclass
class _Turn:
    """What one turn found and worked out."""

    centre: _Centre = field(init=False)
    taken: list[_Taken] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)
    stock: dict[_Key, Valued] = field(default_factory=dict)
    #: Month (YYYYMM, local), business, product, cause: quantity and value that went out.
    lines: dict[tuple[int, int, int, ValuationCause], list[int]] = field(default_factory=dict)
    dated: dict[tuple[int, int], datetime] = field(default_factory=dict)

    def add(self, taken: _Taken, key: _Key, cause: ValuationCause, quantity: int, change: int) -> None:
        """The stock of a product changed by `quantity` and `change`; what goes out has the other sign."""
        month = day_of(taken.occurred_at, self.centre.time_zone) // 100
        sums = self.lines.setdefault((month, *key, cause), [0, 0])
        sums[0] -= quantity
        sums[1] -= change
        group, at = (month, key.business_id), taken.occurred_at
        self.dated[group] = max(at, self.dated.get(group, at))


@dataclass(frozen=True)
class Outcome:
    """What a run did: documents looked at, valuation documents made."""

    documents: int = 0
    valuations: int = 0


class Valuation:
    """Values the stock of one organisation; at the centre only."""

    def __init__(
        self, database: Database, clock: Clock, org_id: int, *, chunk_documents: int = CHUNK_DOCUMENTS
    ) -> None:
        self._database = mending.as_owner(database)
        self._clock = clock
        self._org_id = org_id
        self._most = chunk_documents

    def run(self, progress: Callable[[int], None] = lambda done: None) -> Outcome:
        """Turn after turn until nothing waits.

        Raises `Refused` when an account that is needed is not in the chart; what was valued stays.
        """
        documents = valuations = 0
        while True:
            looked_at, made = self.turn()
            documents, valuations = documents + looked_at, valuations + made
            progress(documents)
            if not looked_at:
                return Outcome(documents, valuations)

    def turn(self) -> tuple[int, int]:
        """Value one chunk; gives how many documents were looked at and how many were made."""
        turn = _Turn()
        journal = CentreJournal(self._database, self._org_id, SERVER_TERMINAL_NO, self._clock)

        def build(connection: Connection) -> list[Document]:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:kind, :org)"),
                {"kind": _LOCK, "org": self._org_id % 2**31},
            )
            _choose(connection, self._org_id, self._most, turn)
            if turn.taken:
                _work_out(connection, self._org_id, turn)
            return list(self._documents(connection, turn))

        def keep(connection: Connection, sealed: Sequence[Sealed]) -> None:
            _keep(connection, self._org_id, turn)

        made = journal.record_all(new_request(), build, keep)
        return len(turn.taken), len(made)

    def _documents(self, connection: Connection, turn: _Turn) -> Iterator[StockValuation]:
        groups: dict[tuple[int, int], list[ValuedLine]] = {}
        for (month, business, product, cause), (quantity, value) in sorted(turn.lines.items()):
            if quantity or value:
                line = _line(turn.centre, _Key(business, product), cause, quantity, value)
                groups.setdefault((month, business), []).append(line)
        if not groups:
            return
        now, locks = self._clock.now(), periods.locked_through(connection, self._org_id)
        for (month, business), lines in groups.items():
            at = min(turn.dated[month, business], now)
            last_locked = max(locks.get(None, 0), locks.get(business, 0))
            for start in range(0, len(lines), _MOST_LINES):
                head: HeadFields = {
                    "org_id": self._org_id,
                    "request_id": new_request(),
                    "occurred_at": now if day_of(at, turn.centre.time_zone) <= last_locked else at,
                    "recorded_at": now,
                    "person_id": turn.centre.person_id,
                    "approver_id": None,
                    "business_id": business,
                    "depot_id": turn.centre.depot_id,
                    "shift": None,
                    "currency": turn.centre.currency,
                    "rate_micro": RATE_ONE,
                    "note": "",
                }
                yield stock_valuation(head, lines[start : start + _MOST_LINES])


def _line(centre: _Centre, key: _Key, cause: ValuationCause, quantity: int, value: int) -> ValuedLine:
    return ValuedLine(
        business_id=key.business_id,
        product_id=key.product_id,
        quantity=quantity,
        value=value,
        cause=cause,
        inventory_account=centre.chart.account(AccountRole.INVENTORY, key.business_id),
        contra_account=centre.chart.account(_CONTRA[cause], key.business_id),
    )


def _centre(connection: Connection, org_id: int) -> _Centre:
    """Under whose name the centre writes: of the person who was there first, the owner."""
    row = connection.execute(
        text(
            "SELECT t.depot_id, o.base_currency, o.time_zone,"
            " (SELECT min(person_id) FROM person AS p WHERE p.org_id = o.org_id)"
            " FROM organisation AS o JOIN terminal AS t ON t.org_id = o.org_id"
            " WHERE o.org_id = :org AND t.terminal_no = :terminal"
        ),
        {"org": org_id, "terminal": SERVER_TERMINAL_NO},
    ).one()
    return _Centre(int(row[0]), str(row[1]), str(row[2]), int(row[3] or 0), place.chart(connection, org_id))


# --- which documents ------------------------------------------------------------------------------------


def waiting(connection: Connection, org_id: int) -> int:
    """How many sequences lie above the marks (documents, and gaps of the quarantine)."""
    return sum(last - mark for _, mark, last in _open(connection, org_id))


def _open(connection: Connection, org_id: int) -> list[tuple[int, int, int]]:
    """Each terminal with documents above its mark: its number, the mark, its last sequence."""
    rows = connection.execute(
        text(
            "SELECT t.terminal_no, coalesce(m.mark, 0), t.last_seq FROM terminal AS t"
            " LEFT JOIN valuation_mark AS m ON m.org_id = t.org_id AND m.terminal_no = t.terminal_no"
            " WHERE t.org_id = :org AND t.last_seq > coalesce(m.mark, 0) ORDER BY t.terminal_no"
        ),
        {"org": org_id},
    )
    return [(int(row[0]), int(row[1]), int(row[2])) for row in rows]


_HEADS: Final = (
    "SELECT d.document_id, coalesce(o.kind, d.kind), d.reverses_id IS NOT NULL, d.occurred_at,"
    " d.kind = 'stock_valuation', d.recorded_at FROM {source} JOIN document AS d"
    " ON d.org_id = :org AND {range} LEFT JOIN document AS o"
    " ON o.org_id = d.org_id AND o.document_id = d.reverses_id {order}"
)


def _choose(connection: Connection, org_id: int, most: int, turn: _Turn) -> None:
    """At most `most` documents, merged by `recorded_at`, of each terminal without leaving one out."""
    late = connection.execute(text(_LATE), {"org": org_id, "most": most}).all()
    turn.taken = [_taken(row) for row in late]
    opened = _open(connection, org_id)
    share = max(20, 4 * most // max(len(opened), 1))
    queues: dict[int, list[Any]] = {}
    for terminal_no, mark, last in opened:
        rows = connection.execute(
            text(_HEADS.format(source="(SELECT 1) AS one", range=_RANGE, order=_ORDER)),
            {
                "org": org_id,
                "low": document_key(terminal_no, mark),
                "high": document_key(terminal_no, last),
                "most": share,
            },
        ).all()
        queues[terminal_no] = list(reversed(rows))
        if len(rows) < share:
            # Nothing between its last document and the mark's goal but what lies in quarantine.
            turn.marks[terminal_no] = last
    _merge(queues, {number: last for number, _, last in opened}, most, turn)


_RANGE: Final = "d.document_id > :low AND d.document_id <= :high"
_ORDER: Final = "ORDER BY d.document_id LIMIT :most"
_LATE: Final = _HEADS.format(
    source="late_document AS l JOIN valuation_mark AS m ON m.org_id = l.org_id"
    f" AND m.terminal_no = l.document_id >> {SEQUENCE_BITS}"
    f" AND l.document_id & {TERMINAL_SPAN - 1} <= m.mark",
    range="l.org_id = :org AND d.document_id = l.document_id AND NOT EXISTS (SELECT 1 FROM valued_late AS v"
    " WHERE v.org_id = l.org_id AND v.document_id = l.document_id)",
    order="ORDER BY d.recorded_at, d.document_id LIMIT :most",
)


def _merge(queues: dict[int, list[Any]], last: dict[int, int], most: int, turn: _Turn) -> None:
    whole = dict(turn.marks)
    turn.marks = {number: end for number, end in whole.items() if not queues[number]}
    heads = [(rows[-1].recorded_at, number) for number, rows in queues.items() if rows]
    heapq.heapify(heads)
    while heads and len(turn.taken) < most:
        _, number = heapq.heappop(heads)
        row = queues[number].pop()
        turn.taken.append(_taken(row))
        turn.marks[number] = split_key(int(row[0]))[1]
        if queues[number]:
            heapq.heappush(heads, (queues[number][-1].recorded_at, number))
        elif number in whole:
            turn.marks[number] = last[number]
        else:
            # There is more of this terminal, and nobody has looked at when: the rest is the next turn's.
            return


def _taken(row: Any) -> _Taken:
    return _Taken(int(row[0]), str(row[1]), -1 if row[2] else 1, row[3], bool(row[4]))


# --- what they cost -------------------------------------------------------------------------------------


def _work_out(connection: Connection, org_id: int, turn: _Turn) -> None:
    turn.centre = _centre(connection, org_id)
    chosen = [one for one in turn.taken if not one.is_ours]
    ids = [one.document_id for one in chosen]
    if not ids:
        return
    costs, rests = _costs(connection, org_id, ids), _rests(connection, org_id, ids)
    keys = {_Key(*row[:2]) for rows in costs.values() for row in rows}
    keys |= {_Key(*row[:2]) for rows in rests.values() for row in rows}
    turn.stock = _stock(connection, org_id, keys)
    sold = {one.kind for one in TYPES if one.sells}
    for one in chosen:
        for business, product, quantity, value in costs.get(one.document_id, ()):
            key = _Key(business, product)
            turn.stock[key], revaluation = received(turn.stock[key], quantity, value)
            if revaluation:
                turn.add(one, key, ValuationCause.REVALUATION, 0, revaluation)
        for business, product, quantity in rests.get(one.document_id, ()):
            key = _Key(business, product)
            turn.stock[key], change = moved(turn.stock[key], quantity)
            cause = ValuationCause.FOUND if quantity * one.sign > 0 else ValuationCause.LOSS
            if one.kind in sold:
                cause = ValuationCause.SALE
            turn.add(one, key, cause, quantity, change)


def _costs(connection: Connection, org_id: int, ids: list[int]) -> dict[int, list[tuple[int, int, int, int]]]:
    """Business, product, quantity and value of every cost line, by document."""
    rows = connection.execute(
        text(
            "SELECT document_id, business_id, product_id, quantity, value FROM cost_line"
            " WHERE org_id = :org AND document_id = ANY (:ids) ORDER BY document_id, cost_no"
        ),
        {"org": org_id, "ids": ids},
    )
    found: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in rows:
        found.setdefault(int(row[0]), []).append((int(row[1]), int(row[2]), int(row[3]), int(row[4])))
    return found


#: What a document moved of a product beyond what its own cost lines say.
_REST: Final = """
WITH rests AS (
  SELECT document_id, product_id, sum(quantity) AS quantity, min(business_id) AS business_id FROM (
    SELECT document_id, product_id, quantity, NULL::bigint AS business_id FROM stock_move
    WHERE org_id = :org AND document_id = ANY (:ids)
    UNION ALL SELECT document_id, product_id, -quantity, business_id FROM cost_line
    WHERE org_id = :org AND document_id = ANY (:ids)
  ) AS parts GROUP BY document_id, product_id HAVING sum(quantity) <> 0
), lines AS (
  SELECT document_id, product_id, min(business_id) AS business_id FROM document_line
  WHERE org_id = :org AND document_id = ANY (:ids) AND product_id IS NOT NULL GROUP BY document_id, product_id
)
SELECT r.document_id, coalesce(r.business_id, l.business_id, p.business_id), r.product_id, r.quantity
FROM rests AS r LEFT JOIN lines AS l ON l.document_id = r.document_id AND l.product_id = r.product_id
LEFT JOIN product AS p ON p.org_id = :org AND p.product_id = r.product_id
ORDER BY r.document_id, r.product_id
"""


def _rests(connection: Connection, org_id: int, ids: list[int]) -> dict[int, list[tuple[int, int, int]]]:
    """Business, product and quantity of what is left to be valued, by document.

    A product that is in no catalogue belongs to no business and has no value.
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    for row in connection.execute(text(_REST), {"org": org_id, "ids": ids}):
        if row[1] is not None:
            found.setdefault(int(row[0]), []).append((int(row[1]), int(row[2]), int(row[3])))
    return found


def _stock(connection: Connection, org_id: int, keys: set[_Key]) -> dict[_Key, Valued]:
    ordered = sorted(keys)
    rows = connection.execute(
        text(
            "SELECT v.business_id, v.product_id, v.quantity, v.value, v.average_value, v.average_quantity"
            " FROM valued_stock AS v JOIN unnest(CAST(:businesses AS bigint[]), CAST(:products AS bigint[]))"
            " AS k (business_id, product_id) USING (business_id, product_id) WHERE v.org_id = :org"
        ),
        {
            "org": org_id,
            "businesses": [key.business_id for key in ordered],
            "products": [key.product_id for key in ordered],
        },
    )
    known = {_Key(int(row[0]), int(row[1])): Valued(*map(int, row[2:])) for row in rows}
    return {key: known.get(key, Valued()) for key in ordered}


# --- keeping --------------------------------------------------------------------------------------------


def _keep(connection: Connection, org_id: int, turn: _Turn) -> None:
    """The marks, the stock and the late documents of a turn, in the transaction of its documents."""
    if turn.marks:
        connection.execute(
            text(
                "INSERT INTO valuation_mark (org_id, terminal_no, mark) VALUES (:org, :terminal, :mark)"
                " ON CONFLICT (org_id, terminal_no) DO UPDATE SET mark = excluded.mark"
            ),
            [{"org": org_id, "terminal": number, "mark": mark} for number, mark in turn.marks.items()],
        )
    if turn.taken:
        connection.execute(
            text(
                "INSERT INTO valued_late (org_id, document_id) SELECT org_id, document_id FROM late_document"
                " WHERE org_id = :org AND document_id = ANY (:ids) ON CONFLICT DO NOTHING"
            ),
            {"org": org_id, "ids": [one.document_id for one in turn.taken]},
        )
    if turn.stock:
        connection.execute(
            text(
                "INSERT INTO valued_stock (org_id, business_id, product_id, quantity, value, average_value,"
                " average_quantity) VALUES (:org, :business, :product, :quantity, :value, :of_value,"
                " :of_quantity) ON CONFLICT (org_id, business_id, product_id) DO UPDATE SET"
                " quantity = excluded.quantity, value = excluded.value,"
                " average_value = excluded.average_value, average_quantity = excluded.average_quantity"
            ),
            [
                {"org": org_id, "business": key.business_id, "product": key.product_id, **stock._asdict()}
                for key, stock in turn.stock.items()
            ],
        )
