"""The valuation of stock: quantity, value and average cost of every product of every business.

The values come to the inventory accounts; where they do not, the report says so.
"""

from itertools import groupby

from pos_app.language import printed
from pos_app.ledger.money import divide_half_up, grouped_text
from pos_app.reports.ask.question import Question, as_last_said
from pos_app.reports.model.report import (
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
)
from pos_app.store.report_queries import account_movements, chart_of_accounts, stock_values
from pos_app.store.report_queries.scope import Scope


def stock_valuation(question: Question) -> Report:
    """At the end of the period."""
    connection, base = question.connection, question.base
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    found = stock_values.stock_values(connection, question.scope)
    columns = (
        Column(printed("Code")),
        Column(printed("Product")),
        Column(printed("Unit")),
        Column(printed("Quantity"), CellKind.QUANTITY),
        money(printed("Average cost"), base),
        money(printed("Value"), base),
    )
    rows: list[Row] = []
    by_business: dict[int, int] = {}
    for business_id, group in groupby(found, key=lambda one: one.business_id):
        values = list(group)
        own = [
            Row(
                (
                    one.sku,
                    one.name or printed("Product {number}", number=one.product_id),
                    one.unit,
                    one.quantity,
                    _average(one.value, one.quantity),
                    one.value,
                ),
                opens=opens(Leads.PRODUCT, {"code": one.sku}) if one.sku else None,
            )
            for one in values
        ]
        title = (
            businesses[business_id].name
            if business_id in businesses
            else printed("Business {number}", number=business_id)
        )
        by_business[business_id] = sum(one.value for one in values)
        rows += [heading(title, len(columns)), *own]
        rows.append(
            Row(
                ("", printed("Total {title}", title=title), "", None, None, by_business[business_id]),
                RowKind.SUBTOTAL,
            )
        )
    rows.append(Row(("", printed("Total"), "", None, None, sum(by_business.values())), RowKind.TOTAL))
    findings = [] if question.on_till else _against_accounts(question, by_business)
    return question.report(
        "stock-valuation",
        printed("Stock valuation"),
        [Section("", columns, tuple(rows))],
        notes=(printed("Moving average; what was sold since the last valuation is still in it."),),
        findings=findings,
        till_note=as_last_said(),
    )


def _average(value: int, quantity: int) -> int | None:
    """Minor units for one unit; nothing where there is no quantity to divide by."""
    if not quantity:
        return None
    return divide_half_up(value * 1000 * (1 if quantity > 0 else -1), abs(quantity))


def _against_accounts(question: Question, by_business: dict[int, int]) -> list[str]:
    connection, scope = question.connection, question.scope
    accounts = chart_of_accounts.accounts(connection, question.org_id)
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    whole = Scope(scope.org_id, scope.business_id, None, scope.end)
    booked: dict[int, int] = {}
    for (business_id, code), one in account_movements.movements(connection, whole).items():
        if code in accounts and accounts[code].role == "inventory":
            booked[business_id] = booked.get(business_id, 0) + one.closing
    return [
        printed(
            "{business}: the stock is valued at {value}, its inventory accounts say {booked}.",
            business=businesses[one].name if one in businesses else one,
            value=grouped_text(by_business.get(one, 0), question.base),
            booked=grouped_text(booked.get(one, 0), question.base),
        )
        for one in sorted({*by_business, *booked})
        if by_business.get(one, 0) != booked.get(one, 0)
    ]
