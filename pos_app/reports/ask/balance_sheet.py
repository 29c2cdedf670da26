"""The balance sheet: what there is, what is owed, and what is left; both sides are equal.

Decisions
---------
2026-11-21  What was earned and not yet closed to retained earnings stands in the equity as lines of
its own: the result of the year, and that of earlier years where nobody closed them.  A year is a
calendar year of the organisation's time zone; the entry that closes it is dated in it.
"""

from datetime import date

from pos_app.language import printed
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question, clearing_left
from pos_app.reports.ask.views import View, views
from pos_app.reports.model.period import midnight
from pos_app.reports.model.report import Column, Report, Row, RowKind, Section, heading, money
from pos_app.store.master.codes import AccountCode
from pos_app.store.report_queries import account_movements, chart_of_accounts
from pos_app.store.report_queries.scope import Scope

#: By business and account, debit positive.
_Amounts = dict[tuple[int, str], int]


def balance_sheet(question: Question) -> Report:
    """At the end of the period."""
    connection, scope = question.connection, question.scope
    accounts = chart_of_accounts.accounts(connection, question.org_id)
    whole = Scope(scope.org_id, scope.business_id, None, scope.end)
    closing = {
        key: one.closing for key, one in account_movements.movements(connection, whole).items() if one.closing
    }
    columns_of = views(question)
    sheet = _Sheet(accounts, closing, columns_of)
    assets = sheet.group(printed("Assets"), printed("Total assets"), "asset", 1)
    liabilities = sheet.group(printed("Liabilities"), printed("Total liabilities"), "liability", -1)
    equity = sheet.equity(_results(question, accounts, closing), question.period.last.year)
    sums = [owed + own for owed, own in zip(liabilities, equity, strict=True)]
    sheet.rows.append(Row(("", printed("Total liabilities and equity"), *sums), RowKind.TOTAL))
    findings = [
        printed(
            "{title}: assets are {assets}, liabilities and equity {owed}.",
            title=view.title,
            assets=grouped_text(have, question.base),
            owed=grouped_text(owe, question.base),
        )
        for view, have, owe in zip(columns_of, assets, sums, strict=True)
        if have != owe
    ]
    if any(view.business_id is None for view in columns_of):
        findings += _clearing_left(question, accounts, closing)
    columns = (
        Column(printed("Code")),
        Column(printed("Account")),
        *(money(one.title, question.base) for one in columns_of),
    )
    return question.report(
        "balance-sheet",
        printed("Balance sheet"),
        [Section("", columns, question.into_ledgers(sheet.rows))],
        findings=findings,
    )


def _results(
    question: Question, accounts: dict[str, AccountCode], closing: _Amounts
) -> tuple[_Amounts, _Amounts]:
    """What was earned in earlier years and in this one and is not closed; profit positive."""
    first = midnight(date(question.period.last.year, 1, 1), question.period.zone)
    year = Scope(question.org_id, question.scope.business_id, first, question.scope.end)
    turnover = account_movements.turnover(question.connection, year)
    this_year = {
        key: credit - debit for key, (debit, credit) in turnover.items() if _is_result(accounts, key[1])
    }
    whole = {key: -amount for key, amount in closing.items() if _is_result(accounts, key[1])}
    earlier = {key: whole.get(key, 0) - this_year.get(key, 0) for key in {*whole, *this_year}}
    return earlier, this_year


def _is_result(accounts: dict[str, AccountCode], code: str) -> bool:
    return code in accounts and accounts[code].type in ("income", "expense")


def _clearing_left(question: Question, accounts: dict[str, AccountCode], closing: _Amounts) -> list[str]:
    found = []
    for code, account in accounts.items():
        left = sum(amount for (_, one), amount in closing.items() if one == code)
        if account.role == "clearing" and left:
            what = grouped_text(left, question.base)
            found.append(clearing_left(what, code))
    return found


class _Sheet:
    """The rows, group after group."""

    def __init__(self, accounts: dict[str, AccountCode], closing: _Amounts, columns_of: list[View]) -> None:
        self.rows: list[Row] = []
        self._accounts = accounts
        self._closing = closing
        self._views = columns_of

    def group(self, title: str, total: str, type_: str, sign: int) -> list[int]:
        """Accounts of a type under a heading; gives their sums, column by column."""
        self.rows.append(heading(title, 2 + len(self._views)))
        sums = self._accounts_of(type_, sign)
        # Assets stand for themselves, and are what the rest must come to.
        kind = RowKind.TOTAL if type_ == "asset" else RowKind.SUBTOTAL
        self.rows.append(Row(("", total, *sums), kind))
        return sums

    def equity(self, results: tuple[_Amounts, _Amounts], year: int) -> list[int]:
        """The equity accounts and what was earned and not closed."""
        self.rows.append(heading(printed("Equity"), 2 + len(self._views)))
        sums = self._accounts_of("equity", -1)
        for label, amounts in zip(
            (
                printed("Result of earlier years, not closed"),
                printed("Result of {year}, not closed", year=year),
            ),
            results,
            strict=True,
        ):
            cells = [
                sum(amount for (one, _), amount in amounts.items() if view.business_id in (None, one))
                for view in self._views
            ]
            if any(cells) or amounts is results[1]:
                self.rows.append(Row(("", label, *cells)))
            sums = [so_far + cell for so_far, cell in zip(sums, cells, strict=True)]
        self.rows.append(Row(("", printed("Total equity"), *sums), RowKind.SUBTOTAL))
        return sums

    def _accounts_of(self, type_: str, sign: int) -> list[int]:
        sums = [0] * len(self._views)
        for code, account in self._accounts.items():
            if account.type != type_:
                continue
            cells = [sign * view.amount(self._closing, code) for view in self._views]
            if any(cells):
                self.rows.append(Row((code, account.name, *cells)))
            sums = [so_far + cell for so_far, cell in zip(sums, cells, strict=True)]
        return sums
