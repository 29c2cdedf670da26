"""Decisions about what lies in quarantine: into the books as it is, or kept out of them for ever.

Two different people who may decide put their names to a reason.  An accepted document is posted by the
triggers as any other, so every balance that it touches gets a new stamp and the feed brings it to the
tills; the terminal that made it took it off its balances when it was told, and finds it in the centre's
again (see `store.baseline`).
"""

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO, document_key
from pos_app.ledger.errors import Damaged, Refused
from pos_app.ledger.flagging import APPROVED_BY_SELLER, HISTORY_UNALLOWED
from pos_app.ledger.permission import Permission
from pos_app.ledger.travel import Packet
from pos_app.store.documents import audit, documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage, sentence_of
from pos_app.store.journal import centre_journal, flags, quarantine
from pos_app.store.journal.quarantine import ACCEPTED, REJECTED, Quarantined
from pos_app.store.organisation import rights, staff
from pos_app.store.organisation.staff import Member
from pos_app.store.rules import book_rules, judges
from pos_app.store.schema import seals_centre
from pos_app.store.tables.columns import micros
from sync.server.ingest import Rejected, verify, wrong_reversals

_MOST_REASON: Final = 500
#: What two people take upon them who accept a document: that its maker had no right to make it.
THEIRS: Final = (HISTORY_UNALLOWED, APPROVED_BY_SELLER)


@dataclass(frozen=True)
class Names:
    """The codes of the two people who decide, why they do, and from where, for the audit log."""

    by: str
    with_: str
    reason: str
    address: str = ""


def find(connection: Connection, org_id: int, terminal_no: int, seq: int, hash_prefix: str) -> Quarantined:
    """What lies in quarantine under a key.

    Raises `Refused` when nothing does, or several and `hash_prefix` (hex) names none of them alone.
    """
    found = quarantine.find(connection, org_id, terminal_no, seq)
    matching = [one for one in found if one.hash.hex().startswith(hash_prefix.lower())]
    if not matching:
        raise Refused("not-in-quarantine", terminal=terminal_no, seq=seq)
    if len(matching) > 1:
        hashes = ", ".join(one.hash.hex()[:12] for one in matching)
        raise Refused("several-in-quarantine", terminal=terminal_no, seq=seq, hashes=hashes)
    return matching[0]


def accept(database: Database, org_id: int, quarantined: Quarantined, names: Names, clock: Clock) -> int:
    """Post a document into the books as it is; gives its key.

    `database` is the owner's.  Raises `Refused` with why it cannot stand; nothing changed then.
    """
    packet = Packet(
        quarantined.seq, quarantined.prev_hash, quarantined.hash, b"", quarantined.body, quarantined.signature
    )
    ready = verify(org_id, quarantined.terminal_no, packet)
    if isinstance(ready, Rejected):
        raise Refused("cannot-stand", why=ready.reason)
    with database.without_tenant().write() as connection:
        if not seals_centre.make_year(connection, ready.document.year):
            raise Refused("cannot-stand", why=said("year-too-far", year=ready.document.year))
    with database.for_org(org_id).write() as connection:
        mark = centre_journal.lock_terminal(connection, org_id, quarantined.terminal_no).seq
        decide(connection, org_id, quarantined, names, decision=ACCEPTED, clock=clock)
        why_not = _why_not(connection, org_id, ready, mark)
        if why_not:
            raise Refused("cannot-stand", why=why_not)
        try:
            with connection.begin_nested():
                held = rights.load(connection, org_id)
                found = judges.judge(connection, org_id, [ready], held, clock.now())
                flags.put(connection, org_id, [one for one in found if one.kind not in THEIRS])
                centre_journal.append(connection, [ready])
        except Exception as error:
            if is_outage(error):
                raise
            raise Refused("cannot-stand", why=sentence_of(error)) from error
    return ready.document.document_id


