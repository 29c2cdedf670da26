"""`bohari backup`: a copy of the database while it is in use, whole and synced to the disk."""

from datetime import UTC, datetime
from pathlib import Path

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.engine import copies, key


def backup(home: Path, to: Path | None) -> Answer:
    """Copy a home's database into a folder.

    A till's copy is encrypted with the same key; the key itself is not copied beside it.  Raises
    `Unavailable` when the folder cannot be written.
    """
    kind = bootstrap.kind_of(home)
    if kind is None:
        raise Refused(f"There is no home in {home}; make one with “bohari init” or “bohari enrol”.")
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
        raise Unavailable(f"{folder} cannot be written: {error.strerror}.") from error
    size = target.stat().st_size
    return Answer({"file": str(target), "bytes": size}, [f"{target} ({size:,} bytes)", hint])
