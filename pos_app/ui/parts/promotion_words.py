"""How what a promotion takes off a line is said in the window: its name, and how much."""

from typing import Final

from pos_app.ui.kit.list_rows import Badge

#: So many letters of a promotion's name have room beside what it takes off.
_MOST_NAME: Final = 24


def promotion_badge(name: str, off: str) -> Badge:
    """The badge of a line: what the promotion is called, and what it takes off, as money is read."""
    short = name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 1]}…"
    return Badge(f"{short} {off}", "ok")
