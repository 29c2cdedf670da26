"""Entries by hand: the form of what no other document says."""

from dataclasses import replace
from typing import Final

from pos_app.language import web_words
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import journal_entries
from pos_app.office.journal_entries import Row
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import Done, Lines, Told, WorkForm


def _entry_row(money: Currency, line: Values) -> Row:
    """A line of an entry: its debit or its credit.  Raises `Refused` for both or neither."""
    debit, credit = line.get("debit", ""), line.get("credit", "")
    if bool(debit) == bool(credit):
        raise Refused("entry-line-one-side")
    amount = reading.amount(debit, money) if debit else -reading.amount(credit, money)
    return Row(
        line.get("account", ""),
        amount,
        line.get("business", ""),
        line.get("party", ""),
        description=line.get("description", ""),
    )


def _enter(office: Office, told: Told) -> Done:
    money = reading.money(office, told)
    made = journal_entries.entry(
        office,
        told.get("description"),
        reading.lines(told, lambda line: _entry_row(money, line)),
        replace(reading.occasion(office, told), currency=told.get("currency").strip().upper()),
    )
    return reading.made(made.document_id)


ENTRY: Final = WorkForm(
    path="journal/new",
    words=web_words("An entry by hand"),
    hint=web_words("What no other document says: debits and credits that come to the same."),
    needs=(Permission.JOURNAL_ENTRY,),
    fields=(
        Field("description", web_words("What it is for"), needed=True, codes=("reason-missing",)),
        reading.CURRENCY,
        reading.ON,
        reading.BUSINESS,
        reading.NOTE,
        reading.IS_DATED,
    ),
    lines=Lines(
        web_words("Lines"),
        (
            Field("account", web_words("Account")),
            Field("debit", web_words("Debit"), Kind.NUMBER),
            Field("credit", web_words("Credit"), Kind.NUMBER),
            Field("party", web_words("Party")),
            Field("business", web_words("Business")),
            Field("description", web_words("Description")),
        ),
        web_words("Codes; a party where the account is of customers, vendors or employees."),
    ),
    do=_enter,
)