def reject(database: Database, org_id: int, quarantined: Quarantined, names: Names, clock: Clock) -> None:
    """Keep a document out of the books; its bytes stay here with the decision."""
    with database.for_org(org_id).write() as connection:
        decide(connection, org_id, quarantined, names, decision=REJECTED, clock=clock)


def _why_not(connection: Connection, org_id: int, ready: Sealed, mark: int) -> str:
    """What the chain and the other documents say against it; empty when nothing does."""
    wrong = misplaced(connection, org_id, ready, mark) or wrong_reversals(connection, org_id, [ready])
    return wrong or book_rules.refusal_at_centre(connection, org_id, [ready], decided=True)


def misplaced(connection: Connection, org_id: int, ready: Sealed, mark: int) -> str:
    """Why it has no place in its terminal's chain as the centre has it; empty when it has."""
    document = ready.document
    if document.seq > mark:
        return said("history-not-followed")
    known = quarantine.known_hashes(connection, org_id, document.terminal_no, document.seq - 1, document.seq)
    booked = documents.sealed_bodies(connection, org_id, [document_key(document.terminal_no, document.seq)])
    if booked:
        return said("key-on-other-document")
    before = set(known.get(document.seq - 1, {}))
    if document.seq == 1:
        before = {canonical.genesis(org_id, document.terminal_no)}
    if ready.prev_hash not in before:
        return said("chain-not-followed")
    return ""


def decide(
    connection: Connection,
    org_id: int,
    quarantined: Quarantined,
    names: Names,
    *,
    decision: str,
    clock: Clock,
    as_new: str = "",
) -> None:
    """Write the decision and the audit entry; `as_new` is what it is called in the books now.

    Raises `Refused` when these two may not decide this.
    """
    reason = reason_of(names)
    by, with_ = deciders(connection, org_id, names, clock, _place(quarantined))
    now = clock.now()
    if not quarantine.decide(
        connection,
        org_id,
        quarantined,
        decision,
        reason=reason,
        by=by.person_id,
        with_=with_.person_id,
        at=now,
    ):
        raise Refused("decided-already")
    audit.write(
        connection,
        org_id=org_id,
        at=now,
        terminal_no=SERVER_TERMINAL_NO,
        person_id=by.person_id,
        address=names.address,
        action=f"quarantine.{decision}",
        subject=f"document {quarantined.terminal_no}/{quarantined.seq}",
        before=json.dumps(
            {"waits_because": quarantined.reason, "hash": quarantined.hash.hex()}, ensure_ascii=False
        ),
        after=json.dumps(
            {"reason": reason, "by": by.code, "with": with_.code} | ({"as": as_new} if as_new else {}),
            ensure_ascii=False,
        ),
    )


def reason_of(names: Names) -> str:
    """The reason as it is kept.  Raises `Refused` when there is none."""
    reason = names.reason.strip()[:_MOST_REASON]
    if not reason:
        raise Refused("decision-without-reason")
    return reason


def _place(quarantined: Quarantined) -> tuple[int, int]:
    """Business and depot of what lies in quarantine."""
    try:
        document = canonical.decode(quarantined.body)
    except Damaged:
        # Of no place that anybody can tell: only who decides for all of the organisation may.
        return 0, 0
    return document.business_id, document.depot_id


def deciders(
    connection: Connection, org_id: int, names: Names, clock: Clock, place: tuple[int, int]
) -> tuple[Member, Member]:
    """The two people who decide on what is of this business and depot.

    Raises `Refused` when they are one, unknown, or may not decide there.
    """
    known = {member.code: member for member in staff.members(connection, org_id) if member.active}
    for code in (names.by, names.with_):
        if code not in known:
            raise Refused("person-unknown", code=code[:40])
    if names.by == names.with_:
        raise Refused("two-people-decide")
    held = rights.load(connection, org_id)
    for code in (names.by, names.with_):
        if not held.allows(known[code].person_id, Permission.DECIDE, *place, micros(clock.now())):
            raise Refused("may-not-decide", name=known[code].name)
    return known[names.by], known[names.with_]
