"""A report as a person at the office asks for it: by its words, and drawn as a file."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pos_app.language import ENGLISH, speaking
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.draw.comma_separated import comma_separated
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.workbook import workbook
from pos_app.reports.model import period as days
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Report
from pos_app.store.report_queries import chart_of_accounts


@dataclass(frozen=True)
class Asked:
    """What is asked, as it was written; empty where nothing was."""

    name: str
    business: str = ""
    first: str = ""
    last: str = ""
    account: str = ""
    party: str = ""
    by_business: bool = False


class Drawn(NamedTuple):
    """A file of a report, and its name without an ending."""

    name: str
    content: bytes


def made(office: Office, asked: Asked) -> Report:
    """The report.  Raises `Refused` for a name, business, account, party or day that is none, and for who
    may see no reports.
    """
    if asked.name not in REPORTS:
        raise Refused("report-unknown", name=asked.name[:40], names=", ".join(REPORTS))
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        business = None
        if asked.business:
            known = chart_of_accounts.businesses(books.connection, books.org_id).values()
            business = next((one for one in known if one.code.lower() == asked.business.lower()), None)
            if business is None:
                raise Refused("business-unknown", code=asked.business[:40])
        question = Question(
            connection=books.connection,
            organisation=books.organisation,
            period=_period(books, asked),
            business=business,
            by_business=asked.by_business,
            account=asked.account,
            party=asked.party,
        )
        return REPORTS[asked.name].make(question)


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


def _period(books: Books, asked: Asked) -> Period:
    zone = days.zone_of(books.organisation.time_zone)
    last: date = days.parse_day(asked.last, "--to") if asked.last else books.now.astimezone(zone).date()
    given = days.parse_day(asked.first, "--from") if asked.first else None
    if given is not None:
        days.period(given, last, zone)
    return days.period(REPORTS[asked.name].first_day(given, last), last, zone)
