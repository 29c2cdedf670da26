"""The comparison with the centre judges what is not there only when nothing is still to come."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.store.master import enrolment
from sync.client import compare as comparing
from sync.client.compare import Compare
from tests.support.worlds.sync_fixtures import Centre, Till


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    till = centre.till(tmp_path / "till")
    till.drain()
    return till


def comparison(till: Till) -> Compare:
    return Compare(till.database, till.who, till.transport, SystemClock(), at_once=True)


def change(centre: Centre, statement: str) -> None:
    with centre.database.write() as connection:
        connection.execute(text(statement))


def products(till: Till) -> list[str]:
    with till.database.read() as connection:
        return list(connection.scalars(text("SELECT name FROM product ORDER BY product_id")))


def mended(till: Till) -> int:
    with till.database.read() as connection:
        found = connection.scalar(text("SELECT count(*) FROM audit_log WHERE action = 'feed.mended'"))
    return int(found or 0)


def test_a_row_behind_an_open_transaction_is_no_stranger(
    centre: Centre, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "HELD_BACK_LIMIT_S", 0.0)
    before, compare = products(till), comparison(till)
    with centre.database.engine.connect() as early:
        early.execute(text("SELECT pg_current_xact_id()"))
        change(centre, "UPDATE product SET name = 'renamed' WHERE product_id = 1")
        # A command's pass gives up; a daemon's waits for its next turns.
        assert comparison(till).whole() == []
        for _ in range(3):
            compare.turn_when_due()
        assert (compare.found, products(till), mended(till)) == ([], before, 0)
        early.commit()
    with till.database.write() as connection:
        connection.execute(text("UPDATE product SET product_id = 99, sku = 'X' WHERE product_id = 2"))
    compare.turn_when_due()
    assert [(one.kind, one.before and one.before["sku"]) for one in compare.found] == [("product", "X")]
    # The next pass brings back what an edit took away.
    assert [one.after["sku"] for one in comparison(till).whole()] == ["SKU2"]
    assert products(till) == ["renamed", *before[1:]]
    assert comparison(till).whole() == []


def test_a_balance_behind_an_open_transaction_holds_no_pass(centre: Centre, till: Till) -> None:
    with centre.database.engine.connect() as early:
        early.execute(text("SELECT pg_current_xact_id()"))
        till.sell(customer=1)
        till.daemon().step()
        with till.database.write() as connection:
            connection.execute(text("UPDATE product SET product_id = 99, sku = 'X' WHERE product_id = 2"))
        compare = comparison(till)
        compare.turn_when_due()
        assert {one.kind for one in compare.found} == {"product"}
        early.rollback()


def test_a_pass_that_a_new_life_of_the_centre_comes_upon_begins_again(centre: Centre, till: Till) -> None:
    """What lay behind its positions in the life before lies below them in the new one, and is no stranger."""
    before, compare, daemon = products(till), comparison(till), till.daemon()
    with centre.database.engine.connect() as early:
        early.execute(text("SELECT pg_current_xact_id()"))
        change(centre, "UPDATE product SET name = 'renamed' WHERE product_id = 2")
        compare.turn_when_due()
        early.rollback()
    with centre.database.write() as connection:
        # As a backup from before the change has it.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE product SET name = 'Product 2', stamp = (SELECT min(stamp) FROM product)"
                " WHERE product_id = 2"
            )
        )
        enrolment.begin_epoch(connection)
    daemon.step()
    compare.turn_when_due()
    assert (compare.found, products(till), mended(till)) == ([], before, 0)
