"""What a customer pays at this till: by the lists, by contract, or as the product says (`ledger.pricing`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.pack import Packed
from pos_app.ledger.price import Price
from pos_app.ledger.pricing.listed import Listed, Wanted, lists_for
from pos_app.ledger.pricing.quoting import Quote, quote, unit_prices
from pos_app.ledger.pricing.rules import Asker, Rules
from pos_app.store.master import price_rules
from pos_app.store.tables.columns import micros
from pos_app.till.session.context import Context


class Priced(NamedTuple):
    """So much of a product, in thousandths, that the product itself says costs `base`; of a `fixed` one no
    promotion takes anything off, and `packed` is what it costs that in (see `Wanted`).
    """

    product_id: int
    quantity: int
    base: Price
    fixed: bool = False
    packed: Packed | None = None


def quoted(
    context: Context,
    connection: Connection,
    party_id: int | None,
    lines: Sequence[Priced],
    moment: datetime | None = None,
) -> list[Quote]:
    """What the lines of one basket cost a customer (None: anybody), with promotions, now or at a moment."""
    return quote(*asked(context, connection, party_id, lines, moment))


def listed(
    context: Context,
    connection: Connection,
    party_id: int | None,
    lines: Sequence[Priced],
    moment: datetime | None = None,
) -> list[Listed]:
    """What a unit of each line of one basket costs a customer (None: anybody), now or at a moment."""
    rules, asker, wanted = asked(context, connection, party_id, lines, moment)
    return unit_prices(rules, asker, lists_for(rules, asker), wanted)


def asked(
    context: Context,
    connection: Connection,
    party_id: int | None,
    lines: Sequence[Priced],
    moment: datetime | None = None,
) -> tuple[Rules, Asker, list[Wanted]]:
    """What `ledger.pricing` is asked for these lines: the rules, who asks where and when, and the basket."""
    org_id = context.org_id
    at_us = micros(moment or context.clock.now())
    rules = context.price_rules.rules(connection, [line.product_id for line in lines], at_us)
    asker = Asker(at_us, context.terminal.depot_id, party_id, time_zone=context.place.time_zone)
    if party_id is None:
        return rules, asker, [Wanted(*line[:3], fixed=line.fixed, packed=line.packed) for line in lines]
    groups = context.price_rules.groups(connection, party_id, at_us)
    rates = {
        key: price_rules.agreed(connection, org_id, party_id, key)
        for key in {one.product_id for one in lines}
    }
    wanted = [Wanted(*line[:3], rates[line.product_id], *line[3:]) for line in lines]
    return rules, asker._replace(groups=groups), wanted
