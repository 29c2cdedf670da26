"""`bohari init`: a central home with its chart of accounts, one business, one depot, one owner."""

import secrets
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.master import organisations
from pos_app.store.organisation import founding
from pos_app.till.session.sign_in import hash_pin

app: Final = noun()

_PIN_DIGITS = 6


@command(app, "init", TOLD_HOME)
def init(
    call: Call,
    org: Annotated[str, typer.Option(help="The organisation's name.")],
    *,
    currency: Annotated[str, typer.Option(help="Its base currency.")] = "KES",
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with the demonstration data.")] = False,
    another: Annotated[bool, typer.Option("--another", help="Beside those that the centre has.")] = False,
    label: Annotated[str, typer.Option(help="Its subdomain; made of the name.")] = "",
) -> Answer:
    """Make a central home: organisation, chart of accounts, one business, one depot, one owner."""
    home, organisation = call.home, org
    if not organisation.strip():
        raise Refused("organisation-needs-name")
    find_currency(currency)
    if bootstrap.kind_of(home) is HomeKind.TILL:
        raise Refused("home-is-till", home=home)
    prepare(home, another=another)
    with bootstrap.central(home, make=True) as centre:
        if centre.embedded is not None and not another:
            # A kill between founding and noting it must not make a second organisation.
            with centre.database.read() as connection:
                ids = organisations.all_ids(connection)
            if ids:
                raise Refused("organisation-half-made", home=home)
        if demo:
            from pos_app.cli.demo_organisation import found_demo

            org_id, people = found_demo(centre, organisation, currency, label)
        else:
            pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"
            made = founding.found(
                centre.database,
                organisation,
                currency,
                centre.clock,
                owner_pin_hash=hash_pin(pin),
                label=label,
            )
            org_id = made.org_id
            people = [{"code": "OWNER", "name": "Owner", "role": "owner", "pin": pin, "depot": ""}]
        # With several, no command may take the first one for granted.
        settings.write(home, **({"several": 1} if another else {"org_id": org_id}))
        with centre.database.read() as connection:
            own_label = organisations.labels(connection)[org_id]
    values = {
        "organisation": organisation.strip(),
        "org_id": org_id,
        "label": own_label,
        "currency": currency,
        "pin": people[0]["pin"],
        "people": people,
    }
    lines = [f"{organisation.strip()} is set up in {home}."]
    lines += [f"{one['role']:<10} {one['name']:<20} PIN {one['pin']}" for one in people]
    lines.append("These PINs are shown once. Next: “bohari server” and “bohari enrol-code”.")
    if another:
        lines.append(f"Commands for it take --org {own_label}.")
    return Answer(values, lines)


def prepare(home: Path, *, another: bool) -> None:
    """The folder of a central home and its settings, before the database is opened.  Raises `Refused`."""
    if another:
        bootstrap.expect(home, HomeKind.CENTRAL)
        return
    chosen = settings.load(home)
    if chosen.org_id:
        raise Refused("centre-exists", home=home)
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        where = "url" if chosen.database_url else "embedded"
        settings.write(home, kind=HomeKind.CENTRAL.value, database=where)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
