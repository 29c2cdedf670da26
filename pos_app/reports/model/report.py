"""A report as a value: what it is of, columns, sections of rows, totals, and whether its figures agree.

Renderers draw it (`table`, `comma_separated`, `workbook`, `report_pdf`, `report_json`) and know nothing of
books; what makes one (`trial_balance`, `ageing`, ...) knows nothing of paper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pos_app.ledger.currency import Currency
from pos_app.reports.model.period import Period

#: A text, an integer (minor units, thousandths, a number, tenths of a per cent), a day, or nothing.
Cell = str | int | date | None


class CellKind(StrEnum):
    """What the cells of a column are; it says how they are written and to which side they lean."""

    TEXT = "text"
    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


class Align(StrEnum):
    """To which side the cells of a column lean."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Column:
    """A column; `currency` is set where its cells are money, in minor units of it.

    `grows` takes what room paper has left; else the widest texts do.
    """

    title: str
    kind: CellKind = CellKind.TEXT
    currency: Currency | None = None
    grows: bool = False

    @property
    def align(self) -> Align:
        """What is counted leans right, what is read leans left."""
        return Align.LEFT if self.kind in (CellKind.TEXT, CellKind.DATE) else Align.RIGHT


def money(title: str, currency: Currency) -> Column:
    """A column of amounts in minor units of a currency."""
    return Column(title, CellKind.MONEY, currency)


class RowKind(StrEnum):
    """What a row is: one of the facts, a heading, a state (opening, closing), or a sum of rows above it."""

    LINE = "line"
    HEADING = "heading"
    BALANCE = "balance"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


class Leads(StrEnum):
    """Where a person finds what makes the figures of a row."""

    DOCUMENT = "document"
    DOCUMENTS = "documents"
    PRODUCT = "product"
    REPORT = "report"
    PAYMENT = "payment"
    PAYMENTS = "payments"


@dataclass(frozen=True)
class Opens:
    """What a row opens into: a page, and what it is asked."""

    to: Leads
    asked: tuple[tuple[str, str], ...]


def opens(to: Leads, asked: Mapping[str, object]) -> Opens:
    """What a row opens into."""
    return Opens(to, tuple((name, str(value)) for name, value in asked.items()))


@dataclass(frozen=True)
class Row:
    """One row, a cell for each column; where there is a page of it, what it `opens` into."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.LINE
    opens: Opens | None = None


@dataclass(frozen=True)
class Section:
    """Rows under the same columns; what sums them up stands among them, at its place."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{len(row.cells)} cells under {len(self.columns)} columns: {row.cells}")


@dataclass(frozen=True)
class Report:
    """A finished report.

    `scope` says of which business it is, `subject` of which account or party where it is of one.
    `sender` are the lines of who sends it to somebody outside: name, address, tax number.
    `notes` explain; `findings` say what does not agree, and make a report that is printed all the same.
    """

    name: str
    title: str
    organisation: str
    scope: str
    period: Period
    sections: tuple[Section, ...]
    subject: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every check that the report makes of itself holds."""
        return not self.findings


def heading(text: str, width: int) -> Row:
    """A row that names what follows, in the first of `width` columns."""
    return Row((text, *(None for _ in range(width - 1))), RowKind.HEADING)


def summed(
    rows: Iterable[Row],
    label: tuple[Cell, ...],
    kind: RowKind = RowKind.TOTAL,
    *,
    without: frozenset[int] = frozenset(),
) -> Row:
    """The sum of the lines among `rows` in every column after the label's.

    A column whose places are in `without`, or that holds texts, stays empty.
    """
    lines = [row.cells for row in rows if row.kind is RowKind.LINE]
    width = len(lines[0]) if lines else len(label)
    sums: list[Cell] = []
    for place in range(len(label), width):
        cells = [cells[place] for cells in lines]
        numbers = [cell for cell in cells if isinstance(cell, int)]
        sums.append(sum(numbers) if numbers and place not in without else None)
    return Row((*label, *sums), kind)
