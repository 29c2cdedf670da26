"""`bohari restore centre`: a centre whose machine is lost, from its backups, as it was last or once."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused
from pos_app.store.backups import kept_keys, restoring
from pos_app.store.backups.place import Place, lives
from pos_app.store.engine.key_store import make_folder
from pos_app.store.engine.signing import COUNTS
from pos_app.store.master import enrolment
from pos_app.store.schema import schema

app: Final = noun()

#: Backups that were written so recently have their centre at work beside them.
_AT_WORK_S: Final = 60.0
#: What a command leaves in a home before it is one.
_LOGS: Final = "logs"


@command(app, "centre", TOLD_HOME, open_to_all("the private key and the kept keys say who may"))
def restore_centre(
    call: Call,
    folder: Annotated[
        Path, typer.Argument(help="The folder of the backups, or of one life in it (bohari-centre-…).")
    ],
    *,
    identity: Annotated[Path | None, typer.Option(help="The file with the shop's private key.")] = None,
    keys: Annotated[
        Path, typer.Option(help="The folder in which privacy.key and server.key were kept apart.")
    ],
    to_time: Annotated[
        datetime | None,
        typer.Option(
            "--to-time",
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
            help="As it was at this moment, in UTC; left out, as it was last.",
        ),
    ] = None,
    once_more: Annotated[
        bool, typer.Option("--once-more", help="Although another one was restored from here already.")
    ] = False,
) -> Answer:
    """Make this home the centre that was backed up there; a new epoch begins."""
    home = call.home
    if home.exists() and any(path.name != _LOGS for path in home.iterdir()):
        raise Refused("restore-centre-home-taken", home=home)
    moment = None if to_time is None else to_time.replace(tzinfo=UTC)
    place = _chosen(folder)
    about = place.about()
    _refuse(place, about, keys, once_more=once_more)
    began_s = time.monotonic()
    make_folder(home, 0o700)
    try:
        kept_keys.bring(keys, home)
        put = restoring.put_back(place, home / bootstrap.POSTGRES_FOLDER, identity, moment)
        answer = _begin(home, place, about)
    except BaseException:
        _leave(home)
        raise
    took_s = time.monotonic() - began_s
    place.write("restored.json", {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "epoch": answer["epoch"]})
    values = answer | {"base": put.base.file.name, "segments": put.segments, "took_s": round(took_s, 1)}
    lines = [
        f"{home} is the centre of {put.base.at:%Y-%m-%d %H:%M} UTC and {put.segments} pieces of log after it"
        + (f", as it was at {moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "")
        + f": {answer['documents']} documents, the last of {answer['last_at'] or 'none'}.",
        f"Epoch {answer['epoch']}: every till reads everything again and sends what is missing here.",
        "Put its settings (port, TLS) back, say “bohari verify”, set its backups anew (“backups set”),",
        "start the server under the old address, and never again the one that was lost.",
    ]
    return Answer(values, lines)


def _chosen(folder: Path) -> Place:
    found = lives(folder)
    if not found:
        raise Refused("backup-centre-none", folder=folder)
    return found[-1]


def _refuse(place: Place, about: dict[str, Any], keys: Path, *, once_more: bool) -> None:
    """Whatever can be told before hours are spent on it."""
    unknown = set(about.get("migrations", ())) - _known_migrations()
    if unknown:
        raise Refused("database-of-newer-version")
    there = kept_keys.fingerprint_of(keys)
    if there != about.get("keys"):
        raise Refused("restore-centre-other-keys", keys=keys, folder=place.folder)
    restored = place.read("restored.json")
    if restored is not None and not once_more:
        raise Refused("restore-centre-done-before", at=str(restored.get("at", "")))
    if place.quiet_s(time.time()) < _AT_WORK_S:
        raise Refused("restore-centre-at-work", folder=place.folder)


def _known_migrations() -> set[str]:
    """Those of this version and, as they are numbered, of all before it."""
    found = set()
    for head in schema.HEADS["central"]:
        base, _, number = head.rpartition("_")
        found |= {f"{base}_{one:04d}" for one in range(int(number) + 1)}
    return found


def _begin(home: Path, place: Place, about: dict[str, Any]) -> dict[str, Any]:
    """Open what was put back, under a new epoch before anybody is answered."""
    org_ids = [int(one) for one in about.get("organisations", ())]
    settings.write(
        home, kind=HomeKind.CENTRAL.value, org_id=min(org_ids, default=0), database="embedded",
        several=int(len(org_ids) > 1),
    )  # fmt: skip
    above = max((enrolment.lives(one.epoch) for one in lives(place.folder.parent)), default=0)
    with bootstrap.central(home, lives_before=above) as centre, centre.database.read() as connection:
        row = connection.execute(text("SELECT count(*), max(recorded_at)::text FROM document")).one()
        epoch = enrolment.epoch(connection)
    return {"epoch": epoch, "documents": int(row[0]), "last_at": row[1], "before": place.epoch}


def _leave(home: Path) -> None:
    """Empty again, as it was: it is begun anew."""
    for name in (bootstrap.POSTGRES_FOLDER, COUNTS):
        shutil.rmtree(home / name, ignore_errors=True)
    for path in home.iterdir():
        if path.is_file():
            path.unlink()
