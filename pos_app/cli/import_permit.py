"""`bohari import permit`: the centre's leave to bring history in at a depot whose tills have sold already."""

from datetime import timedelta
from typing import Annotated, Final

import typer

from pos_app.cli import acting
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.moments import shown
from pos_app.cli.needs import needs
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.store.master import codes, unknown
from pos_app.store.organisation import staff

app: Final = noun()

_HOURS: Final = 24
_MOST_HOURS: Final = 168


@command(app, "permit", CENTRE, needs(Permission.EDIT_PEOPLE))
def import_permit(
    at: AtCentre,
    code: Code,
    *,
    depot: Annotated[str, typer.Option(metavar="CODE", help="Where.")],
    hours: Annotated[int, typer.Option(min=1, max=_MOST_HOURS, help="For so long.")] = _HOURS,
) -> Answer:
    """Let somebody bring history in at a depot whose tills have sold, for some hours.

    It travels to the tills with the roles; until then, and afterwards, they refuse. Before a till's first
    shift nobody needs it.
    """
    now = at.clock.now()
    until = now + timedelta(hours=hours)
    with at.database.write() as connection:
        acting.declare(connection, at.actor)
        person = codes.person(connection, at.org_id, code.strip())
        place = codes.depot(connection, at.org_id, depot.strip())
        if person is None:
            raise Refused("person-unknown", code=code[:40])
        if place is None:
            raise unknown.depot(connection, at.org_id, depot)
        staff.permit_history(connection, at.org_id, person.person_id, place.depot_id, at=now, until=until)
    end = shown(until, at.organisation.time_zone)
    return Answer(
        {"person": person.code, "depot": place.code, "until": until.isoformat()},
        [f"{person.name} may bring history in at {place.code} until {end}."],
    )
