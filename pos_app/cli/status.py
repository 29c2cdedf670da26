"""`bohari status`: what waits at a till and what is wrong; how far each terminal is at the centre."""

from datetime import datetime
from typing import Final

from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.store.documents import settings, terminal
from pos_app.store.journal import quarantine
from pos_app.store.organisation import terminals
from pos_app.store.upkeep import upkeep_state

app: Final = noun()


@command(app, "status", EITHER_HOME)
def status(opened: Opened) -> Answer:
    """What waits, since when, and what is wrong."""
    return _of_till(opened) if opened.kind is HomeKind.TILL else _of_centre(opened)


def _of_till(opened: Opened) -> Answer:
    with opened.database.read() as connection:
        own = terminal.load(connection)
        sync = terminal.sync_state(connection, own)
        documents = terminals.document_count(connection, opened.org_id)
        server = settings.get(connection, "server_url")
        upkeep = upkeep_state.read(connection, opened.org_id)
    values = {
        "kind": opened.kind.value,
        "organisation": opened.organisation.name,
        "terminal": own.terminal_no,
        "server": server,
        "documents": documents,
        "waiting": sync.waiting,
        "waiting_since": _iso(sync.waiting_since),
        "last_contact_at": _iso(sync.last_contact_at),
        "error": sync.error,
        "frozen": sync.frozen,
        "quarantined": sync.quarantined,
        "reconciliation": upkeep.values(),
    }
    since = f" since {sync.waiting_since:%Y-%m-%d %H:%M} UTC" if sync.waiting_since else ""
    contact = f"{sync.last_contact_at:%Y-%m-%d %H:%M} UTC" if sync.last_contact_at else "never"
    lines = [
        f"Till {own.terminal_no} of {opened.organisation.name}, centre at {server}",
        f"{documents} documents, {sync.waiting} wait to be sent{since}; last contact {contact}",
    ]
    lines += [sentence for sentence in (sync.error, sync.frozen) if sentence]
    if sync.quarantined:
        lines.append(f"{sync.quarantined} documents lie in quarantine at the centre.")
    lines += _upkeep_lines(upkeep)
    return Answer(values, lines, not (sync.frozen or sync.quarantined or upkeep.findings))


def _of_centre(opened: Opened) -> Answer:
    with opened.database.read() as connection:
        seen = terminals.all_terminals(connection, opened.org_id)
        waiting = quarantine.waiting(connection, opened.org_id)
        documents = terminals.document_count(connection, opened.org_id)
        upkeep = upkeep_state.read(connection, opened.org_id)
    values = {
        "kind": opened.kind.value,
        "organisation": opened.organisation.name,
        "documents": documents,
        "reconciliation": upkeep.values(),
        "terminals": [
            {
                "terminal": each.terminal_no,
                "depot": each.depot,
                "drawer": each.drawer,
                "mark": each.mark,
                "last_seen_at": _iso(each.last_seen_at),
                "active": each.active,
            }
            for each in seen
        ],
        "quarantine": [
            {"terminal": each.terminal_no, "seq": each.seq, "reason": each.reason} for each in waiting
        ],
    }
    lines = [f"Centre of {opened.organisation.name}: {documents} documents"]
    lines += [
        f"Terminal {each.terminal_no} at {each.depot}: {each.mark} documents taken, "
        + (f"last seen {each.last_seen_at:%Y-%m-%d %H:%M} UTC" if each.last_seen_at else "never seen")
        for each in seen
    ]
    lines += [f"Quarantine {each.terminal_no}/{each.seq}: {each.reason}" for each in waiting]
    lines += _upkeep_lines(upkeep)
    return Answer(values, lines, not waiting and not upkeep.findings)


def _upkeep_lines(upkeep: upkeep_state.State) -> list[str]:
    """When all balances were last checked, and what was found wrong and is not mended yet."""
    if upkeep.checked_at is None:
        lines = ["Balances: not checked all in the background yet"]
    else:
        lines = [f"Balances: all checked in the background by {upkeep.checked_at:%Y-%m-%d %H:%M} UTC"]
    for finding in upkeep.findings:
        drift = finding.traced.drift
        lines.append(
            f"Drift {drift.projection} {drift.key}: {drift.cached} is {drift.expected}; “recalculate”"
        )
    return lines


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
