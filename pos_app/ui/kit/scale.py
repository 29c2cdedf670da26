"""Owns how large the window is drawn: one factor for type, distances, icons and what a finger has to meet.

Decisions
---------
2026-12-01  Everything is designed for 1024 × 768 and drawn as many times larger as the window's tighter side
allows; where the other side has more to give, a tenth is taken of it.  So 1366 × 768 and 1920 × 1080 show the
same picture, the second larger.  A window below the design is drawn at its size, not smaller: a finger stays
what it is.  Screens are made anew for another factor (see `ui.window`), so that a widget asks once, in its
making, and not in every painting.
"""

from typing import Final

from pos_app.ui.kit import tokens

DESIGN_WIDTH: Final = 1024
DESIGN_HEIGHT: Final = 768
LEAST: Final = 1.0
MOST: Final = 3.0
#: So much more than the tighter side allows is taken where the other side has room.
_STRETCH: Final = 1.1
#: Factors are whole twentieths: a window that is dragged is not made anew at every pixel.
_STEPS: Final = 20


class _Drawn:
    """The factor in force."""

    factor: float = 1.0


def scale_for(width: int, height: int) -> float:
    """The factor for a window of so many pixels: 1.0 at 1024 × 768, 1.1 at 1366 × 768, 1.5 at 1920 × 1080."""
    across, down = width / DESIGN_WIDTH, height / DESIGN_HEIGHT
    wanted = min(max(across, down), min(across, down) * _STRETCH)
    return kept_in_bounds(int(wanted * _STEPS) / _STEPS)


def kept_in_bounds(factor: float) -> float:
    """The nearest factor that the window can be drawn at."""
    return max(LEAST, min(MOST, factor))


def set_scale(factor: float) -> None:
    """Draw everything that is made from now on this many times its design."""
    _Drawn.factor = kept_in_bounds(factor)
    tokens.rescale(_Drawn.factor)


def scale() -> float:
    """The factor in force."""
    return _Drawn.factor


def px(length: float) -> int:
    """A length of the design in pixels of the window: whole ones, so that edges stay sharp."""
    return round(length * _Drawn.factor)
