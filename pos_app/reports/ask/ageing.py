"""Ageing: what customers owe and what vendors are owed, by how long it is overdue, in each currency.

The classes hold open invoices.  What a customer bought on account at a till is on no invoice, and what was
credited or paid beyond what was open is theirs: each stands in a column of its own, so that each line comes
to the party's balance and the last one to the receivable or payable account.  Of one business as of all of
them: only a till, which has the invoices of the whole organisation and the lines of its own documents alone,
shows of one business what is open.
"""

from collections import defaultdict
from typing import Final

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.reports.ask.age import class_titles, standing
from pos_app.reports.ask.question import Question, as_last_said
from pos_app.reports.model.report import (
    Cell,
    Column,
    Leads,
    Opens,
    Report,
    Row,
    Section,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import chart_of_accounts, open_invoices, party_lines
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.open_invoices import OpenInvoice

#: The sign with which a balance (debit positive) is owed.
_ROLES: Final = {"customer": 1, "vendor": -1}
_Groups = dict[tuple[str, str, int], list[OpenInvoice]]


def ageing(question: Question) -> Report:
    """At the end of the period; of one business, what is owed to it and what it owes."""
    connection = question.connection
    parties = chart_of_accounts.parties(connection, question.org_id)
    groups: _Groups = defaultdict(list)
    for one in open_invoices.open_invoices(connection, question.scope):
        groups[one.role, one.currency, one.party_id].append(one)
    balances = dict(party_lines.balances(connection, question.scope)) if _has_balance(question) else {}
    keys = {key for key in {*groups, *balances} if key[0] in _ROLES}
    sections = [
        _section(question, (role, code), parties, groups, balances)
        for role in _ROLES
        for code in sorted({key[1] for key in keys if key[0] == role})
    ]
    return question.report(
        "ageing",
        printed("Ageing of receivables and payables"),
        [section for section in sections if section.rows],
        notes=(printed("Days are counted from the due date of each invoice."),),
        till_note=as_last_said(),
    )


def _statement(question: Question, code: str) -> Opens:
    """The page of what the party was sent and paid."""
    return opens(Leads.REPORT, question.asked_again(name="party-statement", party=code))


def _has_balance(question: Question) -> bool:
    return question.business is None or not question.on_till


def _section(
    question: Question,
    role_and_currency: tuple[str, str],
    parties: dict[int, Named],
    groups: _Groups,
    balances: dict[tuple[str, str, int], tuple[int, int]],
) -> Section:
    role, code = role_and_currency
    title, sign = printed("Receivable") if role == "customer" else printed("Payable"), _ROLES[role]
    own, base = currency(code), question.base
    is_foreign, has_balance = code != base.code, _has_balance(question)
    columns = [
        Column(printed("Code")),
        Column(printed("Party")),
        *(money(one, own) for one in class_titles()),
    ]
    columns += [money(printed("Not on invoices"), own)] if has_balance else []
    columns.append(money(printed("Unused credit"), own))
    columns.append(money(printed("Balance") if has_balance else printed("Open amount"), own))
    columns += [money(printed("In base"), base)] if is_foreign else []
    rows = []
    ids = {key[2] for key in {*groups, *balances} if key[:2] == (role, code)}
    for party in sorted(ids, key=lambda one: (parties[one].name if one in parties else "", one)):
        key = (role, code, party)
        items = groups.get(key, [])
        amount, base_amount = balances.get(key, (0, 0))
        found = standing(
            ((one.due_on, one.amount) for one in items),
            sign * amount if has_balance else None,
            question.period.last,
        )
        cells: list[Cell] = list(found.classes)
        cells += [found.beside] if has_balance else []
        cells += [found.credit, sum(found.classes) + found.beside + found.credit]
        if is_foreign:
            cells.append(sign * base_amount if has_balance else sum(one.base_amount for one in items))
        if any(cells):
            named = parties.get(party)
            rows.append(
                Row(
                    (
                        named.code if named else "",
                        named.name if named else printed("Party {number}", number=party),
                        *cells,
                    ),
                    opens=_statement(question, named.code) if named else None,
                )
            )
    if rows:
        rows.append(summed(rows, ("", printed("Total"))))
    return Section(f"{title}, {code}", tuple(columns), tuple(rows))
