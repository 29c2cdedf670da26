"""Books a document of a lost history again: under a new number of the centre's, the old one named on it.

A till that was restored from a copy or ran twice recorded documents under keys that others have by now.  The
goods are gone and the money is in the drawer all the same: two people say so, and it stands in the books as
what it is, with its date, its maker and its money.  What it names of its own lost history (its shift, the
sale that was brought back, what it voids) must have been booked again before.

Decisions
---------
2026-11-30  The centre records it, not the till: the chain of the terminal that it came from goes on without
it, and the centre's signature says who took it in.  Its request follows from its hash, so that booked again
twice it is one document, by the database.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import Connection

from pos_app.language import printed, said
from pos_app.ledger import carried_over
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO, Document, Reversal, document_key, split_key
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.flagging import APPROVAL_OLD, APPROVAL_UNPROVED
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.travel import Packet
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage, sentence_of
from pos_app.store.journal import centre_journal, flags, quarantine
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.journal.journal import seal
from pos_app.store.journal.quarantine import REBOOKED, Quarantined
from pos_app.store.master import codes
from pos_app.store.organisation import rights
from pos_app.store.rules import book_rules, judges
from pos_app.store.rules.approval_judge import ProofJudge
from pos_app.store.schema import seals_centre
from sync.server import decision
from sync.server.decision import Names
from sync.server.ingest import Rejected, verify

#: What is asked of the document as it was, never of the one that has its proofs no more.
_OF_PROOFS: Final = (APPROVAL_OLD, APPROVAL_UNPROVED)


def rebook(database: Database, org_id: int, quarantined: Quarantined, names: Names, clock: Clock) -> Sealed:
    """Book it again; gives the new document, the same one when it was booked again before.

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
    request_id = carried_over.request_of(quarantined.hash)

    def build(connection: Connection) -> Document:
        mark = centre_journal.lock_terminal(connection, org_id, quarantined.terminal_no).seq
        key = document_key(quarantined.terminal_no, quarantined.seq)
        here = documents.sealed_bodies(connection, org_id, [key]).get(key)
        if here is not None and here[0] == quarantined.hash:
            # It came by itself meanwhile, as it is.
            raise Refused("rebook-in-books")
        if not decision.misplaced(connection, org_id, ready, mark):
            raise Refused("rebook-fits-as-it-is")
        return _draft(connection, org_id, quarantined, ready.document, request_id)

    def guard(connection: Connection, document: Document) -> None:
        again = seal(document, ready.prev_hash)
        wrong = book_rules.refusal_at_centre(connection, org_id, [again], decided=True)
        if wrong:
            raise Refused("cannot-stand", why=wrong)
        held = rights.load(connection, org_id)
        now = clock.now()
        found = judges.judge(connection, org_id, [again], held, now)
        found = [one for one in found if one.kind not in _OF_PROOFS]
        # The proofs were made for the old one and stand in it.
        found += ProofJudge(connection, org_id, [ready], held, now).judge(ready, document)
        flags.put(connection, org_id, [one for one in found if one.kind not in decision.THEIRS])

    def decide(connection: Connection, sealed: Sealed) -> None:
        new = f"{SERVER_TERMINAL_NO}/{sealed.document.seq}"
        decision.decide(connection, org_id, quarantined, names, decision=REBOOKED, clock=clock, as_new=new)

    journal = CentreJournal(database.for_org(org_id), org_id, SERVER_TERMINAL_NO, clock, guard)
    try:
        return journal.record(request_id, build, decide)
    except BohariError:
        raise
    except Exception as error:
        if is_outage(error):
            raise
        # As when it is accepted: what the books themselves do not take, such as a second void of one sale.
        raise Refused("cannot-stand", why=sentence_of(error)) from error


def _draft(
    connection: Connection, org_id: int, quarantined: Quarantined, document: Document, request_id: str
) -> Document:
    keys = _keys(connection, org_id, quarantined, document)
    depot = codes.depot_of(connection, org_id, document.depot_id)
    prefix = "" if depot is None else depot.number_prefix
    number = printed_number(prefix, document.terminal_no, document.series, document.number)
    place = f"{quarantined.terminal_no}/{quarantined.seq}"
    note = printed("Booked again: {number} ({place}).", number=number, place=place)
    again = carried_over.carried(document, request_id, keys, note)
    if isinstance(again, Reversal):
        # It takes back what stands in the books, byte for byte.
        found = documents.sealed_bodies(connection, org_id, [again.original_id]).get(again.original_id)
        if found is None:
            raise Refused("cannot-stand", why=said("void-of-what-is-not"))
        again = msgspec.structs.replace(again, original_hash=found[0].hex(), original=msgspec.Raw(found[1]))
    return again


def _keys(
    connection: Connection, org_id: int, quarantined: Quarantined, document: Document
) -> Mapping[int, int]:
    """The new keys of what the document names of its own lost history.

    Raises `Refused` with the first that was not booked again yet.
    """
    terminal_no = quarantined.terminal_no
    own = {key for key in carried_over.named(document) if split_key(key)[0] == terminal_no}
    keys = {}
    if own:
        lost = _lost_before(connection, org_id, quarantined, min(split_key(key)[1] for key in own))
        for key in own & lost.keys():
            new = documents.key_of_request(connection, org_id, carried_over.request_of(lost[key]))
            if new is None:
                raise Refused("rebook-first", document=f"{terminal_no}/{split_key(key)[1]}")
            keys[key] = new
    return keys


def _lost_before(
    connection: Connection, org_id: int, quarantined: Quarantined, least: int
) -> dict[int, bytes]:
    """The documents before it in its own history that are not in the books, by their old keys, down to a
    sequence.
    """
    lost: dict[int, bytes] = {}
    seq, before = quarantined.seq - 1, quarantined.prev_hash
    while seq >= least and seq > 0:
        here = quarantine.find(connection, org_id, quarantined.terminal_no, seq)
        found = [one for one in here if one.hash == before]
        if not found:
            key = document_key(quarantined.terminal_no, seq)
            booked = documents.sealed_bodies(connection, org_id, [key]).get(key)
            if booked is not None and booked[0] == before:
                break
            # Nobody brought it: what is named below it cannot be told from others' documents.
            raise Refused("rebook-first", document=f"{quarantined.terminal_no}/{seq}")
        if found[0].decision != quarantine.ACCEPTED:
            lost[document_key(quarantined.terminal_no, seq)] = before
        seq, before = seq - 1, found[0].prev_hash
    return lost
