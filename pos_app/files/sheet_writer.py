"""Writing what the store keeps into a file that `open_csv` reads: CSV, or an XLSX workbook with one sheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from pos_app.files.csv_file import NUMBERS
from pos_app.files.whole_file import write_whole
from pos_app.ledger.errors import Refused, Unavailable

#: A sheet of Excel has no more rows, its header among them.
_MOST_ROWS: Final = 1_048_576
#: A spreadsheet keeps so many digits of a number; what has more stays a text.
_MOST_DIGITS: Final = 15
_WIDTH: Final = 16


def write_sheet(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a header and rows, as the end of the file's name says; gives how many.

    Raises `Refused` for another ending, and for more rows than a workbook has; `Unavailable` where the file
    cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise Refused("export-ending-unknown", file=path.name[:80])
    counted = _Counted(rows)
    if ending == ".csv":
        write_whole(path, _csv(names, counted))
    else:
        _write_workbook(path, names, counted)
    return counted.count


class _Counted:
    """Rows, counted as they go by."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for row in self._rows:
            self.count += 1
            yield row


def _csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with its mark, without which a spreadsheet reads letters beyond ASCII as others."""
    yield "\ufeff".encode()
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(row)
        if line.tell() > 65_536:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
    yield line.getvalue().encode()


def _write_workbook(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    making = path.with_name(path.name + ".making")
    try:
        book = xlsxwriter.Workbook(making, {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, _WIDTH)
        for across, name in enumerate(names):
            sheet.write_string(0, across, name)
        for down, row in enumerate(rows, start=1):
            if down >= _MOST_ROWS:
                raise Refused("export-too-long", most=_MOST_ROWS - 1)
            for across, cell in enumerate(row):
                if not cell:
                    continue
                if names[across] in NUMBERS and sum(map(str.isdecimal, cell)) <= _MOST_DIGITS:
                    sheet.write_number(down, across, Decimal(cell))
                else:
                    # A text, whatever it looks like: a code of digits keeps its zeros.
                    sheet.write_string(down, across, cell)
        book.close()
        making.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise Unavailable("home-unwritable", home=path, why=str(error)) from error
    finally:
        making.unlink(missing_ok=True)
