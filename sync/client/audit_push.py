"""Pushing the audit log: the till's signed runs above the mark, in order, until none waits.

After the documents, and in nobody's way: what a centre does not take of it waits for the next round.
"""

from pos_app.log import events
from pos_app.store.documents import audit_outbox, audit_runs
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signed_count import Point
from sync.client import key_handover
from sync.client.errors import ServerBusy, ServerRefused
from sync.client.transport import Transport
from sync.protocol.messages import (
    AUDIT_PATH,
    MOST_AUDIT_ENTRIES,
    MOST_AUDIT_RUNS,
    AuditAnswer,
    AuditRequest,
)


def push(database: Database, who: Terminal, transport: Transport) -> bool:
    """Send until nothing waits; gives whether the centre takes audit logs at all.

    Raises what the transport raises, but for a refusal of the centre, which is logged.
    """
    may_rewind = True
    while True:
        with database.read() as connection:
            mark = audit_outbox.acknowledged(connection)
            runs = audit_outbox.read_after(
                connection, who, mark.seq, most=MOST_AUDIT_RUNS, most_entries=MOST_AUDIT_ENTRIES
            )
            if key_handover.unsent_from(connection) is not None:
                known = key_handover.known_keys(connection)
                runs = [one for one in runs if one.key_no < known]
        if not runs:
            return True
        try:
            request = AuditRequest(after=mark.seq, runs=tuple(runs))
            answer = transport.call(AUDIT_PATH, request, AuditAnswer)
        except ServerBusy:
            raise
        except ServerRefused as refusal:
            # A centre of the release before has no place for it; another refusal is no reason to stop either.
            events.AUDIT_NOT_TAKEN.log(refusal)
            return False
        last = Point(runs[-1].last, runs[-1].hash)
        told = Point(answer.mark, answer.mark_hash)
        if told.seq >= last.seq:
            if told.seq == last.seq and told.hash != last.hash:
                events.AUDIT_MISFITS.log(entry=last.seq)
            _acknowledge(database, last)
        elif may_rewind and told.seq < mark.seq:
            # Restored from a backup: it gets again what it lost.
            may_rewind = False
            _acknowledge(database, told if _is_own(database, who, told) else Point(0, b""))
        else:
            return True


def _is_own(database: Database, who: Terminal, point: Point) -> bool:
    with database.read() as connection:
        return audit_runs.stands(connection, who.org_id, who.terminal_no, point)


def _acknowledge(database: Database, upto: Point) -> None:
    with database.write() as connection:
        audit_outbox.acknowledge(connection, upto)
