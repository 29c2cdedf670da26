"""`bohari backup-set` and `backup-off`: backups of a till that are made by themselves, and their key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, noun
from pos_app.cli.homes import ASKED
from pos_app.cli.needs import needs
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.log import events
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files
from pos_app.store.medium import backup_rounds, backup_state
from pos_app.store.medium.backup_state import State

app: Final = noun()


@command(app, "backup-set", ASKED, needs(Permission.OPERATE))
def backup_set(
    call: Call,
    folder: Annotated[Path, typer.Argument(help="A folder of another disk, a stick or a share.")],
    *,
    identity: Annotated[
        Path,
        typer.Option(
            help="The shop's private key, brought for this once: it opens the first backup to show it."
        ),
    ],
) -> Answer:
    """Make a backup of this till there every day and after each close, from now on."""
    home = call.home
    bootstrap.expect(home, bootstrap.HomeKind.TILL)
    folder = folder.resolve()
    if not folder.is_dir():
        raise Refused("till-backup-no-folder", folder=folder)
    if folder.resolve().is_relative_to(home.resolve()):
        raise Refused("till-backup-in-home", folder=folder)
    (public, *_) = [str(one.to_public()) for one in age_files.identities(identity)]
    before = settings.load(home).backup_recipient
    closed_to = before if public in before.replace(",", " ").split() else public
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            own = terminal.load(connection)
        place = folder / f"bohari-backup-{own.org_id}-{own.terminal_no}"
        # Before anything is written there: the key that lies beside it is no second place.
        backup_rounds.refuse_key_beside(home, place)
        try:
            place.mkdir(mode=0o700, exist_ok=True)
            same_disk = place.stat().st_dev == home.stat().st_dev
        except OSError as error:
            raise backup_rounds.of_folder(error, folder) from error
        settings.write(home, backup_folder=str(place), backup_recipient=closed_to)
        events.BACKUP_CHOSEN.log(folder=str(place))
        state = bootstrap.backup_rounds_of(database, home).turn(at_once=True)
    finally:
        database.close()
    if state is None:
        raise Unavailable("home-unwritable", home=home, why=backup_state.FILE)
    if not state.trouble:
        _tried(home, Path(state.file), identity)
    return _answer(state, closed_to, same_disk=same_disk)


def _tried(home: Path, file: Path, identity: Path) -> None:
    """Open what was just made with the private key, and keep the day on which that went well."""
    from pos_app.cli.opened_backup import opened_backup

    with opened_backup(file, identity, home):
        settings.write(home, backup_key_tried=f"{datetime.now(UTC):%Y-%m-%d}")


def _answer(state: State, closed_to: str, *, same_disk: bool) -> Answer:
    values = {
        "folder": state.folder,
        "file": state.file,
        "closed_to": closed_to,
        "same_disk": same_disk,
        "trouble": state.trouble,
    }
    if state.trouble:
        return Answer(values, [state.sentence.spoken], ok=False)
    lines = [
        f"{state.file} is the first; the private key opened it.",
        "From now on there is one a day and one after each close; “status” says when that ends to be so.",
        "Take the private key to two safe places away from this machine and from the backups.",
    ]
    if same_disk:
        lines.append("That is on the same disk as the till: when the disk dies, both are gone.")
    return Answer(values, lines)


@command(app, "backup-off", ASKED, needs(Permission.OPERATE))
def backup_off(call: Call) -> Answer:
    """Make no more backups by itself; those that are there stay."""
    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    before = settings.load(call.home).backup_folder
    settings.write(call.home, backup_folder="")
    (call.home / backup_state.FILE).unlink(missing_ok=True)
    events.BACKUP_CHOSEN.log(folder="")
    said = f"No more backups go to {before}; those that are there stay." if before else "None was set."
    return Answer({"folder": before}, [said])
