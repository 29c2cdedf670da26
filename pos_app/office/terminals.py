"""The tills of the organisation as the office keeps them: which there are, their names, and taking one away.

Decisions
---------
2026-11-29  A revocation is for ever: a till that is found again is enrolled anew under another number, for
nobody can tell what was done with its key meanwhile.  What it sold and did not send is not lost: it may hand
it over, and each document waits in quarantine until two people take or refuse it.
"""

import hashlib
import json
from typing import Final, TypeAlias

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import enrolment
from pos_app.store.organisation import terminal_card, terminals
from pos_app.store.organisation.terminals import Seen

#: What the centre knows of a till.
Till: TypeAlias = Seen
_MOST_REASON: Final = 500


def all_terminals(office: Office) -> list[Seen]:
    """Every till, by number."""
    with office.read() as books:
        return _tills(books)


def one(office: Office, terminal_no: int) -> Seen:
    """One till.  Raises `Refused` when there is none of this number."""
    with office.read() as books:
        return _found(books, terminal_no)


def enrol_code(office: Office, depot: str) -> str:
    """A one-time code that enrols one till at a depot within a day.  Raises `Refused`."""
    with office.read() as books:
        office.need(books.connection, Permission.OPERATE)
    return enrolment.new_code(office.database, office.org_id, depot, office.clock, by=office.person.person_id)


def revoke(office: Office, terminal_no: int, because: str) -> Seen:
    """Take a till away, for ever; gives what the centre knows of it.

    Raises `Refused` without a reason, for a number that is no till's and for one that is revoked already.
    """
    reason = because.strip()[:_MOST_REASON]
    if not reason:
        raise Refused("decision-without-reason")
    with office.change(Permission.EDIT_PEOPLE) as books:
        till = _found(books, terminal_no)
        now = office.clock.now()
        if not terminals.revoke(
            books.connection, books.org_id, terminal_no, by=office.person.person_id, because=reason, at=now
        ):
            raise Refused("till-revoked-already", terminal=terminal_no)
        after = json.dumps({"mark": till.mark, "reason": reason}, ensure_ascii=False)
        office.note(books, "terminal.revoked", f"terminal {terminal_no}", before=till.name, after=after)
        return _found(books, terminal_no)


def readmit(office: Office, word: str) -> Seen:
    """Know a till again that was enrolled after the backup of which this centre came back.

    `word` is its card (see `terminal_card`).  Raises `Refused` for a card that is none, or does not fit.
    """
    card = terminal_card.read(word)
    with office.change(Permission.EDIT_PEOPLE) as books:
        terminal_card.take_in(books.connection, books.org_id, card, office.clock)
        key = hashlib.sha256(card.keys[-1][1]).hexdigest()
        after = json.dumps({"depot_id": card.depot_id, "drawer_id": card.drawer_id, "key": key})
        office.note(books, "terminal.readmitted", f"terminal {card.terminal_no}", after=after)
        return _found(books, card.terminal_no)


def rename(office: Office, terminal_no: int, name: str) -> Seen:
    """Call a till something.  Raises `Refused` for a name that is none."""
    called = enrolment.printable(name)
    if not called:
        raise Refused("terminal-needs-name")
    with office.change(Permission.EDIT_PEOPLE) as books:
        till = _found(books, terminal_no)
        terminals.rename(books.connection, books.org_id, terminal_no, called)
        office.note(books, "terminal.renamed", f"terminal {terminal_no}", before=till.name, after=called)
        return _found(books, terminal_no)


def _tills(books: Books) -> list[Seen]:
    return terminals.tills(books.connection, books.org_id)


def _found(books: Books, terminal_no: int) -> Seen:
    till = next((each for each in _tills(books) if each.terminal_no == terminal_no), None)
    if till is None:
        raise Refused("no-such-terminal", terminal=terminal_no)
    return till
