"""The short form of `bohari demo-month`: every type of document, over four tills and the office; the proof.

The long form is the command itself: 5,000 documents, the same checks.
"""

from pathlib import Path

import pytest

from demo.month.month import play, trading_days
from demo.month.proof import Check, Proof
from tests.support.worlds.command_line import bohari


def test_a_short_month_proves_itself_and_can_be_looked_at(tmp_path: Path) -> None:
    home = tmp_path / "server"
    ran = bohari("demo-month", "--documents", "200", "--json", home=home)
    assert ran.code == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    found = ran.values
    assert found["documents"] >= 200
    assert len(found["kinds"]) == 32
    assert {"hledger", "beancount", "till-4 and centre"} <= {one["name"] for one in found["checks"]}
    assert all(one["ok"] for one in found["checks"])
    assert sorted(path.name for path in (home / "tills").iterdir()) == [
        "till-1",
        "till-2",
        "till-3",
        "till-4",
    ]
    # The same seed is the same month, to the byte, in another process and on other keys.
    again = play(tmp_path / "again", seed=1, documents=200, say=lambda _: None)
    assert (again.digest, again.kinds) == (found["digest"], found["kinds"])
    report = bohari(
        "report", "balance-sheet", "--to", "2026-10-31", "--output", tmp_path / "sheet.pdf", home=home
    )
    assert report.code == 0, report.stderr
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    # October is locked: what comes late is dated after it.
    (tmp_path / "late.csv").write_text("account,debit,credit,business\n6100,1000,,WATER\n2120,,1000,WATER\n")
    late = bohari(
        *("entry", tmp_path / "late.csv", "--by", "ACC", "--description", "Rent", "--on", "2026-10-30"),
        home=home,
        BOHARI_PIN="704416",
    )
    assert late.code == 1
    assert "locked through 2026-10-31" in late.stderr


def test_a_home_that_is_there_is_not_played_over(tmp_path: Path) -> None:
    (tmp_path / "bohari.toml").write_text('kind = "central"\norg_id = 1\n')
    ran = bohari("demo-month", "--documents", "200", home=tmp_path)
    assert ran.code == 1
    assert "There is a home in" in ran.stderr


def test_one_check_that_fails_fails_the_month() -> None:
    proof = Proof({"sale": 2}, [Check("trial balance", holds=True, found="0.00")])
    assert proof.holds
    proof.checks.append(Check("till-1 and centre", holds=False, found="one is not the other"))
    assert not proof.holds
    assert "BAD  till-1 and centre: one is not the other" in list(proof.lines(Path("home")))


@pytest.mark.parametrize(("documents", "days"), [(1, 4), (200, 4), (600, 10), (5000, 31)])
def test_a_short_month_is_open_on_fewer_days_to_its_end(documents: int, days: int) -> None:
    open_on = trading_days(documents)
    assert (len(open_on), open_on[0], open_on[-1]) == (days, 20261001, 20261031)
    assert len(set(open_on)) == days
