"""Slow stock: what lies on our shelves and was not sold for so many days, and what money lies in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from pos_app.language import printed
from pos_app.ledger.money import divide_half_up
from pos_app.reports.ask.question import Question, as_last_said
from pos_app.reports.model.period import midnight
from pos_app.reports.model.report import (
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
from pos_app.store.report_queries import idle_stock, stock_values
from pos_app.store.report_queries.idle_stock import Moved, OnHand
from pos_app.store.report_queries.stock_values import StockValue

#: Days without a sale where nobody says how many.
USUAL_DAYS: Final = 90


def slow_stock(question: Question) -> Report:
    """At the end of the period, the most money first.  What came within these days is not slow yet."""
    connection, scope = question.connection, question.scope
    days = question.days or USUAL_DAYS
    start = midnight(question.period.last - timedelta(days=days - 1), question.period.zone)
    here = idle_stock.on_hand(connection, scope)
    # Sold anywhere by any of our businesses, or with a depot there: the shelf is what is asked about.
    sold = idle_stock.sold_since(connection, replace(scope, business_id=None, start=start))
    idle = [one for one in here if one.product_id not in sold]
    moved = idle_stock.moved(connection, scope, [one.product_id for one in idle])
    slow = [one for one in idle if one.product_id not in moved or moved[one.product_id].first < start]
    values = stock_values.stock_values(connection, replace(scope, depot_id=None))
    costs = {(one.business_id, one.product_id): one for one in values}
    rows = [_row(question, one, moved.get(one.product_id), costs) for one in slow]
    rows.sort(key=lambda row: (-_number(row.cells[-1]), str(row.cells[0])))
    whole = sum(_number(row.cells[-1]) for row in rows)
    total = Row(("", printed("Total"), "", None, None, None, whole), RowKind.TOTAL)
    columns = (
        Column(printed("Code")),
        Column(printed("Product"), grows=True),
        Column(printed("Unit")),
        Column(printed("On hand"), CellKind.QUANTITY),
        Column(printed("Last sold"), CellKind.DATE),
        Column(printed("Days"), CellKind.NUMBER),
        money(printed("Worth"), question.base),
    )
    return question.report(
        "slow-stock",
        printed("Slow stock"),
        [Section("", columns, (*rows, total))],
        notes=(
            printed("Not sold for {days} days or more, and here for as long.", days=days),
            printed("Worth is at the average cost; what was never valued has none."),
        ),
        till_note=as_last_said(),
    )


def _number(cell: object) -> int:
    return cell if isinstance(cell, int) else 0


def _row(
    question: Question, idle: OnHand, moved: Moved | None, costs: dict[tuple[int, int], StockValue]
) -> Row:
    sold = None if moved is None or moved.sold is None else question.period.local(moved.sold).date()
    cost = costs.get((idle.business_id, idle.product_id))
    worth = None
    if cost is not None and cost.quantity > 0 and cost.value >= 0:
        worth = divide_half_up(cost.value * idle.quantity, cost.quantity)
    idle_for = None if sold is None else (question.period.last - sold).days
    cells = (idle.sku, idle.name, idle.unit, idle.quantity, sold, idle_for, worth)
    return Row(cells, opens=opens(Leads.PRODUCT, {"code": idle.sku}))
