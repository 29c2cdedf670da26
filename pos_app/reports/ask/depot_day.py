"""The day of a depot: all its tills side by side, what went to the safe, and what is missing, by name.

Decisions
---------
2026-12-01  A shift belongs to the day on which it was closed, and one that is still open at the end of the
day to every day that it lasts: so each close stands in one day, and a till that nobody closed cannot hide.

2026-12-01  "Not arrived" is what a till itself said when it last greeted: so many documents more than the
centre has.  A till that has not spoken since it opened may have more; when it was last heard stands beside.
"""

from datetime import datetime
from typing import NamedTuple

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.drawer import DrawerClose, DrawerOpen
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.reports.ask.drawer_differences import person_words
from pos_app.reports.ask.question import Question, kind_words, till_words
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
from pos_app.store.documents.bank_bags import Bag
from pos_app.store.report_queries import chart_of_accounts, depot_bags, depot_shifts
from pos_app.store.report_queries.depot_shifts import Till


class _Shift(NamedTuple):
    """A shift of the day: closed on it, or open at its end; `began` where the opening was on the day."""

    till: Till
    began: datetime | None
    close: DrawerClose | None = None
    opened: DrawerOpen | None = None


def depot_day(question: Question) -> Report:
    """Of one depot, or of all of them; of one day, or of several one after the other."""
    known = depot_shifts.tills(question.connection, question.org_id)
    if question.depot is not None:
        known = [one for one in known if one.depot_id == question.depot.key]
    if question.till is not None:
        known = [one for one in known if one.terminal_no == question.till]
    shifts = [shift for one in known for shift in _shifts(question, one)]
    idle = [one for one in known if one.terminal_no not in {shift.till.terminal_no for shift in shifts}]
    safe = depot_shifts.safe(question.connection, question.scope)
    bags = depot_bags.of_day(question.connection, question.scope)
    return question.report(
        "depot-day",
        printed("Depot day"),
        [
            _side_by_side(question, shifts, idle),
            *_foreign(question, shifts),
            _safe(question, safe),
            *_bags(question, bags),
        ],
        findings=[*_missing(question, shifts, known), *_bags_missing(question, bags)],
    )


def _shifts(question: Question, till: Till) -> list[_Shift]:
    began: datetime | None = None
    found: list[_Shift] = []
    for one in depot_shifts.turned(question.connection, question.scope, till.terminal_no):
        if isinstance(one, DrawerOpen):
            began = one.occurred_at
        else:
            found.append(_Shift(till, began, close=one))
    last = depot_shifts.standing(question.connection, question.scope, till.terminal_no)
    if isinstance(last, DrawerOpen):
        found.append(_Shift(till, last.occurred_at, opened=last))
    return found


def _side_by_side(question: Question, shifts: list[_Shift], idle: list[Till]) -> Section:
    """Each till with each of its shifts; one that did not work that day is named all the same."""
    base, people = question.base, chart_of_accounts.people(question.connection, question.org_id)
    rows = []
    for shift in shifts:
        close, opened = shift.close, shift.opened
        if close is not None and close.currency != base.code:
            continue
        who = close.person_id if close is not None else opened.person_id if opened is not None else 0
        figures = (
            (close.expected, close.counted, close.counted - close.expected, close.removed)
            if close is not None
            else (_expected(question, opened), 0, 0, 0)
        )
        rows.append(
            Row(
                (
                    till_words(shift.till.terminal_no, shift.till.name),
                    printed("closed") if close is not None else printed("open"),
                    _clock(question, shift.began),
                    _clock(question, close.occurred_at) if close is not None else "",
                    person_words(people, who),
                    *figures,
                    shift.till.missing,
                ),
                opens=None if close is None else opens(Leads.DOCUMENT, {"key": close.document_id}),
            )
        )
    rows += [
        Row(
            (
                till_words(one.terminal_no, one.name),
                printed("not opened"),
                "",
                "",
                "",
                0,
                0,
                0,
                0,
                one.missing,
            )
        )
        for one in idle
    ]
    columns = (
        Column(printed("Till"), grows=True),
        Column(printed("State")),
        Column(printed("Opened")),
        Column(printed("Closed")),
        Column(printed("Person")),
        money(printed("Expected"), base),
        money(printed("Counted"), base),
        money(printed("Difference"), base),
        money(printed("To the safe"), base),
        Column(printed("Not arrived"), CellKind.NUMBER),
    )
    totals = [summed(rows, (printed("Total"), "", "", "", ""))] if rows else []
    return Section(printed("Side by side, {currency}", currency=base.code), columns, (*rows, *totals))


def _expected(question: Question, opened: DrawerOpen | None) -> int:
    """What should lie in a drawer that is open; nothing is known of one that was closed since."""
    if opened is None:
        return 0
    return depot_shifts.cash_now(question.connection, question.org_id, opened) or 0


