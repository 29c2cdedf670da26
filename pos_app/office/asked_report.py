"""A report as a person at the office asks for it: by its words, and drawn as a file."""

from typing import Final, NamedTuple

from pos_app.language import ENGLISH, speaking
from pos_app.ledger.permission import Permission
from pos_app.office.office import Office
from pos_app.reports.ask.asked import Asked, answer
from pos_app.reports.draw.comma_separated import comma_separated
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.workbook import workbook
from pos_app.reports.model.report import Report
from pos_app.store.report_queries.patience import within

#: So long a statement of a report may take while others wait, and so many rows it may bring.
PATIENCE_MS: Final = 20_000
MOST_ROWS: Final = 100_000


class Drawn(NamedTuple):
    """A file of a report, and its name without an ending."""

    name: str
    content: bytes


def made(office: Office, asked: Asked) -> Report:
    """The report.  Raises `Refused` for what it cannot be asked or takes too much, and for who may
    see no reports.
    """
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        with within(books.connection, milliseconds=PATIENCE_MS, rows=MOST_ROWS):
            return answer(books.connection, books.organisation, books.now, asked)


def drawn(office: Office, asked: Asked, form: str) -> Drawn:
    """The report as a file: csv, xlsx or pdf.  CSV is for programs and speaks English."""
    if form == "csv":
        with speaking(ENGLISH):
            report = made(office, asked)
            content = comma_separated(report).encode()
    else:
        report = made(office, asked)
        content = workbook(report) if form == "xlsx" else report_pdf(report)
    first = "" if report.period.first is None else f"{report.period.first}-to-"
    return Drawn(f"{report.name}-{first}{report.period.last}", content)
