"""Founding an organisation from the command line: as a template and options say, with the rest of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection

from pos_app.bootstrap import Central
from pos_app.cli import apply
from pos_app.cli.apply import Applied
from pos_app.cli.identity import Actor
from pos_app.cli.templates import FoundingDetails
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_money
from pos_app.office.masters.organisations import known_step, known_zone
from pos_app.store.master import codes, organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.master.pin_hash import NewPin
from pos_app.store.organisation import founding

OWNER: Final = "OWNER"


class Owner(NamedTuple):
    """Who founds: a name, and what their PIN gave."""

    name: str
    pin: NewPin


def found(
    centre: Central,
    organisation: str,
    plan: FoundingDetails,
    owner: Owner,
    label: str = "",
    *,
    only_first: bool = False,
    also: Callable[[Connection, founding.Founded], None] = lambda *_: None,
) -> int:
    """Found an organisation with one business, one depot, one owner; gives its key.  `only_first` and `also`
    are those of `founding.found`.  Raises `Refused`.
    """
    money = find_currency(plan.currency or "KES")
    step = parse_money(plan.cash_step, money, "The coin") if plan.cash_step else None
    zone = known_zone(plan.time_zone) if plan.time_zone else "Africa/Nairobi"
    if step is not None:
        known_step(Organisation(0, organisation, money, zone), step)
    taxes = plan.tax_codes()
    made = founding.found(
        centre.database,
        organisation,
        money.code,
        centre.clock,
        owner_pin_hash=owner.pin,
        owner_name=owner.name,
        business_code=plan.business.strip() or "MAIN",
        business_name=plan.business_name.strip(),
        depot_code=plan.depot.strip() or "MAIN",
        depot_name=plan.depot_name.strip() or "Main depot",
        number_prefix=plan.letter.strip() or "M",
        time_zone=zone,
        cash_step=step,
        tax_codes=founding.TAX_CODES if taxes is None else taxes,
        label=label,
        only_first=only_first,
        also=also,
    )
    return made.org_id


def play(centre: Central, org_id: int, file: Path) -> Applied:
    """The commands of a file in an organisation that was just founded, as its owner."""
    with centre.database.read() as connection:
        label = organisations.labels(connection)[org_id]
        owner = codes.person(connection, org_id, OWNER)
    if owner is None:
        raise Refused("person-unknown", code=OWNER)
    chosen = msgspec.structs.replace(centre.settings, org=label)
    with_org = Central(centre.home, chosen, centre.database, centre.embedded, centre.clock, centre.login)
    return apply.play(with_org, Actor(owner), file)


def over(told: FoundingDetails, template: FoundingDetails) -> FoundingDetails:
    """What was told, and for the rest what a template says."""
    names = FoundingDetails.__dataclass_fields__
    return FoundingDetails(**{name: getattr(told, name) or getattr(template, name) for name in names})
