"""Reports that are hard to draw: long names, large sums, texts that look like commands, odd currencies."""

from datetime import UTC, date
from typing import Final

from pos_app.ledger.currency import currency
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Report,
    Row,
    RowKind,
    Section,
    heading,
    money,
    summed,
)

KES, UGX, KWD = currency("KES"), currency("UGX"), currency("KWD")
LONG: Final = (
    "Wambui wa Kamau & Daughters General Hardware, Gas and Water Refilling Cooperative Society Limited"
    " (Kilimani, Ngong Road)"
)
WORD: Final = "Donaudampfschifffahrtsgesellschaft" * 4
COMMANDS: Final = ("=1+1", "+254712000501", "-5 Stars", "@SUM(A1)", '=HYPERLINK("http://x")')
#: The largest amount that a document may have, a hundred thousand times.
LARGEST: Final = 10**14 * 10


def report(sections: tuple[Section, ...], **changes: object) -> Report:
    """A report of November with these sections."""
    fields: dict[str, object] = {
        "name": "sample",
        "title": "Sample",
        "organisation": "Bohari Depots",
        "scope": "All businesses",
        "period": Period(date(2026, 11, 1), date(2026, 11, 30), UTC),
        "sections": sections,
    }
    return Report(**(fields | changes))  # type: ignore[arg-type]


def ledger(count: int, name: str = LONG) -> Section:
    """Many rows with dates, texts, quantities and amounts, and their total."""
    columns = (
        Column("Date", CellKind.DATE),
        Column("Document"),
        Column("Party"),
        Column("Quantity", CellKind.QUANTITY),
        Column("Count", CellKind.NUMBER),
        money("Debit", KES),
        money("Balance", KES),
    )
    rows: list[Row] = [heading("Everything", len(columns))]
    for place in range(count):
        texts: tuple[Cell, ...] = (f"K3-S{place:06d}", name if place % 5 == 0 else COMMANDS[place % 5])
        numbers: tuple[Cell, ...] = (1_250 * place, place, None if place % 2 else -place, LARGEST - place)
        rows.append(Row((date(2026, 11, 1 + place % 30), *texts, *numbers)))
    rows.append(summed(rows, (None, "Total", ""), RowKind.TOTAL))
    return Section("", columns, tuple(rows))


def currencies() -> Section:
    """The same minor units in currencies of two, no and three decimals."""
    columns = (Column("What"), money("KES", KES), money("UGX", UGX), money("KWD", KWD))
    return Section(
        "Currencies", columns, (Row(("One", 123_456, 123_456, -123_456)), Row(("None", 0, None, 0)))
    )
