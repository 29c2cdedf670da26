"""Whoever is named as an approver proved it with their PIN: at the till, in the document, at the centre."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from msgspec import structs
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos_app.ledger import approving
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.engine import pepper
from pos_app.store.journal import flags
from pos_app.store.master import approval_secrets, pins
from pos_app.store.master.people import Person
from pos_app.store.master.pin_hash import given_pin, unwrap
from pos_app.store.organisation import founding, staff
from pos_app.store.schema import schema
from pos_app.store.upkeep import verification
from pos_app.till.selling.basket import Basket
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.proving import Secret
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval
from tests.support.worlds.judged_desk import CASH, Desk, change, forget_seals, kinds, limit, no_history
from tests.support.worlds.sync_fixtures import Centre

PINS = {"CASH": "482915", "MGR": "739104", "BOSS": "615283"}
ROLES = {"CASH": "cashier", "MGR": "manager", "BOSS": "manager"}


class House:
    """A depot with a cashier and two managers, each with a PIN of today."""

    def __init__(
        self,
        centre: Centre,
        folder: Path,
        *,
        since: timedelta = timedelta(hours=2),
        by: timedelta = timedelta(),
    ) -> None:
        self.centre, self.people = centre, dict[str, Person]()
        with centre.database.write() as connection:
            for code, pin in PINS.items():
                key = founding.add_person(
                    connection, centre.org_id, code, code.title(), role=ROLES[code], pin_hash=given_pin(pin)
                )
                self.people[code] = Person(key, code, code.title(), ROLES[code])
        self.secrets_given(since)
        self.desk = Desk(centre, folder, by=by)
        self.sign_in("CASH")

    def secrets_given(self, ago: timedelta) -> None:
        """Every secret that there is was given so long before it was."""
        with self.centre.database.write() as connection:
            connection.execute(text("ALTER TABLE approval_secret DISABLE TRIGGER USER"))
            connection.execute(
                text("UPDATE approval_secret SET since_us = since_us - :us"),
                {"us": ago // timedelta(microseconds=1)},
            )
            connection.execute(text("ALTER TABLE approval_secret ENABLE TRIGGER USER"))

    def sign_in(self, code: str) -> None:
        self.desk.till.sign_in.sign_in(self.people[code].person_id, PINS[code])

    def restart(self) -> None:
        """The till is started anew; nothing of an approval is in its memory."""
        self.desk.start(self.desk.person)

    def approval(self, action: Action, code: str = "MGR", pin: str = "") -> Approval:
        return self.desk.till.sign_in.approve(pin or PINS[code], action)

    def forged(self, action: Action) -> Approval:
        """What a till that asks for no PIN has: a name."""
        return Approval(self.people["MGR"], action)

    def cheaper(self, approval: Approval | None) -> Basket:
        basket = self.desk.till.baskets.new()
        basket.add(self.desk.till.catalogue.scan("SKU1").product, ONE)
        basket.set_price(0, 50_00, approval)
        return basket

    def pay(self, basket: Basket, approval: Approval | None = None) -> Recorded:
        taking = self.desk.till.checkout(basket)
        taking.add_tender(CASH, taking.total)
        return taking.complete(approval)

    def forge(self) -> Recorded:
        """A till that asks for no PIN sells cheaper in the manager's name."""
        return self.pay(self.cheaper(self.forged(Action.PRICE)), self.forged(Action.PRICE))

    def flagged(self) -> list[tuple[str, Any]]:
        """What the centre found odd, with whom it names."""
        self.desk.sync()
        assert self.centre.quarantine() == []
        with self.centre.database.for_org(self.centre.org_id).read() as connection:
            found = flags.everything(connection, self.centre.org_id)
        return [(one.kind.removeprefix("flag-"), one.facts.get("approver")) for one in found]

    def verified(self) -> list[str]:
        self.desk.sync()
        org_id = self.centre.org_id
        found = verification.verify(self.centre.database.for_org(org_id), org_id).problems
        # That `secrets_given` moved the secrets beside the triggers is noticed, and not what these are about.
        return [one for one in found if not one.startswith("approval_secret ")]


@pytest.fixture
def house(centre: Centre, tmp_path: Path) -> House:
    return House(centre, tmp_path / "1")


def test_a_pin_that_is_typed_proves_the_approval(house: House) -> None:
    sold = house.pay(house.cheaper(house.approval(Action.PRICE)))
    assert [one.person_id for one in sold.document.proofs] == [house.people["MGR"].person_id]
    assert house.flagged() == []
    assert house.verified() == []


