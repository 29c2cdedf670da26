"""What each till and each cashier sold, took back, voided and let off; in base currency, tax included.

A refund, a credit note and a void count against the day on which they happened, and against who recorded
them: who voids a colleague's sale has the void.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pos_app.language import printed
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.money import divide_half_up
from pos_app.reports.ask.question import Question, till_words
from pos_app.reports.ask.rounding import rounded_once
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Leads,
    Opens,
    Report,
    Row,
    RowKind,
    Section,
    money,
    opens,
)
from pos_app.store.report_queries import chart_of_accounts, takings
from pos_app.store.report_queries.takings import BACK, GIVEN, VOIDED, Deeds


@dataclass
class _Taken:
    """Of one till or person, or of all: documents and amounts by deed, and what was let off."""

    documents: dict[str, int]
    amounts: dict[str, int]
    discount: int = 0

    @property
    def kept(self) -> int:
        """What is left of the sales."""
        return sum(self.amounts.values())

    def cells(self) -> tuple[Cell, ...]:
        """As a row has them after the names."""
        sales, amount = self.documents[GIVEN], self.amounts[GIVEN]
        return (
            sales,
            amount,
            divide_half_up(amount, sales) if sales and amount >= 0 else None,
            self.documents[BACK],
            self.amounts[BACK],
            self.documents[VOIDED],
            self.amounts[VOIDED],
            self.discount,
            self.kept,
        )


def sales_by_till(question: Question) -> Report:
    """Each till, and the office, that recorded sales."""
    names = chart_of_accounts.tills(question.connection, question.org_id)

    def named(number: int) -> tuple[tuple[Cell, ...], Opens | None]:
        asked = question.asked_again(name="cashiers", till=str(number))
        return (till_words(number, names.get(number, "")),), opens(Leads.REPORT, asked)

    found = takings.by_till(question.connection, question.scope)
    section = _section(question, (Column(printed("Till"), grows=True),), found, named)
    title = printed("Sales by till")
    return question.report("sales-by-till", title, [section], notes=rounded_once(_rates(found)))


def cashiers(question: Question) -> Report:
    """Each person who recorded sales, refunds or voids of them."""
    people = chart_of_accounts.people(question.connection, question.org_id)

    def named(key: int) -> tuple[tuple[Cell, ...], Opens | None]:
        person = people.get(key)
        if person is None:
            return ("", printed("Person {number}", number=key)), None
        days = {name: day for name, day in question.asked_again().items() if name != "business"}
        asked = {**days, "person": person.code}
        if question.depot is not None:
            asked["depot"] = question.depot.code
        return (person.code, person.name), opens(Leads.DOCUMENTS, asked)

    found = takings.by_person(question.connection, question.scope)
    who = (Column(printed("Code")), Column(printed("Person"), grows=True))
    section = _section(question, who, found, named)
    return question.report("cashiers", printed("Cashiers"), [section], notes=rounded_once(_rates(found)))


def _rates(deeds: Iterable[Deeds]) -> bool:
    return any(one.rate_micro != RATE_ONE for one in deeds)


def _section(
    question: Question,
    who: tuple[Column, ...],
    deeds: Iterable[Deeds],
    named: Callable[[int], tuple[tuple[Cell, ...], Opens | None]],
) -> Section:
    taken: dict[int, _Taken] = defaultdict(_nothing)
    whole = _nothing()
    for one in deeds:
        gross, discount = worth_of(one.gross, one.rate_micro), worth_of(one.discount, one.rate_micro)
        for sums in (taken[one.key], whole):
            sums.documents[one.deed] += one.documents
            sums.amounts[one.deed] += gross
            sums.discount += discount
    rows = []
    for key in sorted(taken, key=lambda each: (-taken[each].kept, each)):
        names, to = named(key)
        rows.append(Row((*names, *taken[key].cells()), opens=to))
    label = (*("" for _ in who[1:]), printed("Total"))
    rows.append(Row((*label, *whole.cells()), RowKind.TOTAL))
    base = question.base
    columns = (
        *who,
        Column(printed("Sales"), CellKind.NUMBER),
        money(printed("Sold"), base),
        money(printed("Average sale"), base),
        Column(printed("Refunds"), CellKind.NUMBER),
        money(printed("Handed back"), base),
        Column(printed("Voids"), CellKind.NUMBER),
        money(printed("Voided"), base),
        money(printed("Discount"), base),
        money(printed("Total"), base),
    )
    return Section("", columns, tuple(rows))


def _nothing() -> _Taken:
    return _Taken(defaultdict(int), defaultdict(int))
