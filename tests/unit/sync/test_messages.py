"""Messages to customers over real sockets: ready orders and receipts, never twice, tried again, given up."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.devices.message_stand_in import SmsStandIn, SmtpStandIn
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import ONE
from pos_app.office import messages as office_messages
from pos_app.office.office import Office
from pos_app.store.engine import privacy
from pos_app.store.hooks import messages
from pos_app.till.laundry.intake import Wanted
from sync.server.message_gateway import gateways_of
from sync.server.message_sender import WAITS_S, MessageSender
from tests.support.refused import refused
from tests.support.worlds.judged_desk import Desk
from tests.support.worlds.sync_fixtures import Centre

CUSTOMER = 1
PHONE, EMAIL = "0712 345 678", "njeri@example.org"


class Later(SystemClock):
    """A clock that can be put on."""

    by = timedelta()

    def now(self) -> Any:
        return super().now() + self.by


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    """A till, and a customer with a telephone and an address."""
    desk = Desk(centre, tmp_path / "1")
    org_id = centre.org_id
    with centre.database.for_org(org_id).write() as connection:
        private = privacy.of(connection)
        told = {
            "org": org_id,
            "phone": private.encrypt_text(org_id, privacy.PHONE, PHONE),
            "email": private.encrypt_text(org_id, privacy.EMAIL, EMAIL),
        }
        connection.execute(text("UPDATE party SET phone = :phone WHERE party_id = 1"), told)
        connection.execute(
            text(
                "INSERT INTO party_contact (org_id, party_id, label, email) VALUES (:org, 1, 'home', :email)"
            ),
            told,
        )
        connection.execute(text("UPDATE product SET type = 'service', stocked = 0 WHERE sku = 'SKU2'"))
    desk.sync()
    return desk


def sender(centre: Centre, clock: Later, *, sms: str = "", smtp: str = "") -> MessageSender:
    return MessageSender(centre.database, clock, gateways_of(sms, "key", smtp, "shop@example.org"))


def made_ready(desk: Desk, party_id: int | None = CUSTOMER) -> int:
    """An order that is ready, at the centre."""
    product = desk.till.catalogue.search("SKU2")[0].product_id
    orders = desk.till.service_orders
    name = "" if party_id else "Kamau"
    done = orders.take_in(
        (Wanted(product, ONE),), promised_on=desk.till.today, party_id=party_id, customer_name=name
    )
    step = orders.mark_ready(done.document_id).document_id
    desk.line.drain()
    return step


def states(centre: Centre) -> list[tuple[str, str, str]]:
    with centre.database.for_org(centre.org_id).read() as connection:
        found = messages.page(connection, centre.org_id, "", 50)
    return [(one.state, one.channel, one.error) for one in found]


def test_a_ready_order_is_told_once(centre: Centre, desk: Desk, clock: Later) -> None:
    made_ready(desk)
    with SmsStandIn() as sms, SmtpStandIn() as smtp:
        work = sender(centre, clock, sms=sms.address, smtp=smtp.address)
        for _ in range(3):
            work.turn(1)
        (told,) = sms.taken
        assert smtp.taken == []
    assert told["to"] == "0712345678"
    assert "is ready" in told["message"]
    assert "SO000001" in told["message"]
    assert told["key"] == told["id"]
    assert states(centre) == [("sent", "sms", "")]
    # The same batch once more, and a second word from the till, tell nobody anything.
    desk.line.drain()
    assert states(centre) == [("sent", "sms", "")]


def test_by_mail_where_there_is_no_sms(centre: Centre, desk: Desk, clock: Later) -> None:
    made_ready(desk)
    with SmtpStandIn() as smtp:
        sender(centre, clock, smtp=smtp.address).turn(1)
        (told,) = smtp.taken
    assert told["to"] == [EMAIL]
    assert "SO000001" in told["letter"]
    assert states(centre) == [("sent", "email", "")]


def test_who_left_only_a_name_is_told_nothing(centre: Centre, desk: Desk, clock: Later) -> None:
    made_ready(desk, None)
    with SmsStandIn() as sms:
        sender(centre, clock, sms=sms.address).turn(1)
        assert sms.taken == []
    assert states(centre) == [("failed", "", "message-to-nobody")]


def test_busy_is_tried_again_and_refused_is_not(centre: Centre, desk: Desk, clock: Later) -> None:
    made_ready(desk)
    with SmsStandIn(["busy", "busy", "take"]) as sms:
        work = sender(centre, clock, sms=sms.address)
        work.turn(1)
        assert states(centre) == [("waiting", "sms", "message-gateway-refused")]
        work.turn(1)
        assert sms.taken == []
        for wait in WAITS_S[:2]:
            clock.by += timedelta(seconds=wait + 1)
            work.turn(1)
        assert len(sms.taken) == 1
    made_ready(desk)
    with SmsStandIn(["refuse"]) as sms:
        sender(centre, clock, sms=sms.address).turn(1)
    assert states(centre)[0] == ("failed", "sms", "message-gateway-refused")


def test_a_gateway_that_is_down_is_given_up_after_the_last_wait(
    centre: Centre, desk: Desk, clock: Later
) -> None:
    made_ready(desk)
    with SmsStandIn() as sms:
        address = sms.address
    work = sender(centre, clock, sms=address)
    for wait in (0, *WAITS_S):
        clock.by += timedelta(seconds=wait + 1)
        work.turn(1)
    assert states(centre) == [("failed", "sms", "message-gateway-silent")]


def test_what_may_have_gone_out_waits_for_a_person(centre: Centre, desk: Desk, clock: Later) -> None:
    step = made_ready(desk)
    with SmsStandIn(["cut", "take"]) as sms:
        work = sender(centre, clock, sms=sms.address)
        work.turn(1)
        clock.by += timedelta(days=1)
        work.turn(1)
        assert len(sms.taken) == 1
        assert states(centre) == [("failed", "sms", "message-maybe-sent")]
        owner = Office(centre.database, clock, centre.org_id, "OWNER")
        office_messages.again(owner, step, messages.READY)
        work.turn(1)
        assert len(sms.taken) == 2
        with refused("message-not-failed"):
            office_messages.again(owner, step, messages.READY)


def test_killed_while_it_was_sent_is_found_by_the_next_start(
    centre: Centre, desk: Desk, clock: Later
) -> None:
    step = made_ready(desk)
    org_id = centre.org_id
    with centre.database.for_org(org_id).write() as connection:
        (one,) = messages.due(connection, org_id, clock.now(), 9)
        assert one.document_id == step
        assert messages.begin(connection, org_id, one, clock.now())
        assert not messages.begin(connection, org_id, one, clock.now())
    with SmsStandIn() as sms:
        work = sender(centre, clock, sms=sms.address)
        work.turn(1)
        assert states(centre) == [("sending", "", "")]
        clock.by += timedelta(minutes=6)
        work.turn(1)
        assert sms.taken == []
    assert states(centre) == [("failed", "", "message-maybe-sent")]


def test_what_is_old_is_told_to_nobody(centre: Centre, desk: Desk, clock: Later) -> None:
    made_ready(desk)
    clock.by = timedelta(days=3)
    with SmsStandIn() as sms:
        sender(centre, clock, sms=sms.address).turn(1)
        assert sms.taken == []
    assert states(centre) == [("failed", "", "message-too-late")]


def test_a_receipt_is_sent_by_its_number(centre: Centre, desk: Desk, clock: Later) -> None:
    sold, nobody = desk.sell(customer=CUSTOMER), desk.sell()
    desk.line.drain()
    owner = Office(centre.database, clock, centre.org_id, "OWNER")
    assert office_messages.receipt(owner, sold.number)
    assert not office_messages.receipt(owner, sold.number)
    with refused("message-to-nobody"):
        office_messages.receipt(owner, nobody.number)
    with SmsStandIn() as sms:
        sender(centre, clock, sms=sms.address).turn(1)
        (told,) = sms.taken
    assert sold.number in told["message"]
    (listed,) = office_messages.listed(owner)
    assert (listed.number, listed.message.state) == (sold.number, "sent")
    with refused("message-state-unknown"):
        office_messages.listed(owner, state="gone")


@pytest.mark.parametrize(
    ("sms", "smtp"), [("ftp://x", ""), ("sms.example", ""), ("", "mail"), ("", "smtp://"), ("", "smtp://a:b")]
)
def test_addresses_that_are_none(sms: str, smtp: str) -> None:
    with pytest.raises(Refused):
        gateways_of(sms, "", smtp, "")
