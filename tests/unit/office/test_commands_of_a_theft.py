"""The commands after a theft, as they answer a person: a till taken away, PINs and rules changed."""

import io

import pytest

from pos_app.cli import person, rules, terminal
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.documents.terminal import Terminal
from pos_app.store.master import enrolment
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def test_a_till_is_listed_named_and_taken_away(desk: Desk) -> None:
    with desk.database.write() as connection:
        enrolment.add_terminal(connection, Terminal(desk.org_id, 1, 1, 0), b"k" * 32, desk.clock.now())
    owner = desk.as_("OWNER")
    assert terminal.rename(owner, 1, name="Front").values["name"] == "Front"
    (listed,) = terminal.list_all(owner).values["terminals"]
    assert (listed["terminal"], listed["name"], listed["active"]) == (1, "Front", True)
    assert listed["terminal"] != SERVER_TERMINAL_NO
    answer = terminal.revoke(owner, 1, reason="stolen on Sunday")
    assert answer.values["active"] is False
    assert terminal.show(owner, 1).values["revoked_because"] == "stolen on Sunday"
    assert "stolen on Sunday" in terminal.list_all(owner).lines[0]
    with refused("till-revoked-already"):
        terminal.revoke(owner, 1, reason="again")


def test_a_pin_is_drawn_for_anybody_and_chosen_for_oneself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = desk.as_("OWNER")
    drawn = person.pin(owner, "MGR").values["pin"]
    assert len(drawn) == 6
    monkeypatch.delenv(person.NEW_PIN, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with refused("new-pin-not-given"):
        person.pin(owner, "OWNER", chosen=True)
    monkeypatch.setenv(person.NEW_PIN, "123456")
    with refused("new-pin-trivial"):
        person.pin(owner, "OWNER", chosen=True)
    with refused("pin-of-another-is-drawn"):
        person.pin(owner, "MGR", chosen=True)
    monkeypatch.setenv(person.NEW_PIN, "482915")
    assert "pin" not in person.pin(owner, "owner", chosen=True).values


def test_the_house_sets_its_rules(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    assert rules.set_rule(owner, "idle-lock-minutes", 3, depot="WEST").values["value"] == 3
    rows = rules.list_rules(owner).values["rules"]
    assert {"rule": "idle_lock_minutes", "depot": "WEST", "value": 3} in [
        {name: row[name] for name in ("rule", "depot", "value")} for row in rows
    ]
    with refused("house-rule-unknown"):
        rules.set_rule(owner, "no-such-rule", 1)
