"""Profit and loss: what was earned and what it cost, for a business, for all, or for each beside all."""

from collections.abc import Iterable
from typing import Final

from pos_app.language import printed
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.views import View, views
from pos_app.reports.model.report import Cell, Column, Report, Row, RowKind, Section, heading, money
from pos_app.store.master.codes import AccountCode
from pos_app.store.report_queries import account_movements, chart_of_accounts

#: Expenses that belong to the goods themselves; income less these is the gross profit.
_OF_GOODS: Final = frozenset({"cost_of_goods", "price_variance", "stock_loss", "stock_gain"})


def profit_and_loss(question: Question) -> Report:
    """Of the period, without the entries that closed a year (they move the result, they do not undo it)."""
    connection = question.connection
    accounts = chart_of_accounts.accounts(connection, question.org_id)
    turnover = account_movements.turnover(connection, question.scope, with_closings=False)
    # Income counts up, expenses too: both as a person says them.
    amounts = {
        (business, code): (credit - debit) if accounts[code].type == "income" else (debit - credit)
        for (business, code), (debit, credit) in turnover.items()
        if code in accounts and accounts[code].type in ("income", "expense")
    }
    columns_of = views(question)
    used = [accounts[code] for code in sorted({code for _, code in amounts})]
    income = _Group(printed("Income"), printed("Total income"), [one for one in used if one.type == "income"])
    goods = _Group(
        printed("Cost of goods"), printed("Total cost of goods"), [one for one in used if _is_of_goods(one)]
    )
    other = _Group(
        printed("Expenses"),
        printed("Total expenses"),
        [one for one in used if one.type == "expense" and not _is_of_goods(one)],
    )
    rows: list[Row] = []
    sums = [group.add_to(rows, amounts, columns_of) for group in (income, goods)]
    gross = [earned - cost for earned, cost in zip(*sums, strict=True)]
    rows.append(_sum(printed("Gross profit"), gross, RowKind.SUBTOTAL))
    spent = other.add_to(rows, amounts, columns_of)
    rows.append(
        _sum(printed("Profit"), [one - cost for one, cost in zip(gross, spent, strict=True)], RowKind.TOTAL)
    )
    columns = (
        Column(printed("Code")),
        Column(printed("Account")),
        *(money(one.title, question.base) for one in columns_of),
    )
    return question.report(
        "profit-and-loss", printed("Profit and loss"), [Section("", columns, question.into_ledgers(rows))]
    )


def _is_of_goods(account: AccountCode) -> bool:
    return account.type == "expense" and account.role in _OF_GOODS


class _Group:
    """Accounts of one kind under a heading, with their sum."""

    def __init__(self, title: str, total: str, accounts: list[AccountCode]) -> None:
        self._title = title
        self._total = total
        self._accounts = accounts

    def add_to(
        self, rows: list[Row], amounts: dict[tuple[int, str], int], columns_of: list[View]
    ) -> list[int]:
        """Add heading, lines and sum; gives the sums, column by column."""
        sums = [0] * len(columns_of)
        rows.append(heading(self._title, 2 + len(columns_of)))
        for account in self._accounts:
            cells = [view.amount(amounts, account.code) for view in columns_of]
            if any(cells):
                rows.append(Row((account.code, account.name, *cells)))
            sums = [so_far + cell for so_far, cell in zip(sums, cells, strict=True)]
        rows.append(_sum(self._total, sums, RowKind.SUBTOTAL))
        return sums


def _sum(label: str, sums: Iterable[Cell], kind: RowKind) -> Row:
    return Row(("", label, *sums), kind)
