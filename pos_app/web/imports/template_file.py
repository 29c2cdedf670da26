"""A file with nothing but the headings of a kind, to be filled in."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pos_app.files.sheet_writer import write_sheet

_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def of(columns: Sequence[str], ending: str) -> tuple[bytes, str]:
    """Its content, and what a browser is told that it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"template.{ending}"
        write_sheet(path, columns, ())
        return path.read_bytes(), _MEDIA[ending]
