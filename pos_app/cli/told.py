"""What a command line says of who is at it."""

from typing import NamedTuple


class Told(NamedTuple):
    """What a command line says of who is at it; the second person only where two must agree."""

    by: str = ""
    pin_file: str = ""
    second: str = ""
    second_pin_file: str = ""
