"""Flags: put with the document, listed, told once, looked at once by a person with the right, and kept."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.flagging import APPROVAL_UNPROVED, KINDS, Weight, kind_of_code
from pos_app.office import flags as looking
from pos_app.office.office import Office
from pos_app.store.journal import flags
from pos_app.store.organisation import founding
from sync.server import flag_alerts, metrics
from sync.server.flag_alerts import FlagAlerts
from sync.server.webhook import Webhook
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre


class Told(Webhook):
    """The webhook with what it would post."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    def post(self, message: dict[str, Any]) -> None:
        self.messages.append(message)


@pytest.fixture
def flagged(centre: Centre, tmp_path: Path) -> int:
    """A document of a till with a flag on it; gives its key."""
    till = centre.till(tmp_path / "1")
    sold = till.sell()
    till.drain()
    with centre.database.for_org(centre.org_id).write() as connection:
        for _ in range(2):
            flags.flag(connection, sold.document, APPROVAL_UNPROVED, {"approver": "Nobody\x00"})
    return sold.document.document_id


def waiting(centre: Centre) -> list[flags.Flagged]:
    with centre.database.for_org(centre.org_id).read() as connection:
        return flags.waiting(connection, centre.org_id)


def test_a_flag_says_what_is_odd_about_which_document(centre: Centre, flagged: int) -> None:
    (one,) = waiting(centre)
    assert (one.document_id, one.kind, one.place, one.weight) == (
        flagged,
        "flag-approval-unproved",
        0,
        Weight.ALERT,
    )
    assert one.sentence.code == "flag-approval-unproved"
    assert one.sentence.facts["approver"] == "Nobody\ufffd"
    assert one.number.endswith("-S000001")
    assert one.person == "Owner"
    text_ = metrics.text(centre.database, SystemClock())
    assert f'bohari_flags_open{{org="{centre.org_id}",kind="flag-approval-unproved"}} 1' in text_


def test_who_may_decide_looks_once_and_it_is_kept(centre: Centre, flagged: int) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "CASH", "Cashier", role="cashier", pin_hash="x")
    owner = Office(centre.database, SystemClock(), centre.org_id, "OWNER")
    cashier = Office(centre.database, SystemClock(), centre.org_id, "CASH")
    with refused("person-may-not-here"):
        looking.settle(cashier, flagged, "seen")
    with refused("decision-without-reason"):
        looking.settle(owner, flagged, "  ")
    with refused("flag-not-waiting"):
        looking.settle(owner, flagged, "seen", kind="flag-code-twice")
    assert len(looking.settle(owner, flagged, "she was asked")) == 1
    assert waiting(centre) == []
    with refused("flag-not-waiting"):
        looking.settle(owner, flagged, "again")
    with centre.database.for_org(centre.org_id).read() as connection:
        (one,) = flags.everything(connection, centre.org_id)
        noted = connection.execute(
            text("SELECT count(*) FROM audit_log WHERE action = 'flag.settled' AND person_id = :owner"),
            {"owner": centre.founded.owner_id},
        ).scalar_one()
    assert (one.looked_name, one.note, noted) == ("Owner", "she was asked", 1)


@pytest.mark.parametrize("table", ["flag", "flag_told", "flag_look"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_of_a_flag_changes_or_goes(centre: Centre, flagged: int, table: str, verb: str) -> None:
    FlagAlerts(centre.database, SystemClock(), Told()).turn(10)
    looking.settle(Office(centre.database, SystemClock(), centre.org_id, "OWNER"), flagged, "seen")
    for database in (centre.database, centre.database.for_org(centre.org_id)):
        with pytest.raises(DBAPIError), database.write() as connection:
            connection.execute(text(verb.format(table)))


def test_somebody_is_called_once(centre: Centre, flagged: int) -> None:
    told = Told()
    for _ in range(2):
        FlagAlerts(centre.database, SystemClock(), told).turn(10)
    (message,) = told.messages
    assert (message["alert"], message["org_id"], message["count"]) == (
        flag_alerts.ALERT,
        centre.org_id,
        1,
    )
    assert message["flags"][0]["kind"] == "flag-approval-unproved"


def test_a_kind_of_a_newer_version_calls_somebody() -> None:
    assert kind_of_code("flag-of-tomorrow").weight is Weight.ALERT
    assert all(code == one.code for code, one in KINDS.items())
