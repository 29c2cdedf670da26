"""M-Pesa by till number: what came in and went out, with every code, and which codes stand on two papers.

Decisions
---------
2026-12-01  A code is doubled where two papers that stand carry it, compared as `ledger.mpesa_code` does: one
message is money once, and one of the two papers was never paid.
"""

from collections import defaultdict
from collections.abc import Iterable

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.mpesa_code import alike
from pos_app.reports.ask.question import Question, kind_words, number_of
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
from pos_app.store.report_queries import chart_of_accounts, mpesa_tenders
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.mpesa_tenders import MpesaTender, PaidTo

#: By account and currency.
_Groups = dict[tuple[str, str], list[MpesaTender]]


def mpesa(question: Question) -> Report:
    """Of the period, each account by itself."""
    connection = question.connection
    found = mpesa_tenders.tenders(connection, question.scope)
    numbers = mpesa_tenders.numbers(connection, question.org_id)
    parties = chart_of_accounts.parties(connection, question.org_id)
    groups: _Groups = defaultdict(list)
    for one in found:
        groups[one.account_code, one.currency].append(one)
    doubled = _doubled(found)
    sections = []
    for code in sorted({code for _, code in groups}):
        own = {account: ones for (account, one), ones in groups.items() if one == code}
        sections.append(_numbers(question, code, own, numbers, doubled))
    for account, code in sorted(groups):
        ones = groups[account, code]
        sections.append(_codes(question, _named(numbers, account, code), ones, parties, doubled))
    notes = (printed("Codes that stand on two papers: {codes}.", codes=len(doubled)),) if doubled else ()
    return question.report("mpesa", printed("M-Pesa by till number"), sections, notes=notes)


def _doubled(tenders: Iterable[MpesaTender]) -> set[str]:
    """The codes, as they are compared, that several standing papers took money by."""
    papers: dict[str, set[int]] = defaultdict(set)
    for one in tenders:
        if one.stands and one.code and one.amount > 0:
            papers[alike(one.code)].add(one.document_id)
    return {code for code, keys in papers.items() if len(keys) > 1}


def _is_doubled(tender: MpesaTender, doubled: set[str]) -> bool:
    return tender.stands and tender.amount > 0 and alike(tender.code) in doubled


def _till(numbers: dict[str, PaidTo], account: str) -> str:
    known = numbers.get(account)
    return "" if known is None else known.till or known.paybill


def _named(numbers: dict[str, PaidTo], account: str, code: str) -> str:
    known = numbers.get(account)
    parts = (_till(numbers, account), known.business if known else "", account, code)
    return ", ".join(one for one in parts if one)


def _numbers(
    question: Question,
    code: str,
    groups: dict[str, list[MpesaTender]],
    numbers: dict[str, PaidTo],
    doubled: set[str],
) -> Section:
    """A row for each number: what came, what went, what it comes to."""
    own, rows = currency(code), []
    for account, ones in sorted(groups.items()):
        known = numbers.get(account)
        came = sum(one.amount for one in ones if one.amount > 0)
        went = sum(one.amount for one in ones if one.amount < 0)
        twice = sum(_is_doubled(one, doubled) for one in ones)
        cells: tuple[Cell, ...] = (_till(numbers, account), known.business if known else "", account)
        asked = question.asked_again(name="account-ledger", account=account)
        row = (*cells, len(ones), came, went, came + went, twice or None)
        rows.append(Row(row, opens=opens(Leads.REPORT, asked)))
    columns = (
        Column(printed("Till number")),
        Column(printed("Business"), grows=True),
        Column(printed("Account")),
        Column(printed("Payments"), CellKind.NUMBER),
        money(printed("Came in"), own),
        money(printed("Went out"), own),
        money(printed("Kept"), own),
        Column(printed("Doubled"), CellKind.NUMBER),
    )
    title = printed("By till number, {currency}", currency=code)
    return Section(title, columns, (*rows, summed(rows, (printed("Total"), "", ""))))


def _codes(
    question: Question,
    title: str,
    ones: list[MpesaTender],
    parties: dict[int, Named],
    doubled: set[str],
) -> Section:
    rows = []
    for one in ones:
        whose = parties[one.party_id].name if one.party_id in parties else ""
        cells = (
            f"{question.period.local(one.occurred_at):%Y-%m-%d %H:%M}",
            one.code,
            number_of(one.number_prefix, one.terminal_no, one.series, one.number),
            kind_words(one.kind, is_void=one.is_void),
            whose,
            one.amount,
            printed("twice") if _is_doubled(one, doubled) else "",
        )
        rows.append(Row(cells, opens=opens(Leads.DOCUMENT, {"key": one.document_id})))
    columns = (
        Column(printed("When")),
        Column(printed("Code")),
        Column(printed("Document")),
        Column(printed("What")),
        Column(printed("Customer"), grows=True),
        money(printed("Amount"), currency(ones[0].currency)),
        Column(printed("Doubled")),
    )
    return Section(title, columns, (*rows, summed(rows, ("", printed("Total"), "", "", ""))))
