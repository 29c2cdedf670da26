"""What a terminal must still send: its documents above the acknowledged mark, read in order.

There is no queue beside the ledger, so there is nothing that could be lost or cleared.
"""

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import document_key
from pos_app.ledger.travel import Packet
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import quick


def read_after(
    connection: Connection, terminal: Terminal, seq: int, *, most: int, most_bytes: int
) -> list[Packet]:
    """The next documents after `seq`: at most `most`, and no more bodies than fit `most_bytes`.

    A single document larger than that comes alone.
    """
    rows = quick(
        connection,
        "SELECT seq, prev_hash, hash, posting_digest, body, signature FROM document"
        " WHERE org_id = ? AND document_id > ? AND document_id < ? ORDER BY document_id LIMIT ?",
        terminal.org_id,
        document_key(terminal.terminal_no, seq),
        document_key(terminal.terminal_no + 1, 0),
        most,
    )
    found: list[Packet] = []
    size = 0
    for row in rows:
        seq_, prev_hash, hash_, digest, body, signature = row
        size += len(body)
        if found and size > most_bytes:
            break
        found.append(Packet(seq_, prev_hash, hash_, digest, body, signature or b""))
    rows.close()
    return found


def last(connection: Connection, terminal: Terminal) -> tuple[int, bytes]:
    """Sequence and hash of the last own document; 0 and the genesis hash before the first."""
    row = quick(
        connection,
        "SELECT seq, hash FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
        " ORDER BY document_id DESC LIMIT 1",
        terminal.org_id,
        document_key(terminal.terminal_no, 0),
        document_key(terminal.terminal_no + 1, 0),
    ).fetchone()
    if row is None:
        return 0, canonical.genesis(terminal.org_id, terminal.terminal_no)
    return int(row[0]), bytes(row[1])


def hash_at(connection: Connection, terminal: Terminal, seq: int) -> bytes | None:
    """The hash of the own document with this sequence; None when this terminal has none such."""
    if seq == 0:
        return canonical.genesis(terminal.org_id, terminal.terminal_no)
    found = quick(
        connection,
        "SELECT hash FROM document WHERE org_id = ? AND document_id = ?",
        terminal.org_id,
        document_key(terminal.terminal_no, seq),
    ).fetchone()
    return None if found is None else bytes(found[0])
