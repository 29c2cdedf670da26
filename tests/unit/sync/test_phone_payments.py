"""A customer's phone is asked from the till, by way of the centre, once; what became of it is known."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pos_app.ledger.payment_asking import PaymentAsked, phone_of
from pos_app.ledger.quantity import ONE
from pos_app.office import received_payments
from pos_app.office.received_payments import Chosen
from pos_app.store.engine.engine import open_postgres
from pos_app.store.payments.asks import Ask, Stage
from pos_app.store.payments.matching import Verdict
from pos_app.till.selling.checkout import Checkout
from pos_app.till.selling.phone_asks import PhoneAsked, PhoneHeard
from tests.conftest import fresh_central
from tests.support.receiver import wait_for
from tests.support.refused import refused
from tests.support.worlds.paid import NUMBER, PaidTill, PaidWorld, paid_world

PHONE = "0712 345 678"


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PaidWorld]:
    with fresh_central(postgres_url, central_template) as url:
        database = open_postgres(url)
        with paid_world(database, tmp_path_factory.mktemp("paid")) as made:
            yield made
        database.close()


@pytest.fixture(scope="module")
def till(world: PaidWorld) -> PaidTill:
    return world.till("1")


@pytest.fixture(autouse=True)
def fresh(world: PaidWorld) -> Iterator[None]:
    world.clock.by = timedelta()
    world.daraja.asked.clear()
    for one in received_payments.odd(world.office):
        received_payments.looked(world.office, one.notice_id, "another test")
    yield
    world.daraja.is_down = False


def taking(till: PaidTill) -> Checkout:
    basket = till.till.baskets.new()
    basket.add(till.till.catalogue.scan("SKU1").product, ONE)
    return till.till.checkout(basket)


def asked(till: PaidTill, checkout: Checkout, phone: str = PHONE, amount: int = 0) -> PhoneAsked:
    made = till.till.phone_asks.ask(checkout, phone, amount or checkout.exact_due())
    till.sync()
    return made


def newest(world: PaidWorld) -> Ask:
    return received_payments.asked(world.office, everything=True)[0]


def answered(world: PaidWorld, till: PaidTill, asking: PhoneAsked) -> PhoneHeard:
    """What the till hears once the phone has answered."""
    world.daraja.settled()
    wait_for(lambda: not newest(world).is_open, 10)
    till.sync()
    return till.till.phone_asks.heard(asking)


def ended(world: PaidWorld) -> bool:
    world.turn()
    return not newest(world).is_open


def is_here(world: PaidWorld, amount: int) -> bool:
    found = received_payments.look(world.office, Chosen(), (Verdict.OPEN,)).payments
    return amount in [one.payment.amount for one in found if one.payment]


def odd(world: PaidWorld) -> list[str]:
    return [one.reason.code if one.reason else "" for one in received_payments.odd(world.office)]


@pytest.mark.parametrize("manner", ["approve", "twice", "swapped", "slow"])
def test_a_phone_that_pays_is_a_tender(world: PaidWorld, till: PaidTill, manner: str) -> None:
    world.daraja.behave(manner)
    checkout = taking(till)
    asking = asked(till, checkout)
    assert till.till.phone_asks.heard(asking) == PhoneHeard(waits=True)
    world.turn()
    heard = answered(world, till, asking)
    assert heard.code in world.daraja.paid
    till.till.phone_asks.take(checkout, asking, heard.code)
    done = checkout.complete()
    till.sync()
    found = received_payments.look(world.office, Chosen(), (Verdict.MATCHED,)).payments
    assert done.document.document_id in [one.document.document_id for one in found if one.document]
    assert len(world.daraja.asked) == 1
    assert not odd(world)


@pytest.mark.parametrize(
    ("manner", "code"),
    [("cancel", "push-cancelled"), ("no-money", "push-no-money"), ("wrong-pin", "push-wrong-pin"),
     ("no-answer", "push-no-answer")],
)  # fmt: skip
def test_a_phone_that_does_not_pay_says_why(world: PaidWorld, till: PaidTill, manner: str, code: str) -> None:
    world.daraja.behave(manner)
    asking = asked(till, taking(till))
    world.turn()
    heard = answered(world, till, asking)
    assert (heard.code, heard.said.code if heard.said else "") == ("", code)


def test_a_second_press_asks_nobody_again(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("approve")
    checkout = taking(till)
    asking = asked(till, checkout)
    assert asked(till, checkout) == asking
    for _ in range(3):
        world.turn()
        till.sync()
    answered(world, till, asking)
    assert len(world.daraja.asked) == 1


def test_a_lost_answer_is_found_by_asking(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("silent")
    # Of an amount that nobody else just paid.
    asking = asked(till, taking(till), "0712000001", 77_00)
    world.turn()
    wait_for(lambda: is_here(world, 77_00), 10)
    world.clock.by = timedelta(seconds=20)
    wait_for(lambda: ended(world), 10)
    till.sync()
    heard = till.till.phone_asks.heard(asking)
    assert heard.code in world.daraja.paid


@pytest.mark.parametrize("manner", ["lost", "cut", "garbage"])
def test_what_nobody_knows_goes_to_a_person(world: PaidWorld, till: PaidTill, manner: str) -> None:
    world.daraja.behave(manner)
    asking = asked(till, taking(till), "0712000002" if manner == "lost" else "0712000003")
    world.turn()
    world.clock.by = timedelta(minutes=4)
    world.turn()
    ask = newest(world)
    assert (ask.state, ask.reason) == (Stage.UNKNOWN, "no-word")
    till.sync()
    heard = till.till.phone_asks.heard(asking)
    assert heard.said is not None
    assert heard.said.code == "push-no-word"
    assert len(world.daraja.asked) == 1
    assert ask.ask_id in [one.ask_id for one in received_payments.asked(world.office)]


def test_money_after_the_till_gave_up_is_told_and_waits(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("cut")
    asked(till, taking(till), "0712000004")
    world.turn()
    assert newest(world).state is Stage.UNKNOWN
    world.daraja.settled()
    wait_for(lambda: bool(odd(world)), 10)
    # The number of the asking never came: the money stands all the same, and a person is told.
    assert odd(world) == ["payment-answer-unknown"]
    found = received_payments.look(world.office, Chosen(), (Verdict.OPEN,)).payments
    assert found[0].payment is not None


def test_other_money_than_was_asked_is_what_it_is(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("other-amount")
    checkout = taking(till)
    asking = asked(till, checkout, "0712000005")
    world.turn()
    heard = answered(world, till, asking)
    till.till.phone_asks.take(checkout, asking, heard.code)
    assert [one.amount for one in checkout.tenders] == [asking.asked.amount + 100]
    assert odd(world) == ["payment-other-amount"]


def test_a_provider_that_is_down_is_asked_again_and_then_no_more(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("approve")
    world.daraja.is_down = True
    # Without a token nothing is asked.
    world.sender._known.clear()
    asking = asked(till, taking(till), "0712000006")
    world.turn()
    assert (newest(world).state, len(world.daraja.asked)) == (Stage.WANTED, 0)
    world.clock.by = timedelta(minutes=3)
    world.turn()
    till.sync()
    heard = till.till.phone_asks.heard(asking)
    assert heard.said is not None
    assert heard.said.code == "push-too-late"
    world.daraja.is_down = False
    world.turn()
    assert not world.daraja.asked


def test_who_asks_too_late_asks_nobody(world: PaidWorld, till: PaidTill) -> None:
    world.centre.clock = world.clock
    made = till.till.phone_asks.ask(taking(till), "0712000007", taking(till).exact_due())
    world.centre.desk._clock = world.clock
    world.clock.by = timedelta(minutes=3)
    till.sync()
    world.turn()
    heard = till.till.phone_asks.heard(made)
    assert heard.said is not None
    assert heard.said.code == "push-too-late"
    assert not world.daraja.asked


def test_a_token_that_ended_is_renewed(world: PaidWorld, till: PaidTill) -> None:
    world.daraja.behave("approve")
    world.daraja._tokens.clear()
    asking = asked(till, taking(till), "0712000008")
    world.turn()
    assert answered(world, till, asking).code


def test_a_code_is_found_and_a_payment_goes_back_once(world: PaidWorld) -> None:
    code = world.daraja.pay(NUMBER, 90, tell=False)
    received_payments.search(world.office, code, "MAIN")
    world.turn()
    wait_for(lambda: not newest(world).is_open, 10)
    assert received_payments.find(world.office, code).amount == 90_00
    received_payments.give_back(world.office, code, "paid twice")
    with refused("payment-asked-already"):
        received_payments.give_back(world.office, code, "again")
    world.turn()
    wait_for(lambda: not newest(world).is_open, 10)
    assert received_payments.find(world.office, code).state == "returned"
    assert world.daraja.paid[code]["Reversed"]
    with refused("payment-settled-already"):
        received_payments.give_back(world.office, code, "again")


def test_what_a_sale_took_does_not_go_back(world: PaidWorld, till: PaidTill) -> None:
    code = world.daraja.pay(NUMBER, till.price())
    world.daraja.settled()
    till.pay(code)
    till.sync()
    with refused("payment-taken"):
        received_payments.give_back(world.office, code, "no")


def test_the_list_of_the_provider_has_what_was_missed(world: PaidWorld) -> None:
    code = world.daraja.pay(NUMBER, 33, tell=False)
    now = world.clock.now()
    found = {one.code: one for one in world.speaks().list(now - timedelta(hours=1), now)}
    assert (found[code].amount, found[code].number) == (33_00, NUMBER)


@pytest.mark.parametrize("typed", ["", "0812345678", "12345", "+1 202 555 0100", "07123456789", "٠٧١٢٣٤٥٦٧٨"])
def test_only_mobiles_of_kenya_are_asked(typed: str) -> None:
    with refused("push-phone-none"):
        phone_of(typed)


def test_no_secret_stands_in_a_log(
    world: PaidWorld, till: PaidTill, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        world.daraja.behave("approve")
        world.daraja._tokens.clear()
        asking = asked(till, taking(till), "0712000009")
        world.turn()
        heard = answered(world, till, asking)
    account = world.account
    text = caplog.text + repr(account) + str(account)
    for secret in (account.consumer_secret, account.passkey, account.credential, heard.code, "712000009"):
        assert secret
        assert f"={secret}" not in text
        assert f"'{secret}'" not in text
        assert f'"{secret}"' not in text
    assert isinstance(asking.asked, PaymentAsked)
