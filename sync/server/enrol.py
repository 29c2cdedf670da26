"""Enrolment as messages: a one-time code and a key become a terminal."""

from collections.abc import Callable

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment
from pos_app.store.organisation import terminals
from sync.protocol.messages import Code, EnrolAnswer, EnrolRequest
from sync.server.errors import TurnedAway
from sync.server.rescue import AT_WORK


def answer(
    database: Database, clock: Clock, request: EnrolRequest, check: Callable[[int], None], address: str = ""
) -> EnrolAnswer:
    """Who the new terminal is; `address` is where it asked from.

    `check` raises when the code's organisation is not at home at the address that was asked.
    Raises `TurnedAway` when the code does not hold.
    """
    if len(request.public_key) != 32:
        raise TurnedAway(400, Code.MALFORMED, "public-key-length")
    with database.without_tenant().read() as connection:
        org_id = enrolment.organisation_of(connection, request.code)
    if org_id is None:
        events.ENROLMENT_REFUSED.log(address=address)
        raise TurnedAway(403, Code.NO_SUCH_CODE, "enrolment-code-unknown")
    check(org_id)
    with database.for_org(org_id).write() as connection:
        try:
            if request.replaces:
                _look_at_lost(connection, org_id, request, clock)
            terminal = enrolment.redeem(
                connection,
                request.code,
                request.public_key,
                clock,
                address,
                name=request.name,
                replaces=request.replaces,
            )
        except Refused as refusal:
            events.ENROLMENT_REFUSED.log(refusal, address=address)
            raise TurnedAway(403, Code.NO_SUCH_CODE, refusal.said) from refusal
        epoch = enrolment.epoch(connection)
    events.TERMINAL_ENROLLED.log(
        org_id=terminal.org_id, terminal_no=terminal.terminal_no, depot_id=terminal.depot_id, address=address
    )
    return EnrolAnswer(
        org_id=terminal.org_id,
        terminal_no=terminal.terminal_no,
        depot_id=terminal.depot_id,
        drawer_id=terminal.drawer_id,
        epoch=epoch,
    )


def _look_at_lost(connection: Connection, org_id: int, request: EnrolRequest, clock: Clock) -> None:
    """Raise `Refused` for a till in whose place no other one comes: none of ours, or one that is at work."""
    if request.replaces_org not in (0, org_id):
        raise Refused("restore-other-organisation", terminal=request.replaces)
    seen = {one.terminal_no: one for one in terminals.all_terminals(connection, org_id)}
    lost = seen.get(request.replaces)
    if lost is None or request.replaces == SERVER_TERMINAL_NO:
        raise Refused("rescue-terminal-unknown", terminal=request.replaces)
    if lost.last_seen_at is not None and clock.now() - lost.last_seen_at < AT_WORK:
        raise Refused("restore-till-at-work", terminal=request.replaces)
