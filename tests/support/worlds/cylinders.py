"""A depot that deals in cylinders: refills with their empties and deposits, and empties of another brand."""

from typing import Any, Final

from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.store.balances import balances
from pos_app.store.master import party_terms
from pos_app.store.tables import master
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.till import Till
from tests.support.worlds.till_builder import ORG, barcode_of

REFILL6, REFILL13, DEPOSIT13 = 1, 2, 12
EMPTY6, EMPTY13, OTHER13 = 90_401, 90_402, 90_403
SUPPLIER: Final = 611
FILL, DEPOSIT = 325_000, 350_000
#: What is counted at the beginning: fills, and cylinders with whatever is in them.
FILLS, CYLINDERS = 42, 60


def deal_in_cylinders(till: Till, *, cylinder_price: int = 0) -> None:
    """Two sizes with their empties; the larger has a deposit, and a price where one is said (in cents).

    `CYLINDERS` of the larger are here, of which `FILLS` are full.
    """
    with till.database.write() as connection:

        def put(table: Any, **values: Any) -> None:
            connection.execute(table.insert().values(org_id=ORG, stamp=2, **values))

        for key, sku, name, price in (
            (EMPTY6, "EMP-6", "Cylinder 6 kg", 0),
            (EMPTY13, "EMP-13", "Cylinder 13 kg", cylinder_price),
            (OTHER13, "EMP-OTHER-13", "Cylinder 13 kg of another brand", 0),
        ):
            goods = {"sku": sku, "name": name, "price": price, "tax_code": "V16", "category": "Gas"}
            more = {"unit": "pc", "business_id": 1, "stocked": 1, "on_shelf": 0, "active": 1}
            put(master.product, product_id=key, **goods, **more)
            put(master.product_barcode, barcode=barcode_of(key), product_id=key)
        for full, empty, deposit in ((REFILL6, EMPTY6, 0), (REFILL13, EMPTY13, DEPOSIT13)):
            connection.execute(
                master.product.update().where(master.product.c.product_id == full).values(type="returnable")
            )
            put(master.returnable_pair, product_id=full, empty_id=empty, deposit_id=deposit)
        connection.execute(
            master.product.update().where(master.product.c.product_id == DEPOSIT13).values(type="deposit")
        )
        put(master.party, party_id=SUPPLIER, code="V-SING", name="SINGGAS", phone="", active=1)
        party_terms.put_role(connection, ORG, SUPPLIER, PartyRole.VENDOR, terms_days=30, credit_limit=0)
    alone = till.person is None
    if alone:
        till.sign_in.sign_in(2, "2222")
    till.stock_counts.count({EMPTY13: CYLINDERS * ONE, EMPTY6: 20 * ONE})
    if alone:
        till.sign_in.sign_out()
    till.refresh()


def held(till: Till, product_id: int, party_id: int | None = None, *, here: bool = False) -> int:
    """How many whole pieces lie at a customer (None: those without a name), or at this depot."""
    place = till.location_id if here else location_of(party_id)
    key = {"org_id": ORG, "location_id": place, "product_id": product_id}
    with till.database.read() as connection:
        return balances.current(connection, STOCK_LEVEL, key)["quantity"] // ONE
