"""The office of a centre as commands work in it, and who stands in its audit log."""

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from pos_app import settings
from pos_app.cli import identity
from pos_app.cli.command import Call, Opens
from pos_app.cli.homes import centre_of
from pos_app.cli.identity import Actor, Side
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.office.office import Office
from pos_app.store.documents import audit


@contextlib.contextmanager
def _at_work(call: Call) -> Iterator[Office]:
    """Raises `Refused` for a stranger, and for a PIN that is missing or wrong."""
    with centre_of(call) as centre:
        org_id = centre.organisation().org_id
        side = Side(centre.database.for_org(org_id), org_id, SERVER_TERMINAL_NO, centre.clock, call.home)
        actor = identity.prove(side, call.told, call.needs).first
        office = Office(centre.database, centre.clock, org_id, actor.person.code)
        office.limits = actor.limits
        office.allows_dates = call.allows_dates
        office.tells_this_machine = bool(settings.load(call.home).webhooks_to_this_machine)
        yield office


@contextlib.contextmanager
def _looking(call: Call) -> Iterator[Office]:
    with centre_of(call) as centre:
        org_id = centre.organisation().org_id
        side = Side(centre.database.for_org(org_id), org_id, SERVER_TERMINAL_NO, centre.clock, call.home)
        if call.needs.permissions:
            identity.prove(side, call.told, call.needs)
        yield Office(centre.database, centre.clock, org_id)


#: The office of a centre with a person at work, who proved who they are.
AT_WORK: Final = Opens[Office](_at_work, dates=True)
#: The office with nobody at work: its books can be read, by who may.
LOOKING: Final = Opens[Office](_looking)


def declare(connection: Connection, actor: Actor) -> None:
    """Say for the rest of the transaction who changes things: the person, and this machine's account."""
    audit.actor(connection, person_id=actor.person_id, address=identity.account())
