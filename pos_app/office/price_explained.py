"""What a product costs somebody at a depot at a moment, and why, step by step.

Decisions
---------
2026-11-30  Asked of a moment that has passed, lists and groups answer as of then, for their rows are never
written over.  What the product itself says and what was agreed with the customer are kept as of today, at a
till at least; the answer says so before it gives them.
"""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger.day import day_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.price import plain_price
from pos_app.ledger.pricing.reasons import Words, reasons
from pos_app.ledger.quantity import plain_quantity
from pos_app.office.moments import moment, moment_shown
from pos_app.office.office import Office
from pos_app.office.typed_quantities import typed
from pos_app.store.master import catalogue, codes, price_rules, unknown
from pos_app.store.master.catalogue import Shop
from pos_app.store.master.codes import DepotCode
from pos_app.store.master.organisations import Organisation
from pos_app.store.master.price_rules import Buyer
from pos_app.store.tables.columns import from_micros, micros


class Asked(NamedTuple):
    """What is asked, as it was written; empty is anybody, here, one, now."""

    sku: str
    customer: str = ""
    depot: str = ""
    quantity: str = ""
    at: str = ""


class Explained(NamedTuple):
    """The answer; `price` and `total` in the organisation's currency, as they are typed."""

    sku: str
    name: str
    customer: str
    depot: str
    quantity: str
    at_us: int
    price: str
    total: str
    steps: list[Sentence]


def at_office(office: Office, asked: Asked) -> Explained:
    """What it costs, asked at the centre.  Raises `Refused` for what nothing has."""
    with office.read() as books:
        here = books.connection, books.organisation, books.depot("").depot_id, micros(books.now)
        return explained(*here, asked)


def explained(
    connection: Connection, organisation: Organisation, own_depot_id: int, now_us: int, asked: Asked
) -> Explained:
    """What a product costs, with the steps.  Raises `Refused` for what nothing has."""
    money, zone, org_id = organisation.currency, organisation.time_zone, organisation.org_id
    told = moment(asked.at, zone)
    at_us = now_us if told is None else told
    depot = _depot(connection, org_id, own_depot_id, asked.depot)
    shop = Shop(org_id, depot.location_id, day_of(from_micros(at_us), zone))
    product = catalogue.by_sku(connection, shop, asked.sku.strip())
    if product is None:
        raise unknown.product(connection, org_id, asked.sku)
    quantity, pack = typed(connection, org_id, product, asked.quantity.strip() or "1")
    party = codes.party(connection, org_id, asked.customer) if asked.customer else None
    if asked.customer and party is None:
        raise Refused("party-unknown", code=asked.customer[:40])
    buyer = Buyer(None if party is None else party.party_id, depot.depot_id, at_us, zone)
    sold = product if pack is None else replace(product, price=pack.base(product.price))
    rules, asker, wanted = price_rules.asked(connection, org_id, buyer, [(sold, quantity)])
    if pack is not None and pack.price:
        wanted = [wanted[0]._replace(packed=pack.packed)]
    words = Words(money, lambda since_us: moment_shown(since_us, zone) or said("price-since-ever"))
    found, steps = reasons(rules, asker, wanted, 0, words)
    if at_us < now_us:
        steps.insert(0, said("price-then-by-today", moment=moment_shown(at_us, zone)))
    return Explained(
        product.sku,
        product.name,
        "" if party is None else party.code,
        depot.code,
        plain_quantity(quantity),
        at_us,
        plain_price(found.price, money),
        decimal_text(found.comes_to(quantity), money),
        steps,
    )


def _depot(connection: Connection, org_id: int, own_depot_id: int, code: str) -> DepotCode:
    found = (
        codes.depot(connection, org_id, code) if code else codes.depot_of(connection, org_id, own_depot_id)
    )
    if found is None:
        raise unknown.depot(connection, org_id, code)
    return found
