"""The refused rows of a file as a file: each with its number and why, to be mended and brought again."""

import csv
import os
import re
from pathlib import Path
from typing import Final

from pos_app.files.csv_file import CsvFile
from pos_app.files.sheet import shown
from pos_app.language import Sentence
from pos_app.office.bringing.outcome import Outcome

#: A number below nothing begins as a formula does and is none.
_NUMBER: Final = re.compile(r"[+\-]?[0-9][0-9.,' ]*")


def write(path: Path, source: CsvFile, outcome: Outcome) -> None:
    """Write the rows that were refused, in the language of who reads it; nothing where none was."""
    reasons = {one.row: one.reason for one in outcome.refused}
    path.unlink(missing_ok=True)
    if not reasons:
        return
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline=""
    ) as handle:
        sheet = csv.writer(handle)
        sheet.writerow(("row", "reason", *(_safe(one) for one in source.headings)))
        for line_no, cells in source.cells():
            if line_no in reasons:
                reason = reasons[line_no]
                told = reason.spoken if isinstance(reason, Sentence) else reason
                # Many a sentence begins with what the cell says.
                sheet.writerow((line_no, _safe(told), *(_safe(cell) for cell in cells)))


def _safe(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else shown(cell)
