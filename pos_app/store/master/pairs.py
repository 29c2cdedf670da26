"""What belongs to a product that comes back: its empty container and its deposit."""

from typing import NamedTuple

from sqlalchemy import Connection, text


class PairKeys(NamedTuple):
    """The keys of both; 0 where there is none."""

    empty_id: int = 0
    deposit_id: int = 0


def pair_of(connection: Connection, org_id: int, product_id: int) -> PairKeys:
    """What belongs to a product; nothing where it is none that comes back."""
    found = connection.execute(
        text(
            "SELECT empty_id, deposit_id FROM returnable_pair WHERE org_id = :org AND product_id = :product"
        ),
        {"org": org_id, "product": product_id},
    ).one_or_none()
    return PairKeys() if found is None else PairKeys(int(found[0]), int(found[1]))
