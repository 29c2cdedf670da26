"""What a till must still send of its audit log: the runs above the mark that the centre acknowledged.

Nothing is ever deleted here, sent or not.
"""

from sqlalchemy import Connection

from pos_app.ledger.travel import AuditPacket
from pos_app.store.documents import audit_rows, audit_runs, settings
from pos_app.store.documents.audit_runs import Run
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.signed_count import Point


def acknowledged(connection: Connection) -> Point:
    """The last entry that the centre has said it has, and the hash of its run."""
    seq, hash_ = settings.several(connection, "audit_acknowledged", "audit_acknowledged_hash")
    return Point(int(seq or 0), bytes.fromhex(hash_))


def acknowledge(connection: Connection, upto: Point) -> None:
    """The centre has all up to there; 0 to send everything again."""
    settings.put(connection, audit_acknowledged=str(upto.seq), audit_acknowledged_hash=upto.hash.hex())


def read_after(
    connection: Connection, who: Terminal, last_no: int, *, most: int, most_entries: int
) -> list[AuditPacket]:
    """The next runs behind an entry; one that has more entries than that goes alone."""
    found: list[AuditPacket] = []
    size = 0
    for run in audit_runs.after(connection, who.org_id, who.terminal_no, last_no, most):
        size += run.last - run.first + 1
        if found and size > most_entries:
            break
        found.append(_packet(connection, who, run))
    return found


def _packet(connection: Connection, who: Terminal, run: Run) -> AuditPacket:
    """The run as it stands, whatever somebody made of it: the centre tells."""
    count = run.last - run.first + 1
    rows = audit_rows.between(connection, who.org_id, run.first, run.last, count)
    entries = tuple(row.entry for row in rows)
    return AuditPacket(run.first, run.last, *run[2:6], entries)
