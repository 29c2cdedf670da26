"""`bohari token`: what jobs and other programs show instead of a PIN, each with the rights of its own."""

from datetime import timedelta
from typing import Annotated, Final

import typer
from sqlalchemy import Connection

from pos_app.bootstrap import HomeKind
from pos_app.cli import identity
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.needs import needs
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import api_door
from pos_app.store.documents import audit
from pos_app.store.master import codes, people, shell_tokens
from pos_app.store.master.codes import PersonCode
from pos_app.store.master.shell_tokens import API, SESSION, TOKEN

app: Final = noun()
token_app: Final = group(app, "token", "What jobs and other programs show instead of a PIN.")

_DAYS: Final = 365
_MOST_DAYS: Final = 1_830
_MOST_NAME: Final = 60


@command(token_app, "add", EITHER_HOME, needs(Permission.EDIT_PEOPLE))
def add(
    opened: Opened,
    *,
    name: Annotated[str, typer.Option(help="Which job it is for: backup-at-night, say.")],
    may: Annotated[
        list[str] | None,
        typer.Option("--may", metavar="PERMISSION", help="What it may do, such as operate; again for more."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=_MOST_DAYS, help="For so long.")] = _DAYS,
    api: Annotated[
        bool, typer.Option("--api", help="For another program, which shows it to /api/v1 and to no shell.")
    ] = False,
    of: Annotated[
        str, typer.Option("--of", metavar="CODE", help="With --api: of this person or service; one's own.")
    ] = "",
) -> Answer:
    """A token for a job, printed once, for BOHARI_TOKEN in its environment; or for another program.

    It can do what is named here and what its person may at that moment, and nothing else.
    """
    if not name.strip() or not may:
        raise Refused("token-needs-name-and-rights")
    actor = identity.asked(opened.actors).first
    if actor.token is not None and actor.token.kind != SESSION:
        # Else a token made another one with all that its person may.
        raise Refused("token-by-token")
    rights = frozenset(_permission(one).value for one in may)
    now = opened.clock.now()
    until = now + timedelta(days=days)
    if of and not api:
        raise Refused("token-of-another-api-alone")
    if api and opened.kind is not HomeKind.CENTRAL:
        raise Refused("api-token-at-centre-alone")
    with opened.database.write() as connection:
        person = _whose(opened, connection, of) if of else actor.person
        key, shown = shell_tokens.make(
            connection,
            opened.org_id,
            person.person_id,
            kind=API if api else TOKEN,
            name=name.strip()[:_MOST_NAME],
            at=now,
            until=until,
            rights=rights,
        )
        audit.write(
            connection,
            org_id=opened.org_id,
            at=now,
            terminal_no=opened.terminal_no,
            person_id=actor.person_id,
            address=identity.account(),
            action="api.added" if api else "token.added",
            subject=f"person {person.person_id}",
            after=f"{name.strip()[:_MOST_NAME]}: {' '.join(sorted(rights))}",
        )
    if api:
        shown = api_door.written(opened.org_id, shown)
    values = {"token": shown, "key": key, "person": person.code, "until": until.isoformat()}
    return Answer(values, [shown, f"Shown once; it counts until {until:%Y-%m-%d}, in this database alone."])


def _whose(opened: Opened, connection: Connection, code: str) -> PersonCode:
    found = codes.person(connection, opened.org_id, code)
    if found is None:
        raise Refused("person-unknown", code=code[:40])
    return found


@command(token_app, "list", EITHER_HOME, needs(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT))
def list_all(
    opened: Opened,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What ended as well.")] = False,
) -> Answer:
    """Tokens and sessions that count, whose they are and when they were used last."""
    now = opened.clock.now()
    with opened.database.read() as connection:
        found = shell_tokens.everything(connection, opened.org_id)
        names = {one.person_id: people.person_name(connection, opened.org_id, one.person_id) for one in found}
    rows = [
        {
            "key": one.token_id,
            "kind": one.kind,
            "name": one.name,
            "person": names[one.person_id],
            "may": sorted(one.rights),
            "until": one.expires_at.isoformat(),
            "used_at": one.used_at.isoformat() if one.used_at else None,
            "counts": one.holds(now),
        }
        for one in found
        if everything or one.holds(now)
    ]
    lines = [
        f"{row['key']:>5} {row['kind']:<8} {row['name']:<24} {row['person']:<20} until {row['until']}"
        f"{'' if row['counts'] else ', ended'}"
        for row in rows
    ]
    return Answer(
        {"tokens": rows}, [*lines, f"{counted(len(rows), 'token or session', 'tokens and sessions')}."]
    )


@command(token_app, "revoke", EITHER_HOME, needs(Permission.EDIT_PEOPLE))
def revoke(
    opened: Opened,
    key: Annotated[int, typer.Argument(metavar="KEY", help="As the list shows it; 0 for every session.")],
) -> Answer:
    """End a token or a session now."""
    now, actor = opened.clock.now(), identity.asked(opened.actors).first
    with opened.database.write() as connection:
        ended = [
            one
            for one in shell_tokens.everything(connection, opened.org_id)
            if one.holds(now) and (one.token_id == key or (key == 0 and one.kind == SESSION))
        ]
        if not ended and key:
            raise Refused("token-counts-not")
        for one in ended:
            shell_tokens.revoke(
                connection, opened.org_id, one, now, terminal_no=opened.terminal_no, by=actor.person_id
            )
    return Answer({"revoked": [one.token_id for one in ended]}, [f"{len(ended)} ended."])


def _permission(typed: str) -> Permission:
    try:
        return Permission(typed.strip().lower().replace("-", "_"))
    except ValueError:
        raise Refused(
            "permission-unknown", typed=typed[:40], words=", ".join(one.value for one in Permission)
        ) from None
