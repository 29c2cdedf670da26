"""The unit that the row of a product names: one that there is, by its word, its code or its names.

Decisions
---------
2026-11-30  The unit of goods that lie somewhere is not changed into another one: twelve kilograms would be
twelve pieces from one moment to the next, and nothing in the books would say so.  Count or adjust them to
nothing first, or make a product of its own.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger import units as measures
from pos_app.ledger.quantity import quantity_text
from pos_app.ledger.units import Unit, Units
from pos_app.store.master import units
from pos_app.store.organisation import product_types
from pos_app.store.organisation.product_row import ProductRow


def refused(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[int, Sentence]:
    """Which rows (by key) name a unit that there is not or that is archived, or another one for goods that
    lie somewhere, or that are packed.
    """
    known = units.all_of(connection, org_id)
    before = _words(connection, org_id, rows)
    changed = [
        key for key, row in rows.items() if key in before and not _is_same(known, before[key], row.unit or "")
    ]
    lies = product_types.lying(connection, org_id, changed) if changed else {}
    packed = _packed(connection, org_id, changed) if changed else set()
    reasons: dict[int, Sentence] = {}
    for key, row in rows.items():
        word, stays = row.unit or "", key in before and key not in changed
        found = measures.named(known, word)
        if found is None:
            # What it was before the units had rows it may stay.
            if not stays:
                reasons[key] = said("unit-unknown", unit=word[:20])
        elif row.active and not found.active and not stays:
            reasons[key] = said("unit-archived", unit=found.word)
        elif key in lies:
            reasons[key] = said(
                "product-unit-has-stock",
                sku=row.sku[:40],
                unit=found.word,
                before=before[key],
                quantity=quantity_text(lies[key]),
            )
        elif key in packed:
            reasons[key] = said("product-unit-has-packs", sku=row.sku[:40], before=before[key])
    return reasons


def settle(connection: Connection, org_id: int, rows: dict[int, ProductRow]) -> None:
    """Spell the units of rows as they are spelt; what a product said already stays as it is."""
    known = units.all_of(connection, org_id)
    before = _words(connection, org_id, rows)
    for key, row in rows.items():
        word = row.unit or ""
        found = measures.named(known, word)
        if key in before and _is_same(known, before[key], word):
            rows[key] = row._replace(unit=before[key])
        elif found is not None:
            rows[key] = row._replace(unit=found.word)


def _is_same(known: Units, before: str, now: str) -> bool:
    return before.casefold() == now.casefold() or _code(known, before) == _code(known, now) != ""


def _code(known: Units, word: str) -> str:
    found: Unit | None = measures.named(known, word)
    return "" if found is None else found.code


def _words(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[int, str]:
    """The units of those of these products that there are, by key."""
    found = connection.execute(
        text("SELECT product_id, unit FROM product WHERE org_id = :org AND product_id = ANY (:keys)"),
        {"org": org_id, "keys": sorted(rows)},
    )
    return {int(row[0]): str(row[1]) for row in found}


def _packed(connection: Connection, org_id: int, keys: list[int]) -> set[int]:
    found = connection.execute(
        text(
            "SELECT DISTINCT product_id FROM product_pack"
            " WHERE org_id = :org AND product_id = ANY (:keys) AND active = 1"
        ),
        {"org": org_id, "keys": keys},
    )
    return {int(row[0]) for row in found}
