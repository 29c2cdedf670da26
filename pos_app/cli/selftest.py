"""`bohari selftest`: whether this very machine keeps what a till promises, and is quick enough for it."""

import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap
from pos_app.cli import companions, machine
from pos_app.cli.answer import Answer, out
from pos_app.cli.command import TOLD, Call, command, noun
from pos_app.cli.machine import Tried
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import terminal_key
from pos_app.store.engine.key_store import make_folder

app: Final = noun()
_ROUNDS: Final = 5


@command(
    app,
    "selftest",
    TOLD,
    open_to_all("It works in a folder of its own, which it throws away, and shows nothing of the books."),
)
def selftest(
    call: Call,
    *,
    rounds: Annotated[int, typer.Option(min=1, max=10_000, help="How often the plug is pulled.")] = _ROUNDS,
    seed: Annotated[int, typer.Option(help="When it is pulled; the same again pulls it alike.")] = 0,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report there too.")] = None,
    writes: Annotated[bool, typer.Option("--writes", hidden=True)] = False,
) -> Answer:
    """Try this machine: commits, a program that is killed, a printer's bytes, the speed of a scan."""
    if writes:
        return _write_without_end(call.home)
    # On the disk of the home: that of temporary files may be none.
    call.home.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="selftest-", dir=call.home) as folder:
            tried = _try_all(Path(folder), rounds, seed or secrets.randbelow(10**6))
    except OSError as error:
        raise Unavailable("home-unwritable", home=call.home, why=error.strerror or str(error)) from error
    lines = [f"{one.word} {one.name}: {one.sentence}" for one in tried]
    whole = all(one.ok for one in tried)
    end = "This machine keeps what a till promises." if whole else "This machine is not fit for a till."
    lines.append(end)
    if report is not None:
        report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    values = {
        "findings": [
            {"name": one.name, "ok": one.ok, "sentence": one.sentence, "warns": one.warns} for one in tried
        ]
    }
    return Answer(values, lines, whole)


def _try_all(folder: Path, rounds: int, seed: int) -> list[Tried]:
    tried = [machine.try_disk(folder), machine.try_papers()]
    home = folder / "till"
    make_folder(home, 0o700)
    terminal_key.load_or_make(home / bootstrap.TERMINAL_KEY)
    database = bootstrap.make_till_database(home)
    try:
        tried += [machine.try_commits(database), machine.try_scans(database)]
    finally:
        database.close()
    writer = companions.command("selftest", "--writes", "--home", str(home))
    return [*tried, machine.try_kills(writer, lambda: bootstrap.till_database(home), rounds, seed)]


def _write_without_end(home: Path) -> Answer:
    """Record one document after the other and say each, until somebody pulls the plug."""
    journal = machine.journal_of(bootstrap.till_database(home))
    place = 0
    while True:
        seq, hash_ = machine.record(journal, place)
        out(f"{seq} {hash_}")
        place += 1
