"""The demo plays a depot's day by the window's keys, through an outage and a kill, and all balances agree."""

from pathlib import Path

from tests.support.worlds.command_line import bohari


def test_the_scripted_cashier_gets_through_the_day(tmp_path: Path) -> None:
    ended = bohari("demo", "--headless", "--output", tmp_path / "out")
    assert ended.code == 0, ended
    screens = {path.stem for path in (tmp_path / "out" / "screens").iterdir()}
    # To the very end: the drawer is closed, with all money of its shift.
    assert {"15-other-money", "17-drawer-closed"} <= screens
