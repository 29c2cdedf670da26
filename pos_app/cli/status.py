"""`bohari status`: what waits at a till and what is wrong; how far each terminal is at the centre."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from pos_app import VERSION
from pos_app import settings as home_settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.moments import shown
from pos_app.cli.needs import open_to_all
from pos_app.ledger.flagging import Weight
from pos_app.store.backups import state
from pos_app.store.backups.state import State
from pos_app.store.documents import settings, terminal
from pos_app.store.journal import double_codes, flags, quarantine
from pos_app.store.master import to_fill_in
from pos_app.store.medium import backup_state, medium_state
from pos_app.store.medium.backup_state import Standing as Backup
from pos_app.store.medium.medium_state import Standing
from pos_app.store.organisation import terminals
from pos_app.store.upkeep import till_health, upkeep_state
from pos_app.store.upkeep.night_state import NightState
from sync.protocol import fingerprint, messages, plain_http

app: Final = noun()

#: As far as this the clocks may be apart without a word.
_CLOCKS_APART_S: Final = 120


@command(app, "status", EITHER_HOME, open_to_all("What waits and what is wrong, without sums."))
def status(opened: Opened) -> Answer:
    """What waits, since when, and what is wrong."""
    if opened.kind is HomeKind.TILL:
        return _of_till(opened)
    return _of_centre(opened, home_settings.load(opened.home).serving)


def _of_till(opened: Opened) -> Answer:
    with opened.database.read() as connection:
        own = terminal.load(connection)
        sync = terminal.sync_state(connection, own)
        documents = terminals.document_count(connection, opened.org_id)
        server = settings.get(connection, "server_url")
        twice = bool(settings.get(connection, "home_twice"))
        upkeep = upkeep_state.read(connection, opened.org_id)
        centre, centre_lines = _centre_of_till(connection, server)
        medium = medium_state.standing(connection, own, opened.home)
    backup = backup_state.standing(opened.home)
    damaged = opened.database.damage.known()
    values: dict[str, Any] = {
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
        "home_twice": twice,
        "centre": centre,
        "reconciliation": upkeep.values(),
        "verification": upkeep.night.values(),
        "damaged": damaged.sentence if damaged else None,
        "medium": None if medium is None else _medium_values(medium),
        "backup": None if backup is None else _till_backup_values(backup),
    }
    zone = opened.organisation.time_zone
    since = f" since {shown(sync.waiting_since, zone)}" if sync.waiting_since else ""
    contact = shown(sync.last_contact_at, zone) if sync.last_contact_at else "never"
    lines = [
        f"Till {own.terminal_no} of {opened.organisation.name}, centre at {server}",
        f"{documents} documents, {sync.waiting} wait to be sent{since}; last contact {contact}",
    ]
    lines += centre_lines + _medium_lines(medium, zone) + _till_backup_lines(backup, opened.home, zone)
    lines += [sentence for sentence in (sync.error, sync.frozen) if sentence]
    if twice:
        lines.append("Another home spoke as this till: find the copy and stop it.")
    if sync.quarantined:
        lines.append(f"{sync.quarantined} documents lie in quarantine at the centre.")
    lines += _upkeep_lines(upkeep, zone)
    if damaged:
        lines.append(damaged.sentence)
    # The same lines as the page of health in the window.
    checks = till_health.checks(opened.database, opened.org_id, opened.clock.now(), zone, VERSION)
    values["health"] = [check.values() for check in checks]
    lines += [_health_line(check) for check in checks]
    wrong = sync.frozen or sync.quarantined or upkeep.findings or damaged or _night_failed(upkeep)
    wrong = wrong or (medium is not None and medium.trouble) or (backup is not None and backup.trouble)
    return Answer(values, lines, not wrong)


def _health_line(check: till_health.Check) -> str:
    grade = {till_health.Grade.BAD: "BAD", till_health.Grade.NOTE: "note"}.get(check.grade, "ok")
    todo = "" if check.todo is None else f" {check.todo.spoken}"
    return f"{grade:<4} {check.name}: {check.says.spoken}{todo}"


def _centre_of_till(connection: Connection, url: str) -> tuple[dict[str, Any], list[str]]:
    """What the till knows of its centre: the key that it believes, its clock, and how open the line is."""
    key, following = (settings.get(connection, name) for name in ("server_key", "server_key_next"))
    how = settings.get(connection, "server_key_how")
    ahead_s = int(settings.get(connection, "server_ahead_s", "0"))
    values: dict[str, Any] = {
        "fingerprint": fingerprint.of(bytes.fromhex(key)) if key else "",
        "next": fingerprint.of(bytes.fromhex(following)) if following else "",
        "how": how,
        "ahead_s": ahead_s,
        "insecure": plain_http.is_open(url),
    }
    lines = [f"Centre's key {values['fingerprint'] or 'not known yet'}"]
    if values["next"]:
        lines[0] += f", {values['next']} follows"
    if how == "first-contact":
        lines.append("Nobody compared that key: “bohari server-key show” at the centre says it too.")
    if abs(ahead_s) > _CLOCKS_APART_S:
        behind = "ahead of" if ahead_s > 0 else "behind"
        lines.append(f"The centre's clock is {timedelta(seconds=abs(ahead_s))} {behind} this one.")
    if values["insecure"]:
        lines.append("Insecure: plain http beyond this machine; anybody on the way reads along.")
    return values, lines


def _medium_values(medium: Standing) -> dict[str, Any]:
    return {
        "folder": medium.folder,
        "trouble": medium.trouble,
        "since": _iso(medium.since),
        "alone": medium.alone,
    }


def _medium_lines(medium: Standing | None, zone: str) -> list[str]:
    """Where the documents lie that the centre does not have yet, beside this disk."""
    if medium is None:
        return ["Second medium: none is set; what waits to be sent lies on this disk alone (“medium set”)"]
    if medium.trouble:
        since = f" since {shown(medium.since, zone)}" if medium.since else ""
        return [f"Second medium{since}: {medium.trouble.spoken} {medium.alone} documents are here alone."]
    if medium.alone:
        return [f"Second medium {medium.folder}: {medium.alone} documents are not there yet"]
    return [f"Second medium {medium.folder}: has all that the centre does not have"]


def _till_backup_values(backup: Backup) -> dict[str, Any]:
    return {
        "folder": backup.folder,
        "made_at": _iso(backup.made_at),
        "trouble": backup.trouble,
        "since": _iso(backup.since),
    }


def _till_backup_lines(backup: Backup | None, home: Path, zone: str) -> list[str]:
    """When the last backup of this till was made, and whether somebody still has the key that opens it."""
    if backup is None:
        return ["Backup: none is made by itself (“backup-set”)"]
    made = shown(backup.made_at, zone) if backup.made_at else "never"
    lines = [f"Backup: the last that held {made}, in {backup.folder}"]
    if backup.trouble:
        since = f" since {shown(backup.since, zone)}" if backup.since else ""
        lines[0] = f"Backup{since}: {backup.trouble.spoken} The last that held: {made}."
    tried = home_settings.load(home).backup_key_tried
    if backup_state.key_untried(tried, datetime.now(UTC)):
        last = f"since {tried}" if tried else "yet"
        lines.append(f"Nobody has opened a backup with the private key {last}: “restore till FILE --check”.")
    return lines


def _of_centre(opened: Opened, serving: str) -> Answer:
    with opened.database.read() as connection:
        seen = terminals.tills(connection, opened.org_id)
        waiting = quarantine.waiting(connection, opened.org_id)
        documents = terminals.document_count(connection, opened.org_id)
        upkeep = upkeep_state.read(connection, opened.org_id)
        twice = double_codes.waiting(connection, opened.org_id)
        now, backups = datetime.now(UTC), state.read(opened.home)
        missing = to_fill_in.of(connection, opened.org_id)
        odd = [one for one in flags.waiting(connection, opened.org_id) if one.weight is Weight.ALERT]
    values = {
        "kind": opened.kind.value,
        "organisation": opened.organisation.name,
        "documents": documents,
        "reconciliation": upkeep.values(),
        "verification": upkeep.night.values(),
        "terminals": [
            {
                "terminal": each.terminal_no,
                "depot": each.depot,
                "drawer": each.drawer,
                "mark": each.mark,
                "last_seen_at": _iso(each.last_seen_at),
                "active": each.active,
                "unsigned": each.unsigned,
                "protocol": each.protocol,
            }
            for each in seen
        ],
        "quarantine": [
            {"terminal": each.terminal_no, "seq": each.seq, "reason": each.reason} for each in waiting
        ],
        "codes_twice": [{"document": each.number, "held_by": each.other_number} for each in twice],
        "flags": [{"document": each.number, "kind": each.kind} for each in odd],
        "serving": serving,
        "insecure": plain_http.is_open(serving),
        "backups": state.values(backups, now),
        "to_fill_in": [{"code": one.code, "text": str(one)} for one in missing],
    }
    zone = opened.organisation.time_zone
    lines = [f"Centre of {opened.organisation.name}: {documents} documents"]
    lines += [
        f"Till {each.terminal_no} at {each.depot}: {each.mark} documents taken, "
        + (f"last seen {shown(each.last_seen_at, zone)}" if each.last_seen_at else "never seen")
        + (f", {each.unsigned} unsigned" if each.unsigned else "")
        for each in seen
    ]
    lines += [
        f"Till {each.terminal_no} speaks the protocol of before and checks no answer; upgrade it."
        for each in seen
        if each.active and each.last_seen_at and each.protocol < messages.VERSION
    ]
    if plain_http.is_open(serving):
        lines.append(f"Insecure: {serving} is plain http beyond this machine.")
    lines += [f"Quarantine {each.terminal_no}/{each.seq}: {each.reason}" for each in waiting]
    lines += [f"An M-Pesa code of {each.number} is held by {each.other_number}; “codes”" for each in twice]
    lines += [f"{each.number}: {each.sentence.spoken} “flags”" for each in odd]
    lines += [one.spoken for one in missing]
    lines += _upkeep_lines(upkeep, zone)
    lines += _backup_lines(backups, now, zone)
    complaint = None if backups is None else backups.complaint(now)
    wrong = waiting or twice or odd or upkeep.findings or _night_failed(upkeep) or complaint
    return Answer(values, lines, not wrong)


def _backup_lines(backups: State | None, now: datetime, zone: str) -> list[str]:
    """Where the centre lies a second time, how old that is, and what is wrong with it."""
    if backups is None:
        return ["Backups: none are made by themselves (“backups set”, or those of your own Postgres)"]
    base, log = (shown(at, zone) if at else "never" for at in (backups.base_at, backups.log_at))
    lines = [f"Backups in {backups.folder}: a whole copy {base}, every change until {log}"]
    complaint = backups.complaint(now)
    return lines if complaint is None else [*lines, complaint.spoken]


def _night_failed(upkeep: upkeep_state.State) -> bool:
    return bool(upkeep.night.last and upkeep.night.last.problem_count)


def _night_lines(night: NightState, zone: str) -> list[str]:
    """When all was last verified by itself, and what did not hold."""
    if night.last is None or night.last_at is None:
        return ["Verification: none has ended by itself yet"]
    last = night.last
    hours = int((datetime.now(UTC) - night.last_at).total_seconds()) // 3600
    found = f"{last.problem_count} problems; “verify”" if last.problem_count else "all held"
    ended = f"{shown(night.last_at, zone)}, {hours} hours ago"
    return [f"Verification: {last.documents} documents by {ended}: {found}", *last.problems]


def _upkeep_lines(upkeep: upkeep_state.State, zone: str) -> list[str]:
    """When all balances were last checked, and what was found wrong and is not mended yet."""
    if upkeep.checked_at is None:
        lines = ["Balances: not checked all in the background yet"]
    else:
        lines = [f"Balances: all checked in the background by {shown(upkeep.checked_at, zone)}"]
    for finding in upkeep.findings:
        drift = finding.traced.drift
        lines.append(
            f"Drift {drift.projection} {drift.key}: {drift.cached} is {drift.expected}; “recalculate”"
        )
    return lines + _night_lines(upkeep.night, zone)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
