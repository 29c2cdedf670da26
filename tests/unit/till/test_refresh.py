"""A till that runs takes up what the feed brought, whichever page of whichever kind came last."""

from sqlalchemy import text

from tests.support.worlds.till_fixture import Shop


def _feed(shop: Shop, kind: str, stamp: int, last_key: str = "") -> None:
    """A page came: this is how far the kind is read now."""
    with shop.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO feed_cursor (kind, stamp, last_key) VALUES (:kind, :stamp, :key)"
                " ON CONFLICT (kind) DO UPDATE SET stamp = excluded.stamp, last_key = excluded.last_key"
            ),
            {"kind": kind, "stamp": stamp, "key": last_key},
        )


def _rename(shop: Shop, name: str) -> None:
    with shop.database.write() as connection:
        connection.execute(text("UPDATE depot SET name = :name"), {"name": name})


def test_a_page_with_an_older_stamp_than_another_kind_had_is_taken_up(shop: Shop) -> None:
    _feed(shop, "product", 900)
    assert shop.till.refresh()
    _rename(shop, "Gate Depot")
    _feed(shop, "depot", 800)
    assert shop.till.refresh()
    assert shop.till.place.depot_name == "Gate Depot"


def test_the_second_page_of_one_change_is_taken_up(shop: Shop) -> None:
    _feed(shop, "depot", 950, "[1]")
    assert shop.till.refresh()
    _rename(shop, "Market Depot")
    _feed(shop, "depot", 950, "[2]")
    assert shop.till.refresh()
    assert shop.till.place.depot_name == "Market Depot"


def test_balances_are_news_and_change_no_place(shop: Shop) -> None:
    _feed(shop, "depot", 1)
    shop.till.refresh()
    before = shop.till.place
    _feed(shop, "account_balance", 1_000)
    assert shop.till.refresh()
    assert shop.till.place is before
    assert not shop.till.refresh()
