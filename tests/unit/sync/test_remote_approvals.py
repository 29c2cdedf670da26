"""Whoever approved from afar is judged at the centre: for this document, once, and with their own secret."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from pos_app.ledger import remote_approval
from pos_app.ledger.quantity import ONE
from pos_app.store.master import approval_secrets, pins
from pos_app.till.selling.basket import Basket
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from tests.support.refused import refused
from tests.support.worlds.judged_desk import CASH
from tests.support.worlds.sync_fixtures import Centre
from tests.unit.sync.test_approvals import House


@pytest.fixture
def house(centre: Centre, tmp_path: Path) -> House:
    return House(centre, tmp_path / "1")


def asked_from_afar(
    house: House, action: Action, worth: int, request_id: str, *, by: bytes | None = None, code: str = "MGR"
) -> Approval:
    """A manager who is not in the shop answers with the keys of their phone; `by` forges their own half."""
    org_id, key = house.centre.org_id, house.people[code].person_id
    question = house.desk.till.sign_in.ask_from_afar(action, worth, request_id)
    with house.centre.database.read() as connection:
        secret = approval_secrets.of_people(connection, org_id, [key])[key][-1].secret
        keys = remote_approval.keys_of(by or secret, pins.wrap_of(connection, org_id, key))
    return house.desk.till.sign_in.approve_from_afar(
        question, remote_approval.answered(keys, question.challenge)
    )


def cheaper_from_afar(house: House, by: bytes | None = None) -> Basket:
    basket = house.desk.till.baskets.new()
    basket.add(house.desk.till.catalogue.scan("SKU1").product, ONE)
    with pytest.raises(NeedsApproval) as asked:
        basket.set_price(0, 50_00)
    basket.set_price(
        0, 50_00, asked_from_afar(house, Action.PRICE, asked.value.worth, basket.state.request_id, by=by)
    )
    return basket


def test_an_answer_from_afar_is_proved_by_the_centre(house: House) -> None:
    basket = cheaper_from_afar(house)
    request = basket.state.request_id
    # It waits, and the till is started anew: what was answered is kept with the basket.
    basket.park("later")
    house.restart()
    house.sign_in("CASH")
    sold = house.pay(house.desk.till.baskets.take_up(request)).document
    assert [one.person_id for one in sold.from_afar] == [house.people["MGR"].person_id]
    assert sold.person_id == house.people["CASH"].person_id
    assert house.flagged() == []
    assert house.verified() == []


def test_who_has_all_of_a_tills_file_makes_no_answer_that_the_centre_takes(house: House) -> None:
    """The till cannot tell: what it checks with lies in its own file.  The centre can."""
    house.pay(cheaper_from_afar(house, by=b"x" * 32))
    assert house.flagged() == [("approval-unproved", "Mgr")]


def test_an_answer_that_is_used_again_is_flagged(house: House) -> None:
    sold = house.pay(cheaper_from_afar(house)).document
    assert house.flagged() == []
    # A till of somebody's own puts it under another sale, and under one that gives more away.
    house.desk.line.journal._proves = lambda _: {}
    house.desk.line.journal.record_document(structs.replace(sold, request_id="5" * 32))
    assert house.flagged() == [("approval-unproved", "Mgr")]


def test_an_answer_for_less_or_for_something_else_is_flagged(house: House) -> None:
    basket = house.desk.till.baskets.new()
    basket.add(house.desk.till.catalogue.scan("SKU1").product, ONE)
    little = asked_from_afar(house, Action.PRICE, 1, basket.state.request_id)
    basket.set_price(0, 50_00, little)
    house.pay(basket)
    assert house.flagged() == [("approval-unproved", "Mgr")]
    # For cash out, and a refund is what it is named for.
    sold = house.desk.sell()
    receipt = house.desk.till.refunds.find(sold.number)
    other = asked_from_afar(house, Action.VOID, 0, receipt.request_id)
    house.desk.till.refunds.complete(receipt, {0: ONE}, CASH, "broken", replace(other, action=Action.REFUND))
    assert house.flagged() == [("approval-unproved", "Mgr")] * 2


def test_a_refund_from_afar_is_proved(house: House) -> None:
    sold = house.desk.sell()
    receipt = house.desk.till.refunds.find(sold.number)
    with pytest.raises(NeedsApproval) as asked:
        house.desk.till.refunds.complete(receipt, {0: ONE}, CASH, "broken")
    assert asked.value.worth == sold.total
    approval = asked_from_afar(house, Action.REFUND, asked.value.worth, receipt.request_id)
    house.desk.till.refunds.complete(receipt, {0: ONE}, CASH, "broken", approval)
    assert house.flagged() == []


def test_who_may_not_approve_answers_in_vain(house: House) -> None:
    with refused("may-not-approve"):
        asked_from_afar(house, Action.PRICE, 10, "7" * 32, code="CASH")


def test_guessing_a_code_locks_as_guessing_a_pin_does(house: House) -> None:
    question = house.desk.till.sign_in.ask_from_afar(Action.PRICE, 10, "7" * 32)
    with refused("remote-code-wrong"):
        house.desk.till.sign_in.approve_from_afar(question, "123456789012")
    with refused("pin-locked"):
        house.desk.till.sign_in.approve_from_afar(question, "123456789012")
    with refused("pin-locked"):
        house.approval(Action.PRICE)
