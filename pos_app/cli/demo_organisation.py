"""The demonstration organisation: three businesses, two depots, people, products, customers, stock.

Its data lie in `resources/demo`; they go through the same doors as anybody's: founding, the
imports' bulk writer, and stock counts recorded by the server's own journal.
"""

import csv
import tomllib
import uuid
from typing import Any

from sqlalchemy import Connection

from pos_app.bootstrap import Central
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import SERIES, SERVER_TERMINAL_NO, CountedLine, StockCount
from pos_app.ledger.money import parse_money
from pos_app.ledger.quantity import ONE
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.master import master_edit, organisations
from pos_app.store.organisation import founding, master_import
from pos_app.store.organisation.founding import Founded
from pos_app.store.organisation.master_import import CustomerRow, ProductRow
from pos_app.store.tables import master
from pos_app.till.session.sign_in import hash_pin
from resources import resource

Rows = list[dict[str, str]]


def found_demo(
    centre: Central, organisation: str, currency: str, label: str = "", *, stocked: bool = True
) -> tuple[int, Rows]:
    """Make it; gives its key and the people with their PINs, the owner first.

    Not `stocked`, nothing lies at its depots yet.
    """
    plan = tomllib.loads(resource("demo", "organisation.toml").read_text(encoding="utf-8"))
    people, money = _rows("people.csv"), find_currency(currency)
    hashes = {one["code"]: hash_pin(one["pin"]) for one in people}
    owner = people[0]
    made = founding.found(
        centre.database,
        organisation,
        currency,
        centre.clock,
        owner_pin_hash=hashes[owner["code"]],
        owner_name=owner["name"],
        business_name=plan["business"][0]["name"],
        depot_name=plan["depot"][0]["name"],
        time_zone=plan["time_zone"],
        label=label,
    )
    products = _rows("products.csv")
    with centre.database.write() as connection:
        businesses = _businesses(connection, made, plan["business"])
        depots = _depots(connection, made, plan["depot"], businesses)
        for one in people[1:]:
            depot = depots.get(one["depot"])
            founding.add_person(
                connection,
                made.org_id,
                one["code"],
                one["name"],
                role=one["role"],
                pin_hash=hashes[one["code"]],
                depot_id=depot[0] if depot else None,
            )
        _goods_and_customers(connection, made.org_id, products, businesses, money)
        ids = master_import.product_ids(connection, made.org_id, [one["sku"] for one in products])
    if not stocked:
        return made.org_id, people
    for code, column in (("MAIN", "stock_main"), ("WEST", "stock_west")):
        counted = tuple(
            CountedLine(product_id=ids[one["sku"]], counted=int(one[column]) * ONE)
            for one in products
            if int(one["stocked"])
        )
        _count_stock(centre, made, depots[code], businesses["RETAIL"], counted)
    return made.org_id, people


def _businesses(connection: Connection, made: Founded, plan: list[dict[str, Any]]) -> dict[str, int]:
    first = plan[0]
    master_edit.change(
        connection,
        master.business,
        made.org_id,
        made.business_id,
        code=first["code"],
        mpesa_till=first["mpesa_till"],
    )
    keys = {str(first["code"]): made.business_id}
    for one in plan[1:]:
        keys[one["code"]] = founding.add_business(
            connection, made.org_id, one["code"], one["name"], mpesa_till=one["mpesa_till"]
        )
    return keys


def _depots(
    connection: Connection, made: Founded, plan: list[dict[str, Any]], businesses: dict[str, int]
) -> dict[str, tuple[int, int]]:
    """Depots and their locations by code; the first is there since the founding."""
    first = plan[0]
    master_edit.change(
        connection,
        master.depot,
        made.org_id,
        made.depot_id,
        letter=first["letter"],
        business_id=businesses[first["business"]],
        address=first["address"],
        phone=first["phone"],
        receipt_footer=first["receipt_footer"],
    )
    keys = {str(first["code"]): (made.depot_id, made.location_id)}
    for one in plan[1:]:
        keys[one["code"]] = founding.add_depot(
            connection,
            made.org_id,
            one["code"],
            one["name"],
            number_prefix=one["letter"],
            business_id=businesses[one["business"]],
            address=one["address"],
            phone=one["phone"],
            receipt_footer=one["receipt_footer"],
        )
    return keys


def _goods_and_customers(
    connection: Connection, org_id: int, products: Rows, businesses: dict[str, int], money: Currency
) -> None:
    brought = master_import.put_products(
        connection,
        org_id,
        [
            ProductRow(
                number,
                one["sku"],
                (one["barcode"],),
                one["name"],
                parse_money(one["price"], money),
                one["tax_code"],
                one["category"],
                one["unit"],
                businesses[one["business"]],
                int(one["stocked"]),
                int(one["on_shelf"]),
            )
            for number, one in enumerate(products, start=2)
        ],
    )
    if brought.refusals:
        raise ValueError(f"the demonstration's products contradict each other: {brought.refusals}")
    master_import.put_customers(
        connection,
        org_id,
        [
            CustomerRow(
                number, one["code"], one["name"], one["phone"], parse_money(one["credit_limit"], money)
            )
            for number, one in enumerate(_rows("customers.csv"), start=2)
        ],
    )


def _count_stock(
    centre: Central,
    made: Founded,
    depot: tuple[int, int],
    business_id: int,
    counted: tuple[CountedLine, ...],
) -> None:
    """What lies at a depot on the first day, as a stock count by the server's own journal."""
    now = centre.clock.now()
    with centre.database.read() as connection:
        organisation = organisations.get(connection, made.org_id)
    if organisation is None:
        raise ValueError("the organisation was founded and is not there")
    count = StockCount(
        org_id=made.org_id,
        request_id=uuid.uuid4().hex,
        series=SERIES[StockCount],
        occurred_at=now,
        recorded_at=now,
        person_id=made.owner_id,
        business_id=business_id,
        depot_id=depot[0],
        currency=organisation.currency.code,
        location_id=depot[1],
        lines=counted,
    )
    CentreJournal(centre.database, made.org_id, SERVER_TERMINAL_NO, centre.clock).record_document(count)


def _rows(name: str) -> Rows:
    with resource("demo", name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
