"""Kenya's VAT return: what stands on the sheets of form VAT3, by rate, and what is to be paid.

Source: KRA's VAT3 workbook of iTax (sheets B to J), VAT Act 2013.

Decisions
---------
2026-12-01  16 % is the general rate, whatever else is taxed stands under the other rates; zero-rated and
exempt goods have sheets of their own, for the one gives back the tax on its purchases.
"""

from pos_app.language import printed
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.tax import against_accounts, by_code, moved_accounts
from pos_app.reports.ask.tax_return import VAT3, Part, into, notes, parts
from pos_app.reports.model.report import Column, Report, Row, RowKind, Section, money, summed

_SALES, _PURCHASES = ("B", "C", "D", "E"), ("F", "G", "H", "I", "J")


def vat3(question: Question) -> Report:
    """Of the period."""
    own = parts(question)
    sections = [
        _section(question, printed("Sales"), _SALES, own),
        _section(question, printed("Purchases"), _PURCHASES, own),
        _due(question, own),
    ]
    findings = against_accounts(question, by_code(question), moved_accounts(question))
    return question.report(
        "vat3",
        printed("VAT return (VAT3)"),
        sections,
        notes=notes(question, "KES", own),
        findings=findings,
    )


def _section(question: Question, title: str, sheets: tuple[str, ...], own: list[Part]) -> Section:
    words = _words()
    rows = [
        Row(
            (sheet, words[sheet], VAT3[f"vat3-{sheet}"].of(own), VAT3[f"vat3-{sheet}"].tax_of(own)),
            opens=into(question, f"vat3-{sheet}"),
        )
        for sheet in sheets
    ]
    columns = (
        Column(printed("Sheet")),
        Column(printed("What stands on it"), grows=True),
        money(printed("Taxable value"), question.base),
        money(printed("VAT"), question.base),
    )
    return Section(title, columns, (*rows, summed(rows, ("", printed("Total")))))


def _due(question: Question, own: list[Part]) -> Section:
    output = sum(VAT3[f"vat3-{sheet}"].tax_of(own) for sheet in _SALES)
    claimed = sum(VAT3[f"vat3-{sheet}"].tax_of(own) for sheet in _PURCHASES)
    net = output - claimed
    last = printed("To be paid") if net >= 0 else printed("To come back")
    rows = (
        Row((printed("Tax on sales"), output)),
        Row((printed("Tax on purchases"), -claimed)),
        Row((last, net), RowKind.TOTAL),
    )
    columns = (Column(printed("Tax due"), grows=True), money(printed("Amount"), question.base))
    return Section(printed("Tax due"), columns, rows)


def _words() -> dict[str, str]:
    return {
        "B": printed("Sales at the general rate of 16 %"),
        "C": printed("Sales at other rates"),
        "D": printed("Zero-rated sales"),
        "E": printed("Exempt sales"),
        "F": printed("Purchases at the general rate of 16 %"),
        "G": printed("Purchases at other rates"),
        "H": printed("Zero-rated purchases"),
        "I": printed("Exempt purchases"),
        "J": printed("Services bought abroad"),
    }
