"""Points at the till: what a sale gives its customer, what a refund takes back, and how many there are.

A till that is offline counts by what the feed brought and by what it did itself, as with every balance.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.day import day_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, Points, Tender, TenderKind
from pos_app.ledger.line_parts import Gone
from pos_app.ledger.loyalty import Back, best, gone_gross, paid_for, points_in, taken_back
from pos_app.ledger.trade import Sale
from pos_app.store.master import programmes
from pos_app.store.receivables import points as books
from pos_app.store.tables.columns import micros
from pos_app.till.session.context import Context


class Standing(NamedTuple):
    """How many points a customer has, what they can pay (minor units), and the tier that they reached."""

    points: int
    owed: int
    tier: str = ""


class PointsDesk:
    """What the window asks about a customer's points."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def standing(self, party_id: int | None) -> Standing | None:
        """How a customer stands; None where there are no points and none to be had."""
        with self._context.database.read() as connection:
            return standing(self._context, connection, party_id)


def standing(context: Context, connection: Connection, party_id: int | None) -> Standing | None:
    """The same within a transaction."""
    if party_id is None:
        return None
    at_us = micros(context.clock.now())
    worth = programmes.worth_now(programmes.every(connection, context.org_id), at_us)
    if not worth:
        return None
    owed = books.owed(connection, context.org_id, party_id, context.place.currency.code)
    running = programmes.open_to(connection, context.org_id, party_id, at_us)
    if not owed and not running:
        return None
    earned = books.earned(connection, context.org_id, party_id, context.today // 10_000)
    tiers = [one.tier(earned) for one in running]
    tier = max(tiers, key=lambda one: one.percent, default=None)
    return Standing(points_in(owed, worth), owed, tier.name if tier is not None else "")


class Sold(NamedTuple):
    """What is sold to whom, how it is paid and when."""

    party_id: int | None
    lines: Sequence[GoodsLine]
    tenders: Sequence[Tender]
    occurred_at: datetime


def given(context: Context, connection: Connection, sold: Sold) -> Points | None:
    """The points of a sale, and how many there are after it; None where there are none."""
    party_id, lines, tenders, occurred_at = sold
    if party_id is None:
        return None
    org_id, at_us = context.org_id, micros(occurred_at)
    every = programmes.every(connection, org_id)
    worth = programmes.worth_now(every, at_us)
    accounts = _accounts(context)
    if not worth or accounts is None:
        return None
    year = day_of(occurred_at, context.place.time_zone) // 10_000
    running = programmes.open_to(connection, org_id, party_id, at_us)
    earned = books.earned(connection, org_id, party_id, year)
    offer = best(running, earned, paid_for(lines, tenders))
    spent = sum(one.amount for one in tenders if one.kind is TenderKind.POINTS)
    if offer is None and not spent:
        return None
    owed = books.owed(connection, org_id, party_id, context.place.currency.code) - spent
    # Where points only pay, the programme is named by which they are counted.
    same = [one for one in every if one.worth == worth]
    programme = offer.programme if offer else max(same, key=lambda one: one.programme_id)
    count = offer.points if offer else 0
    return Points(
        programme_id=programme.programme_id,
        programme=programme.name,
        points=count,
        worth=worth,
        account=accounts[0],
        given_account=accounts[1],
        year=year,
        percent=offer.tier.percent if offer else 100,
        tier=offer.tier.name if offer else "",
        left=points_in(owed + count * worth, worth),
    )


def _accounts(context: Context) -> tuple[str, str] | None:
    """What owes points and what bears them; None where the feed has not brought both yet."""
    try:
        return context.account(AccountRole.POINTS), context.account(AccountRole.POINTS_GIVEN)
    except Refused:
        return None


class TakenBack(NamedTuple):
    """The lines and tenders of a refund, and what of its receipt came back before."""

    lines: Sequence[GoodsLine]
    tenders: Sequence[Tender]
    gone: dict[int, Gone]


def back(context: Context, connection: Connection, sale: Sale, taken: TakenBack) -> Points | None:
    """The points that go with the goods of a refund, after what came back of the receipt before."""
    of = sale.points
    if of is None or not of.points or sale.party_id is None:
        return None
    earlier = books.taken_back(connection, context.org_id, sale.document_id)
    before = Back(gone_gross(sale.lines, taken.gone.items()), earlier)
    # In a refund each line says which of the receipt's it is.
    named = [(line.origin_line, line) for line in taken.lines if line.origin_line is not None]
    now = gone_gross(sale.lines, [(index, Gone(0, line.net, line.tax)) for index, line in named])
    count = taken_back(sale.lines, of.points, before, now)
    if not count:
        return None
    owed = books.owed(connection, context.org_id, sale.party_id, context.place.currency.code)
    owed += sum(one.amount for one in taken.tenders if one.kind is TenderKind.POINTS)
    return Points(
        programme_id=of.programme_id,
        programme=of.programme,
        points=count,
        worth=of.worth,
        account=of.account,
        given_account=of.given_account,
        year=of.year,
        percent=of.percent,
        tier=of.tier,
        left=points_in(owed - count * of.worth, of.worth),
    )
