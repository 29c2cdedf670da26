"""`bohari prices`: what customers pay by agreement."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.moments import moment, moment_shown
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price, plain_price, price_text
from pos_app.ledger.quantity import plain_quantity, quantity_text
from pos_app.office.masters import prices
from pos_app.office.office import Office
from pos_app.store.master.party_terms import Agreed

app: Final = noun()
prices_app: Final = group(app, "prices", "What customers pay by agreement.")


@command(prices_app, "contract", AT_WORK, somewhere(Permission.EDIT_MASTER))
def contract(
    office: Office,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER")],
    sku: Annotated[str, typer.Argument(metavar="SKU")],
    price: Annotated[str, typer.Argument(metavar="PRICE")] = "",
    *,
    since: Annotated[
        str, typer.Option("--from", metavar="MOMENT", help="2026-12-01 or 2026-12-01 06:00; from now on.")
    ] = "",
    end: Annotated[bool, typer.Option("--end", help="The agreement ends: the list's price again.")] = False,
) -> Answer:
    """What a customer pays for a product from a moment on, at every till and in the office."""
    if end == bool(price.strip()):
        raise Refused("price-or-end")
    money, zone = office.organisation.currency, office.organisation.time_zone
    from_us = moment(since, zone)
    begins = "" if from_us is None else moment_shown(from_us, zone)
    when = f"from {begins} on" if begins else "from now on"
    values = {"customer": customer, "sku": sku, "from": begins}
    if end:
        prices.end(office, customer, sku, from_us)
        return Answer(values, [f"{customer} pays the list's price for {sku} {when}."])
    agreed = parse_price(price, money)
    prices.agree(office, customer, sku, agreed, from_us)
    said = f"{customer} pays {price_text(agreed, money)} {money.code} for {sku} {when}."
    return Answer({**values, "price": plain_price(agreed, money)}, [said])


@command(prices_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_prices(
    office: Office,
    *,
    customer: Annotated[str, typer.Option(metavar="CODE", help="Of one customer.")] = "",
) -> Answer:
    """What is agreed, now and for later, beside the list's price."""
    money, zone = office.organisation.currency, office.organisation.time_zone
    found = prices.agreed(office, customer)
    rows = [
        {
            "customer": one.customer,
            "sku": one.sku,
            "price": plain_price(one.price, money),
            "list_price": plain_price(one.list_price, money),
            "from_quantity": plain_quantity(one.from_quantity),
            "from": moment_shown(one.from_us, zone),
            "until": "" if one.to_us is None else moment_shown(one.to_us, zone),
        }
        for one in found
    ]
    lines = [
        f"{one.customer:<12} {one.sku:<16} {price_text(one.price, money):>14}"
        f"  list {price_text(one.list_price, money):>14}{_when(one, zone)}"
        for one in found
    ]
    return Answer({"prices": rows}, [*lines, f"{counted(len(rows), 'agreed price')}."])


def _when(agreed: Agreed, zone: str) -> str:
    """From how many on, and between which moments, where that is said."""
    many = f"  from {quantity_text(agreed.from_quantity)}" if agreed.from_quantity else ""
    since = f"  since {moment_shown(agreed.from_us, zone)}" if agreed.from_us else ""
    return many + since + ("" if agreed.to_us is None else f"  until {moment_shown(agreed.to_us, zone)}")
