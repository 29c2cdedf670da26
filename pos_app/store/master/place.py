"""Where a terminal stands: its organisation, depot, business and chart of accounts, in one read."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from pos_app.ledger.chart import Account, AccountType, Chart, role_of
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.store.documents import settings
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import quick, quick_rows
from pos_app.store.master import house_rules
from pos_app.store.tables.projections import BASELINES

#: How far each kind of the feed is read: kind, stamp, last key.
Version = tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class Business:
    """One business of the organisation."""

    business_id: int
    code: str
    name: str
    mpesa_till: str
    mpesa_paybill: str = ""
    active: bool = True
    paynow: str = ""

    @property
    def mpesa_number(self) -> str:
        """To what customers pay by M-Pesa; empty where the business has no number of its own."""
        return self.mpesa_till or self.mpesa_paybill


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
    rules: Mapping[HouseRule, int]

    @property
    def at_work(self) -> tuple[Business, ...]:
        """The businesses that anything new can be of: those that are not archived."""
        return tuple(one for one in self.businesses if one.active)


def load(connection: Connection, terminal: Terminal) -> Place:
    """Read the place of a terminal.

    Raises `Refused` when the till was enrolled but the centre's data has not come yet.
    """
    org = {"org": terminal.org_id}
    organisations = quick_rows(
        connection,
        "SELECT name, base_currency, time_zone, cash_step FROM organisation WHERE org_id = :org",
        org,
    )
    depots = quick_rows(
        connection,
        "SELECT business_id, location_id, code, name, letter, address, phone, receipt_footer"
        " FROM depot WHERE org_id = :org AND depot_id = :depot",
        {**org, "depot": terminal.depot_id},
    )
    rows = quick_rows(
        connection,
        "SELECT business_id, code, name, mpesa_till, mpesa_paybill, active, paynow FROM business"
        " WHERE org_id = :org ORDER BY code",
        org,
    )
    businesses = tuple(
        Business(int(row[0]), row[1], row[2], row[3], row[4], bool(row[5]), row[6]) for row in rows
    )
    own = next((one for one in businesses if depots and one.business_id == depots[0][0]), None)
    if not organisations or own is None:
        raise Refused("till-not-filled")
    name, base_currency, time_zone, cash_step = organisations[0]
    _, location_id, code, depot_name, letter, address, phone, footer = depots[0]
    return Place(
        terminal=terminal,
        organisation=name,
        currency=currency(base_currency),
        time_zone=time_zone,
        cash_step=int(cash_step),
        depot_code=code,
        depot_name=depot_name,
        number_prefix=letter,
        address=address,
        phone=phone,
        receipt_footer=footer,
        location_id=int(location_id),
        business=own,
        businesses=businesses,
        chart=chart(connection, terminal.org_id),
        rules=house_rules.at_depot(connection, terminal.org_id, terminal.depot_id),
    )


def chart(connection: Connection, org_id: int) -> Chart:
    """The chart of accounts of an organisation."""
    rows = quick_rows(
        connection,
        "SELECT code, name, type, role, business_id FROM account WHERE org_id = :org",
        {"org": org_id},
    )
    return Chart(Account(row[0], row[1], AccountType(row[2]), role_of(row[3]), row[4]) for row in rows)


def version(connection: Connection) -> Version:
    """Another one whenever the feed brought anything, a page at a time: how far each kind is read, and which
    of the centre's lives was the last to replace all of it (see `feed.replacing`).

    The newest stamp of all would not do: a page of another kind, or the second one of a large change, comes
    later and has no newer one.
    """
    rows = quick(connection, "SELECT kind, stamp, last_key FROM feed_cursor ORDER BY kind").fetchall()
    return *rows, ("", 0, settings.get(connection, "replaced"))


def is_same_place(before: Version, now: Version) -> bool:
    """Whether a place read at one version is that of the other: balances, which change with every sale
    anywhere, say nothing of a place.
    """
    return [row for row in before if row[0] not in BASELINES] == [
        row for row in now if row[0] not in BASELINES
    ]
