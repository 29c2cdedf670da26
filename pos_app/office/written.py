"""What people write in files and on command lines, read: days, rates, and lines with their cells by name."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pos_app.language import Sentence
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import from_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.money import parse_decimal, parse_money
from pos_app.ledger.price import Price, parse_price
from pos_app.ledger.quantity import parse_quantity
from pos_app.ledger.rules.amounts import check_day
from pos_app.office import typed_quantities


def day(text: str, what: str) -> int:
    """A day written 2026-11-30, as YYYYMMDD.  Raises `Refused` for anything else, and for 1970 or 2099."""
    try:
        found = from_date(date.fromisoformat(text.strip()))
    except ValueError:
        raise Refused("not-a-date", what=what, text=text[:20]) from None
    check_day(found, what)
    return found


def day_or_moment(text: str, what: str, zone_name: str) -> int:
    """A day as YYYYMMDD, written as such or as a moment in ISO 8601, as other programs send both.

    A moment with a zone is of the day that it is in `zone_name` then.  Raises `Refused` like `day`.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone(zone_name))
    except (ValueError, OverflowError):
        return day(text, what)
    found = from_date(moment.date())
    check_day(found, what)
    return found


def rate(text: str) -> int:
    """Base currency per unit, such as 129.55, in millionths.  Raises `Refused`."""
    scaled = parse_decimal(text, "The exchange rate") * RATE_ONE
    if scaled != scaled.to_integral_value():
        raise Refused("rate-too-fine", text=text.strip()[:40])
    if scaled <= 0:
        raise Refused("rate-not-positive")
    if scaled > 10**18:
        raise Refused("rate-implausible")
    return int(scaled)


def percent(text: str) -> int:
    """Basis points of a percentage.  Raises `Refused`."""
    scaled = parse_decimal(text.strip().removesuffix("%").strip(), "The rate") * 100
    if scaled != scaled.to_integral_value():
        raise Refused("not-a-percentage", text=text[:20])
    return int(scaled)


@dataclass(frozen=True)
class WrittenLine:
    """One line as it was written; `where` names it in a sentence."""

    where: Sentence
    values: dict[str, str]

    @contextlib.contextmanager
    def blamed(self) -> Iterator["WrittenLine"]:
        """Whatever is refused inside is said to be of this line."""
        try:
            yield self
        except Refused as error:
            raise Refused("at-place", where=self.where, why=error.said) from error

    def text(self, name: str) -> str:
        """The value of a column, or nothing."""
        return self.values.get(name, "").strip()

    def amount(self, name: str, money: Currency) -> int | None:
        """An amount in minor units, None where nothing was written.  Raises `Refused`."""
        written = self.text(name)
        return parse_money(written, money, f"The {name}") if written else None

    def price(self, name: str, money: Currency) -> Price | None:
        """A price of one, to four decimals beyond the currency's; None where nothing was written.

        Raises `Refused`.
        """
        written = self.text(name)
        return parse_price(written, money, f"The {name}") if written else None

    def quantity(self, name: str = "quantity") -> int:
        """Thousandths.  Raises `Refused`."""
        return parse_quantity(self.text(name) or "nothing", f"The {name}")

    def typed_quantity(self, name: str = "quantity") -> int | str:
        """Thousandths, or a text where it names a unit ("2cs").  Raises `Refused` for what is no quantity."""
        return typed_quantities.read(self.text(name) or "nothing", f"The {name}")
