"""What tills sent of their audit logs that does not hold: looked at by somebody, who says what it was."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.office import Office
from pos_app.store.documents import audit_arrivals
from pos_app.store.documents.audit_arrivals import Strange


def strange(office: Office, *, settled: bool = False) -> list[Strange]:
    """The evidence that nobody looked at yet; with `settled` all of it."""
    with office.read() as books:
        return audit_arrivals.strange(books.connection, office.org_id, settled=settled)


def settle(office: Office, terminal_no: int, first: int, because: str) -> list[Strange]:
    """Note what it was; gives what is settled by it.

    Raises `Refused` when nothing of that waits, or without a reason.
    """
    because = because.strip()
    if not because:
        raise Refused("decision-without-reason")
    with office.change(Permission.DECIDE) as books:
        found = [
            one
            for one in audit_arrivals.strange(books.connection, office.org_id)
            if (one.terminal_no, one.first) == (terminal_no, first)
        ]
        if not found:
            raise Refused("audit-strange-not-there", terminal=terminal_no, entry=first)
        for one in found:
            audit_arrivals.settle(
                books.connection,
                office.org_id,
                one,
                by=office.person.person_id,
                because=because[:500],
                now=office.clock.now(),
            )
            office.note(
                books,
                "audit.settled",
                f"terminal {terminal_no} entries {one.first}-{one.last}",
                before=one.reason,
                after=because[:500],
            )
    return found
