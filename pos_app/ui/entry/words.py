"""Owns what the goods screens say of what was recorded: its number, and what the books are short of since."""

from collections.abc import Callable, Mapping, Sequence

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.ledger.quantity import quantity_text
from pos_app.till.session.recorded import Recorded
from pos_app.ui.session import Session

_NAMED = 3


def recorded_words(what: str, done: Recorded) -> tuple[str, str]:
    """ "Send goods: K3-T000001 is recorded." and, where stock went below nothing, what is to be counted."""
    words = _("{what}: {number} is recorded.", what=what, number=done.number)
    return words, short_words(done)


def short_words(done: Recorded) -> str:
    """Of what the books have less than nothing since; empty where there is none."""
    if not done.short:
        return ""
    names = [f"{level.name} {quantity_text(level.quantity)}" for level in done.short[:_NAMED]]
    if len(done.short) > _NAMED:
        names.append("…")
    return _("The books have less than nothing now: {names}. Count it.", names=", ".join(names))


def empty_words(lines: int) -> tuple[str, str]:
    """The question whether all is to be typed again."""
    count = plural(lines, "{count} line", "{count} lines")
    return _("Empty the list?"), _("{count} will have to be entered again.", count=count)


def product_names(session: Session, product_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Name and detail of products by key; what this till does not know is named by its number."""
    found = {}
    for product_id in product_ids:
        try:
            product = session.till.catalogue.by_id(product_id)
        except BohariError:
            found[product_id] = (_("Product {number}", number=product_id), "")
        else:
            found[product_id] = (product.name, f"{product.sku} · {product.unit}")
    return found


def place_names(session: Session) -> Callable[[int], str]:
    """What places are called, read once; this depot by its own name."""
    names = {place.location_id: place.name or place.code for place in session.till.transfers.places()}
    names[session.till.location_id] = session.till.place.depot_name
    return lambda location_id: names.get(location_id) or _("Place {number}", number=location_id)
