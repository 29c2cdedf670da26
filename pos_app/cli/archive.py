"""`bohari archive`: old years written out, read back, checked; and `bohari archive verify`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap
from pos_app.cli.answer import Answer, print_answer
from pos_app.cli.command import By, Call, Json, PinFile, misused, noun, saying
from pos_app.cli.homes import ASKED_HOME
from pos_app.cli.needs import Needs, needs, open_to_all
from pos_app.cli.told import Told
from pos_app.ledger.permission import Permission
from pos_app.store.archive import archive as store
from pos_app.store.archive import archive_file
from pos_app.store.archive.archive_check import Finding
from sync.protocol import fingerprint

app: Final = noun()
archive_app: Final = typer.Typer(help="Old years written out, read back and checked.")
app.add_typer(archive_app, name="archive")
NEEDS: Final[Needs] = needs(Permission.OPERATE)


# The group is a command itself, and what it checks needs no home: its words stand as Typer takes them.
@archive_app.callback(invoke_without_command=True)
@saying(NEEDS)
def archive(
    context: typer.Context,
    *,
    home: Annotated[Path | None, typer.Option("--home", envvar="BOHARI_HOME", help="The centre.")] = None,
    before: Annotated[int | None, typer.Option(help="A year; seven years are kept by default.")] = None,
    to: Annotated[Path | None, typer.Option(help="A new folder.")] = None,
    by: By = "",
    pin_file: PinFile = "",
    as_json: Json = False,
) -> None:
    """Write old years out, read them back, check them against the chain, let the audit log's go."""
    if context.invoked_subcommand is not None:
        return
    if home is None or to is None:
        raise misused("home-and-folder-not-said")
    with ASKED_HOME.open(Call(home, told=Told(by, pin_file), needs=NEEDS)):
        print_answer(_make(home, before, to), as_json)


def _make(home: Path, before: int | None, folder: Path) -> Answer:
    """Archive what is older than a year, of every organisation; by default than seven years."""
    with bootstrap.central(home) as centre:
        year = store.latest_before(centre.clock.now()) if before is None else before
        finding = store.make(centre.database, folder, year, centre.clock)
    answer = _answer(folder, finding, year)
    answer.lines.append(
        "The documents stay in the books; the audit log of those years is in the archive alone now. "
        f"It holds codes and phone numbers in plain: keep {folder} as you keep the books, "
        "and a copy elsewhere."
    )
    return answer


@archive_app.command("verify")
@saying(open_to_all("Whoever holds the archive can read it; it shows what does not hold."))
def archive_verify(
    folder: Annotated[Path, typer.Argument(help="An archive.")],
    home: Annotated[
        Path | None, typer.Option("--home", help="Hold it against the chains of this centre too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read an archive back: digests, hashes, chains, postings."""
    if home is None:
        finding = store.check(folder)
    else:
        with bootstrap.central(home) as centre:
            finding = store.check(folder, centre.database)
    answer = _answer(folder, finding, int(archive_file.read_manifest(folder)["before"]))
    print_answer(answer, as_json)


def _answer(folder: Path, finding: Finding, before: int) -> Answer:
    heads = {
        str(org_id): {str(number): {"seq": seq, "hash": hash_} for number, (seq, hash_) in heads.items()}
        for org_id, heads in finding.heads.items()
    }
    values = {
        "folder": str(folder),
        "before": before,
        "documents": finding.documents,
        "audit_entries": finding.entries,
        "heads": heads,
        "signed_by": fingerprint.of(finding.signed_by) if finding.signed_by else "",
        "problems": finding.problems,
    }
    lines = [
        f"{folder}: {finding.documents} documents and {finding.entries} audit entries of before {before}.",
        f"Signed by the key {values['signed_by']}." if finding.signed_by else "Nobody signed it.",
        *finding.problems,
        "All holds." if finding.ok else f"{len(finding.problems)} problems.",
    ]
    return Answer(values, lines, finding.ok)
