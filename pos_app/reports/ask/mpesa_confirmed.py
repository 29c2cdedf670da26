"""M-Pesa as its provider confirmed it, against the books: by till number and day, by close, each difference.

Decisions
---------
2026-12-01  A row is of a till number and a day of the shop: what came stands under the day on which it was
paid, what was booked under the day of its document.  So a payment of five to midnight that a sale took at ten
past is no difference: it is matched, wherever its two sides stand.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pos_app.language import printed
from pos_app.ledger.document import document_key
from pos_app.ledger.line import TenderKind
from pos_app.reports.ask.question import Question, number_of, till_words
from pos_app.reports.model.period import midnight
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
from pos_app.store.payments import addresses, matching
from pos_app.store.payments.addresses import Payee
from pos_app.store.payments.matching import ODD, Asked, Figures, Match, Verdict
from pos_app.store.report_queries import chart_of_accounts, drawer_closes

#: So many closes of each till, and differences, stand on it at most.
_MOST_CLOSES: Final = 400
_MOST_ROWS: Final = 5_000
_CAME: Final = tuple(one for one in Verdict if one is not Verdict.MISSING)
_BOOKED: Final = (Verdict.MATCHED, Verdict.AMOUNT, Verdict.NUMBER, Verdict.RETURNED_TAKEN)
_LEFT: Final = (Verdict.OPEN, *ODD)


def mpesa_confirmed(question: Question) -> Report:
    """Of the period; what is missing on either side stands row by row at the end."""
    connection, org_id = question.connection, question.org_id
    payees = dict(addresses.payees(connection, org_id))
    asked = _asked(question, question.period.first or question.period.last, question.period.last)
    is_confirming = matching.is_confirming(connection, org_id)
    rows = [
        *matching.payments(connection, org_id, asked, (Verdict.OPEN, *ODD), _MOST_ROWS),
        *matching.missing(connection, org_id, asked, _MOST_ROWS),
    ]
    notes = [
        printed("Booked is what documents took by a code; what came and nobody took is no sale yet."),
    ]
    if not is_confirming:
        notes.append(printed("No payment was ever confirmed here: connect M-Pesa, and this report begins."))
    if len(rows) >= _MOST_ROWS:
        notes.append(printed("The first {count} differences; ask for fewer days.", count=_MOST_ROWS))
    sections = [_numbers(question, payees), _closes(question), _differences(question, rows, payees)]
    title = printed("M-Pesa confirmed against the books")
    return question.report("mpesa-confirmed", title, sections, notes=tuple(notes))


def _asked(question: Question, first: date, last: date) -> Asked:
    zone = question.period.zone
    return Asked(
        midnight(first, zone),
        midnight(last + timedelta(days=1), zone),
        0 if question.business is None else question.business.key,
        0 if question.depot is None else question.depot.key,
    )


def _days(question: Question) -> Iterator[date]:
    day = question.period.first or question.period.last
    while day <= question.period.last:
        yield day
        day += timedelta(days=1)


def _numbers(question: Question, payees: dict[int, Payee]) -> Section:
    """A row for each till number and day on which anything came or was booked."""
    rows = []
    for day in _days(question):
        asked = _asked(question, day, day)
        found = matching.by_business(question.connection, question.org_id, asked)
        for business_id, figures in sorted(found.items()):
            opens_into = {
                "show": "",
                "from": day.isoformat(),
                "to": day.isoformat(),
                "business": payees[business_id].code if business_id in payees else "",
            }
            cells = (day, *_number(payees.get(business_id)), *_sums(figures))
            rows.append(Row(cells, opens=opens(Leads.PAYMENTS, opens_into)))
    base = question.base
    columns = (
        Column(printed("Day"), CellKind.DATE),
        Column(printed("Till number")),
        Column(printed("Business"), grows=True),
        Column(printed("Payments"), CellKind.NUMBER),
        money(printed("Confirmed"), base),
        money(printed("Of it booked"), base),
        money(printed("Came, not taken"), base),
        money(printed("Typed, not confirmed"), base),
        Column(printed("To look at"), CellKind.NUMBER),
    )
    return Section(printed("By till number and day"), columns, _totalled(rows, (printed("Total"), "", "")))


def _number(payee: Payee | None) -> tuple[str, str]:
    if payee is None:
        return "", ""
    return payee.till or payee.paybill, payee.name


def _sums(figures: Figures) -> tuple[Cell, ...]:
    return (
        figures.count(*_CAME),
        figures.amount(*_CAME),
        figures.amount(*_BOOKED),
        figures.amount(Verdict.OPEN),
        figures.amount(Verdict.MISSING),
        figures.count(*_LEFT) or None,
    )


def _closes(question: Question) -> Section:
    """Each close: what its documents took by M-Pesa, what was found of it, and what was confirmed."""
    connection, org_id = question.connection, question.org_id
    tills = chart_of_accounts.tills(connection, org_id)
    rows = []
    first = question.period.first or question.period.last
    scope = replace(question.scope, start=midnight(first, question.period.zone))
    for close, prefix in drawer_closes.last_closes(connection, scope, _MOST_CLOSES):
        told = next((one for one in close.other_money if one.kind is TenderKind.MPESA), None)
        if close.stretch is None or told is None:
            continue
        low = document_key(close.terminal_no, close.stretch.first_seq)
        confirmed, not_confirmed = matching.of_stretch(connection, org_id, low, close.document_id)
        cells = (
            f"{question.period.local(close.occurred_at):%Y-%m-%d %H:%M}",
            till_words(close.terminal_no, tills.get(close.terminal_no, "")),
            number_of(prefix, close.terminal_no, close.series, close.number),
            told.expected,
            told.counted,
            confirmed,
            not_confirmed,
            told.counted - confirmed,
        )
        rows.append(Row(cells, opens=opens(Leads.DOCUMENT, {"key": close.document_id})))
    base = question.base
    columns = (
        Column(printed("When")),
        Column(printed("Till"), grows=True),
        Column(printed("Document")),
        money(printed("Expected"), base),
        money(printed("Counted"), base),
        money(printed("Confirmed"), base),
        money(printed("Not confirmed"), base),
        money(printed("Difference"), base),
    )
    return Section(printed("Each close"), columns, _totalled(rows, (printed("Total"), "", "")))


def _differences(question: Question, rows: list[Match], payees: dict[int, Payee]) -> Section:
    """What is missing on either side, the oldest first."""
    made = []
    for row in sorted(rows, key=lambda one: one.at):
        paid, document = row.payment, row.document
        key = {"payment": paid.payment_id} if paid is not None else {"document": _key(row)}
        cells = (
            f"{question.period.local(row.at):%Y-%m-%d %H:%M}",
            row.code,
            _number(payees.get(row.business_id))[0],
            _words(row.verdict),
            None if paid is None else paid.amount,
            None if document is None else document.amount,
            "" if document is None else document.number,
            "" if paid is None else paid.who,
        )
        made.append(Row(cells, opens=opens(Leads.PAYMENT, key)))
    base = question.base
    columns = (
        Column(printed("When")),
        Column(printed("Code")),
        Column(printed("Till number")),
        Column(printed("What is wrong"), grows=True),
        money(printed("Confirmed"), base),
        money(printed("Booked"), base),
        Column(printed("Document")),
        Column(printed("Who paid")),
    )
    return Section(
        printed("Missing on either side"), columns, _totalled(made, ("", printed("Total"), "", ""))
    )


def _totalled(rows: list[Row], label: tuple[Cell, ...]) -> tuple[Row, ...]:
    """The rows and their sum; nothing sums up to nothing."""
    return (*rows, summed(rows, label)) if rows else ()


def _key(row: Match) -> int:
    return 0 if row.document is None else row.document.document_id


def _words(verdict: Verdict) -> str:
    return {
        Verdict.OPEN: printed("came, not taken"),
        Verdict.AMOUNT: printed("another amount"),
        Verdict.NUMBER: printed("another till number"),
        Verdict.HELD: printed("waits for a person"),
        Verdict.RETURNED_TAKEN: printed("went back, and is booked"),
        Verdict.MISSING: printed("typed, not confirmed"),
    }.get(verdict, verdict.value)