def test_a_name_alone_is_booked_and_flagged(house: House) -> None:
    house.forge()
    assert house.flagged() == [("approval-unproved", "Mgr")]
    assert house.verified() == []


def _void(house: House, approval: Approval) -> None:
    sold = house.desk.sell()
    house.desk.till.voids.void(sold.document_id, "a mistake", approval)


def _refund(house: House, approval: Approval) -> None:
    sold = house.desk.sell()
    receipt = house.desk.till.refunds.find(sold.number)
    house.desk.till.refunds.complete(receipt, {0: ONE}, CASH, "broken", approval)


def _over_limit(house: House, approval: Approval) -> None:
    basket = house.desk.till.baskets.new()
    basket.set_customer(house.desk.till.customers.get(1))
    basket.add(house.desk.till.catalogue.scan("SKU2").product, ONE)
    taking = house.desk.till.checkout(basket)
    taking.add_tender(TenderKind.ACCOUNT, taking.total)
    taking.complete(approval)


@pytest.mark.parametrize(
    ("action", "deed"),
    [(Action.VOID, _void), (Action.REFUND, _refund), (Action.OVER_LIMIT, _over_limit)],
)
def test_each_deed_is_proved_by_the_pin_and_by_nothing_else(
    centre: Centre, house: House, action: Action, deed: Callable[[House, Approval], None]
) -> None:
    limit(centre, 150_00)
    no_history(centre)
    house.desk.sync()
    deed(house, house.approval(action))
    assert house.flagged() == []
    deed(house, house.forged(action))
    assert house.flagged() == [("approval-unproved", "Mgr")]


def test_both_approvals_of_a_document_are_proved(centre: Centre, house: House) -> None:
    limit(centre, 1_00)
    no_history(centre)
    house.desk.sync()

    def sell(by_price: Approval, by_limit: Approval) -> Recorded:
        basket = house.cheaper(by_price)
        basket.set_customer(house.desk.till.customers.get(1))
        taking = house.desk.till.checkout(basket)
        taking.add_tender(TenderKind.ACCOUNT, taking.total)
        return taking.complete(by_limit)

    sold = sell(house.approval(Action.PRICE), house.approval(Action.OVER_LIMIT, "BOSS"))
    assert len(sold.document.proofs) == 2
    assert house.flagged() == []
    forged = house.forged(Action.PRICE)
    sell(forged, replace(house.approval(Action.OVER_LIMIT, "BOSS"), others=(forged,)))
    assert house.flagged() == [("approval-unproved", "Mgr")]


def test_an_approval_outlives_a_parked_basket_and_a_start(house: House) -> None:
    basket = house.cheaper(house.approval(Action.PRICE))
    request = basket.state.request_id
    basket.park("later")
    house.restart()
    house.sign_in("CASH")
    house.pay(house.desk.till.baskets.take_up(request))
    assert house.flagged() == []


def test_what_a_manager_conceded_by_their_own_right_another_may_finish(house: House) -> None:
    house.sign_in("MGR")
    basket = house.cheaper(None)
    basket.park("later")
    house.restart()
    house.sign_in("CASH")
    house.pay(house.desk.till.baskets.take_up(basket.state.request_id))
    assert house.flagged() == []


def test_a_basket_whose_proof_is_gone_is_asked_about_again(house: House) -> None:
    basket = house.cheaper(house.approval(Action.PRICE))
    basket.state.proofs = dict.fromkeys(basket.state.proofs, "pin1:" + "x" * 60)
    with pytest.raises(NeedsApproval):
        house.pay(basket)
    house.desk.till.checkout(basket).complete(house.approval(Action.PRICE))
    assert house.flagged() == []


def test_with_its_approval_a_secret_is_gone(house: House) -> None:
    """Another deed in the name of who approved the last one."""
    house.pay(house.cheaper(house.approval(Action.PRICE)))
    assert house.flagged() == []
    manager = house.people["MGR"].person_id
    assert house.desk.till._context.proving.key(manager, "0" * 32) is None
    house.forge()
    assert house.flagged() == [("approval-unproved", "Mgr")]
    house.desk.till.sign_in.sign_out()
    cashier = house.people["CASH"].person_id
    assert house.desk.till._context.proving.key(cashier, "0" * 32) is None


