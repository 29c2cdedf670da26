"""The centre judges whose goods and money a till says it is, and goods past their last day."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import Connection, text

from pos_app.ledger.line import TenderKind
from pos_app.ledger.lot import Lot
from pos_app.ledger.quantity import ONE
from pos_app.store.master import master_edit
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from pos_app.till.session.recorded import Recorded
from tests.support.worlds.judged_desk import Desk, change, kinds, long_ago
from tests.support.worlds.sync_fixtures import Centre, sale

OURS, WATERS = "111222", "333444"


class Businesses:
    """A till between two businesses, each with a number of its own; SKU2 is the second one's."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre = centre

        def found(connection: Connection) -> None:
            org_id = centre.org_id
            master_edit.change(connection, master.business, org_id, 1, mpesa_till=OURS)
            self.water = founding.add_business(connection, org_id, "WATER", "Water", mpesa_till=WATERS)
            master_edit.change(connection, master.product, org_id, 2, business_id=self.water)

        change(centre, found)
        long_ago(centre)
        self.desk = Desk(centre, folder)

    def sell(self, sku: str, by: TenderKind = TenderKind.CASH, whose: int = 0) -> Recorded:
        basket = self.desk.till.baskets.new()
        basket.add(self.desk.till.catalogue.scan(sku).product, ONE)
        taking = self.desk.till.checkout(basket)
        code = f"SLK4AOI9Z{self.desk.till.today % 7}" if by is TenderKind.MPESA else ""
        taking.add_tender(by, taking.total, code, business_id=whose)
        return taking.complete()

    def flagged(self) -> list[str]:
        self.desk.sync()
        return kinds(self.centre)


@pytest.fixture
def shop(centre: Centre, tmp_path: Path) -> Businesses:
    return Businesses(centre, tmp_path / "1")


def test_goods_of_each_business_are_in_order(shop: Businesses) -> None:
    shop.sell("SKU1")
    shop.sell("SKU2")
    shop.sell("SKU2", TenderKind.MPESA)
    assert shop.flagged() == []


def test_goods_that_were_given_to_another_business_are_flagged(shop: Businesses) -> None:
    shop.desk.edit("UPDATE product SET business_id = :water WHERE product_id = 1", water=shop.water)
    shop.sell("SKU1")
    assert shop.flagged() == ["business-foreign"]


def test_goods_that_changed_their_business_meanwhile_are_noted(shop: Businesses) -> None:
    def moved(connection: Connection) -> None:
        master_edit.change(connection, master.product, shop.centre.org_id, 1, business_id=shop.water)

    change(shop.centre, moved)
    shop.sell("SKU1")
    shop.desk.line.drain()
    assert kinds(shop.centre) == []
    shop.desk.edit("UPDATE product SET business_id = 1 WHERE product_id = 1")
    long_ago(shop.centre, 7 * 24)
    shop.sell("SKU1")
    assert shop.flagged() == ["business-old"]


def test_a_number_that_is_nobodys_of_ours_is_flagged(shop: Businesses) -> None:
    shop.desk.edit("UPDATE business SET mpesa_till = '999999' WHERE business_id = 1")
    shop.sell("SKU1", TenderKind.MPESA)
    assert shop.flagged() == ["number-foreign"]


def test_a_number_of_last_week_is_noted(shop: Businesses) -> None:
    def renumbered(connection: Connection) -> None:
        org_id = shop.centre.org_id
        connection.execute(
            text(
                "INSERT INTO business_former (org_id, business_id, until_us, name, mpesa_till)"
                " VALUES (:org, 1, (extract(epoch FROM now()) * 1000000)::bigint - 7200000000, 'X', :number)"
            ),
            {"org": org_id, "number": OURS},
        )
        master_edit.change(connection, master.business, org_id, 1, mpesa_till="555666")

    change(shop.centre, renumbered)
    shop.sell("SKU1", TenderKind.MPESA)
    assert shop.flagged() == ["number-old"]


def test_money_that_a_person_sent_to_another_business_is_noted(shop: Businesses) -> None:
    shop.sell("SKU1", TenderKind.MPESA, shop.water)
    assert shop.flagged() == ["paid-elsewhere"]


def test_past_the_last_day_somebody_who_may_stands_behind_it(centre: Centre, shop: Businesses) -> None:
    with centre.database.write() as connection:
        cashier = founding.add_person(
            connection, centre.org_id, "CASH", "Cashier", role="cashier", pin_hash="x"
        )
    shop.desk.sync()
    now = shop.desk.clock.now()
    yesterday = int(f"{now - timedelta(days=2):%Y%m%d}")
    basket = shop.desk.till.baskets.new()
    basket.add(shop.desk.till.catalogue.scan("SKU1").product, ONE, Lot("B1", yesterday))
    taking = shop.desk.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, taking.total)
    taking.complete()
    # The owner sold it, who may.
    assert shop.flagged() == []
    document = sale(shop.desk.line.who, products=(1,), occurred_at=now)
    lines = (structs.replace(document.lines[0], expires_on=yesterday),)
    by_cashier = structs.replace(document, person_id=cashier, lines=lines)
    owner = centre.founded.owner_id
    shop.desk.line.journal.record_document(
        structs.replace(by_cashier, request_id="1" * 32, approver_id=owner)
    )
    assert shop.flagged() == []
    shop.desk.line.journal.record_document(by_cashier)
    assert shop.flagged() == ["sold-past-day"]
