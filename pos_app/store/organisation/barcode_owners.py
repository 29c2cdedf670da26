"""Which product a barcode is on, when a file gives many products other barcodes at once.

A file says of each product which barcodes it has; one that it does not name any more is free, also for
another product of the same file: two may swap theirs, three pass them round.

Decisions
---------
2026-11-29  Rows of master data are never deleted, for the feed brings rows and no gaps.  A barcode that was
taken off stays as a row whose product is nobody's (`NOBODY`): no product has that key, so it finds nothing
at the centre nor at a till that had it before, and the next product that takes it over changes the row.
No table changes for it, and a till of any version understands it.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

#: No product has this key: keys begin at 1.
NOBODY: Final = 0


class Claim(NamedTuple):
    """A product, by its key and code, with all barcodes that it shall have."""

    product_id: int
    sku: str
    barcodes: tuple[str, ...]


class Clash(NamedTuple):
    """A barcode that a product cannot have, because it is on the product with this code."""

    barcode: str
    sku: str


class Put(NamedTuple):
    """What became of barcodes: those that are on no product any more, and the keys of the products that have
    others than before.
    """

    freed: list[str]
    changed: set[int]


class _Owner(NamedTuple):
    product_id: int
    sku: str


def clashes(connection: Connection, org_id: int, claims: Iterable[Claim]) -> dict[int, Clash]:
    """Which products cannot have the barcodes that they claim, by their key.

    A product whose claim is refused keeps what it has, so that others that waited for one of its barcodes
    are refused with it.
    """
    claimed = {claim.product_id: claim for claim in claims}
    owners = _owners(connection, org_id, [code for claim in claimed.values() for code in claim.barcodes])
    takers = _takers(claimed, owners)
    refused: dict[int, Clash] = {}
    doubtful = list(claimed.values())
    while doubtful:
        fresh: set[int] = set()
        for claim in doubtful:
            clash = None if claim.product_id in refused else _clash(claim, claimed, owners, takers, refused)
            if clash is not None:
                refused[claim.product_id] = clash
                fresh.add(claim.product_id)
        kept = {code for code, owner in owners.items() if owner.product_id in fresh}
        doubtful = [claim for claim in claimed.values() if not kept.isdisjoint(claim.barcodes)]
    return refused


def _takers(claimed: Mapping[int, Claim], owners: Mapping[str, _Owner]) -> dict[str, Claim]:
    """Who gets a barcode that several claim: the product that it is on, else the first."""
    takers: dict[str, Claim] = {}
    for claim in claimed.values():
        for code in claim.barcodes:
            owner = owners.get(code)
            if code not in takers or (owner is not None and owner.product_id == claim.product_id):
                takers[code] = claim
    return takers


def _clash(
    claim: Claim,
    claimed: Mapping[int, Claim],
    owners: Mapping[str, _Owner],
    takers: Mapping[str, Claim],
    refused: Mapping[int, Clash],
) -> Clash | None:
    for code in claim.barcodes:
        if takers[code].product_id != claim.product_id:
            return Clash(code, takers[code].sku)
        owner = owners.get(code)
        if owner is None or owner.product_id == claim.product_id:
            continue
        if owner.product_id in refused or owner.product_id not in claimed:
            return Clash(code, owner.sku)
    return None


def put(connection: Connection, org_id: int, claims: Iterable[Claim]) -> Put:
    """Give products the barcodes that they claim, and take off all others of theirs.

    The claims must not clash.
    """
    told = list(claims)
    values = {
        "org": org_id,
        "products": [claim.product_id for claim in told],
        "codes": [code for claim in told for code in claim.barcodes],
        "ids": [claim.product_id for claim in told for _ in claim.barcodes],
        "nobody": NOBODY,
    }
    freed = connection.execute(
        text(
            "WITH gone AS (SELECT barcode, product_id FROM product_barcode AS b WHERE b.org_id = :org"
            " AND b.product_id IN (SELECT unnest(CAST(:products AS bigint[])))"
            " AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:codes AS text[])) AS c (code)"
            " WHERE c.code = b.barcode))"
            " UPDATE product_barcode AS b SET product_id = :nobody FROM gone"
            " WHERE b.org_id = :org AND b.barcode = gone.barcode RETURNING b.barcode, gone.product_id"
        ),
        values,
    ).all()
    taken = connection.scalars(
        text(
            "INSERT INTO product_barcode (org_id, barcode, product_id)"
            " SELECT :org, * FROM unnest(CAST(:codes AS text[]), CAST(:ids AS bigint[]))"
            " ON CONFLICT (org_id, barcode) DO UPDATE SET product_id = excluded.product_id"
            " WHERE product_barcode.product_id <> excluded.product_id RETURNING product_barcode.product_id"
        ),
        values,
    )
    return Put(sorted(str(row[0]) for row in freed), {int(row[1]) for row in freed} | set(taken))


def _owners(connection: Connection, org_id: int, barcodes: list[str]) -> dict[str, _Owner]:
    """Which product has a barcode already; what is on none is left out."""
    rows = connection.execute(
        text(
            "SELECT b.barcode, p.product_id, p.sku FROM product_barcode AS b"
            " JOIN product AS p ON p.org_id = b.org_id AND p.product_id = b.product_id"
            " WHERE b.org_id = :org AND b.barcode IN (SELECT unnest(CAST(:codes AS text[])))"
        ),
        {"org": org_id, "codes": barcodes},
    )
    return {str(row[0]): _Owner(int(row[1]), str(row[2])) for row in rows}


def was_given(connection: Connection, org_id: int, code: str) -> bool:
    """Whether a barcode is on a product or a pack, or was on one before."""
    return bool(
        connection.execute(
            text(
                "SELECT EXISTS (SELECT 1 FROM product_barcode WHERE org_id = :org AND barcode = :code)"
                " OR EXISTS (SELECT 1 FROM pack_barcode WHERE org_id = :org AND barcode = :code)"
            ),
            {"org": org_id, "code": code},
        ).scalar_one()
    )
