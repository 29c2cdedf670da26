"""What the documents of one stretch of a terminal come to: the figures of an X or a Z, on either side.

A stretch is a run of sequences (see `store.documents.stretches`).  All is read from what was recorded: the
same question gives the same figures years later, but for names and categories, which are those of now.
"""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Sale, document_key
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.quantity import ONE
from pos_app.ledger.tax import NO_SALE
from pos_app.store.engine import privacy
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, moment, run


class Stretched(NamedTuple):
    """Whose documents, from which sequence to which, both included."""

    org_id: int
    terminal_no: int
    first_seq: int
    last_seq: int


class Part(NamedTuple):
    """How many of something there were, and what they come to in minor units of the base currency.

    Amounts count as sales do: what came back is negative.
    """

    name: str
    times: int
    amount: int


class TaxPart(NamedTuple):
    """Goods of one tax code at one rate (in hundredths of a per cent): net and tax, in minor units."""

    code: str
    rate_bp: int
    net: int
    tax: int


class TenderPart(NamedTuple):
    """Money of one kind: what was taken, and what went back (negative), change among it, in minor units."""

    kind: str
    times: int
    taken: int
    back: int


class Approved(NamedTuple):
    """A document that somebody else approved: its series and number, who made it, and who approved it."""

    series: str
    number: int
    person: str
    approver: str


class Numbered(NamedTuple):
    """The first and the last printed number of a series."""

    series: str
    first: int
    last: int


@dataclass(frozen=True)
class ShiftFigures:
    """The figures of a stretch.  `kinds` are documents by kind, voids among them.

    `discounts` are lines with something off and how much (negative where it came back); `no_sale` is what was
    taken for deposits and vouchers.  `overrides` are lines of receipts sold at another price than the list's,
    and how much less that was (negative: more).  `missing` are sequences that no document has: there must be
    none.
    """

    documents: int
    missing: int
    numbers: tuple[Numbered, ...]
    kinds: tuple[Part, ...]
    taxes: tuple[TaxPart, ...]
    businesses: tuple[Part, ...]
    categories: tuple[Part, ...]
    cashiers: tuple[Part, ...]
    hours: tuple[Part, ...]
    tenders: tuple[TenderPart, ...]
    discounts: Part
    no_sale: Part
    rounding: int
    overrides: Part
    approved: tuple[Approved, ...] = field(default=())

    def of_kind(self, kind: str) -> Part:
        """How many documents of a kind there were, and their total."""
        return next((part for part in self.kinds if part.name == kind), Part(kind, 0, 0))


class _Row(NamedTuple):
    """One document as the figures are made of it."""

    kind: str
    #: What it sells or takes back: a void is of the kind of what it voids.
    of_kind: str
    series: str
    number: int
    hour: int
    person: str
    approver: str | None
    total: int
    rounding: int


def of_stretch(connection: Connection, stretched: Stretched, time_zone: str) -> ShiftFigures:
    """The figures of a stretch; its hours by the clock of `time_zone`."""
    rows = _documents(connection, stretched, ZoneInfo(time_zone))
    low, high = stretched.first_seq, stretched.last_seq
    sold = [row for row in rows if row.of_kind in SOLD]
    return ShiftFigures(
        documents=len(rows),
        missing=max(high - low + 1, 0) - len(rows),
        numbers=_numbers(rows),
        kinds=_summed((row.kind, row.total) for row in rows),
        taxes=_taxes(connection, stretched),
        businesses=_lines_by(connection, stretched, _BUSINESS),
        categories=_lines_by(connection, stretched, _CATEGORY),
        cashiers=_summed((row.person, row.total) for row in sold),
        hours=_summed((f"{row.hour:02d}", row.total) for row in sold),
        tenders=_tenders(connection, stretched),
        discounts=_off(connection, stretched),
        no_sale=_not_sold(connection, stretched),
        rounding=sum(row.rounding for row in rows),
        overrides=_overridden(connection, stretched),
        approved=tuple(
            Approved(row.series, row.number, row.person, row.approver)
            for row in rows
            if row.approver is not None
        ),
    )


def _bound(stretched: Stretched, **more: Any) -> dict[str, Any]:
    return {
        "org": stretched.org_id,
        "low": document_key(stretched.terminal_no, stretched.first_seq),
        "high": document_key(stretched.terminal_no, stretched.last_seq),
        **more,
    }


_RANGE: Final = "d.org_id = :org AND d.document_id >= :low AND d.document_id <= :high"


def _documents(connection: Connection, stretched: Stretched, zone: ZoneInfo) -> list[_Row]:
    rows = run(
        connection,
        f"SELECT d.kind, {KIND}, d.series, d.number, d.occurred_at, p.name, a.name, d.approver_id, d.total,"
        f" d.rounding, d.rate_micro, d.person_id FROM document AS d{JOIN_REVERSED}"
        " LEFT JOIN person AS p ON p.org_id = d.org_id AND p.person_id = d.person_id"
        " LEFT JOIN person AS a ON a.org_id = d.org_id AND a.person_id = d.approver_id"
        f" WHERE {_RANGE} ORDER BY d.document_id",
        _bound(stretched),
    )
    return [
        _Row(
            str(row[0]),
            str(row[1]),
            str(row[2]),
            int(row[3]),
            moment(row[4]).astimezone(zone).hour,
            row[5] or str(row[11]),
            None if row[7] is None else row[6] or str(row[7]),
            worth_of(int(row[8]), int(row[10])),
            worth_of(int(row[9]), int(row[10])),
        )
        for row in rows
    ]


