"""The centre judges promotions: what was promised, what was over, and what nobody ever promised."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import Invoice
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.ledger.quantity import ONE
from pos_app.store.master import promotions
from pos_app.store.master.promotion_rules import Named
from pos_app.store.master.promotions import Good
from pos_app.store.rules import promotion_judge
from pos_app.store.rules.then import Then
from pos_app.store.tables.columns import micros
from tests.support.documents.service_specimens import collecting_sale, service_line, service_order
from tests.support.documents.specimens import MOMENT, Item, goods, head
from tests.support.worlds.judged_desk import CASH, Desk, kinds
from tests.support.worlds.sync_fixtures import Centre

HOUR_US = 3_600_000_000


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def promised(centre: Centre, kind: OfferKind = OfferKind.PERCENT, **said: Any) -> int:
    """A promotion of SKU1 since ever; gives its key."""
    told = {"percent_bp": 1_000, "to_us": ENDLESS_US, **said}
    with centre.database.for_org(centre.org_id).write() as connection:
        new = Promotion(0, "MAY", "May offer", kind, {}, **told)
        return promotions.add(connection, centre.org_id, new, [Good(1, "", ONE)])


def ended(centre: Centre, key: int, hours_ago: int) -> None:
    at_us = micros(SystemClock().now()) - hours_ago * HOUR_US
    with centre.database.for_org(centre.org_id).write() as connection:
        promotions.end(connection, centre.org_id, key, at_us)


def sell(desk: Desk, quantity: int = ONE) -> int:
    """What was off a sale of SKU1."""
    basket = desk.till.baskets.new()
    basket.add(desk.till.catalogue.scan("SKU1").product, quantity)
    off = basket.totals().discount
    taking = desk.till.checkout(basket)
    taking.add_tender(CASH, taking.total)
    taking.complete()
    return off


def test_what_was_promised_fits_what_was_over_is_noted_and_what_nobody_promised_calls(
    centre: Centre, desk: Desk
) -> None:
    key = promised(centre)
    desk.sync()
    assert sell(desk) > 0
    desk.sync()
    assert kinds(centre) == []
    # It ended half an hour before the sale for the centre, and the till had not heard: the basket was open.
    ended(centre, key, 0)
    sell(desk)
    desk.line.drain()
    assert kinds(centre) == []
    desk.edit("UPDATE promotion SET ended_us = NULL")
    ended(centre, key, 2)
    assert sell(desk) > 0
    desk.line.drain()
    assert kinds(centre) == ["promotion-old"]
    # Twice as much off as it ever gave, and by one that there never was.
    desk.edit("UPDATE promotion SET ended_us = NULL, percent_bp = 2000")
    assert sell(desk) > 0
    desk.line.drain()
    desk.edit("UPDATE promotion SET percent_bp = 1000, promotion_id = 999999")
    desk.edit("UPDATE promotion_item SET promotion_id = 999999")
    assert sell(desk) > 0
    desk.line.drain()
    assert kinds(centre)[1:] == ["promotion-foreign", "promotion-foreign"]


@pytest.mark.parametrize(
    ("said", "edit"),
    [
        ({"depot_id": 99}, "depot_id = 0"),
        ({"group_id": 5}, "group_id = 0"),
        ({"from_us": micros(SystemClock().now()) + 24 * HOUR_US}, "valid_from_us = 0"),
        ({"kind": OfferKind.N_FOR_M, "take": 3, "pay": 2}, "take = 2, pay = 1"),
    ],
    ids=["another-depot", "another-group", "tomorrow", "fewer-taken"],
)
def test_what_is_not_theirs_is_flagged(centre: Centre, desk: Desk, said: dict[str, Any], edit: str) -> None:
    promised(centre, **said)
    desk.sync()
    assert sell(desk, 2 * ONE) == 0
    desk.edit(f"UPDATE promotion SET {edit}")
    assert sell(desk, 2 * ONE) > 0
    desk.line.drain()
    assert kinds(centre) == ["promotion-foreign"]


def off_an_invoice(off: int, said: dict[str, Any], **changes: Any) -> list[str]:
    """What is odd about so much off 10 000 minor units by a promotion of the product."""
    promotion = Promotion(1, "MAY", "May offer", OfferKind.AMOUNT, {1: ONE}, amount=1_000, **said)
    (line,) = goods([Item(10_000, discount=off)])
    invoice = Invoice(
        **head(Invoice, **changes),
        lines=(replace(line, promotion_id=1, promotion="May offer"),),
        subtotal=line.net,
        tax_total=line.tax,
        total=line.net + line.tax,
        party_id=1,
        receivable_account="1200",
        due_on=20261201,
    )
    then = Then(base="KES", promotions={1: Named(promotion, of_category=False)}, now_us=2**61)
    return [one.kind.code.removeprefix("flag-") for one in promotion_judge.judge(then, invoice)]


def test_an_amount_is_off_in_the_money_of_the_shop() -> None:
    """Ten shillings are not ten dollars."""
    assert off_an_invoice(1_000, {}) == []
    dollars = {"currency": "USD", "rate_micro": 125 * RATE_ONE}
    assert off_an_invoice(8, {}, **dollars) == []
    assert off_an_invoice(9, {}, **dollars) == ["promotion-foreign"]


def test_an_invoice_keeps_what_its_hours_promised_however_long_its_draft_waited() -> None:
    """Somebody is told of it; nobody invented it."""
    minute = MOMENT.hour * 60 + MOMENT.minute
    hours = {"from_minute": (minute - 240) % 1440, "to_minute": (minute - 180) % 1440}
    assert off_an_invoice(1_000, hours) == ["promotion-old"]
    assert off_an_invoice(1_001, hours) == ["promotion-foreign"]


def test_what_was_put_away_before_it_began_is_noted_of_a_till_that_did_not_hear(
    centre: Centre, desk: Desk
) -> None:
    key = promised(centre, from_us=micros(SystemClock().now()) - 2 * HOUR_US)
    desk.sync()
    ended(centre, key, 3)
    assert sell(desk) > 0
    desk.line.drain()
    assert kinds(centre) == ["promotion-old"]


def off_an_order(off: int, **said: Any) -> list[str]:
    """What is odd about so much off three services of 100.00 that are taken in."""
    told = {"kind": OfferKind.N_FOR_M, "take": 3, "pay": 2, **said}
    promotion = Promotion(1, "MAY", "May offer", told.pop("kind"), {1: ONE}, **told)
    line = service_line(Item(10_000, 3_000), discount=off, promotion_id=1, promotion="May offer")
    then = Then(base="KES", promotions={1: Named(promotion, of_category=False)}, now_us=2**61)
    found = promotion_judge.judge(then, service_order(line))
    return [one.kind.code.removeprefix("flag-") for one in found]


def test_what_is_taken_in_for_a_service_is_judged_as_a_sale_is() -> None:
    assert off_an_order(10_000) == []
    assert off_an_order(10_001) == ["promotion-foreign"]
    assert off_an_order(10_000, pay=1, take=4) == ["promotion-foreign"]
    assert off_an_order(10_000, depot_id=99) == ["promotion-foreign"]
    assert off_an_order(10_000, to_us=1) == ["promotion-old"]


def test_what_collects_an_order_was_judged_when_it_was_taken_in() -> None:
    """The promotion is long over, and nobody invented it."""
    line = service_line(Item(10_000, 3_000), discount=10_000, promotion_id=1, promotion="May offer")
    sold = collecting_sale(service_order(line))
    parts = tuple(replace(one, discount=10_000, promotion_id=1, promotion="May offer") for one in sold.lines)
    assert list(promotion_judge.judge(Then(base="KES"), replace(sold, lines=parts))) == []
