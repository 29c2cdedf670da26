"""`bohari message`: what customers are told by SMS and e-mail, and what did not go."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.language import said
from pos_app.ledger.permission import Permission
from pos_app.office import messages
from pos_app.office.office import Office

app: Final = noun()
message_app: Final = group(app, "message", "What customers are told by SMS and e-mail.")


@command(message_app, "list", AT_WORK, needs(Permission.OPERATE))
def list_all(
    office: Office,
    *,
    state: Annotated[str, typer.Option("--state", help="waiting, sending, sent or failed.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, max=1_000, help="So many at most.")] = 50,
) -> Answer:
    """The newest messages, and why one did not go."""
    rows, lines = [], []
    for told in messages.listed(office, state=state, most=most):
        number, one = told.number, told.message
        rows.append(
            {
                "document_id": str(one.document_id),
                "number": number,
                "purpose": one.purpose,
                "state": one.state,
                "channel": one.channel,
                "attempts": one.attempts,
                "made_at": one.made_at.isoformat(),
                "error": one.error,
            }
        )
        why = f"  {said(one.error).spoken}" if one.error else ""
        lines.append(f"{number:<14}  {one.purpose:<8}  {one.state:<8}  {one.channel:<6}{why}")
    return Answer({"messages": rows}, [*lines, f"{counted(len(rows), 'message')}."])


@command(message_app, "again", AT_WORK, needs(Permission.OPERATE))
def again(
    office: Office,
    document: Annotated[int, typer.Argument(metavar="DOCUMENT", help="Its key, as --json lists it.")],
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help="ready or receipt.")] = "ready",
) -> Answer:
    """Send one that failed once more; it may have arrived the first time."""
    messages.again(office, document, purpose)
    return Answer({"document_id": str(document)}, ["It goes out within seconds, while the server runs."])


@command(message_app, "receipt", AT_WORK, somewhere(Permission.INVOICE))
def receipt(
    office: Office,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Of the sale: K3-S000012.")],
) -> Answer:
    """Send the receipt of a sale to its customer."""
    is_new = messages.receipt(office, number)
    words = "goes out" if is_new else "was sent before, or waits already"
    return Answer({"number": number, "new": is_new}, [f"The receipt {number} {words}."])
