"""Sales by product, hour and cashier, and their totals by business, day and tender; in base currency.

A refund, a credit note and a void count against the sales of the day on which they happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from pos_app.ledger.currency import currency
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Report,
    Row,
    RowKind,
    Section,
    heading,
    money,
    summed,
)
from pos_app.store.report_queries import chart_of_accounts, sales
from pos_app.store.report_queries.sales import QUARTER_S, Sold

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CONVERTED: Final = (
    "Documents in other currencies are converted at their own rates; each sum is rounded once, so that"
    " it can be a cent away from the revenue accounts.",
)


@dataclass(frozen=True)
class _Sum:
    """Sums of groups in base currency; `quantity` in thousandths."""

    documents: int = 0
    quantity: int = 0
    discount: int = 0
    net: int = 0
    tax: int = 0

    def plus(self, sold: Sold) -> "_Sum":
        """With one group more, converted at its rate."""
        return _Sum(
            self.documents + sold.documents,
            self.quantity + sold.quantity,
            self.discount + worth_of(sold.discount, sold.rate_micro),
            self.net + worth_of(sold.net, sold.rate_micro),
            self.tax + worth_of(sold.tax, sold.rate_micro),
        )

    def amounts(self) -> tuple[int, int, int]:
        """Net, tax and both."""
        return self.net, self.tax, self.net + self.tax


def _summed(groups: Iterable[Sold], key: Callable[[Sold], Any]) -> dict[Any, _Sum]:
    """By what `key` makes of each group.  Groups of equal rate come together before they are converted."""
    joined: dict[tuple[Any, str, int], list[Sold]] = defaultdict(list)
    for one in groups:
        joined[key(one), one.currency, one.rate_micro].append(one)
    found: dict[Any, _Sum] = defaultdict(_Sum)
    for (name, code, rate), ones in joined.items():
        whole = Sold(
            name, code, rate, *(sum(values) for values in zip(*(one[3:] for one in ones), strict=True))
        )
        found[name] = found[name].plus(whole)
    return found


def _notes(groups: Iterable[Sold]) -> tuple[str, ...]:
    return _CONVERTED if any(one.rate_micro != RATE_ONE for one in groups) else ()


def _money(question: Question) -> tuple[Column, Column, Column]:
    return money("Net", question.base), money("Tax", question.base), money("Total", question.base)


def sales_by_product(question: Question) -> Report:
    """Each product of each business, with how much of it was sold."""
    connection = question.connection
    groups = sales.by_product(connection, question.scope)
    products = sales.products(connection, question.org_id)
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    sums = _summed(groups, lambda one: one.key)

    def business_of(product_id: int) -> tuple[str, str]:
        one = products.get(product_id)
        own = None if one is None else businesses.get(one.business_id)
        return ("", "Unknown") if own is None else (own.code, own.name)

    columns = (
        Column("Code"),
        Column("Product"),
        Column("Unit"),
        Column("Quantity", CellKind.QUANTITY),
        money("Discount", question.base),
        *_money(question),
    )
    rows: list[Row] = []
    order = sorted(sums, key=lambda one: (business_of(one), -sums[one].net, one or 0))
    for (_, title), ids in groupby(order, key=business_of):
        own = []
        for product_id in ids:
            one, product = sums[product_id], products.get(product_id)
            name = (product.sku, product.name, product.unit) if product else ("", f"Product {product_id}", "")
            own.append(Row((*name, one.quantity, one.discount, *one.amounts())))
        rows += [heading(title, len(columns)), *own]
        rows.append(_without_quantity(summed(own, ("", f"Total {title}", ""), RowKind.SUBTOTAL)))
    rows.append(
        _without_quantity(
            summed(rows, ("", "Total", ""))
            if rows
            else Row(("", "Total", "", None, 0, 0, 0, 0), RowKind.TOTAL)
        )
    )
    section = Section("", columns, tuple(rows))
    return question.report("sales-by-product", "Sales by product", [section], notes=_notes(groups))


def _without_quantity(row: Row) -> Row:
    """Pieces and kilograms have no sum."""
    return replace(row, cells=(*row.cells[:3], None, *row.cells[4:]))


def sales_by_hour(question: Question) -> Report:
    """Each hour of the day, by the clocks of the organisation, all days of the period together."""
    groups = sales.by_quarter(question.connection, question.scope)
    sums = _summed(groups, lambda one: _local(question, one.key).hour)
    hours = range(min(sums), max(sums) + 1) if sums else range(0)
    columns = (Column("Hour"), Column("Documents", CellKind.NUMBER), *_money(question))
    rows = [
        Row((f"{hour:02d}:00 to {hour:02d}:59", one.documents, *one.amounts()))
        for hour, one in ((hour, sums.get(hour, _Sum())) for hour in hours)
    ]
    section = Section("", columns, (*rows, _total(rows, ("Total",), 4)))
    return question.report("sales-by-hour", "Sales by hour", [section], notes=_notes(groups))


def sales_by_cashier(question: Question) -> Report:
    """Each person who recorded sales."""
    connection = question.connection
    groups = sales.by_person(connection, question.scope)
    people = chart_of_accounts.people(connection, question.org_id)
    sums = _summed(groups, lambda one: one.key)
    columns = (
        Column("Code"),
        Column("Person"),
        Column("Documents", CellKind.NUMBER),
        money("Discount", question.base),
        *_money(question),
    )
    rows = []
    for person_id in sorted(sums, key=lambda one: (-sums[one].net, one)):
        one, person = sums[person_id], people.get(person_id)
        name = (person.code, person.name) if person else ("", f"Person {person_id}")
        rows.append(Row((*name, one.documents, one.discount, *one.amounts())))
    section = Section("", columns, (*rows, _total(rows, ("", "Total"), 5)))
    return question.report("sales-by-cashier", "Sales by cashier", [section], notes=_notes(groups))


def sales_totals(question: Question) -> Report:
    """By business, by day, and what was tendered."""
    connection, scope = question.connection, question.scope
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    groups = sales.by_quarter(connection, scope)
    by_business = _summed(sales.by_business(connection, scope), lambda one: one.key)
    by_day = _summed(groups, lambda one: _local(question, one.key).date())
    rows = [
        Row((businesses[key].name if key in businesses else f"Business {key}", *one.amounts()))
        for key, one in sorted(
            by_business.items(),
            key=lambda item: list(businesses).index(item[0]) if item[0] in businesses else -1,
        )
    ]
    columns = (Column("Business"), *_money(question))
    sections = [Section("By business", columns, (*rows, _total(rows, ("Total",), 3)))]
    days = [Row((day, one.documents, *one.amounts())) for day, one in sorted(by_day.items())]
    day_columns = (Column("Day", CellKind.DATE), Column("Documents", CellKind.NUMBER), *_money(question))
    sections.append(Section("By day", day_columns, (*days, _total(days, ("Total",), 4))))
    findings: list[str] = []
    if question.business is None:
        sections += _tenders(question)
        findings = _against_documents(question, groups)
    return question.report("sales-totals", "Sales totals", sections, notes=_notes(groups), findings=findings)


def _local(question: Question, quarter: int) -> datetime:
    """The beginning of a quarter of an hour on the clocks of the organisation."""
    return question.period.local(_EPOCH + timedelta(seconds=int(quarter) * QUARTER_S))


def _total(rows: list[Row], label: tuple[Cell, ...], numbers: int) -> Row:
    return summed(rows, label) if rows else Row((*label, *(0 for _ in range(numbers))), RowKind.TOTAL)


def _tenders(question: Question) -> list[Section]:
    """What was taken and handed back, kind by kind, in the currency of the documents."""
    sections = []
    found = sales.tenders(question.connection, question.scope)
    for code, group in groupby(
        sorted(found, key=lambda one: (one.currency, one.kind)), key=lambda one: one.currency
    ):
        own = currency(code)
        columns = (
            Column("Tender"),
            *(money(title, own) for title in ("Taken", "Change", "Handed back", "Kept")),
        )
        rows = [
            Row((one.kind.capitalize(), one.taken, one.change, one.back, one.taken + one.change + one.back))
            for one in group
        ]
        sections.append(Section(f"Tenders, {code}", columns, (*rows, summed(rows, ("Total",)))))
    return sections


def _against_documents(question: Question, groups: list[Sold]) -> list[str]:
    """Lines come to the totals of their documents, and those of sales and refunds to the tenders."""
    lines: dict[str, int] = defaultdict(int)
    for one in groups:
        lines[one.currency] += one.net + one.tax
    kept: dict[str, int] = defaultdict(int)
    for tender in sales.tenders(question.connection, question.scope):
        kept[tender.currency] += tender.taken + tender.change + tender.back
    findings = []
    for code, (total, at_the_till) in sales.document_totals(question.connection, question.scope).items():
        own = currency(code)
        if total != lines[code]:
            findings.append(
                f"The lines come to {code} {grouped_text(lines[code], own)}, their documents to"
                f" {grouped_text(total, own)}."
            )
        if at_the_till != kept[code]:
            findings.append(
                f"The tenders come to {code} {grouped_text(kept[code], own)}, the sales and refunds to"
                f" {grouped_text(at_the_till, own)}."
            )
    return findings
