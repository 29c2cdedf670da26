"""`bohari backups`: the centre's backups that are made by themselves: whole copies and the log between."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app import bootstrap, settings
from pos_app.bootstrap import Central
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, group, noun
from pos_app.cli.homes import ASKED_HOME
from pos_app.cli.needs import needs
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.store.backups import kept_keys, state
from pos_app.store.backups.checking import check_base
from pos_app.store.backups.place import Place
from pos_app.store.backups.state import State
from pos_app.store.engine import age_files

app: Final = noun()
backups_app: Final = group(app, "backups", "The centre's backups that are made by themselves.")


@command(backups_app, "set", ASKED_HOME, needs(Permission.OPERATE))
def set_backups(
    call: Call,
    folder: Annotated[Path, typer.Argument(help="A folder of another disk, a stick or a share.")],
    *,
    identity: Annotated[
        Path,
        typer.Option(
            help="The shop's private key, brought for this once: it opens the first copy to show it."
        ),
    ],
    keys: Annotated[
        Path,
        typer.Option(help="A folder apart from both, for a copy of privacy.key and server.key: a stick."),
    ],
    keep: Annotated[int, typer.Option(min=1, max=1000, help="So many whole copies stay.")] = 7,
) -> Answer:
    """Make a whole copy a day there, and carry every change within seconds, from now on."""
    home, folder = call.home, folder.resolve()
    _expect_own(home)
    if not folder.is_dir():
        raise Refused("backup-no-folder", folder=folder)
    if folder.resolve().is_relative_to(home.resolve()):
        raise Refused("backup-in-home", folder=folder)
    (public, *_) = [str(one.to_public()) for one in age_files.identities(identity)]
    if identity.resolve().is_relative_to(folder.resolve()):
        raise Refused("keys-not-apart", folder=identity, other=folder)
    before = settings.load(home).backup_recipient
    closed_to = before if public in before.replace(",", " ").split() else public
    with bootstrap.central(home) as centre:
        kept = kept_keys.keep(keys, home, folder, *bootstrap.centre_keys(home))
        settings.write(
            home,
            centre_backups=str(folder),
            centre_backups_keep=keep,
            centre_backups_keys=kept,
            backup_recipient=closed_to,
        )
        made = _round(centre)
    values = _values(made) | {"closed_to": closed_to, "keys": str(keys)}
    if made.trouble:
        return Answer(values, [made.trouble.spoken], ok=False)
    try:
        documents = check_base(Place(Path(made.folder)), made.base, identity)
        same_disk = folder.stat().st_dev == home.stat().st_dev
    except OSError as error:
        raise Unavailable("path-unreadable", path=folder, why=error.strerror) from error
    lines = [
        f"{made.folder}/{made.base} is the first ({made.base_bytes:,} bytes, {documents} files);"
        " the private key opened it and every file of it is as Postgres wrote it.",
        "From now on the server makes one a day and carries every change within seconds;",
        "“status” says when not.",
        f"Take {keys} and the private key to two safe places away from this machine and from the backups.",
    ]
    if same_disk:
        lines.append("That is on the same disk as the centre: when the disk dies, both are gone.")
    return Answer(values | {"same_disk": same_disk}, lines)


@command(backups_app, "now", ASKED_HOME, needs(Permission.OPERATE))
def now(call: Call) -> Answer:
    """Make a whole copy now."""
    _expect_own(call.home)
    with bootstrap.central(call.home) as centre:
        made = _round(centre)
    lines = (
        [made.trouble.spoken] if made.trouble else [f"{made.folder}/{made.base} ({made.base_bytes:,} bytes)"]
    )
    return Answer(_values(made), lines, ok=not made.trouble)


@command(backups_app, "off", ASKED_HOME, needs(Permission.OPERATE))
def off(call: Call) -> Answer:
    """Make no more; those that are there stay."""
    home = call.home
    bootstrap.expect(home, bootstrap.HomeKind.CENTRAL)
    before = settings.load(home).centre_backups
    settings.write(home, centre_backups="", centre_backups_keys="")
    with bootstrap.central(home) as centre:
        rounds = bootstrap.backups_of(centre)
        if rounds is not None:
            rounds.round()
    said = f"No more backups go to {before}; those that are there stay." if before else "None was set."
    return Answer({"folder": before}, [said])


def _expect_own(home: Path) -> None:
    bootstrap.expect(home, bootstrap.HomeKind.CENTRAL)
    if settings.load(home).database == "url":
        raise Refused("backups-of-other-postgres")


def _round(centre: Central) -> State:
    rounds = bootstrap.backups_of(centre)
    made = None if rounds is None else rounds.round(at_once=True)
    if made is None:
        raise Refused("backups-not-set")
    return made


def _values(made: State) -> dict[str, Any]:
    return state.values(made, SystemClock().now()) or {}
