"""What belongs to a product that comes back: its empty container and the deposit, named by their codes in
rows.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger.product_type import BEHAVIOUR, ProductType, behaviour
from pos_app.store.organisation import in_bulk
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables.master import returnable_pair


class Other(NamedTuple):
    """A product that another one names: its key and its type."""

    product_id: int
    type: str


def others(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[str, Other]:
    """The products that these rows (by key) name, by their codes in small letters: of the rows, or there
    before.
    """
    named = {code.lower() for row in rows.values() for code in (row.empty, row.deposit) if code}
    if not named:
        return {}
    found = connection.execute(
        text(
            "SELECT lower(sku), product_id, type FROM product WHERE org_id = :org"
            " AND lower(sku) = ANY (:codes) ORDER BY product_id DESC"
        ),
        {"org": org_id, "codes": sorted(named)},
    )
    known = {str(row[0]): Other(int(row[1]), row[2]) for row in found}
    of_file = {row.sku.lower(): Other(key, row.type or "") for key, row in rows.items()}
    return known | {code: one for code, one in of_file.items() if code in named}


def lacking(row: ProductRow, known: Mapping[str, Other]) -> Sentence | None:
    """Why a product cannot have the pair that its row names."""
    if not (row.empty or row.deposit):
        return None
    if not behaviour(row.type or "").comes_back:
        return said("pair-of-what-stays", sku=row.sku[:40], type=row.type)
    for code in (row.empty, row.deposit):
        if code and code.lower() not in known:
            return said("pair-names-unknown", sku=code[:40])
    if row.empty and (
        row.empty.lower() == row.sku.lower() or not behaviour(known[row.empty.lower()].type).stocked
    ):
        return said("pair-empty-wrong", code=row.empty[:40])
    if row.deposit and known[row.deposit.lower()].type != ProductType.DEPOSIT.value:
        return said("pair-deposit-wrong", code=row.deposit[:40])
    return None


def still_named(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[int, Sentence]:
    """Which rows (by key) archive an empty or a deposit of something that is still sold: who takes a full one
    to the counter would be asked for what nobody can choose any more.
    """
    ending = {key: row.sku for key, row in rows.items() if not row.active}
    if not ending:
        return {}
    pairs = connection.execute(
        text(
            "SELECT r.product_id, p.sku, r.empty_id, r.deposit_id FROM returnable_pair AS r"
            " JOIN product AS p ON p.org_id = r.org_id AND p.product_id = r.product_id AND p.active = 1"
            " WHERE r.org_id = :org AND (r.empty_id = ANY (:keys) OR r.deposit_id = ANY (:keys))"
            " ORDER BY p.sku DESC"
        ),
        {"org": org_id, "keys": list(ending)},
    )
    reasons: dict[int, Sentence] = {}
    for full_id, full, empty_id, deposit_id in pairs:
        row = rows.get(full_id)
        # A row beside it may let go of it: archived as well, or with another one from now on.
        for key, told in ((empty_id, row and row.empty), (deposit_id, row and row.deposit)):
            if key not in ending or (row is not None and not row.active):
                continue
            if told is None or told.lower() == ending[key].lower():
                reasons[key] = said("pair-still-sold", code=ending[key][:40], sku=str(full)[:40])
    return reasons


def put_away(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[int, Sentence]:
    """Which rows (by key) begin to need an empty or a deposit that is archived: they name it from now on, or
    are sold again.  One that needed it before is left as it is.
    """
    sold = {key: row for key, row in rows.items() if row.active and behaviour(row.type or "").comes_back}
    before = _before(connection, org_id, list(sold)) if sold else {}
    named = others(connection, org_id, sold)
    needed = {key: _paired(row, before.get(key, (0, 0)), named) for key, row in sold.items()}
    if not any(map(any, needed.values())):
        return {}
    keys = {*needed, *(one for pair in needed.values() for one in pair)}
    found = connection.execute(
        text("SELECT product_id, sku, active FROM product WHERE org_id = :org AND product_id = ANY (:keys)"),
        {"org": org_id, "keys": sorted(keys)},
    )
    known = {int(row[0]): (str(row[1]), bool(row[2])) for row in found}
    reasons: dict[int, Sentence] = {}
    for key, pair in needed.items():
        was_sold = known.get(key, ("", False))[1]
        for one in pair:
            sku, is_sold = known.get(one, ("", True))
            if one in rows:
                sku, is_sold = rows[one].sku, bool(rows[one].active)
            if one and not is_sold and not (was_sold and one in before.get(key, ())):
                reasons[key] = said("pair-is-archived", code=sku[:40], sku=sold[key].sku[:40])
    return reasons


def _paired(row: ProductRow, stood: tuple[int, int], known: Mapping[str, Other]) -> tuple[int, int]:
    """The empty and the deposit of a row, by key: what it says, else what stood; 0 is none."""
    empty, deposit = (
        there if told is None else known[told.lower()].product_id if told and told.lower() in known else 0
        for told, there in zip((row.empty, row.deposit), stood, strict=True)
    )
    return empty, deposit


def put(
    connection: Connection, org_id: int, rows: Mapping[int, ProductRow], known: Mapping[str, Other]
) -> set[int]:
    """Write what rows (by key) say; what does not come back any more has no pair.

    Gives the keys of the products of which it changes anything.
    """
    changed: set[int] = set()
    for batch in in_bulk.batches(list(rows.items())):
        before = _before(connection, org_id, [key for key, _ in batch])
        written = []
        for key, row in batch:
            empty, deposit = before.get(key, (0, 0))
            if BEHAVIOUR[ProductType(row.type or ProductType.GOODS)].comes_back:
                empty = empty if row.empty is None else _key(row.empty, known)
                deposit = deposit if row.deposit is None else _key(row.deposit, known)
            else:
                empty = deposit = 0
            if key in before or (empty, deposit) != (0, 0):
                written.append((key, empty, deposit))
        if written:
            keys, empties, deposits = (list(column) for column in zip(*written, strict=True))
            columns = {"product_id": keys, "empty_id": empties, "deposit_id": deposits}
            changed |= in_bulk.upsert(
                connection,
                returnable_pair,
                org_id,
                {name: ("bigint", values) for name, values in columns.items()},
            )
    return changed


def _key(code: str, known: Mapping[str, Other]) -> int:
    return known[code.lower()].product_id if code else 0


def _before(connection: Connection, org_id: int, keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = connection.execute(
        text(
            "SELECT product_id, empty_id, deposit_id FROM returnable_pair"
            " WHERE org_id = :org AND product_id = ANY (:keys)"
        ),
        {"org": org_id, "keys": list(keys)},
    )
    return {int(row[0]): (int(row[1]), int(row[2])) for row in rows}
