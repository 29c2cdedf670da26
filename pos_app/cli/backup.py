"""`bohari backup` and its keys: a copy of the database while it is in use, closed to a public key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import VERSION, bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_NOTHING, Call, command, noun
from pos_app.cli.homes import ASKED_HOME, kind_of
from pos_app.cli.needs import needs, open_to_all
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.store.engine import age_files, copies, key
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.sole import BACKUP, sole
from pos_app.store.medium import backup_file

app: Final = noun()


@command(app, "backup", ASKED_HOME, needs(Permission.OPERATE))
def backup(
    call: Call,
    to: Annotated[Path | None, typer.Option(help="A folder; “backups” in the home.")] = None,
    recipient: Annotated[
        str, typer.Option(metavar="age1…", help="The public key that the copy is closed to; or the setting.")
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Not closed to any key; say so.")] = False,
) -> Answer:
    """Copy the database while it is in use, closed to a public key."""
    home, kind = call.home, kind_of(call.home)
    closed_to = age_files.recipients(recipient or ("" if plain else settings.load(home).backup_recipient))
    if plain and closed_to:
        raise Refused("backup-plain-and-closed")
    if not closed_to and not plain:
        raise Refused("backup-needs-recipient")
    folder = to or home / "backups"
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    suffix = age_files.SUFFIX if closed_to else ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if to is None:
            # A folder that an older version made, or somebody opened.
            folder.chmod(0o700)
        if kind is HomeKind.TILL:
            target, hint = _of_till(home, folder, stamp, closed_to)
        else:
            target = folder / f"centre-{stamp}.dump{suffix}"
            with bootstrap.central(home) as centre:
                copies.copy_central(centre.database, target, closed_to)
            hint = (
                f"Phone numbers, codes and documents in it open with {home / 'privacy.key'} alone: "
                "keep a copy of that in another safe place."
            )
    except OSError as error:
        raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error
    size = target.stat().st_size
    values = {"file": str(target), "bytes": size, "closed": bool(closed_to)}
    lines = [f"{target} ({size:,} bytes)", hint]
    if plain:
        lines.append("It is not closed to a key: whoever has this file has what is in it.")
    return Answer(values, lines)


def _of_till(home: Path, folder: Path, stamp: str, to: list[Recipient]) -> tuple[Path, str]:
    """The file of a till's copy, and what to keep for it: closed, all that another machine needs is in it."""
    database = bootstrap.till_database(home)
    try:
        if to:
            with sole(home, BACKUP):
                made = backup_file.make(database, home, folder, to, program=VERSION)
            return made.path, "It opens with the private key alone; “restore till” takes it."
        target = folder / f"till-{stamp}.db"
        copies.copy_till(database, key.load(home), target)
    finally:
        database.close()
    return target, f"It opens with {home / 'till.key'} alone: keep a copy of that in another safe place."


@command(app, "backup-key", TOLD_NOTHING, open_to_all("it makes a file of whoever calls it"))
def backup_key(
    call: Call,
    to: Annotated[Path, typer.Option(help="The new file for the private key; keep it elsewhere.")],
) -> Answer:
    """Make the key pair that copies are closed to."""
    del call
    try:
        public = age_files.make_key(to)
    except OSError as error:
        raise Unavailable("home-unwritable", home=to.parent, why=error.strerror) from error
    return Answer(
        {"file": str(to), "recipient": public},
        [
            public,
            f"{to} opens every copy that is closed to it. Take it to two safe places away from this machine.",
        ],
    )


@command(app, "backup-open", TOLD_NOTHING, open_to_all("the private key says who may"))
def backup_open(
    call: Call,
    file: Annotated[Path, typer.Argument(help="A copy that “bohari backup” made.")],
    *,
    identity: Annotated[Path, typer.Option(help="The file with the private key.")],
    to: Annotated[Path, typer.Option(help="The new file for what is in it.")],
) -> Answer:
    """Open a copy with the private key."""
    del call
    try:
        age_files.open_file(file, identity, to)
    except OSError as error:
        raise Unavailable("path-unreadable", path=file, why=error.strerror) from error
    size = to.stat().st_size
    return Answer({"file": str(to), "bytes": size}, [f"{to} ({size:,} bytes)"])
