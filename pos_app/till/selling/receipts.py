"""Receipts after the fact: the latest, a look at one, printing one again as a marked copy."""

from pathlib import Path

from pos_app.ledger.document import TYPES, Document
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.documents import audit, documents
from pos_app.store.documents.documents import DocumentSummary
from pos_app.store.journal import print_jobs
from pos_app.store.master import people
from pos_app.till.session.context import Context


class Receipts:
    """What was printed, and printing it again."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def latest(self, limit: int = 50) -> list[DocumentSummary]:
        """The newest receipts of this till, newest first; orders and the like are where they are made."""
        kinds = tuple(one.kind for one in TYPES if one.has_receipt)
        with self._context.database.read() as connection:
            return documents.latest(connection, self._context.org_id, kinds, limit)

    def document(self, document_id: int) -> Document:
        """One document.  Raises `Refused` when this till does not have it."""
        with self._context.database.read() as connection:
            found = documents.get(connection, self._context.org_id, document_id)
        if found is None:
            raise Refused("document-not-at-till")
        return found

    def party_name(self, party_id: int | None) -> str:
        """The customer's name on a receipt, empty without one."""
        if party_id is None:
            return ""
        with self._context.database.read() as connection:
            party = people.party(connection, self._context.org_id, party_id)
        return party.name if party else ""

    def proof_of(self, document_id: int) -> str:
        """The beginning of a document's hash and signature, as on its receipt; empty where it has none."""
        context = self._context
        with context.database.read() as connection:
            return documents.proof_of(connection, context.org_id, document_id)

    def reprint(self, document_id: int) -> int:
        """Queue a copy, marked COPY with its number; gives that number.  Audited."""
        context = self._context
        self.document(document_id)
        with context.database.write() as connection:
            copy_no = max(print_jobs.copies(connection, context.org_id, document_id), 1)
            print_jobs.add(
                connection,
                context.org_id,
                what="receipt",
                at=context.clock.now(),
                document_id=document_id,
                copy_no=copy_no,
            )
            context.note(connection, "reprint", f"document {document_id}", after=f"copy {copy_no}")
        return copy_no

    def save_pdf(self, document_id: int, folder: Path) -> Path:
        """Write an invoice or a credit note as a PDF named after its number; gives the file.

        One that is there is written again: since then more of it may be paid.
        Raises `Refused` for any other document, `Unavailable` when the folder cannot be written.
        """
        # Drawing brings a PDF library with it, which no other receipt needs.
        from pos_app.reports.slips import invoice_pdf

        context = self._context
        document = self.document(document_id)
        with context.database.write() as connection:
            subject = f"document {document_id}"
            # What was handed out on a roll was the original; what is drawn after that is a copy.
            copy_no = audit.count(connection, context.org_id, "drawn", subject)
            copy_no += print_jobs.copies(connection, context.org_id, document_id)
            drawn = invoice_pdf.of_key(connection, context.org_id, document_id, copy_no)
            context.note(connection, "drawn", subject, after=f"copy {copy_no}")
        path = folder / f"{context.printed(document)}.pdf"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn)
        except OSError as error:
            why = error.strerror or "it is not there"
            raise Unavailable("file-unwritable", path=path, why=why) from error
        return path

    def looked_at_paper(self) -> int:
        """A person looked: jobs whose end was unknown need no more care; gives how many.  Audited."""
        context = self._context
        with context.database.write() as connection:
            jobs = print_jobs.troubled(connection)
            for job in jobs:
                print_jobs.mark(connection, job.job_id, print_jobs.PRINTED, job.error, context.clock.now())
                context.note(connection, "looked_at_paper", f"document {job.document_id}", after=job.error)
        return len(jobs)
