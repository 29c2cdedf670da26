"""M-Pesa that is confirmed: each payment once, whoever tells it and how often, and matched by its code."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.office import asked_report, received_payments
from pos_app.office.received_payments import Chosen
from pos_app.payments.daraja_messages import KENYA, written_moment
from pos_app.reports.ask.asked import Asked
from pos_app.store.engine.engine import open_postgres
from pos_app.store.payments import addresses, notices, received
from pos_app.store.payments.asks import Ask, Stage
from pos_app.store.payments.matching import Verdict
from pos_app.store.payments.received import Payment
from sync.server import payment_door
from tests.conftest import fresh_central
from tests.support.refused import refused
from tests.support.worlds.paid import NUMBER, PaidTill, PaidWorld, paid_world


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PaidWorld]:
    """One for all of these: each test has codes of its own."""
    with fresh_central(postgres_url, central_template) as url:
        database = open_postgres(url)
        with paid_world(database, tmp_path_factory.mktemp("paid")) as made:
            yield made
        database.close()


@pytest.fixture(scope="module")
def till(world: PaidWorld) -> PaidTill:
    return world.till("1")


@pytest.fixture(autouse=True)
def nothing_odd(world: PaidWorld) -> None:
    """No test sees the messages of another."""
    for one in odd(world):
        received_payments.looked(world.office, one.notice_id, "another test")


def odd(world: PaidWorld) -> list[notices.Notice]:
    return received_payments.odd(world.office)


def reasons(world: PaidWorld) -> list[str]:
    return [one.reason.code if one.reason else "" for one in odd(world)]


def payment(world: PaidWorld, code: str) -> Payment | None:
    with world.database.for_org(world.org_id).read() as connection:
        return received.of_code(connection, world.org_id, code)


def verdict(world: PaidWorld, code: str) -> Verdict:
    found = received_payments.look(world.office, Chosen())
    rows = [one for one in (*found.payments, *found.missing) if one.code == code]
    assert len(rows) == 1, rows
    return rows[0].verdict


def told(world: PaidWorld, code: str, **otherwise: Any) -> dict[str, Any]:
    """A confirmation as Daraja sends it."""
    row: dict[str, Any] = {
        "TransactionType": "Pay Bill", "TransID": code, "TransTime": written_moment(world.clock.now()),
        "TransAmount": "1250.00", "BusinessShortCode": NUMBER, "BillRefNumber": "",
        "MSISDN": "2547 ***** 149",
        "FirstName": "WANJIRU",
    }  # fmt: skip
    return row | otherwise


def test_a_confirmation_is_a_payment_that_waits_for_its_sale(world: PaidWorld, till: PaidTill) -> None:
    code = world.daraja.pay(NUMBER, till.price(), reference="TILL 1")
    world.daraja.settled()
    found = payment(world, code)
    assert found is not None
    assert (found.amount, found.phone, found.payer) == (
        till.price() * 100,
        "2547 ***** 678",
        "WANJIRU",
    )
    assert verdict(world, code) is Verdict.OPEN
    till.pay(code)
    till.sync()
    assert verdict(world, code) is Verdict.MATCHED
    assert not odd(world)


def test_a_sale_before_its_confirmation_is_matched_when_it_comes(world: PaidWorld, till: PaidTill) -> None:
    code = world.daraja.pay(NUMBER, till.price(), tell=False)
    # The cashier reads O for 0 and types small letters: it is the same message.
    till.pay(code.lower().replace("0", "o"))
    till.sync()
    missing = [one.document for one in received_payments.look(world.office, Chosen()).missing]
    assert len(missing) == 1
    world.daraja.confirm(code)
    world.daraja.settled()
    assert verdict(world, code) is Verdict.MATCHED
    assert not received_payments.look(world.office, Chosen()).missing


def test_the_same_again_changes_nothing_and_another_amount_goes_to_a_person(world: PaidWorld) -> None:
    code = world.daraja.pay(NUMBER, 700)
    for _ in range(3):
        world.daraja.confirm(code)
    world.daraja.settled()
    assert not odd(world)
    world.daraja.confirm(code, TransAmount="7000.00")
    world.daraja.settled()
    found = payment(world, code)
    assert found is not None
    assert found.amount == 700_00
    assert reasons(world) == ["payment-differs"]


def test_a_sale_of_another_amount_is_named(world: PaidWorld, till: PaidTill) -> None:
    code = world.daraja.pay(NUMBER, till.price() - 1)
    world.daraja.settled()
    till.pay(code)
    till.sync()
    assert verdict(world, code) is Verdict.AMOUNT


def test_a_void_lets_go_of_its_payment(world: PaidWorld, till: PaidTill) -> None:
    code = world.daraja.pay(NUMBER, till.price())
    world.daraja.settled()
    sale = till.pay(code)
    till.sync()
    till.till.voids.void(sale.document.document_id, "wrong")
    till.sync()
    assert verdict(world, code) is Verdict.OPEN


def test_a_year_late_waits_for_a_person(world: PaidWorld) -> None:
    at = world.clock.now() - timedelta(days=366)
    assert (
        world.post("confirmation", told(world, "SLK4LATE01", TransTime=written_moment(at))).status_code == 200
    )
    found = payment(world, "SLK4LATE01")
    assert found is not None
    assert found.state == "held"
    assert reasons(world) == ["payment-old"]
    received_payments.settle(world.office, "SLK4LATE01", "the statement has it", accept=True)
    assert (payment(world, "SLK4LATE01") or found).state == "standing"
    with refused("payment-settled-already"):
        received_payments.settle(world.office, "SLK4LATE01", "again", accept=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"BusinessShortCode": "600999"}, "payment-elsewhere"),
        ({"TransAmount": "0"}, "payment-amount-none"),
        ({"TransAmount": "-5"}, "payment-amount-none"),
        ({"TransAmount": "12.345"}, "payment-amount-none"),
        ({"TransAmount": "1e30"}, "payment-amount-none"),
        ({"TransAmount": "NaN"}, "payment-amount-none"),
        ({"TransAmount": True}, "payment-amount-none"),
        ({"TransTime": "20261301000000"}, "payment-time-none"),
        ({"TransTime": "yesterday"}, "payment-time-none"),
        ({"TransID": "Zürich 12"}, "mpesa-code-malformed"),
        ({"TransID": ""}, "mpesa-code-malformed"),
        ({"BusinessShortCode": {"a": 1}}, "payment-number-none"),
    ],
)
def test_what_is_none_is_kept_for_a_person(world: PaidWorld, change: dict[str, Any], reason: str) -> None:
    answer = world.post("confirmation", told(world, "SLK4BAD001", **change))
    assert answer.status_code == 200
    assert reasons(world) == [reason]
    assert payment(world, "SLK4BAD001") is None


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"[]", b"{" * 4_000, b'{"Body": []}', b"null"])
@pytest.mark.parametrize("what", ["confirmation", "answer", "result"])
def test_nonsense_is_kept_too(world: PaidWorld, what: str, body: bytes) -> None:
    assert world.post(what, body).status_code == 200
    assert len(odd(world)) == 1


def test_only_who_knows_the_address_is_heard(world: PaidWorld) -> None:
    right = world.address
    for wrong in (
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        right.replace(f"/{world.org_id}-", f"/{world.org_id + 1}-"),
        right.replace(f"-{world.business_id}/", f"-{world.business_id + 7}/"),
        right.replace(f"/{world.org_id}-", "/0-"),
    ):
        assert world.post("confirmation", told(world, "SLK4NOBODY"), wrong).status_code == 404
    assert world.post("anything", told(world, "SLK4NOBODY")).status_code == 404
    assert world.post("confirmation", b"x" * 20_000).status_code == 413
    assert payment(world, "SLK4NOBODY") is None
    assert not odd(world)


def test_only_addresses_of_the_setting_are_heard() -> None:
    allowed = payment_door.networks_of("196.201.214.0/24 2001:db8::/32 10.0.0.7")
    heard = {
        one: payment_door.may(one, allowed)
        for one in ("196.201.214.9", "196.201.215.9", "10.0.0.7", "::1", "")
    }
    assert heard == {"196.201.214.9": True, "196.201.215.9": False, "10.0.0.7": True, "::1": False, "": False}
    assert payment_door.may("::1", ())
    with refused("payments-from-wrong"):
        payment_door.networks_of("196.201.214.0/99")


def test_a_payment_to_another_business_of_ours_is_that_one_s(world: PaidWorld) -> None:
    with world.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO business (org_id, business_id, code, name, mpesa_till)"
                " VALUES (:org, 900, 'OTHER', 'Other', '600777')"
            ),
            {"org": world.org_id},
        )
    world.post("confirmation", told(world, "SLK4OTHER1", BusinessShortCode="600777"))
    found = payment(world, "SLK4OTHER1")
    assert found is not None
    assert found.business_id == 900


def test_a_validation_says_no_to_what_is_not_ours(world: PaidWorld) -> None:
    assert world.post("validation", told(world, "SLK4VALID1")).json()["ResultCode"] == 0
    for change in ({"BusinessShortCode": "600999"}, {"TransAmount": "0"}):
        answer = world.post("validation", told(world, "SLK4VALID1", **change)).json()
        assert answer["ResultCode"] == "C2B00015"
    assert payment(world, "SLK4VALID1") is None


def test_a_full_list_of_odd_messages_grows_no_more(world: PaidWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST_WAITING", 2)
    for _ in range(4):
        assert world.post("confirmation", b"?").status_code == 200
    assert len(odd(world)) == 2


@pytest.mark.parametrize("phone", ["254712345678", "2547 ***** 149", "a" * 64, "", "+254 712-345 678"])
def test_telephones_are_kept_as_they_come(world: PaidWorld, phone: str) -> None:
    code = f"SLK4PH{abs(hash(phone)) % 10_000:04}"
    world.post("confirmation", told(world, code, MSISDN=phone))
    found = payment(world, code)
    assert found is not None
    assert found.phone == phone
    assert found.who == " ".join(filter(None, ("WANJIRU", phone if len(phone) < 17 else "")))


def test_nothing_of_a_payment_lies_open_in_the_database(world: PaidWorld) -> None:
    world.post("confirmation", told(world, "SLK4SECRET", BillRefNumber="ACCOUNT 77"))
    with world.database.read() as connection:
        rows = connection.execute(text("SELECT row_to_json(p) FROM received_payment AS p")).scalars()
        stored = json.dumps(list(rows))
    for word in ("SLK4SECRET", "SLK4", "WANJIRU", "149", "ACCOUNT 77"):
        assert word not in stored or word == "149"


def test_the_part_that_nobody_guesses_is_another_for_each_business(world: PaidWorld) -> None:
    with world.database.read() as connection:
        paths = {addresses.path_of(connection, world.org_id, one) for one in (1, 2, 900)}
    assert len(paths) == 3
    assert all(len(one.rpartition("/")[2]) == 22 for one in paths)
    assert not any(word in one.lower() for one in paths for word in ("mpesa", "safaricom"))


def test_settling_needs_a_reason(world: PaidWorld) -> None:
    code = world.daraja.pay(NUMBER, 10)
    world.daraja.settled()
    with refused("decision-without-reason"):
        received_payments.settle(world.office, code, "  ")
    received_payments.settle(world.office, code, "change of the rent")
    assert verdict(world, code) is Verdict.SETTLED
    with pytest.raises(Refused):
        received_payments.find(world.office, "SLK4NEVER1")


# --- the provider's own list ------------------------------------------------------------------------------


def fetched(world: PaidWorld) -> Ask:
    """Ask for the list of today, and let the server hold it against ours."""
    ask = received_payments.fetch(world.office, code_of_business(world))
    with refused("payment-list-asked-already"):
        received_payments.fetch(world.office, code_of_business(world))
    world.turn()
    return next(
        one for one in received_payments.asked(world.office, everything=True) if one.ask_id == ask.ask_id
    )


def code_of_business(world: PaidWorld) -> str:
    return received_payments.code_of(world.office, world.business_id)


def kenyan_day(world: PaidWorld) -> int:
    return int(f"{world.clock.now().astimezone(KENYA):%Y%m%d}")


def test_its_own_list_brings_what_nobody_told_and_names_what_it_does_not_know(world: PaidWorld) -> None:
    missed = world.daraja.pay(NUMBER, 410, tell=False)
    world.post("confirmation", told(world, "SLK4FORGED"))
    ask = fetched(world)
    assert ask.state is Stage.DONE
    found = payment(world, missed)
    assert found is not None
    assert (found.amount, found.source, found.number) == (410_00, "list", NUMBER)
    # It may be a list that comes late: nothing is said of what was paid a moment ago.
    assert not odd(world)
    world.clock.by = timedelta(minutes=20)
    try:
        for _ in range(2):
            fetched(world)
    finally:
        world.clock.by = timedelta()
    mine = [one for one in odd(world) if one.body.startswith("SLK4FORGED")]
    assert [one.reason.code for one in mine if one.reason] == ["payment-not-listed"]
    assert "SLK4FORGED" not in received_payments.answer_of(ask)
    assert "new to us" in received_payments.answer_of(ask)


def test_a_list_that_does_not_come_says_so(world: PaidWorld) -> None:
    with refused("payment-list-too-old"):
        received_payments.fetch(world.office, code_of_business(world), 20260101)
    world.daraja.is_down = True
    try:
        ask = fetched(world)
    finally:
        world.daraja.is_down = False
    assert (ask.state, ask.reason) == (Stage.FAILED, "not-listed")
    assert received_payments.answer_of(ask)


def test_the_report_holds_the_day_against_the_closes(world: PaidWorld, till: PaidTill) -> None:
    """What came and nobody took, what was typed and nobody confirmed, and what a close counted."""
    open_, typed = world.daraja.pay(NUMBER, 333), "SLK4TYPED1"
    taken = world.daraja.pay(NUMBER, till.price())
    world.daraja.settled()
    till.pay(taken)
    till.pay(typed)
    till.sync()
    today = to_date(world.office.today).isoformat()
    report = asked_report.made(world.office, Asked(name="mpesa-confirmed", first=today, last=today))
    numbers, _, differences = report.sections
    (row,) = [one.cells for one in numbers.rows if one.cells[1] == NUMBER]
    chosen = Chosen(business=code_of_business(world))
    found = received_payments.look(world.office, chosen).figures
    assert row[4] == sum(
        found.by_verdict.get(one, (0, 0))[1] for one in Verdict if one is not Verdict.MISSING
    )
    assert row[6] == found.amount(Verdict.OPEN)
    assert row[7] == found.amount(Verdict.MISSING)
    shown = {one.cells[1]: (one.cells[4], one.cells[5]) for one in differences.rows}
    assert shown[open_] == (333_00, None)
    assert shown[typed] == (None, till.price() * 100)
    assert taken not in shown
