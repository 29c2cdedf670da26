"""`bohari explain cylinders`: where all of a kind are, and the documents that made them more or fewer."""

from typing import Any

from pos_app.cli.answer import Answer
from pos_app.cli.homes import Opened
from pos_app.cli.moments import local
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import plain_quantity
from pos_app.store.stock import cylinders
from pos_app.store.stock.cylinders import Changed, Owned

_PLACES = ("full", "empty", "customers", "suppliers", "road", "owned")


def explain_cylinders(opened: Opened, sku: str) -> Answer:
    """All kinds, or one with its documents.  Raises `Refused` for a code that is no cylinder's.

    All is well where no depot has more fills than cylinders.
    """
    wanted = sku.strip().casefold()
    with opened.database.read() as connection:
        found = cylinders.owned(connection, opened.org_id)
        kinds = [one for one in found if not wanted or one.sku.casefold() == wanted]
        if wanted and not kinds:
            raise Refused("no-such-code", what="cylinders", code=sku[:40])
        changed = cylinders.changed(connection, opened.org_id, kinds[0].product_id) if wanted else ()
    zone = opened.organisation.time_zone
    lines = [f"{'':<24} " + " ".join(f"{place:>10}" for place in _PLACES)]
    lines += [
        f"{one.name[:24]:<24} " + " ".join(f"{plain_quantity(_at(one, place)):>10}" for place in _PLACES)
        for one in kinds
    ]
    lines += [
        f"{local(one.occurred_at, zone):%Y-%m-%d %H:%M}     {one.kind:<18} {one.number:<18}"
        f" {plain_quantity(one.quantity):>10}"
        for one in changed
    ]
    lines += [f"{one.name}: more full ones than cylinders; count both." for one in kinds if one.empty < 0]
    values = {"kinds": [_told(one) for one in kinds], "changed": [_of(one) for one in changed]}
    return Answer(values, lines, all(one.empty >= 0 for one in kinds))


def _at(kind: Owned, place: str) -> int:
    return int(getattr(kind, place))


def _told(kind: Owned) -> dict[str, Any]:
    return {"code": kind.sku, "name": kind.name} | {
        place: plain_quantity(_at(kind, place)) for place in _PLACES
    }


def _of(document: Changed) -> dict[str, Any]:
    return {
        "document": document.document_id,
        "kind": document.kind,
        "number": document.number,
        "occurred_at": document.occurred_at.isoformat(),
        "change": plain_quantity(document.quantity),
    }
