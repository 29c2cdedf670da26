"""Reading a sheet of an XLSX workbook as people send them: a row at a time, as texts, nothing read whole.

A workbook is a ZIP of XML (ECMA-376, part 1, 18.3 and 18.4): a table of shared texts, a table of styles, and
a file for each sheet.  Rows that hold nothing cost the reading of their tags; what is in a cell comes out as
the text that a file of CSV would have in its place.

Decisions
---------
2026-11-30  Read here and not by a library: openpyxl in its streaming mode tells nothing of merged cells, and
reads either formulas or what they came to.  Both must be told apart: a cell below a merged one is empty and
would ask for the default, and a formula that nobody ever reckoned would do the same.

2026-11-30  Numbers are taken as they are written, digit by digit, and never become a float; one with an
exponent is written out.  A number that is shown as a day is a day, so that a code which a spreadsheet took
for one is refused and not brought in as a number.

2026-11-30  The first sheet counts.  Which one a person had in front when they saved is chance.

2026-12-01  The first that is not hidden: what is hidden holds values for other sheets to choose from.  Who
brings a file may name another one, hidden or not.

2026-12-01  A formula counts as what it last came to, and which cells hold one is told.  What packs a hundred-
fold is a list with many empty rows; what packs by more, and is large, was made to fill a disk.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from pos_app.files.doctype import declares
from pos_app.language import said
from pos_app.ledger.errors import Refused, Unavailable

#: What the texts of a workbook may take in memory, and one of its files on the disk when it is unpacked.
_MOST_SHARED: Final = 64 << 20
_MOST_UNPACKED: Final = 1 << 30
_MOST_COLUMNS: Final = 256
#: A part that is larger than this and was packed by more than so many times is no list that anybody wrote.
_LARGE: Final = 32 << 20
_MOST_PACKED: Final = 400
#: So many cells with formulas are named.
_NAMED: Final = 3
_DOCUMENT: Final = b"application/vnd.oasis.opendocument"
#: The formats of days that every program knows by number (18.8.30).
_DAYS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DAY_LETTERS: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
#: What stands in a format beside its letters: texts, colours, conditions, letters that mean themselves.
_BESIDE: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BARE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: What comes out of a workbook that is torn, closed with a password, or none at all.
_DAMAGE: Final = (
    KeyError, EOFError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error,
    ElementTree.ParseError, expat.ExpatError,
)  # fmt: skip
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]+)")
#: Day 0 of a workbook, such that day 60, the 29th of February 1900 that never was, is passed over.
_DAY_ZERO: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)


class XlsxRow(NamedTuple):
    """A row that holds anything: its number as the spreadsheet shows it, its cells, and why it is none.

    `numbers` are the places of the cells that hold numbers, and not texts that look like some.
    """

    line_no: int
    cells: list[str]
    numbers: frozenset[int]
    reason: str = ""


@dataclass
class Formulas:
    """The cells that hold formulas with what they came to: how many, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, cell: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < _NAMED:
            self.first.append(cell)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.count)


