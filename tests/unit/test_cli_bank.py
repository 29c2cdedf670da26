"""`bohari bank`: an account, a statement in either form, its lines, and what each is of."""

from pathlib import Path

from tests.support.camt import Entry, camt
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_a_statement_is_brought_in_looked_at_and_set_aside(line: Line, tmp_path: Path) -> None:
    told = tmp_path / "statement.xml"
    told.write_text(camt("KE12", [Entry("250.00", "2026-11-05", words="rent")], opening="0.00"))
    assert "statement is of account KE12" in line.refused("bank", "bring", str(told))
    assert line.ok("bank", "account", "1170", "KE 12")["number"] == "KE12"
    for new in (1, 0):
        assert line.ok("bank", "bring", str(told))["statements"] == [
            {"account": "1170", "lines": 1, "new": new}
        ]
    rows = tmp_path / "statement.csv"
    rows.write_text("date,amount,details\n2026-11-05,250.00,rent\n2026-11-06,-3.00,charges\n2026-11-06,x,\n")
    assert "--account" in line.refused("bank", "bring", str(rows))
    ran = line.run("bank", "bring", rows, "--account", "1170", by="ACC")
    assert (ran.values["new"], ran.values["refused"]) == (1, 1)
    lines = line.ok("bank", "lines")["lines"]
    assert [one["line"] for one in lines] == ["1170-20261106-m300-1", "1170-20261105-25000-1"]
    assert line.refused("bank", "accept")
    assert line.refused("bank", "accept", "1170-20261106-m300-1")
    assert line.ok("bank", "accept", "--sure")["accepted"] == []
    line.ok("bank", "aside", "1170-20261106-m300-1", "--reason", "charges")
    line.ok("bank", "undo", "1170-20261106-m300-1", "--reason", "an expense")
    assert len(line.ok("bank", "lines", "--all")["lines"]) == 2
    (account,) = line.ok("bank", "accounts")["accounts"]
    assert (account["bank"], account["open"]) == (250_00, 2)


def test_payments_are_fetched_for_a_day_that_its_provider_still_has(line: Line) -> None:
    assert "two days before" in line.refused("payments", "fetch", "MAIN", "--on", "20200101")
