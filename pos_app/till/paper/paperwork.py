"""From a print job to the paper it asks for: the document read back, with the names on it."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from pos_app.devices.paper import Cut, Kick, Paper, Text, WidthChars
from pos_app.ledger.document import (
    CreditNote,
    Document,
    DrawerClose,
    DrawerOpen,
    Invoice,
    PartyMoney,
    Payment,
    Refund,
    Sale,
    ServiceOrder,
    Trade,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.errors import Damaged
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.reports.slips.drawer_cash import CashFlow
from pos_app.reports.slips.letterhead import letterhead_of, names_of
from pos_app.reports.slips.receipt import receipt
from pos_app.reports.slips.service_slip import garment_tags
from pos_app.store.balances import balances
from pos_app.store.documents import documents, training
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.store.master import locations
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.projections import PARTY_BALANCE
from pos_app.till.drawer import drawer_flows, x_report
from pos_app.till.drawer.x_report import X
from pos_app.till.laundry.service_orders import TAGS
from pos_app.till.paper.page_slip import PAGE, page_paper
from pos_app.till.session.context import Context

#: Above and below all that a till of training prints.
_MARK: Final = Text(training.MARK, "centre", bold=True)


def paper_of(context: Context, job: PrintJob, width: WidthChars = 42) -> Paper:
    """The paper of a job.  Raises `Damaged` when its document is not there."""
    paper = _paper_of(context, job, width)
    return _as_training(paper) if context.is_training else paper


def _as_training(paper: Paper) -> Paper:
    """The same as nobody takes it for a receipt; it opens no drawer."""
    blocks = [one for one in paper.blocks if not isinstance(one, Kick)]
    if not blocks:
        return replace(paper, blocks=())
    at = next((place for place, one in enumerate(blocks) if isinstance(one, Cut)), len(blocks))
    return replace(paper, blocks=(_MARK, *blocks[:at], _MARK, *blocks[at:]))


def _paper_of(context: Context, job: PrintJob, width: WidthChars) -> Paper:
    if job.what == PAGE:
        return page_paper(context, job, width)
    if job.what == "kick" or job.document_id is None:
        return Paper(width, (Kick(),))
    with context.database.read() as connection:
        document = documents.get(connection, context.org_id, job.document_id)
        if document is None:
            raise Damaged("print-job-without-document", document=job.document_id)
        names = replace(
            names_of(connection, document),
            owes=None if job.copy_no else _owes(context, connection, document),
            came_from=_came_from(context, connection, document),
            flows=_flows(context, connection, document),
        )
        head = letterhead_of(connection, document)
    if job.what == X and isinstance(document, DrawerOpen):
        with context.database.read() as connection:
            return x_report.paper(context, connection, document, width)
    if job.what == TAGS and isinstance(document, ServiceOrder):
        customer = names.party or document.customer_name
        return garment_tags(document, context.printed(document), customer, width)
    return receipt(document, head, names, copy_no=job.copy_no, kick=job.kick, width=width)


def _came_from(context: Context, connection: Connection, document: Document) -> str:
    """Where a transfer that came was sent from, as far as this till was told."""
    if not isinstance(document, TransferReceived):
        return ""
    org_id = context.org_id
    sent = documents.get(connection, org_id, document.sent_id)
    sent = sent or open_orders_till.document(connection, org_id, document.sent_id)
    if not isinstance(sent, TransferSent):
        return ""
    return locations.name_of(connection, org_id, sent.from_location)


def _flows(context: Context, connection: Connection, document: Document) -> tuple[CashFlow, ...]:
    """Why that much was expected in a drawer that was closed."""
    if not isinstance(document, DrawerClose):
        return ()
    return tuple(CashFlow(*one) for one in drawer_flows.of_close(connection, context, document))


def _owes(context: Context, connection: Connection, document: Document) -> int | None:
    """What the party owes now, where the document changed it; a copy does not know what was then."""
    if isinstance(document, PartyMoney):
        return _balance(context, connection, document, document.party_role)
    if isinstance(document, ServiceOrder):
        # What was paid ahead lies on deposit; who has none is not told so.
        return None if document.party_id is None else _deposit(context, connection, document)
    if not isinstance(document, Sale | Refund | Payment | Invoice | CreditNote) or document.party_id is None:
        return None
    on_account = not isinstance(document, Trade) or any(
        one.kind is TenderKind.ACCOUNT for one in document.tenders
    )
    if not on_account:
        return None
    return _balance(context, connection, document, PartyRole.CUSTOMER)


def _deposit(context: Context, connection: Connection, document: ServiceOrder) -> int | None:
    return _balance(context, connection, document, PartyRole.DEPOSITOR) or None


def _balance(
    context: Context,
    connection: Connection,
    document: Trade | Payment | Invoice | CreditNote | PartyMoney | ServiceOrder,
    role: PartyRole,
) -> int:
    key = {
        "org_id": context.org_id,
        "party_role": role.value,
        "party_id": document.party_id,
        "currency": document.currency,
    }
    return balances.current(connection, PARTY_BALANCE, key)["amount"]
