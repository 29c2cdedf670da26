"""`bohari codes`: M-Pesa codes that came twice, and two people's word on what became of the money."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, two_people
from pos_app.ledger.currency import currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.store.journal import double_codes
from pos_app.store.journal.double_codes import DoubleCode
from pos_app.store.organisation import staff
from sync.server import code_decision
from sync.server.decision import Names

app: Final = noun()
codes_app: Final = group(app, "codes", "M-Pesa codes that came twice, and deciding on them.")


@command(codes_app, "list", CENTRE, needs(Permission.DECIDE, Permission.SEE_AUDIT))
def list_all(
    at: AtCentre,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What was decided as well.")] = False,
) -> Answer:
    """Codes that two tills took while they were offline: both documents are booked, the money came once."""
    with at.database.read() as connection:
        read = double_codes.everything if everything else double_codes.waiting
        found = read(connection, at.org_id)
        names = {one.person_id: one.code for one in staff.members(connection, at.org_id)}
    rows = [row_of(one, names) for one in found]
    lines = [
        f"{row['document']}  {row['amount']} {row['currency']}  {row['code']} is held by {row['held_by']},"
        f" account {row['account']}: {row['decision'] or 'waits'}"
        for row in rows
    ]
    lines.append(f"{counted(len(rows), 'code')}.")
    return Answer({"codes": rows, "count": len(rows)}, lines)


@command(codes_app, "settle", CENTRE, two_people(Permission.DECIDE))
def settle(
    at: AtCentre,
    document: Annotated[str, typer.Argument(metavar="NUMBER", help="The second document, as printed.")],
    *,
    reason: Annotated[str, typer.Option(help="Why.")],
    missing: Annotated[
        str,
        typer.Option(
            metavar="NUMBER",
            help="The money never came: the document (an entry, say) that took it off the M-Pesa account.",
        ),
    ] = "",
    code: Annotated[
        str, typer.Option(help="Which code, where the document has several that came twice.")
    ] = "",
) -> Answer:
    """Say what the statement of the M-Pesa account says: the money came, or it is missing."""
    names = Names(*at.two, reason)
    one = code_decision.settle(
        at.centre.database, at.org_id, document, names, at.clock, code=code, booked=missing
    )
    decision = double_codes.MISSING if missing else double_codes.CAME
    end = f"the money is missing, and {missing} booked it" if missing else "the money came"
    return Answer(
        {"document": one.number, "code": one.code, "decision": decision},
        [f"{one.number}, {one.code}: {end}."],
    )


def row_of(twice: DoubleCode, names: dict[int, str]) -> dict[str, Any]:
    """One of them as values for a program."""
    return {
        "document": twice.number,
        "code": twice.code,
        "held_by": twice.other_number,
        "amount": decimal_text(twice.amount, currency(twice.currency)),
        "currency": twice.currency,
        "account": twice.account_code,
        "found_at": twice.found_at.isoformat(),
        "decision": twice.decision,
        "decision_reason": twice.decision_reason,
        "decided_at": twice.decided_at.isoformat() if twice.decided_at else None,
        "decided_by": names.get(twice.decided_by or 0, ""),
        "decided_with": names.get(twice.decided_with or 0, ""),
    }
