"""Customers at the till: finding one, what they owe, what is left of their limit, their statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.ledger.document import TYPES, Document, split_key
from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.store.balances import balances
from pos_app.store.documents import documents
from pos_app.store.master import people
from pos_app.store.master.people import Party
from pos_app.store.receivables import open_items
from pos_app.store.tables.projections import PARTY_BALANCE
from pos_app.till.selling.credit import Left, left_of
from pos_app.till.session.context import Context

#: The window speaks of parties as the till does, without knowing the store.
__all__ = ["CustomerCard", "Customers", "Left", "Party", "StatementLine", "describe"]

_STATEMENT_LINES = 200


@dataclass(frozen=True)
class StatementLine:
    """One line of a statement, newest first; money in minor units.

    `kind` is the document's type, or "elsewhere" for what the centre has from
    other terminals.
    """

    document_id: int | None
    kind: str
    number: str
    occurred_at: datetime | None
    what: str
    change: int
    balance: int


@dataclass(frozen=True)
class CustomerCard:
    """What the till knows of a customer; money in minor units.

    `owes` is `centre` (as the centre had it) plus `here` documents made at this till since; `left` is what of
    the limit may still be sold on.
    """

    party: Party
    owes: int
    left: Left
    centre: int
    here: int
    lines: tuple[StatementLine, ...]


class Customers:
    """The customers, from the feed, with this till's own documents on top."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def search(self, words: str, limit: int = 50) -> list[Party]:
        """Customers whose name, code or phone has the words, or is a slip away from them."""
        with self._context.database.read() as connection:
            return people.found_parties(connection, self._context.org_id, PartyRole.CUSTOMER, words, limit)

    def get(self, party_id: int) -> Party | None:
        """The customer with this key."""
        with self._context.database.read() as connection:
            return people.party(connection, self._context.org_id, party_id)

    def owes(self, party: Party) -> int:
        """What the customer owes, in minor units; negative when the shop owes them."""
        with self._context.database.read() as connection:
            return balances.current(connection, PARTY_BALANCE, self._key(party))["amount"]

    def credit_left(self, party: Party) -> int:
        """What may still go on the customer's account, in minor units (see `credit`)."""
        return self.credit(party).now

    def credit(self, party: Party) -> Left:
        """What may still go on the customer's account, and how old what is known of it is; what they owe in
        other currencies counts at what it is worth in the books (see `credit.check_limit`).
        """
        with self._context.database.read() as connection:
            owes = open_items.in_base(connection, self._context.org_id, PartyRole.CUSTOMER, party.party_id)
            return left_of(self._context, connection, party, owes)

    def card(self, party: Party) -> CustomerCard:
        """All that the customer screen shows."""
        context = self._context
        with context.database.read() as connection:
            owes = balances.current(connection, PARTY_BALANCE, self._key(party))["amount"]
            steps = balances.explain(connection, PARTY_BALANCE, self._key(party))
            base = balances.baseline(connection, PARTY_BALANCE, self._key(party))
            centre, mark = base if base is not None else (0, 0)
            here = sum(
                1 for step in steps if step.document_id is not None and split_key(step.document_id)[1] > mark
            )
            lines = tuple(self._line(connection, step) for step in reversed(steps[-_STATEMENT_LINES:]))
            left = left_of(context, connection, party, owes)
        return CustomerCard(party, owes, left, centre, here, lines)

    def _key(self, party: Party) -> dict[str, object]:
        return {
            "org_id": self._context.org_id,
            "party_role": PartyRole.CUSTOMER.value,
            "party_id": party.party_id,
            "currency": self._context.place.currency.code,
        }

    def _line(self, connection: Connection, step: balances.Step) -> StatementLine:
        number, what = "", ""
        if step.document_id is not None:
            document = documents.get(connection, self._context.org_id, step.document_id)
            if document is not None:
                what = describe(document)
                terminal_no, _ = split_key(step.document_id)
                number = printed_number(
                    self._context.place.number_prefix, terminal_no, document.series, document.number
                )
        return StatementLine(
            step.document_id, step.kind, number, step.occurred_at, what, step.change, step.balance
        )


def describe(document: Document) -> str:
    """What a document was about, in a line: its goods, or how it was paid."""
    words: str = TYPES.of(document).describe(document)
    return words
