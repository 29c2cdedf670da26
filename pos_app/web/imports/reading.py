"""What a file says of itself before it is tried: its columns with examples, and what may be read two ways."""

import contextlib
import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.files.column_names import guessed
from pos_app.files.csv_file import Chosen, CsvFile, look_at
from pos_app.files.day_notation import DayOrder, plain_day
from pos_app.files.number_notation import Mark, plain_number
from pos_app.files.xlsx_file import Workbook
from pos_app.ledger.errors import Refused
from pos_app.office.bringing import kinds
from pos_app.office.bringing.kinds import File
from pos_app.office.bringing.outcome import Outcome
from pos_app.office.office import Office

_EXAMPLES: Final = 3
_LOOKED_AT: Final = 20
SHOWN: Final = 10


class Column(NamedTuple):
    """A column of a file: what it is headed, some of what stands in it, and which field of ours it may be."""

    heading: str
    examples: list[str]
    field: str


class Readings(NamedTuple):
    """Something that may be read two ways: the first such, its row, and both readings."""

    text: str
    row: int
    first: str
    second: str


def columns(path_file: File, fields: Sequence[str]) -> tuple[list[Column], list[str]]:
    """The columns of a file with what was said of them, or what they may be; and the names of its sheets.

    Raises `Refused` for what is no such file.
    """
    found = look_at(path_file.path, fields, path_file.chosen.sheet)
    rows = [cells for _, cells in itertools.islice(found.cells(), _LOOKED_AT)]
    said = path_file.chosen.fields
    taken = said if said is not None and len(said) == len(found.headings) else None
    every = taken or guessed(found.headings, fields)
    made = []
    for place, (heading, field) in enumerate(zip(found.headings, every, strict=True)):
        texts = [cells[place].strip()[:40] for cells in rows if place < len(cells) and cells[place].strip()]
        made.append(Column(heading, list(dict.fromkeys(texts))[:_EXAMPLES], field))
    sheets = Workbook(path_file.path).sheets if found.separator == "" else []
    return made, sheets


def two_ways(source: CsvFile) -> tuple[Readings | None, Readings | None]:
    """The first number and the first day of an opened file that nothing in it decides."""
    return _number(source), _day(source)


def _number(source: CsvFile) -> Readings | None:
    for one in source.numbers() if source.mark is None else ():
        try:
            plain_number(one.text, None)
        except Refused:
            readings = [plain_number(one.text, mark) for mark in Mark]
            return Readings(one.text.strip()[:40], one.line_no, *readings)
    return None


def _day(source: CsvFile) -> Readings | None:
    for one in source.days() if source.order is None else ():
        try:
            plain_day(one.text, None)
        except Refused:
            readings = [plain_day(one.text, order) for order in DayOrder]
            return Readings(one.text.strip()[:40], one.line_no, *readings)
    return None


def understood(source: CsvFile, outcome: Outcome) -> list[tuple[int, list[str], str]]:
    """The first rows as they are read: number, cells by the columns that are ours, and why refused."""
    refused = {one.row: one.reason for one in outcome.refused}
    ours = [name for name in source.header if name in source.wanted]
    found = []
    for row in itertools.islice(source.rows(), SHOWN):
        found.append((row.line_no, [row.values.get(name, "") for name in ours], refused.get(row.line_no, "")))
    return found


def doubtful(office: Office, kind: str, file: File) -> tuple[Readings | None, Readings | None]:
    """The same of a file whose columns are matched as they are proposed; nothing of one that cannot be."""
    with contextlib.suppress(Refused):
        return two_ways(kinds.opened(office, kind, file))
    return None, None


def chosen(fields: Sequence[str], mark: str, order: str, sheet: str) -> Chosen:
    """What a person said, as the reader takes it."""
    return Chosen(
        tuple(fields) if fields else None,
        Mark(mark) if mark in set(Mark) else None,
        DayOrder(order) if order in set(DayOrder) else None,
        sheet,
    )
