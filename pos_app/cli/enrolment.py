"""`bohari enrol-code` at the centre and `bohari enrol` at the till: how a till comes to its centre."""

import functools
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.syncd import AUTHORITY, authority, drain
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store.master import enrolment, organisations
from sync.client.enrol import enrol as run
from sync.client.transport import HttpTransport

app: Final = noun()


@command(app, "enrol-code", CENTRE)
def enrol_code(
    at: AtCentre,
    depot: Annotated[str, typer.Option(help="The depot's code; MAIN, or else the first one.")] = "",
) -> Answer:
    """Print a one-time code that enrols one till."""
    with at.database.read() as connection:
        depot = depot or organisations.default_depot(connection, at.org_id)
    code = enrolment.new_code(at.database, at.org_id, depot, at.clock)
    return Answer(
        {"code": code, "depot": depot},
        [code, f"Enrols one till at {depot}, once, within 24 hours."],
    )


@command(app, "enrol", TOLD_HOME)
def enrol(
    call: Call,
    server_url: Annotated[str, typer.Option("--server", metavar="URL")],
    code: Annotated[str, typer.Option(help="From “bohari enrol-code”.")],
    ca: Annotated[
        Path | None, typer.Option(help="The certificate (PEM) of whoever signed the server's.")
    ] = None,
) -> Answer:
    """Make this home a till of the centre."""
    home = call.home
    database = bootstrap.make_till_database(home)
    try:
        if ca is not None:
            _keep_authority(home, ca)
        connect = functools.partial(HttpTransport, ca_file=authority(home))
        one = run(database, home / bootstrap.TERMINAL_KEY, server_url, code, connect=connect)
        said, trouble = "prices and people have come.", ""
        try:
            drain(database, home, one)
        except BohariError as error:
            # The till is enrolled all the same: its daemon fetches the rest.
            trouble = error.sentence
            said = f"its prices and people have not come yet: {trouble}"
    finally:
        database.close()
    return Answer(
        {
            "terminal": one.terminal_no,
            "depot_id": one.depot_id,
            "drawer_id": one.drawer_id,
            "trouble": trouble,
        },
        [f"This is till {one.terminal_no} now; {said}"],
    )


def _keep_authority(home: Path, ca: Path) -> None:
    try:
        (home / AUTHORITY).write_bytes(ca.read_bytes())
    except OSError as error:
        raise Refused("path-unreadable", path=ca, why=error.strerror) from error
    settings.write(home, server_ca=AUTHORITY)