def _numbers(rows: list[_Row]) -> tuple[Numbered, ...]:
    """The numbers of what goes out of the house by kind: a gap in them would be seen between two Zs."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        first, _last = found.get(row.series, (row.number, row.number))
        found[row.series] = (first, row.number)
    return tuple(Numbered(series, *found[series]) for series in sorted(found))


def _summed(pairs: Any) -> tuple[Part, ...]:
    """How many there are of each name, and their sum, by name."""
    found: dict[str, tuple[int, int]] = {}
    for name, amount in pairs:
        times, total = found.get(name, (0, 0))
        found[name] = (times + 1, total + amount)
    return tuple(Part(name, *found[name]) for name in sorted(found))


_SOLD_LINES: Final = (
    f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
    "{join}"
    f" WHERE l.org_id = :org AND l.document_id >= :low AND l.document_id <= :high AND {KIND} IN :sold"
)
_IS_SALE: Final = " AND l.tax_code NOT IN :no_sale"


def _taxes(connection: Connection, stretched: Stretched) -> tuple[TaxPart, ...]:
    rows = run(
        connection,
        "SELECT l.tax_code, l.tax_rate_bp, d.rate_micro, SUM(l.net), SUM(l.tax)"
        f"{_SOLD_LINES.format(join='')}{_IS_SALE} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        _bound(stretched, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for code, rate_bp, rate, net, tax in rows:
        nets, taxes = found.get((code, int(rate_bp)), (0, 0))
        worth = worth_of(int(net), int(rate)), worth_of(int(tax), int(rate))
        found[code, int(rate_bp)] = (nets + worth[0], taxes + worth[1])
    return tuple(TaxPart(*key, *found[key]) for key in sorted(found))


#: By what lines are told apart: the name, and the table that has it.
_BUSINESS: Final = (
    "coalesce(b.name, '')",
    " LEFT JOIN business AS b ON b.org_id = l.org_id AND b.business_id = l.business_id",
)
_CATEGORY: Final = (
    "coalesce(p.category, '')",
    " LEFT JOIN product AS p ON p.org_id = l.org_id AND p.product_id = l.product_id",
)


def _lines_by(connection: Connection, stretched: Stretched, by: tuple[str, str]) -> tuple[Part, ...]:
    """What was sold, tax included, and in how many lines, by business or category."""
    name, join = by
    rows = run(
        connection,
        f"SELECT {name}, d.rate_micro, COUNT(*), SUM(l.net + l.tax)"
        f"{_SOLD_LINES.format(join=join)}{_IS_SALE} GROUP BY 1, 2 ORDER BY 1, 2",
        _bound(stretched, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    found: dict[str, tuple[int, int]] = {}
    for called, rate, times, amount in rows:
        before = found.get(called, (0, 0))
        found[called] = (before[0] + int(times), before[1] + worth_of(int(amount), int(rate)))
    return tuple(Part(called, *found[called]) for called in sorted(found))


def _off(connection: Connection, stretched: Stretched) -> Part:
    rows = run(
        connection,
        "SELECT d.rate_micro, COUNT(*), SUM(l.discount)"
        f"{_SOLD_LINES.format(join='')} AND l.discount <> 0 GROUP BY 1",
        _bound(stretched, sold=SOLD),
    )
    return Part("", sum(int(row[1]) for row in rows), sum(worth_of(int(row[2]), int(row[0])) for row in rows))


def _not_sold(connection: Connection, stretched: Stretched) -> Part:
    rows = run(
        connection,
        "SELECT d.rate_micro, COUNT(*), SUM(l.net)"
        f"{_SOLD_LINES.format(join='')} AND l.tax_code IN :no_sale GROUP BY 1",
        _bound(stretched, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    return Part("", sum(int(row[1]) for row in rows), sum(worth_of(int(row[2]), int(row[0])) for row in rows))


def _overridden(connection: Connection, stretched: Stretched) -> Part:
    """What the list said is in the document alone: only those that name another price are read whole."""
    private, times, less = privacy.of(connection), 0, 0
    for (body,) in run(
        connection,
        f"SELECT d.body FROM document AS d WHERE {_RANGE} AND d.kind = 'sale' ORDER BY d.document_id",
        _bound(stretched),
    ):
        plain = private.decrypt_bytes(stretched.org_id, bytes(body))
        if b'"list_price":' not in plain:
            continue
        sale = canonical.decode(plain)
        if not isinstance(sale, Sale):
            continue
        for line in sale.lines:
            if line.list_price is not None and line.list_price != line.unit_price:
                off = divide_half_up((line.list_price - line.unit_price) * line.quantity, ONE)
                times, less = times + 1, less + worth_of(off, sale.rate_micro)
    return Part("", times, less)


def _tenders(connection: Connection, stretched: Stretched) -> tuple[TenderPart, ...]:
    """Money by kind, of whatever document took it or gave it out."""
    rows = run(
        connection,
        "SELECT l.kind, d.rate_micro, SUM(CASE WHEN l.is_change = 0 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END),"
        " SUM(CASE WHEN l.amount < 0 THEN l.amount ELSE 0 END)"
        f" FROM tender AS l{JOIN_DOCUMENT}"
        " WHERE l.org_id = :org AND l.document_id >= :low AND l.document_id <= :high GROUP BY 1, 2",
        _bound(stretched),
    )
    found: dict[str, tuple[int, int, int]] = {}
    for kind, rate, times, taken, back in rows:
        was = found.get(kind, (0, 0, 0))
        worth = worth_of(int(taken), int(rate)), worth_of(int(back), int(rate))
        found[kind] = (was[0] + int(times), was[1] + worth[0], was[2] + worth[1])
    return tuple(TenderPart(kind, *found[kind]) for kind in sorted(found))
