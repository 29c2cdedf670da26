"""Reading files of rows as people send them: CSV in any common encoding and separator, or a workbook (XLSX).

Nothing is read whole: a row is bounded, and a file of any length needs the memory of one row.  What
cannot be a row comes out as one with a reason, so that whoever imports can say which and go on.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from pos_app.files.day_notation import DayOrder, WrittenDay, order_of, plain_day
from pos_app.files.identifiers import IDENTIFIERS, unspoilt
from pos_app.files.number_notation import Mark, Written, notation_of, plain_number
from pos_app.files.xlsx_file import Workbook
from pos_app.language import said
from pos_app.ledger.errors import Refused, Unavailable

#: Longer lines and rows over more lines than this are no rows of ours.
MOST_LINE_CHARACTERS: Final = 65_536
_MOST_LINES_IN_A_ROW: Final = 50
_SEPARATORS: Final = (",", ";", "\t")
_LOOK_BYTES: Final = 65_536
#: In every file that we read, a column of one of these names holds numbers; they are handed on with a decimal
#: point and nothing between thousands, however the file writes them.
NUMBERS: Final = frozenset(
    "quantity price unit_price discount amount cost debit credit rate credit_limit"
    " subtotal tax tax_total total minimum target".split()
)
#: And in one of these names days; they are handed on as 2026-11-30.
DAYS: Final = frozenset(("date", "value_date", "due", "occurred_at", "valid_from"))
#: What a spreadsheet puts before the header to say what separates the cells.
_SAYS_SEPARATOR: Final = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_THREE_DECIMALS: Final = re.compile(r"-?[0-9]+[.][0-9]{3}")
#: What a column is called that a person leaves out: no column of ours, and no heading.
_LEFT_OUT: Final = "\x00"
#: Spaces that do not break: a name that holds one is not found by who types it.
_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007", " "))


#: What other files begin with, and what they are.
_OTHERS: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"<!doctype", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"<?xml", "XML"),
)


@dataclass(frozen=True)
class Chosen:
    """How a person says that a file is to be read; what is not said, the file must tell.

    `fields` are ours, one for each of its columns, empty for one that is left out.
    """

    fields: tuple[str, ...] | None = None
    mark: Mark | None = None
    order: DayOrder | None = None
    sheet: str = ""


AS_IT_SAYS: Final = Chosen()


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: `line_no` is where it begins (the header is 1); `reason` says why it is none.

    Beside a reason, `values` holds what could be read all the same: whose row it is.
    """

    line_no: int
    values: dict[str, str]
    reason: str = ""


@dataclass
class _Mended:
    """The first of a column's identifiers that were not as they were meant, and how many there are."""

    line_no: int
    was: str
    now: str
    count: int = 0


@dataclass
class CsvFile:
    """A file whose header was read; `notes` says what was taken for what and what is ignored."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    wanted: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    #: How its numbers and its days are written; None where nothing in it tells.
    mark: Mark | None = None
    order: DayOrder | None = None
    #: The header as it stands in the file.
    headings: tuple[str, ...] = ()

    def rows(self) -> Iterator[CsvRow]:
        """The rows below the header.  Can be asked for again: the file is read from its beginning.

        At its end `notes` says which identifiers were mended.
        """
        mended: dict[str, _Mended] = {}
        for line_no, cells, reason in self._below_the_header():
            yield self._row(line_no, cells, reason, mended)
        for column, one in mended.items():
            note = said(
                "identifiers-mended",
                count=one.count,
                column=column,
                was=one.was,
                now=one.now,
                row=one.line_no,
            )
            if note not in self.notes:
                self.notes.append(note)

    def numbers(self) -> Iterator[Written]:
        """Every number as it stands in the file."""
        places = [place for place, name in enumerate(self.header) if name in NUMBERS and name in self.wanted]
        for line_no, cells, _ in self._below_the_header() if places else ():
            yield from (Written(cells[place], line_no) for place in places if place < len(cells))

    def days(self) -> Iterator[WrittenDay]:
        """Every day as it stands in the file."""
        places = [place for place, name in enumerate(self.header) if name in DAYS and name in self.wanted]
        for line_no, cells, _ in self._below_the_header() if places else ():
            yield from (WrittenDay(cells[place], line_no) for place in places if place < len(cells))

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header as they stand there, with their numbers."""
        for line_no, cells, _ in self._below_the_header():
            yield line_no, cells

    def _below_the_header(self) -> Iterator[tuple[int, list[str], str]]:
        with _text(self.path, self.encoding) as handle:
            records = _records(handle, self.separator)
            for _, cells, _ in records:
                if not _is_separator_line(self.separator.join(cells)):
                    break
            yield from records

    def _row(self, line_no: int, cells: list[str], reason: str, mended: dict[str, "_Mended"]) -> CsvRow:
        if reason:
            return CsvRow(line_no, {}, reason)
        cells = [cell.translate(_SPACES).strip() for cell in cells]
        while len(cells) > len(self.header) and not cells[-1]:
            cells.pop()
        values = {name: cell for name, cell in zip(self.header, cells, strict=False) if name in self.wanted}
        if len(cells) != len(self.header):
            return CsvRow(
                line_no, values, said("csv-fields-not-the-header", count=len(cells), wanted=len(self.header))
            )
        if any("\x00" in cell for cell in values.values()):
            return CsvRow(line_no, values, said("csv-nul-bytes"))
        try:
            values |= {name: plain_number(values[name], self.mark) for name in NUMBERS & values.keys()}
            values |= {name: plain_day(values[name], self.order) for name in DAYS & values.keys()}
            for name in IDENTIFIERS.keys() & values.keys():
                was = values[name]
                values[name], is_mended = unspoilt(was, IDENTIFIERS[name])
                if is_mended:
                    one = mended.setdefault(name, _Mended(line_no, was[:40], values[name][:40]))
                    one.count += 1
        except Refused as error:
            return CsvRow(line_no, values, error.said)
        return CsvRow(line_no, {name: values.get(name, "") for name in self.wanted})


