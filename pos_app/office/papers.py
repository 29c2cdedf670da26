"""Papers that the office draws: which of them is the original, and which a copy.

2026-11-29  The first one that is drawn is the original, whenever that is; every later one says COPY with its
number.  Who draws need not sign in, so the log may name nobody.
"""

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.office.office import Office
from pos_app.store.documents import audit


def copy_number(office: Office, document_id: int) -> int:
    """How often a document was drawn on paper already: 0 for what will be the original."""
    with office.read() as books:
        return audit.count(books.connection, office.org_id, "drawn", f"document {document_id}")


def note_drawn(office: Office, document_id: int, copy_no: int) -> None:
    """It lies there now."""
    office.make_ready(None)
    with office.database.write() as connection:
        audit.write(
            connection,
            org_id=office.org_id,
            at=office.clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            action="drawn",
            subject=f"document {document_id}",
            after=f"copy {copy_no}" if copy_no else "",
        )
