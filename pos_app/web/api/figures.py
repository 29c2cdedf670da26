"""Figures for programs: stock, balances, flags, today and every report."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from pos_app.ledger.currency import currency
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import asked_report, standing, today
from pos_app.reports.ask.asked import Asked
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.draw.report_json import report_values
from pos_app.web.api.operation import DAY, FLAG, Answer, Call, Operation, Parameter

_TAG: Final = "Figures"
_SEES: Final = (Permission.SEE_REPORTS,)


class Stock(Struct, frozen=True, kw_only=True):
    """What lies of a product at a place; below nothing where books and shelf differ."""

    place: str
    sku: str
    name: str
    unit: str
    quantity: str


class StockPage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[Stock]
    next: str | None


class PartyBalance(Struct, frozen=True, kw_only=True):
    """What stands between us and a party in a currency: above nothing they owe us."""

    party: str
    name: str
    role: str
    currency: str
    amount: str
    base_currency: str
    base_amount: str


class PartyBalancePage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[PartyBalance]
    next: str | None


class AccountBalance(Struct, frozen=True, kw_only=True):
    """What stands on an account of a business: debit above nothing."""

    business: str
    account: str
    name: str
    currency: str
    amount: str
    base_currency: str
    base_amount: str


class AccountBalancePage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[AccountBalance]
    next: str | None


class DrawerCash(Struct, frozen=True, kw_only=True):
    """The cash that a drawer should hold."""

    drawer: str
    terminal: int
    depot: str
    currency: str
    amount: str


class DrawerCashPage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[DrawerCash]
    next: str | None


class Flag(Struct, frozen=True, kw_only=True):
    """Something odd about a document that nobody looked at: `kind` is for programs, `sentence` for people."""

    document_id: str
    document: str
    kind: str
    weight: str
    place: int
    sentence: str
    facts: dict[str, Any]
    person: str
    found_at: str


class FlagPage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[Flag]
    next: str | None


class TodayPart(Struct, frozen=True, kw_only=True):
    """Sold today, and a week ago until the same minute, of a business, a depot or a till."""

    name: str
    today: str
    last_week: str


class TodayHour(Struct, frozen=True, kw_only=True):
    """Sold in an hour of the organisation's day, and in that of a week ago."""

    hour: int
    today: str
    last_week: str


class TodayTill(Struct, frozen=True, kw_only=True):
    """A till: whether its drawer is open, when it was heard last, and what its drawer should hold."""

    terminal: int
    name: str
    depot: str
    is_open: bool
    is_silent: bool
    seen_at: str | None
    cash: dict[str, str]


class TodayAlert(Struct, frozen=True, kw_only=True):
    """Something that asks for a person."""

    about: str
    code: str
    sentence: str


class Today(Struct, frozen=True, kw_only=True):
    """Today at a glance, in base currency, tax included."""

    at: str
    currency: str
    sales: int
    sold: str
    last_week: str
    hours: list[TodayHour]
    businesses: list[TodayPart]
    depots: list[TodayPart]
    tills: list[TodayPart]
    machines: list[TodayTill]
    alerts: list[TodayAlert]
    more_alerts: int


class ReportName(Struct, frozen=True, kw_only=True):
    """A report that can be asked: of the days until one, or as things stand at one."""

    name: str
    is_at_a_day: bool


class ReportList(Struct, frozen=True, kw_only=True):
    """Every report."""

    items: list[ReportName]


class ReportColumn(Struct, frozen=True, kw_only=True):
    """A column: what its cells are, and in which currency."""

    title: str
    kind: str
    align: str
    currency: str | None


class ReportRow(Struct, frozen=True, kw_only=True):
    """A row: a line, a heading, a total, a balance."""

    kind: str
    cells: list[str | int | None]


class ReportSection(Struct, frozen=True, kw_only=True):
    """A table of a report."""

    title: str
    columns: list[ReportColumn]
    rows: list[ReportRow]


