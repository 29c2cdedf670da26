"""The journal for other programs: hledger's format, beancount's, and CSV.

One transaction a document, one posting a journal line.  Parties and businesses are tags, not
sub-accounts, so that the other program's accounts show the very balances that we keep.

2026-11-21  A document may post in several currencies, and a realised exchange difference is a line of
amount 0 with a base amount.  A cost notation ("10.00 USD @@ 1300.00 KES") tells such a line as nothing
or as a lie, and makes the program judge our rates instead of our sums.  So there are two views, each
plain and each summing to zero by itself: `View.ORIGINAL` shows what happened in every currency (a
difference is 0.00 there) and `View.BASE` the same lines in the organisation's currency.  Each view
carries the other's amount as a tag, so that neither hides anything.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import journal_read
from pos_app.store.documents.journal_read import AccountName, Line, Transaction
from pos_app.store.engine.engine import Database
from pos_app.store.master.organisations import Organisation

_COLUMNS: Final = (
    "date", "occurred_at", "document", "number", "kind", "business", "account", "account_name", "party",
    "party_role", "currency", "amount", "base_currency", "base_amount",
)  # fmt: skip


class View(StrEnum):
    """In which currency an export shows its amounts: that of each line, or the organisation's."""

    ORIGINAL = "original"
    BASE = "base"


class Form(NamedTuple):
    """How a format writes an account's name, and how it declares an account and a currency."""

    name: Callable[[AccountName], str]
    declare_account: Callable[[str], str]
    declare_currency: Callable[[Currency], str]


class Export:
    """What a format needs beside the transactions, and what it has declared so far.

    An account or a currency is declared before the first transaction that needs it: the chart at the
    head, and what came to it while the export was being written (or never was in it) on the way.
    """

    def __init__(self, database: Database, organisation: Organisation, view: View, form: Form) -> None:
        with database.read() as connection:
            self.accounts = journal_read.accounts(connection, organisation.org_id)
            self.businesses = journal_read.business_codes(connection, organisation.org_id)
        self.view = view
        self._base = organisation.currency
        self._zone = zone_of(organisation)
        self._form = form
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._currencies: set[str] = set()

    def head(self) -> str:
        """The declarations that stand before everything."""
        return self._new_currency(self._base) + "".join(map(self._new_account, self.accounts))

    def news(self, transaction: Transaction) -> str:
        """The declarations that this transaction needs and that were not made yet."""
        codes = dict.fromkeys(line.account for line in transaction.lines)
        said = "".join(self._new_account(code) for code in codes if code not in self._names)
        shown = dict.fromkeys(line.currency for line in transaction.lines)
        if self.view is View.BASE:
            return said
        return said + "".join(
            self._new_currency(currency(code)) for code in shown if code not in self._currencies
        )

    def account(self, line: Line) -> str:
        """The name of the line's account in this format."""
        return self._names[line.account]

    def business(self, line: Line) -> str:
        """The code of the line's business."""
        return self.businesses.get(line.business_id, str(line.business_id))

    def amount(self, line: Line) -> str:
        """What the line shows: "-12.50 USD"."""
        return self._in_base(line) if self.view is View.BASE else _original(line)

    def other(self, line: Line) -> tuple[str, str] | None:
        """The name and the text of what the view does not show; None where both are the same."""
        original, base = _original(line), self._in_base(line)
        if original == base:
            return None
        return ("original", original) if self.view is View.BASE else ("base", base)

    def local(self, transaction: Transaction) -> datetime:
        """When it happened, on the organisation's clocks."""
        return transaction.occurred_at.astimezone(self._zone)

    def _in_base(self, line: Line) -> str:
        return money_text(line.base_amount, self._base)

    def _new_currency(self, money: Currency) -> str:
        self._currencies.add(money.code)
        return self._form.declare_currency(money)

    def _new_account(self, code: str) -> str:
        """What a format cannot write may make two names one; then the later gets a number."""
        first = wanted = self._form.name(self.accounts.get(code) or AccountName(code, "", ""))
        place = 2
        while wanted in self._taken:
            wanted = f"{first}-{place}"
            place += 1
        self._taken.add(wanted)
        self._names[code] = wanted
        return self._form.declare_account(wanted)


def _original(line: Line) -> str:
    return money_text(line.amount, currency(line.currency))


def rows(database: Database, organisation: Organisation) -> Iterator[str]:
    """The journal as CSV, one journal line a row with both amounts, in pieces of text."""
    with database.read() as connection:
        accounts = journal_read.accounts(connection, organisation.org_id)
        businesses = journal_read.business_codes(connection, organisation.org_id)
    base, zone = organisation.currency, zone_of(organisation)
    yield _csv([_COLUMNS])
    for transaction in journal_read.transactions(database, organisation.org_id):
        at = transaction.occurred_at.astimezone(zone)
        head = (
            f"{at:%Y-%m-%d}",
            at.isoformat(),
            transaction.document_id,
            number_of(transaction),
            transaction.kind,
        )
        yield _csv(
            (
                *head,
                businesses.get(line.business_id, ""),
                line.account,
                accounts[line.account].name if line.account in accounts else "",
                line.party,
                line.party_role,
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


# --- what the formats share -----------------------------------------------------------------------


def money_text(minor: int, money: Currency) -> str:
    """An amount and its currency: "-12.50 USD"."""
    return f"{decimal_text(minor, money)} {money.code}"


def number_of(transaction: Transaction) -> str:
    """The printed number of the document."""
    return printed_number(
        transaction.number_prefix, transaction.terminal_no, transaction.series, transaction.number
    )


def title_of(transaction: Transaction) -> str:
    """What kind of document it is, in words."""
    return transaction.kind.replace("_", " ").capitalize()


def zone_of(organisation: Organisation) -> tzinfo:
    """The organisation's time zone; UTC where it names none that there is."""
    try:
        return ZoneInfo(organisation.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


#: What would end a name, begin a comment or a tag, or make a sub-account.
_SPECIAL: Final = re.compile(r"[\s;:|\x00-\x1f]+")


def plain(text: str) -> str:
    """Text without what means something to a program that reads journals."""
    return _SPECIAL.sub(" ", text).strip()
