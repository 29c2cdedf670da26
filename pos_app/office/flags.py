"""Looking at a flag: who looked and what they say of it stands beside it for ever."""

import json

from pos_app.ledger.errors import Refused
from pos_app.ledger.flagging import kind_of_code
from pos_app.ledger.head import note_of
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.office import Office
from pos_app.store.journal import double_codes, flags
from pos_app.store.journal.flags import Flagged
from pos_app.store.organisation import rights
from pos_app.store.tables.columns import micros


def settle(office: Office, document_id: int, reason: str, *, kind: str = "") -> list[Flagged]:
    """Say what came of the flags on a document, all of them or those of one kind; gives them.

    Raises `Refused` without a reason, where none waits, where two people decide elsewhere, and for somebody
    who may not decide there.
    """
    note = note_of(reason)
    if not note:
        raise Refused("decision-without-reason")
    now = office.clock.now()
    with office.database.write() as connection:
        found = flags.of_document(connection, office.org_id, document_id)
        seen = [one for one in found if not one.looked_by and kind in ("", one.kind)]
        if not seen:
            raise Refused("flag-not-waiting")
        # Where one of the two documents was voided there is nothing left for two people to decide.
        twice = {one.document_id for one in double_codes.waiting(connection, office.org_id)}
        elsewhere = [one for one in seen if kind_of_code(one.kind).by_two and one.document_id in twice]
        seen = [one for one in seen if one not in elsewhere]
        if not seen:
            raise Refused("flag-settled-by-two", command=kind_of_code(elsewhere[0].kind).by_two)
        place = seen[0].business_id, seen[0].depot_id
        held = rights.load(connection, office.org_id)
        if not held.allows(office.person.person_id, Permission.DECIDE, *place, micros(now)):
            raise Refused("person-may-not-here", name=office.person.name, deed=WORDS[Permission.DECIDE])
        person_id = office.person.person_id
        if flags.look(connection, office.org_id, seen, person_id=person_id, note=note, at=now) != len(seen):
            raise Refused("decided-already")
        said = {"reason": note, "kinds": sorted({one.kind for one in seen})}
        office.note(
            office.books(connection),
            "flag.settled",
            f"document {seen[0].number}",
            after=json.dumps(said, ensure_ascii=False),
        )
    return seen
