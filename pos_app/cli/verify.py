"""`bohari verify`: chain, seals, stored rows, sums and projections, at a till or the centre; or one paper."""

from typing import Annotated, Any, Final

import typer

from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.moments import shown
from pos_app.cli.needs import open_to_all
from pos_app.language import said
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import kind_of
from pos_app.ledger.money import parse_money
from pos_app.store.upkeep import paper_check, verification

app: Final = noun()

_PAPER: Final = "NUMBER [PROOF]"


@command(app, "verify", EITHER_HOME, open_to_all("It must run where no PIN can be checked."))
def verify(
    opened: Opened,
    *,
    receipt: Annotated[
        str,
        typer.Option(
            "--receipt",
            metavar=_PAPER,
            help="Check one paper instead: its number, and the proof on it, as the QR has them.",
        ),
    ] = "",
    z: Annotated[
        str, typer.Option("--z", metavar=_PAPER, help="The same for the Z of a drawer's close.")
    ] = "",
    total: Annotated[
        str,
        typer.Option(
            "--total",
            metavar="AMOUNT",
            help="What the paper says it comes to: of a Z, the grand total of receipts.",
        ),
    ] = "",
) -> Answer:
    """Check chain, seals, sums and projections; or whether a paper is true."""
    if receipt and z:
        raise Refused("paper-one-at-a-time")
    if receipt or z:
        return _paper(opened, receipt or z, is_z=bool(z), total=total)
    if total:
        raise Refused("total-of-which-paper")
    return _all(opened)


def _all(opened: Opened) -> Answer:
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


def _paper(opened: Opened, told: str, *, is_z: bool, total: str) -> Answer:
    """Whether a paper is true.  No sum is told here: who holds the paper says what it says."""
    own = opened.terminal_no if opened.kind is HomeKind.TILL else None
    with opened.database.read() as connection:
        checked = paper_check.check(connection, opened.org_id, told, own)
    document = checked.document
    stretch = checked.stretch
    if is_z and stretch is None:
        raise Refused("paper-no-z", number=told.split(maxsplit=1)[0][:24])
    problems = list(checked.problems)
    if total and parse_money(total, currency(document.currency)) != checked.total:
        problems.append(said("paper-total-differs"))
    moment, kind = shown(document.recorded_at, opened.organisation.time_zone), kind_of(document)
    values: dict[str, Any] = {
        "kind": kind,
        "recorded_at": moment,
        "position": f"{document.terminal_no}/{document.seq}",
        "proof": checked.proof,
        "problems": [one.spoken for one in problems],
        "codes": [one.code for one in problems],
    }
    lines = [f"{kind.replace('_', ' ')} of {moment}, {values['position']}"]
    if stretch is not None:
        values |= {
            "first_seq": stretch.first_seq,
            "last_seq": document.seq,
            "confirmed_seq": stretch.confirmed_seq,
        }
        closes = f"closes documents {stretch.first_seq} to {document.seq}"
        lines.append(f"{closes}; the centre had confirmed them up to {stretch.confirmed_seq}")
    lines.append(f"proof {checked.proof or 'none: it is older than signatures'}")
    lines += values["problems"]
    lines.append("The paper is not what the books have." if problems else "The paper is true.")
    return Answer(values, lines, not problems)
