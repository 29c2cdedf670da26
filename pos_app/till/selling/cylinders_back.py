"""Which cylinders change hands when goods come back by their receipt: those that went out with them, back.

Decisions
---------
2026-12-01  A full one that comes back for its empty changes no count of cylinders: one comes, the customer
takes the empty again.  Where a deposit was taken, the cylinder is back when the deposit is: who brings the
fill and keeps the slip keeps the cylinder.  What came of another brand goes back to who brought it.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.document import Sale
from pos_app.ledger.line import PartyRole, ReturnableLine
from pos_app.ledger.line_parts import Gone
from pos_app.store.master import pairs
from pos_app.store.master.pairs import PairKeys


def back(
    connection: Connection, org_id: int, sale: Sale, gone: Mapping[int, Gone], quantities: Mapping[int, int]
) -> tuple[ReturnableLine, ...]:
    """What changes hands when these quantities (index to thousandths) of a sale come back, of which `gone`
    came before.  However it comes back bit by bit, it adds up to what went out.
    """
    if not sale.returnables:
        return ()
    places = {one.product_id: one for one in sale.returnables}
    kept = {key: one.quantity for key, one in gone.items()}
    both = {key: kept.get(key, 0) + quantities.get(key, 0) for key in {*kept, *quantities}}
    before, after = (_up_to(connection, org_id, sale, counts) for counts in (kept, both))
    return tuple(
        ReturnableLine(
            product_id=key,
            quantity=quantity - before.get(key, 0),
            location_id=places[key].location_id,
            party_location_id=places[key].party_location_id,
        )
        for key, quantity in after.items()
        if quantity != before.get(key, 0)
    )


def _up_to(connection: Connection, org_id: int, sale: Sale, counts: Mapping[int, int]) -> dict[int, int]:
    """What changed hands again once so much of each line is back; negative comes to us."""
    net: dict[int, int] = {}
    for one in sale.returnables:
        net[one.product_id] = net.get(one.product_id, 0) + one.quantity
    full: dict[int, int] = {}
    cylinder_of: dict[int, int] = {}
    for at, line in enumerate(sale.lines):
        keys = pairs.pair_of(connection, org_id, line.product_id)
        if keys.empty_id in net and line.quantity > 0:
            cylinder_of[keys.deposit_id] = keys.empty_id
            # Those with a deposit, or sold with their cylinder, come back by the line behind them.
            count = 0 if _is_tied(sale, at + 1, keys) else counts.get(at, 0)
            full[keys.empty_id] = full.get(keys.empty_id, 0) + count
    laid: dict[int, int] = {}
    deposits: dict[int, int] = {}
    for at, line in enumerate(sale.lines):
        cylinder = cylinder_of.get(line.product_id)
        if cylinder is not None and line.chit is not None and line.chit.role is PartyRole.DEPOSIT_SLIP:
            laid[cylinder] = laid.get(cylinder, 0) + line.quantity
            deposits[cylinder] = deposits.get(cylinder, 0) + counts.get(at, 0)
    found = {}
    for key, count in full.items():
        with_slip = min(laid.get(key, 0), max(net[key], 0))
        lent = max(net[key], 0) - with_slip
        found[key] = -min(deposits.get(key, 0), with_slip) - min(count, lent)
    left = sum(full.values())
    for key, quantity in net.items():
        if key not in full and quantity < 0:
            found[key] = min(-quantity, left)
            left -= found[key]
    return {key: quantity for key, quantity in found.items() if quantity}


def _is_tied(sale: Sale, at: int, keys: PairKeys) -> bool:
    """Whether the line there is the deposit on those before it, or the cylinders that were sold with them."""
    if at >= len(sale.lines):
        return False
    line, before = sale.lines[at], sale.lines[at - 1]
    return line.product_id in (keys.deposit_id, keys.empty_id) and line.quantity == before.quantity
