"""Margins by business, category and product: what sales came to without tax, less what the goods cost.

Decisions
---------
2026-12-01  The cost is what the centre valued within the period, from the stock ledger, and no price of today
times a quantity: the margins of a year come to its gross profit.  Goods that were sold and not valued yet
stand in a column of their own, because their margin looks too good until they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pos_app.language import printed
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.money import divide_half_up, grouped_text
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
    money,
    opens,
)
from pos_app.store.report_queries import chart_of_accounts, sale_costs, sales
from pos_app.store.report_queries.sale_costs import Cost, Good


@dataclass
class _Margin:
    """Of a product or of several: net and cost in base currency, thousandths sold and not costed."""

    net: int = 0
    cost: int = 0
    quantity: int = 0
    uncosted: int = 0

    def add(self, other: "_Margin") -> None:
        """With another beside it."""
        self.net, self.cost = self.net + other.net, self.cost + other.cost
        self.quantity, self.uncosted = self.quantity + other.quantity, self.uncosted + other.uncosted

    def cells(self) -> tuple[Cell, ...]:
        """Net, cost, margin and its part of the net in tenths of a per cent."""
        margin = self.net - self.cost
        sign = 1 if margin >= 0 else -1
        part = sign * divide_half_up(abs(margin) * 1000, self.net) if self.net > 0 else None
        return self.net, self.cost, margin, part


def margins(question: Question) -> Report:
    """Of the period; a till knows of no costs."""
    sections: list[Section] = []
    findings: list[str] = []
    notes: tuple[str, ...] = ()
    if not question.on_till:
        sections, findings, notes = _found(question)
    return question.report(
        "margins",
        printed("Margins"),
        sections,
        notes=notes,
        findings=findings,
        till_note=printed("What goods cost is worked out at the centre."),
    )


def _found(question: Question) -> tuple[list[Section], list[str], tuple[str, ...]]:
    connection, scope = question.connection, question.scope
    groups = sales.by_product_of_business(connection, scope)
    costs = sale_costs.sale_costs(connection, scope)
    goods = sale_costs.goods(connection, question.org_id)
    found = _margins(groups, costs, goods)
    businesses = chart_of_accounts.businesses(connection, question.org_id)

    def business(key: tuple[int, int | None]) -> str:
        return (
            businesses[key[0]].name if key[0] in businesses else printed("Business {number}", number=key[0])
        )

    def category(key: tuple[int, int | None]) -> str:
        known = goods.get(key[1]) if key[1] is not None else None
        return (known.category if known else "") or printed("(no category)")

    sections = []
    if question.business is None:
        sections.append(_grouped(question, printed("By business"), printed("Business"), found, business))
    sections.append(_grouped(question, printed("By category"), printed("Category"), found, category))
    sections.append(_products(question, found, goods))
    cost, posted = sum(one.cost for one in found.values()), sale_costs.posted(connection, scope)
    findings = []
    if cost != posted:
        findings.append(
            printed(
                "The costs come to {cost}, the accounts of the cost of goods moved by {posted}.",
                cost=grouped_text(cost, question.base),
                posted=grouped_text(posted, question.base),
            )
        )
    valued = printed(
        "Costs are those of stock that was valued in the period; what is not costed has none yet."
    )
    has_other_rates = any(one.rate_micro != RATE_ONE for one in groups)
    return sections, findings, (valued, *rounded_once(has_other_rates))


def _margins(
    groups: Iterable[sales.SoldOf], costs: dict[tuple[int, int], Cost], goods: dict[int, Good]
) -> dict[tuple[int, int | None], _Margin]:
    """By business and product (None: a line that is none)."""
    found: dict[tuple[int, int | None], _Margin] = defaultdict(_Margin)
    for one in groups:
        margin = found[one.business_id, one.product_id]
        margin.net += worth_of(one.net, one.rate_micro)
        margin.quantity += one.quantity
    for (business_id, of_costs), cost in costs.items():
        found[business_id, of_costs].cost += cost.value
    for (business_id, product_id), margin in found.items():
        if product_id is not None and product_id in goods and goods[product_id].stocked:
            costed = costs.get((business_id, product_id), Cost(0, 0)).quantity
            margin.uncosted = margin.quantity - costed
    return dict(found)


def _columns(question: Question) -> tuple[Column, ...]:
    base = question.base
    return (
        money(printed("Net"), base),
        money(printed("Cost"), base),
        money(printed("Margin"), base),
        Column(printed("Margin of net"), CellKind.PERCENT),
    )


def _grouped(
    question: Question,
    title: str,
    what: str,
    margins_of: dict[tuple[int, int | None], _Margin],
    key: Callable[[tuple[int, int | None]], str],
) -> Section:
    sums: dict[str, _Margin] = defaultdict(_Margin)
    for each, margin in margins_of.items():
        sums[key(each)].add(margin)
    order = sorted(sums.items(), key=lambda item: (item[1].cost - item[1].net, item[0]))
    rows = [Row((name, *margin.cells())) for name, margin in order]
    total = Row((printed("Total"), *_whole(margins_of.values()).cells()), RowKind.TOTAL)
    return Section(title, (Column(what, grows=True), *_columns(question)), (*rows, total))


def _whole(margins_of: Iterable[_Margin]) -> _Margin:
    whole = _Margin()
    for one in margins_of:
        whole.add(one)
    return whole


def _products(
    question: Question, margins_of: dict[tuple[int, int | None], _Margin], goods: dict[int, Good]
) -> Section:
    order = sorted(
        margins_of.items(), key=lambda item: (item[1].cost - item[1].net, item[0][1] or 0, item[0][0])
    )
    rows = []
    for (_, product_id), one in order:
        known = goods.get(product_id) if product_id is not None else None
        name = known.name if known else printed("Product {number}", number=product_id)
        cells = (known.sku if known else "", name, one.quantity, *one.cells(), one.uncosted or None)
        rows.append(Row(cells, opens=opens(Leads.PRODUCT, {"code": known.sku}) if known else None))
    columns = (
        Column(printed("Code")),
        Column(printed("Product"), grows=True),
        Column(printed("Quantity"), CellKind.QUANTITY),
        *_columns(question),
        Column(printed("Not costed yet"), CellKind.QUANTITY),
    )
    # Pieces and kilograms have no sum.
    total = ("", printed("Total"), None, *_whole(margins_of.values()).cells(), None)
    return Section(printed("By product"), columns, (*rows, Row(total, RowKind.TOTAL)))
