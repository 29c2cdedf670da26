"""`bohari bags`: what is on its way, a statement that names bags which are not, and what no statement is."""

from pathlib import Path

from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_a_statement_that_names_no_bag_of_ours(line: Line, tmp_path: Path) -> None:
    assert line.ok("bags", "list", by="")["count"] == 0
    assert "No bag KCB7 is on its way" in line.refused("bags", "banked", "KCB7", "--arrived", "500.00")
    told = tmp_path / "statement.csv"
    told.write_text("bag,amount,reference\nKCB7,500.00,S1\n", encoding="utf-8")
    ran = line.run("bags", "statement", "--lines", told, by="ACC")
    (shown,) = ran.values["lines"]
    assert (ran.code, ran.values["banked"], "No bag KCB7" in shown["refused"]) == (1, 0, True)
    told.write_text("date,what\n2026-11-05,KCB7\n", encoding="utf-8")
    assert "amount" in line.refused("bags", "statement", "--lines", str(told))