@dataclass
class BookFile(CsvFile):
    """The first sheet of a workbook, read as if it were such a file; its numbers have their digits."""

    book: Workbook = field(kw_only=True)

    def rows(self) -> Iterator[CsvRow]:
        """At their end `notes` says which cells hold formulas, too."""
        yield from super().rows()
        if self.book.formulas:
            first = ", ".join(self.book.formulas.first)
            note = said("xlsx-formulas-taken", many=self.book.formulas.count, cells=first)
            if note not in self.notes:
                self.notes.append(note)

    def _below_the_header(self) -> Iterator[tuple[int, list[str], str]]:
        places = {place for place, name in enumerate(self.header) if name in NUMBERS}
        rows = self.book.rows()
        next(rows, None)
        for row in rows:
            cells = row.cells + [""] * (len(self.header) - len(row.cells))
            for place in places & row.numbers:
                # What is a number in the book is no text that could be read two ways.
                cells[place] += "0" * (_THREE_DECIMALS.fullmatch(cells[place]) is not None)
            yield row.line_no, cells, row.reason


def open_csv(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    *,
    rare: Sequence[str] = (),
    chosen: Chosen = AS_IT_SAYS,
) -> CsvFile:
    """Read the header of a file that must have the `required` columns, in any order.

    That it has none of the `rare` ones is nothing to tell.

    Raises `Refused` when it is no such file (naming the columns that are missing or doubled) and
    `Unavailable` when it cannot be read.
    """
    wanted = (*required, *optional, *rare)
    found = look_at(path, wanted, chosen.sheet)
    if chosen.fields is not None:
        if len(chosen.fields) != len(found.header):
            raise Refused("csv-columns-changed", file=path.name)
        found.header = tuple(field or _LEFT_OUT for field in chosen.fields)
    header = found.header
    missing = [name for name in required if name not in header]
    if missing:
        raise Refused("csv-column-missing", file=path.name, missing=_list(missing), wanted=", ".join(wanted))
    doubled = [name for name in dict.fromkeys(header) if name in wanted and header.count(name) > 1]
    if doubled:
        raise Refused("csv-column-twice", file=path.name, doubled=_list(doubled))
    found.notes += _notes(found, optional)
    found.mark = chosen.mark or notation_of(found.numbers(), separator=found.separator)
    found.order = chosen.order or order_of(found.days())
    if found.mark is Mark.COMMA:
        found.notes.append(said("csv-decimal-comma"))
    return found


def look_at(path: Path, wanted: Sequence[str] = (), sheet: str = "") -> CsvFile:
    """A file with its header as it stands, whatever its columns are; of a workbook the sheet of this name.

    Raises as `open_csv`.
    """
    try:
        with path.open("rb") as raw:
            first = raw.read(_LOOK_BYTES)
    except OSError as error:
        raise Unavailable("file-unreadable", file=path, why=error.strerror) from error
    if not first.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise Refused("csv-empty", file=path.name)
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("csv-is-spreadsheet", file=path.name)
    start = first[:200].removeprefix(codecs.BOM_UTF8).lstrip()
    for begin, what in _OTHERS:
        if start.startswith(begin) or (begin[:1] == b"<" and start.lower().startswith(begin)):
            raise Refused("csv-is-other", file=path.name, what=what)
    if first.startswith(b"PK\x03\x04"):
        return _book(path, tuple(wanted), sheet)
    return _texts(path, first, tuple(wanted))


def _texts(path: Path, first: bytes, wanted: tuple[str, ...]) -> CsvFile:
    encoding = _encoding(path, first)
    with _text(path, encoding) as handle:
        separator, names = _header(handle, wanted)
    header = tuple(_plain(name) for name in names)
    return CsvFile(path, encoding, separator, header, wanted, headings=tuple(map(_clean, names)))


def _book(path: Path, wanted: tuple[str, ...], sheet: str) -> CsvFile:
    book = Workbook(path, sheet)
    head = next(book.rows(), None)
    if head is None:
        raise Refused("csv-empty", file=path.name)
    if head.reason:
        raise Refused(head.reason)
    header = tuple(_plain(name) for name in head.cells)
    found = BookFile(path, "", "", header, wanted, headings=tuple(map(_clean, head.cells)), book=book)
    if len(book.sheets) > 1 and not sheet:
        found.notes.append(said("xlsx-sheets", sheet=book.sheet, many=len(book.sheets)))
    if book.has_macros:
        found.notes.append(said("xlsx-macros"))
    return found


