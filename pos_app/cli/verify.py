"""`bohari verify`: chain, seals, stored rows, sums and projections, on a till or at the centre."""

from typing import Final

from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.needs import open_to_all
from pos_app.store.upkeep import verification

app: Final = noun()


@command(app, "verify", EITHER_HOME, open_to_all("It must run where no PIN can be checked."))
def verify(opened: Opened) -> Answer:
    """Check chain, seals, sums and projections."""
    own = opened.terminal_no if opened.kind is HomeKind.TILL else None
    verdict = verification.verify(opened.database, opened.org_id, own, open_database=opened.open_again)
    if verdict.ok:
        opened.database.damage.lift()
        verification.note_held(opened.database, opened.org_id, verdict.documents, opened.clock.now())
    lines = [f"{verdict.documents} documents, {verdict.quarantined} in quarantine"]
    lines += [
        f"{name}: {checked.rows} rows, {checked.drift} drifted"
        for name, checked in verdict.projections.items()
    ]
    lines += verdict.problems
    if verdict.problem_count > len(verdict.problems):
        lines.append(f"and {verdict.problem_count - len(verdict.problems)} more problems")
    lines.append("All holds." if verdict.ok else f"{verdict.problem_count} problems.")
    return Answer(
        {
            "documents": verdict.documents,
            "quarantined": verdict.quarantined,
            "projections": {
                name: {"rows": checked.rows, "drift": checked.drift}
                for name, checked in verdict.projections.items()
            },
            "problem_count": verdict.problem_count,
            "problems": verdict.problems,
        },
        lines,
        verdict.ok,
    )
