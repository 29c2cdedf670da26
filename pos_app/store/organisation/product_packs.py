"""What rows of products say of packs: checked against each other and all that is there, then written.

Decisions
---------
2026-12-01  A barcode is on one thing: a product, or a pack of one.  Who scans twelve for one, or one for
twelve, has the stock wrong by eleven and does not see it.

2026-12-01  A pack that is not named any more is archived, as a row: tills forget it by the feed, and the
centre still judges by it what a till charged that had not heard.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger import units as measures
from pos_app.ledger.errors import Refused
from pos_app.ledger.pack import PackTerms, each_of
from pos_app.ledger.price import split
from pos_app.ledger.product_type import BEHAVIOUR, ProductType
from pos_app.ledger.quantity import ONE
from pos_app.ledger.units import Units
from pos_app.store.master import packs as stored
from pos_app.store.master import units
from pos_app.store.organisation import in_bulk, pack_barcodes
from pos_app.store.organisation.pack_barcodes import Carried
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables.unit_tables import product_pack

Rows = Mapping[int, ProductRow]

_PACKS: Final = (
    f"SELECT k.product_id, k.unit_code, k.quantity, k.price, {stored.barcodes_sql('k')}, p.sku"
    " FROM product_pack AS k"
    " JOIN product AS p ON p.org_id = k.org_id AND p.product_id = k.product_id"
    " WHERE k.org_id = :org AND k.active = 1"
)


class _Packed(NamedTuple):
    """A pack as it lies there, and of what."""

    product_id: int
    sku: str
    pack: PackTerms


def refused(connection: Connection, org_id: int, rows: Rows) -> dict[int, Sentence]:
    """Why rows (by key) cannot be written: of their packs, of what they are now that are packed, of barcodes
    that are on a pack.
    """
    told = {key: row for key, row in rows.items() if row.packs is not None}
    before = _of_products(connection, org_id, [key for key in rows if key not in told])
    # What lies there keeps its barcodes before what is new takes any.
    packs = {key: tuple(one.pack for one in found) for key, found in before.items()}
    packs |= {key: row.packs or () for key, row in told.items()}
    reasons: dict[int, Sentence] = {}
    known = units.all_of(connection, org_id) if any(packs.values()) else {}
    stood = _of_products(connection, org_id, list(told)) if told else {}
    for key, its in packs.items():
        kept = {one.pack.unit for one in stood.get(key, ())}
        reason = _impossible(known, rows[key], its, kept) if its else None
        if reason is not None:
            reasons[key] = reason
    return reasons | _taken(connection, org_id, rows, packs)


def _impossible(
    known: Units, row: ProductRow, packs: tuple[PackTerms, ...], kept: set[str]
) -> Sentence | None:
    """Why a product cannot be packed so; in the units of `kept` it is packed already."""
    behaviour = BEHAVIOUR[ProductType(row.type or ProductType.GOODS)]
    if behaviour.by_meter or behaviour.no_sale or behaviour.stocked is False:
        return said("pack-of-other-type", sku=row.sku[:40], type=row.type or "")
    its = measures.named(known, row.unit or "")
    for one in packs:
        unit = known.get(one.unit)
        if unit is None:
            return said("unit-unknown", unit=one.unit[:20])
        if not unit.active and row.packs is not None and one.unit not in kept:
            return said("unit-archived", unit=unit.word)
        if its is None:
            continue
        if its.code == unit.code:
            return said("pack-of-own-unit", sku=row.sku[:40], unit=unit.word)
        agreed = measures.ratio(known, unit.code, its.code)
        if agreed is not None and agreed * ONE != one.size:
            factor = measures.factor_text(agreed)
            return said("unit-conversion-contradicts", unit=unit.word, of=its.word, factor=factor)
        try:
            measures.check_decimals(one.size, its)
        except Refused as error:
            return error.said
    return None


def _taken(
    connection: Connection, org_id: int, rows: Rows, packs: Mapping[int, tuple[PackTerms, ...]]
) -> dict[int, Sentence]:
    """Which rows have a barcode that is on something else, as it will be once all of them are written."""
    on_pack: dict[str, tuple[int, str, str]] = {}
    reasons: dict[int, Sentence] = {}
    codes = [code for its in packs.values() for one in its for code in one.barcodes]
    codes += [code for row in rows.values() for code in row.barcodes or ()]
    if not codes:
        return {}
    for other in pack_barcodes.on_packs(connection, org_id, codes):
        if other.product_id not in rows:
            on_pack[other.barcode] = other.product_id, other.sku, other.unit
    named = [(key, one.unit, code) for key, its in packs.items() for one in its for code in one.barcodes]
    for key, unit, code in named:
        found = on_pack.setdefault(code, (key, rows[key].sku, unit))
        if found != (key, rows[key].sku, unit):
            reasons[key] = said("barcode-on-pack", barcode=code, product=found[1], unit=found[2])
    on_product = _on_products(connection, org_id, codes, rows)
    for key, _, code in named:
        if code in on_product and rows[key].packs is not None:
            product = on_product[code]
            reasons.setdefault(key, said("barcode-on-other-product", barcode=code, product=product))
    for key, row in rows.items():
        for code in row.barcodes or ():
            if code in on_pack:
                _, product, unit = on_pack[code]
                reasons.setdefault(key, said("barcode-on-pack", barcode=code, product=product, unit=unit))
    return reasons


def _on_products(connection: Connection, org_id: int, codes: list[str], rows: Rows) -> dict[str, str]:
    """Which of these barcodes are on a product, with its code, once the rows are written."""
    found = connection.execute(
        text(
            "SELECT b.barcode, p.product_id, p.sku FROM product_barcode AS b JOIN product AS p"
            " ON p.org_id = b.org_id AND p.product_id = b.product_id"
            " WHERE b.org_id = :org AND b.barcode = ANY (:codes)"
        ),
        {"org": org_id, "codes": codes},
    )
    told = {key for key, row in rows.items() if row.barcodes is not None}
    on_product = {str(row[0]): str(row[2]) for row in found if int(row[1]) not in told}
    return on_product | {code: row.sku for row in rows.values() for code in row.barcodes or ()}


def _of_products(connection: Connection, org_id: int, keys: list[int]) -> dict[int, list[_Packed]]:
    if not keys:
        return {}
    found: dict[int, list[_Packed]] = {}
    statement = text(f"{_PACKS} AND k.product_id = ANY (:keys)")
    for row in connection.execute(statement, {"org": org_id, "keys": keys}):
        found.setdefault(int(row[0]), []).append(_packed(row))
    return found


def _packed(row: tuple[int, str, int, int, str, str]) -> _Packed:
    terms = PackTerms(row[1], int(row[2]), int(row[3]), stored.barcodes_in(row[4]))
    return _Packed(int(row[0]), str(row[5]), terms)


def put(connection: Connection, org_id: int, rows: Rows) -> set[int]:
    """Write the packs that rows (by key) name, with their barcodes; those of theirs that are not named any
    more are archived.  What is on none of them any more was taken off before (`pack_barcodes.free`).

    Gives the keys of the products of which it changes anything.
    """
    changed: set[int] = set()
    told = [(key, row) for key, row in rows.items() if row.packs is not None]
    for batch in in_bulk.batches(told):
        packs = {(key, one.unit): (one, 1) for key, row in batch for one in row.packs or ()}
        for key, before in _of_products(connection, org_id, [key for key, _ in batch]).items():
            for one in before:
                packs.setdefault((key, one.pack.unit), (one.pack, 0))
        if packs:
            each = [split(each_of(one.price, one.size)) for one, _ in packs.values()]
            changed |= in_bulk.upsert(
                connection,
                product_pack,
                org_id,
                {
                    "product_id": ("bigint", [key for key, _ in packs]),
                    "unit_code": ("text", [unit for _, unit in packs]),
                    "quantity": ("bigint", [one.size for one, _ in packs.values()]),
                    "barcode": ("text", [one.barcode for one, _ in packs.values()]),
                    "price": ("bigint", [one.price for one, _ in packs.values()]),
                    "each_price": ("bigint", [whole for whole, _ in each]),
                    "each_fine": ("bigint", [fine for _, fine in each]),
                    "active": ("bigint", [active for _, active in packs.values()]),
                },
            )
            changed |= pack_barcodes.take(connection, org_id, _carried(batch))
    return changed


def _carried(batch: Sequence[tuple[int, ProductRow]]) -> list[Carried]:
    return [
        Carried(code, key, one.unit) for key, row in batch for one in row.packs or () for code in one.barcodes
    ]


def free(connection: Connection, org_id: int, rows: Rows) -> set[int]:
    """Take off packs the barcodes that rows (by key) do not name any more, so that products and other packs
    may have them.  Gives the keys of the products of which it changes anything.
    """
    freed: set[int] = set()
    for batch in in_bulk.batches([(key, row) for key, row in rows.items() if row.packs is not None]):
        freed |= pack_barcodes.free(connection, org_id, [key for key, _ in batch], _carried(batch))
    return freed
