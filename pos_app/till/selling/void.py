"""Voiding: undoing a document by a reversal; what moved cash, in its own shift only."""

import json

from sqlalchemy import Connection

from pos_app.ledger import remote_approval
from pos_app.ledger.document import TYPES, Document, Reversal, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import reversal as making_reversal
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import rules as posting_rules
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


class Voids:
    """Voids documents of this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def void(
        self,
        document_id: int,
        reason: str,
        approval: Approval | None = None,
        *,
        request_id: str | None = None,
    ) -> Recorded:
        """Record the reversal of a document; a request again gives the same one.

        Raises `Refused` when it is another till's, a reversal, voided already, refunded, or of
        another shift (its cash is counted and gone: refund it instead), or when the drawer holds
        less than goes back; `NeedsApproval` for a cashier alone.
        """
        context = self._context
        person = context.need(Permission.SELL)
        with context.database.read() as known:
            found = documents.get(known, context.org_id, document_id)
        worth = 0 if found is None else remote_approval.worth(found)
        approver = require(person, Action.VOID, approval, worth)
        if not reason.strip():
            raise Refused("void-without-reason")

        def build(connection: Connection) -> Document:
            original = self._voidable(connection, document_id)
            reversal = making_reversal.reversal(
                context.head_fields(approver=approver), documents.voided(connection, original), reason
            )
            drawer = context.terminal.drawer_id
            out: dict[str, int] = {}
            for line in posting_rules.post(reversal).lines:
                if line.drawer_id == drawer:
                    money = line.currency or original.currency
                    out[money] = out.get(money, 0) - line.amount
            for money, amount in out.items():
                context.need_cash(connection, amount, money)
            return reversal

        def note(connection: Connection, sealed: Sealed) -> None:
            context.note(
                connection,
                "void",
                f"document {document_id}",
                after=json.dumps(
                    {
                        "reversal": sealed.document.document_id,
                        "reason": reason.strip()[:200],
                        "approved_by": sealed.document.approver_id,
                    },
                    ensure_ascii=False,
                ),
            )

        done = recording.record(context, request_id or new_request(), build, also=note)
        context.refresh_shift()
        return done

    def _voidable(self, connection: Connection, document_id: int) -> Document:
        context = self._context
        original = documents.get(connection, context.org_id, document_id)
        if original is None or not context.own(document_id):
            raise Refused("void-of-other-till")
        if isinstance(original, Reversal):
            raise Refused("void-not-voidable")
        if documents.is_voided(connection, context.org_id, document_id):
            raise Refused("voided-already")
        if isinstance(original, Sale) and documents.refunded(connection, context.org_id, document_id):
            raise Refused("void-after-refund")
        # As long as nothing was built upon it, which the books say (`store.rules.book_rules`).
        if TYPES.of(original).voidable_without_shift and not _moved_drawer(original):
            return original
        shift = context.shift
        if shift is None or original.shift != shift.document_id:
            raise Refused("void-after-shift")
        return original


def _moved_drawer(document: Document) -> bool:
    """Whether cash went into or out of a drawer with it."""
    return any(line.drawer_id is not None for line in posting_rules.post(document).lines)
