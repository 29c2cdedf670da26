"""Rows that were brought into a centre from another database: refused until they have stamps of this one."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.store.feed import ahead
from pos_app.store.feed.intake import plain_name, travelling
from pos_app.store.tables.master import MASTER
from pos_app.store.upkeep import database_check, life
from sync.client.errors import ServerRefused
from sync.server.feed_alert import FeedAlert
from tests.support.worlds.sync_fixtures import Centre, setting

#: As another cluster would have stamped them that had counted further.
LATER = 2**40


def bring_in(centre: Centre) -> None:
    """What a COPY from another cluster leaves: rows as they were there, past the triggers."""
    with centre.database.write() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in ahead.stamped():
            connection.execute(text(f"UPDATE {name} SET stamp = stamp + {LATER}"))


def keys_of(connection: Any, name: str, keys: list[str]) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(text(f"SELECT {', '.join(keys)} FROM {name}"))}


def test_a_till_that_enrols_after_a_move_has_all_that_the_tables_have(centre: Centre, tmp_path: Path) -> None:
    seller = centre.till(tmp_path / "seller")
    seller.sell(customer=1)
    seller.drain()
    bring_in(centre)
    newcomer = centre.till(tmp_path / "new")
    told: list[dict[str, Any]] = []
    with centre.database.read() as connection:
        assert "product" in ahead.hidden(connection, [centre.org_id])
        feed = [one for one in database_check.findings(connection, centre.clock.now()) if one.name == "feed"]
    assert [one.level for one in feed] == [database_check.MUST]
    # Nothing instead of a part that would be taken for all.
    with pytest.raises(ServerRefused) as refused:
        newcomer.drain()
    assert refused.value.code == "feed-stamps-ahead"
    assert "new-life" in setting(newcomer.database, "sync_error")
    alert = FeedAlert(centre.database, told.append)
    alert.turn(0)
    alert.turn(0)
    assert [one["alert"] for one in told] == ["feed hides rows"]

    begun = life.moved(centre.database, centre.clock)
    assert begun.restamped > 0
    alert.turn(0)
    for till in (newcomer, seller):
        till.drain()
        assert setting(till.database, "epoch") == begun.epoch
        with centre.database.read() as there, till.database.read() as here:
            assert ahead.hidden(there, [centre.org_id]) == []
            for table in MASTER:
                keys = [plain_name(key.name) for key in table.primary_key if key.name in travelling(table)]
                name = plain_name(table.name)
                assert keys_of(here, name, keys) == keys_of(there, name, keys), name
            prices = "SELECT product_id, price FROM product ORDER BY 1"
            assert here.execute(text(prices)).all() == there.execute(text(prices)).all()
    # And it goes on: what is new comes after what was moved.
    seller.sell(customer=1)
    seller.drain()
    with centre.database.write() as connection:
        connection.execute(text("UPDATE product SET price = 4300 WHERE product_id = 1"))
    newcomer.drain()
    with newcomer.database.read() as connection:
        assert connection.execute(text("SELECT price FROM product WHERE product_id = 1")).scalar_one() == 4300
    assert told[1:] == []
