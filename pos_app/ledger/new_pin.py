"""What a new PIN may be: digits enough, and none that a thief tries first.

As NIST SP 800-63B wants it of a secret that a person chooses, it is compared with what is expected:
repetitions, runs, and words of the house's own context, which for digits are its dates and telephones.  PINs
of before go on until they are changed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from pos_app.ledger.errors import Refused

MOST_DIGITS: Final = 8
_UP: Final = "01234567890123456789"
_WRITTEN: Final = (
    "%d%m%y",
    "%m%d%y",
    "%y%m%d",
    "%d%m%Y",
    "%m%d%Y",
    "%Y%m%d",
    "%d%m",
    "%m%d",
    "%Y",
    "%m%Y",
    "%Y%m",
)


def check(pin: str, least: int, dates: Iterable[date] = (), numbers: Iterable[str] = ()) -> None:
    """Raise `Refused` unless this may be somebody's new PIN.

    `least` digits at least; `dates` are days that everybody at the shop knows, `numbers` its telephones.
    """
    if not (pin.isascii() and pin.isdigit()) or not least <= len(pin) <= MOST_DIGITS:
        raise Refused("new-pin-length", least=least, most=MOST_DIGITS)
    if _is_repeated(pin) or pin in _UP or pin in _UP[::-1] or len(set(pin)) <= 2 < len(pin) - 1:
        raise Refused("new-pin-trivial")
    if any(pin == one.strftime(form) for one in dates for form in _WRITTEN):
        raise Refused("new-pin-is-date")
    if any(pin in "".join(letter for letter in number if letter.isdigit()) for number in numbers):
        raise Refused("new-pin-is-number")


def _is_repeated(pin: str) -> bool:
    """111111, 121212, 123123: one part again and again."""
    return any(
        pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1) if len(pin) % size == 0
    )
