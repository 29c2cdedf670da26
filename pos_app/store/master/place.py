"""Where a terminal stands: its organisation, depot, business and chart of accounts, in one read."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.chart import Account, AccountType, Chart, role_of
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.errors import Refused
from pos_app.store.documents.terminal import Terminal


@dataclass(frozen=True)
class Business:
    """One business of the organisation."""

    business_id: int
    code: str
    name: str
    mpesa_till: str


@dataclass(frozen=True)
class Place:
    """All that a recording needs to know of its surroundings; read again when the feed brings news.

    `cash_step` is the smallest amount that can be paid in cash, in minor units.
    """

    terminal: Terminal
    organisation: str
    currency: Currency
    time_zone: str
    cash_step: int
    depot_code: str
    depot_name: str
    number_prefix: str
    address: str
    phone: str
    receipt_footer: str
    location_id: int
    business: Business
    businesses: tuple[Business, ...]
    chart: Chart


def load(connection: Connection, terminal: Terminal) -> Place:
    """Read the place of a terminal.

    Raises `Refused` when the till was enrolled but the centre's data has not come yet.
    """
    org = {"org": terminal.org_id}
    organisation = connection.execute(
        text("SELECT name, base_currency, time_zone, cash_step FROM organisation WHERE org_id = :org"), org
    ).one_or_none()
    depot = connection.execute(
        text(
            "SELECT code, name, letter, business_id, location_id, address, phone, receipt_footer"
            " FROM depot WHERE org_id = :org AND depot_id = :depot"
        ),
        {**org, "depot": terminal.depot_id},
    ).one_or_none()
    rows = connection.execute(
        text("SELECT business_id, code, name, mpesa_till FROM business WHERE org_id = :org ORDER BY code"),
        org,
    )
    businesses = tuple(Business(int(row[0]), row[1], row[2], row[3]) for row in rows)
    own = next((b for b in businesses if depot is not None and b.business_id == depot.business_id), None)
    if organisation is None or depot is None or own is None:
        raise Refused("till-not-filled")
    return Place(
        terminal=terminal,
        organisation=organisation.name,
        currency=currency(organisation.base_currency),
        time_zone=organisation.time_zone,
        cash_step=int(organisation.cash_step),
        depot_code=depot.code,
        depot_name=depot.name,
        number_prefix=depot.letter,
        address=depot.address,
        phone=depot.phone,
        receipt_footer=depot.receipt_footer,
        location_id=int(depot.location_id),
        business=own,
        businesses=businesses,
        chart=chart(connection, terminal.org_id),
    )


def chart(connection: Connection, org_id: int) -> Chart:
    """The chart of accounts of an organisation."""
    rows = connection.execute(
        text("SELECT code, name, type, role, business_id FROM account WHERE org_id = :org"), {"org": org_id}
    )
    return Chart(Account(row[0], row[1], AccountType(row[2]), role_of(row[3]), row[4]) for row in rows)


def version(connection: Connection) -> int:
    """Grows whenever the feed brought master data: the newest stamp read from the centre."""
    return int(connection.execute(text("SELECT coalesce(max(stamp), 0) FROM feed_cursor")).scalar_one())
