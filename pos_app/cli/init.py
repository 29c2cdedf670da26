"""`bohari init`: a central home with its chart of accounts, one business, one depot, one owner."""

import secrets
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Connection

from pos_app import bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli import apply, demo_people, founding, homes, identity, templates
from pos_app.cli.answer import Answer
from pos_app.cli.apply import Applied
from pos_app.cli.command import TOLD_HOME, Call, PinFile, command, noun
from pos_app.cli.founding import OWNER, Owner
from pos_app.cli.needs import needs, open_to_all
from pos_app.cli.templates import FoundingDetails
from pos_app.cli.told import Told
from pos_app.language import Sentence
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.store.engine.key_store import make_folder
from pos_app.store.master import organisations, to_fill_in
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import recovery
from pos_app.store.upkeep import life
from sync.server import server_key

app: Final = noun()

_PIN_DIGITS = 6


@command(
    app,
    "init",
    TOLD_HOME,
    open_to_all("An empty database has nobody yet; for another one it asks."),
)
def init(
    call: Call,
    org: Annotated[str, typer.Option(help="The organisation's name.")],
    *,
    template: Annotated[
        str, typer.Option(help="lpg-singapore, depots-kenya, empty, or a folder of one's own.")
    ] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with the demonstration data.")] = False,
    details: FoundingDetails,
    another: Annotated[bool, typer.Option("--another", help="Beside those that the centre has.")] = False,
    label: Annotated[str, typer.Option(help="Its subdomain; made of the name.")] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="CODE", envvar="BOHARI_BY", help="With --another: who may change people of the centre's."
        ),
    ] = "",
    pin_file: PinFile = "",
) -> Answer:
    """Make a central home: organisation, chart of accounts, one business, one depot, one owner."""
    home, organisation = call.home, org
    if not organisation.strip():
        raise Refused("organisation-needs-name")
    file = templates.find(template) if template else demo_people.TEMPLATE if demo else None
    plan = details if file is None else founding.over(details, templates.founding_of(file))
    if file is not None:
        # Before anything is founded: the PIN and the key of what was founded are told once, and must be.
        apply.checked(file)
    find_currency(plan.currency or "KES")
    if bootstrap.kind_of(home) is HomeKind.TILL:
        raise Refused("home-is-till", home=home)
    prepare(home, another=another)
    with bootstrap.central(home, make=True) as centre:
        if another and centre.has_organisations():
            identity.prove(homes.host_side(centre), Told(by, pin_file), needs(Permission.EDIT_PEOPLE))
        server_key.load_or_make(home)
        if centre.embedded is not None and not another:
            # A kill between founding and noting it must not make a second organisation.
            with centre.database.read() as connection:
                ids = organisations.all_ids(connection)
            if ids:
                raise Refused("organisation-half-made", home=home)
        if demo:
            org_id, people = demo_people.found_demo(centre, organisation, plan, label)
        else:
            pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"
            org_id = founding.found(centre, organisation, plan, Owner("Owner", given_pin(pin)), label)
            people = [{"code": OWNER, "name": "Owner", "role": "owner", "pin": pin, "depot": ""}]
        # With several, no command may take the first one for granted.
        settings.write(home, **({"several": 1} if another else {"org_id": org_id}))
        applied = None if demo or file is None else founding.play(centre, org_id, file)
        with centre.database.write() as connection:
            own_label = organisations.labels(connection)[org_id]
            missing = _missing(connection, org_id, plan.currency or "KES")
            recovery_key = recovery.renew(connection, org_id, centre.clock.now())
        # What was founded is known here from now on, whatever becomes of this process.
        life.note(centre.database, home)
    values = {
        "organisation": organisation.strip(),
        "org_id": org_id,
        "label": own_label,
        "currency": plan.currency or "KES",
        "pin": people[0]["pin"],
        "people": people,
        "recovery_key": recovery_key,
        "to_fill_in": [{"code": one.code, "text": str(one)} for one in missing],
    }
    return _answer(values, home, applied, [] if demo else missing, another=another)


def _missing(connection: Connection, org_id: int, currency: str) -> list[Sentence]:
    """What a person must still write in."""
    return to_fill_in.of(connection, org_id) + to_fill_in.unsaid(connection, org_id, currency)


def _answer(
    values: dict[str, Any], home: Path, applied: Applied | None, missing: list[Sentence], *, another: bool
) -> Answer:
    owner = next(each["code"] for each in values["people"] if each["role"] == "owner")
    played = Answer() if applied is None else applied.answer()
    lines = [*played.lines, f"{values['organisation']} is set up in {home}."]
    lines += [f"{each['role']:<10} {each['name']:<20} PIN {each['pin']}" for each in values["people"]]
    lines += [
        f"Recovery key: {values['recovery_key']}",
        "These PINs and the key are shown once. Keep the key on paper: without a PIN it is the only way in.",
        f"Next: “bohari login --by {owner}”, “bohari server” and “bohari enrol-code”.",
    ]
    if another:
        lines.append(f"Commands for it take --org {values['label']}.")
    lines += missing
    return Answer(values | ({"applied": played.values} if applied else {}), lines, ok=played.ok)


def prepare(home: Path, *, another: bool) -> None:
    """The folder of a central home and its settings, before the database is opened.  Raises `Refused`."""
    if another:
        bootstrap.expect(home, HomeKind.CENTRAL)
        return
    chosen = settings.load(home)
    if chosen.org_id:
        raise Refused("centre-exists", home=home)
    try:
        make_folder(home, 0o755)
        where = "url" if chosen.database_url else "embedded"
        settings.write(home, kind=HomeKind.CENTRAL.value, database=where)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
