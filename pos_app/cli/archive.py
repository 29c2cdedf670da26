"""`bohari archive`: old years written out, read back, checked; and `bohari archive verify`."""

from pathlib import Path

from pos_app import bootstrap
from pos_app.cli.answer import Answer
from pos_app.store.archive import archive as store
from pos_app.store.archive import archive_file
from pos_app.store.archive.archive_check import Finding


def make(home: Path, before: int | None, folder: Path) -> Answer:
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


def verify(folder: Path, home: Path | None) -> Answer:
    """Read an archive back; with a home, hold it against the centre's chains too."""
    if home is None:
        finding = store.check(folder)
    else:
        with bootstrap.central(home) as centre:
            finding = store.check(folder, centre.database)
    return _answer(folder, finding, int(archive_file.read_manifest(folder)["before"]))


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
        "problems": finding.problems,
    }
    lines = [
        f"{folder}: {finding.documents} documents and {finding.entries} audit entries of before {before}.",
        *finding.problems,
        "All holds." if finding.ok else f"{len(finding.problems)} problems.",
    ]
    return Answer(values, lines, finding.ok)
