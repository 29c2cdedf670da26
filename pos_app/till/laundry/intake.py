"""What a customer leaves at an intake: services with their prices, who allowed another, what is paid."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.language import Sentence
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import note_of
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, exact, list_price_fields, price_fields
from pos_app.ledger.pricing.quoting import Quote
from pos_app.ledger.pricing.reasons import Words, reasons
from pos_app.ledger.service_orders import ServiceLine
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Person
from pos_app.till.selling.concession import Conceded, conceding
from pos_app.till.session.context import Context
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.prices import Priced, asked, quoted
from pos_app.till.session.products import product_in
from pos_app.till.session.sign_in import Action, Approval, require


class Wanted(NamedTuple):
    """A service on some things: thousandths of a piece or a kilogram, and what they are.

    `unit_price` in minor units where another than the list's or the contract's is agreed; needs a manager.
    """

    product_id: int
    quantity: int
    note: str = ""
    unit_price: Price | None = None


class Intake(NamedTuple):
    """What a customer leaves: services, the day that is promised (YYYYMMDD), whose things they are.

    Somebody who is no party leaves a name.  `tag` is what hangs on the things already; without one it is the
    order's number.  `told` is what the customer was told that all of it comes to, in minor units; None where
    nobody was told.
    """

    wanted: Sequence[Wanted]
    promised_on: int
    party_id: int | None = None
    customer_name: str = ""
    tag: str = ""
    note: str = ""
    told: int | None = None


def ahead_of(total: int, percent: int) -> int:
    """So many per cent of what an order costs, in minor units, half up."""
    return divide_half_up(total * percent, 100)


class Allowed(NamedTuple):
    """By whom the prices of an intake are allowed, and who that is where it is not who takes it in."""

    by: int
    approver: Person | None


def allowed(context: Context, intake: Intake, approval: Approval | None) -> Allowed:
    """Raise `NeedsApproval` for other prices than the list's that nobody allowed, or `Refused`."""
    person = context.need(Permission.SELL)
    approver = None
    with context.database.read() as connection:
        known = lines_of(context, connection, intake, None)
    others = [
        Conceded(line.description, line.quantity, exact(line.list_price, line.list_price_fine), line.price)
        for line in known
        if line.list_price is not None
    ]
    if others:
        try:
            approver = require(person, Action.PRICE, approval)
        except NeedsApproval:
            raise conceding(others, context.place.currency) from None
    return Allowed((approver or person).person_id, approver)


def lines_of(
    context: Context, connection: Connection, intake: Intake, allowed_by: int | None
) -> list[ServiceLine]:
    """The lines of an order, each at what this customer pays with promotions, without their tax."""
    services = _services(context, connection, intake)
    found = quoted(context, connection, intake.party_id, _asked(intake, services))
    return [
        _line(one, product, quote, allowed_by)
        for one, product, quote in zip(intake.wanted, services, found, strict=True)
    ]


def why(context: Context, connection: Connection, intake: Intake, place: int, words: Words) -> list[Sentence]:
    """Why a line of an order costs what it costs, step by step; the last says what it comes to."""
    services = _services(context, connection, intake)
    return reasons(*asked(context, connection, intake.party_id, _asked(intake, services)), place, words)[1]


def _services(context: Context, connection: Connection, intake: Intake) -> list[Product]:
    """What is done to each of the things.  Raises `Refused` for goods."""
    services = [product_in(context, connection, one.product_id) for one in intake.wanted]
    for product in services:
        if not product.behaviour.taken_in:
            raise Refused("goods-not-service", name=product.name[:60])
    return services


def _asked(intake: Intake, services: Sequence[Product]) -> list[Priced]:
    """What lists and promotions are asked; a price that a person says is lowered by nothing."""
    return [
        Priced(product.product_id, one.quantity, product.price, one.unit_price is not None)
        for product, one in zip(services, intake.wanted, strict=True)
    ]


def _line(wanted: Wanted, product: Product, quote: Quote, allowed_by: int | None) -> ServiceLine:
    price = quote.price
    other = wanted.unit_price is not None and wanted.unit_price != price
    return ServiceLine(
        product_id=product.product_id,
        sku=product.sku,
        description=product.name,
        quantity=wanted.quantity,
        unit=product.unit,
        **price_fields(price if wanted.unit_price is None else wanted.unit_price),
        tax_code=product.tax_code,
        tax_rate_bp=product.tax_rate_bp,
        tax_inclusive=product.tax_inclusive,
        net=0,
        tax=0,
        business_id=product.business_id,
        **list_price_fields(price if other else None),
        price_approver_id=allowed_by if other else None,
        note=note_of(wanted.note),
        discount=quote.discount,
        promotion_id=quote.promotion_id,
        promotion=quote.promotion,
    )
