"""The books as the rules ask them: the database, and the documents of a batch that are not written yet."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from pos_app.ledger.document import Document, Reversal
from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting.posting import OpenItem
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.orders import open_orders, open_orders_till
from pos_app.store.side import on_till

#: Of an invoice or a bill: business, role, party, itself, due date, currency.
Item = tuple[int, str, int, int, int, str]


@dataclass
class Books(ABC):
    """What is asked: the database, and the documents of a batch that come before but are not written yet.

    `TillBooks` at a till, which does not have every document, and `CentreBooks`; `of` gives the right ones.
    """

    connection: Connection
    org_id: int
    items: set[tuple[int, PartyRole, int, int, int, str]] = field(default_factory=set)
    here: dict[int, Document] = field(default_factory=dict)

    def note(self, sealed: Sealed) -> None:
        """A document of the batch that was judged and comes before the next ones."""
        document = sealed.document
        self.here[document.document_id] = document
        if not sealed.posting.open_items:
            return
        self.items |= {
            (
                item.business_id,
                item.party_role,
                item.party_id,
                item.invoice_id,
                item.due_on,
                document.currency,
            )
            for item in sealed.posting.open_items
            if _opens(item, document)
        }

    def document(self, document_id: int) -> Document | None:
        """A document of the batch or of the books."""
        return self.here.get(document_id) or documents.get(self.connection, self.org_id, document_id)

    def is_voided(self, document_id: int) -> bool:
        """Whether a document was voided, in the books or before in the batch."""
        if any(isinstance(one, Reversal) and one.original_id == document_id for one in self.here.values()):
            return True
        return self._is_voided(document_id)

    @abstractmethod
    def _is_voided(self, document_id: int) -> bool:
        """Whether it was voided, as these books have it."""

    @abstractmethod
    def came_of(self, document_id: int, by: str) -> dict[int, int]:
        """What came of an order (`by` "origin_line") or a transfer (`by` "product_id"), in thousandths."""

    @abstractmethod
    def missing(self, sentence: str) -> str:
        """What is wrong with a document that names one which nobody has here: `sentence`, where all are."""

    @abstractmethod
    def open_items(self, invoice_id: int) -> list[Item]:
        """What is known of an invoice or a bill."""

    @abstractmethod
    def wait_for_others(self, batch: Sequence[Document]) -> None:
        """Who judges what came of an order waits until who changes it has committed."""

    def _items(self, table: str, invoice_id: int, more: str = "") -> list[Item]:
        rows = self.connection.execute(
            text(
                f"SELECT business_id, party_role, party_id, invoice_id, due_on, currency FROM {table}"
                f" WHERE org_id = :org AND invoice_id = :invoice{more}"
            ),
            {"org": self.org_id, "invoice": invoice_id},
        )
        return [(int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4]), str(row[5])) for row in rows]


class TillBooks(Books):
    """A till's: of others' documents it knows what the feed brought, and the centre judges the rest."""

    def document(self, document_id: int) -> Document | None:
        """See `Books.document`; an open order or transfer may be another terminal's."""
        found = super().document(document_id)
        return found or open_orders_till.document(self.connection, self.org_id, document_id)

    def _is_voided(self, document_id: int) -> bool:
        return open_orders_till.is_voided(self.connection, self.org_id, document_id)

    def came_of(self, document_id: int, by: str) -> dict[int, int]:
        """See `Books.came_of`."""
        return open_orders_till.came_of(self.connection, self.org_id, document_id, by)

    def missing(self, sentence: str) -> str:
        """See `Books.missing`: it may lie at the centre."""
        return ""

    def open_items(self, invoice_id: int) -> list[Item]:
        """See `Books.open_items`: a till may know no more of an invoice than what is open."""
        return self._items("open_invoice", invoice_id)

    def wait_for_others(self, batch: Sequence[Document]) -> None:
        """See `Books.wait_for_others`: a till's file has one writer at a time."""


class CentreBooks(Books):
    """The centre's: every document that was taken is here."""

    def _is_voided(self, document_id: int) -> bool:
        return documents.is_voided(self.connection, self.org_id, document_id)

    def came_of(self, document_id: int, by: str) -> dict[int, int]:
        """See `Books.came_of`."""
        return open_orders.came_of(self.connection, self.org_id, document_id, by)

    def missing(self, sentence: str) -> str:
        """See `Books.missing`."""
        return sentence

    def open_items(self, invoice_id: int) -> list[Item]:
        """See `Books.open_items`: the document itself is asked."""
        return self._items("open_item", invoice_id, " AND document_id = :invoice")

    def wait_for_others(self, batch: Sequence[Document]) -> None:
        """See `Books.wait_for_others`."""
        open_orders.lock(self.connection, self.org_id, open_orders.orders_of(batch))


def of(connection: Connection, org_id: int) -> Books:
    """The books of whichever side a database is."""
    kind = TillBooks if on_till(connection) else CentreBooks
    return kind(connection, org_id)


def _opens(item: OpenItem, document: Document) -> bool:
    return item.invoice_id == document.document_id


def sum_upon(books: Books, column: str, original_id: int, kinds: tuple[str, ...]) -> int:
    """The sum of a column of `document` over what these kinds recorded upon a document and nobody voided."""
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    return int(
        books.connection.execute(
            text(
                f"SELECT coalesce(sum({column}), 0) FROM document AS d WHERE org_id = :org"
                f" AND original_id = :original AND kind IN ({marks}) AND {documents.not_voided()}"
            ),
            {"org": books.org_id, "original": original_id},
        ).scalar_one()
    )
