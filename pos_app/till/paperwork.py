"""From a print job to the paper it asks for: the document read back, with the names on it."""

from sqlalchemy import Connection

from pos_app.devices.paper import Kick, Paper, WidthChars
from pos_app.ledger.document import CreditNote, Document, Invoice, Payment, Refund, Sale, Trade
from pos_app.ledger.errors import Damaged
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.reports.receipt import Letterhead, Names, receipt
from pos_app.store import balances, documents, people
from pos_app.store.print_jobs import PrintJob
from pos_app.store.projections import PARTY_BALANCE
from pos_app.till.context import Context


def letterhead(context: Context) -> Letterhead:
    """The depot's letterhead as the feed brought it."""
    place = context.place
    return Letterhead(
        organisation=place.organisation,
        depot=place.depot_name,
        depot_letter=place.depot_letter,
        address=place.address,
        phone=place.phone,
        footer=place.receipt_footer,
        time_zone=place.time_zone,
    )


def paper_of(context: Context, job: PrintJob, width: WidthChars = 42) -> Paper:
    """The paper of a job.  Raises `Damaged` when its document is not there."""
    if job.what == "kick" or job.document_id is None:
        return Paper(width, (Kick(),))
    with context.database.read() as connection:
        document = documents.get(connection, context.org_id, job.document_id)
        if document is None:
            raise Damaged(f"Document {job.document_id} of a print job is not in the ledger.")
        party_id: int | None = getattr(document, "party_id", None)
        party = people.party(connection, context.org_id, party_id) if party_id else None
        names = Names(
            person=people.person_name(connection, context.org_id, document.person_id),
            party=party.name if party else "",
            owes=None if job.copy_no else _owes(context, connection, document),
        )
    return receipt(document, letterhead(context), names, copy_no=job.copy_no, kick=job.kick, width=width)


def _owes(context: Context, connection: Connection, document: Document) -> int | None:
    """What the customer owes now, where the document changed it; a copy does not know what was then."""
    if not isinstance(document, Sale | Refund | Payment | Invoice | CreditNote) or document.party_id is None:
        return None
    on_account = not isinstance(document, Trade) or any(
        one.kind is TenderKind.ACCOUNT for one in document.tenders
    )
    if not on_account:
        return None
    key = {
        "org_id": context.org_id,
        "party_role": PartyRole.CUSTOMER.value,
        "party_id": document.party_id,
        "currency": document.currency,
    }
    return balances.current(connection, PARTY_BALANCE, key)["amount"]
