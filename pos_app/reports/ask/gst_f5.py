"""Singapore's GST return: the boxes 1 to 15 of Form F5, each with the documents that make it.

Source: IRAS, "Completing GST return" (boxes as of 2025) and the e-Tax guide "How do I prepare my GST
return?".  The form of today goes on to box 21; docs/tax_papers.md says which boxes a depot never fills.

Decisions
---------
2026-12-01  Box 5 has zero-rated purchases and imports under a scheme (box 9) in it, and neither exempt ones
nor those whose tax is not claimed, as IRAS asks.  Boxes 10 to 12 and 15 are about what no depot does here
(refunds to tourists, relief for bad debts, tax before registration, marketplaces): they stand as nothing.
"""

from pos_app.language import printed
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.tax import against_accounts, by_code, moved_accounts
from pos_app.reports.ask.tax_return import F5, into, notes, parts
from pos_app.reports.model.report import Column, Report, Row, RowKind, Section, money


def gst_f5(question: Question) -> Report:
    """Of the period."""
    own = parts(question)
    amounts = {int(key.rsplit("-", 1)[1]): box.of(own) for key, box in F5.items()}
    amounts |= dict.fromkeys((10, 11, 12, 15), 0)
    amounts[4] = amounts[1] + amounts[2] + amounts[3]
    amounts[8] = amounts[6] - amounts[7]
    rows = [
        Row(
            (str(number), words, amounts[number]),
            RowKind.SUBTOTAL if number in (4, 8) else RowKind.LINE,
            into(question, f"gst-f5-{number}") if f"gst-f5-{number}" in F5 else None,
        )
        for number, words in _words(amounts[8]).items()
    ]
    columns = (Column(printed("Box")), Column(printed("What stands in it"), grows=True))
    section = Section(printed("Form F5"), (*columns, money(printed("Amount"), question.base)), tuple(rows))
    findings = against_accounts(question, by_code(question), moved_accounts(question))
    return question.report(
        "gst-f5",
        printed("GST return (Form F5)"),
        [section],
        notes=notes(question, "SGD", own),
        findings=findings,
    )


def _words(net: int) -> dict[int, str]:
    return {
        1: printed("Standard-rated supplies"),
        2: printed("Zero-rated supplies"),
        3: printed("Exempt supplies"),
        4: printed("Total supplies (1 + 2 + 3)"),
        5: printed("Taxable purchases"),
        6: printed("Output tax due"),
        7: printed("Input tax and refunds claimed"),
        8: printed("GST to be paid (6 − 7)") if net >= 0 else printed("GST to be claimed (6 − 7)"),
        9: printed("Goods imported under a scheme"),
        10: printed("GST refunded to tourists"),
        11: printed("Relief for bad debts"),
        12: printed("Tax from before registration"),
        13: printed("Revenue"),
        14: printed("Services and goods bought abroad under reverse charge"),
        15: printed("Services sold for others by a marketplace"),
    }