class Workbook:
    """An open workbook at one of its sheets.

    Raises `Refused` for what is none and a sheet that it has not, `Unavailable` for what cannot be read.
    """

    def __init__(self, path: Path, sheet: str = "") -> None:
        self._path = path
        #: The names of its sheets, those that are hidden too, and the one that is read.
        self.sheets: list[str] = []
        self.sheet = sheet
        #: Of the last reading of its rows.
        self.formulas = Formulas()
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise Unavailable("file-unreadable", file=path, why=error.strerror) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Refused("xlsx-damaged", file=path.name) from error
        self._refuse_others()
        #: Whether it holds a program, which nobody runs here.
        self.has_macros = any(name.endswith("vbaProject.bin") for name in self._zip.namelist())
        self._sheet, self._shared_name, styles, is_1904 = self._parts()
        self._days = self._day_styles(styles)
        self._day_zero = _DAY_ZERO_1904 if is_1904 else _DAY_ZERO
        self._texts = self._shared()
        self._merged: dict[int, str] | None = None

    def rows(self) -> Iterator[XlsxRow]:
        """Every row of the first sheet that holds anything, from the top.  Can be asked for again."""
        if self._merged is None:
            self._merged = self._merged_rows()
        self.formulas = Formulas()
        following = 1
        for _, element in self._elements(self._sheet, "row"):
            line_no = _int(element.get("r")) or following
            following = line_no + 1
            row = self._row(element, line_no, self._merged.get(line_no, ""))
            if row is not None:
                yield row

    # --- what there is ------------------------------------------------------------------------------

    def _refuse_others(self) -> None:
        names = self._zip.namelist()
        if "xl/workbook.bin" in names:
            raise Refused("csv-is-other", file=self._path.name, what="XLSB")
        if "mimetype" in names:
            try:
                with self._zip.open("mimetype") as handle:
                    is_document = handle.read(len(_DOCUMENT)) == _DOCUMENT
            except _DAMAGE as error:
                raise Refused("xlsx-damaged", file=self._path.name) from error
            if is_document:
                raise Refused("csv-is-other", file=self._path.name, what="ODS")
        if "word/document.xml" in names:
            raise Refused("csv-is-other", file=self._path.name, what="DOCX")

    def _parts(self) -> tuple[str, str, str, bool]:
        """The names of the sheet's file, of the shared texts and of the styles; whether days count from
        1904.
        """
        links: dict[str, tuple[str, str]] = {}
        for _, one in self._elements("xl/_rels/workbook.xml.rels", "Relationship"):
            target = str(one.get("Target", ""))
            name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            links[str(one.get("Id"))] = (str(one.get("Type", "")).rpartition("/")[2], name)
        found: dict[str, str] = {}
        shown, is_1904 = "", False
        for tag, one in self._elements("xl/workbook.xml", "sheet", "workbookPr"):
            if tag == "workbookPr":
                is_1904 = one.get("date1904") in ("1", "true")
                continue
            key = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            kind, name = links.get(key, ("", ""))
            if kind == "worksheet":
                title = str(one.get("name", "")) or name
                found[title] = name
                shown = shown or ("" if one.get("state", "visible") != "visible" else title)
        by_kind = dict(links.values())
        if not found:
            raise Refused("xlsx-damaged", file=self._path.name)
        if self.sheet and self.sheet not in found:
            raise Refused("xlsx-sheet-unknown", file=self._path.name, sheet=self.sheet[:40])
        self.sheets = list(found)
        self.sheet = self.sheet or shown or self.sheets[0]
        return found[self.sheet], by_kind.get("sharedStrings", ""), by_kind.get("styles", ""), is_1904

    def _day_styles(self, styles: str) -> frozenset[int]:
        """The numbers of the cell styles that show a number as a day."""
        if styles not in self._zip.namelist():
            return frozenset()
        own: dict[int, bool] = {}
        found: set[int] = set()
        for tag, one in self._elements(styles, "numFmt", "cellXfs"):
            if tag == "numFmt":
                code = _BESIDE.sub("", str(one.get("formatCode", "")))
                own[_int(one.get("numFmtId"))] = bool(_DAY_LETTERS.search(code.split(";")[0]))
            else:
                for number, style in enumerate(one):
                    key = _int(style.get("numFmtId"))
                    if own.get(key, key in _DAYS):
                        found.add(number)
        return frozenset(found)

    def _shared(self) -> list[str]:
        if self._shared_name not in self._zip.namelist():
            return []
        texts: list[str] = []
        size = 0
        for _, one in self._elements(self._shared_name, "si"):
            texts.append(_text_of(one))
            size += len(texts[-1]) + 56
            if size > _MOST_SHARED:
                raise Refused("xlsx-too-large", file=self._path.name)
        return texts

    def _merged_rows(self) -> dict[int, str]:
        """The rows into which cells are merged, by number: which range."""
        rows: dict[int, str] = {}
        for _, one in self._elements(self._sheet, "mergeCell"):
            reach = str(one.get("ref", ""))
            found = [_CELL.fullmatch(corner) for corner in reach.split(":")]
            if len(found) != 2 or None in found:
                continue
            top, bottom = (int(corner[2]) for corner in found if corner is not None)
            for number in range(top, min(bottom, top + 100_000) + 1):
                rows.setdefault(number, reach)
        return rows

    # --- a row --------------------------------------------------------------------------------------

    def _row(self, element: Any, line_no: int, merged: str) -> XlsxRow | None:
        cells: list[str] = []
        numbers: set[int] = set()
        reason, following = "", 0
        for cell in element:
            if not str(cell.tag).endswith("}c"):
                continue
            place = _column(str(cell.get("r", "")), following)
            following = place + 1
            if place >= _MOST_COLUMNS:
                break
            text, wrong = self._cell(cell)
            reason = reason or wrong
            if text or wrong:
                cells += [""] * (place + 1 - len(cells))
                cells[place] = text
                if cell.get("t", "n") == "n" and _BARE.fullmatch(text):
                    numbers.add(place)
        if not any(cells) and not reason:
            return None
        if merged:
            reason = reason or said("xlsx-merged", cells=merged)
        return XlsxRow(line_no, cells, frozenset(numbers), reason)

    def _cell(self, cell: Any) -> tuple[str, str]:
        """The text of a cell, and why it has none."""
        kind, value, formula, inline = cell.get("t", "n"), None, None, None
        for part in cell:
            tag = str(part.tag).rpartition("}")[2]
            if tag == "v":
                value = part.text or ""
            elif tag == "f":
                formula = part
            elif tag == "is":
                inline = part
        if kind == "inlineStr":
            return ("" if inline is None else _text_of(inline)), ""
        if value is None or value == "":
            if formula is not None and kind != "str":
                return "", said("xlsx-formula", cell=cell.get("r", ""))
            return "", ""
        if formula is not None:
            self.formulas.add(str(cell.get("r", "")))
        if kind == "s":
            place = _int(value)
            if not 0 <= place < len(self._texts):
                return "", said("xlsx-cell-damaged", cell=cell.get("r", ""))
            return self._texts[place], ""
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), ""
        if kind in ("str", "e", "d"):
            return value, ""
        return self._number(cell, value)

    def _number(self, cell: Any, value: str) -> tuple[str, str]:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > 30:
            return "", said("xlsx-cell-damaged", cell=cell.get("r", ""))
        if _int(cell.get("s")) in self._days and 0 <= number < 2_958_466:
            whole, part = divmod(number, 1)
            day = self._day_zero + timedelta(days=int(whole))
            minutes = int(part * 1440)
            clock = f" {minutes // 60:02d}:{minutes % 60:02d}" if part else ""
            return f"{day.isoformat()}{clock}", ""
        return f"{_rounded(number):f}", ""

    # --- XML ----------------------------------------------------------------------------------------

    def _elements(self, name: str, *tags: str) -> Iterator[tuple[str, Any]]:
        """The elements of these names in a part of the workbook, each forgotten when the next is asked for.

        Raises `Refused` for what is damaged.
        """
        try:
            part = self._zip.getinfo(name)
            is_bomb = part.file_size > _LARGE and part.file_size > _MOST_PACKED * part.compress_size
            if part.file_size > _MOST_UNPACKED or is_bomb:
                raise Refused("xlsx-too-large", file=self._path.name)
            with self._zip.open(name) as handle:
                if declares(handle):
                    raise Refused("xlsx-damaged", file=self._path.name)
                handle.seek(0)
                yield from _walk(handle, tags)
        except _DAMAGE as error:
            raise Refused("xlsx-damaged", file=self._path.name) from error


