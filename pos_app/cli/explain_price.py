"""`bohari explain price`: what a product costs somebody here now, and why, step by step.

Decisions
---------
2026-11-30  Asked of a moment that has passed, lists and groups answer as of then, for their rows are never
written over.  What the product itself says and what was agreed with the customer are kept as of today, at a
till at least; the answer says so before it gives them.
"""

from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy import Connection

from pos_app.cli.answer import Answer
from pos_app.cli.homes import Opened
from pos_app.cli.moments import moment, moment_shown
from pos_app.language import said
from pos_app.ledger.day import day_of
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.price import plain_price
from pos_app.ledger.pricing.reasons import Words, reasons
from pos_app.ledger.quantity import ONE, parse_quantity, plain_quantity
from pos_app.store.master import catalogue, codes, price_rules, unknown
from pos_app.store.master.catalogue import Shop
from pos_app.store.master.codes import DepotCode
from pos_app.store.master.price_rules import Buyer
from pos_app.store.tables.columns import from_micros, micros


@dataclass(frozen=True)
class Asked:
    """For whom, where, how much, when; what is left out is anybody, here, one, now."""

    customer: Annotated[str, typer.Option(metavar="CODE", help="Who buys; anybody.")] = ""
    depot: Annotated[str, typer.Option(metavar="CODE", help="Where; here.")] = ""
    quantity: Annotated[str, typer.Option(metavar="QUANTITY", help="How much; one.")] = ""
    at: Annotated[str, typer.Option(metavar="MOMENT", help="When: 2026-12-01 06:00; now.")] = ""


def explain_price(opened: Opened, sku: str, asked: Asked) -> Answer:
    """What a product costs, with the steps.  Raises `Refused` for what nothing has."""
    money, zone = opened.organisation.currency, opened.organisation.time_zone
    quantity = parse_quantity(asked.quantity) if asked.quantity.strip() else ONE
    told, now_us = moment(asked.at, zone), micros(opened.clock.now())
    at_us = now_us if told is None else told
    with opened.database.read() as connection:
        depot = _depot(connection, opened, asked.depot)
        shop = Shop(opened.org_id, depot.location_id, day_of(from_micros(at_us), zone))
        product = catalogue.by_sku(connection, shop, sku.strip())
        if product is None:
            raise unknown.product(connection, opened.org_id, sku)
        party = codes.party(connection, opened.org_id, asked.customer) if asked.customer else None
        if asked.customer and party is None:
            raise Refused("party-unknown", code=asked.customer[:40])
        buyer = Buyer(None if party is None else party.party_id, depot.depot_id, at_us, zone)
        rules, asker, wanted = price_rules.asked(connection, opened.org_id, buyer, [(product, quantity)])
    words = Words(money, lambda since_us: moment_shown(since_us, zone) or said("price-since-ever"))
    found, steps = reasons(rules, asker, wanted, 0, words)
    if at_us < now_us:
        steps.insert(0, said("price-then-by-today", moment=moment_shown(at_us, zone)))
    values = {
        "sku": product.sku,
        "customer": "" if party is None else party.code,
        "depot": depot.code,
        "quantity": plain_quantity(quantity),
        "at": from_micros(at_us).isoformat(timespec="seconds"),
        "currency": money.code,
        "price": plain_price(found.price, money),
        "total": decimal_text(found.comes_to(quantity), money),
        "steps": [{"code": step.code, "facts": dict(step.facts), "text": str(step)} for step in steps],
    }
    return Answer(values, [f"{product.sku} {product.name}", *(step.spoken for step in steps)])


def _depot(connection: Connection, opened: Opened, code: str) -> DepotCode:
    if code:
        found = codes.depot(connection, opened.org_id, code)
    else:
        own = opened.place[1] or codes.seat(connection, opened.org_id, SERVER_TERMINAL_NO) or 0
        found = codes.depot_of(connection, opened.org_id, own)
    if found is None:
        raise unknown.depot(connection, opened.org_id, code)
    return found
