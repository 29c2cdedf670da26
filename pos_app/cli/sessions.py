"""`bohari session`: who is signed in to the back office in a browser, and ending it."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs
from pos_app.ledger.permission import Permission
from pos_app.office import web_sessions
from pos_app.office.office import Office

app: Final = noun()
session_app: Final = group(app, "session", "Who is signed in to the back office in a browser.")


@command(session_app, "list", AT_WORK, needs(Permission.EDIT_PEOPLE))
def list_sessions(office: Office) -> Answer:
    """Who is signed in, from which address, since when; the newest first."""
    found = web_sessions.listed(office, of_everybody=True)
    rows = [
        {
            "key": one.key,
            "person": one.person,
            "address": one.address,
            "browser": one.browser,
            "since": one.since.isoformat(),
            "used_at": one.used_at.isoformat(),
            "until": one.until.isoformat(),
        }
        for one in found
    ]
    lines = [
        f"{one.key:>5} {one.person:<20} {one.address:<16} since {one.since:%Y-%m-%d %H:%M} UTC, {one.browser}"
        for one in found
    ]
    return Answer({"sessions": rows}, [*lines, f"{counted(len(rows), 'session')}."])


@command(session_app, "end", AT_WORK, needs(Permission.EDIT_PEOPLE))
def end_session(
    office: Office, key: Annotated[int, typer.Argument(metavar="KEY", help="As the list shows it.")]
) -> Answer:
    """End a session now: its next page asks to sign in."""
    web_sessions.end(office, key)
    return Answer({"ended": key}, [f"Session {key} is ended."])
