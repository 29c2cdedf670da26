"""What is asked of a report: of whom, of which business, account or party, and for which days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection

from pos_app.language import LANGUAGES, paper_language, printed
from pos_app.ledger.currency import Currency
from pos_app.ledger.head import SERVER_TERMINAL_NO
from pos_app.ledger.numbering import printed_number
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Leads, Opens, Report, Row, RowKind, Section, opens
from pos_app.store.master.organisations import Organisation
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.scope import Scope
from pos_app.store.side import on_till


def own_documents() -> str:
    """What most reports of a till say of themselves."""
    return printed("Of the documents of this till alone; the whole organisation's are at the centre.")


def elsewhere_in_opening() -> str:
    """What a statement of a till says of itself."""
    return printed(
        "The lines are this till's own documents; what happened elsewhere, as the centre last said, is in the"
        " opening balance."
    )


def as_last_said() -> str:
    """What a till says of what it knows from the centre."""
    return printed("As the centre last said, and this till's own documents since.")


def clearing_left(what: str, code: str) -> str:
    """The finding that an account between the businesses does not vanish where all stand together."""
    return printed(
        "What the businesses owe each other does not cancel out: {amount} on {code}.", amount=what, code=code
    )


@dataclass(frozen=True)
class Question:
    """One question, with the connection (one snapshot) that answers it.

    `business` None is all of them, consolidated; with `by_business` each has a column of its own beside
    that.  `account` and `party` are codes.  `depot` and `till` (a terminal's number) are where it was
    recorded, `days` how long ago something has to be, `box` one of a tax return; a report that cannot be
    asked one of these is not.
    """

    connection: Connection
    organisation: Organisation
    period: Period
    business: Named | None = None
    by_business: bool = False
    account: str = ""
    party: str = ""
    depot: Named | None = None
    till: int | None = None
    days: int | None = None
    box: str = ""

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
        depot_id = None if self.depot is None else self.depot.key
        return Scope(self.org_id, business_id, self.period.start, self.period.end, depot_id, self.till)

    @property
    def of_whom(self) -> str:
        """Of which business, depot and till it is, as it stands above the report."""
        own = self.business.name if self.business is not None else printed("All businesses")
        depot = [self.depot.name] if self.depot is not None else []
        till = [till_words(self.till)] if self.till is not None else []
        return ", ".join([own, *depot, *till])

    def asked_again(self, **more: str) -> dict[str, str]:
        """The days and the business of this question, for the page into which a figure of it opens."""
        first = {} if self.period.first is None else {"from": self.period.first.isoformat()}
        whose = {} if self.business is None else {"business": self.business.code}
        return {**first, "to": self.period.last.isoformat(), **whose, **more}

    def ledger_of(self, account: str) -> Opens:
        """The page of an account's lines, into which what stands on it opens."""
        return opens(Leads.REPORT, self.asked_again(name="account-ledger", account=account))

    def into_ledgers(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """Rows of which those that begin with an account's code open into its ledger."""
        return tuple(
            replace(row, opens=self.ledger_of(str(row.cells[0])))
            if row.kind is RowKind.LINE and row.cells[0]
            else row
            for row in rows
        )

    def report(
        self,
        name: str,
        title: str,
        sections: list[Section],
        *,
        subject: str = "",
        notes: tuple[str, ...] = (),
        findings: list[str] | None = None,
        till_note: str = "",
    ) -> Report:
        """The finished report."""
        return Report(
            name=name,
            title=title,
            organisation=self.organisation.name,
            scope=self.of_whom,
            period=self.period,
            sections=tuple(sections),
            subject=subject,
            notes=(*notes, till_note or own_documents()) if self.on_till else notes,
            findings=tuple(findings or ()),
        )


def number_of(number_prefix: str, terminal_no: int, series: str, number: int) -> str:
    """The number as printed on the document."""
    return printed_number(number_prefix, int(terminal_no), series, int(number))


def till_words(terminal_no: int, name: str = "") -> str:
    """A till for a person: "Till 3", "Till 3 Front"; the centre itself is the office."""
    if terminal_no == SERVER_TERMINAL_NO:
        return printed("Office")
    return f"{printed('Till {number}', number=terminal_no)} {name}".strip()


def kind_words(kind: str, *, is_void: bool = False) -> str:
    """A kind of document for a person: "Credit note", "Void of sale"."""
    # A type that nobody named yet is called by its kind.
    words = _kinds(paper_language()).get(kind) or kind.replace("_", " ").capitalize()
    return printed("Void of {what}", what=words.lower()) if is_void else words


@lru_cache(maxsize=len(LANGUAGES))
def _kinds(_language: str) -> dict[str, str]:
    """The kinds in the language of paper; kept, for a ledger asks once for every line."""
    return {
        "sale": printed("Sale"),
        "refund": printed("Refund"),
        "payment": printed("Payment"),
        "cash_movement": printed("Cash movement"),
        "drawer_open": printed("Drawer open"),
        "drawer_close": printed("Drawer close"),
        "stock_count": printed("Stock count"),
        "reversal": printed("Reversal"),
        "invoice": printed("Invoice"),
        "credit_note": printed("Credit note"),
        "bill": printed("Bill"),
        "vendor_credit": printed("Vendor credit"),
        "vendor_payment": printed("Vendor payment"),
        "settlement": printed("Settlement"),
        "write_off": printed("Write off"),
        "purchase_order": printed("Purchase order"),
        "goods_receipt": printed("Goods receipt"),
        "landed_cost": printed("Landed cost"),
        "transfer_sent": printed("Transfer sent"),
        "transfer_received": printed("Transfer received"),
        "stock_adjustment": printed("Stock adjustment"),
        "returnable": printed("Returnable"),
        "stock_valuation": printed("Stock valuation"),
        "party_money": printed("Party money"),
        "expense": printed("Expense"),
        "money_transfer": printed("Money transfer"),
        "bank_bag": printed("Bag for the bank"),
        "bag_banked": printed("Bag at the bank"),
        "journal_entry": printed("Journal entry"),
        "service_order": printed("Service order"),
        "service_step": printed("Service step"),
    }
