"""`bohari price-list`, `customer-group`, `explain price`: tomorrow's prices entered today, and why."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


_numbers = itertools.count(1)


@pytest.fixture
def retail() -> str:
    """The code of a list that no other test has: the office is the same for all of them."""
    return f"RETAIL{next(_numbers)}"


def test_who_may_not_lower_prices_puts_none_below(line: Line, retail: str) -> None:
    line.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    line.ok("price-list", "price", retail, "GAS", "2400")
    assert "may not change prices here" in line.refused("price-list", "price", retail, "GAS", "2200")
    assert "may not change prices and products" in line.refused(
        "price-list", "price", retail, "GAS", "2500", by="MGR"
    )
    # Nor does giving somebody what others lowered: a list, one that was put away, a group that has one.
    line.ok("customer-group", "add", retail, "--name", "Retail")
    assert "may not change prices here" in line.refused("price-list", "for", retail, "--customer", "C1")
    assert "may not change prices here" in line.refused("customer-group", "join", retail, "C1")
    line.ok("price-list", "archive", retail)
    assert "may not change prices here" in line.refused("price-list", "restore", retail)


@pytest.fixture
def able(line: Line) -> Iterator[Line]:
    """An office whose accountant may lower prices, and with no list of another test."""
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO role_permission (org_id, grant_id, role, permission)"
                " SELECT org_id, 900000, 'accountant', 'price' FROM organisation ON CONFLICT DO NOTHING"
            )
        )
    yield line
    for one in line.ok("price-list", "list", by="")["price_lists"]:
        if one["active"]:
            line.ok("price-list", "archive", one["code"])


def price(line: Line, *words: str) -> str:
    found: dict[str, Any] = line.ok("explain", "price", "GAS", *words, by="")
    return str(found["price"])


def test_lists_from_everybodys_to_the_customers(able: Line, retail: str) -> None:
    assert price(able) == "2320.00"
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    able.ok("price-list", "price", retail, "GAS", "2300")
    able.ok("price-list", "price", retail, "GAS", "2100", "--from-quantity", "10")
    assert (price(able), price(able, "--quantity", "10")) == ("2300.00", "2100.00")
    able.ok("customer-group", "add", "HOTELS", "--name", "Hotels")
    able.ok("price-list", "add", "HOTEL", "--name", "Hotels", "--group", "hotels")
    able.ok("price-list", "price", "HOTEL", "GAS", "2200")
    assert price(able, "--customer", "C1") == "2300.00"
    able.ok("customer-group", "join", "HOTELS", "C1")
    assert able.ok("customer-group", "list", by="")["groups"][0]["customers"] == ["C1"]
    assert (price(able, "--customer", "C1"), price(able)) == ("2200.00", "2300.00")

    # An invoice of the office has it; the break counts both lines.
    def total(*lines: str) -> str:
        wanted = [word for one in lines for word in ("--line", one)]
        return str(able.ok("invoices", "new", "--customer", "C1", *wanted)["total"])

    assert total("GAS,2") == "4400.00"
    able.ok("price-list", "for", "HOTEL", "--group", "HOTELS", "--end")
    assert total("GAS,6", "GAS,4") == "21000.00"
    able.ok("customer-group", "leave", "HOTELS", "C1")
    assert "is not in the group" in able.refused("customer-group", "leave", "HOTELS", "C1")


def test_it_says_why(able: Line, retail: str) -> None:
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    able.ok("price-list", "price", retail, "GAS", "2300")
    able.ok("prices", "contract", "C1", "GAS", "2250")
    told = able.ok("explain", "price", "GAS", "--customer", "C1", "--quantity", "2", by="")
    assert (told["price"], told["total"]) == ("2250.00", "4500.00")
    assert [step["code"] for step in told["steps"]] == [
        "price-by-contract", "price-passed-over", "price-passed-over", "price-comes-to",
    ]  # fmt: skip
    assert "no product “NIX”" in able.refused("explain", "price", "NIX", by="")
    able.ok("prices", "contract", "C1", "GAS", "--end")


def test_tomorrows_price_is_entered_today(able: Line, retail: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    able.ok("price-list", "price", retail, "GAS", "2500", "--from", tomorrow)
    assert (price(able), price(able, "--at", later)) == ("2320.00", "2500.00")
    # What was not meant is put right before it begins, and taken out.
    able.ok("price-list", "price", retail, "GAS", "2400", "--from", tomorrow)
    assert price(able, "--at", later) == "2400.00"
    (one,) = able.ok("price-list", "show", retail, by="")["prices"]
    assert one["price"] == "2400.00"
    able.ok("price-list", "price", retail, "GAS", "--end", "--from", later)
    assert price(able, "--at", later) == "2320.00"


def test_what_was_put_says_its_break_and_its_moment_to_the_minute(able: Line, retail: str) -> None:
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    told = able.ok(
        "price-list", "price", retail, "GAS", "2200", "--from-quantity", "10", "--from", "2099-01-01 06:00"
    )
    assert (told["from_quantity"], told["from"]) == ("10", "2099-01-01 06:00")
    able.ok("price-list", "price", retail, "GAS", "2300")
    (now, later) = able.ok("price-list", "show", retail, by="")["prices"]
    assert (len(now["from"]), later["from"]) == (len("2026-11-30 17:51"), "2099-01-01 06:00")
    steps = able.ok("explain", "price", "GAS", by="")["steps"]
    assert all("." not in str(step["facts"].get("since", "")) for step in steps)
    able.ok("price-list", "edit", retail, "--name", "Everyday")
    assert able.ok("price-list", "show", retail, by="")["name"] == "Everyday"
    words = " ".join(one["words"] for one in able.ok("price-list", "history", retail, by="")["history"])
    assert "name Retail → Everyday" in words
    assert f"GAS in list {retail}: new" in words


def test_a_rate_of_tomorrow_is_agreed_on_today_and_ends_when_it_is_said(able: Line) -> None:
    def asks(at: str) -> str:
        return price(able, "--customer", "C1", "--at", at)

    able.ok("prices", "contract", "C1", "GAS", "2250")
    told = able.ok("prices", "contract", "C1", "GAS", "2200", "--from", "2098-01-01 06:00")
    assert told["from"] == "2098-01-01 06:00"
    assert (price(able, "--customer", "C1"), asks("2098-01-01 06:00")) == ("2250.00", "2200.00")
    able.ok("prices", "contract", "C1", "GAS", "--end", "--from", "2099-01-01")
    assert (asks("2098-12-31 23:59"), asks("2099-01-01")) == ("2200.00", "2320.00")
    assert price(able, "--customer", "C1") == "2250.00"
    # From now on another: it counts at once, and what begins later still does.
    able.ok("prices", "contract", "C1", "GAS", "2100")
    assert (price(able, "--customer", "C1"), asks("2098-06-01")) == ("2100.00", "2200.00")
    rows = able.ok("prices", "list", "--customer", "C1", by="")["prices"]
    assert [(one["price"], one["from"][:4]) for one in rows][1:] == [("2200.00", "2098")]
    assert "in the past" in able.refused("prices", "contract", "C1", "GAS", "2000", "--from", "2020-01-01")
    able.ok("prices", "contract", "C1", "GAS", "--end")
    assert (price(able, "--customer", "C1"), asks("2098-06-01")) == ("2320.00", "2320.00")
    assert "No price of GAS is agreed" in able.refused("prices", "contract", "C1", "GAS", "--end")
    # A rate that ends at a moment to come.
    able.ok("prices", "contract", "C1", "REFILL", "5000")
    able.ok("prices", "contract", "C1", "REFILL", "--end", "--from", "2099-01-01")
    (row,) = able.ok("prices", "list", "--customer", "C1", by="")["prices"]
    assert (row["sku"], row["price"], row["until"]) == ("REFILL", "5000.00", "2099-01-01 00:00")
    able.ok("prices", "contract", "C1", "REFILL", "--end")


def test_an_archived_group_has_nobody_until_it_is_back(able: Line, retail: str) -> None:
    able.ok("customer-group", "add", retail, "--name", "Some")
    able.ok("price-list", "add", retail, "--name", "For some", "--group", retail)
    able.ok("price-list", "price", retail, "GAS", "2000")
    able.ok("customer-group", "join", retail, "C1")
    assert price(able, "--customer", "C1") == "2000.00"
    able.ok("customer-group", "archive", retail)
    assert price(able, "--customer", "C1") == "2320.00"
    assert "is put away" in able.refused("customer-group", "join", retail, "C1")
    able.ok("customer-group", "edit", retail, "--name", "A few")
    able.ok("customer-group", "restore", retail)
    assert price(able, "--customer", "C1") == "2000.00"
    assert "was never put away" in able.refused("customer-group", "restore", retail)
    words = " ".join(one["words"] for one in able.ok("customer-group", "history", retail, by="")["history"])
    assert f"C1 in group {retail}" in words


def test_an_archived_list_is_for_nobody_until_it_is_back(able: Line, retail: str) -> None:
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    able.ok("price-list", "price", retail, "GAS", "2300")
    able.ok("price-list", "archive", retail)
    assert price(able) == "2320.00"
    assert "put away" in able.refused("price-list", "price", retail, "GAS", "2200")
    able.ok("price-list", "restore", retail)
    assert price(able) == "2300.00"


def test_a_file_of_prices_goes_out_and_comes_back_as_it_is(able: Line, retail: str, tmp_path: Path) -> None:
    file, copy = tmp_path / "retail.csv", tmp_path / "again.csv"
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    file.write_text(
        "sku,price,from_quantity,valid_from\nGAS,2300,,\nGAS,2100.50,10,\nREFILL,90,,2099-01-01\n"
    )
    assert able.ok("price-list", "import", retail, str(file))["changed"] == 3
    able.ok("price-list", "export", retail, str(copy), by="")
    assert able.ok("price-list", "import", retail, str(copy))["changed"] == 0
    second = tmp_path / "third.csv"
    able.ok("price-list", "export", retail, str(second), by="")
    assert second.read_bytes() == copy.read_bytes()
    book = tmp_path / "retail.xlsx"
    able.ok("price-list", "export", retail, str(book), by="")
    assert able.ok("price-list", "import", retail, str(book))["changed"] == 0
    assert "ends in .csv" in able.refused("price-list", "export", retail, str(tmp_path / "x.ods"), by="")
    file.write_text("sku,price\nGAS,2200\nNIX,5\n")
    assert "no product “NIX”" in able.refused("price-list", "import", retail, str(file))
    file.write_text("sku,price\nGAS,2200\nREFILL,five\n")
    assert "Row 3" in able.refused("price-list", "import", retail, str(file))
    file.write_text("sku,price\nGAS,-5\n")
    assert "below nothing" in able.refused("price-list", "import", retail, str(file))
    assert price(able) == "2300.00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["price", "RETAIL", "GAS", "5", "--from", "2020-01-01"], "cannot begin or end in the past"),
        (["price", "RETAIL", "GAS", "5", "--from", "soon"], "is no moment"),
        (["price", "RETAIL", "GAS"], "Say the price, or --end"),
        (["price", "RETAIL", "GAS", "--end"], "says nothing of GAS"),
        (["price", "NIX", "GAS", "5"], "no price list “NIX”"),
        (["add", "retail", "--name", "again"], "already"),
        (["add", "NEW", "--name", " "], "needs a name"),
        (["add", "NEW", "--name", "By contract", "--contract", "--everybody"], "agreed with customers"),
        (["for", "RETAIL"], "Say whom"),
        (["for", "RETAIL", "--group", "NIX"], "no group “NIX”"),
        (["restore", "RETAIL"], "is not put away"),
    ],
)
def test_what_cannot_be_is_a_sentence(able: Line, retail: str, words: list[str], sentence: str) -> None:
    able.ok("price-list", "add", retail, "--name", "Retail")
    said = [word.replace("RETAIL", retail).replace("retail", retail.lower()) for word in words]
    assert sentence in able.refused("price-list", *said)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["NIX"], "product-unknown"),
        (["GAS", "--customer", "C9"], "party-unknown"),
        (["GAS", "--depot", "NIX"], "depot-unknown"),
        (["GAS", "--quantity", "many"], "not-a-number"),
        (["GAS", "--quantity", "0"], "quantity-zero-of"),
        (["GAS", "--quantity", "1.0001"], "quantity-too-fine"),
        (["GAS", "--quantity", "99999999999"], "quantity-implausible-text"),
        (["GAS", "--at", "yesterday"], "not-a-moment"),
        (["GAS", "--at", "0026-01-01"], "not-a-moment"),
    ],
)
def test_a_question_that_nothing_answers_is_a_sentence(able: Line, words: list[str], code: str) -> None:
    ran = able.run("explain", "price", *words)
    assert (ran.code, ran.values["code"], ran.stderr.count("\n")) == (1, code, 1)


def test_of_the_past_it_says_what_is_of_today(able: Line, retail: str) -> None:
    """Lists are as of then; this one had not begun."""
    able.ok("price-list", "add", retail, "--name", "Retail", "--everybody")
    able.ok("price-list", "price", retail, "GAS", "2300")
    told = able.ok("explain", "price", "GAS", "--at", "2026-01-01 06:00", by="")
    assert told["price"] == "2320.00"
    assert [step["code"] for step in told["steps"]] == [
        "price-then-by-today", "price-by-product", "price-comes-to",
    ]  # fmt: skip
    assert "2026-01-01 06:00" in told["steps"][0]["text"]
    now = able.ok("explain", "price", "GAS", by="")
    assert now["steps"][0]["code"] == "price-by-list"
