"""`bohari loyalty`: a programme promised, edited, put away and brought back; and what cannot be meant."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

STARS = ("--name", "Stars", "--points", "1", "--per", "100", "--worth", "1")


@pytest.fixture
def able(line: Line) -> Iterator[Line]:
    """An office whose accountant may lower prices, and without a programme of another test."""
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO role_permission (org_id, grant_id, role, permission)"
                " SELECT org_id, 900000, 'accountant', 'price' FROM organisation ON CONFLICT DO NOTHING"
            )
        )
    yield line
    for one in line.ok("loyalty", "list", by="")["programmes"]:
        if one["state"] != "archived":
            line.ok("loyalty", "archive", one["code"])


def test_who_may_not_lower_prices_promises_no_points(line: Line) -> None:
    assert "may not change prices here" in line.refused("loyalty", "add", "NONE", *STARS)


def test_from_promise_to_archive_and_back(able: Line) -> None:
    told = able.ok("loyalty", "add", "STAR", *STARS, "--tiers", "Gold 2000 150; Silver 500 120")
    assert (told["state"], told["per"], told["worth"], told["until"]) == ("on", "100.00", "1.00", "")
    assert told["tiers"] == "Silver 500 120; Gold 2000 150"
    assert "There is a programme star already" in able.refused("loyalty", "add", "star", *STARS)
    shown = able.ok("loyalty", "show", "star", by="")
    # An edit says only what is other; the old row ends, the same code goes on.
    edited = able.ok(
        "loyalty", "edit", "STAR", "--per", "50", "--until", "2099-12-31", "--seen", str(shown["revision"])
    )
    assert (edited["changed"], edited["per"], edited["points"], edited["until"]) == (
        True, "50.00", 1, "2100-01-01 00:00",
    )  # fmt: skip
    assert not able.ok("loyalty", "edit", "STAR", "--per", "50")["changed"]
    assert "changed" in able.refused(
        "loyalty", "edit", "STAR", "--per", "60", "--seen", str(shown["revision"])
    )
    able.ok("loyalty", "archive", "STAR")
    assert "is put away" in able.refused("loyalty", "edit", "STAR", "--per", "60")
    assert "is put away" in able.refused("loyalty", "archive", "STAR")
    assert able.ok("loyalty", "restore", "STAR")["state"] == "on"
    assert "was never put away" in able.refused("loyalty", "restore", "STAR")
    history = able.ok("loyalty", "history", "STAR", by="")
    assert history["count"] >= 4
    assert any("for every 50.00" in one["words"] for one in history["history"]), history
    assert "STAR" in [one["code"] for one in able.ok("loyalty", "list", by="")["programmes"]]
    assert able.ok("loyalty", "owed", by="") | {"ok": True} == {"ok": True, "customers": [], "sums": []}


def test_what_a_point_pays_stays_and_is_one_for_all(able: Line) -> None:
    able.ok("loyalty", "add", "ONE", *STARS)
    assert "stays as it is" in able.refused("loyalty", "edit", "ONE", "--worth", "2")
    other = ("--name", "Other", "--points", "1", "--per", "100", "--worth", "0.50")
    assert "runs with another worth" in able.refused("loyalty", "add", "TWO", *other)
    able.ok("customer-group", "add", "FRIENDS", "--name", "Friends")
    told = able.ok("loyalty", "add", "TWO", *STARS, "--group", "friends", "--points", "3")
    assert (told["group"], told["points"]) == ("FRIENDS", 3)
    assert able.ok("loyalty", "edit", "TWO", "--group", "all")["group"] == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--points", "0"), "needs a name"),
        (("--points", "-3"), "needs a name"),
        (("--per", "0"), "needs a name"),
        (("--worth", "0"), "needs a name"),
        (("--points", "101"), "would pay more than was paid"),
        (("--tiers", "Gold 10 1000", "--points", "11"), "would pay more than was paid"),
        # One and a half points for every 100 are one for 100, and three for 200.
        (("--tiers", "Gold 10 150", "--worth", "100"), "would pay more than was paid"),
        (("--tiers", "Gold"), "is no tier"),
        (("--until", "2020-01-01"), "not from the past"),
        (("--from", "2020-01-01"), "not from the past"),
        (("--from", "2099-01-02", "--until", "2099-01-01"), "cannot end before"),
        (("--group", "NOBODY"), "NOBODY"),
        (("--per", "0.001"), "0.001"),
        (("--per", "1e30"), "1e30"),
    ],
)
def test_what_cannot_be_meant(able: Line, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in able.refused("loyalty", "add", "ODD", *STARS, *words)


def test_points_are_given_and_taken_by_hand_with_a_reason(able: Line) -> None:
    able.ok("loyalty", "add", "HAND", *STARS)
    made = able.ok(
        "loyalty", "adjust", "C1", "--give", "30", "--reason", "a late delivery", "--business", "WATER"
    )
    assert made["number"]
    (one,) = able.ok("loyalty", "owed", by="")["customers"]
    assert (one["customer"], one["points"], one["owed"]) == ("C1", 30, "30.00")
    able.ok("loyalty", "adjust", "C1", "--take", "10", "--reason", "given twice", "--business", "WATER")
    told = able.ok("explain", "points", "C1", by="")
    assert told["balance"] == "-20.00"
    assert [one["change"] for one in told["lines"]] == ["-30.00", "10.00"]
    take = ("loyalty", "adjust", "C1", "--business", "WATER")
    assert "points pay 20.00" in able.refused(*take, "--take", "21", "--reason", "too many")
    for words in (("--take", "0"), ("--give", "-5"), (), ("--give", "1", "--take", "1")):
        assert "Say how many points" in able.refused(*take, *words, "--reason", "nothing")
    assert "why points are given" in able.refused(*take, "--take", "1", "--reason", "  ").lower()
    able.ok("loyalty", "adjust", "C1", "--take", "20", "--reason", "all of it", "--business", "WATER")
    assert able.ok("loyalty", "owed", by="")["customers"] == []
