"""`bohari audit`: who changed what, when and where, and what came of tills that does not hold."""

import json
from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.moments import local, moment
from pos_app.cli.needs import needs
from pos_app.language import said
from pos_app.ledger.permission import Permission
from pos_app.office import audit_logs
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.documents.audit import AuditRecord
from pos_app.store.documents.audit_arrivals import Strange
from pos_app.store.documents.audit_words import Words
from pos_app.store.tables.columns import from_micros

app: Final = noun()
audit_app: Final = group(app, "audit", "Who changed what, when and where.")


@command(audit_app, "list", EITHER_HOME, needs(Permission.SEE_AUDIT))
def list_entries(
    opened: Opened,
    *,
    since: Annotated[
        str,
        typer.Option(metavar="MOMENT", help="From this moment on: 2026-11-20 or 2026-11-20 14:05."),
    ] = "",
    action: Annotated[str, typer.Option(help="An action, or a group such as “product”.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 1000,
) -> Answer:
    """Read the audit log of a till or a centre."""
    zone = opened.organisation.time_zone
    from_us = moment(since, zone)
    with opened.database.read() as connection:
        begin = None if from_us is None else from_micros(from_us)
        found = audit.read(connection, opened.org_id, since=begin, action=action, most=most)
        words = Words(connection, opened.org_id)
        told = [words.said(entry) for entry in found]
    entries = [_described(entry) | {"words": sentence} for entry, sentence in zip(found, told, strict=True)]
    lines = [
        f"{local(entry.at, zone):%Y-%m-%d %H:%M:%S} {entry.terminal_no:>7} {entry.person or '-':<20}"
        f" {entry.action:<24} {sentence}"
        for entry, sentence in zip(found, told, strict=True)
    ]
    return Answer(
        {"entries": entries, "count": len(entries)}, [*lines, f"{counted(len(entries), 'entry', 'entries')}."]
    )


Grounds = Annotated[str, typer.Option(help="What it was.")]
Terminal = Annotated[int, typer.Argument(metavar="TERMINAL", help="The till's number.")]
First = Annotated[int, typer.Argument(metavar="ENTRY", help="The first entry's number, as it is listed.")]
All = Annotated[bool, typer.Option("--all", help="What was settled as well.")]


@command(audit_app, "strange", LOOKING, needs(Permission.SEE_AUDIT))
def strange(office: Office, *, everything: All = False) -> Answer:
    """What tills sent of their audit log that does not hold, and that nobody looked at yet."""
    found = audit_logs.strange(office, settled=everything)
    rows = [_evidence(one) for one in found]
    lines = [
        f"terminal {one['terminal']} entries {one['first']}-{one['last']}  {one['received_at']}"
        f"  {one['settled_because'] or 'waits'}: {one['reason']}"
        for one in rows
    ]
    return Answer({"strange": rows, "count": len(rows)}, [*lines, f"{len(rows)} of them."])


@command(audit_app, "settle", AT_WORK, needs(Permission.DECIDE))
def settle(office: Office, terminal: Terminal, entry: First, *, reason: Grounds) -> Answer:
    """Say what it was; the evidence stays, and verification complains of it no more."""
    settled = audit_logs.settle(office, terminal, entry, reason)
    return Answer({"settled": [_evidence(one) for one in settled]}, [f"{len(settled)} settled."])


def _evidence(evidence: Strange) -> dict[str, Any]:
    return {
        "terminal": evidence.terminal_no,
        "first": evidence.first,
        "last": evidence.last,
        "hash": evidence.hash.hex(),
        "code": evidence.reason,
        "reason": str(said(evidence.reason)),
        "received_at": evidence.received_at.isoformat(),
        "settled_at": evidence.settled_at.isoformat() if evidence.settled_at else None,
        "settled_because": evidence.settled_because,
    }


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
