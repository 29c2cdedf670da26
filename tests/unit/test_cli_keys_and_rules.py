"""The words on the centre's key, the house's rules, where people sign in and what is odd, as scripts say
them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app import VERSION
from tests.support.worlds.command_line import Ran, Server, bohari


class World:
    """A centre that answers, and a till of it."""

    def __init__(self, folder: Path) -> None:
        self.centre, self.till = folder / "centre", folder / "till"
        assert bohari("init", "--org", "Depot Ltd", home=self.centre).code == 0
        self.none = self.at_centre("terminal", "list")
        self.server = Server(self.centre)
        code = bohari("enrol-code", "--json", home=self.centre).values["code"]
        assert bohari("enrol", "--server", self.server.url, "--code", code, home=self.till).code == 0
        assert self.at_till("syncd", "--once").code == 0

    def at_centre(self, *words: str) -> Ran:
        return bohari(*words, "--json", home=self.centre)

    def at_till(self, *words: str) -> Ran:
        return bohari(*words, "--json", home=self.till)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("keys"))
    yield made
    assert made.server.stop() == 0


def refused(done: Ran) -> str:
    """The code of the sentence that a command ended with."""
    assert done.code == 1, done
    return str(done.values["code"])


def test_no_till_is_said_in_a_sentence(world: World) -> None:
    assert world.none.values["terminals"] == []
    assert [one["terminal"] for one in world.at_centre("terminal", "list").values["terminals"]] == [1]
    assert refused(world.at_centre("terminal", "show", "99"))
    told = world.at_centre("terminal", "show", "1").values
    assert (told["version"], told["queue"]) == (VERSION, 0)


def test_everything_that_the_centre_sent_is_compared(world: World) -> None:
    assert world.at_till("syncd", "--compare").values["differed"] == []


def test_the_centres_key_is_shown_followed_and_rotated(world: World) -> None:
    shown = world.at_centre("server-key", "show").values
    assert shown["next"] == ""
    assert world.at_till("status").values["centre"]["fingerprint"] == shown["fingerprint"]
    assert refused(world.at_centre("server-key", "rotate")) == "next-server-key-missing"
    following = world.at_centre("server-key", "next").values["next"]
    assert refused(world.at_centre("server-key", "next")) == "next-server-key-there"
    rotated = world.at_centre("server-key", "rotate").values
    assert (rotated["fingerprint"], rotated["next"]) == (following, "")
    assert refused(bohari("server-key", "show", "--json", home=world.till)) == "home-of-other-kind"


def test_a_till_is_told_which_key_to_believe(world: World) -> None:
    shown = world.at_centre("server-key", "show").values["fingerprint"]
    assert refused(world.at_till("server-key", "trust", "not-a-key")) == "fingerprint-malformed"
    assert refused(world.at_centre("server-key", "trust", shown)) == "home-of-other-kind"
    assert world.at_till("server-key", "trust", shown).code == 0
    assert world.at_till("status").values["centre"]["fingerprint"] == ""
    assert world.at_till("verify").code == 0, "what a person told is signed like what enrolment gave"


def test_an_open_line_is_told_by_the_status(world: World) -> None:
    values = world.at_till("status").values["centre"]
    assert values["insecure"] is False, "plain http on this machine alone is no open line"
    refused_at = world.centre.parent / "stranger"
    words = ("enrol", "--server", "http://192.0.2.1:9", "--code", "AAAAA-22222", "--json")
    assert refused(bohari(*words, home=refused_at)) == "plain-http-beyond-machine"


def test_where_somebody_signs_in_is_named_and_taken_back(world: World) -> None:
    assert world.at_centre("person", "works", "OWNER", "--depot", "MAIN").values["works_at"] == ["MAIN"]
    assert refused(world.at_centre("person", "works", "NOBODY", "--depot", "MAIN"))
    assert refused(world.at_centre("person", "works", "OWNER", "--depot", "NOWHERE")) == "no-such-code"
    gone = world.at_centre("person", "works", "OWNER", "--depot", "MAIN", "--no-longer")
    assert gone.values["works_at"] == []


def test_the_houses_rules_are_listed_and_set(world: World) -> None:
    assert world.at_centre("rule", "set", "idle-lock-minutes", "7").values["value"] == 7
    rows = world.at_centre("rule", "list").values["rules"]
    assert [row["value"] for row in rows if row["rule"] == "idle_lock_minutes"] == [7]
    assert refused(world.at_centre("rule", "set", "no-such-rule", "1")) == "house-rule-unknown"
    assert (
        refused(world.at_centre("rule", "set", "idle-lock-minutes", "7", "--depot", "X")) == "depot-unknown"
    )
    assert refused(world.at_centre("rule", "set", "idle-lock-minutes", "99999"))
    assert world.at_centre("rule", "set", "idle-lock-minutes", "seven").code == 2


def test_what_is_odd_is_asked_for_and_nothing_is(world: World) -> None:
    assert world.at_centre("flags", "list").values == {"ok": True, "flags": [], "count": 0}
    assert refused(world.at_centre("flags", "show", "M1-S000001")) == "flag-nowhere"
    assert refused(world.at_centre("flags", "settle", "M1-S000001", "--reason", "seen"))
    assert world.at_centre("flags", "settle", "M1-S000001").code == 2
