"""`bohari export journal`: to a file, or to standard output as it is read."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pos_app.cli.answer import Answer
from pos_app.cli.homes import opened
from pos_app.ledger.errors import Unavailable
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.journals.journal_export import View, rows
from pos_app.store.engine.engine import Database
from pos_app.store.master.organisations import Organisation

FORMATS = ("hledger", "beancount", "csv")


def export_journal(home: Path, form: str, view: str, output: Path | None, *, as_json: bool) -> Answer:
    """Export the journal; with neither a file nor JSON, the text goes to standard output piece by piece.

    `form` is one of `FORMATS`; `view` is "original" or "base" (see `journal_export.View`).
    The CSV has both amounts in every row.  Raises `Unavailable` when the file cannot be written.
    """
    with opened(home) as one:
        pieces = _pieces(one.database, one.organisation, form, View(view))
        if output is not None:
            _write(output, pieces)
            return Answer({"format": form, "in": view, "file": str(output)}, [f"Written to {output}."])
        if as_json:
            return Answer({"format": form, "in": view, "journal": "".join(pieces)})
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    return Answer()


def _pieces(database: Database, organisation: Organisation, form: str, view: View) -> Iterator[str]:
    if form == "csv":
        return rows(database, organisation)
    write = hledger if form == "hledger" else beancount
    return write(database, organisation, view)


def _write(output: Path, pieces: Iterator[str]) -> None:
    """Beside its place first: who opens the file finds all of it or the one before."""
    making = output.with_name(output.name + ".making")
    try:
        with making.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(pieces)
        making.replace(output)
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}.") from error
