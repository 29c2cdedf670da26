"""VAT figures: what goes on a return, by rate and treatment, with what credit notes took back, by business.

Decisions
---------
2026-12-01  What is zero-rated is told apart from what is exempt, though neither has tax: the one gives back
the tax on its purchases and the other does not, and a return has a box for each.

2026-12-01  A void counts against what it takes back, a refund and a credit note as credits: the office asks
for the sales before them and for the adjustment.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pos_app.language import printed
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.tax import TaxSums, against_accounts, by_code, moved_accounts, rate_text
from pos_app.reports.model.report import (
    Column,
    Leads,
    Report,
    Row,
    RowKind,
    Section,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import chart_of_accounts, tax_treatments
from pos_app.store.report_queries.sales import SOLD

#: What takes back what was taxed before.
_CREDITS: Final = ("refund", "credit_note", "vendor_credit")
_TAXABLE, _ZERO, _EXEMPT, _OUTSIDE = range(4)


@dataclass
class _Box:
    """What stands in one box of a return: net and tax before credits, and what these took off."""

    net: int = 0
    tax: int = 0
    credited_net: int = 0
    credited_tax: int = 0

    def cells(self) -> tuple[int, int, int, int, int, int]:
        """As a row has them."""
        net, tax = self.net + self.credited_net, self.tax + self.credited_tax
        return self.net, self.credited_net, net, self.tax, self.credited_tax, tax


#: By treatment and rate.
_Boxes = dict[tuple[int, int], _Box]


def vat(question: Question) -> Report:
    """Of the period; of all businesses together each of them too, for each files a return of its own."""
    treatments = tax_treatments.treatments(question.connection, question.org_id)
    codes = by_code(question)
    sales, purchases = _boxes(codes, treatments, is_sale=True), _boxes(codes, treatments, is_sale=False)
    sections = [
        _section(question, printed("Sales"), sales),
        _section(question, printed("Purchases"), purchases),
        _return(question, sales, purchases),
    ]
    if question.business is None:
        sections.append(_businesses(question, treatments))
    findings = against_accounts(question, codes, moved_accounts(question))
    owed = _tax_of(sales) - _tax_of(purchases)
    figures = {"amount": grouped_text(abs(owed), question.base), "currency": question.base.code}
    to_pay = printed("To be paid: {amount} {currency}.", **figures)
    note = to_pay if owed >= 0 else printed("To come back: {amount} {currency}.", **figures)
    return question.report(
        "vat",
        printed("VAT figures"),
        sections,
        notes=(note,),
        findings=findings,
    )


def _boxes(codes: TaxSums, treatments: dict[str, str], *, is_sale: bool) -> _Boxes:
    found: _Boxes = defaultdict(_Box)
    for (kind, code, rate), one in codes.items():
        if (kind in SOLD) != is_sale:
            continue
        box = found[_treated(treatments.get(code, ""), rate), rate]
        if kind in _CREDITS:
            box.credited_net, box.credited_tax = box.credited_net + one.net, box.credited_tax + one.tax
        else:
            box.net, box.tax = box.net + one.net, box.tax + one.tax
    return dict(found)


def _treated(treatment: str, rate: int) -> int:
    if rate:
        return _TAXABLE
    if treatment == "exempt":
        return _EXEMPT
    return _ZERO if treatment in ("zero", "inclusive", "exclusive") else _OUTSIDE


def _words(treated: int) -> str:
    return (printed("Taxable"), printed("Zero-rated"), printed("Exempt"), printed("Outside the tax"))[treated]


def _tax_of(boxes: _Boxes) -> int:
    return sum(box.tax + box.credited_tax for box in boxes.values())


def _section(question: Question, title: str, boxes: _Boxes) -> Section:
    base = question.base
    columns = (
        Column(printed("Supply"), grows=True),
        Column(printed("Rate")),
        money(printed("Net before credits"), base),
        money(printed("Credits"), base),
        money(printed("Net"), base),
        money(printed("Tax before credits"), base),
        money(printed("Tax credited"), base),
        money(printed("Tax"), base),
    )
    to = opens(Leads.REPORT, question.asked_again(name="tax"))
    rows = [
        Row((_words(treated), rate_text(rate), *box.cells()), opens=to)
        for (treated, rate), box in sorted(boxes.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]
    whole = (
        summed(rows, (printed("Total"), ""))
        if rows
        else Row((printed("Total"), "", 0, 0, 0, 0, 0, 0), RowKind.TOTAL)
    )
    return Section(title, columns, (*rows, whole))


def _net_of(boxes: _Boxes, treated: int) -> int:
    return sum(box.net + box.credited_net for (one, _), box in boxes.items() if one == treated)


def _return(question: Question, sales: _Boxes, purchases: _Boxes) -> Section:
    """Box by box, with credits taken off."""
    accounts = chart_of_accounts.accounts(question.connection, question.org_id)

    def ledger(role: str) -> dict[str, str]:
        code = next((code for code, one in accounts.items() if one.role == role), "")
        return question.asked_again(name="account-ledger", account=code)

    owed = _tax_of(sales) - _tax_of(purchases)
    boxes = (
        (printed("Taxable sales"), _net_of(sales, _TAXABLE)),
        (printed("Zero-rated sales"), _net_of(sales, _ZERO)),
        (printed("Exempt sales"), _net_of(sales, _EXEMPT)),
        (printed("Taxable purchases"), _net_of(purchases, _TAXABLE)),
    )
    rows = [Row(one) for one in boxes]
    output = opens(Leads.REPORT, ledger("tax_payable"))
    rows.append(Row((printed("Tax on sales"), _tax_of(sales)), opens=output))
    rows.append(
        Row(
            (printed("Tax on purchases"), -_tax_of(purchases)), opens=opens(Leads.REPORT, ledger("input_tax"))
        )
    )
    last = printed("To be paid") if owed >= 0 else printed("To come back")
    rows.append(Row((last, owed), RowKind.TOTAL))
    columns = (Column(printed("On the return"), grows=True), money(printed("Amount"), question.base))
    return Section(printed("Return"), columns, tuple(rows))


def _businesses(question: Question, treatments: dict[str, str]) -> Section:
    base = question.base
    rows = []
    for business in chart_of_accounts.businesses(question.connection, question.org_id).values():
        own = replace(question, business=business)
        codes = by_code(own)
        sales = _boxes(codes, treatments, is_sale=True)
        purchases = _boxes(codes, treatments, is_sale=False)
        cells = (
            *(_net_of(sales, one) for one in (_TAXABLE, _ZERO, _EXEMPT)),
            _tax_of(sales),
            _net_of(purchases, _TAXABLE),
            _tax_of(purchases),
            _tax_of(sales) - _tax_of(purchases),
        )
        to = opens(Leads.REPORT, own.asked_again(name="vat"))
        rows.append(Row((business.code, business.name, *cells), opens=to))
    columns = (
        Column(printed("Code")),
        Column(printed("Business"), grows=True),
        *_money_columns(
            question, (printed("Taxable sales"), printed("Zero-rated sales"), printed("Exempt sales"))
        ),
        money(printed("Tax on sales"), base),
        money(printed("Taxable purchases"), base),
        money(printed("Tax on purchases"), base),
        money(printed("To be paid"), base),
    )
    total = (
        summed(rows, ("", printed("Total")))
        if rows
        else Row(("", printed("Total"), *(0,) * 7), RowKind.TOTAL)
    )
    return Section(printed("By business"), columns, (*rows, total))


def _money_columns(question: Question, titles: Iterable[str]) -> tuple[Column, ...]:
    return tuple(money(title, question.base) for title in titles)
