"""Who allowed what is in a basket: whether they still may, and what proves that they did.

A basket outlives an approval: it is parked, the till is started anew, somebody else finishes it.  So what
proves it is kept with the basket, closed by the till's pepper and good for this basket's request alone.
"""

from pos_app.ledger.approving import Key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.permission import Permission
from pos_app.store.engine import pepper
from pos_app.store.master import pins
from pos_app.till.selling.basket_state import BasketState
from pos_app.till.session.context import Context

_WHAT = "approval"


def may_still(context: Context, state: BasketState, allowed_by: int | None) -> bool:
    """Whether somebody's leave still counts: they have the right, and it can be proved if anybody's can.

    What a person allowed by their own right counts as theirs, whoever finishes the basket, while they have it
    and the key for it is here.
    """
    if allowed_by is None:
        return False
    own = allowed_by == context.signed_in().person_id
    needed = (Permission.PRICE,) if own else (Permission.PRICE, Permission.APPROVE)
    if not all(context.allows(allowed_by, one.value) for one in needed):
        return False
    if own or allowed_by in keys(context, state):
        return True
    with context.database.read() as connection:
        return not pins.can_prove(connection, context.org_id, allowed_by)


def remember(context: Context, state: BasketState, allowed_by: int) -> None:
    """Keep with a basket what proves that somebody allowed something in it, while they are at hand."""
    key = context.proving.key(allowed_by, state.request_id)
    for answer in context.proving.answers(allowed_by, state.request_id):
        if answer not in state.from_afar:
            state.from_afar.append(answer)
    if key is not None:
        engine = context.database.engine
        state.proofs[allowed_by] = pepper.close(engine, context.org_id, allowed_by, _WHAT, key.hex())


def keys(context: Context, state: BasketState) -> dict[int, Key]:
    """What was kept, by person; what does not open here proves nothing."""
    found: dict[int, Key] = {}
    for one in state.from_afar:
        found[one.person_id] = tuple([each for each in state.from_afar if each.person_id == one.person_id])
    for person_id, kept in state.proofs.items():
        try:
            plain = pepper.reveal(context.database.engine, context.org_id, person_id, _WHAT, kept)
            found[person_id] = bytes.fromhex(plain)
        except (Damaged, ValueError):
            continue
    return found
