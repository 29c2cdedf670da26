"""What is asked of a report: of whom, of which business, account or party, and for which days."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pos_app.ledger.currency import Currency
from pos_app.ledger.numbering import printed_number
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Report, Section
from pos_app.store.master.organisations import Organisation
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.scope import Scope
from pos_app.store.side import on_till

#: What a report of a till says of itself.
OWN_DOCUMENTS = "Of the documents of this till alone; the whole organisation's are at the centre."
ELSEWHERE_IN_OPENING = (
    "The lines are this till's own documents; what happened elsewhere, as the centre last said, is in the"
    " opening balance."
)
AS_LAST_SAID = "As the centre last said, and this till's own documents since."


@dataclass(frozen=True)
class Question:
    """One question, with the connection (one snapshot) that answers it.

    `business` None is all of them, consolidated; with `by_business` each has a column of its own beside
    that.  `account` and `party` are codes.
    """

    connection: Connection
    organisation: Organisation
    period: Period
    business: Named | None = None
    by_business: bool = False
    account: str = ""
    party: str = ""

    @property
    def on_till(self) -> bool:
        """Whether a till is asked, and not the centre."""
        return on_till(self.connection)

    @property
    def org_id(self) -> int:
        """The organisation's key."""
        return self.organisation.org_id

    @property
    def base(self) -> Currency:
        """The organisation's own currency."""
        return self.organisation.currency

    @property
    def scope(self) -> Scope:
        """The part of the ledger that it is about."""
        business_id = None if self.business is None else self.business.key
        return Scope(self.org_id, business_id, self.period.start, self.period.end)

    def report(
        self,
        name: str,
        title: str,
        sections: list[Section],
        *,
        subject: str = "",
        notes: tuple[str, ...] = (),
        findings: list[str] | None = None,
        till_note: str = OWN_DOCUMENTS,
    ) -> Report:
        """The finished report."""
        return Report(
            name=name,
            title=title,
            organisation=self.organisation.name,
            scope=self.business.name if self.business is not None else "All businesses",
            period=self.period,
            sections=tuple(sections),
            subject=subject,
            notes=(*notes, till_note) if self.on_till else notes,
            findings=tuple(findings or ()),
        )


def number_of(number_prefix: str, terminal_no: int, series: str, number: int) -> str:
    """The number as printed on the document."""
    return printed_number(number_prefix, int(terminal_no), series, int(number))


def kind_words(kind: str, *, is_void: bool = False) -> str:
    """A kind of document for a person: "Credit note", "Void of sale"."""
    words = kind.replace("_", " ")
    return f"Void of {words}" if is_void else words.capitalize()
