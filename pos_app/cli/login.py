"""`bohari login`, `logout`, `whoami`: one PIN for the commands of a working day, of this account alone."""

from datetime import timedelta
from typing import Annotated, Any, Final

import typer

from pos_app.cli import identity, moments, session_file
from pos_app.cli.answer import Answer
from pos_app.cli.command import By, PinFile, command, noun
from pos_app.cli.homes import EITHER_SIDE
from pos_app.cli.identity import Actor, Side
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused
from pos_app.store.documents import audit
from pos_app.store.master import organisations, shell_tokens
from pos_app.store.master.shell_tokens import SESSION
from pos_app.store.organisation import rights
from pos_app.store.tables.columns import micros

app: Final = noun()

_HOURS: Final = 8
_MOST_HOURS: Final = 12


@command(app, "login", EITHER_SIDE, open_to_all("It asks for the PIN itself."))
def login(
    side: Side,
    *,
    by: By,
    pin_file: PinFile = "",
    hours: Annotated[
        int, typer.Option(min=1, max=_MOST_HOURS, help="For so long; a session of before ends.")
    ] = _HOURS,
    show: Annotated[
        bool, typer.Option("--show", help="Print the session for BOHARI_TOKEN, and leave no file.")
    ] = False,
) -> Answer:
    """Sign in at this shell: commands of this account need no PIN until it ends."""
    actor = identity.identify(side, by, pin_file, afresh=True)
    now = side.clock.now()
    until = now + timedelta(hours=hours)
    account = identity.account()
    with side.database.read() as connection:
        held = rights.load(connection, side.org_id)
    if not held.has_role(actor.person_id, micros(now)):
        raise Refused("cannot-sign-in")
    _end(side, actor)
    with side.database.write() as connection:
        _, shown = shell_tokens.make(
            connection,
            side.org_id,
            actor.person_id,
            kind=SESSION,
            name=account,
            at=now,
            until=until,
            account=account,
        )
        audit.write(
            connection,
            org_id=side.org_id,
            at=now,
            terminal_no=side.terminal_no,
            person_id=actor.person_id,
            address=account,
            action="session.begun",
            subject=f"person {actor.person_id}",
        )
    values: dict[str, Any] = {
        "person": actor.person.code,
        "name": actor.person.name,
        "until": until.isoformat(),
    }
    if show:
        values["token"] = shown
        return Answer(values, [shown])
    session_file.write(side.home, side.org_id, shown)
    return Answer(
        values, [f"{actor.person.name} is signed in here until {moments.shown(until, _zone(side))}."]
    )


@command(app, "logout", EITHER_SIDE, open_to_all("It ends what is one's own."))
def logout(side: Side) -> Answer:
    """End the session of this account."""
    actor = identity.of_session(side)
    if actor is not None:
        _end(side, actor)
    session_file.forget(side.home, side.org_id)
    name = "" if actor is None else actor.person.name
    return Answer({"person": "" if actor is None else actor.person.code}, [f"{name or 'Nobody'} signed out."])


@command(app, "whoami", EITHER_SIDE, open_to_all("It names who asks."))
def whoami(side: Side) -> Answer:
    """Who is signed in at this shell, and what they may do here."""
    actor = identity.identify(side, "")
    now = micros(side.clock.now())
    with side.database.read() as connection:
        standing = rights.load(connection, side.org_id).standing(actor.person_id, *side.place, now)
    may = sorted(standing.may if actor.limits is None else standing.may & actor.limits)
    until = None if actor.token is None else actor.token.expires_at
    values = {
        "person": actor.person.code,
        "name": actor.person.name,
        "may": may,
        "until": None if until is None else until.isoformat(),
    }
    end = "" if until is None else f" until {moments.shown(until, _zone(side))}"
    return Answer(values, [f"{actor.person.name} ({actor.person.code}){end}", *may])


def _zone(side: Side) -> str:
    """The shop's; UTC before it has one."""
    with side.database.read() as connection:
        found = organisations.get(connection, side.org_id)
    return "UTC" if found is None else found.time_zone


def _end(side: Side, actor: Actor) -> None:
    """End the sessions that this person has at this account: there is one at a time."""
    now, account = side.clock.now(), identity.account()
    with side.database.write() as connection:
        for one in shell_tokens.everything(connection, side.org_id):
            own = (one.kind, one.person_id, one.account) == (SESSION, actor.person_id, account)
            if own and one.holds(now):
                shell_tokens.revoke(
                    connection, side.org_id, one, now, terminal_no=side.terminal_no, by=actor.person_id
                )
