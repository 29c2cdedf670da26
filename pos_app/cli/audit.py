"""`bohari audit list`: who changed what, when and where, on a till or at the centre."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.ledger.errors import Refused
from pos_app.store.documents import audit
from pos_app.store.documents.audit import AuditRecord

app: Final = noun()
audit_app: Final = group(app, "audit", "Who changed what, when and where.")


@command(audit_app, "list", EITHER_HOME)
def list_entries(
    opened: Opened,
    *,
    since: Annotated[str, typer.Option(help="From this moment on, such as 2026-11-20.")] = "",
    action: Annotated[str, typer.Option(help="An action, or a group such as “product”.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 1000,
) -> Answer:
    """Read the audit log of a till or a centre."""
    moment = _moment(since) if since else None
    with opened.database.read() as connection:
        found = audit.read(connection, opened.org_id, since=moment, action=action, most=most)
    entries = [_described(entry) for entry in found]
    lines = [
        f"{entry.at:%Y-%m-%d %H:%M:%S} {entry.terminal_no:>7} {entry.person or '-':<20} {entry.action:<24}"
        f" {entry.subject}  {entry.before} → {entry.after}"
        for entry in found
    ]
    return Answer({"entries": entries, "count": len(entries)}, [*lines, f"{len(entries)} entries."])


def _described(entry: AuditRecord) -> dict[str, Any]:
    return {
        "entry": entry.entry_id,
        "at": entry.at.isoformat(),
        "terminal": entry.terminal_no,
        "person_id": entry.person_id,
        "person": entry.person,
        "address": entry.address,
        "action": entry.action,
        "subject": entry.subject,
        "before": _value(entry.before),
        "after": _value(entry.after),
    }


def _value(text: str) -> Any:
    """What stands in an entry: an object where it is one, or else its text."""
    try:
        return json.loads(text) if text.startswith("{") else text
    except ValueError:
        return text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("not-a-moment", text=text[:40]) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
