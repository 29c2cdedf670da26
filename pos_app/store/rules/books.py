"""The books as the rules ask them: the database, and the documents of a batch that are not written yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from pos_app.ledger.document import Document
from pos_app.ledger.line import OpenItem, PartyRole
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.orders import open_orders, open_orders_till


@dataclass
class Books:
    """What is asked: the database, and the documents of a batch that come before but are not written yet."""

    connection: Connection
    org_id: int
    items: set[tuple[int, PartyRole, int, int, int, str]] = field(default_factory=set)
    here: dict[int, Document] = field(default_factory=dict)

    @property
    def is_till(self) -> bool:
        """Whether some documents may lie at the centre only."""
        return self.connection.dialect.name == "sqlite"

    def note(self, sealed: Sealed) -> None:
        """A document of the batch that was judged and comes before the next ones."""
        document = sealed.document
        self.here[document.document_id] = document
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
        found = self.here.get(document_id) or documents.get(self.connection, self.org_id, document_id)
        if found is None and self.is_till:
            return open_orders_till.document(self.connection, self.org_id, document_id)
        return found

    def wait_for_others(self, batch: Sequence[Document]) -> None:
        """At the centre: who judges what came of an order waits until who changes it has committed."""
        if not self.is_till:
            open_orders.lock(self.connection, self.org_id, open_orders.touched(batch))


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
