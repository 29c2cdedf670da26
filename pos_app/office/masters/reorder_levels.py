"""When goods are ordered again, as the office keeps it."""

from pos_app.ledger.permission import Permission
from pos_app.office.office import Office
from pos_app.store.master import locations
from pos_app.store.master.locations import Short


def set_reorder_level(office: Office, sku: str, location: str, minimum: int, target: int) -> str:
    """Say when to order a product again at a place and up to how much, in thousandths; gives its code.

    Raises `Refused`.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        place = books.location(location)
        product = books.product(sku, place.location_id, books.today)
        locations.put_reorder_level(
            books.connection,
            books.org_id,
            place.location_id,
            product.product_id,
            minimum=minimum,
            target=target,
        )
        return place.code


def short(office: Office, location: str = "") -> list[Short]:
    """What is at or below its reorder level, everywhere or at one place."""
    with office.read() as books:
        place = books.location(location).location_id if location else None
        return locations.short(books.connection, books.org_id, place)
