"""`bohari promotion`: promised, explained, edited, put away and brought back; and what cannot be meant."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

TENTH = ("--name", "A tenth off", "--percent", "10", "--product", "GAS")


@pytest.fixture
def able(line: Line) -> Iterator[Line]:
    """An office whose accountant may lower prices, and without a promotion of another test."""
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO role_permission (org_id, grant_id, role, permission)"
                " SELECT org_id, 900000, 'accountant', 'price' FROM organisation ON CONFLICT DO NOTHING"
            )
        )
    yield line
    for one in line.ok("promotion", "list", by="")["promotions"]:
        if one["state"] != "archived":
            line.ok("promotion", "archive", one["code"])
    for one in line.ok("price-list", "list", by="")["price_lists"]:
        if one["active"]:
            line.ok("price-list", "archive", one["code"])


def explained(line: Line, *words: str) -> tuple[str, list[str]]:
    """What one costs, and the steps that speak of promotions."""
    found: dict[str, Any] = line.ok("explain", "price", "GAS", *words, by="")
    steps = [step["code"].removeprefix("price-promotion-") for step in found["steps"]]
    # Those of other tests are over.
    return found["total"], [one for one in steps if not one.startswith("price-") and one != "over"]


def test_who_may_not_lower_prices_promises_nothing(line: Line) -> None:
    assert "may not change prices here" in line.refused("promotion", "add", "NONE", *TENTH)


def test_from_promise_to_archive_and_back(able: Line) -> None:
    told = able.ok("promotion", "add", "MAY", *TENTH)
    assert (told["state"], told["percent"], told["until"]) == ("on", "10", "")
    assert explained(able) == ("2088.00", ["takes-off"])
    assert "There is a promotion may already" in able.refused("promotion", "add", "may", *TENTH)
    # An edit says only what is other; the old row ends, the same code goes on.
    assert able.ok("promotion", "edit", "MAY", "--percent", "20", "--until", "2099-12-31")["changed"]
    assert not able.ok("promotion", "edit", "MAY", "--percent", "20")["changed"]
    # Of two people with one promotion open, the second is told.
    seen = str(able.ok("promotion", "show", "MAY", by="")["revision"])
    assert able.ok("promotion", "edit", "MAY", "--name", "A fifth off", "--seen", seen)["changed"]
    assert "changed" in able.refused("promotion", "edit", "MAY", "--name", "Third", "--seen", seen)
    able.ok("promotion", "edit", "MAY", "--name", "A tenth off")
    shown = able.ok("promotion", "show", "may", by="")
    assert (shown["percent"], shown["until"], shown["name"]) == ("20", "2100-01-01 00:00", "A tenth off")
    assert explained(able) == ("1856.00", ["takes-off"])
    able.ok("promotion", "archive", "MAY")
    assert explained(able)[0] == "2320.00"
    assert "is put away" in able.refused("promotion", "edit", "MAY", "--percent", "5")
    able.ok("promotion", "restore", "MAY")
    assert explained(able)[0] == "1856.00"
    assert "was never put away" in able.refused("promotion", "restore", "MAY")
    history = able.ok("promotion", "history", "MAY", by="")
    assert history["count"] >= 3
    assert any("per cent off 20.00 %" in one["words"] for one in history["history"])
    assert any(one["words"].startswith("goods of promotion MAY: new") for one in history["history"])


def test_lists_and_promotions_together_say_which_wins(able: Line) -> None:
    able.ok("price-list", "add", "SALE", "--name", "Sale", "--everybody")
    able.ok("price-list", "price", "SALE", "GAS", "2000")
    able.ok("promotion", "add", "TENTH", *TENTH)
    able.ok("promotion", "add", "LESS", "--name", "Fifty off", "--off", "50", "--category", "gas")
    assert explained(able) == ("1800.00", ["takes-off", "not-best"])
    able.ok("prices", "contract", "C1", "GAS", "1900")
    assert explained(able, "--customer", "C1") == ("1900.00", ["not-on-contract", "not-on-contract"])
    able.ok("promotion", "edit", "LESS", "--on-contracts", "--product", "GAS")
    assert explained(able, "--customer", "C1") == ("1850.00", ["not-on-contract", "takes-off"])
    able.ok("prices", "contract", "C1", "GAS", "--end")
    able.ok("price-list", "archive", "SALE")


def test_three_for_two_tomorrow_on_some_days_for_some(able: Line) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    able.ok(
        "promotion", "add", "THREE", "--name", "3 for 2", "--take", "3", "--pay", "2", "--product", "GAS",
        "--from", tomorrow.isoformat(), "--days", "mon,tue,wed,thu,fri,sat,sun", "--hours", "06:00-24:00",
    )  # fmt: skip
    assert explained(able, "--quantity", "3") == ("6960.00", ["later"])
    noon = (tomorrow + timedelta(days=1)).date().isoformat() + " 12:00"
    night = (tomorrow + timedelta(days=1)).date().isoformat() + " 05:00"
    assert explained(able, "--quantity", "3", "--at", noon) == ("4640.00", ["takes-off"])
    assert explained(able, "--quantity", "3", "--at", night) == ("6960.00", ["other-hours"])
    shown = able.ok("promotion", "show", "THREE", by="")
    assert (shown["state"], shown["days"], shown["hours"]) == ("later", "", "06:00-24:00")
    able.ok("customer-group", "add", "FEW", "--name", "A few")
    able.ok("promotion", "edit", "THREE", "--group", "few", "--hours", "all")
    assert explained(able, "--quantity", "3", "--at", noon) == ("6960.00", ["for-others"])
    able.ok("promotion", "edit", "THREE", "--group", "all")
    assert explained(able, "--quantity", "3", "--at", night) == ("4640.00", ["takes-off"])


def test_it_ends_with_the_last_day_of_the_shop_and_can_go_on(able: Line) -> None:
    able.ok("promotion", "add", "DAY", *TENTH, "--until", "2098-12-31")
    # Nairobi's midnight.
    assert explained(able, "--at", "2098-12-31 23:59")[0] == "2088.00"
    assert explained(able, "--at", "2099-01-01 00:00") == ("2320.00", [])
    able.ok("promotion", "edit", "DAY", "--until", "never")
    assert explained(able, "--at", "2099-01-01 00:00")[0] == "2088.00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--percent", "0", "--product", "GAS"], "at most 100"),
        (["--percent", "100.5", "--product", "GAS"], "at most 100"),
        (["--percent", "ten", "--product", "GAS"], "no percentage"),
        (["--off", "0", "--product", "GAS"], "above nothing"),
        (["--off", "2321", "--product", "GAS"], "than it costs"),
        (["--take", "3", "--pay", "3", "--product", "GAS"], "3 for 3 takes nothing off"),
        (["--take", "2", "--pay", "3", "--product", "GAS"], "2 for 3 takes nothing off"),
        (["--take", "2", "--pay", "0", "--product", "GAS"], "2 for 0 takes nothing off"),
        (["--take", "3", "--product", "GAS"], "Say one thing that is off"),
        (["--percent", "5", "--off", "5", "--product", "GAS"], "Say one thing that is off"),
        (["--product", "GAS"], "Say one thing that is off"),
        (["--percent", "5"], "Say what it is off"),
        (["--bundle-price", "2000", "--product", "GAS"], "A bundle of one thing is its price"),
        (["--bundle-price", "5000", "--product", "2*GAS"], "cost no more by themselves"),
        (["--bundle-price", "2000", "--category", "gas"], "not a category"),
        (["--bundle-price", "2000", "--product", "GAS", "--product", "-1*REFILL"], "more than nothing"),
        (["--percent", "5", "--product", "2*GAS"], "Only a bundle says how many"),
        (["--percent", "5", "--product", "GAS", "--product", "gas"], "named twice"),
        (["--percent", "5", "--product", "NIX"], "no product “NIX”"),
        (["--percent", "5", "--category", "nix"], "No product is in the category “nix”"),
        (["--percent", "5", "--product", "GAS", "--from", "2020-01-01"], "cannot begin or end in the past"),
        (["--percent", "5", "--product", "GAS", "--until", "2020-01-01"], "cannot begin or end in the past"),
        (
            ["--percent", "5", "--product", "GAS", "--from", "2099-01-02", "--until", "2099-01-01"],
            "ends after it begins",
        ),
        (["--percent", "5", "--product", "GAS", "--days", "mon,someday"], "are no days"),
        (["--percent", "5", "--product", "GAS", "--hours", "18:00"], "are no hours"),
        (["--percent", "5", "--product", "GAS", "--hours", "9:61-10:00"], "are no hours"),
        (["--percent", "5", "--product", "GAS", "--depot", "NIX"], "NIX"),
        (["--percent", "5", "--product", "GAS", "--group", "NIX"], "NIX"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(able: Line, words: list[str], sentence: str) -> None:
    assert sentence in able.refused("promotion", "add", "BAD", "--name", "Bad", *words)


def test_a_promotion_follows_its_category_to_another_name(able: Line) -> None:
    able.ok("promotion", "add", "ALL", "--name", "All gas", "--percent", "10", "--category", "gas")
    (good,) = able.ok("promotion", "show", "ALL", by="")["goods"]
    name = good["category"]
    able.ok("category", "edit", name, "--name", "Cooking gas")
    assert explained(able)[0] == "2088.00"
    (good,) = able.ok("promotion", "show", "ALL", by="")["goods"]
    assert good["category"] == "Cooking gas"
    able.ok("category", "edit", "Cooking gas", "--name", name)


def test_a_product_that_is_archived_is_in_no_new_promotion(able: Line) -> None:
    able.ok("product", "archive", "REFILL")
    refused = able.refused(
        "promotion", "add", "BAD", "--name", "Bad", "--percent", "5", "--product", "REFILL"
    )
    assert "REFILL is archived" in refused
    able.ok("product", "restore", "REFILL")
