"""Founding at the centre: an organisation and its first rows, and adding to them one by one.

Identifiers are numbered within the organisation, one writer at a time.  The functions that add
work inside the caller's transaction and give the new identifier.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.chart import SHARED_ACCOUNTS, Account, business_accounts
from pos_app.ledger.clock import Clock
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import (
    approval_secrets,
    enrolment,
    locations,
    master_edit,
    organisations,
    pins,
    rates,
    units,
)
from pos_app.store.master.pin_hash import NewPin
from pos_app.store.organisation import staff
from pos_app.store.schema import trail_begin
from pos_app.store.tables import master

MOST_BUSINESSES: Final = 8

#: Codes of what is no sale, the program's own (see `ledger.tax`): an upgrade gives them to who has them not.
NO_SALE_CODES: Final = (
    (DEPOSIT_CODE, "Deposit, no sale", 0, "none"),
    (VOUCHER_CODE, "Voucher, no sale", 0, "none"),
)
#: Codes of the Kenyan VAT: standard 16 % inside the price, zero-rated, exempt.
TAX_CODES: Final = (
    ("A", "VAT 16 %", 1600, "inclusive"),
    ("B", "Zero-rated", 0, "zero"),
    ("E", "Exempt", 0, "exempt"),
    *NO_SALE_CODES,
)
#: How a tax code is applied: inside the price, on top of it, or not at all for three different reasons.
TREATMENTS: Final = ("inclusive", "exclusive", "exempt", "zero", "none")


@dataclass(frozen=True)
class Founded:
    """What founding made."""

    org_id: int
    business_id: int
    depot_id: int
    location_id: int
    owner_id: int


def found(
    database: Database,
    org_name: str,
    currency: str,
    clock: Clock,
    *,
    owner_pin_hash: str | NewPin,
    owner_name: str = "Owner",
    business_code: str = "MAIN",
    business_name: str = "",
    depot_code: str = "MAIN",
    depot_name: str = "Main depot",
    number_prefix: str = "M",
    time_zone: str = "Africa/Nairobi",
    cash_step: int | None = None,
    tax_codes: Sequence[tuple[str, str, int, str]] = TAX_CODES,
    label: str = "",
    only_first: bool = False,
    also: Callable[[Connection, Founded], None] = lambda *_: None,
) -> Founded:
    """Make an organisation with one business, one depot, tax codes and one owner OWNER.

    `cash_step` is the smallest coin in minor units; left out, the smallest coin of the currency.
    `tax_codes` are code, name, basis points and treatment of each; those of no sale come in any case.
    `label` is its subdomain; left out, it is made of the name.  `also` is done in the same transaction.
    Raises `Refused` for an empty name, a currency that is none, and (`only_first`) where there is one.
    """
    name = org_name.strip()
    if not name:
        raise Refused("organisation-needs-name")
    step = find_currency(currency).cash_step if cash_step is None else cash_step
    with database.write() as connection:
        # One founder at a time: keys and labels are given out over all organisations.
        connection.execute(text("SELECT pg_advisory_xact_lock(12)"))
        # The first founding begins the first life of this database.
        if connection.execute(text("SELECT count(*) FROM server_epoch")).scalar_one() == 0:
            enrolment.begin_epoch(connection)
        org_id = int(
            connection.execute(text("SELECT coalesce(max(org_id), 0) + 1 FROM organisation")).scalar_one()
        )
        if only_first and org_id > 1:
            raise Refused("first-start-over")
        connection.execute(
            master.organisation.insert().values(
                org_id=org_id,
                organisation_id=org_id,
                name=name,
                base_currency=currency,
                time_zone=time_zone,
                cash_step=step,
            )
        )
        trail_begin.begin(connection, org_id, is_new=True)
        organisations.add_label(connection, org_id, name, label)
        _add_what_all_have(connection, org_id, tax_codes)
        business_id = add_business(connection, org_id, business_code, business_name or name)
        depot_id, location_id = add_depot(
            connection, org_id, depot_code, depot_name, number_prefix=number_prefix, business_id=business_id
        )
        staff.add_default_roles(connection, org_id)
        owner_id = add_person(connection, org_id, "OWNER", owner_name, role="owner", pin_hash=owner_pin_hash)
        # It has no key for requests: nobody can push as it.  Its documents have one (`signing`).
        server = Terminal(org_id, SERVER_TERMINAL_NO, depot_id, 0)
        enrolment.add_terminal(connection, server, b"", clock.now())
        made = Founded(org_id, business_id, depot_id, location_id, owner_id)
        also(connection, made)
    return made


def _add_what_all_have(
    connection: Connection, org_id: int, tax_codes: Sequence[tuple[str, str, int, str]]
) -> None:
    """The shared accounts, the tax codes and the units of measure of a new organisation."""
    add_accounts(connection, org_id, SHARED_ACCOUNTS)
    for code, tax_name, rate_bp, treatment in dict.fromkeys((*tax_codes, *NO_SALE_CODES)):
        add_tax_code(connection, org_id, code, tax_name, rate_bp, treatment=treatment)
    units.found(connection, org_id)


def add_accounts(connection: Connection, org_id: int, accounts: tuple[Account, ...]) -> None:
    """Add accounts to the chart; their codes must be new."""
    connection.execute(
        master.account.insert(),
        [
            {
                "org_id": org_id,
                "code": account.code,
                "name": account.name,
                "type": account.type.value,
                "role": account.role.value if account.role is not None else None,
                "business_id": account.business_id,
            }
            for account in accounts
        ],
    )


def add_tax_code(
    connection: Connection, org_id: int, code: str, name: str, rate_bp: int, *, treatment: str = "inclusive"
) -> None:
    """Add a tax code and its rate since ever; `rate_bp` in basis points (1600 = 16 %).

    Raises `Refused` for a treatment that is none, and for a rate on what is exempt or zero-rated.
    """
    if treatment not in TREATMENTS:
        raise Refused("tax-treatment-unknown", treatment=treatment[:20], treatments=", ".join(TREATMENTS))
    connection.execute(
        master.tax_code.insert().values(org_id=org_id, code=code, name=name, treatment=treatment)
    )
    rates.put_tax_rate(connection, org_id, code, 0, rate_bp)


def add_business(connection: Connection, org_id: int, code: str, name: str, *, mpesa_till: str = "") -> int:
    """Add a business with its own accounts.  Raises `Refused` when the chart has no room for it."""
    business_id = master_edit.next_id(connection, org_id, master.business)
    count = connection.execute(
        text("SELECT count(*) FROM business WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    if count >= MOST_BUSINESSES:
        raise Refused("too-many-businesses", most=MOST_BUSINESSES)
    connection.execute(
        master.business.insert().values(
            org_id=org_id, business_id=business_id, code=code, name=name, mpesa_till=mpesa_till
        )
    )
    add_accounts(connection, org_id, business_accounts(int(count), business_id, name))
    return business_id


def add_depot(
    connection: Connection,
    org_id: int,
    code: str,
    name: str,
    *,
    number_prefix: str,
    business_id: int,
    address: str = "",
    phone: str = "",
    receipt_footer: str = "",
) -> tuple[int, int]:
    """Add a depot and the location of its stock; gives both identifiers, the depot's first.

    `number_prefix` begins every printed number of the depot; letters only, so that numbers can be read.
    """
    prefix = checked_prefix(number_prefix)
    depot_id = master_edit.next_id(connection, org_id, master.depot)
    location_id = add_location(connection, org_id, code, name, "depot", depot_id=depot_id)
    connection.execute(
        master.depot.insert().values(
            org_id=org_id,
            depot_id=depot_id,
            code=code,
            name=name,
            letter=prefix,
            business_id=business_id,
            location_id=location_id,
            address=address,
            phone=phone,
            receipt_footer=receipt_footer,
        )
    )
    return depot_id, location_id


def checked_prefix(letters: str) -> str:
    """What printed numbers may begin with, in capitals.  Raises `Refused` for anything but a few letters."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 8):
        raise Refused("receipt-letter-wrong", letter=letters[:12])
    return letters.upper()


