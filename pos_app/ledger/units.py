"""Units of measure: what each is known by, how fine it is typed, and what one of it is in another.  Pure.

Codes are those of UN/ECE Recommendation 20, and for packages of Recommendation 21, which it takes over: what
electronic invoices name.  What stands on a product, a line and a paper is the unit's word: pc, kg.

Decisions
---------
2026-11-30  A product keeps the word of its unit and not a key, as it does with its category: documents, tills
of before and every file of products know that word.

2026-11-30  A unit says of at most one other what one of it is: a gram is 0.001 kg, a tonne 1000 kg.  So there
is one way from any unit to any other, and no two ways can contradict each other; what would lead round is
refused.  Exact fractions are reckoned with; what comes out finer than a thousandth is refused and never
rounded, for it would be stock that nobody has.

2026-11-30  The books count in the unit of the product alone.  A case is a word for twelve of it on the way in
and out: no balance, no count and no price of the past depends on how something was packed.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_decimal
from pos_app.ledger.quantity import MOST_ON_A_LINE, quantity_text

#: Factors are kept in thousand-millionths: a pound is 0.45359237 kg to the last decimal.
NANO: Final = 1_000_000_000
#: No unit of a shop is more than a million of another one.
MOST_FACTOR: Final = 1_000_000
#: Thousandths are what the books count in.
MOST_DECIMALS: Final = 3


class Unit(NamedTuple):
    """A unit: `word` stands on products and papers, `decimals` is how many a quantity of it may have.

    `local_name` is what it is called in the shop's other language.  One of it is `factor_nano`
    thousand-millionths of the unit `of_code`; it is by itself where that is empty.
    """

    code: str
    word: str
    name: str
    local_name: str = ""
    decimals: int = 0
    of_code: str = ""
    factor_nano: int = 0
    active: int = 1

    @property
    def factor(self) -> Fraction:
        """How many of `of_code` one is."""
        return Fraction(self.factor_nano, NANO)


Units = Mapping[str, Unit]


def named(units: Units, text: str) -> Unit | None:
    """The unit that a text means: by its word first, then by its code, then by its names."""
    wanted = text.strip().casefold()
    for part in ("word", "code", "name", "local_name") if wanted else ():
        found = sorted(code for code, one in units.items() if getattr(one, part).casefold() == wanted)
        if found:
            return units[found[0]]
    return None


def to_root(units: Units, code: str) -> tuple[str, Fraction]:
    """The unit at the end of the conversions, and how many of it one is.

    Raises `Refused` for a circle, which no change of ours makes.
    """
    ratio, passed = Fraction(1), {code}
    while (unit := units.get(code)) is not None and unit.of_code:
        ratio *= unit.factor
        code = unit.of_code
        if code in passed:
            raise Refused("unit-conversion-circle", unit=unit.word, of=code)
        passed.add(code)
    return code, ratio


def ratio(units: Units, of: str, to: str) -> Fraction | None:
    """How many of the unit `to` one of `of` is; None where no conversion leads from one to the other."""
    root, down = to_root(units, of)
    other, up = to_root(units, to)
    return down * Fraction(up.denominator, up.numerator) if root == other else None


def converted(quantity: int, times: Fraction) -> int:
    """Thousandths of one unit as thousandths of another.  Raises `Refused` where that is no whole number of
    them, or more than a line may hold.
    """
    exact = quantity * times
    if exact.denominator != 1:
        raise Refused("unit-conversion-too-fine", quantity=quantity_text(quantity))
    if abs(exact.numerator) > MOST_ON_A_LINE:
        raise Refused("quantity-implausible-text", what="The quantity", text=quantity_text(exact.numerator))
    return exact.numerator


def check_decimals(quantity: int, unit: Unit) -> None:
    """Raise `Refused` for a quantity (thousandths) that is finer than its unit is counted in."""
    if quantity % 10 ** (MOST_DECIMALS - unit.decimals):
        raise Refused(
            "quantity-finer-than-unit",
            text=quantity_text(quantity),
            unit=unit.word,
            most=unit.decimals,
        )


def check_conversion(units: Units, unit: Unit) -> None:
    """Raise `Refused` for a unit that says something impossible of another: one that there is not, nothing
    or too much of it, a way round, or another measure than the one that the world has agreed on.
    """
    if not unit.of_code:
        return
    if unit.of_code not in units:
        raise Refused("unit-unknown", unit=unit.of_code[:20])
    if not 0 < unit.factor_nano <= MOST_FACTOR * NANO:
        raise Refused("unit-factor-implausible", most=MOST_FACTOR)
    of = units[unit.of_code]
    if unit.code == unit.of_code or unit.code in _way(units, unit.of_code):
        raise Refused("unit-conversion-circle", unit=unit.word, of=of.word)
    agreed = ratio(_AGREED, unit.code, unit.of_code) if {unit.code, unit.of_code} <= _AGREED.keys() else None
    if agreed is not None and agreed != unit.factor:
        raise Refused("unit-conversion-contradicts", unit=unit.word, of=of.word, factor=factor_text(agreed))


def _way(units: Units, code: str) -> set[str]:
    """The units that conversions lead through from one on."""
    passed: set[str] = set()
    while code and code not in passed:
        passed.add(code)
        code = units[code].of_code if code in units else ""
    return passed


def parse_factor(text: str) -> int:
    """A factor in thousand-millionths.  Raises `Refused` for no number, nothing, less or too much, and for
    more decimals than nine.
    """
    scaled = parse_decimal(text, "The factor") * NANO
    if scaled != scaled.to_integral_value() or not 0 < scaled <= MOST_FACTOR * NANO:
        raise Refused("unit-factor-implausible", most=MOST_FACTOR)
    return int(scaled)


def factor_text(factor: Fraction) -> str:
    """A factor as it is written: 12, 0.45359237; what has no end in decimals as a fraction."""
    nano = factor * NANO
    if nano.denominator != 1:
        return f"{factor.numerator}/{factor.denominator}"
    whole, part = divmod(nano.numerator, NANO)
    return f"{whole}.{part:09d}".rstrip("0") if part else str(whole)


def _of(known: str, name: str, local: str, decimals: int = 0, is_: str = "") -> Unit:
    code, _, word = known.partition(" ")
    factor, _, of = is_.partition(" ")
    return Unit(code, word, name, local, decimals, of, parse_factor(factor) if factor else 0)


#: The units with which every organisation is founded.
FOUNDING: Final = (
    _of("C62 pc", "piece", "kipande"),
    _of("H87 pcs", "pieces", "vipande", 0, "1 C62"),
    _of("PR pr", "pair", "jozi", 0, "2 C62"),
    _of("DZN dz", "dozen", "dazani", 0, "12 C62"),
    _of("GRO gro", "gross", "grosi", 0, "144 C62"),
    _of("SET set", "set", "seti"),
    _of("KGM kg", "kilogram", "kilogramu", 3),
    _of("GRM g", "gram", "gramu", 0, "0.001 KGM"),
    _of("TNE t", "tonne", "tani", 3, "1000 KGM"),
    _of("LBR lb", "pound", "ratili", 3, "0.45359237 KGM"),
    _of("LTR l", "litre", "lita", 3),
    _of("MLT ml", "millilitre", "mililita", 0, "0.001 LTR"),
    _of("MTQ m3", "cubic metre", "mita za ujazo", 3, "1000 LTR"),
    _of("MTR m", "metre", "mita", 3),
    _of("CMT cm", "centimetre", "sentimita", 1, "0.01 MTR"),
    _of("MTK m2", "square metre", "mita za mraba", 3),
    _of("HUR h", "hour", "saa", 2),
    _of("DAY day", "day", "siku", 1),
    _of("KWH kWh", "kilowatt hour", "kilowati saa", 3),
    _of("CS cs", "case", "kesi"),
    _of("CT carton", "carton", "katoni"),
    _of("BX box", "box", "boksi"),
    _of("BG bag", "bag", "mfuko"),
    _of("SA sack", "sack", "gunia"),
    _of("PK pack", "packet", "pakiti"),
    _of("CR crate", "crate", "kreti"),
    _of("BO btl", "bottle", "chupa"),
    _of("CA can", "tin", "kopo"),
    _of("RO roll", "roll", "roli"),
    _of("TU tube", "tube", "tyubu"),
)
#: What the world has agreed on: no shop's kilogram has another number of grams.
_AGREED: Final[Units] = {one.code: one for one in FOUNDING if one.code != "H87"}
