"""After every recording one balance that it touched is summed anew: damage is told, and the sale stands."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.ledger.errors import Unavailable
from pos_app.log import events
from pos_app.store.balances import affected
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import journal
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.upkeep import findings
from tests.support.documents.specimens import ORG
from tests.support.worlds.till_fixture import CASHIER, Shop

#: No trigger, no lock: a hand in the file.
DAMAGE = (
    "UPDATE account_balance SET amount = amount + 5",
    "UPDATE stock_level SET quantity = quantity + 5",
    "UPDATE drawer_cash SET amount = amount + 5",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A till that sells."""
    made = Shop.make(tmp_path)
    made.be(CASHIER)
    made.open_drawer()
    yield made
    made.database.close()


def _found(shop: Shop) -> set[str]:
    with shop.database.read() as connection:
        return {one.traced.drift.projection for one in findings.all_of(connection, ORG)}


def _sealed(shop: Shop, document_id: int) -> Sealed:
    """A recorded document as the journal had it in hand."""
    return journal.seal(shop.document(document_id), b"")


def test_the_keys_of_a_document_are_all_that_it_changed(shop: Shop) -> None:
    before = {one.name: _values(shop, one.name) for one in PROJECTIONS}
    sealed = _sealed(shop, shop.sell("GAS13", "WASH", "SOAP").document_id)
    named = {(projection.name, key) for projection, key in affected.of(sealed)}
    changed = {
        (one.name, key)
        for one in PROJECTIONS
        for key, value in _values(shop, one.name).items()
        if before[one.name].get(key) != value
    }
    assert named == changed
    assert len(named) > 10


def _values(shop: Shop, name: str) -> dict[tuple[object, ...], tuple[int, ...]]:
    (projection,) = (one for one in PROJECTIONS if one.name == name)
    keys = len(projection.keys)
    columns = ", ".join((*projection.keys, *projection.values))
    with shop.database.read() as connection:
        rows = connection.exec_driver_sql(f"SELECT {columns} FROM {name}").all()
    return {tuple(row[:keys]): tuple(row[keys:]) for row in rows}


def test_a_good_ledger_gives_no_finding_and_every_key_has_its_turn(shop: Shop) -> None:
    recorded = [_sealed(shop, shop.sell("GAS13", "SOAP").document_id) for _ in range(12 * affected.EVERY)]
    assert _found(shop) == set()
    looked_at = [one for one in recorded if one.document.seq % affected.EVERY == 0]
    turns = {
        affected.of(one)[one.document.seq // affected.EVERY % len(affected.of(one))][0].name
        for one in looked_at
    }
    assert turns == {"document_total", "account_balance", "drawer_cash", "stock_level"}


def test_damage_is_told_within_some_sales_and_every_sale_stands(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.sell("GAS13")
    with shop.database.write() as connection:
        for statement in DAMAGE:
            connection.exec_driver_sql(statement)
    with caplog.at_level(logging.WARNING, "bohari.books"):
        numbers = [shop.sell("GAS13").number for _ in range(8 * affected.EVERY)]
    assert numbers[-1] == "K3-S000033"
    assert _found(shop) == {"account_balance", "stock_level", "drawer_cash"}
    assert {record.getMessage() for record in caplog.records} == {events.DRIFT.name}
    told = [record.__dict__["facts"] for record in caplog.records]
    assert {one["what"] for one in told} == {"drift found"}
    # Each key once, however often it comes round again.
    assert len(told) == len({json.dumps(one["key"]) for one in told})


def test_trouble_with_looking_is_no_trouble_with_selling(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise Unavailable("The disk does not answer.")

    monkeypatch.setattr(affected, "sampled", fails)
    with caplog.at_level(logging.WARNING, "bohari.books"):
        for _ in range(affected.EVERY):
            last = shop.sell("GAS13")
    assert last.number == "K3-S000004"
    assert [record.getMessage() for record in caplog.records] == [events.NOT_CHECKED.name]


def test_a_long_ledger_without_checkpoints_is_left_to_the_walk(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = _sealed(shop, shop.sell("GAS13").document_id)
    with shop.database.write() as connection:
        for statement in DAMAGE:
            connection.exec_driver_sql(statement)
    assert _sampled(shop, sealed) == {"account_balance", "drawer_cash", "stock_level"}
    monkeypatch.setattr(affected, "_SHORT", 0)
    assert _sampled(shop, sealed) == set()


def _sampled(shop: Shop, sealed: Sealed) -> set[str]:
    """What is found when every key had its turn."""
    with shop.database.read() as connection:
        turns = [
            sealed._replace(document=msgspec.structs.replace(sealed.document, seq=seq))
            for seq in range(affected.EVERY, 20 * affected.EVERY, affected.EVERY)
        ]
        drifts = [affected.sampled(connection, one) for one in turns]
    return {drift.projection for drift in drifts if drift is not None}


def test_a_look_that_is_put_off_is_looked_at_by_who_took_it(shop: Shop) -> None:
    shop.sell("GAS13")
    with shop.database.write() as connection:
        for statement in DAMAGE:
            connection.exec_driver_sql(statement)
    looks: list[Callable[[], None]] = []
    shop.till.put_off_looks(looks.append)
    for _ in range(4 * affected.EVERY):
        shop.sell("GAS13", "SOAP")
    assert len(looks) == 4
    assert _found(shop) == set()
    for look in looks:
        look()
    assert _found(shop)