def add_location(
    connection: Connection, org_id: int, code: str, name: str, kind: str, *, depot_id: int | None = None
) -> int:
    """Add a place where stock lies.  Raises `Refused` for a kind that is none of `locations.KINDS`."""
    locations.check_kind(kind)
    location_id = master_edit.next_id(connection, org_id, master.location)
    connection.execute(
        master.location.insert().values(
            org_id=org_id, location_id=location_id, code=code, name=name, kind=kind, depot_id=depot_id
        )
    )
    return location_id


def add_person(
    connection: Connection,
    org_id: int,
    code: str,
    name: str,
    *,
    role: str,
    pin_hash: str | NewPin,
    depot_id: int | None = None,
) -> int:
    """Add a person who may sign in and has a role; without a depot, at every depot.

    `pin_hash` is what their PIN gave, or its hash alone: then they prove no approval until their next one.
    Raises `Refused` when there is no such role, and for a code that is unusable or is somebody's already.
    """
    staff.check_new_code(connection, org_id, code)
    pin = NewPin(pin_hash) if isinstance(pin_hash, str) else pin_hash
    person_id = master_edit.next_id(connection, org_id, master.person)
    connection.execute(
        master.person.insert().values(
            org_id=org_id,
            person_id=person_id,
            code=code,
            name=name,
            role=role,
            depot_id=depot_id,
            active=1,
            **pins.closed(connection, org_id, person_id, pin),
        )
    )
    if pin.secret:
        approval_secrets.add(connection, org_id, person_id, pin.secret)
    staff.give(connection, org_id, person_id, role, None, depot_id=depot_id)
    return person_id
