"""`bohari report NAME`: a report of a home, drawn as a table, CSV, XLSX, PDF or JSON.

Decisions
---------
2026-11-29  A table, a PDF and a workbook are read by people and speak their language; CSV and JSON are read
by programs, which find columns and sections by their English titles, and stay as they are.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Connection

from pos_app import settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, misused, noun
from pos_app.cli.homes import ASKED, Opened, opened
from pos_app.cli.needs import needs
from pos_app.files.whole_file import write_whole
from pos_app.language import ENGLISH, said, use_paper_language
from pos_app.ledger.permission import Permission
from pos_app.reports.ask.asked import Asked as Words
from pos_app.reports.ask.asked import answer
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.model.report import Report

app: Final = noun()

FORMATS: Final = ("table", "csv", "xlsx", "pdf", "json")
#: What a file's name says of its format.
_SUFFIXES: Final = {".csv": "csv", ".xlsx": "xlsx", ".pdf": "pdf", ".json": "json", ".txt": "table"}
_FOR_PROGRAMS: Final = ("csv", "json")
_BYTES: Final = ("xlsx", "pdf")


@dataclass(frozen=True)
class Asked:
    """What a report is asked, as it was written; empty where nothing was."""

    business: Annotated[str, typer.Option(metavar="CODE", help="One business; else all together.")] = ""
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, 2026-11-01.")] = ""
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, 2026-11-30; today.")] = ""
    account: Annotated[str, typer.Option(metavar="CODE", help="For account-ledger.")] = ""
    party: Annotated[str, typer.Option(metavar="CODE", help="For party-statement.")] = ""
    depot: Annotated[str, typer.Option(metavar="CODE", help="One depot, where a report goes by it.")] = ""
    till: Annotated[str, typer.Option(metavar="NUMBER", help="One till, where a report goes by it.")] = ""
    days: Annotated[str, typer.Option(metavar="DAYS", help="For slow-stock: without a sale.")] = ""
    box: Annotated[str, typer.Option(metavar="BOX", help="For tax-lines: gst-f5-1, vat3-B, ...")] = ""
    by_business: Annotated[bool, typer.Option("--by-business", help="A column for each business.")] = False


def _right(call: Call, name: str, form: str, output: Path | None, **_: object) -> None:
    """Raises a usage error for a report or a format that is none."""
    sentence = wrong_use(name, format_of(form, output, as_json=call.as_json), output)
    if sentence:
        raise misused(sentence)


@command(app, "report", ASKED, needs(Permission.SEE_REPORTS), first=_right)
def report(
    call: Call,
    name: Annotated[str, typer.Argument(help="trial-balance, profit-and-loss, balance-sheet, tax, ...")],
    asked: Asked,
    form: Annotated[str, typer.Option("--format", help="table, csv, xlsx, pdf or json.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
) -> Answer:
    """The books on paper: statements, ledgers, ageing, stock, sales, tax."""
    form = format_of(form, output, as_json=call.as_json)
    with opened(call.home, call.org) as one, one.database.read() as connection:
        use_paper_language(language_of(call, form))
        found = _make(one, connection, name, asked)
    return _answer(found, form, output, as_json=call.as_json)


def _make(opened: Opened, connection: Connection, name: str, asked: Asked) -> Report:
    """Raises `Refused` for a business, depot, account, party or date that is none."""
    wanted = Words(
        name=name,
        business=asked.business,
        first=asked.first,
        last=asked.last,
        account=asked.account,
        party=asked.party,
        depot=asked.depot,
        till=asked.till,
        days=asked.days,
        by_business=asked.by_business,
        box=asked.box,
    )
    return answer(connection, opened.organisation, opened.clock.now(), wanted)


def language_of(call: Call, form: str) -> str:
    """In which language a report speaks: the one asked for, else that of the paper of the home."""
    if form in _FOR_PROGRAMS:
        return ENGLISH
    return (
        os.environ.get("BOHARI_LANGUAGE") or settings.load(call.home, org=call.org or None).receipt_language
    )


def format_of(form: str, output: Path | None, *, as_json: bool) -> str:
    """The format that is meant, also where only the file's name says it."""
    if form:
        return form
    if output is not None:
        return _SUFFIXES.get(output.suffix.lower(), "table")
    return "json" if as_json else "table"


def wrong_use(name: str, form: str, output: Path | None) -> str:
    """A sentence when the words of the command make no sense together, or nothing."""
    if name not in REPORTS:
        return said("report-unknown", name=name[:40], names=", ".join(REPORTS))
    if form not in ("", *FORMATS):
        return said("report-format-unknown", form=form[:20], forms=", ".join(FORMATS))
    if form in _BYTES and output is None:
        return said("output-not-said", name=name, form=form)
    return ""


def _answer(report: Report, form: str, output: Path | None, *, as_json: bool) -> Answer:
    drawn = draw(report, form)
    values: dict[str, Any] = {"report": report.name, "format": form, "agrees": report.agrees}
    if output is not None:
        write_whole(output, [drawn])
        values |= {"file": str(output), "findings": list(report.findings)}
        return Answer(values, [f"Written to {output}.", *report.findings], report.agrees)
    if as_json and form != "json":
        return Answer(values | {"text": drawn.decode()}, list(report.findings), report.agrees)
    if as_json:
        return Answer(json.loads(drawn), list(report.findings), report.agrees)
    # As it is: neither the line ends of CSV nor its last one may change on the way.
    sys.stdout.flush()
    sys.stdout.buffer.write(drawn)
    sys.stdout.flush()
    if not report.agrees:
        sys.stderr.write("\n".join(report.findings) + "\n")
    return Answer(ok=report.agrees)


def draw(report: Report, form: str) -> bytes:
    """The report in one of the formats."""
    match form:
        case "csv":
            from pos_app.reports.draw.comma_separated import comma_separated

            return comma_separated(report).encode()
        case "xlsx":
            from pos_app.reports.draw.workbook import workbook

            return workbook(report)
        case "pdf":
            from pos_app.reports.draw.report_pdf import report_pdf

            return report_pdf(report)
        case "json":
            from pos_app.reports.draw.report_json import report_values

            return (json.dumps(report_values(report), ensure_ascii=False) + "\n").encode()
        case _:
            from pos_app.reports.draw.table import table

            return table(report).encode()
