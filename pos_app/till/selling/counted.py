"""How much a person means who types a quantity in a unit: two dozen of what is sold by the piece are 24."""

from pos_app.ledger import units as measures
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import ONE
from pos_app.store.master import units
from pos_app.till.session.context import Context


def counted(context: Context, own: str, quantity: int, unit: str = "") -> int:
    """So many thousandths of a unit, as thousandths of a product's `own` one (its word).

    Without a unit the product's own is meant.  Raises `Refused` for more decimals than the unit has, for one
    that there is not, and for one that the product's cannot be reckoned from.
    """
    if not unit and quantity % ONE == 0:
        return quantity
    with context.database.read() as connection:
        known = units.all_of(connection, context.org_id)
    its = measures.named(known, own)
    meant = its if not unit else measures.named(known, unit)
    if meant is None:
        if unit:
            raise Refused("unit-unknown", unit=unit[:20])
        # The centre has told of no units yet: nothing is known of how fine they are.
        return quantity
    measures.check_decimals(quantity, meant)
    if its is None or meant.code == its.code:
        if its is None:
            raise Refused("unit-of-other-measure", unit=meant.word, own=own[:20])
        return quantity
    times = measures.ratio(known, meant.code, its.code)
    if times is None:
        raise Refused("unit-of-other-measure", unit=meant.word, own=its.word)
    found = measures.converted(quantity, times)
    measures.check_decimals(found, its)
    return found
