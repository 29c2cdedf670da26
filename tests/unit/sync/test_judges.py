"""The centre judges what it is told: the file of a till is edited, it sells the person's way, and pushes."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import Connection, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import Refund, Sale
from pos_app.ledger.flagging import NOT_IN_COINS, STEP_FOREIGN, FlagKind
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal import flags
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.master import house_rules, master_edit, party_terms, rates
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding, staff
from pos_app.store.rules import coin_judge
from pos_app.store.rules.then import Then
from pos_app.store.tables import master
from pos_app.till.session.recorded import Recorded
from sync.server import decision
from sync.server.decision import Names
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.worlds.judged_desk import (
    CASH,
    Desk,
    change,
    forget_seals,
    kinds,
    limit,
    long_ago,
    no_history,
)
from tests.support.worlds.sync_fixtures import Centre, Till, opening, sale

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ("UPDATE product SET price = 1", "price-foreign"),
        ("UPDATE product SET price_fine = 5", "price-foreign"),
        ("UPDATE product SET tax_code = 'E'", "tax-foreign"),
        ("UPDATE tax_rate SET rate_bp = 100 WHERE code = 'A'", "tax-foreign"),
        ("UPDATE tax_code SET treatment = 'exclusive' WHERE code = 'A'", "tax-foreign"),
        ("UPDATE product SET product_id = 900 WHERE product_id = 1", "product-unknown"),
    ],
)
def test_an_edited_product_is_flagged(centre: Centre, desk: Desk, edit: str, kind: str) -> None:
    desk.sell()
    desk.sync()
    assert kinds(centre) == []
    desk.edit("PRAGMA foreign_keys = OFF")
    desk.edit(edit)
    desk.sell()
    desk.sync()
    assert kinds(centre) == [kind]


def test_an_agreed_price_that_nobody_agreed_on_is_flagged(centre: Centre, desk: Desk) -> None:
    desk.edit(
        "INSERT INTO contract_rate (org_id, party_id, product_id, price) VALUES (:org, 1, 1, 100)",
        org=centre.org_id,
    )
    desk.sell(customer=1)
    desk.sync()
    assert kinds(centre) == ["price-foreign"]


def test_a_price_of_before_is_noted_and_of_the_last_hour_fits(centre: Centre, desk: Desk) -> None:
    change(centre, lambda one: master_edit.change(one, master.product, centre.org_id, 1, price=120_00))
    desk.sell()
    desk.line.drain()
    assert kinds(centre) == []
    desk.edit("UPDATE product SET price = 10000 WHERE product_id = 1")
    long_ago(centre)
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["price-old"]


def test_a_till_that_was_offline_for_a_week_charges_last_weeks_price(centre: Centre, desk: Desk) -> None:
    change(centre, lambda one: master_edit.change(one, master.product, centre.org_id, 1, price=120_00))
    long_ago(centre, 7 * 24)
    desk.sell()
    # What was sold is sent before the news come.
    desk.sync()
    assert kinds(centre) == ["price-old"]
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["price-old"]


def test_a_tax_of_before_is_noted(centre: Centre, desk: Desk) -> None:
    change(centre, lambda one: rates.put_tax_rate(one, centre.org_id, "A", 20260101, 1400))
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["tax-old"]
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["tax-old"]
    desk.edit("UPDATE tax_rate SET rate_bp = 1600 WHERE code = 'A'")
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["tax-old", "tax-old"]


def test_a_document_that_breaks_a_judge_is_booked_and_says_so(centre: Centre, desk: Desk) -> None:
    """A zone that no clock has, at the centre: the day on which a sale happened cannot be told."""
    change(centre, lambda one: one.execute(text("UPDATE organisation SET time_zone = 'Nowhere/Else'")))
    desk.edit("UPDATE product SET price = 1")
    sold = desk.sell()
    desk.line.daemon().drain()
    assert kinds(centre) == ["unjudged"]
    assert sold.document.document_id in centre.documents()


def test_an_agreement_that_the_till_did_not_have_is_noted(centre: Centre, desk: Desk) -> None:
    change(centre, lambda one: party_terms.put_contract_price(one, centre.org_id, 1, 1, 80_00))
    desk.sell(customer=1)
    desk.sync()
    assert kinds(centre) == ["agreement-missed"]
    desk.sell(customer=1)
    desk.sync()
    assert kinds(centre) == ["agreement-missed"]


def test_an_edited_limit_is_flagged(centre: Centre, desk: Desk) -> None:
    limit(centre, 150_00)
    no_history(centre)
    desk.sync()
    desk.sell(customer=1, on_account=True)
    desk.sync()
    assert kinds(centre) == []
    desk.edit("UPDATE party_role SET credit_limit = 99900000 WHERE party_id = 1")
    desk.sell(customer=1, on_account=True)
    desk.sync()
    assert kinds(centre) == ["credit-beyond"]


def test_a_limit_of_before_is_noted(centre: Centre, desk: Desk) -> None:
    limit(centre, 1_00)
    desk.sell(customer=1, on_account=True)
    desk.line.drain()
    assert kinds(centre) == []
    long_ago(centre)
    desk.edit("UPDATE party_role SET credit_limit = 10000000 WHERE party_id = 1")
    desk.sell(customer=1, on_account=True)
    desk.sync()
    assert kinds(centre) == ["credit-unseen"]


def test_two_tills_that_each_sell_up_to_the_limit_are_noted(
    centre: Centre, desk: Desk, tmp_path: Path
) -> None:
    limit(centre, 150_00)
    no_history(centre)
    desk.sync()
    other = Desk(centre, tmp_path / "2")
    desk.sell(customer=1, on_account=True)
    other.sell(customer=1, on_account=True)
    desk.sync()
    other.sync()
    assert kinds(centre) == ["credit-unseen"]


@pytest.mark.parametrize(("hours", "found"), [(1, []), (8, ["credit-aged"])])
def test_a_till_that_forgot_how_credit_ages_is_flagged(
    centre: Centre, desk: Desk, hours: int, found: list[str]
) -> None:
    """What it sold last before it was silent says how old its balance was at least."""
    limit(centre, 200_00)
    ages = HouseRule.CREDIT_NONE_HOURS
    change(centre, lambda one: house_rules.put(one, centre.org_id, ages, None, 10))
    no_history(centre)
    desk.sync()
    desk.edit("UPDATE house_rule SET value = 0 WHERE name = :name", name=ages.value)
    desk.sell()
    desk.clock.by = timedelta(hours=hours)
    # Of 200.00 an hour leaves 180.00, and eight hours 40.00.
    desk.sell(customer=1, on_account=True)
    desk.sync()
    assert [one for one in kinds(centre) if one.startswith("credit")] == found


def back(desk: Desk, number: str) -> Recorded:
    receipt = desk.till.refunds.find(number)
    return desk.till.refunds.complete(receipt, {0: ONE}, CASH, "broken")


def test_more_brought_back_than_was_sold_is_flagged(centre: Centre, desk: Desk) -> None:
    sold = desk.sell()
    back(desk, sold.number)
    desk.sync()
    assert kinds(centre) == []
    # Who forgets that it came back brings it back again.
    forget_seals(desk)
    desk.edit("UPDATE document SET original_id = NULL WHERE kind = 'refund'")
    back(desk, sold.number)
    desk.sync()
    assert set(kinds(centre)) == {"refund-more"}


def test_a_refund_is_judged_with_those_before_it_in_one_push(centre: Centre, desk: Desk) -> None:
    sold = desk.sell()
    back(desk, sold.number)
    forget_seals(desk)
    desk.edit("UPDATE document SET original_id = NULL WHERE kind = 'refund'")
    back(desk, sold.number)
    desk.sync()
    assert set(kinds(centre)) == {"refund-more"}


def test_a_refund_of_other_goods_than_were_sold_is_flagged(centre: Centre, desk: Desk) -> None:
    sold = desk.sell()
    honest = back(desk, sold.number).document
    assert isinstance(honest, Refund)
    desk.sync()
    assert kinds(centre) == []
    again = desk.sell()
    other = structs.replace(honest.lines[0], product_id=2, sku="SKU2")
    forged = structs.replace(
        honest, request_id="5" * 32, original_id=again.document_id, lines=(other,), proofs=()
    )
    desk.line.journal.record_document(forged)
    desk.sync()
    assert kinds(centre) == ["refund-otherwise"]


def test_a_refund_of_a_voided_receipt_is_flagged(centre: Centre, desk: Desk) -> None:
    sold = desk.sell()
    desk.till.voids.void(sold.document_id, "a mistake")
    desk.sync()
    assert kinds(centre) == []
    forget_seals(desk)
    desk.edit("UPDATE document SET reverses_id = NULL")
    back(desk, sold.number)
    desk.sync()
    assert kinds(centre) == ["refund-of-nothing"]


def test_a_clock_that_is_ahead_is_flagged_once(centre: Centre, desk: Desk) -> None:
    desk.clock.by = timedelta(minutes=60)
    desk.sell()
    desk.sell()
    desk.sync()
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["clock-ahead"]


def test_a_clock_that_was_set_back_is_flagged(centre: Centre, desk: Desk) -> None:
    desk.sell()
    desk.sync()
    # A till asks whoever sets its clock back: this one was changed and does not.
    desk.clock.by = timedelta(minutes=-60)
    journal = TillJournal(desk.line.database, centre.org_id, desk.line.who.terminal_no, desk.clock)
    journal.record_document(sale(desk.line.who, products=(1,), occurred_at=desk.clock.now()))
    desk.sync()
    assert kinds(centre) == ["clock-back"]


def test_an_edited_rate_is_flagged_and_one_of_yesterday_noted(centre: Centre, desk: Desk) -> None:
    def in_dollars() -> None:
        basket = desk.till.baskets.new()
        basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
        taking = desk.till.checkout(basket)
        taking.add_tender(CASH, 1_00, currency="USD")
        taking.complete()
        desk.sync()

    def set_rates(connection: Connection) -> None:
        rates.put_exchange_rate(connection, centre.org_id, "USD", 20200101, 120_000_000)
        rates.put_exchange_rate(connection, centre.org_id, "USD", 20200102, 130_000_000)

    change(centre, set_rates)
    desk.sync()
    in_dollars()
    assert kinds(centre) == []
    desk.edit("UPDATE exchange_rate SET rate_micro = 120000000")
    in_dollars()
    assert kinds(centre) == ["rate-old"]
    desk.edit("UPDATE exchange_rate SET rate_micro = 900000000")
    in_dollars()
    assert kinds(centre) == ["rate-old", "rate-foreign"]


def test_a_code_that_a_till_forgot_is_flagged(centre: Centre, desk: Desk) -> None:
    def by_mpesa() -> None:
        basket = desk.till.baskets.new()
        basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
        taking = desk.till.checkout(basket)
        taking.add_tender(TenderKind.MPESA, taking.total, "SLK4AOI9Z1")
        taking.complete()

    by_mpesa()
    forget_seals(desk)
    desk.edit("DELETE FROM used_code")
    by_mpesa()
    desk.sync()
    assert kinds(centre) == ["code-twice"]


def test_who_gives_themselves_a_right_is_quarantined(centre: Centre, desk: Desk) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "CASH", "Cashier", role="cashier", pin_hash="x")
        key = connection.scalar(text("SELECT person_id FROM person WHERE code = 'CASH'"))
    desk.sync()
    desk.start(Person(int(key or 0), "CASH", "Cashier", "cashier"))
    desk.sell()
    desk.sync()
    assert kinds(centre) == []
    desk.edit(
        "INSERT INTO role_permission (org_id, grant_id, role, permission) "
        "VALUES (:org, 999, 'cashier', 'price')",
        org=centre.org_id,
    )
    cheaper(desk)
    assert len(centre.quarantine()) == 1


def cheaper(desk: Desk) -> None:
    basket = desk.till.baskets.new()
    basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
    basket.set_price(0, 1_00)
    taking = desk.till.checkout(basket)
    taking.add_tender(CASH, taking.total)
    taking.complete()
    desk.sync()


def test_a_house_rule_that_a_till_does_not_keep_is_flagged(centre: Centre, desk: Desk) -> None:
    another = HouseRule.APPROVER_IS_ANOTHER
    cheaper(desk)
    change(centre, lambda one: house_rules.put(one, centre.org_id, another, None, 1))
    # It was recorded by what held within the hour.
    cheaper(desk)
    assert kinds(centre) == []
    long_ago(centre)
    desk.edit("UPDATE house_rule SET value = 0")
    cheaper(desk)
    assert kinds(centre) == ["approved-by-seller"]


def old_sale(line: Till, by: int = 0) -> Sale:
    """A sale of last year as another system had it: in no shift, by the owner or somebody else."""
    last_year = SystemClock().now() - timedelta(days=300)
    document = sale(line.who, products=(1,), occurred_at=last_year)
    return structs.replace(document, person_id=by or document.person_id)


def test_history_comes_in_before_the_first_shift(centre: Centre, tmp_path: Path) -> None:
    line = centre.till(tmp_path / "1")
    line.journal.record_document(old_sale(line))
    line.journal.record_document(opening(line.who))
    line.drain()
    assert kinds(centre) == []
    line.journal.record_document(old_sale(line))
    line.drain()
    assert kinds(centre) == ["history-unallowed"]


def test_in_one_push_the_first_shift_counts_as_well(centre: Centre, tmp_path: Path) -> None:
    line = centre.till(tmp_path / "1")
    first = line.journal.record_document(old_sale(line))
    line.journal.record_document(opening(line.who))
    second = line.journal.record_document(old_sale(line))
    line.drain()
    assert kinds(centre) == ["history-unallowed"]
    assert flagged_keys(centre) == [second.document.document_id]
    assert first.document.document_id < second.document.document_id


def flagged_keys(centre: Centre) -> list[int]:
    with centre.database.for_org(centre.org_id).read() as connection:
        return [one.document_id for one in flags.everything(connection, centre.org_id)]


def test_after_the_first_shift_history_needs_a_permit_of_the_centre(centre: Centre, desk: Desk) -> None:
    now, owner = SystemClock().now(), centre.founded.owner_id

    def permit(connection: Connection) -> None:
        depot_id = centre.founded.depot_id
        staff.permit_history(connection, centre.org_id, owner, depot_id, at=now - HOUR, until=now + HOUR)

    desk.line.journal.record_document(old_sale(desk.line))
    desk.line.drain()
    assert kinds(centre) == ["history-unallowed"]
    change(centre, permit)
    desk.line.journal.record_document(old_sale(desk.line))
    desk.line.drain()
    assert kinds(centre) == ["history-unallowed"]


def test_a_document_of_before_the_till_was_there_is_flagged(centre: Centre, desk: Desk) -> None:
    shift = desk.till._context.open_shift()
    desk.line.journal.record_document(structs.replace(old_sale(desk.line), shift=shift))
    desk.line.drain()
    assert kinds(centre) == ["dated-before-till"]
    # Somebody who may allowed this one.
    owner = centre.founded.owner_id
    desk.line.journal.record_document(structs.replace(old_sale(desk.line), shift=shift, dated_by=owner))
    desk.line.drain()
    assert kinds(centre) == ["dated-before-till"]


def test_history_by_who_may_not_import_it_is_flagged(centre: Centre, desk: Desk) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "CASH", "Cashier", role="cashier", pin_hash="x")
        key = connection.scalar(text("SELECT person_id FROM person WHERE code = 'CASH'"))
    desk.sync()
    last_year = sale(desk.line.who, products=(1,), occurred_at=desk.clock.now() - timedelta(days=300))
    desk.line.journal.record_document(structs.replace(last_year, person_id=int(key or 0)))
    desk.sync()
    assert kinds(centre) == ["history-unallowed"]


def test_what_two_people_accept_is_judged_as_well(centre: Centre, desk: Desk) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "SECOND", "Second", role="owner", pin_hash="x")
        connection.execute(text("UPDATE person_role SET valid_from_us = :us"), {"us": 2**60})
    desk.edit("UPDATE product SET price = 1")
    desk.sell()
    desk.sync()
    waiting = centre.quarantine()
    assert waiting
    with centre.database.write() as connection:
        connection.execute(text("UPDATE person_role SET valid_from_us = 0"))
    names = Names("OWNER", "SECOND", "looked at")
    for one in waiting:
        decision.accept(centre.database, centre.org_id, one, names, SystemClock())
    assert kinds(centre) == ["price-foreign"]


def test_what_is_not_in_coins_of_ours_is_flagged(centre: Centre, desk: Desk) -> None:
    honest = desk.sell().document
    assert isinstance(honest, Sale)
    desk.sync()
    assert kinds(centre) == []
    rounding = 1 - honest.tenders[0].amount % 1_000
    cash = structs.replace(honest.tenders[0], amount=honest.total + rounding)
    forged = structs.replace(
        honest,
        request_id="6" * 32,
        rounding=rounding,
        rounding_account="6910",
        cash_step=2_000,
        tenders=(cash,),
        change=None,
        proofs=(),
    )
    desk.line.journal.record_document(forged)
    desk.sync()
    assert sorted(kinds(centre)) == ["not-in-coins", "step-foreign"]


@pytest.mark.parametrize(("cash", "found"), [(252_50, []), (252_51, [NOT_IN_COINS])])
def test_a_shops_step_need_be_no_multiple_of_a_coin(desk: Desk, cash: int, found: list[FlagKind]) -> None:
    """Who rounds to 2.50 where the smallest coin is 1.00 takes sums of both."""
    honest = desk.sell().document
    assert isinstance(honest, Sale)
    tender = structs.replace(honest.tenders[0], amount=cash)
    one = structs.replace(honest, rounding=1, cash_step=2_50, tenders=(tender,), change=None)
    told = coin_judge.judge(Then(base=one.currency, cash_step=2_50), one)
    assert [each.kind for each in told] == found


def test_an_expense_of_sums_that_no_coin_pays_is_flagged() -> None:
    def spent(step: int, cash: int) -> list[FlagKind]:
        one = books.expense(
            books.bill_line(15_28, description="Tea", account="6200"),
            tenders=(specimens.tender(TenderKind.CASH, cash),),
            rounding=cash - 15_28,
            rounding_account="6910",
            cash_step=step,
        )
        return [each.kind for each in coin_judge.judge(Then(base=one.currency, cash_step=1_00), one)]

    assert spent(1_00, 15_00) == []
    assert spent(1_00, 15_30) == [NOT_IN_COINS]
    assert spent(5_00, 15_00) == [STEP_FOREIGN]
