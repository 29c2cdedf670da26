"""Deposits owed: what is left on every slip and with every customer, how old it is, and the account of them.

Slips are anybody's who holds them; a deposit that a customer paid as themselves stands with the customer.
Both together are what the liability account holds; where they are not, the report says so.
"""

from collections import defaultdict

from pos_app.language import printed
from pos_app.ledger.chit import text_of
from pos_app.ledger.currency import currency
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question, as_last_said, number_of
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Leads,
    Report,
    Row,
    Section,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import account_movements, chart_of_accounts, deposits, party_lines
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.deposits import Slip

_ROLE = "customer_deposits"


def deposits_owed(question: Question) -> Report:
    """At the end of the period."""
    slips = deposits.slips(question.connection, question.scope)
    parties = chart_of_accounts.parties(question.connection, question.org_id)
    sections, owed = _slips(question, slips, parties), sum(one.base_amount for one in slips)
    of_customers, base = _customers(question, parties)
    sections += of_customers
    findings = []
    if not question.on_till:
        booked, account = _account(question)
        sections += account
        if booked != owed + base:
            findings.append(
                printed(
                    "The slips and the customers come to {found}, the accounts of deposits to {booked}.",
                    found=grouped_text(owed + base, question.base),
                    booked=grouped_text(booked, question.base),
                )
            )
    return question.report(
        "deposits-owed",
        printed("Deposits owed"),
        sections,
        findings=findings,
        till_note=as_last_said(),
    )


def _slips(question: Question, slips: list[Slip], parties: dict[int, Named]) -> list[Section]:
    found = []
    for code in sorted({one.currency for one in slips}):
        own = currency(code)
        rows = [_slip(question, one, parties) for one in slips if one.currency == code]
        columns = (
            Column(printed("Slip")),
            Column(printed("Document")),
            Column(printed("Customer"), grows=True),
            Column(printed("Since"), CellKind.DATE),
            Column(printed("Days"), CellKind.NUMBER),
            money(printed("Owed"), own),
        )
        total = summed(rows, ("", "", printed("Total")), without=frozenset({4}))
        found.append(Section(printed("Slips, {currency}", currency=code), columns, (*rows, total)))
    return found


def _slip(question: Question, slip: Slip, parties: dict[int, Named]) -> Row:
    number = number_of(slip.number_prefix, slip.terminal_no, slip.series, slip.number) if slip.series else ""
    whose = parties[slip.party_id].name if slip.party_id in parties else ""
    since = None if slip.issued_at is None else question.period.local(slip.issued_at).date()
    days = None if since is None else (question.period.last - since).days
    cells = (text_of(PartyRole.DEPOSIT_SLIP, slip.slip), number, whose, since, days, slip.amount)
    return Row(cells, opens=opens(Leads.DOCUMENT, {"key": slip.document_id}) if slip.series else None)


def _customers(question: Question, parties: dict[int, Named]) -> tuple[list[Section], int]:
    """Those with a deposit, by name, and what all of it is worth in base currency."""
    balances = {
        key: one
        for key, one in party_lines.balances(question.connection, question.scope).items()
        if key[0] == PartyRole.DEPOSITOR.value and any(one)
    }
    keys = tuple(sorted({party for _, _, party in balances}))
    moved = deposits.last_moved(question.connection, question.scope, keys)
    groups: dict[str, list[Row]] = defaultdict(list)
    order = sorted(balances, key=lambda key: (parties[key[2]].name if key[2] in parties else "", key[2]))
    for _, code, party in order:
        named = parties.get(party)
        since = question.period.local(moved[party]).date() if party in moved else None
        cells: tuple[Cell, ...] = (
            named.code if named else "",
            named.name if named else printed("Party {number}", number=party),
            since,
            None if since is None else (question.period.last - since).days,
            -balances["depositor", code, party][0],
        )
        asked = {"name": "party-statement", "to": question.period.last.isoformat()}
        to = opens(Leads.REPORT, {**asked, "party": named.code}) if named else None
        groups[code].append(Row(cells, opens=to))
    sections = []
    for code, rows in sorted(groups.items()):
        columns = (
            Column(printed("Code")),
            Column(printed("Customer"), grows=True),
            Column(printed("Last moved"), CellKind.DATE),
            Column(printed("Days"), CellKind.NUMBER),
            money(printed("Owed"), currency(code)),
        )
        total = summed(rows, ("", printed("Total")), without=frozenset({3}))
        sections.append(Section(printed("Customers, {currency}", currency=code), columns, (*rows, total)))
    return sections, -sum(base for _, base in balances.values())


def _account(question: Question) -> tuple[int, list[Section]]:
    """What the accounts of deposits hold, what we owe positive."""
    accounts = chart_of_accounts.accounts(question.connection, question.org_id)
    sums: dict[str, int] = defaultdict(int)
    for (_, code), one in account_movements.movements(question.connection, question.scope).items():
        if code in accounts and accounts[code].role == _ROLE:
            sums[code] -= one.closing
    rows = [
        Row(
            (code, accounts[code].name, amount),
            opens=opens(Leads.REPORT, question.asked_again(name="account-ledger", account=code)),
        )
        for code, amount in sorted(sums.items())
    ]
    if not rows:
        return 0, []
    columns = (
        Column(printed("Code")),
        Column(printed("Account"), grows=True),
        money(printed("Owed"), question.base),
    )
    return sum(sums.values()), [Section(printed("In the books"), columns, tuple(rows))]
