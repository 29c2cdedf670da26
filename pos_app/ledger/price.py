"""Prices of one unit, which may have more decimals than their currency: 0.265 dollars for a unit of gas.

Decisions
---------
2026-11-29  A price is minor units and ten-thousandths of one beside them: two integers in documents, tables
and on the wire, the second left out where it is nothing, so that every document of before keeps its bytes.
A single number in a finer unit would be read a thousand times too large by whoever does not know of it; the
fine part left unread costs less than a minor unit.  In the program a price is an int where it is whole and a
`Decimal` where it is not, never a float; what a line comes to is rounded once, half away from zero.
"""

from decimal import Decimal
from typing import Final, TypeAlias, TypedDict

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR, parse_decimal

#: Minor units; a `Decimal` only where the price is no whole number of them.
Price: TypeAlias = int | Decimal

#: So many fine parts make one minor unit.
FINE: Final = 10_000
PRICE_PLACES: Final = 4


def exact(whole: int, fine: int) -> Price:
    """The price of so many minor units and ten-thousandths of one."""
    return whole if fine == 0 else Decimal(whole * FINE + fine).scaleb(-PRICE_PLACES)


def fine_parts(price: Price) -> int:
    """A price in ten-thousandths of a minor unit; what is finer than that is cut off."""
    return price * FINE if isinstance(price, int) else int(price.scaleb(PRICE_PLACES))


def of_fine_parts(parts: int) -> Price:
    """The price of so many ten-thousandths of a minor unit."""
    return exact(*divmod(parts, FINE))


def split(price: Price) -> tuple[int, int]:
    """Minor units and ten-thousandths of one, as documents and tables keep a price."""
    return (price, 0) if isinstance(price, int) else divmod(fine_parts(price), FINE)


class PriceFields(TypedDict):
    """A price as the fields of a line."""

    unit_price: int
    price_fine: int


class ListPriceFields(TypedDict):
    """What the list says as the fields of a line; None where that is what is charged."""

    list_price: int | None
    list_price_fine: int


def price_fields(price: Price) -> PriceFields:
    """A price as the fields of a line."""
    whole, fine = split(price)
    return {"unit_price": whole, "price_fine": fine}


def list_price_fields(price: Price | None) -> ListPriceFields:
    """What the list says as the fields of a line."""
    whole, fine = (None, 0) if price is None else split(price)
    return {"list_price": whole, "list_price_fine": fine}


def price_places(currency: Currency) -> int:
    """How many decimals a price may have."""
    return currency.exponent + PRICE_PLACES


def parse_price(text: str, currency: Currency, what: str = "The price") -> Price:
    """A price from text in major units: "0.265" is 26.5 cents.

    Raises `Refused` for what is no number, has more than four decimals beyond those of the currency, or is
    absurdly large.
    """
    parts = parse_decimal(text, what) * currency.scale * FINE
    if parts != parts.to_integral_value():
        raise Refused("price-too-fine", what=what, text=text.strip()[:40], decimals=price_places(currency))
    if abs(parts) > MOST_MINOR * FINE:
        raise Refused("amount-too-large-of", what=what, text=text.strip()[:40])
    return of_fine_parts(int(parts))


def price_text(price: Price, currency: Currency) -> str:
    """A price for a person's eye: with the currency's decimals, and more where it has more ("0.265")."""
    places = price_places(currency)
    written = f"{Decimal(fine_parts(price)).scaleb(-places):,.{places}f}".replace("-", "\u2212")
    fewest = len(written) - PRICE_PLACES
    if currency.exponent == 0:
        return written.rstrip("0").rstrip(".")
    return written[:fewest] + written[fewest:].rstrip("0")


def plain_price(price: Price, currency: Currency) -> str:
    """A price for a program: no thousands separator, and the minus of a keyboard."""
    return price_text(price, currency).replace(",", "").replace("\u2212", "-")