def _foreign(question: Question, shifts: list[_Shift]) -> list[Section]:
    """What was closed in other money, as text: each line is of a currency of its own."""
    rows = [
        Row(
            (
                till_words(shift.till.terminal_no, shift.till.name),
                close.currency,
                _amount(close.expected, close.currency),
                _amount(close.counted, close.currency),
                _amount(close.counted - close.expected, close.currency),
            )
        )
        for shift in shifts
        if (close := shift.close) is not None and close.currency != question.base.code
    ]
    columns = (
        Column(printed("Till"), grows=True),
        Column(printed("Currency")),
        Column(printed("Expected")),
        Column(printed("Counted")),
        Column(printed("Difference")),
    )
    return [Section(printed("Foreign cash"), columns, tuple(rows))] if rows else []


def _amount(minor: int, code: str) -> str:
    return grouped_text(minor, currency(code))


def _safe(question: Question, moves: list[depot_shifts.SafeMove]) -> Section:
    rows = [Row((kind_words(one.kind), one.times, max(one.amount, 0), max(-one.amount, 0))) for one in moves]
    columns = (
        Column(printed("What"), grows=True),
        Column(printed("Documents"), CellKind.NUMBER),
        money(printed("Into the safe"), question.base),
        money(printed("Out of the safe"), question.base),
    )
    totals = [summed(rows, (printed("Total"),))] if rows else []
    title = printed("The safe, {currency}", currency=question.base.code)
    return Section(title, columns, (*rows, *totals))


def _bags(question: Question, bags: list[Bag]) -> list[Section]:
    """Each bag with its slip: what left the safe in it, and what the bank said of it."""
    people = chart_of_accounts.people(question.connection, question.org_id)
    rows = []
    for one in bags:
        bag, banked = one.bag, one.banked
        both = (bag.person_id, bag.approver_id or 0)
        rows.append(
            Row(
                (
                    bag.bag,
                    printed_number(one.number_prefix, bag.terminal_no, bag.series, bag.number),
                    _clock(question, bag.occurred_at),
                    ", ".join(person_words(people, key) for key in both),
                    bag.currency,
                    _amount(bag.amount, bag.currency),
                    printed("on its way") if banked is None else printed("at the bank"),
                    "" if banked is None else _amount(banked.arrived - bag.amount, bag.currency),
                ),
                opens=opens(Leads.DOCUMENT, {"key": bag.document_id}),
            )
        )
    columns = (
        Column(printed("Bag"), grows=True),
        Column(printed("Slip")),
        Column(printed("Left")),
        Column(printed("Counted by")),
        Column(printed("Currency")),
        Column(printed("Lay in it")),
        Column(printed("State")),
        Column(printed("Difference")),
    )
    return [Section(printed("Bags for the bank"), columns, tuple(rows))] if rows else []


def _bags_missing(question: Question, bags: list[Bag]) -> list[str]:
    """Bags that nobody has said the bank has, and those in which it found another sum."""
    found = []
    for one in bags:
        bag, banked = one.bag, one.banked
        amount = f"{bag.currency} {_amount(bag.amount, bag.currency)}"
        if banked is None:
            at = _clock(question, bag.occurred_at)
            found.append(
                printed(
                    "Bag {bag} with {amount} is on its way to the bank since {at}.",
                    bag=bag.bag, amount=amount, at=at,
                )
            )  # fmt: skip
        elif banked.arrived != bag.amount:
            arrived = f"{bag.currency} {_amount(banked.arrived, bag.currency)}"
            found.append(
                printed(
                    "The bank found {arrived} in bag {bag}, which left with {amount}.",
                    bag=bag.bag, amount=amount, arrived=arrived,
                )
            )  # fmt: skip
    return found


def _missing(question: Question, shifts: list[_Shift], known: list[Till]) -> list[str]:
    """What is missing before the day is done, each by the name of its till."""
    found = []
    for shift in shifts:
        name = till_words(shift.till.terminal_no, shift.till.name)
        if shift.opened is not None:
            found.append(
                printed("{till} is not closed: open since {at}.", till=name, at=_clock(question, shift.began))
            )
    for one in known:
        if one.missing:
            name = till_words(one.terminal_no, one.name)
            seen = _clock(question, one.seen_at) or printed("never")
            found.append(
                printed(
                    "{till} has {number} documents that have not arrived; it was last heard: {at}.",
                    till=name, number=one.missing, at=seen,
                )
            )  # fmt: skip
    return found


def _clock(question: Question, at: datetime | None) -> str:
    """The hour where the page is of that one day, else the day before it."""
    if at is None:
        return ""
    local = question.period.local(at)
    is_that_day = question.period.first == question.period.last == local.date()
    return f"{local:%H:%M}" if is_that_day else f"{local:%Y-%m-%d %H:%M}"
