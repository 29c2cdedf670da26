"""`bohari drill` as a shop runs it, with a program that is really killed; books that lie are found."""

from pathlib import Path

import pytest

from pos_app.cli import drill_proof
from pos_app.cli.drill_proof import Entry, Evidence, Pull
from pos_app.ledger.document import document_key
from tests.support.worlds.command_line import bohari

TILL = 1
FLOAT = 1_000_00


def test_everything_is_pulled_and_nothing_is_missing(tmp_path: Path, central_url: str) -> None:
    report = tmp_path / "report.txt"
    told = bohari(
        *("drill", "--sales", "2", "--rounds", "1", "--seed", "7", "--report", report, "--json"),
        *("--database", central_url),
        home=tmp_path / "shop",
    )
    assert told.code == 0, told
    values = told.values
    pulls = {one["pulled"]: one for one in values["pulls"]}
    assert list(pulls) == ["nothing", "network", "printer", "power", "all"]
    # It was really gone: what was sold meanwhile waited, and came when it was back.
    assert [pulls[name]["waited"] for name in ("nothing", "network", "printer")] == [None, 2, 2]
    assert pulls["all"]["waited"] >= 1
    for one in pulls.values():
        assert one["paid"] >= 1
        assert one["till"] == one["centre"] == one["receipts"] + one["receipts_unsure"] >= one["paid"]
    assert values["missing"] == []
    assert {one["name"] for one in values["findings"]} >= {"sales", "drawer", "receipts", "books"}
    assert "Nothing is missing." in report.read_text()
    assert list((tmp_path / "shop").iterdir()) == []


def _key(seq: int) -> int:
    return document_key(TILL, seq)


def _found() -> Evidence:
    """Two sales before a pull and two while it lasted; the last was whole before the screen said so."""
    books = {_key(seq): Entry(f"D1-S00000{seq}", seq * 100, bytes([seq])) for seq in (2, 3, 4, 5)}
    return Evidence(
        sold={_key(seq): seq * 100 for seq in (2, 3, 4)},
        till=books,
        centre=dict(books),
        papers={entry.number: 1 for entry in books.values()},
        unsure=frozenset(),
        drawer=FLOAT + 1_400,
    )


PULLS = [Pull("nothing", "nothing", 3), Pull("network", "the network", 5, 2)]


def judged(found: Evidence) -> tuple[list[str], set[str]]:
    """What is missing, and which findings are bad."""
    table = drill_proof.rows(found, PULLS, TILL)
    return (
        [one for row in table for one in row.missing],
        {one.name for one in drill_proof.findings(found, table, FLOAT) if not one.ok},
    )


def test_a_whole_drill_is_whole_and_its_table_adds_up() -> None:
    assert judged(_found()) == ([], set())
    first, second = drill_proof.rows(_found(), PULLS, TILL)
    assert (first.sold, first.till, first.amount) == (2, 2, 500)
    assert (second.sold, second.till, second.centre, second.papers, second.amount) == (1, 2, 2, 2, 900)


@pytest.mark.parametrize("lost", ["till", "centre", "paper", "changed", "amount"])
def test_what_is_lost_on_any_side_is_named(lost: str) -> None:
    found = _found()
    books, key = dict(found.till), _key(3)
    entry = books.pop(key)
    match lost:
        case "till":
            lying = found._replace(till=books, drawer=FLOAT + 1_100)
            assert judged(lying) == ([str(key)], {"sales"})
        case "centre":
            assert judged(found._replace(centre=books)) == ([entry.number], {"sales"})
        case "paper":
            papers = {**found.papers, entry.number: 0}
            assert judged(found._replace(papers=papers)) == ([entry.number], {"sales"})
            # Where the till asks a person to look at the paper, it is not lost.
            assert judged(found._replace(papers=papers, unsure=frozenset({key}))) == ([], set())
        case "changed":
            centre = {**books, key: entry._replace(hash=b"other")}
            assert judged(found._replace(centre=centre)) == ([entry.number], {"sales"})
        case _:
            assert judged(found._replace(sold={**found.sold, key: 1})) == ([str(key)], {"sales"})


def test_a_drawer_that_does_not_add_up_and_paper_that_came_twice_are_bad() -> None:
    found = _found()
    assert judged(found._replace(drawer=FLOAT)) == ([], {"drawer"})
    assert judged(found._replace(papers={**found.papers, "D1-S000002": 2})) == ([], {"receipts"})
    assert judged(found._replace(troubles=("a hash is wrong",))) == ([], {"books"})
    # What was never gone proves nothing.
    table = drill_proof.rows(found, [PULLS[0], PULLS[1]._replace(waited=0)], TILL)
    assert not next(one for one in drill_proof.findings(found, table, FLOAT) if one.name == "network").ok
