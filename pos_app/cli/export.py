"""`bohari export journal`: to a file, or to standard output as it is read."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, misused, noun
from pos_app.cli.homes import ASKED, opened
from pos_app.cli.needs import needs
from pos_app.files.whole_file import write_whole
from pos_app.ledger.permission import Permission
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.journals.journal_export import View, rows
from pos_app.store.engine.engine import Database
from pos_app.store.master.organisations import Organisation

app: Final = noun()


def _right(call: Call, form: str, view: str, **_: object) -> None:
    """Raises a usage error for a format or a view that is none."""
    if form not in ("hledger", "beancount", "csv"):
        raise misused("journal-format-unknown", form=form[:20])
    if view not in ("original", "base"):
        raise misused("journal-view-unknown", view=view[:20])
    if (form, view) == ("csv", "base"):
        raise misused("csv-has-both-amounts")


@command(app, "journal", ASKED, needs(Permission.SEE_REPORTS), first=_right)
def export_journal(
    call: Call,
    form: Annotated[str, typer.Option("--format", help="hledger, beancount or csv.")] = "hledger",
    view: Annotated[
        str, typer.Option("--in", help="original: every currency; base: the organisation's.")
    ] = "original",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file instead of the screen.")
    ] = None,
) -> Answer:
    """Every document as a transaction."""
    with opened(call.home, call.org) as one:
        pieces = _pieces(one.database, one.organisation, form, View(view))
        if output is not None:
            write_whole(output, (piece.encode() for piece in pieces))
            return Answer({"format": form, "in": view, "file": str(output)}, [f"Written to {output}."])
        if call.as_json:
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
