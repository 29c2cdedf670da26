"""Owns what was counted shelf by shelf while a count is entered: one area at hand, the others kept aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pos_app.ledger.stock import CountedArea
from pos_app.ui.entry.line_row import GoodsLine


class Entered(NamedTuple):
    """A line of a count with what was typed into it, in thousandths; None where nothing was yet."""

    line: GoodsLine
    value: int | None


@dataclass
class CountAreas:
    """The areas of a count by name, in the order in which they were begun; `at` is the one at hand.

    The empty name is the whole place, or, once a shelf has a name, the rest of it.
    """

    at: str = ""

    def __post_init__(self) -> None:
        """Nothing is counted yet."""
        self._kept: dict[str, list[Entered]] = {}

    def keep(self, lines: list[Entered]) -> None:
        """What stands on the screen for the area at hand."""
        if lines or self.at in self._kept:
            self._kept[self.at] = lines

    def go(self, name: str) -> list[Entered]:
        """Go to an area, an old one whatever its capitals; gives what was counted there."""
        known = next((one for one in self._kept if one.casefold() == name.casefold()), name)
        self.at = known
        return self._kept.get(known, [])

    def names(self) -> list[str]:
        """The areas of which something was counted."""
        return [name for name, lines in self._kept.items() if lines]

    def entered(self) -> Iterator[tuple[str, Entered]]:
        """Every line with its area."""
        return ((name, one) for name, lines in self._kept.items() for one in lines)

    def sums(self) -> dict[int, int]:
        """What was counted of each product in all areas together."""
        found: dict[int, int] = {}
        for _name, one in self.entered():
            found[one.line.product_id] = found.get(one.line.product_id, 0) + (one.value or 0)
        return found

    def told(self) -> tuple[CountedArea, ...]:
        """As the document has it; nothing where no shelf was named."""
        if not any(self.names()):
            return ()
        return tuple(
            CountedArea(area=name, product_id=one.line.product_id, counted=one.value or 0)
            for name, one in self.entered()
        )

    def where(self, product_id: int) -> list[tuple[str, int]]:
        """In which areas a product was counted, and how much."""
        return [(name, one.value or 0) for name, one in self.entered() if one.line.product_id == product_id]

    def drop(self, products: set[int]) -> None:
        """These are to be counted again, in every area: their figures are forgotten, their lines stay."""
        for name, lines in self._kept.items():
            self._kept[name] = [
                one._replace(value=None) if one.line.product_id in products else one for one in lines
            ]

    def clear(self) -> None:
        """Nothing is counted any more."""
        self.at = ""
        self._kept = {}
