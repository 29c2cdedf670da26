"""Owns the places that a storekeeper chooses from, in words."""

from pos_app.language import _
from pos_app.till.stock.transfers import Location
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Session

_ICONS = {"vehicle": "truck", "customer": "user", "supplier": "store", "scrap": "trash-2"}


def kind_words(kind: str) -> str:
    """What kind of place it is."""
    kinds = {
        "depot": _("depot"),
        "vehicle": _("vehicle"),
        "customer": _("at a customer"),
        "supplier": _("at a supplier"),
        "scrap": _("scrap"),
    }
    return kinds.get(kind, kind)


def place_icon(kind: str) -> str:
    """The icon of a kind of place."""
    return _ICONS.get(kind, "warehouse")


def place_row(place: Location) -> Row:
    """A place in a list."""
    detail = " · ".join(part for part in (place.code, kind_words(place.kind)) if part)
    return Row(place.location_id, place.name or place.code, "", detail, icon=place_icon(place.kind))


def own_places(session: Session) -> dict[int, str]:
    """What can be counted here: this depot first, then its vehicles."""
    till = session.till
    found = {till.location_id: till.place.depot_name}
    for place in till.transfers.places():
        if place.kind == "vehicle" and place.depot_id == till.depot_id:
            found[place.location_id] = place.name or place.code
    return found
