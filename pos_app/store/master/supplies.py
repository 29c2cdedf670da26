"""What a product costs where it is bought, as the office says it (see `tables.master.product_supply`)."""

from sqlalchemy import Connection, text


def cost_of(connection: Connection, org_id: int, product_id: int) -> int | None:
    """What one costs, in minor units of the base currency; None where nobody said."""
    found = connection.execute(
        text("SELECT cost FROM product_supply WHERE org_id = :org AND product_id = :product AND cost > 0"),
        {"org": org_id, "product": product_id},
    ).scalar_one_or_none()
    return None if found is None else int(found)


def vendors_of(connection: Connection, org_id: int) -> dict[int, int]:
    """Of whom each product is bought, by the product's key; those of which somebody said so."""
    rows = connection.execute(
        text("SELECT product_id, vendor_id FROM product_supply WHERE org_id = :org AND vendor_id > 0"),
        {"org": org_id},
    )
    return {int(row[0]): int(row[1]) for row in rows}
