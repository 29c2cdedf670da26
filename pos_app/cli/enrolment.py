"""`bohari enrol-code` at the centre and `bohari enrol` at the till: how a till comes to its centre."""

import functools
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from pos_app import bootstrap, enrolment_link, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, open_to_all
from pos_app.cli.progress import progress
from pos_app.cli.syncd import AUTHORITY, INSECURE_HELP, authority, drain
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.store.documents.terminal import Terminal
from pos_app.store.master import enrolment, organisations
from sync.client.enrol import Replaced
from sync.client.enrol import enrol as run
from sync.client.transport import HttpTransport
from sync.protocol import fingerprint, plain_http
from sync.server import server_key

app: Final = noun()

#: Where a server listens that listens everywhere: no address for another machine.
_ANYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - nothing is bound to it


@command(app, "enrol-code", CENTRE, needs(Permission.OPERATE))
def enrol_code(
    at: AtCentre,
    depot: Annotated[str, typer.Option(help="The depot's code; MAIN, or else the first one.")] = "",
) -> Answer:
    """Print a one-time code that enrols one till."""
    with at.database.read() as connection:
        depot = depot or organisations.default_depot(connection, at.org_id)
    keys = server_key.load_or_make(at.centre.home)
    made = enrolment.new_code(at.database, at.org_id, depot, at.clock, by=at.actor.person_id)
    code = fingerprint.with_code(made, keys.public)
    chosen = settings.load(at.centre.home)
    # Of a server that is reached on this machine alone a link would lead another till to itself.
    server = chosen.public_address or chosen.serving
    link = enrolment_link.made(server, code) if server and not _is_local(server) else ""
    return Answer(
        {"code": code, "depot": depot, "fingerprint": fingerprint.of(keys.public), "link": link},
        [
            code,
            f"Enrols one till at {depot}, once, within 24 hours; its end names the centre's key.",
            *([f"Or paste this at the new till: {link}"] if link else []),
        ],
    )


def _is_local(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    return plain_http.is_loopback(host) or host in _ANYWHERE


@command(app, "enrol", TOLD_HOME, open_to_all("The one-time code of the centre is who may."))
def enrol(
    call: Call,
    server_url: Annotated[str, typer.Option("--server", metavar="URL")],
    code: Annotated[str, typer.Option(help="From “bohari enrol-code”.")],
    ca: Annotated[
        Path | None, typer.Option(help="The certificate (PEM) of whoever signed the server's.")
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help=INSECURE_HELP)] = False,
) -> Answer:
    """Make this home a till of the centre."""
    one, trouble = enrolled(call.home, server_url, code, ca=ca, insecure=insecure)
    said = (
        f"its prices and people have not come yet: {trouble}" if trouble else "prices and people have come."
    )
    return Answer(
        {
            "terminal": one.terminal_no,
            "depot_id": one.depot_id,
            "drawer_id": one.drawer_id,
            "trouble": trouble,
        },
        [f"This is till {one.terminal_no} now; {said}"],
    )


def enrolled(
    home: Path,
    server_url: str,
    code: str,
    *,
    ca: Path | None = None,
    insecure: bool = False,
    replaces: Replaced | None = None,
) -> tuple[Terminal, str]:
    """Make a home a till of the centre and fetch prices and people; gives why those did not come, if so.

    Raises what `sync.client.enrol.enrol` raises.
    """
    database = bootstrap.make_till_database(home)
    trouble = ""
    try:
        if ca is not None:
            keep_authority(home, _read(ca))
        if insecure:
            settings.write(home, insecure=1)
        connect = functools.partial(
            HttpTransport, ca_file=authority(home), insecure=bool(settings.load(home).insecure)
        )
        key = home / bootstrap.TERMINAL_KEY
        one = run(database, key, server_url, code, connect=connect, replaces=replaces)
        try:
            with progress("Prices and people") as tell:
                drain(database, home, one, lambda rows: tell(rows, 0))
        except BohariError as error:
            # The till is enrolled all the same: its daemon fetches the rest.
            trouble = error.sentence
    finally:
        database.close()
    return one, trouble


def keep_authority(home: Path, certificate: bytes) -> None:
    """Take the certificates of this authority (PEM) alone from now on.  Raises `Unavailable`."""
    try:
        (home / AUTHORITY).write_bytes(certificate)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    settings.write(home, server_ca=AUTHORITY)


def _read(ca: Path) -> bytes:
    try:
        return ca.read_bytes()
    except OSError as error:
        raise Refused("path-unreadable", path=ca, why=error.strerror) from error
