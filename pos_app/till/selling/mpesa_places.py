"""Where M-Pesa goes: to the number of the business whose goods are paid.

Decisions
---------
2026-11-29  A business with a till or paybill number of its own gets the M-Pesa of its own goods, on its own
account, with a code of its own; the tender asks for each number the exact sum.  A business without one is
collected for by the depot's, as all that is cash is: what it owes the other then stands between businesses.
Where a customer paid all of it to one number all the same, the person says which: that is where the money is.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pos_app.ledger.line import TenderKind
from pos_app.store.master.place import Business, Place
from pos_app.till.selling.basket_state import TenderEntry


class MpesaPlace(NamedTuple):
    """A business that takes M-Pesa, its number (empty: it has none), and what is to go there, minor units."""

    business_id: int
    name: str
    number: str
    due: int

    @property
    def words(self) -> str:
        """The business and its number, for a line."""
        return f"{self.name}, {self.number}" if self.number else self.name


def holder(place: Place, business_id: int) -> Business:
    """The business to whose number the M-Pesa of a business goes."""
    number = next((one.mpesa_number for one in place.businesses if one.business_id == business_id), "")
    if not number:
        return place.business
    # Two businesses with one number have one purse: the depot's, where it is one of them.
    return next(one for one in (place.business, *place.businesses) if one.mpesa_number == number)


def number_of(place: Place, entry: TenderEntry) -> str:
    """The number that a tender was paid to; empty where it is no M-Pesa, or there is none."""
    if entry.kind is not TenderKind.MPESA:
        return ""
    key = entry.business_id or place.business.business_id
    return next((one.mpesa_number for one in place.businesses if one.business_id == key), "")


def places_of(
    place: Place, by_business: Mapping[int, int], tenders: Sequence[TenderEntry], still_due: int
) -> list[MpesaPlace]:
    """Every number that takes M-Pesa: first those to which something is to go, then the others.

    `by_business` is what is settled of each business; `still_due` what is left of it all.
    """
    shares: dict[int, int] = {}
    for business_id, amount in by_business.items():
        key = holder(place, business_id).business_id
        shares[key] = shares.get(key, 0) + amount
    for entry in tenders:
        if entry.kind is TenderKind.MPESA:
            key = entry.business_id or place.business.business_id
            shares[key] = shares.get(key, 0) - entry.amount
    known = {holder(place, one.business_id).business_id: None for one in (place.business, *place.businesses)}
    found, left = [], still_due
    for one in (one for one in place.businesses if one.business_id in known):
        due = min(max(shares.get(one.business_id, 0), 0), left)
        left -= due
        found.append(MpesaPlace(one.business_id, one.name, one.mpesa_number, due))
    return sorted(found, key=lambda one: (not one.due, one.business_id != place.business.business_id))
