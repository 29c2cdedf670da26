"""The journal in hledger's format (https://hledger.org/1.25/hledger.html#journal-format)."""

from collections.abc import Iterator
from typing import Final

from pos_app.ledger.currency import Currency
from pos_app.reports.journals.journal_export import Export, Form, View, number_of, plain, title_of
from pos_app.store.documents import journal_read
from pos_app.store.documents.journal_read import AccountName, Line, Transaction
from pos_app.store.engine.engine import Database
from pos_app.store.master.organisations import Organisation

_TYPES: Final = {
    "asset": "assets",
    "liability": "liabilities",
    "equity": "equity",
    "income": "revenues",
    "expense": "expenses",
}


def hledger(database: Database, organisation: Organisation, view: View = View.ORIGINAL) -> Iterator[str]:
    """The journal in hledger's format, in pieces of text.

    Party, capacity and business of a posting are tags: `hledger bal --pivot party tag:role=customer`.
    """
    export = Export(database, organisation, view, _FORM)
    yield f"; {plain(organisation.name)}, exported by Bohari POS, amounts: {view.value}\n"
    yield f"decimal-mark .\n{export.head()}\n"
    for transaction in journal_read.transactions(database, organisation.org_id):
        yield export.news(transaction) + _entry(transaction, export)


def account_name(account: AccountName) -> str:
    """An account's full name: "assets:1110 Cash, LPG & retail"."""
    return f"{_TYPES.get(account.type, 'equity')}:{plain(f'{account.code} {account.name}')}"


def _entry(transaction: Transaction, export: Export) -> str:
    at = export.local(transaction)
    title = title_of(transaction)
    title += f" {plain(transaction.party)}" if transaction.party else ""
    head = (
        f"{at:%Y-%m-%d} ({number_of(transaction)}) {title}"
        f"  ; document:{transaction.document_id}, kind:{transaction.kind}, time:{at:%H.%M.%S}\n"
    )
    return head + "".join(_posting(line, export) for line in transaction.lines) + "\n"


def _posting(line: Line, export: Export) -> str:
    tags = f"business:{_tag(export.business(line))}"
    if line.party_id is not None:
        # Codes lose what a tag cannot hold; the key tells two such parties apart.
        tags += f", party:{_tag(line.party)}, party_id:{line.party_id}, role:{line.party_role}"
    other = export.other(line)
    if other is not None:
        tags += f", {other[0]}:{other[1]}"
    return f"    {export.account(line)}  {export.amount(line)}  ; {tags}\n"


def _account(name: str) -> str:
    return f"account {name}\n"


def _commodity(money: Currency) -> str:
    point = f".{'0' * money.exponent}" if money.exponent else "."
    return f"commodity 1000{point} {money.code}\n"


_TAG_LETTERS: Final = str.maketrans({",": " ", "[": "(", "]": ")"})
_FORM: Final = Form(account_name, _account, _commodity)


def _tag(text: str) -> str:
    """A text as the value of a tag: a comma would end it, and hledger reads a day in square brackets
    anywhere in a posting's comment as the posting's date ("Block [4-5]" moves it to April).
    """
    return plain(text).translate(_TAG_LETTERS)
