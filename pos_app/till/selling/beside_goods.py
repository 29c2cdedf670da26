"""What words find beside goods: customers, receipts of this till by their number, and parked baskets."""

from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import wanted_words
from pos_app.ledger.document import SERIES, Invoice, Payment, Refund, Sale
from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import documents
from pos_app.store.journal import drafts
from pos_app.store.master import people
from pos_app.store.master.people import Party
from pos_app.till.session.context import Context

#: Of each kind.
_MOST: Final = 2
_LEAST_LETTERS: Final = 2
_MOST_DIGITS: Final = 9


class Kind(StrEnum):
    """What it is that was found."""

    CUSTOMER = "customer"
    RECEIPT = "receipt"
    PARKED = "parked"


class Beside(NamedTuple):
    """One thing that is no product: `text` tells it from the others of its kind, `total` in minor units."""

    kind: Kind
    key: str
    text: str
    total: int | None = None
    party: Party | None = None


class BesideGoods:
    """Finding them by the same words as goods."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def search(self, typed: str) -> list[Beside]:
        """A few of each kind, customers first; nothing for a letter alone."""
        words = wanted_words.wanted(typed)
        if len("".join(words)) < _LEAST_LETTERS:
            return []
        with self._context.database.read() as connection:
            return [
                *self._customers(connection, typed, words),
                *self._receipts(connection, words),
                *self._parked(connection, words),
            ]

    def _customers(self, connection: Connection, typed: str, words: tuple[str, ...]) -> list[Beside]:
        org_id = self._context.org_id
        found = people.found_parties(connection, org_id, PartyRole.CUSTOMER, typed, _MOST)
        return [
            Beside(Kind.CUSTOMER, str(one.party_id), one.name, party=one)
            for one in found
            if wanted_words.holds(wanted_words.searched(one.name, one.code, one.phone), words)
        ]

    def _receipts(self, connection: Connection, words: tuple[str, ...]) -> list[Beside]:
        """The receipts of this till that end in these digits."""
        word = words[-1]
        if len(words) > 1 or not (word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS):
            return []
        context, found = self._context, []
        terminal_no = context.terminal.terminal_no
        for kind in (Sale, Refund, Payment, Invoice):
            series = SERIES[kind]
            key = documents.key_of_number(connection, context.org_id, terminal_no, series, int(word))
            document = None if key is None else documents.get(connection, context.org_id, key)
            if document is not None:
                number = printed_number(context.place.number_prefix, terminal_no, series, int(word))
                found.append(Beside(Kind.RECEIPT, number, number, getattr(document, "total", None)))
        return found[:_MOST]

    def _parked(self, connection: Connection, words: tuple[str, ...]) -> list[Beside]:
        parked = drafts.load(connection, self._context.org_id, parked=True)
        fits = [one for one in parked if wanted_words.holds(wanted_words.searched(one.label), words)]
        return [Beside(Kind.PARKED, one.request_id, one.label) for one in fits[:_MOST]]