class Report(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A report: amounts and quantities are decimal texts.  `agrees` says that its checks hold."""

    report: str
    title: str
    organisation: str
    scope: str
    subject: str
    sender: list[str]
    from_: Annotated[str | None, Meta(description="The first day.")]
    to: str
    agrees: bool | None
    findings: list[str]
    notes: list[str]
    sections: list[ReportSection]


def _stock(call: Call) -> Answer:
    after, most = call.after(int, int), call.limit
    rows = standing.stock(call.office, call.text("place"), after, most + 1)
    items = [
        Stock(
            place=one.place, sku=one.sku, name=one.name, unit=one.unit, quantity=plain_quantity(one.quantity)
        )
        for one in rows[:most]
    ]
    following = call.at(rows[most - 1].location_id, rows[most - 1].product_id) if len(rows) > most else ""
    return Answer(StockPage(items=items, next=following or None), following)


def _parties(call: Call) -> Answer:
    after, most, base = call.after(int, str), call.limit, call.office.organisation.currency
    role = PartyRole(call.text("role") or PartyRole.CUSTOMER.value)
    rows = standing.parties(call.office, role, after, most + 1)
    items = [
        PartyBalance(
            party=one.code,
            name=one.name,
            role=role.value,
            currency=one.currency,
            amount=decimal_text(one.amount, currency(one.currency)),
            base_currency=base.code,
            base_amount=decimal_text(one.base_amount, base),
        )
        for one in rows[:most]
    ]
    following = call.at(rows[most - 1].party_id, rows[most - 1].currency) if len(rows) > most else ""
    return Answer(PartyBalancePage(items=items, next=following or None), following)


def _accounts(call: Call) -> Answer:
    after, most, base = call.after(int, str, str), call.limit, call.office.organisation.currency
    rows = standing.accounts(call.office, after, most + 1)
    items = [
        AccountBalance(
            business=one.business,
            account=one.account_code,
            name=one.name,
            currency=one.currency,
            amount=decimal_text(one.amount, currency(one.currency)),
            base_currency=base.code,
            base_amount=decimal_text(one.base_amount, base),
        )
        for one in rows[:most]
    ]
    last = rows[most - 1] if len(rows) > most else None
    following = "" if last is None else call.at(last.business_id, last.account_code, last.currency)
    return Answer(AccountBalancePage(items=items, next=following or None), following)


def _drawers(call: Call) -> Answer:
    after, most = call.after(int, str), call.limit
    rows = standing.drawers(call.office, after, most + 1)
    items = [
        DrawerCash(
            drawer=one.code,
            terminal=one.terminal_no,
            depot=one.depot,
            currency=one.currency,
            amount=decimal_text(one.amount, currency(one.currency)),
        )
        for one in rows[:most]
    ]
    following = call.at(rows[most - 1].drawer_id, rows[most - 1].currency) if len(rows) > most else ""
    return Answer(DrawerCashPage(items=items, next=following or None), following)


def _flags(call: Call) -> Answer:
    after, most = call.after(str, int, int, str), call.limit
    rows = standing.waiting_flags(call.office, after, most + 1)
    items = [
        Flag(
            document_id=str(one.document_id),
            document=one.number,
            kind=one.kind,
            weight=one.weight.value,
            place=one.place,
            sentence=one.sentence.spoken,
            facts=dict(one.facts),
            person=one.person,
            found_at=one.found_at.isoformat(),
        )
        for one in rows[:most]
    ]
    following = call.at(*standing.place_of(rows[most - 1])) if len(rows) > most else ""
    return Answer(FlagPage(items=items, next=following or None), following)


def _today(call: Call) -> Answer:
    seen = today.glance(call.office)

    def part(sold: today.Part) -> TodayPart:
        return TodayPart(
            name=sold.name,
            today=decimal_text(sold.today, seen.money),
            last_week=decimal_text(sold.last_week, seen.money),
        )

    return Answer(
        Today(
            at=seen.at.isoformat(),
            currency=seen.money.code,
            sales=seen.sales,
            sold=decimal_text(seen.sold, seen.money),
            last_week=decimal_text(seen.last_week, seen.money),
            hours=[
                TodayHour(
                    hour=one.hour,
                    today=decimal_text(one.today, seen.money),
                    last_week=decimal_text(one.last_week, seen.money),
                )
                for one in seen.hours
            ],
            businesses=[part(one) for one in seen.businesses],
            depots=[part(one) for one in seen.depots],
            tills=[part(one) for one in seen.tills],
            machines=[
                TodayTill(
                    terminal=one.terminal_no,
                    name=one.name,
                    depot=one.depot,
                    is_open=one.is_open,
                    is_silent=one.is_silent,
                    seen_at=None if one.seen_at is None else one.seen_at.isoformat(),
                    cash={code: decimal_text(amount, currency(code)) for code, amount in one.cash.items()},
                )
                for one in seen.machines
            ],
            alerts=[
                TodayAlert(about=one.about, code=one.sentence.code, sentence=one.sentence.spoken)
                for one in seen.alerts
            ],
            more_alerts=seen.more_alerts,
        )
    )


def _reports(_: Call) -> Answer:
    names = [ReportName(name=name, is_at_a_day=one.is_at_a_day) for name, one in REPORTS.items()]
    return Answer(ReportList(items=names))


def _report(call: Call) -> Answer:
    asked = Asked(
        name=call.path["name"],
        business=call.text("business"),
        first=call.text("from"),
        last=call.text("to"),
        account=call.text("account"),
        party=call.text("party"),
        depot=call.text("depot"),
        till=call.text("till"),
        days=call.text("days"),
        box=call.text("box"),
        by_business=call.flag("by_business"),
    )
    if asked.name not in REPORTS:
        call.found(lambda: asked_report.made(call.office, asked))
    return Answer(report_values(asked_report.made(call.office, asked)))


def operations() -> Sequence[Operation]:
    """Of all figures."""
    role = Parameter(
        "role", "In which role; customer.", {"type": "string", "enum": [one.value for one in standing.ROLES]}
    )
    place = Parameter("place", "At this place, by code.")
    said = (
        Parameter("from", "The first day; that of the report where nothing is said.", DAY),
        Parameter("to", "The last day; today.", DAY),
        Parameter("business", "Of one business, by code; of all."),
        Parameter("account", "Which account: of the ledger of an account."),
        Parameter("party", "Which party: of the statement of a party."),
        Parameter("depot", "Of one depot, by code: of the reports that go by it."),
        Parameter("till", "Of one till, by its number: of the reports that go by it."),
        Parameter("days", "So long without a sale: of slow stock."),
        Parameter("box", "A box of a tax return: of tax-lines."),
        Parameter("by_business", "Each business by itself.", FLAG),
    )
    return [
        Operation("GET", "/today", "getToday", "Today at a glance.", _TAG, _today, Today, needs=_SEES),
        Operation("GET", "/stock", "listStock", "Stock on hand, by place and product.", _TAG, _stock,
                  StockPage, needs=_SEES, pages=True, parameters=(place,)),
        Operation("GET", "/balances/parties", "listPartyBalances", "What customers, vendors and others owe.",
                  _TAG, _parties, PartyBalancePage, needs=_SEES, pages=True, parameters=(role,)),
        Operation("GET", "/balances/accounts", "listAccountBalances", "What stands on every account.", _TAG,
                  _accounts, AccountBalancePage, needs=_SEES, pages=True),
        Operation("GET", "/balances/drawers", "listDrawerCash", "What every drawer should hold.", _TAG,
                  _drawers, DrawerCashPage, needs=_SEES, pages=True),
        Operation("GET", "/flags", "listFlags", "What is odd and nobody has looked at, oldest first.", _TAG,
                  _flags, FlagPage, needs=_SEES, pages=True),
        Operation("GET", "/reports", "listReports", "Which reports there are.", _TAG, _reports, ReportList,
                  needs=_SEES),
        Operation("GET", "/reports/{name}", "getReport", "A report.", _TAG, _report, Report, needs=_SEES,
                  parameters=said),
    ]  # fmt: skip
