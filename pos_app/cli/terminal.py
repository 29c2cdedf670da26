"""`bohari terminal`: the tills of the organisation, their names, and taking a stolen one away."""

from datetime import datetime
from typing import Annotated, Any, Final

import typer

from pos_app import bootstrap
from pos_app.cli import syncd
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.moments import shown
from pos_app.cli.needs import needs, open_to_all, somewhere
from pos_app.ledger.permission import Permission
from pos_app.office import terminals
from pos_app.office.office import Office
from pos_app.store.documents import terminal as own_terminal
from pos_app.store.organisation import terminal_card
from pos_app.store.organisation.terminals import Seen
from sync.client import key_handover

app: Final = noun()
terminal_app: Final = group(app, "terminal", "The tills: which there are, and taking one away.")

_LOOKS: Final = (Permission.OPERATE, Permission.EDIT_PEOPLE, Permission.SEE_AUDIT)

Number = Annotated[int, typer.Argument(metavar="TERMINAL", help="The till's number.")]


@command(terminal_app, "list", LOOKING, needs(*_LOOKS))
def list_all(office: Office) -> Answer:
    """Every till: where it stands, how far it is taken, when it last spoke."""
    found = terminals.all_terminals(office)
    lines = [_line(one, office.organisation.time_zone) for one in found]
    none = "No till is enrolled yet: “bohari enrol-code” at the centre, “bohari enrol” at the till."
    return Answer({"terminals": [_row(one) for one in found]}, lines or [none])


@command(terminal_app, "show", LOOKING, needs(*_LOOKS))
def show(office: Office, terminal: Number) -> Answer:
    """One till, whole."""
    values = _row(terminals.one(office, terminal))
    return Answer(values, [f"{name}: {value}" for name, value in values.items() if value not in ("", None)])


@command(terminal_app, "revoke", AT_WORK, somewhere(Permission.EDIT_PEOPLE))
def revoke(
    office: Office, terminal: Number, *, reason: Annotated[str, typer.Option(help="Why: stolen, sold, lost.")]
) -> Answer:
    """Take a till away, for ever: it gets nothing more, and what it still sends waits for two people."""
    till = terminals.revoke(office, terminal, reason)
    return Answer(
        _row(till),
        [
            f"Till {terminal} at {till.depot} is no longer ours. {till.mark} of its documents are taken.",
            "If it comes back with more they wait in “bohari quarantine list”; give everybody who signed in"
            " there another PIN with “bohari person pin”.",
        ],
    )


@command(terminal_app, "card", EITHER_HOME, open_to_all("Who this till is, as every message of it says."))
def card(opened: Opened) -> Answer:
    """At a till: what a restored centre that forgot it needs for “terminal readmit”; it is no secret."""
    bootstrap.expect(opened.home, bootstrap.HomeKind.TILL)
    with opened.database.read() as connection:
        who = own_terminal.load(connection)
    keys = tuple((one.seq, one.public_key) for one in bootstrap.till_signing(opened.home).own_keys())
    own = terminal_card.Card(who.org_id, who.terminal_no, who.depot_id, who.drawer_id, keys)
    word = terminal_card.written(own)
    return Answer({"terminal": who.terminal_no, "card": word}, [word])


@command(terminal_app, "readmit", AT_WORK, somewhere(Permission.EDIT_PEOPLE))
def readmit(
    office: Office, card: Annotated[str, typer.Argument(help="What “terminal card” said at that till.")]
) -> Answer:
    """Know a till again that was enrolled after the backup of which this centre was restored."""
    till = terminals.readmit(office, card)
    return Answer(
        _row(till),
        [
            f"Till {till.terminal_no} at {till.depot} is known again and sends all that it sold by itself.",
            "Documents that name somebody who is gone wait in “bohari quarantine list”.",
        ],
    )


@command(terminal_app, "rename", AT_WORK, somewhere(Permission.EDIT_PEOPLE))
def rename(
    office: Office, terminal: Number, *, name: Annotated[str, typer.Option(help="What people call it.")]
) -> Answer:
    """Call a till something."""
    till = terminals.rename(office, terminal, name)
    return Answer(_row(till), [f"Till {terminal} is called {till.name} now."])


@command(terminal_app, "rotate-key", EITHER_HOME, needs(Permission.EDIT_PEOPLE))
def rotate_key(opened: Opened) -> Answer:
    """At a till: another key signs from now on; what the old one signed stays good."""
    bootstrap.expect(opened.home, bootstrap.HomeKind.TILL)
    with opened.database.read() as connection:
        who = own_terminal.load(connection)
    with syncd.line(opened.database, opened.home, who) as transport:
        person_id = opened.actors.first.person_id if opened.actors else None
        made = key_handover.rotate(
            opened.database, who, opened.home, transport, person_id=person_id, now=opened.clock.now()
        )
    return Answer(
        {"terminal": who.terminal_no, "from": made.seq, "fingerprint": made.fingerprint},
        [f"From document {made.seq} on the key {made.fingerprint} signs; the centre knows."],
    )


def _row(till: Seen) -> dict[str, Any]:
    return {
        "terminal": till.terminal_no,
        "name": till.name,
        "depot": till.depot,
        "drawer": till.drawer,
        "mark": till.mark,
        "queue": till.queue,
        "version": till.program,
        "waiting_for_decision": till.waiting,
        "enrolled_at": _iso(till.enrolled_at),
        "last_seen_at": _iso(till.last_seen_at),
        "active": till.active,
        "twice_at": _iso(till.twice_at),
        "revoked_at": _iso(till.revoked_at),
        "revoked_because": till.revoked_because,
    }


def _line(till: Seen, zone: str) -> str:
    seen = f"last seen {shown(till.last_seen_at, zone)}" if till.last_seen_at else "never seen"
    revoked = shown(till.revoked_at, zone) if till.revoked_at else ""
    state = seen if till.active else f"revoked {revoked}: {till.revoked_because}"
    queue = f", {till.queue} still to come" if till.queue else ""
    runs = f"; version {till.program}" if till.program else ""
    waits = f"; {till.waiting} wait for a decision" if till.waiting else ""
    if till.twice_at is not None:
        waits += f"; two homes spoke as it, last {shown(till.twice_at, zone)}"
    return (
        f"{till.terminal_no:<4} {till.name:<20} {till.depot:<8} {till.mark} documents{queue};"
        f" {state}{runs}{waits}"
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
