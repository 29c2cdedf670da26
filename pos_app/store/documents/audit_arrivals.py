"""What tills send of their audit logs: taken into the centre's, in order, once; what does not hold is kept.

Decisions
---------
2026-11-30  An entry of a till becomes an entry of the centre's audit log, with the till's number and the
number that it had there, and its run stands beside those of the centre: what the till signed can be held
against what is read here, and the centre's own signature is over it too.

2026-11-30  A run that its till did not sign is evidence: its bytes are kept, the mark passes it, and nothing
of it is in the log.  One that is signed and does not follow (entries before it never came) is taken, and
said as well.  Documents wait for none of this.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, text

from pos_app.ledger import audit_chain
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.travel import AuditEntry, AuditPacket
from pos_app.store.documents import audit, audit_runs
from pos_app.store.documents.audit_runs import Run
from pos_app.store.engine import privacy, signatures
from pos_app.store.engine.outage import is_outage
from pos_app.store.engine.signed_count import Point
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.tables.columns import from_micros
from pos_app.store.tables.tables import audit_log

#: A till's numbers, as its documents': no more than four bytes.
_MOST_NO: Final = 2**32 - 1
#: The note in the centre's own log of what does not hold.
ACTION: Final = "audit.strange"
UNSIGNED: Final = "audit-strange-unsigned"
ANOTHER: Final = "audit-strange-another"
GAP: Final = "audit-strange-gap"
UNREADABLE: Final = "audit-strange-unreadable"


class Strange(NamedTuple):
    """Evidence: what was sent under which numbers, why it lies here, and what a person said of it."""

    terminal_no: int
    first: int
    last: int
    hash: bytes
    reason: str
    received_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    settled_because: str


def mark(connection: Connection, org_id: int, terminal_no: int) -> Point:
    """How far a terminal's log is taken; its row is held until the commit."""
    row = connection.execute(
        text(
            "SELECT audit_no, audit_hash FROM terminal WHERE org_id = :org AND terminal_no = :terminal"
            " FOR UPDATE"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one()
    if row.audit_no == 0:
        return Point(0, audit_chain.genesis(org_id, terminal_no))
    return Point(int(row.audit_no), bytes(row.audit_hash))


def take(
    connection: Connection,
    org_id: int,
    terminal_no: int,
    packet: AuditPacket,
    *,
    keys: Sequence[KeyFrom],
    now: datetime,
) -> str:
    """Take one run, or keep it as evidence; gives the code of what is wrong with it, empty for nothing.

    The same again changes nothing.
    """
    end = mark(connection, org_id, terminal_no)
    known = audit_runs.at(connection, org_id, terminal_no, packet.last)
    if known is not None and known.hash == packet.hash and _run(org_id, packet).digests == known.digests:
        return ""
    before = audit_runs.last(connection, org_id, terminal_no)
    least_key = 0 if before is None else before.key_no
    if packet.last <= end.seq or (before is not None and packet.first <= before.last):
        reason = ANOTHER
    elif not _is_signed(org_id, terminal_no, packet, keys, least_key):
        reason = UNSIGNED
    else:
        reason = "" if (packet.first, packet.prev_hash) == (end.seq + 1, end.hash) else GAP
        try:
            with connection.begin_nested():
                _write(connection, org_id, terminal_no, packet, now)
        except Exception as error:
            if is_outage(error):
                raise
            # Signed, and more than the log can hold: a moment or a letter that does not exist here.
            reason = UNREADABLE
    if reason:
        _put_aside(connection, org_id, terminal_no, packet, reason=reason, now=now)
    if end.seq < packet.last <= _MOST_NO:
        connection.execute(
            text(
                "UPDATE terminal SET audit_no = :no, audit_hash = :hash"
                " WHERE org_id = :org AND terminal_no = :terminal"
            ),
            {"org": org_id, "terminal": terminal_no, "no": packet.last, "hash": packet.hash},
        )
    return reason


def explained(connection: Connection, org_id: int, terminal_no: int, run: Run) -> bool:
    """Whether the centre noted that this run, or the one before it, did not hold when it came."""
    rows = connection.execute(
        text(
            "SELECT first_no, last_no, hash FROM audit_strange WHERE org_id = :org"
            " AND terminal_no = :terminal AND hash IN (:own, :before)"
        ),
        {"org": org_id, "terminal": terminal_no, "own": run.hash, "before": run.prev_hash},
    ).all()
    return any(
        audit.count(connection, org_id, ACTION, _subject(terminal_no, row[0], row[1], bytes(row[2])))
        for row in rows
    )


def strange(connection: Connection, org_id: int, *, settled: bool = False) -> list[Strange]:
    """The evidence that nobody looked at yet; with `settled` all of it."""
    rows = connection.execute(
        text(
            "SELECT terminal_no, first_no, last_no, hash, reason, received_at, settled_at, settled_by,"
            " settled_because FROM audit_strange WHERE org_id = :org AND (:settled OR settled_at IS NULL)"
            " ORDER BY received_at, terminal_no, first_no"
        ),
        {"org": org_id, "settled": settled},
    ).all()
    return [Strange(int(row[0]), int(row[1]), int(row[2]), bytes(row[3]), *row[4:]) for row in rows]


def settle(
    connection: Connection, org_id: int, evidence: Strange, *, by: int | None, because: str, now: datetime
) -> None:
    """Somebody looked at it; it stays what it is."""
    connection.execute(
        text(
            "UPDATE audit_strange SET settled_at = :now, settled_by = :by, settled_because = :because"
            " WHERE org_id = :org AND terminal_no = :terminal AND first_no = :first AND hash = :hash"
        ),
        {
            "org": org_id,
            "terminal": evidence.terminal_no,
            "first": evidence.first,
            "hash": evidence.hash,
            "now": now,
            "by": by,
            "because": because,
        },
    )


def _is_signed(
    org_id: int, terminal_no: int, packet: AuditPacket, keys: Sequence[KeyFrom], least_key: int
) -> bool:
    """Whether this terminal signed just this, with a key that it has not left behind."""
    if not 0 < packet.first <= packet.last <= _MOST_NO:
        return False
    if len(packet.entries) != packet.last - packet.first + 1:
        return False
    if not least_key <= packet.key_no < len(keys):
        return False
    if any(entry.terminal_no != terminal_no for entry in packet.entries):
        return False
    place = audit_chain.Place(org_id, terminal_no, packet.key_no, packet.first)
    if audit_chain.run_hash(place, packet.prev_hash, _run(org_id, packet).digests) != packet.hash:
        return False
    key = keys[packet.key_no].public_key
    return signatures.holds(key, packet.signature, audit_chain.signed_text(packet.hash))


def _run(org_id: int, packet: AuditPacket) -> Run:
    digests = [audit_chain.digest(org_id, no, one) for no, one in enumerate(packet.entries, packet.first)]
    return Run(
        packet.first,
        packet.last,
        packet.key_no,
        packet.prev_hash,
        packet.hash,
        packet.signature,
        b"".join(digests),
    )


def _write(connection: Connection, org_id: int, terminal_no: int, packet: AuditPacket, now: datetime) -> None:
    first = audit.numbered(connection, org_id)
    private = privacy.of(connection)
    connection.execute(
        audit_log.insert(),
        [
            _row(private, org_id, one)
            # Kept with the year in which it came: a till's clock makes no partitions.
            | {"entry_id": first + place, "origin_no": packet.first + place, "year": now.year}
            for place, one in enumerate(packet.entries)
        ],
    )
    audit_runs.keep(connection, org_id, terminal_no, _run(org_id, packet))


def _row(private: privacy.Privacy, org_id: int, entry: AuditEntry) -> dict[str, object]:
    return {
        "org_id": org_id,
        "at": from_micros(entry.at_us),
        "terminal_no": entry.terminal_no,
        "person_id": entry.person_id,
        "address": entry.address,
        "action": entry.action,
        "subject": entry.subject,
        "before": private.encrypt_text(org_id, privacy.AUDIT, entry.before),
        "after": private.encrypt_text(org_id, privacy.AUDIT, entry.after),
    }


def _put_aside(
    connection: Connection,
    org_id: int,
    terminal_no: int,
    packet: AuditPacket,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Keep it with its bytes and say so in the centre's own log; the first time only."""
    body = privacy.of(connection).encrypt_bytes(org_id, msgspec.msgpack.encode(packet))
    first, last = (max(min(one, 2**62), -(2**62)) for one in (packet.first, packet.last))
    made = connection.execute(
        text(
            "INSERT INTO audit_strange (org_id, terminal_no, first_no, last_no, hash, body, reason,"
            " received_at) VALUES (:org, :terminal, :first, :last, :hash, :body, :reason, :now)"
            " ON CONFLICT DO NOTHING"
        ),
        {
            "org": org_id,
            "terminal": terminal_no,
            "first": first,
            "last": last,
            "hash": packet.hash,
            "body": body,
            "reason": reason,
            "now": now,
        },
    )
    if made.rowcount == 1:
        audit.write(
            connection,
            org_id=org_id,
            at=now,
            terminal_no=SERVER_TERMINAL_NO,
            action=ACTION,
            subject=_subject(terminal_no, first, last, packet.hash),
            after=reason,
        )


def _subject(terminal_no: int, first: int, last: int, hash_: bytes) -> str:
    return f"terminal {terminal_no} entries {first}-{last} {hash_.hex()[:16]}"
