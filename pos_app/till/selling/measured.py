"""How much of a product a scanned label says there is.

A label of a scale, or a GS1 element string, says a weight or a price beside the product.

Decisions
---------
2026-11-29  What a label says of the goods is used or the scan is refused; it is never sold as one.  A weight
serves for what is sold by weight, a volume for what is sold by volume, and so on.  A price serves for what is
sold by any of these, where a quantity comes out that costs just that: what was weighed under another price,
or by a scale that rounds, would be sold for another amount than the customer reads on it.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pos_app.devices.scale_label import Measure
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.price import FINE, fine_parts
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE, extend
from pos_app.store.master.catalogue import Product

#: Units of products: what they measure, and how many of them are one of that.  All others are counted.
_UNITS: Final = {
    "kg": ("kg", 1),
    "kilo": ("kg", 1),
    "g": ("kg", 1_000),
    "l": ("l", 1),
    "lt": ("l", 1),
    "ltr": ("l", 1),
    "litre": ("l", 1),
    "ml": ("l", 1_000),
    "m": ("m", 1),
    "cm": ("m", 100),
}
_PIECES: Final = ("pc", 1)
_MEASURES: Final = {"kg": "a weight", "l": "a volume", "m": "a length", "pc": "a count", "money": "a price"}
#: The numbers of ISO 4217, as they stand in a GS1 price.
_CURRENCY_NUMBERS: Final = {
    "KES": "404", "TZS": "834", "UGX": "800", "RWF": "646", "SGD": "702", "USD": "840", "EUR": "978",
    "GBP": "826", "KWD": "414", "IDR": "360", "ZAR": "710", "NGN": "566", "GHS": "936", "INR": "356",
}  # fmt: skip


def quantity_of(product: Product, measures: Sequence[Measure], currency: Currency) -> int:
    """The quantity in thousandths of the product's unit; one where the label says nothing of it.

    Raises `Refused` for a measure that the product is not sold by, and for a price that no quantity has.
    """
    if not measures:
        return ONE
    kind, each = _UNITS.get(product.unit.strip().casefold(), _PIECES)
    for measure in measures:
        if measure.unit == kind:
            return _checked(_thousandths(measure.amount * each), product)
    for measure in measures:
        if measure.unit == "money" and kind != "pc":
            return _checked(_at_price(product, measure, currency), product)
    measured = _MEASURES.get(measures[0].unit, "a measure")
    raise Refused("label-in-other-unit", measured=measured, product=product.name[:40], unit=product.unit)


def _thousandths(amount: Decimal) -> int:
    return int((amount * ONE).to_integral_value(ROUND_HALF_UP))


def _at_price(product: Product, measure: Measure, currency: Currency) -> int:
    """The quantity of which the price on the label is the price."""
    if measure.currency_number not in ("", _CURRENCY_NUMBERS.get(currency.code)):
        raise Refused("label-price-in-other-currency", currency=currency.code)
    price = measure.amount * currency.scale
    each = fine_parts(product.price)
    quantity = divide_half_up(int(price) * ONE * FINE, each) if each > 0 else 0
    if quantity <= 0 or extend(product.price, quantity) != price:
        raise Refused("label-price-not-todays", product=product.name[:40])
    return quantity


def _checked(quantity: int, product: Product) -> int:
    if not 0 < quantity <= MOST_ON_A_LINE:
        raise Refused("label-implausible", product=product.name[:40])
    return quantity