def _notes(file: CsvFile, optional: Sequence[str]) -> list[str]:
    notes: list[str] = []
    if file.encoding == "cp1252":
        notes.append(said("csv-windows-1252"))
    names = (
        heading if name == _LEFT_OUT else name
        for name, heading in zip(file.header, file.headings, strict=True)
    )
    further = [name for name in dict.fromkeys(names) if name not in file.wanted]
    if further:
        notes.append(said("csv-columns-ignored", columns=", ".join(name or "–" for name in further)[:300]))
    absent = [name for name in optional if name not in file.header]
    if absent:
        notes.append(said("csv-columns-absent", columns=", ".join(absent)))
    return notes


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


# --- bytes to text ----------------------------------------------------------------------------------


def _encoding(path: Path, first: bytes) -> str:
    """By its mark, by its NUL bytes, or whether all of it is UTF-8; else Windows-1252."""
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = max(len(first) // 2, 1)
    # Latin text in UTF-16 without a mark is zero in every second byte.
    if first[1::2].count(0) > half * 0.6 and first[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if first[0::2].count(0) > half * 0.6 and first[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as raw:
            while piece := raw.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _text(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, errors="replace", newline=None)


# --- text to records --------------------------------------------------------------------------------


def _header(handle: IO[str], wanted: Sequence[str]) -> tuple[str, list[str]]:
    """The separator under which the first line names the most of our columns, and those names."""
    line = handle.readline(MOST_LINE_CHARACTERS)
    separators: tuple[str, ...] = _SEPARATORS
    while line and (not line.strip(" \t\r\n,;") or _is_separator_line(line)):
        said = _SAYS_SEPARATOR.fullmatch(line)
        separators = (said[1],) if said is not None else separators
        line = handle.readline(MOST_LINE_CHARACTERS)
    best: tuple[str, list[str]] = (separators[0], [])
    most = (-1, 0)
    for separator in separators:
        names = next(csv.reader([line], delimiter=separator), [])
        while names and not _plain(names[-1]):
            names.pop()
        # Where none of them is ours, what parts the line into most.
        known = sum(_plain(name) in wanted for name in names), len(names)
        if known > most:
            best, most = (separator, names), known
    return best


def _is_separator_line(line: str) -> bool:
    """Whether a line is a spreadsheet's word on what separates the cells, and no header."""
    return _SAYS_SEPARATOR.fullmatch(line) is not None


def _clean(name: str) -> str:
    return " ".join(name.strip().strip("\ufeff\x00").split())[:60]


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff\x00").strip().lower().replace(" ", "_")[:60]


def _records(handle: IO[str], separator: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells and (for what is no record) the reason; blank lines are left out."""
    lines = _Lines(handle)
    for line_no, line in lines:
        if line is None:
            yield line_no, [], said("csv-line-too-long")
        elif '"' not in line:
            if line.strip(" \t" + separator):
                yield line_no, line.split(separator), ""
        else:
            cells, reason = _quoted(lines, line, separator)
            yield line_no, cells, reason


def _quoted(lines: "_Lines", line: str, separator: str) -> tuple[list[str], str]:
    """A record with quotes, which may go on over the next lines; one that never ends is only its first."""
    taken = [line]
    while True:
        try:
            return next(csv.reader(["\n".join(taken) + "\n"], delimiter=separator, strict=True)), ""
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                lines.give_back(taken[1:])
                return [], said("csv-quotes-misplaced")
        more = lines.take()
        if more is not None:
            taken.append(more)
        if more is None or len(taken) > _MOST_LINES_IN_A_ROW or sum(map(len, taken)) > MOST_LINE_CHARACTERS:
            lines.give_back(taken[1:])
            return [], said("csv-quote-unclosed")


class _Lines:
    """Lines with their numbers, bounded in length (None: too long), that can be given back."""

    def __init__(self, handle: IO[str]) -> None:
        self._handle = handle
        self._again: list[str] = []
        self._line_no = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> tuple[int, str | None]:
        self._line_no += 1
        if self._again:
            return self._line_no, self._again.pop()
        line = self._handle.readline(MOST_LINE_CHARACTERS)
        if not line:
            raise StopIteration
        if line.endswith("\n") or len(line) < MOST_LINE_CHARACTERS:
            return self._line_no, line.rstrip("\n")
        while line and not line.endswith("\n"):
            line = self._handle.readline(MOST_LINE_CHARACTERS)
        return self._line_no, None

    def take(self) -> str | None:
        """One more line of the same record; None at the end of the file and before a line too long."""
        try:
            _, line = next(self)
        except StopIteration:
            self._line_no -= 1
            return None
        return line

    def give_back(self, lines: list[str]) -> None:
        """Read these lines again as rows of their own."""
        self._again.extend(reversed(lines))
        self._line_no -= len(lines)
