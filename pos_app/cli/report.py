"""`bohari report NAME`: a report of a home, drawn as a table, CSV, XLSX, PDF or JSON."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pos_app.cli.answer import Answer
from pos_app.cli.homes import Opened, opened
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.model import period as days
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Report
from pos_app.store.report_queries import chart_of_accounts

FORMATS: Final = ("table", "csv", "xlsx", "pdf", "json")
#: What a file's name says of its format.
_SUFFIXES: Final = {".csv": "csv", ".xlsx": "xlsx", ".pdf": "pdf", ".json": "json", ".txt": "table"}
_BYTES: Final = ("xlsx", "pdf")


@dataclass(frozen=True)
class Asked:
    """The options as they were written; empty where nothing was."""

    name: str
    business: str = ""
    first: str = ""
    last: str = ""
    account: str = ""
    party: str = ""
    by_business: bool = False


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
        return f"There is no report “{name[:40]}”; choose one of {', '.join(REPORTS)}."
    if form not in ("", *FORMATS):
        return f"There is no format “{form[:20]}”; choose one of {', '.join(FORMATS)}."
    if form in _BYTES and output is None:
        return f"Say where the file goes: --output {name}.{form}."
    return ""


def report(home: Path, asked: Asked, form: str, output: Path | None, *, as_json: bool) -> Answer:
    """Make the report; without `output` it is the answer, with it a file.

    Raises `Refused` for a business, account, party or date that is none, and `Unavailable` when the
    file cannot be written.
    """
    with opened(home) as one, one.database.read() as connection:
        business = None
        if asked.business:
            known = chart_of_accounts.businesses(connection, one.org_id).values()
            business = next((each for each in known if each.code.lower() == asked.business.lower()), None)
            if business is None:
                raise Refused(f"There is no business “{asked.business[:40]}” here; check the code.")
        made = REPORTS[asked.name]
        question = Question(
            connection=connection,
            organisation=one.organisation,
            period=_period(one, asked),
            business=business,
            by_business=asked.by_business,
            account=asked.account,
            party=asked.party,
        )
        found = made.make(question)
    return _answer(found, form, output, as_json=as_json)


def _period(one: Opened, asked: Asked) -> Period:
    zone = days.zone_of(one.organisation.time_zone)
    now: datetime = one.clock.now()
    last = days.parse_day(asked.last, "--to") if asked.last else now.astimezone(zone).date()
    given = days.parse_day(asked.first, "--from") if asked.first else None
    if given is not None:
        days.period(given, last, zone)
    return days.period(REPORTS[asked.name].first_day(given, last), last, zone)


def _answer(found: Report, form: str, output: Path | None, *, as_json: bool) -> Answer:
    drawn = draw(found, form)
    values: dict[str, Any] = {"report": found.name, "format": form, "agrees": found.agrees}
    if output is not None:
        _write(output, drawn)
        values |= {"file": str(output), "findings": list(found.findings)}
        return Answer(values, [f"Written to {output}.", *found.findings], found.agrees)
    if as_json and form != "json":
        return Answer(values | {"text": drawn.decode()}, list(found.findings), found.agrees)
    if as_json:
        return Answer(json.loads(drawn), list(found.findings), found.agrees)
    # As it is: neither the line ends of CSV nor its last one may change on the way.
    sys.stdout.flush()
    sys.stdout.buffer.write(drawn)
    sys.stdout.flush()
    if not found.agrees:
        sys.stderr.write("\n".join(found.findings) + "\n")
    return Answer(ok=found.agrees)


def draw(found: Report, form: str) -> bytes:
    """The report in one of the formats."""
    match form:
        case "csv":
            from pos_app.reports.draw.comma_separated import comma_separated

            return comma_separated(found).encode()
        case "xlsx":
            from pos_app.reports.draw.workbook import workbook

            return workbook(found)
        case "pdf":
            from pos_app.reports.draw.report_pdf import report_pdf

            return report_pdf(found)
        case "json":
            from pos_app.reports.draw.report_json import report_values

            return (json.dumps(report_values(found), ensure_ascii=False) + "\n").encode()
        case _:
            from pos_app.reports.draw.table import table

            return table(found).encode()


def _write(output: Path, drawn: bytes) -> None:
    """Beside its place first: who opens the file finds all of it or the one before."""
    making = output.with_name(output.name + ".making")
    try:
        making.write_bytes(drawn)
        making.replace(output)
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}.") from error
