"""Drawer differences: what was expected and what was counted at the last closes of each till, and by whom."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.drawer import DrawerClose
from pos_app.reports.ask.question import Question, number_of, till_words
from pos_app.reports.model.report import (
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
from pos_app.store.report_queries import chart_of_accounts, drawer_closes
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.drawer_closes import Closed

#: So many closes of each till are looked at: a month of days, in which a habit shows.
MOST_CLOSES: Final = 30


def drawer_differences(question: Question) -> Report:
    """Of the last closes until the end of the period, or within it where it has a beginning."""
    found = drawer_closes.last_closes(question.connection, question.scope, MOST_CLOSES)
    people = chart_of_accounts.people(question.connection, question.org_id)
    tills = chart_of_accounts.tills(question.connection, question.org_id)

    def till(close: DrawerClose) -> str:
        return till_words(close.terminal_no, tills.get(close.terminal_no, ""))

    def person(close: DrawerClose) -> str:
        return person_words(people, close.person_id)

    sections = []
    for code in sorted({one.close.currency for one in found}):
        own = [one for one in found if one.close.currency == code]
        sections += [
            _by(printed("By till, {currency}", currency=code), printed("Till"), code, own, till),
            _by(printed("By person, {currency}", currency=code), printed("Person"), code, own, person),
            _each(question, code, own, till, person),
        ]
    return question.report(
        "drawer-differences",
        printed("Drawer differences"),
        sections,
        notes=(printed("The last {most} closes of each till, without those voided.", most=MOST_CLOSES),),
    )


def person_words(people: dict[int, Named], key: int) -> str:
    """Who it was."""
    return people[key].name if key in people else printed("Person {number}", number=key)


def _by(
    title: str, what: str, code: str, closed: Iterable[Closed], key: Callable[[DrawerClose], str]
) -> Section:
    """Of each till or person: how often, and how much was short and over."""
    own = currency(code)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in closed:
        difference = one.close.counted - one.close.expected
        sums[key(one.close)][0] += 1
        sums[key(one.close)][1] += difference != 0
        sums[key(one.close)][2] += min(difference, 0)
        sums[key(one.close)][3] += max(difference, 0)
    order = sorted(sums.items(), key=lambda item: (item[1][2] + item[1][3], item[0]))
    rows = [Row((name, closes, off, short, over, short + over)) for name, (closes, off, short, over) in order]
    columns = (
        Column(what, grows=True),
        Column(printed("Closes"), CellKind.NUMBER),
        Column(printed("With a difference"), CellKind.NUMBER),
        money(printed("Short"), own),
        money(printed("Over"), own),
        money(printed("Difference"), own),
    )
    return Section(title, columns, (*rows, summed(rows, (printed("Total"),))))


def _each(
    question: Question,
    code: str,
    closed: Iterable[Closed],
    till: Callable[[DrawerClose], str],
    person: Callable[[DrawerClose], str],
) -> Section:
    own = currency(code)
    rows = []
    for close, prefix in sorted(closed, key=lambda one: (one.close.occurred_at, one.close.document_id)):
        cells = (
            f"{question.period.local(close.occurred_at):%Y-%m-%d %H:%M}",
            number_of(prefix, close.terminal_no, close.series, close.number),
            till(close),
            person(close),
            close.expected,
            close.counted,
            close.counted - close.expected,
            close.reason,
        )
        rows.append(Row(cells, opens=opens(Leads.DOCUMENT, {"key": close.document_id})))
    columns = (
        Column(printed("When")),
        Column(printed("Document")),
        Column(printed("Till")),
        Column(printed("Person")),
        money(printed("Expected"), own),
        money(printed("Counted"), own),
        money(printed("Difference"), own),
        Column(printed("Reason"), grows=True),
    )
    total = summed(rows, ("", printed("Total"), "", ""))
    return Section(printed("Each close, {currency}", currency=code), columns, (*rows, total))
