"""`bohari backup`: a copy of the database while it is in use, whole and synced to the disk."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.homes import kind_of
from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import copies, key

app: Final = noun()


@command(app, "backup", TOLD_HOME)
def backup(
    call: Call,
    to: Annotated[Path | None, typer.Option(help="A folder; “backups” in the home.")] = None,
) -> Answer:
    """Copy the database while it is in use."""
    # A till's copy is encrypted with the same key; the key itself is not copied beside it.
    home, kind = call.home, kind_of(call.home)
    folder = to or home / "backups"
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if kind is HomeKind.TILL:
            target = folder / f"till-{stamp}.db"
            database = bootstrap.till_database(home)
            try:
                copies.copy_till(database, key.load(home), target)
            finally:
                database.close()
            hint = f"Keep {home / 'till.key'} in another safe place: without it nobody can read the copy."
        else:
            target = folder / f"centre-{stamp}.dump"
            with bootstrap.central(home) as centre:
                copies.copy_central(centre.database, target)
            hint = (
                "Whoever has this file can read the books, but for phone numbers, codes and documents: those "
                f"open with {home / 'privacy.key'} alone. Keep a copy of that key in another place."
            )
    except OSError as error:
        raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error
    size = target.stat().st_size
    return Answer({"file": str(target), "bytes": size}, [f"{target} ({size:,} bytes)", hint])
