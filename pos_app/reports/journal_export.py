"""The journal for other programs: hledger's format, one transaction a document, and CSV.

Parties are tags, not sub-accounts, so that `hledger bal` shows the very balances that we keep:
one for each account.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_app.ledger.currency import currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.numbering import printed_number
from pos_app.store import journal_read
from pos_app.store.engine import Database
from pos_app.store.journal_read import AccountName, Line, Transaction
from pos_app.store.organisations import Organisation

_TYPES: Final = {
    "asset": "assets",
    "liability": "liabilities",
    "equity": "equity",
    "income": "revenues",
    "expense": "expenses",
}
_COLUMNS: Final = (
    "date", "occurred_at", "document", "number", "kind", "business", "account", "account_name", "party",
    "currency", "amount", "base_currency", "base_amount",
)  # fmt: skip
#: What would end a name, begin a comment or a tag, or make a sub-account.
_SPECIAL: Final = re.compile(r"[\s;:|\x00-\x1f]+")


def hledger(database: Database, organisation: Organisation) -> Iterator[str]:
    """The journal in hledger's format, in pieces of text."""
    with database.read() as connection:
        accounts = journal_read.accounts(connection, organisation.org_id)
        businesses = journal_read.business_codes(connection, organisation.org_id)
    base = organisation.currency
    yield f"; {_plain(organisation.name)}, exported by Bohari POS\n"
    yield f"decimal-mark .\ncommodity 1000.{'0' * base.exponent} {base.code}\n"
    yield "".join(f"account {account_name(one)}\n" for one in accounts.values()) + "\n"
    zone = _zone(organisation)
    for transaction in journal_read.transactions(database, organisation.org_id):
        yield _entry(transaction, accounts, businesses, organisation, zone)


def account_name(account: AccountName) -> str:
    """An account's full name: "assets:1110 Cash, LPG & retail"."""
    return f"{_TYPES.get(account.type, 'equity')}:{_plain(f'{account.code} {account.name}')}"


def _entry(
    transaction: Transaction,
    accounts: dict[str, AccountName],
    businesses: dict[int, str],
    organisation: Organisation,
    zone: tzinfo,
) -> str:
    at = transaction.occurred_at.astimezone(zone)
    title = transaction.kind.replace("_", " ").capitalize()
    title += f" {_plain(transaction.party)}" if transaction.party else ""
    head = (
        f"{at:%Y-%m-%d} ({_number(transaction)}) {title}"
        f"  ; document:{transaction.document_id}, kind:{transaction.kind}, time:{at:%H.%M.%S}\n"
    )
    return (
        head
        + "".join(_posting(line, accounts, businesses, organisation) for line in transaction.lines)
        + "\n"
    )


def _posting(
    line: Line, accounts: dict[str, AccountName], businesses: dict[int, str], organisation: Organisation
) -> str:
    money, base = currency(line.currency), organisation.currency
    amount = f"{decimal_text(line.amount, money)} {money.code}"
    if money.code != base.code:
        amount += f" @@ {decimal_text(abs(line.base_amount), base)} {base.code}"
    tags = f"business:{_tag(businesses.get(line.business_id, ''))}"
    if line.party:
        tags += f", party:{_tag(line.party)}"
    known = accounts.get(line.account) or AccountName(line.account, "", "")
    return f"    {account_name(known)}  {amount}  ; {tags}\n"


def rows(database: Database, organisation: Organisation) -> Iterator[str]:
    """The journal as CSV, one journal line a row, in pieces of text."""
    with database.read() as connection:
        accounts = journal_read.accounts(connection, organisation.org_id)
        businesses = journal_read.business_codes(connection, organisation.org_id)
    base, zone = organisation.currency, _zone(organisation)
    yield _csv([_COLUMNS])
    for transaction in journal_read.transactions(database, organisation.org_id):
        at = transaction.occurred_at.astimezone(zone)
        head = (
            f"{at:%Y-%m-%d}",
            at.isoformat(),
            transaction.document_id,
            _number(transaction),
            transaction.kind,
        )
        yield _csv(
            (
                *head,
                businesses.get(line.business_id, ""),
                line.account,
                accounts[line.account].name if line.account in accounts else "",
                line.party,
                line.currency,
                decimal_text(line.amount, currency(line.currency)),
                base.code,
                decimal_text(line.base_amount, base),
            )
            for line in transaction.lines
        )


def _csv(lines: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _number(transaction: Transaction) -> str:
    return printed_number(transaction.letter, transaction.terminal_no, transaction.series, transaction.number)


def _zone(organisation: Organisation) -> tzinfo:
    try:
        return ZoneInfo(organisation.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _plain(text: str) -> str:
    return _SPECIAL.sub(" ", text).strip()


def _tag(text: str) -> str:
    return _plain(text).replace(",", " ")
