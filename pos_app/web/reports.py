"""The reports in a browser: what is asked stands in the address, and the answer is a table or a file."""

from typing import Final

from starlette.responses import Response

from pos_app.language import web_said, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import asked_report
from pos_app.office.masters import choices
from pos_app.reports.ask.asked import Asked
from pos_app.reports.ask.registry import REPORTS, Asks
from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.report import Align, Leads, Row, RowKind
from pos_app.web.charts import charts
from pos_app.web.visit import Visit
from pos_app.web.way import Way

#: What each report is called, and what it may be asked beside its days.
_WORDS: Final = {
    "sales-totals": web_words("Sales"),
    "sales-by-product": web_words("Sales by product"),
    "sales-by-hour": web_words("Sales by hour"),
    "sales-by-cashier": web_words("Sales by cashier"),
    "sales-by-till": web_words("Sales by till"),
    "cashiers": web_words("Cashiers"),
    "depot-day": web_words("Depot day"),
    "drawer-differences": web_words("Drawer differences"),
    "margins": web_words("Margins"),
    "slow-stock": web_words("Slow stock"),
    "cylinders": web_words("Cylinders and bottles"),
    "meter-consumption": web_words("Meter consumption"),
    "mpesa": web_words("M-Pesa by till number"),
    "mpesa-confirmed": web_words("M-Pesa confirmed against the books"),
    "vat": web_words("VAT figures"),
    "gst-f5": web_words("GST return (Form F5)"),
    "vat3": web_words("VAT return (VAT3)"),
    "tax-lines": web_words("Documents of a tax return"),
    "deposits-owed": web_words("Deposits owed"),
    "profit-and-loss": web_words("Profit and loss"),
    "balance-sheet": web_words("Balance sheet"),
    "trial-balance": web_words("Trial balance"),
    "account-ledger": web_words("Ledger of an account"),
    "party-statement": web_words("Statement of a party"),
    "ageing": web_words("Who owes what since when"),
    "stock-valuation": web_words("Stock and its worth"),
    "tax": web_words("Tax"),
    "flags": web_words("Flags"),
}
#: Each format of a file: what it is sent as.
FILES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
#: So many rows of a section are shown on a page; all of them are in the files.
_MOST_ROWS: Final = 500
#: Where a row opens into.
_PAGES: Final = {
    Leads.DOCUMENT: "/documents/one",
    Leads.DOCUMENTS: "/documents",
    Leads.PRODUCT: "/products/thing",
    Leads.REPORT: "/reports/one",
    Leads.PAYMENT: "/payments/one",
    Leads.PAYMENTS: "/payments",
}


def _listed(visit: Visit) -> Response:
    known = [name for name in _WORDS if name in REPORTS]
    names = [*known, *(name for name in REPORTS if name not in _WORDS)]
    return visit.page("reports.html", reports=[(name, _called(name)) for name in names])


def _called(name: str) -> str:
    return web_said(_WORDS[name]) if name in _WORDS else name.replace("-", " ").capitalize()


def _asked(visit: Visit) -> Asked:
    query = visit.asked.query
    return Asked(
        name=query.get("name"),
        business=query.get("business"),
        first=query.get("from"),
        last=query.get("to"),
        account=query.get("account"),
        party=query.get("party"),
        depot=query.get("depot"),
        till=query.get("till"),
        days=query.get("days"),
        by_business=query.get("by_business") == "yes",
        box=query.get("box"),
    )


def _look(visit: Visit) -> Response:
    """One report; before what it needs is said, only its form."""
    asked = _asked(visit)
    if asked.name not in REPORTS:
        raise Refused("report-unknown", name=asked.name[:40], names=", ".join(REPORTS))
    error, report, asks = None, None, REPORTS[asked.name].asks
    waits = (Asks.ACCOUNT in asks and not asked.account) or (Asks.PARTY in asks and not asked.party)
    if not waits:
        try:
            report = asked_report.made(visit.office, asked)
        except Refused as refused:
            error = refused
    return visit.page(
        "report.html",
        status=200 if error is None else 422,
        name=asked.name,
        called=_called(asked.name),
        asked=asked,
        query={name: text for name, text in visit.asked.query if name != "said"},
        businesses=choices.of_businesses(visit.office),
        is_at_a_day=REPORTS[asked.name].is_at_a_day,
        depots=choices.of_depots(visit.office) if Asks.DEPOT in asks else [],
        asks={one.value for one in asks},
        report=report,
        charts={} if report is None else charts(report),
        opened=lambda row: _opened(visit, row),
        most=_MOST_ROWS,
        shown=shown,
        title=title,
        right=Align.RIGHT,
        line=RowKind.LINE,
        heading=RowKind.HEADING,
        error=error,
    )


def _opened(visit: Visit, row: Row) -> str:
    """The address of what makes a row; empty where there is none."""
    return "" if row.opens is None else visit.link(_PAGES[row.opens.to], **dict(row.opens.asked))


def _file(visit: Visit) -> Response:
    asked, form = _asked(visit), visit.asked.query.get("format")
    if form not in FILES:
        raise Refused("report-format-unknown", form=form[:20], forms=", ".join(FILES))
    drawn = asked_report.drawn(visit.office, asked, form)
    return visit.file(drawn.content, FILES[form], f"{drawn.name}.{form}")


WAYS: Final = [
    Way("/reports", _listed, needs=(Permission.SEE_REPORTS,)),
    Way("/reports/one", _look, needs=(Permission.SEE_REPORTS,)),
    Way("/reports/file", _file, needs=(Permission.SEE_REPORTS,)),
]
