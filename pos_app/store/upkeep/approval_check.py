"""Whether each document that names an approver is proved by them, or stands on the list of what is odd."""

from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import approving, canonical
from pos_app.ledger.approving import Told
from pos_app.ledger.document import SERVER_TERMINAL_NO, split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.flagging import APPROVAL_OLD, APPROVAL_UNPROVED, CLOCK_AHEAD
from pos_app.ledger.judging import Fit
from pos_app.store.master import approval_secrets
from pos_app.store.side import on_till
from pos_app.store.tables.columns import micros
from pos_app.store.upkeep.chain_check import name_of
from pos_app.store.upkeep.document_check import BODY, PREV_HASH
from pos_app.store.upkeep.verdict import Verdict

#: Bytes that a document has which names whose approval it had.
_NAMES: Final = (b'"approver_id"', b'"price_approver_id"', b'"dated_by"')


class ApprovalCheck:
    """Checks documents of every till of an organisation, at the centre."""

    def __init__(self, connection: Connection, org_id: int) -> None:
        self._secrets = approval_secrets.of_everybody(connection, org_id)
        rows = connection.execute(
            text(
                "SELECT document_id, kind FROM flag WHERE org_id = :org AND kind = ANY (:kinds)"
                " ORDER BY document_id DESC"
            ),
            {"org": org_id, "kinds": [APPROVAL_UNPROVED.code, APPROVAL_OLD.code, CLOCK_AHEAD.code]},
        ).all()
        self._flagged = frozenset(int(key) for key, kind in rows if kind != CLOCK_AHEAD.code)
        #: By terminal, from which sequence on its clock is known to have been ahead: the first one stays.
        self._ahead = dict(split_key(int(key)) for key, kind in rows if kind == CLOCK_AHEAD.code)

    def follow(self, row: tuple[Any, ...], verdict: Verdict) -> None:
        """Complain of a document whose approver did not prove it, and of which no flag says so.

        `row` is as it was before it was closed.
        """
        body, key = bytes(row[BODY]), int(row[1])
        terminal_no, seq = split_key(key)
        if not self._secrets or terminal_no == SERVER_TERMINAL_NO or key in self._flagged:
            return
        if seq >= self._ahead.get(terminal_no, seq + 1):
            # When it was recorded nobody knows: by its date it follows secrets that came only afterwards.
            return
        if not any(name in body for name in _NAMES):
            return
        try:
            document = canonical.decode(body)
        except Damaged:
            # Said already of the document itself.
            return
        told = Told(document, bytes(row[PREV_HASH]), body, micros(document.recorded_at))
        for person_id in approving.named(document):
            if approving.fit(told, person_id, self._secrets.get(person_id, ())) is not Fit.FITS:
                verdict.complain(f"Document {name_of(key)}: {said('approval-unproved-unflagged')}")
                return


def load(connection: Connection, org_id: int) -> ApprovalCheck | None:
    """What documents of this database are checked with; None on a till, which knows nobody's secret."""
    return None if on_till(connection) else ApprovalCheck(connection, org_id)
