"""The centre judges points: what a programme gives, what was over, what nobody gives, what is spent twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.loyalty import Programme, tiers_of
from pos_app.ledger.making import selling
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.store.master import programmes
from pos_app.store.tables.columns import micros
from pos_app.till.selling.checkout import History
from pos_app.till.session.sign_in import Action, Approval
from tests.support.worlds.judged_desk import Desk, kinds
from tests.support.worlds.sync_fixtures import Centre

HOUR_US = 3_600_000_000
CUSTOMER = 1


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def promised(centre: Centre, **said: Any) -> int:
    """One point for every 1.00 paid, each pays 0.10; gives the key."""
    new = Programme(0, "STAR", "Stars", 1, 100, 10)._replace(**said)
    with centre.database.for_org(centre.org_id).write() as connection:
        return programmes.add(connection, centre.org_id, new)


def sell(desk: Desk, quantity: int = ONE, points: int = 0) -> Sale:
    """What a sale to a customer gives them, points paying so much of it."""
    basket = desk.till.baskets.new()
    basket.set_customer(desk.till.customers.get(CUSTOMER))
    basket.add(desk.till.catalogue.scan("SKU1").product, quantity)
    taking = desk.till.checkout(basket)
    if points:
        taking.add_tender(TenderKind.POINTS, points)
    if taking.due().still_due:
        taking.add_tender(TenderKind.CASH, taking.cash_due())
    done = taking.complete()
    with desk.line.database.read() as connection:
        found = documents.get(connection, desk.centre.org_id, done.document_id)
    assert isinstance(found, Sale)
    return found


def owed(centre: Centre) -> int:
    with centre.database.for_org(centre.org_id).read() as connection:
        found = connection.execute(
            text("SELECT -coalesce(sum(amount), 0) FROM party_balance WHERE party_role = 'points'")
        )
        return int(found.scalar_one())


def test_what_a_programme_gives_fits_and_is_owed_at_the_centre(centre: Centre, desk: Desk) -> None:
    promised(centre)
    desk.sync()
    first = sell(desk)
    assert first.points is not None
    assert first.points.points == first.total // 100 > 0
    second = sell(desk, points=10)
    assert second.points is not None
    desk.sync()
    assert kinds(centre) == []
    assert owed(centre) == (first.points.points + second.points.points) * 10 - 10


def test_what_was_over_is_noted_and_what_nobody_gives_calls(centre: Centre, desk: Desk) -> None:
    key = promised(centre)
    desk.sync()
    with centre.database.for_org(centre.org_id).write() as connection:
        programmes.end(connection, centre.org_id, key, micros(SystemClock().now()) - 2 * HOUR_US)
    sell(desk)
    desk.line.drain()
    assert kinds(centre) == ["points-old"]
    for edit in ("points = 2", "points = 1, worth = 11", "worth = 10, programme_id = 999999"):
        desk.edit(f"UPDATE loyalty_programme SET ended_us = NULL, {edit}")
        assert sell(desk).points is not None
        desk.line.drain()
    assert kinds(centre)[1:] == ["points-foreign"] * 3


def test_a_tier_that_there_is_not_and_one_that_was_not_reached(centre: Centre, desk: Desk) -> None:
    promised(centre)
    desk.sync()
    sell(desk)
    desk.edit("UPDATE loyalty_programme SET tiers = 'Gold 1 150'")
    assert sell(desk).points.percent == 150  # type: ignore[union-attr]
    desk.line.drain()
    assert kinds(centre) == ["points-foreign"]


def test_another_groups_programme_is_flagged(centre: Centre, desk: Desk) -> None:
    promised(centre, group_id=5)
    desk.sync()
    assert sell(desk).points is None
    desk.edit("UPDATE loyalty_programme SET group_id = 0")
    assert sell(desk).points is not None
    desk.line.drain()
    assert kinds(centre) == ["points-foreign"]


def test_goods_that_came_back_without_their_points_are_flagged(centre: Centre, desk: Desk) -> None:
    promised(centre)
    desk.sync()
    back(desk, sell(desk, 3 * ONE))
    desk.sync()
    assert kinds(centre) == []
    sale = sell(desk, 3 * ONE)
    desk.edit("UPDATE loyalty_programme SET points = 1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pos_app.till.selling.points.back", lambda *_: None)
        back(desk, sale)
    desk.line.drain()
    assert kinds(centre) == ["points-kept"]


def back(desk: Desk, sale: Sale) -> None:
    receipt = desk.till.refunds.find(desk.till._context.printed(sale))
    allowed = Approval(desk.person, Action.REFUND)
    desk.till.refunds.complete(receipt, {0: ONE}, TenderKind.CASH, "leaks", allowed)


def test_two_tills_offline_that_spend_the_same_points_are_seen(
    centre: Centre, desk: Desk, tmp_path: Path
) -> None:
    promised(centre)
    other = Desk(centre, tmp_path / "2")
    desk.sync()
    sale = sell(desk, 10 * ONE)
    assert sale.points is not None
    desk.sync()
    other.sync()
    there = min(sale.points.amount, sale.total // 10)
    sell(desk, points=there)
    sell(other, points=there)
    desk.sync()
    assert kinds(centre) == []
    other.sync()
    assert kinds(centre) == ["points-beyond"]


def test_a_tier_that_was_reached_within_what_an_offline_till_brings_is_right(
    centre: Centre, desk: Desk
) -> None:
    promised(centre, tiers=tiers_of("Gold 1 150"))
    desk.sync()
    assert [sell(desk).points.percent for _ in range(2)] == [100, 150]  # type: ignore[union-attr]
    desk.line.drain()
    assert kinds(centre) == []


def test_what_was_put_away_before_it_began_is_noted_of_a_till_that_did_not_hear(
    centre: Centre, desk: Desk
) -> None:
    now_us = micros(SystemClock().now())
    key = promised(centre, from_us=now_us - 2 * HOUR_US)
    desk.sync()
    with centre.database.for_org(centre.org_id).write() as connection:
        programmes.end(connection, centre.org_id, key, now_us - 3 * HOUR_US)
    assert sell(desk).points is not None
    desk.line.drain()
    assert kinds(centre) == ["points-old"]


def test_history_gives_no_points_that_nobody_gives(
    centre: Centre, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised(centre)
    desk.sync()
    given = sell(desk).points
    assert given is not None
    real, forged = selling.sale, structs.replace(given, points=1_000_000)
    monkeypatch.setattr(selling, "sale", lambda *of, **said: real(*of, **{**said, "points": forged}))
    basket = desk.till.baskets.new()
    basket.set_customer(desk.till.customers.get(CUSTOMER))
    basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
    taking = desk.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, taking.total)
    taking.complete(history=History(SystemClock().now() - timedelta(days=9), "of before"))
    desk.line.drain()
    assert "points-foreign" in kinds(centre)
