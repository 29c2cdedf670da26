"""`bohari approval`: what a till asks from afar, and the code that answers it."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import somewhere
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office import remote_approval
from pos_app.office.office import Office

app: Final = noun()
approval_app: Final = group(app, "approval", "Approving from afar what a till asks in figures.")


@command(approval_app, "answer", AT_WORK, somewhere(Permission.APPROVE))
def answer(
    office: Office,
    challenge: Annotated[str, typer.Argument(metavar="CHALLENGE", help="The figures that the till shows.")],
    *,
    look: Annotated[bool, typer.Option("--look", help="Only say what is asked; approve nothing.")] = False,
) -> Answer:
    """Say what is asked, and give the code that approves it: once, and for that alone."""
    if look:
        told, code = remote_approval.told(office, challenge), ""
    else:
        told, code = remote_approval.answer(office, challenge)
    values = {"action": told.action, "amount": told.amount, "till": told.till, "cashier": told.cashier}
    asked = f"{told.cashier} at {told.till}: {WORDS[Permission(told.action)]} {told.amount}".rstrip()
    lines = [f"{asked}.", *([f"The code is {code}."] if code else [])]
    return Answer({**values, "code": code}, lines)
