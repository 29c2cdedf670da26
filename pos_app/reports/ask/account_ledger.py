"""The ledger of an account: what stood there, every line with its document, and the running balance."""

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.question import Question, kind_words, number_of
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
from pos_app.store.report_queries import account_lines, chart_of_accounts
from pos_app.store.report_queries.account_lines import AccountLine


def account_ledger(question: Question) -> Report:
    """Of the account in the question, in base currency.

    Raises `Refused` when no account is named, or none has this code.
    """
    if not question.account:
        raise Refused("account-not-said")
    connection, base = question.connection, question.base
    account = chart_of_accounts.accounts(connection, question.org_id).get(question.account)
    if account is None:
        raise Refused("account-not-here", code=question.account[:40])
    businesses = chart_of_accounts.businesses(connection, question.org_id)
    lines = account_lines.lines(connection, question.scope, account.code)
    balance = account_lines.opening(connection, question.scope, account.code)
    has_foreign = any(line.currency != base.code for line in lines)
    columns = [
        Column(printed("Date"), CellKind.DATE),
        Column(printed("Document")),
        Column(printed("What")),
        Column(printed("Party")),
    ]
    columns += [Column(printed("Business"))] if question.business is None else []
    columns += [Column(printed("Original"))] if has_foreign else []
    texts = len(columns) - 1
    columns += [
        money(printed("Debit"), base),
        money(printed("Credit"), base),
        money(printed("Balance"), base),
    ]
    blank: tuple[Cell, ...] = ("",) * texts
    rows = [
        Row(
            (question.period.first, printed("Opening balance"), *blank[1:], None, None, balance),
            RowKind.BALANCE,
        )
    ]
    debits = credits_ = 0
    for line in lines:
        balance += line.base_amount
        debits += max(line.base_amount, 0)
        credits_ += max(-line.base_amount, 0)
        texts_of: list[Cell] = [
            number_of(line.number_prefix, line.terminal_no, line.series, line.number),
            kind_words(line.kind),
            line.party,
        ]
        if question.business is None:
            texts_of.append(businesses[line.business_id].code if line.business_id in businesses else "")
        if has_foreign:
            texts_of.append(_original(line, base.code))
        day = question.period.local(line.occurred_at).date()
        to = opens(Leads.DOCUMENT, {"key": line.document_id})
        rows.append(Row((day, *texts_of, *_sides(line.base_amount), balance), opens=to))
    closing = (question.period.last, printed("Closing balance"), *blank[1:], debits, credits_, balance)
    rows.append(Row(closing, RowKind.TOTAL))
    return question.report(
        "account-ledger",
        printed("Account ledger"),
        [Section("", tuple(columns), tuple(rows))],
        subject=f"{account.code} {account.name}",
    )


def _sides(amount: int) -> tuple[int | None, int | None]:
    return (amount, None) if amount >= 0 else (None, -amount)


def _original(line: AccountLine, base: str) -> str:
    """What the document says, where that is another currency."""
    if line.currency == base:
        return ""
    return f"{line.currency} {grouped_text(line.amount, currency(line.currency))}"
