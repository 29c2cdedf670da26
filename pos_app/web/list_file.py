"""A list as a file: CSV for programs (in English words), XLSX to reckon with, PDF to print."""

from collections.abc import Callable, Sequence

from starlette.responses import Response

from pos_app.language import ENGLISH, speaking, web_said, web_text
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.reports.draw.comma_separated import comma_separated
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.workbook import workbook
from pos_app.reports.model.period import Period, zone_of
from pos_app.reports.model.report import Column, Report, Row, Section
from pos_app.web.reports import FILES
from pos_app.web.visit import Visit
from pos_app.web.work.declaration import MOST_IN_FILE


def sent(visit: Visit, name: str, made: Callable[[], Report]) -> Response:
    """The file that the address asks for; the report is made in the language of the file.

    Raises `Refused` for a format that is none.
    """
    form = visit.asked.query.get("format")
    if form not in FILES:
        raise Refused("report-format-unknown", form=form[:20], forms=", ".join(FILES))
    if form == "csv":
        with speaking(ENGLISH):
            content = comma_separated(made()).encode()
    else:
        report = made()
        content = workbook(report) if form == "xlsx" else report_pdf(report)
    name = name.replace("/", "-")
    return visit.file(content, FILES[form], f"{name}-{to_date(visit.office.today)}.{form}")


def listing(
    visit: Visit, named: tuple[str, str], columns: Sequence[Column], rows: Sequence[Row], scope: str
) -> Report:
    """A list as a report of one section, as far as a file goes; it is `named` by its path and its words (of
    `web_words`), and `scope` says by what it is filtered.
    """
    name, words = named
    office = visit.office
    is_cut = len(rows) > MOST_IN_FILE
    return Report(
        name=name,
        title=web_said(words),
        organisation=office.organisation.name,
        scope=scope,
        period=Period(None, to_date(office.today), zone_of(office.organisation.time_zone)),
        sections=(Section("", tuple(columns), tuple(rows[:MOST_IN_FILE])),),
        notes=(web_text("The first {count} rows.", count=MOST_IN_FILE),) if is_cut else (),
    )
