"""Decisions about M-Pesa codes that came twice: the money came, or it is missing and was booked off again.

The same two people who decide about quarantine put their names to a reason.
"""

import json

from sqlalchemy import Connection, text

from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.flagging import CODE_TWICE
from pos_app.ledger.numbering import parse_printed
from pos_app.store.documents import audit, documents
from pos_app.store.engine.engine import Database
from pos_app.store.journal import double_codes, flags
from pos_app.store.journal.double_codes import CAME, MISSING, DoubleCode
from sync.server.decision import Names, deciders, reason_of


def find(connection: Connection, org_id: int, number: str, code: str = "") -> DoubleCode:
    """What waits for a decision under the printed number of the second document.

    Raises `Refused` when nothing does, or several codes of it and `code` names none of them.
    """
    found = [one for one in double_codes.waiting(connection, org_id) if one.number == number.strip().upper()]
    if code:
        found = [one for one in found if one.code == code.strip().upper()]
    if not found:
        raise Refused("code-not-twice", number=number.strip()[:24])
    if len(found) > 1:
        codes = ", ".join(one.code for one in found)
        raise Refused("several-codes-twice", number=found[0].number, codes=codes)
    return found[0]


def settle(
    database: Database,
    org_id: int,
    number: str,
    names: Names,
    clock: Clock,
    *,
    code: str = "",
    booked: str = "",
) -> DoubleCode:
    """Say what became of the money; gives what was decided on.

    `booked` is the printed number of the document that took missing money off the account again; without it
    the money came.  Raises `Refused` when that document does not, or when these two may not decide.
    """
    reason = reason_of(names)
    with database.for_org(org_id).write() as connection:
        one = find(connection, org_id, number, code)
        by, with_ = deciders(connection, org_id, names, clock, (one.business_id, one.depot_id))
        booked_id = _booked(connection, org_id, one, booked) if booked else None
        decision, now = CAME if booked_id is None else MISSING, clock.now()
        if not double_codes.decide(
            connection,
            org_id,
            one,
            decision,
            reason=reason,
            by=by.person_id,
            with_=with_.person_id,
            at=now,
            booked_id=booked_id,
        ):
            raise Refused("decided-already")
        odd = flags.of_document(connection, org_id, one.document_id)
        odd = [each for each in odd if (each.kind, each.place) == (CODE_TWICE.code, one.place + 1)]
        flags.look(connection, org_id, odd, person_id=by.person_id, note=reason, at=now)
        audit.write(
            connection,
            org_id=org_id,
            at=now,
            terminal_no=SERVER_TERMINAL_NO,
            person_id=by.person_id,
            address=names.address,
            action=f"codes.{decision}",
            subject=f"document {one.number}",
            before=json.dumps({"code": one.code, "held_by": one.other_number}, ensure_ascii=False),
            after=json.dumps(
                {"reason": reason, "by": by.code, "with": with_.code, "booked": booked}, ensure_ascii=False
            ),
        )
    return one


def _booked(connection: Connection, org_id: int, twice: DoubleCode, booked: str) -> int:
    """The document that took the money off its account.  Raises `Refused` when it did not."""
    terminal_no, series, number = parse_printed(booked)
    key = documents.key_of_number(connection, org_id, terminal_no, series, number)
    if key is None or documents.is_voided(connection, org_id, key):
        raise Refused("booked-nowhere", number=booked.strip()[:24])
    moved, own = (_moved(connection, org_id, twice, one) for one in (key, twice.document_id))
    # The other way than the document that it makes good: another sale brings money, and takes none off.
    off = moved if own < 0 else -moved
    if off < twice.amount or key in (twice.document_id, twice.other_id):
        raise Refused("booked-otherwise", number=booked.strip()[:24], account=twice.account_code)
    return key


def _moved(connection: Connection, org_id: int, twice: DoubleCode, document_id: int) -> int:
    """What a document put on the account of the code, in minor units; below nothing what it took off."""
    moved = connection.execute(
        text(
            "SELECT coalesce(sum(amount), 0) FROM journal_line WHERE org_id = :org AND document_id = :key"
            " AND account_code = :account AND currency = :currency"
        ),
        {"org": org_id, "key": document_id, "account": twice.account_code, "currency": twice.currency},
    ).scalar_one()
    return int(moved)
