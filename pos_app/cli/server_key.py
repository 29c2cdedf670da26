"""`bohari server-key`: the key that signs the centre's answers, its successor, and a till's word on it."""

from typing import Annotated, Any, Final

import typer

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, group, noun
from pos_app.cli.homes import ASKED, CENTRE, AtCentre
from pos_app.cli.needs import needs, open_to_all
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from sync.client import known_centre
from sync.protocol import fingerprint
from sync.server import server_key
from sync.server.server_key import ServerKeys

app: Final = noun()
key_app: Final = group(app, "server-key", "The key that signs the centre's answers, and the next.")

_RESTART: Final = "Restart “bohari server”, which reads its keys when it starts."


@command(key_app, "show", CENTRE, open_to_all("Every till shows the same letters."))
def show(at: AtCentre) -> Answer:
    """The fingerprint that tills show too; of the next key as well while one follows."""
    keys = server_key.load_or_make(at.centre.home)
    return Answer(_values(keys), _lines(keys))


@command(key_app, "next", CENTRE, needs(Permission.OPERATE))
def announce(at: AtCentre) -> Answer:
    """Draw the key that will follow; every till that speaks with the server hears of it."""
    keys = server_key.make_next(at.centre.home)
    return Answer(_values(keys), [*_lines(keys), f"{_RESTART} “server-key rotate” when all tills spoke."])


@command(key_app, "rotate", CENTRE, needs(Permission.OPERATE))
def rotate(at: AtCentre) -> Answer:
    """The next key signs from now on; a till that has not heard of it must be told (“trust”)."""
    keys = server_key.rotate(at.centre.home)
    return Answer(_values(keys), [*_lines(keys), _RESTART])


@command(key_app, "trust", ASKED, needs(Permission.OPERATE))
def trust(
    call: Call,
    key: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As “server-key show” says it.")],
) -> Answer:
    """On a till: believe the key with this fingerprint, whatever was believed before."""
    told = fingerprint.plain(key)
    if not told:
        raise Refused("fingerprint-malformed", letters=fingerprint.LENGTH)
    bootstrap.expect(call.home, HomeKind.TILL)
    database = bootstrap.till_database(call.home)
    try:
        known_centre.trust(database, told)
    finally:
        database.close()
    return Answer({"fingerprint": told}, ["From now on only the centre with this key is believed."])


def _values(keys: ServerKeys) -> dict[str, Any]:
    following = fingerprint.of(keys.next_public) if keys.next_public else ""
    return {"fingerprint": fingerprint.of(keys.public), "next": following}


def _lines(keys: ServerKeys) -> list[str]:
    values = _values(keys)
    lines = [f"{values['fingerprint']}  signs now"]
    return [*lines, f"{values['next']}  follows"] if values["next"] else lines
