"""Sales by product, hour and cashier, and their totals by business, day and tender; in base currency.

A refund, a credit note and a void count against the sales of the day on which they happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.money import grouped_text
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.rounding import rounded_once
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Leads,
    Report,
    Row,
    RowKind,
    Section,
    heading,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import chart_of_accounts, sales
from pos_app.store.report_queries.sales import QUARTER_S, Sold

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
    return rounded_once(any(one.rate_micro != RATE_ONE for one in groups))


def _money(question: Question) -> tuple[Column, Column, Column]:
    return (
        money(printed("Net"), question.base),
        money(printed("Tax"), question.base),
        money(printed("Total"), question.base),
    )


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
        return ("", printed("Unknown")) if own is None else (own.code, own.name)

    columns = (
        Column(printed("Code")),
        Column(printed("Product")),
        Column(printed("Unit")),
        Column(printed("Quantity"), CellKind.QUANTITY),
        money(printed("Discount"), question.base),
        *_money(question),
    )
    rows: list[Row] = []
    order = sorted(sums, key=lambda one: (business_of(one), -sums[one].net, one or 0))
    for (_, title), ids in groupby(order, key=business_of):
        own = []
        for product_id in ids:
            one, product = sums[product_id], products.get(product_id)
            name = (
                (product.sku, product.name, product.unit)
                if product
                else ("", printed("Product {number}", number=product_id), "")
            )
            to = opens(Leads.PRODUCT, {"code": product.sku}) if product else None
            own.append(Row((*name, one.quantity, one.discount, *one.amounts()), opens=to))
        rows += [heading(title, len(columns)), *own]
        rows.append(
            _without_quantity(summed(own, ("", printed("Total {title}", title=title), ""), RowKind.SUBTOTAL))
        )
    rows.append(
        _without_quantity(
            summed(rows, ("", printed("Total"), ""))
            if rows
            else Row(("", printed("Total"), "", None, 0, 0, 0, 0), RowKind.TOTAL)
        )
    )
    section = Section("", columns, tuple(rows))
    return question.report("sales-by-product", printed("Sales by product"), [section], notes=_notes(groups))


def _without_quantity(row: Row) -> Row:
    """Pieces and kilograms have no sum."""
    return replace(row, cells=(*row.cells[:3], None, *row.cells[4:]))


def sales_by_hour(question: Question) -> Report:
    """Each hour of the day, by the clocks of the organisation, all days of the period together."""
    groups = sales.by_quarter(question.connection, question.scope)
    sums = _summed(groups, lambda one: _local(question, one.key).hour)
    hours = range(min(sums), max(sums) + 1) if sums else range(0)
    columns = (Column(printed("Hour")), Column(printed("Documents"), CellKind.NUMBER), *_money(question))
    rows = [
        Row((_hour_words(hour), one.documents, *one.amounts()))
        for hour, one in ((hour, sums.get(hour, _Sum())) for hour in hours)
    ]
    section = Section("", columns, (*rows, _total(rows, (printed("Total"),), 4)))
    return question.report("sales-by-hour", printed("Sales by hour"), [section], notes=_notes(groups))


def _hour_words(hour: int) -> str:
    return printed("{from_hour}:00 to {to_hour}:59", from_hour=f"{hour:02d}", to_hour=f"{hour:02d}")


def sales_by_cashier(question: Question) -> Report:
    """Each person who recorded sales."""
    connection = question.connection
    groups = sales.by_person(connection, question.scope)
    people = chart_of_accounts.people(connection, question.org_id)
    sums = _summed(groups, lambda one: one.key)
    columns = (
        Column(printed("Code")),
        Column(printed("Person")),
        Column(printed("Documents"), CellKind.NUMBER),
        money(printed("Discount"), question.base),
        *_money(question),
    )
    rows = []
    for person_id in sorted(sums, key=lambda one: (-sums[one].net, one)):
        one, person = sums[person_id], people.get(person_id)
        name = (person.code, person.name) if person else ("", printed("Person {number}", number=person_id))
        rows.append(Row((*name, one.documents, one.discount, *one.amounts())))
    section = Section("", columns, (*rows, _total(rows, ("", printed("Total")), 5)))
    return question.report("sales-by-cashier", printed("Sales by cashier"), [section], notes=_notes(groups))


def sales_totals(question: Question) -> Report:
    """By business, by day, and what was tendered."""
    connection, scope = question.connection, question.scope
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    groups = sales.by_quarter(connection, scope)
    by_business = _summed(sales.by_business(connection, scope), lambda one: one.key)
    by_day = _summed(groups, lambda one: _local(question, one.key).date())
    rows = [
        Row(
            (
                businesses[key].name if key in businesses else printed("Business {number}", number=key),
                *one.amounts(),
            )
        )
        for key, one in sorted(
            by_business.items(),
            key=lambda item: list(businesses).index(item[0]) if item[0] in businesses else -1,
        )
    ]
    columns = (Column(printed("Business")), *_money(question))
    sections = [Section(printed("By business"), columns, (*rows, _total(rows, (printed("Total"),), 3)))]
    days = [
        Row((day, one.documents, *one.amounts()), opens=opens(Leads.DOCUMENTS, {"from": day, "to": day}))
        for day, one in sorted(by_day.items())
    ]
    day_columns = (
        Column(printed("Day"), CellKind.DATE),
        Column(printed("Documents"), CellKind.NUMBER),
        *_money(question),
    )
    sections.append(Section(printed("By day"), day_columns, (*days, _total(days, (printed("Total"),), 4))))
    findings: list[str] = []
    sections += _no_sale(question)
    if question.business is None:
        sections += _tenders(question)
        findings = _against_documents(question, groups)
    return question.report(
        "sales-totals", printed("Sales totals"), sections, notes=_notes(groups), findings=findings
    )


def _local(question: Question, quarter: int) -> datetime:
    """The beginning of a quarter of an hour on the clocks of the organisation."""
    return question.period.local(_EPOCH + timedelta(seconds=int(quarter) * QUARTER_S))


def _total(rows: list[Row], label: tuple[Cell, ...], numbers: int) -> Row:
    return summed(rows, label) if rows else Row((*label, *(0 for _ in range(numbers))), RowKind.TOTAL)


def _no_sale(question: Question) -> list[Section]:
    """Deposits and vouchers: on the receipts, and no income."""
    found = sales.no_sale(question.connection, question.scope)
    sections = []
    for code in sorted({one.currency for one in found}):
        own = currency(code)
        columns = (
            Column(printed("No sale")),
            money(printed("Taken"), own),
            money(printed("Handed back"), own),
        )
        words = {DEPOSIT_CODE: printed("Deposits"), VOUCHER_CODE: printed("Vouchers")}
        rows = [Row((words[one.code], one.taken, one.back)) for one in found if one.currency == code]
        sections.append(Section(printed("No sale, {currency}", currency=code), columns, tuple(rows)))
    return sections


def _tender_words(kind: str) -> str:
    return {
        "cash": printed("Cash"),
        "mpesa": printed("Mpesa"),
        "account": printed("Account"),
        "bank": printed("Bank"),
        "card": printed("Card"),
        "voucher": printed("Voucher"),
    }.get(kind) or kind.capitalize()


def _tenders(question: Question) -> list[Section]:
    """What was taken and handed back, kind by kind, in the currency of the documents."""
    sections = []
    found = sales.tenders(question.connection, question.scope)
    for code, group in groupby(
        sorted(found, key=lambda one: (one.currency, one.kind)), key=lambda one: one.currency
    ):
        own = currency(code)
        columns = (
            Column(printed("Tender")),
            money(printed("Taken"), own),
            money(printed("Change"), own),
            money(printed("Handed back"), own),
            money(printed("Kept"), own),
        )
        rows = [
            Row((_tender_words(one.kind), one.taken, one.change, one.back, one.taken + one.change + one.back))
            for one in group
        ]
        sections.append(
            Section(
                printed("Tenders, {currency}", currency=code),
                columns,
                (*rows, summed(rows, (printed("Total"),))),
            )
        )
    return sections


def _against_documents(question: Question, groups: list[Sold]) -> list[str]:
    """Lines come to the totals of their documents, and those of sales and refunds to the tenders."""
    lines: dict[str, int] = defaultdict(int)
    for one in groups:
        lines[one.currency] += one.net + one.tax
    for apart in sales.no_sale(question.connection, question.scope):
        lines[apart.currency] += apart.taken + apart.back
    kept: dict[str, int] = defaultdict(int)
    for tender in sales.tenders(question.connection, question.scope):
        kept[tender.currency] += tender.taken + tender.change + tender.back
    findings = []
    for code, (total, at_the_till) in sales.document_totals(question.connection, question.scope).items():
        own = currency(code)
        if total != lines[code]:
            findings.append(
                printed(
                    "The lines come to {currency} {lines}, their documents to {documents}.",
                    currency=code,
                    lines=grouped_text(lines[code], own),
                    documents=grouped_text(total, own),
                )
            )
        if at_the_till != kept[code]:
            findings.append(
                printed(
                    "The tenders come to {currency} {kept}, the sales and refunds to {total}.",
                    currency=code,
                    kept=grouped_text(kept[code], own),
                    total=grouped_text(at_the_till, own),
                )
            )
    return findings
