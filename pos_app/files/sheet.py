"""What a file of a noun says, declared once: its columns, how each cell is read and how it is written.

    sheet.read(row, told)     a row of a file as what the store takes
    sheet.write(record)       the cells of what the store keeps, in the order of the columns

Both directions come from one declaration, so that what is exported and imported again changes nothing.

Decisions
---------
2026-11-30  A column that the file has not says nothing (None); an empty cell asks for the default, and so
does `-`, for who wants to see that it was meant.  What is written is never such a cell where the default is
something else than what is kept.

2026-11-30  A text that a spreadsheet would take for a formula is written with an apostrophe before it, and
read without: a name that begins with `=` opens as a name, and comes back as it was.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pos_app.files.csv_file import CsvRow
from pos_app.ledger.errors import Refused

#: An empty cell that is meant.
NOTHING: Final = "-"
MOST_CODE: Final = 64
MOST_NAME: Final = 200
MOST_ADDRESS: Final = 200
_YES: Final = frozenset(("yes", "y", "true", "1", "ndiyo", "active"))
_NO: Final = frozenset(("no", "n", "false", "0", "hapana", "inactive"))
#: What a spreadsheet takes for the beginning of a formula, and the sign that says that it is none.
_FORMULA: Final = ("=", "+", "-", "@", "'")

Row = TypeVar("Row")


class Cells(NamedTuple):
    """A row as its columns are read: where it stands and what it tells, by column."""

    line_no: int
    told: Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One column: `field` is what the store calls it.  `rare`: that a file has it not is nothing to tell."""

    name: str
    field: str
    read: Callable[[str, Cells], Any]
    write: Callable[[Any], str] = str
    rare: bool = False


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """The columns of a noun; the first is its code, without which a row is none.  `make` takes the line's
    number and the fields that were told.
    """

    make: Callable[..., Row]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(one.name for one in self.columns)

    def optional(self, *, rare: bool) -> tuple[str, ...]:
        """The columns beside the code: those that files usually have, or the rare ones."""
        return tuple(one.name for one in self.columns[1:] if one.rare is rare)

    def read(self, row: CsvRow, told: Collection[str]) -> Row:
        """A row of a file that has the columns `told`.  Raises `Refused` for a cell that cannot be."""
        cells = Cells(row.line_no, {name: row.values[name] for name in row.values if name in told})
        return self.make(
            row.line_no,
            **{
                one.field: one.read(cells.told[one.name], cells)
                for one in self.columns
                if one.name in cells.told
            },
        )

    def write(self, record: object) -> list[str]:
        """The cells of what the store keeps."""
        return [one.write(getattr(record, one.field)) for one in self.columns]


# --- how cells are read and written ---------------------------------------------------------------------


def needed(what: str, most: int) -> Callable[[str, Cells], str]:
    """A text that must be there, of at most so many letters."""
    return lambda cell, _: short(what, plain(cell), most)


def optional(what: str, most: int = MOST_CODE) -> Callable[[str, Cells], str]:
    """A text that may be empty."""
    return lambda cell, _: "" if cell == NOTHING else short(what, plain(cell), most, is_needed=False)


def several_lines(what: str, most: int) -> Callable[[str, Cells], str]:
    """A text of several lines that may be empty: they are parted by a bar, or as the cell has them."""

    def read(cell: str, _: Cells) -> str:
        if cell == NOTHING:
            return ""
        lines = [line.strip() for line in re.split(r"[|\r\n]", plain(cell))]
        found = "\n".join(short(what, line, most) for line in lines if line)
        if len(found) > most:
            raise Refused("value-too-long", what=what, most=most)
        return found

    return read


def one_line(text: str) -> str:
    """A text of several lines as it is written."""
    return shown(" | ".join(text.splitlines()))


def yes_or_no(column: str, default: int) -> Callable[[str, Cells], int]:
    """1 or 0, by any of the words that people write."""

    def read(cell: str, _: Cells) -> int:
        word = cell.lower()
        if word in ("", NOTHING):
            return default
        if word not in _YES | _NO:
            raise Refused("import-neither-yes-nor-no", text=cell[:20], column=column)
        return int(word in _YES)

    return read


def yes(flag: int) -> str:
    """A flag as it is written."""
    return "yes" if flag else "no"


def shown(text: str) -> str:
    """A text as it is written: what looks like a formula, or like an empty cell that is meant, is marked."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(cell: str) -> str:
    """A text as it was meant."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def of_any_case(cell: str, codes: Collection[str]) -> str | None:
    """The code that is spelt like this, else the one that is alike but for its case."""
    if cell in codes:
        return cell
    alike = sorted(code for code in codes if code.casefold() == cell.casefold())
    return alike[0] if alike else None


def short(what: str, text: str, most: int, *, is_needed: bool = True) -> str:
    """A text that can be printed on one line.  Raises `Refused`."""
    if is_needed and not text:
        raise Refused("value-missing", what=what)
    if len(text) > most:
        raise Refused("value-too-long", what=what, most=most)
    if not text.isprintable():
        raise Refused("value-unprintable", what=what)
    return text
