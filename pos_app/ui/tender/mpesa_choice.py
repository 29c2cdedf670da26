"""Owns to whose number M-Pesa goes: where the next sum is to go, or the one that the person chose."""

from pos_app.till.selling.mpesa_places import MpesaPlace
from pos_app.till.selling.takings import Takings


def _numbered(takings: Takings) -> list[MpesaPlace]:
    """Where M-Pesa can go: to a number.  What we hand back goes to the customer's own."""
    return [one for one in takings.mpesa_places() if one.number or takings.hands_back]


def takes_mpesa(takings: Takings) -> bool:
    """Whether there is a number for any of what is still to be paid."""
    found = _numbered(takings)
    return any(one.due for one in found) or (bool(found) and not takings.exact_due())


class MpesaChoice:
    """One of the numbers that take M-Pesa, or none while something else is laid down."""

    def __init__(self) -> None:
        self._place: MpesaPlace | None = None
        self._several = False

    def begin(self, takings: Takings) -> None:
        """Where the next sum is to go."""
        places = _numbered(takings)
        self._place, self._several = places[0], len(places) > 1

    def next(self, takings: Takings) -> None:
        """The next number: the customer paid there."""
        places = _numbered(takings)
        keys = [one.business_id for one in places]
        self._place = places[(keys.index(self.business_id) + 1) % len(places)]

    def end(self) -> None:
        """Something else is laid down."""
        self._place, self._several = None, False

    @property
    def business_id(self) -> int:
        """Whose number it is; 0 for none."""
        return 0 if self._place is None else self._place.business_id

    @property
    def due(self) -> int:
        """What is to go there, in minor units."""
        return 0 if self._place is None else self._place.due

    @property
    def words(self) -> str:
        """Whose number, and which, where there is something to tell."""
        if self._place is None:
            return ""
        return self._place.words if self._several else self._place.number

    def another_is_due(self, takings: Takings) -> bool:
        """Whether what is left goes to another number: it is asked for next."""
        return any(one.due for one in _numbered(takings)[:1] if one.business_id != self.business_id)
