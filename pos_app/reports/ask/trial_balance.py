"""The trial balance: every account with its debit or credit; both sides sum to the same."""

from collections import defaultdict

from pos_app.language import printed
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question, clearing_left
from pos_app.reports.ask.views import views
from pos_app.reports.model.report import Column, Report, Row, RowKind, Section, money, summed
from pos_app.store.master.codes import AccountCode
from pos_app.store.report_queries import account_movements, chart_of_accounts
from pos_app.store.report_queries.account_movements import Movement


def trial_balance(question: Question) -> Report:
    """At the end of the period; with a beginning, also what stood there then and what moved since.

    By business, what stands at the end alone.
    """
    connection, base = question.connection, question.base
    accounts = chart_of_accounts.accounts(connection, question.org_id)
    movements = account_movements.movements(connection, question.scope)
    if question.by_business and question.business is None:
        return _beside_each_other(question, movements, accounts)
    found = _by_account(movements)
    if question.business is None:
        found, findings = without_clearing(found, accounts, question)
    else:
        findings = []
    difference = sum(one.closing for one in found.values())
    if difference:
        findings.append(
            printed("Debits and credits differ by {amount}.", amount=grouped_text(difference, base))
        )
    has_period = question.period.first is not None
    sides = (printed("Debit"), printed("Credit"))
    numbers = (printed("Opening"), *sides, printed("Closing")) if has_period else sides
    columns = (Column(printed("Code")), Column(printed("Account")), *(money(one, base) for one in numbers))
    rows = [
        Row((code, accounts[code].name if code in accounts else "", *_cells(one, has_period)))
        for code, one in sorted(found.items())
        if any(one)
    ]
    rows.append(
        summed(rows, ("", printed("Total")), RowKind.TOTAL)
        if rows
        else Row(("", printed("Total"), *(0 for _ in numbers)), RowKind.TOTAL)
    )
    return question.report(
        "trial-balance",
        printed("Trial balance"),
        [Section("", columns, question.into_ledgers(rows))],
        findings=findings,
    )


def _beside_each_other(
    question: Question, movements: account_movements.Movements, accounts: dict[str, AccountCode]
) -> Report:
    """What stands on every account at the end, debit positive: a column for each business, and for all."""
    closing = {key: one.closing for key, one in movements.items()}
    columns_of = views(question)
    rows = [
        Row((code, accounts[code].name if code in accounts else "", *cells))
        for code in sorted({code for _, code in closing})
        if any(cells := [view.amount(closing, code) for view in columns_of])
    ]
    sums = [
        sum(amount for (one, _), amount in closing.items() if view.business_id in (None, one))
        for view in columns_of
    ]
    rows.append(Row(("", printed("Total"), *sums), RowKind.TOTAL))
    findings = [
        printed(
            "{title}: debits and credits differ by {amount}.",
            title=view.title,
            amount=grouped_text(difference, question.base),
        )
        for view, difference in zip(columns_of, sums, strict=True)
        if difference
    ]
    columns = (
        Column(printed("Code")),
        Column(printed("Account")),
        *(money(one.title, question.base) for one in columns_of),
    )
    return question.report(
        "trial-balance",
        printed("Trial balance"),
        [Section("", columns, question.into_ledgers(rows))],
        findings=findings,
    )


def _cells(movement: Movement, has_period: bool) -> tuple[int | None, ...]:
    if has_period:
        return (movement.opening, movement.debit, movement.credit, movement.closing)
    return (
        movement.closing if movement.closing >= 0 else None,
        -movement.closing if movement.closing < 0 else None,
    )


def _by_account(movements: account_movements.Movements) -> dict[str, Movement]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (_, code), one in movements.items():
        for place, amount in enumerate(one):
            sums[code][place] += amount
    return {code: Movement(*amounts) for code, amounts in sums.items()}


def without_clearing(
    movements: dict[str, Movement], accounts: dict[str, AccountCode], question: Question
) -> tuple[dict[str, Movement], list[str]]:
    """All businesses together owe each other nothing: their clearing account is no part of it.

    Where it does not vanish it stays, and is a finding.
    """
    kept, findings = {}, []
    for code, one in movements.items():
        if code in accounts and accounts[code].role == "clearing":
            if one.opening == 0 and one.debit == one.credit:
                continue
            what = grouped_text(one.closing, question.base)
            findings.append(clearing_left(what, code))
        kept[code] = one
    return kept, findings
