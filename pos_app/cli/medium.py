"""`bohari medium`: the second medium of a till, where each of its documents lies as well."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, group, noun
from pos_app.cli.homes import ASKED, EITHER_HOME, Opened
from pos_app.cli.needs import needs
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.log import events
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files
from pos_app.store.engine.engine import Database
from pos_app.store.medium import keeper, medium_state, place
from pos_app.store.medium.medium_state import State

app: Final = noun()
medium_app: Final = group(app, "medium", "The second medium of a till: where each document lies as well.")


@command(medium_app, "set", ASKED, needs(Permission.OPERATE))
def set_medium(
    call: Call,
    folder: Annotated[Path, typer.Argument(help="A folder of another disk, a stick or a share.")],
    *,
    recipient: Annotated[
        str, typer.Option(metavar="age1…", help="The public key that it is closed to; or the setting.")
    ] = "",
) -> Answer:
    """Keep every document there as well, within two seconds, from now on."""
    home = call.home
    bootstrap.expect(home, bootstrap.HomeKind.TILL)
    closed_to = recipient or settings.load(home).backup_recipient
    if not age_files.recipients(closed_to):
        raise Refused("medium-needs-recipient")
    folder = folder.resolve()
    if not folder.is_dir():
        raise Refused("medium-no-folder", folder=folder)
    if folder.resolve().is_relative_to(home.resolve()):
        raise Refused("medium-in-home", folder=folder)
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            own = terminal.load(connection)
        try:
            made = place.make(folder, own, closed_to)
            same_disk = folder.stat().st_dev == home.stat().st_dev
        except OSError as error:
            raise Unavailable("medium-fails", folder=folder, why=error.strerror) from error
        medium_state.write(home, State(str(folder), made.mark.medium))
        settings.write(home, medium=str(folder), medium_id=made.mark.medium, backup_recipient=closed_to)
        events.MEDIUM_CHOSEN.log(folder=str(folder))
        state = _first_turn(database, home)
    finally:
        database.close()
    lines = [f"Every document of this till lies in {made.folder} as well, closed to {closed_to}."]
    if same_disk:
        lines.append("That is on the same disk as the till: when the disk dies, both are gone.")
    if state.trouble:
        lines.append(state.sentence.spoken)
    values = {
        "folder": str(made.folder),
        "upto": state.upto,
        "same_disk": same_disk,
        "trouble": state.trouble,
    }
    return Answer(values, lines, ok=not state.trouble)


@command(medium_app, "off", ASKED, needs(Permission.OPERATE))
def off(call: Call) -> Answer:
    """Write no more there; what lies there stays."""
    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    before = settings.load(call.home).medium
    settings.write(call.home, medium="", medium_id="")
    (call.home / medium_state.FILE).unlink(missing_ok=True)
    events.MEDIUM_CHOSEN.log(folder="")
    said = f"Nothing is written to {before} any more; what lies there stays." if before else "None was set."
    return Answer({"folder": before}, [said])


@command(medium_app, "show", EITHER_HOME, needs(Permission.OPERATE))
def show(opened: Opened) -> Answer:
    """Where the second medium is, what is wrong with it, and what lies on this disk alone."""
    bootstrap.expect(opened.home, bootstrap.HomeKind.TILL)
    with opened.database.read() as connection:
        standing = medium_state.standing(connection, terminal.load(connection), opened.home)
    if standing is None:
        return Answer({"folder": ""}, ["None is set: “bohari medium set FOLDER”."])
    values = {"folder": standing.folder, "trouble": standing.trouble, "alone": standing.alone}
    lines = [standing.folder, f"{standing.alone} documents lie on this disk alone."]
    if standing.trouble:
        lines.append(standing.trouble.spoken)
    return Answer(values, lines, ok=not standing.trouble)


def _first_turn(database: Database, home: Path) -> State:
    """What a daemon or a window would do next is done now, so that whoever chose sees whether it works."""
    keeper.turn_once(database, home, lambda: bootstrap.medium_of(home))
    state = medium_state.read(home)
    if state is None:
        raise Unavailable("home-unwritable", home=home, why=medium_state.FILE)
    return state
