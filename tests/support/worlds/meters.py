"""Gas by meter: a customer with two meters and a rate of their own, with four decimals."""

from typing import Final

from pos_app.ledger.price import of_fine_parts
from pos_app.store.master import party_meters, party_terms
from pos_app.store.master.party_meters import Meter
from pos_app.store.tables import master
from pos_app.till.till import Till
from tests.support.worlds.money_builder import HOTEL
from tests.support.worlds.till_builder import ORG

PIPED: Final = 90_501
#: Where both meters stood when they came to us, in thousandths; the second will turn over soon.
FIRST, SECOND = 4_120_500, 99_990_000
#: 4.2075 a cubic metre.
RATE: Final = of_fine_parts(4_207_500)


def put_meters(till: Till, *, second: bool = True) -> None:
    """The hotel's meters, through which piped gas runs."""
    with till.database.write() as connection:
        connection.execute(
            master.product.insert().values(
                org_id=ORG,
                stamp=2,
                product_id=PIPED,
                sku="GAS-M3",
                name="Piped gas",
                price=486,
                price_fine=5_000,
                tax_code="V16",
                category="Gas",
                unit="m3",
                business_id=1,
                stocked=0,
                on_shelf=0,
                active=1,
                type="metered",
            )
        )
        codes = {"K-1": FIRST, "K-2": SECOND} if second else {"K-1": FIRST}
        for code, first in codes.items():
            party_meters.put(connection, ORG, Meter(HOTEL, code, PIPED, "", "", f"SN {code}", first))
        party_terms.put_contract_price(connection, ORG, HOTEL, PIPED, RATE)
    till.refresh()
