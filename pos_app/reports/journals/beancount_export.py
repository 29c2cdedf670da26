"""The journal in beancount's format (https://beancount.github.io/docs/beancount_language_syntax.html)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from pos_app.ledger.currency import Currency
from pos_app.reports.journals.journal_export import Export, Form, View, number_of, title_of
from pos_app.store.documents import journal_read
from pos_app.store.documents.journal_read import AccountName, Line, Transaction
from pos_app.store.engine.engine import Database
from pos_app.store.master.organisations import Organisation

_TYPES: Final = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
#: Account names are words of letters and digits joined by hyphens.
_NOT_A_NAME: Final = re.compile(r"[\W_]+")
#: Before any document: history brought from elsewhere is dated in the past (see `rules`).
_OPENED: Final = date(1970, 1, 1)


def beancount(database: Database, organisation: Organisation, view: View = View.ORIGINAL) -> Iterator[str]:
    """The journal in beancount's format, in pieces of text; party, capacity and business are metadata."""
    export = Export(database, organisation, view, _FORM)
    yield f"; exported by Bohari POS, amounts: {view.value}\n"
    yield f'option "title" {_quoted(organisation.name)}\n'
    yield f'option "operating_currency" "{organisation.currency.code}"\n\n{export.head()}\n'
    for transaction in journal_read.transactions(database, organisation.org_id):
        yield export.news(transaction) + _entry(transaction, export)


def account_name(account: AccountName) -> str:
    """An account's full name: "Assets:1110-Cash-LPG-retail"."""
    words = _NOT_A_NAME.sub("-", f"{account.code} {account.name}").strip("-")
    # A component begins with a capital or a digit; not every script has capitals.
    if not (words[:1].isdecimal() or words[:1].isupper()):
        words = f"A-{words}"
    return f"{_TYPES.get(account.type, 'Equity')}:{words}"


def _entry(transaction: Transaction, export: Export) -> str:
    at = export.local(transaction)
    payee = f"{_quoted(transaction.party)} " if transaction.party else ""
    return (
        f"{at:%Y-%m-%d} * {payee}{_quoted(title_of(transaction))}\n"
        f'  document: "{transaction.document_id}"\n'
        f"  number: {_quoted(number_of(transaction))}\n"
        f'  kind: "{transaction.kind}"\n'
        f'  time: "{at:%H:%M:%S}"\n' + "".join(_posting(line, export) for line in transaction.lines) + "\n"
    )


def _posting(line: Line, export: Export) -> str:
    text = (
        f"  {export.account(line)}  {export.amount(line)}\n    business: {_quoted(export.business(line))}\n"
    )
    if line.party_id is not None:
        text += (
            f"    party: {_quoted(line.party)}\n"
            f'    party-id: "{line.party_id}"\n'
            f'    role: "{line.party_role}"\n'
        )
    other = export.other(line)
    return text + (f"    {other[0]}: {other[1]}\n" if other else "")


def _open(name: str) -> str:
    return f"{_OPENED} open {name}\n"


def _commodity(money: Currency) -> str:
    return f"{_OPENED} commodity {money.code}\n"


_FORM: Final = Form(account_name, _open, _commodity)


def _quoted(text: str) -> str:
    """A text within quotation marks, on one line."""
    inside = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
