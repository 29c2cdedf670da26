"""The audit logs of tills at the centre: a terminal's runs, each in a transaction of its own.

It holds up no document: these have their own mark and their own way.
"""

from pos_app.ledger import audit_chain
from pos_app.ledger.clock import Clock
from pos_app.log import events
from pos_app.store.documents import audit, audit_arrivals
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.master import enrolment, terminal_keys
from sync.protocol.messages import AuditAnswer, AuditRequest, Code
from sync.server.errors import TurnedAway


def take(
    database: Database, clock: Clock, org_id: int, terminal_no: int, request: AuditRequest
) -> AuditAnswer:
    """Take what follows the mark; gives the mark after the commit.

    Where the terminal believes more to be taken than is, nothing is: it hears the mark and sends the rest.
    Neither is any while another transaction numbers entries, which an import does to its commit: a desk that
    waited for it would have no time for documents.  The terminal comes again with its next round.
    Raises `TurnedAway` for what no terminal of ours sends.
    """
    for packet in request.runs:
        if len(packet.hash) != audit_chain.DIGEST_BYTES or len(packet.prev_hash) != audit_chain.DIGEST_BYTES:
            raise TurnedAway(400, Code.MALFORMED, "packets-out-of-sequence")
    with database.read() as connection:
        keys = terminal_keys.of_terminal(connection, org_id, terminal_no) or [
            # Its first key is noted with its first signed document.
            KeyFrom(0, terminal_keys.public_key(connection, org_id, terminal_no))
        ]
        taken = enrolment.audit_mark(connection, org_id, terminal_no)
    strange = 0
    for packet in request.runs if request.after <= taken else ():
        with database.write() as connection:
            # The row first, as whoever takes a run does; with it held the numbers are not waited for.
            audit_arrivals.mark(connection, org_id, terminal_no)
            if not audit.is_free(connection, org_id):
                break
            reason = audit_arrivals.take(connection, org_id, terminal_no, packet, keys=keys, now=clock.now())
        if reason:
            strange += 1
            events.AUDIT_STRANGE.log(
                org_id=org_id, terminal_no=terminal_no, first=packet.first, last=packet.last, reason=reason
            )
    with database.write() as connection:
        mark = audit_arrivals.mark(connection, org_id, terminal_no)
        return AuditAnswer(
            epoch=enrolment.epoch(connection), mark=mark.seq, mark_hash=mark.hash, strange=strange
        )
