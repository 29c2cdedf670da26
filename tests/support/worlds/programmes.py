"""A loyalty programme at a till, as the feed brings it."""

from typing import Any

from sqlalchemy import text

from pos_app.store.tables.loyalty_table import loyalty_programme
from tests.support.documents.specimens import ORG
from tests.support.worlds.till_fixture import Shop


def promise_points(shop: Shop, number: int = 1, **said: Any) -> None:
    """One point for every 100.00, each pays 1.00, for everybody, unless it is `said` otherwise."""
    told = {"code": f"L{number}", "name": f"Stars {number}", "points": 1, "per_amount": 100_00, "worth": 1_00}
    with shop.database.write() as connection:
        connection.execute(
            loyalty_programme.insert().values(org_id=ORG, programme_id=number, **(told | said))
        )


def points_owed(shop: Shop, party_id: int) -> int:
    """What a customer's points can pay, by the cached balance."""
    with shop.database.read() as connection:
        found = connection.execute(
            text("SELECT -sum(amount) FROM party_balance WHERE party_role = 'points' AND party_id = :party"),
            {"party": party_id},
        ).scalar()
    return int(found or 0)
