"""What is left in a cylinder that comes back partly full, by weight.

Weights are whole grams, as a scale at a depot shows them; what is left is in thousandths of a fill, as a
quantity of gas by the cylinder is.
"""

from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.quantity import ONE

#: Tare as stamped and tare as weighed differ by rust, paint and a drop of water.
_NEARLY_G: Final = 100
_MOST_G: Final = 200_000
#: Less than any cylinder that is filled again holds: such a figure is in kilograms.
_LEAST_G: Final = 500


def gas_left(gross_g: int, tare_g: int, content_g: int) -> int:
    """Thousandths of a fill that are left: what the cylinder weighs, less its tare, over its content.

    Raises `Refused` for weights that cannot be: less than the empty cylinder, more than the full one.
    """
    sizes = _LEAST_G <= tare_g <= _MOST_G and _LEAST_G <= content_g <= _MOST_G
    if not (sizes and 0 < gross_g <= 2 * _MOST_G):
        raise Refused("weights-not-in-grams")
    gas_g = gross_g - tare_g
    if gas_g < -_NEARLY_G:
        raise Refused("cylinder-below-tare")
    if gas_g > content_g + _NEARLY_G:
        raise Refused("cylinder-above-full")
    return divide_half_up(min(max(gas_g, 0), content_g) * ONE, content_g)