def test_an_approval_that_is_held_is_proved_whatever_else_was_approved(house: House) -> None:
    """The manager looked at the drawer, allowed something else, and the till locked itself in between."""
    held = house.approval(Action.VOID)
    house.pay(house.cheaper(house.approval(Action.PRICE)))
    house.desk.till.sign_in.sign_out()
    house.sign_in("CASH")
    _void(house, held)
    assert house.flagged() == []


def test_a_till_that_was_older_when_the_pin_came_hears_of_it_with_its_upgrade(house: House) -> None:
    """The column that it did not know was left out of what it took."""
    house.desk.edit("UPDATE person SET approval_wrap = ''")
    house.desk.sync()
    manager = house.people["MGR"].person_id
    with house.desk.line.database.read() as connection:
        assert not pins.can_prove(connection, house.centre.org_id, manager)
    forget_seals(house.desk)
    with house.desk.line.database.write() as connection:
        config = schema.alembic_config(connection, "till")
        for last in ("ledger_0011", "till_0003"):
            command.downgrade(config, last)
    schema.prepare_till(house.desk.line.database)
    house.desk.sync()
    with house.desk.line.database.read() as connection:
        assert pins.can_prove(connection, house.centre.org_id, manager)


def test_the_file_of_a_till_gives_nobodys_secret_without_the_pin(house: House) -> None:
    """A fellow cashier reads all that lies there, and tries their own PIN."""
    with house.desk.line.database.read() as connection:
        org_id, key = house.centre.org_id, house.people["MGR"].person_id
        wrap = connection.scalar(
            text("SELECT approval_wrap FROM person WHERE person_id = :key"), {"key": key}
        )
        plain = pepper.reveal(connection, org_id, key, "approval_wrap", str(wrap))
        assert pins.secret_of(connection, org_id, key, PINS["CASH"]) is None
        secret = pins.secret_of(connection, org_id, key, PINS["MGR"])
    with house.centre.database.read() as connection:
        (known,) = approval_secrets.of_people(connection, org_id, [key])[key]
        lies = connection.scalar(
            text("SELECT secret FROM approval_secret WHERE person_id = :key"), {"key": key}
        )
    assert secret == known.secret
    assert str(lies).startswith(pepper.CLOSED)
    for wrong in ("", "wrap1:", "wrap1:AAAA", "wrap1:&&&", plain[:-4], "wrap2:" + plain[6:]):
        assert unwrap(wrong, PINS["MGR"]) is None


@pytest.mark.parametrize("where", ["mac", "other document", "other secret"])
def test_a_proof_of_something_else_is_none(house: House, where: str) -> None:
    honest = house.pay(house.cheaper(house.approval(Action.PRICE))).document
    manager = house.people["MGR"].person_id
    keys = {
        "mac": lambda _: {},
        "other document": lambda _: {},
        "other secret": lambda one: {manager: approving.key_of(b"x" * 32, one.request_id)},
    }
    journal = house.desk.line.journal
    journal._proves = keys[where]
    stolen = (
        honest.proofs if where == "other document" else (structs.replace(honest.proofs[0], mac=b"m" * 32),)
    )
    journal.record_document(structs.replace(honest, request_id="5" * 32, proofs=stolen))
    assert house.flagged() == [("approval-unproved", "Mgr")]


def new_pin(house: House, code: str, pin: str) -> None:
    org_id, key = house.centre.org_id, house.people[code].person_id
    change(house.centre, lambda one: pins.put(one, org_id, key, given_pin(pin)))


def test_a_till_that_has_not_heard_of_a_new_pin_is_noted(house: House) -> None:
    house.secrets_given(timedelta(hours=8))
    new_pin(house, "MGR", "918273")
    house.pay(house.cheaper(house.approval(Action.PRICE)))
    house.desk.line.drain()
    # Within the hour it is on its way.
    assert kinds(house.centre) == []
    assert house.verified() == []
    house.secrets_given(timedelta(hours=3))
    house.pay(house.cheaper(_old(house)))
    assert house.flagged() == [("approval-old", "Mgr")]
    house.desk.sync()
    house.pay(house.cheaper(house.approval(Action.PRICE, pin="918273")))
    assert house.flagged() == [("approval-old", "Mgr")]


