"""`bohari explain price`: what a product costs somebody here now, and why, step by step."""

from dataclasses import dataclass
from typing import Annotated

import typer

from pos_app.cli.answer import Answer
from pos_app.cli.homes import Opened
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.office import price_explained
from pos_app.store.master import codes
from pos_app.store.tables.columns import from_micros, micros


@dataclass(frozen=True)
class Asked:
    """For whom, where, how much, when; what is left out is anybody, here, one, now."""

    customer: Annotated[str, typer.Option(metavar="CODE", help="Who buys; anybody.")] = ""
    depot: Annotated[str, typer.Option(metavar="CODE", help="Where; here.")] = ""
    quantity: Annotated[str, typer.Option(metavar="QUANTITY", help="How much: 3, 2cs; one.")] = ""
    at: Annotated[str, typer.Option(metavar="MOMENT", help="When: 2026-12-01 06:00; now.")] = ""


def explain_price(opened: Opened, sku: str, asked: Asked) -> Answer:
    """What a product costs, with the steps.  Raises `Refused` for what nothing has."""
    now_us = micros(opened.clock.now())
    with opened.database.read() as connection:
        own = opened.place[1] or codes.seat(connection, opened.org_id, SERVER_TERMINAL_NO) or 0
        wanted = price_explained.Asked(sku, asked.customer, asked.depot, asked.quantity, asked.at)
        found = price_explained.explained(connection, opened.organisation, own, now_us, wanted)
    values = {
        "sku": found.sku,
        "customer": found.customer,
        "depot": found.depot,
        "quantity": found.quantity,
        "at": from_micros(found.at_us).isoformat(timespec="seconds"),
        "currency": opened.organisation.currency.code,
        "price": found.price,
        "total": found.total,
        "steps": [{"code": step.code, "facts": dict(step.facts), "text": str(step)} for step in found.steps],
    }
    return Answer(values, [f"{found.sku} {found.name}", *(step.spoken for step in found.steps)])
