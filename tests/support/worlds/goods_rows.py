"""What the feed would have brought a depot with vendors, other places, rates, reorder levels, cylinders."""

from typing import Any, Final

from sqlalchemy import Table

from pos_app.ledger.document import SERIES, PurchaseOrder, TransferSent
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.store.master import party_terms, rates
from pos_app.store.tables import master
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.till import Till
from tests.support.worlds.till_builder import ORG

VENDOR, SECOND_VENDOR = 601, 602
VEHICLE, TRANSIT, WEST = 12, 13, 14
REFILL13, REGULATOR, HOSE, GRILL = 2, 7, 8, 10
EMPTY13, FULL13 = 90_301, 90_302
DOLLAR: Final = 129_500_000


def add_goods_rows(till: Till) -> None:
    """Vendors, a van, another depot, the way between, a rate, reorder levels and two kinds of cylinder."""
    with till.database.write() as connection:

        def put(table: Table, **values: Any) -> None:
            connection.execute(table.insert().values(org_id=ORG, stamp=2, **values))

        for key, code, name in ((VENDOR, "V-601", "Total Kenya"), (SECOND_VENDOR, "V-602", "Aqua Springs")):
            put(master.party, party_id=key, code=code, name=name, phone="", active=1)
            party_terms.put_role(connection, ORG, key, PartyRole.VENDOR, terms_days=14, credit_limit=0)
        for key, code, name, kind, depot in (
            (VEHICLE, "KBX", "Van KBX 412D", "vehicle", 1),
            (TRANSIT, "WAY", "On the way", "transit", None),
            (WEST, "WES", "Westlands depot", "depot", 2),
        ):
            put(master.location, location_id=key, code=code, name=name, kind=kind, depot_id=depot)
        for key, sku, name in (
            (EMPTY13, "E13", "Cylinder 13 kg, empty"),
            (FULL13, "F13", "Cylinder 13 kg, full"),
        ):
            put(
                master.product,
                product_id=key,
                sku=sku,
                name=name,
                price=100_000,
                tax_code="Z",
                category="Gas",
                unit="pc",
                business_id=1,
                stocked=1,
                on_shelf=0,
                active=1,
            )
        rates.put_exchange_rate(connection, ORG, "USD", 0, DOLLAR)
        for product, minimum, target in ((REGULATOR, 40, 60), (GRILL, 5, 20), (REFILL13, 30, 50)):
            put(
                master.reorder_level,
                location_id=1,
                product_id=product,
                minimum=minimum * ONE,
                target=target * ONE,
                active=1,
            )
    till.refresh()


def all_of(till: Till, *kinds: str) -> list[Any]:
    """The documents of these kinds at this till, newest first; of all kinds without one."""
    context = till._context
    with context.database.read() as connection:
        wanted = kinds or tuple(str(kind.__struct_config__.tag) for kind in SERIES)
        entries = documents.latest(connection, context.org_id, wanted, 50)
    return [till.receipts.document(one.document_id) for one in entries]


def as_manager(till: Till) -> None:
    """The manager is at the till, the drawer is open."""
    till.sign_in.sign_in(2, "2222")
    till.drawer.open(500_000)


def order_of(till: Till, **more: Any) -> PurchaseOrder:
    """Ten regulators and four hoses, ordered by the manager."""
    lines = {REGULATOR: Ordered(10 * ONE, 60_000), HOSE: Ordered(4 * ONE, 25_000)}
    document = till.receipts.document(till.orders.order(VENDOR, lines, **more).document_id)
    assert isinstance(document, PurchaseOrder)
    return document


def sent_to(till: Till, place: int, **more: Any) -> TransferSent:
    """Five regulators and two refills that left for a place."""
    done = till.transfers.send(place, {REGULATOR: 5 * ONE, REFILL13: 2 * ONE}, **more)
    document = till.receipts.document(done.document_id)
    assert isinstance(document, TransferSent)
    return document
