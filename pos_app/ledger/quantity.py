"""Quantities: integers in thousandths of a product's unit (3 pieces = 3000; 1.255 kg = 1255)."""

from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up, parse_decimal
from pos_app.ledger.price import FINE, Price, fine_parts

ONE: Final = 1000
HALF: Final = ONE // 2
#: A million pieces on one line is a scanned barcode in the quantity field, not a sale.
MOST_ON_A_LINE: Final = 1_000_000 * ONE
#: What a meter shows at most, in thousandths: no meter has more digits.
MOST_READING: Final = 10**12


def parse_reading(text: str, what: str = "The reading") -> int:
    """What a meter shows, in thousandths; it may show nothing yet.

    Raises `Refused` for no number, below nothing, finer than a thousandth, or an absurd size.
    """
    scaled = parse_decimal(text, what) * ONE
    if scaled != scaled.to_integral_value():
        raise Refused("quantity-too-fine", what=what, text=text.strip())
    if not 0 <= scaled < MOST_READING:
        raise Refused("meter-reading-implausible")
    return int(scaled)


def parse_quantity(text: str, what: str = "The quantity") -> int:
    """Thousandths from text ("2", "1.25", "-3").

    Raises `Refused` for no number, finer than a thousandth, or an absurd size.  Zero is refused.
    """
    scaled = parse_decimal(text, what) * ONE
    if scaled != scaled.to_integral_value():
        raise Refused("quantity-too-fine", what=what, text=text.strip())
    if scaled == 0:
        raise Refused("quantity-zero-of", what=what)
    if abs(scaled) > MOST_ON_A_LINE:
        raise Refused("quantity-implausible-text", what=what, text=text.strip()[:40])
    return int(scaled)


def quantity_text(thousandths: int) -> str:
    """The quantity without needless zeros: 3000 is "3", 1250 is "1.25", -500 is "−0.5"."""
    whole, part = divmod(abs(thousandths), ONE)
    text = f"{whole:,}" + (f".{part:03d}".rstrip("0") if part else "")
    return f"\u2212{text}" if thousandths < 0 else text


def plain_quantity(thousandths: int) -> str:
    """For a program: no thousands separator, and the minus of a keyboard, such as -1234.5."""
    return quantity_text(thousandths).replace(",", "").replace("\u2212", "-")


def extend(unit_price: Price, quantity: int) -> int:
    """Unit price times quantity in minor units, rounded half away from zero."""
    if isinstance(unit_price, int):
        return divide_half_up(unit_price * quantity, ONE)
    return divide_half_up(fine_parts(unit_price) * quantity, ONE * FINE)