def _old(house: House) -> Approval:
    """The manager with the secret of their PIN of before, which the till still has."""
    with house.centre.database.read() as connection:
        key = house.people["MGR"].person_id
        first = approval_secrets.of_people(connection, house.centre.org_id, [key])[key][0]
    secret = Secret(first.secret)
    house.desk.till._context.proving.give(key, secret)
    return Approval(house.people["MGR"], Action.PRICE, secret=secret)


def test_whoever_got_their_pin_before_there_were_secrets_is_not_asked(centre: Centre, tmp_path: Path) -> None:
    house = House(centre, tmp_path / "1")
    with centre.database.write() as connection:
        key = founding.add_person(
            connection, centre.org_id, "OLD", "Old", role="manager", pin_hash=given_pin("550917").pin_hash
        )
    house.desk.sync()
    approval = house.desk.till.sign_in.approve("550917", Action.PRICE)
    assert approval.secret is None
    house.pay(house.cheaper(approval))
    assert house.flagged() == []
    house.people["OLD"] = Person(key, "OLD", "Old", "manager")
    new_pin(house, "OLD", "661028")
    house.secrets_given(timedelta(hours=2))
    # A till that was offline since would be noted; one that pushes at once has no such excuse.
    house.pay(house.cheaper(approval), approval)
    assert house.flagged() == [("approval-unproved", "Old")]


def test_a_till_that_was_offline_when_the_first_secret_came_is_noted(centre: Centre, tmp_path: Path) -> None:
    house = House(centre, tmp_path / "1", since=timedelta(days=3), by=timedelta(hours=-2))
    house.forge()
    assert house.flagged() == [("approval-old", "Mgr")]


@pytest.mark.parametrize("at_once", [True, False])
def test_the_last_hour_of_a_till_that_was_offline_is_noted_as_all_of_it(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    """What it knew before its line came back is what it knew hours ago, also document by document."""
    house = House(centre, tmp_path / "1", since=timedelta(days=3), by=timedelta(hours=-2))
    house.desk.clock.by = timedelta()
    house.forge()
    if not at_once:
        monkeypatch.setattr("sync.server.ingest._Batch.take_fast", lambda *_: None)
    assert house.flagged() == [("approval-old", "Mgr")]
    # It is heard again: what it says from now on is asked for its proof.
    house.forge()
    assert house.flagged() == [("approval-old", "Mgr"), ("approval-unproved", "Mgr")]


def test_who_left_is_judged_by_what_held_at_the_time(house: House) -> None:
    house.pay(house.cheaper(house.approval(Action.PRICE)))
    org_id, key = house.centre.org_id, house.people["MGR"].person_id
    now = SystemClock().now()
    change(house.centre, lambda one: staff.leave(one, org_id, key, now))
    assert house.flagged() == []
    with house.desk.line.database.read() as connection:
        assert not pins.can_prove(connection, org_id, key)


def test_verification_finds_an_approval_that_was_neither_proved_nor_flagged(house: House) -> None:
    house.forge()
    assert house.flagged() == [("approval-unproved", "Mgr")]
    assert house.verified() == []
    with house.centre.database.write() as connection:
        connection.execute(text("ALTER TABLE flag DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM flag"))
        connection.execute(text("ALTER TABLE flag ENABLE TRIGGER USER"))
    # The trail names the flag that is gone, and this the approval.
    (problem,) = (one for one in house.verified() if not one.startswith("flag "))
    assert "approved" in problem


@pytest.mark.parametrize(("ahead", "complaints"), [(timedelta(hours=5), 0), (timedelta(), 1)])
def test_verification_asks_no_proof_by_a_clock_that_was_ahead(
    centre: Centre, tmp_path: Path, ahead: timedelta, complaints: int
) -> None:
    """Its documents were judged as they came; a secret of afterwards lies before their date all the same."""
    house = House(centre, tmp_path / "1", by=ahead)
    house.secrets_given(timedelta(hours=-8))
    house.forge()
    assert [kind for kind, _ in house.flagged()] == ["clock-ahead"] * bool(ahead)
    house.secrets_given(timedelta(hours=4 if ahead else 8))
    assert len(house.verified()) == complaints


def test_no_secret_changes_or_goes(house: House) -> None:
    for verb in (
        "UPDATE approval_secret SET secret = ''",
        "DELETE FROM approval_secret",
        "TRUNCATE approval_secret",
    ):
        for database in (house.centre.database, house.centre.database.for_org(house.centre.org_id)):
            with pytest.raises(DBAPIError), database.write() as connection:
                connection.execute(text(verb.format("approval_secret")))
