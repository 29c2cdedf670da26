"""The statement of a party: what stood there, documents and payments, what stands there, and its age.

Positive is what the party owes, or, for a vendor and whoever has money with us, what we owe them.
"""

from dataclasses import replace
from typing import Final

from pos_app.language import printed
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.reports.ask.age import class_titles, standing
from pos_app.reports.ask.buyer import buyer_lines
from pos_app.reports.ask.question import Question, elsewhere_in_opening, kind_words, number_of
from pos_app.reports.ask.sellers import how_to_pay, seat
from pos_app.reports.model.report import (
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
from pos_app.store.master import codes, letterheads
from pos_app.store.master.letterheads import Seller
from pos_app.store.report_queries import invoice_history, open_invoices, party_lines
from pos_app.store.report_queries.party_lines import PartyLine

#: The capacities in their order, with the sign of a balance (debit positive) in each.
_ROLES: Final = {"customer": 1, "vendor": -1, "employee": 1, "member": -1, "depositor": -1, "shareholder": -1}


def party_statement(question: Question) -> Report:
    """Of the party in the question, in each capacity and currency.

    Raises `Refused` when no party is named, or none has this code.
    """
    if not question.party:
        raise Refused("party-not-said")
    connection = question.connection
    party = codes.party(connection, question.org_id, question.party)
    if party is None:
        raise Refused("party-not-here", code=question.party[:40])
    closing = party_lines.closing(connection, question.scope, party.party_id)
    lines = party_lines.lines(connection, question.scope, party.party_id)
    opened = open_invoices.open_invoices(connection, question.scope, party.party_id)
    keys = {(line.role, line.currency) for line in lines}
    keys |= {key for key, amounts in closing.items() if any(amounts)}
    sections = []
    for role, code in sorted(keys, key=lambda key: (list(_ROLES).index(key[0]), key[1])):
        own = [line for line in lines if (line.role, line.currency) == (role, code)]
        ended = closing.get((role, code), (0, 0))[0]
        begin = ended - sum(line.amount for line in own)
        section = _lines(question, role, code, begin, own)
        sections.append(section)
        if role in ("customer", "vendor"):
            items = [(one.due_on, one.amount) for one in opened if (one.role, one.currency) == (role, code)]
            sections.append(_foot(question, code, items, _ROLES[role] * ended))
    senders = _senders(question)
    to = invoice_history.addressee(connection, question.org_id, party.party_id)
    owed = any(role == "customer" for role, _ in keys)
    report = question.report(
        "party-statement",
        printed("Statement"),
        sections,
        subject=" · ".join([party.name, *(buyer_lines(to) if to else [party.code])]),
        notes=tuple(how_to_pay(senders, party.code)) if owed else (),
        till_note=elsewhere_in_opening(),
    )
    return replace(
        report, sender=tuple(", ".join(part for part in each if part) for each in map(_lines_of, senders))
    )


def _senders(question: Question) -> list[Seller]:
    """The businesses that the statement is of, as far as papers say more of them than their names."""
    found = letterheads.sellers(question.connection, question.org_id).values()
    own = None if question.business is None else question.business.key
    return [one for one in found if own in (None, one.business_id) and any(seat(one))]


def _lines_of(seller: Seller) -> list[str]:
    return [seller.full_name, *seat(seller)]


def _title(role: str) -> str:
    """What a statement is called in a capacity."""
    return {
        "customer": printed("Customer"),
        "vendor": printed("Vendor"),
        "employee": printed("Employee"),
        "member": printed("Member"),
        "depositor": printed("Deposit"),
        "shareholder": printed("Shares"),
    }[role]


def _lines(question: Question, role: str, code: str, begin: int, lines: list[PartyLine]) -> Section:
    title, sign = _title(role), _ROLES[role]
    own, period = currency(code), question.period
    columns = (
        Column(printed("Date"), CellKind.DATE),
        Column(printed("Document")),
        Column(printed("What")),
        Column(printed("Due"), CellKind.DATE),
        money(printed("Charges"), own),
        money(printed("Payments"), own),
        money(printed("Balance"), own),
    )
    balance = sign * begin
    rows = [Row((period.first, printed("Opening balance"), "", None, None, None, balance), RowKind.BALANCE)]
    charges = payments = 0
    for line in lines:
        change = sign * line.amount
        balance += change
        charges += max(change, 0)
        payments += max(-change, 0)
        rows.append(
            Row(
                (
                    period.local(line.occurred_at).date(),
                    number_of(line.number_prefix, line.terminal_no, line.series, line.number),
                    _what(line, own),
                    None if line.due_on is None else to_date(line.due_on),
                    change if change >= 0 else None,
                    -change if change < 0 else None,
                    balance,
                ),
                opens=opens(Leads.DOCUMENT, {"key": line.document_id}),
            )
        )
    closing = (period.last, printed("Closing balance"), "", None, charges, payments, balance)
    return Section(f"{title}, {code}", columns, (*rows, Row(closing, RowKind.TOTAL)))


def _what(line: PartyLine, own: Currency) -> str:
    """What a document is; of a payment also by how much its coins were another sum."""
    words = kind_words(line.kind, is_void=line.is_void)
    if not line.rounding:
        return words
    return f"{words} ({printed('Rounding to cash')} {grouped_text(line.rounding, own)})"


def _foot(question: Question, code: str, items: list[tuple[int, int]], closing: int) -> Section:
    """How old the open invoices are; with what is on no invoice and the credit it comes to the balance."""
    own = currency(code)
    columns = (
        *(money(one, own) for one in class_titles()),
        money(printed("Not on invoices"), own),
        money(printed("Unused credit"), own),
        money(printed("Balance"), own),
    )
    found = standing(items, closing, question.period.last)
    row = Row((*found.classes, found.beside, found.credit, closing), RowKind.BALANCE)
    return Section(printed("Overdue by days, {currency}", currency=code), columns, (row,))
