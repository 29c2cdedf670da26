"""The tax report: net and tax of every code, which must come to what moved on the tax accounts.

Decisions
---------
2026-11-21  A document in another currency posts its tax at its own rate, rounded with the rest of the
document.  Its codes share that posted amount in proportion to their tax, so that the report comes to the
accounts to the last cent; but only where the document's own tax is what it posted, or else a wrong
posting would be shared out and hidden.

2026-11-21  What moves on the tax accounts without a line of a code (the payment to the tax office, an
entry by hand) is no disagreement: it stands below, by kind of document, so that the accounts can be
followed from opening to closing.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from pos_app.language import printed
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.money import divide_half_up, grouped_text
from pos_app.reports.ask.question import Question, kind_words
from pos_app.reports.model.report import Column, Report, Row, RowKind, Section, money, summed
from pos_app.store.report_queries import account_movements, chart_of_accounts, taxes
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import Scope
from pos_app.store.report_queries.taxes import BOUGHT
from pos_app.store.report_queries.taxes import Taxed as TaxedLines


class Taxed(NamedTuple):
    """Net and tax in base currency."""

    net: int
    tax: int


#: By kind of document, code and rate.
TaxSums = dict[tuple[str, str, int], Taxed]


def tax(question: Question) -> Report:
    """Of the period."""
    codes = by_code(question)
    moved = moved_accounts(question)
    sections, sums = [], []
    for title, kinds in ((printed("Tax on sales"), SOLD), (printed("Tax on purchases"), BOUGHT)):
        own = {key: one for key, one in codes.items() if (key[0] in SOLD) == (kinds is SOLD)}
        section, total = _section(question, title, own)
        sections.append(section)
        sums.append(total)
    sections.append(_accounts(question, moved))
    notes = (
        printed(
            "Tax on sales less tax on purchases: {amount} {currency}.",
            amount=grouped_text(sums[0] - sums[1], question.base),
            currency=question.base.code,
        ),
    )
    findings = against_accounts(question, codes, moved)
    return question.report("tax", printed("Tax"), sections, notes=notes, findings=findings)


def moved_accounts(question: Question) -> dict[str, int]:
    """What documents moved on the tax accounts, by kind; debit positive."""
    found = taxes.account_movements(question.connection, question.scope)
    return {one.kind: one.amount for one in found}


def against_accounts(question: Question, codes: TaxSums, moved: dict[str, int]) -> list[str]:
    """Where the documents do not come to what they moved on the tax accounts."""
    findings = []
    for title, kinds, sign in (
        (printed("Tax on sales"), SOLD, -1),
        (printed("Tax on purchases"), BOUGHT, 1),
    ):
        total = sum(one.tax for (kind, _, _), one in codes.items() if kind in kinds)
        posted = sign * sum(moved.get(kind, 0) for kind in kinds)
        if total != posted:
            findings.append(
                printed(
                    "{title}: the documents come to {total}, the tax accounts moved by {posted}.",
                    title=title,
                    total=grouped_text(total, question.base),
                    posted=grouped_text(posted, question.base),
                )
            )
    return findings


def by_code(question: Question) -> TaxSums:
    """By kind, code and rate, in base currency."""
    sums: TaxSums = defaultdict(lambda: Taxed(0, 0))

    def add(taxed: TaxedLines, net: int, amount: int) -> None:
        so_far = sums[taxed.kind, taxed.code, taxed.rate_bp]
        sums[taxed.kind, taxed.code, taxed.rate_bp] = Taxed(so_far.net + net, so_far.tax + amount)

    for one in taxes.in_base(question.connection, question.scope):
        add(one, one.net, one.tax)
    for one, taxed in converted(question):
        add(one, taxed.net, taxed.tax)
    return sums


def converted(question: Question) -> Iterator[tuple[TaxedLines, Taxed]]:
    """Each code of each document in another currency, and what it comes to in base currency."""
    foreign = taxes.in_other_currencies(question.connection, question.scope)
    posted = taxes.posted_in_other_currencies(question.connection, question.scope)
    for document_id, group in groupby(foreign, key=lambda one: one.document_id):
        ones = list(group)
        sign = -1 if ones[0].kind in SOLD else 1
        amount, base_amount = posted.get(document_id, (0, 0))
        shares = _shares(ones, sign * amount, sign * base_amount)
        for one, share in zip(ones, shares, strict=True):
            yield one, Taxed(worth_of(one.net, one.rate_micro), share)


def _shares(ones: list[TaxedLines], amount: int, base_amount: int) -> list[int]:
    """The tax of each code of one document in base currency."""
    total = sum(one.tax for one in ones)
    if total != amount or total == 0:
        return [worth_of(one.tax, one.rate_micro) for one in ones]
    shares, so_far, given = [], 0, 0
    way = 1 if total > 0 else -1
    for one in ones:
        so_far += one.tax
        upto = divide_half_up(way * so_far * base_amount, abs(total))
        shares.append(upto - given)
        given = upto
    return shares


def _section(question: Question, title: str, codes: TaxSums) -> tuple[Section, int]:
    base = question.base
    columns = (
        Column(printed("Code")),
        Column(printed("Rate")),
        Column(printed("From")),
        money(printed("Net"), base),
        money(printed("Tax"), base),
        money(printed("Total"), base),
    )
    rows = [
        Row(
            (
                code or printed("(none)"),
                rate_text(rate),
                kind_words(kind),
                one.net,
                one.tax,
                one.net + one.tax,
            )
        )
        for (kind, code, rate), one in sorted(codes.items(), key=lambda item: (item[0][1:], item[0][0]))
    ]
    whole = (
        summed(rows, (printed("Total"), "", ""))
        if rows
        else Row((printed("Total"), "", "", 0, 0, 0), RowKind.TOTAL)
    )
    return Section(title, columns, (*rows, whole)), sum(one.tax for one in codes.values())


def rate_text(rate_bp: int) -> str:
    """Basis points as a person writes them: 1600 is "16 %", 850 is "8.5 %"."""
    whole, part = divmod(rate_bp, 100)
    return (f"{whole}.{part:02d}".rstrip("0") if part else str(whole)) + " %"


def _accounts(question: Question, moved: dict[str, int]) -> Section:
    """The tax accounts from opening to closing; what we owe the tax office is positive."""
    connection, scope = question.connection, question.scope
    accounts = chart_of_accounts.accounts(connection, question.org_id)
    whole = Scope(scope.org_id, scope.business_id, None, scope.end)
    closing = -sum(
        one.closing
        for (_, code), one in account_movements.movements(connection, whole).items()
        if code in accounts and accounts[code].role in ("tax_payable", "input_tax")
    )
    opening = closing + sum(moved.values())
    rows = [Row((printed("Opening, owed to the tax office"), opening), RowKind.BALANCE)]
    rows += [Row((kind_words(kind), -amount)) for kind, amount in sorted(moved.items()) if amount]
    rows.append(Row((printed("Closing, owed to the tax office"), closing), RowKind.TOTAL))
    return Section(
        printed("Tax accounts"),
        (Column(printed("Documents")), money(printed("Amount"), question.base)),
        tuple(rows),
    )
