"""`bohari export journal`: to a file, or to standard output as it is read."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pos_app.commands.answer import Answer
from pos_app.commands.home import opened
from pos_app.ledger.errors import Unavailable
from pos_app.reports import journal_export


def export_journal(home: Path, form: str, output: Path | None, *, as_json: bool) -> Answer:
    """Export the journal; with neither a file nor JSON, the text goes to standard output piece by piece.

    Raises `Unavailable` when the file cannot be written.
    """
    with opened(home) as one:
        write = journal_export.hledger if form == "hledger" else journal_export.rows
        pieces = write(one.database, one.organisation)
        if output is not None:
            _write(output, pieces)
            return Answer({"format": form, "file": str(output)}, [f"Written to {output}."])
        if as_json:
            return Answer({"format": form, "journal": "".join(pieces)})
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    return Answer()


def _write(output: Path, pieces: Iterator[str]) -> None:
    """Beside its place first: who opens the file finds all of it or the one before."""
    making = output.with_name(output.name + ".making")
    try:
        with making.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(pieces)
        making.replace(output)
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}.") from error