def _walk(handle: IO[bytes], tags: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    path: list[Any] = []
    # What could grow within (entities of a DOCTYPE) was refused before.
    for event, element in ElementTree.iterparse(handle, ("start", "end")):  # noqa: S314
        if event == "start":
            path.append(element)
            continue
        path.pop()
        tag = str(element.tag).rpartition("}")[2]
        if tag in tags:
            yield tag, element
        if tag in tags or tag == "row":
            # The parents would keep a million of them.
            element.clear()
            if path:
                path[-1].clear()


def _text_of(element: Any) -> str:
    """A text with its runs, without how it is to be read aloud."""
    return _ESCAPED.sub(_unescaped, "".join(part.text or "" for part in _parts_of(element)))


def _unescaped(escape: re.Match[str]) -> str:
    """A letter that XML cannot carry, or an underscore that would be taken for one (22.9.2.19)."""
    letter = chr(int(escape[1], 16))
    return escape[0] if "\ud800" <= letter <= "\udfff" else letter


def _parts_of(element: Any) -> Iterator[Any]:
    for part in element:
        tag = str(part.tag).rpartition("}")[2]
        if tag == "t":
            yield part
        elif tag == "r":
            yield from _parts_of(part)


def _rounded(number: Decimal) -> Decimal:
    """A number without the seventeenth digit that a double needs and nobody wrote: 0.1 + 0.2 is 0.3."""
    digits = number.as_tuple().digits
    if len(digits) <= 15 or number == number.to_integral_value():
        return number
    exact = round(number, 14 - number.adjusted())
    return exact.normalize() if exact != exact.to_integral_value() else exact.to_integral_value()


def _column(reference: str, following: int) -> int:
    found = _CELL.fullmatch(reference)
    if found is None:
        return following
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _int(text: object) -> int:
    plain = str(text)
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 12 else 0
